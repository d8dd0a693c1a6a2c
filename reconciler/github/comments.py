"""The comment on a pull request: what its merge would do to every tenant, and whether that is what is applied later.

There is one for all tenants, and none where nothing changes and none is there. The next push marks it as outdated, so that
nobody approves by a plan that is no more; the plan of that push replaces it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from ..errors import RefusedError
from ..model import JsonObject, Origin, Plan
from ..phrases import counted
from ..render import render_plans
from ..render.escape import code
from .job import Job
from .posts import fitting, marker, own_posts, put_comment
from .pulls import pulls_of
from .rest import GitHub

_MARK = marker("plan")
_DIGESTS = re.compile(r"^<!-- digests (\{.*\}) -->$", re.MULTILINE)
_OF_A_PART = " of a part"
_NOTE = "A merge plans afresh; this plan is never applied itself."
_MOST_LINKS = 20
_OUTDATED = "> [!NOTE]\n> **Outdated.** "


def has_news(plan: Plan) -> bool:
    """Whether there is anything in a plan for its reviewers: something to apply, or something that forbids it."""
    return bool(plan.changes or plan.webhooks or plan.summary["errors"])


def comment_plans(github: GitHub, job: Job, plans: Sequence[Plan], missing: Sequence[str]) -> str:
    """Say on the pull request what the plans of its tenants come to; `missing` are tenants without a plan, because its job
    ended before there was one. Returns what was done."""
    number = job.pull_request
    if number is None:
        return "this run belongs to no pull request"
    if not missing and not any(map(has_news, plans)):
        mine = next(own_posts(github, f"issues/{number}/comments", _MARK), None)
        if mine is None:
            return "nothing changes, so there is nothing to comment"
    digests = {
        _key(plan.tenant): f"{plan.digest}{_OF_A_PART if plan.not_read else ''}"
        for plan in plans
        if plan.digest is not None
    }
    before = [_MARK, f"<!-- digests {json.dumps(digests)} -->"]
    before += [
        f"\n> [!CAUTION]\n> There is no plan of {code(name, 80)}: the log of [the run]({job.run_url}) says why."
        for name in missing
    ]
    links = [*_links(github, job, plans), ("this run", job.run_url)]
    report = render_plans(plans, "markdown", head=job.head, read_at=datetime.now(UTC), links=links) if plans else ""
    put_comment(github, number, _MARK, fitting("\n".join(before), report.strip("\n"), _NOTE))
    return f"commented on pull request {number}"


def mark_outdated(github: GitHub, job: Job) -> str:
    """Say in the comment that a newer commit is being planned; returns what was done."""
    number = job.pull_request
    mine = () if number is None else own_posts(github, f"issues/{number}/comments", _MARK)
    for comment in mine:
        body = _DIGESTS.sub("", str(comment["body"]).removeprefix(_MARK)).strip("\n")
        body = re.sub(rf"\A{re.escape(_OUTDATED)}.*\n+", "", body)
        note = f"{_OUTDATED}This was read for an earlier commit; {code(job.head[:7])} is planned in [this run]({job.run_url})."
        github.change(f"issues/comments/{comment['id']}", {"body": fitting(f"{_MARK}\n{note}", body, "")})
        return f"marked the comment on pull request {number} as outdated"
    return "there is no comment to mark as outdated"


def reviewed(github: GitHub, job: Job, plan: Plan) -> str:
    """Whether a plan is the one that was shown in the pull requests of the push, in a sentence."""
    pulls = pulls_of(github, job)
    for number in pulls:
        shown = _shown(github, number).get(_key(plan.tenant))
        digest, partly, _ = (shown or "").partition(_OF_A_PART)
        if shown is not None and digest == plan.digest:
            return f"This is the plan that was shown in pull request {number}."
        if partly and len(pulls) == 1:
            return (
                f"This is not just the plan that was shown in pull request {number}, which read only what the pull request changes: "
                "something else in CXone differs from git, too, or CXone or the branch has changed since."
            )
        if shown is not None and len(pulls) == 1:
            return f"This is another plan than the one that was shown in pull request {number}: CXone or the branch has changed since."
    return "No pull request has shown this plan."


def due_by_calendar(plan: Plan) -> bool:
    """Whether a plan holds changes that the date alone makes, and nothing else; RefusedError where others keep them from
    being applied, as people may then be called on a day that is closed."""
    due = sum(Origin.CALENDAR in (change.origin, *(field.origin for field in change.fields)) for change in plan.changes)
    others = sum(change.origin is not Origin.CALENDAR for change in plan.changes)
    if due and others:
        raise RefusedError(
            f"what the date makes of {counted(due, 'schedule')} is not applied: {counted(others, 'schedule')} "
            f"{'differs' if others == 1 else 'differ'} for another reason, too, which must be decided first",
            hint="adopt or apply what the issue about the tenant names, then run this workflow again",
        )
    return bool(due)


def _shown(github: GitHub, number: int) -> Mapping[str, str]:
    """The digests in the comment on a pull request, by tenant."""
    for comment in own_posts(github, f"issues/{number}/comments", _MARK):
        if stored := _DIGESTS.search(str(comment["body"])):
            digests: JsonObject = json.loads(stored[1])
            return digests
    return {}


def _key(tenant: str) -> str:
    return hashlib.sha256(tenant.encode()).hexdigest()[:16]


def _links(github: GitHub, job: Job, plans: Sequence[Plan]) -> list[tuple[str, str]]:
    """Where the pages and the saved plans are, as far as the run has stored them."""
    stored = {
        str(item["name"]): item["id"] for item in github.items(f"actions/runs/{job.run_id}/artifacts", "artifacts")
    }
    links = []
    for plan in plans:
        which = f" of {plan.tenant}" if len(plans) > 1 else ""
        for title, name in (("The week view", f"plan-{plan.tenant}.html"), ("saved plan", f"plan-{plan.tenant}.json")):
            if name in stored:
                links.append((f"{title}{which}", f"{job.run_url}/artifacts/{stored[name]}"))
    return links[:_MOST_LINKS]
