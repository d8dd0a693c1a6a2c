"""The issues about a tenant: one while CXone holds something else than git says, one while that cannot be checked.

An issue is opened once, kept up to date, and closed when it is true no more.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from datetime import UTC, datetime

from ..canonical import UNSAID
from ..model import JsonObject, Origin, Plan
from ..phrases import counted
from ..render import render_plans
from ..render.escape import code, visible
from .job import Job
from .posts import fitting, marker, own_posts, put_comment
from .rest import GitHub

_MANY = 50  # campaigns beyond which a command line is no longer one to copy


def report_drift(github: GitHub, job: Job, plan: Plan, waiting: JsonObject | None) -> str:
    """Open, update or close the issue of a tenant by a plan of the newest revision against what was applied.

    `waiting` is the run of `apply` that waits for an approval, None where none does. Returns what was done.
    """
    title = visible(plan.tenant)
    pending = [change for change in plan.changes if change.origin is Origin.PENDING]
    if not plan.changes and not plan.webhooks:
        return _close(
            github, marker("drift", plan.tenant), f"CXone holds what git says again, as of [this run]({job.run_url})."
        )
    title = f"{'Not applied yet' if plan.changes and len(pending) == len(plan.changes) else 'CXone differs from git'}: {title}"
    lines = [
        *_drift_words(plan, len(plan.changes) - len(pending)),
        *_pending_words(len(pending), waiting),
        "To have what git says, run the workflow `apply` by hand; it asks for approval as after a merge.",
    ]
    mark = marker("drift", plan.tenant)
    body = fitting(
        f"{mark}\n" + "\n\n".join(lines),
        render_plans([plan], "markdown").strip("\n"),
        f"Seen by [this run]({job.run_url}).",
    )
    return _keep_open(github, mark, {"title": title, "body": body})


def report_unreadable(github: GitHub, job: Job, tenant: str, text: str) -> str:
    """Open or update the issue that a tenant cannot be checked, with what was said as Markdown. Returns what was done."""
    mark = marker("unreadable", tenant)
    mine = next(own_posts(github, "issues", mark, state="open"), None)
    since = datetime.fromisoformat(str(mine["created_at"])) if mine is not None else datetime.now(UTC)
    when = f"{since.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    words = (
        f"The tenant {code(tenant, 80)} could not be compared with git since {when}. Whether somebody edits it in CXone is "
        "not known until it can be read again."
    )
    body = fitting(f"{mark}\n{words}", text.strip("\n"), f"Last tried by [this run]({job.run_url}).")
    return _keep_open(github, mark, {"title": f"CXone cannot be checked since {when}: {visible(tenant)}", "body": body})


def report_readable(github: GitHub, job: Job, tenant: str) -> str:
    """Close the issue that a tenant cannot be checked. Returns what was done."""
    return _close(github, marker("unreadable", tenant), f"It could be checked again by [this run]({job.run_url}).")


def adopting_command(plan: Plan, campaigns: Sequence[str]) -> str:
    """The command that writes what CXone holds into the files, as one would type it."""
    which = [f"--campaign={campaign}" for campaign in campaigns] if len(campaigns) <= _MANY else ["--all"]
    return visible(shlex.join(["reconciler", "import", "--update", f"--tenant={plan.tenant}", *which]))


def _drift_words(plan: Plan, drifted: int) -> list[str]:
    tenant = code(plan.tenant, 80)
    if not drifted:
        return [f"The tenant {tenant} does not hold everything that git says."]
    edited = [change for change in plan.changes if change.origin is not Origin.PENDING]
    said = [change for change in edited if {field.path for field in change.fields} != UNSAID]
    campaigns = sorted({change.campaign_id for change in said})
    words = [
        f"The tenant {tenant} holds something else than git says: somebody edited {counted(drifted, 'schedule')} in CXone."
    ]
    if campaigns:
        command = adopting_command(plan, campaigns)
        words.append(f"To keep what CXone holds, adopt it and open a pull request:\n\n    {command}")
    if any(field.path in UNSAID for change in edited for field in change.fields):
        words.append(
            "Whether a skill follows its weekly schedule is in no file: turn it on in the console, or take the entry out of git."
        )
    return words


def _pending_words(pending: int, waiting: JsonObject | None) -> list[str]:
    if not pending:
        return []
    run = (
        f"[run {waiting['run_number']}]({waiting['html_url']}) waits for an approval."
        if waiting is not None
        else "no run waits for an approval, so it was rejected, failed, or never began."
    )
    return [
        f"{counted(pending, 'change')} of merged revisions {'is' if pending == 1 else 'are'} not applied yet: {run}"
    ]


def _keep_open(github: GitHub, mark: str, issue: JsonObject) -> str:
    mine = next(own_posts(github, "issues", mark, state="open"), None)
    if mine is not None:
        github.change(f"issues/{mine['number']}", issue)
        return f"updated issue {mine['number']}"
    made = github.create("issues", issue, lambda: next(own_posts(github, "issues", mark, state="open"), None))
    return f"opened issue {made['number']}"


def _close(github: GitHub, mark: str, why: str) -> str:
    done = []
    for issue in own_posts(github, "issues", mark, state="open"):
        number = int(issue["number"])
        closing = marker("closed")
        put_comment(github, number, closing, f"{closing}\n{why}")
        github.change(f"issues/{number}", {"state": "closed", "state_reason": "completed"})
        done.append(f"closed issue {number}")
    return "; ".join(done) or "there is nothing to report"
