"""The comment on a merged pull request: what became of it at one tenant, whatever that was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..render.escape import code, prose
from .job import Job
from .posts import fitting, marker, put_comment
from .pulls import pulls_of
from .rest import GitHub


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the stages of an apply ended, as GitHub names it (`success`, `failure`, `cancelled`, `skipped`), and what was
    said: `superseded` by what, who approved, whether the plan is the `reviewed` one. Empty where nothing was said."""

    tenant: str
    plan: str
    approve: str
    write: str
    superseded: str = ""
    approved_by: str = ""
    reviewed: str = ""


def report_apply(github: GitHub, job: Job, outcome: Outcome, text: str) -> str:
    """Say on every pull request of the push how it ended for one tenant; `text` is Markdown with the details. Returns what
    was done."""
    numbers = pulls_of(github, job)
    mark = marker("apply", outcome.tenant)
    title, details = f"### {_title(outcome)}", text.strip("\n")
    if outcome.write in ("success", "failure") and details.startswith("### "):  # the report of an apply has its own
        title, _, details = details.partition("\n")
    body = fitting(f"{mark}\n{title}{_remarks(job, outcome)}", details.strip("\n"), _what_next(job, outcome))
    for number in numbers:
        put_comment(github, number, mark, body)
    if not numbers:
        return "this commit came with no pull request, so there is nowhere to comment"
    return f"commented on pull request {', '.join(map(str, numbers))}"


def _title(outcome: Outcome) -> str:
    name = code(outcome.tenant, 80)
    if outcome.superseded:
        return f"⏭️ Not applied to {name}: a newer revision takes over"
    if outcome.plan != "success":
        return f"🛑 Not applied to {name}: the plan cannot be applied"
    if outcome.approve not in ("success", "skipped"):
        return f"🛑 Not applied to {name}: not approved"
    titles: Mapping[str, str] = {
        "success": f"✅ Applied to {name}",
        "cancelled": f"🛑 Canceled while applying to {name}",
        "skipped": f"🛑 Not applied to {name}",
    }
    return titles.get(outcome.write, f"🛑 Not, or not completely, applied to {name}")


def _remarks(job: Job, outcome: Outcome) -> str:
    lines = []
    if job.reason:
        lines.append(f"**FORCED** by {code(job.actor, 80)}: {prose(job.reason)}")
    if outcome.superseded:
        lines.append(f"Superseded by {prose(outcome.superseded)}. This run wrote nothing.")
    if outcome.approved_by:
        lines.append(f"Approved by {prose(outcome.approved_by)}.")
    if outcome.reviewed:
        lines.append(outcome.reviewed)
    return "".join(f"\n\n{line}" for line in lines)


def _what_next(job: Job, outcome: Outcome) -> str:
    run = f"[this run]({job.run_url})"
    if outcome.superseded or outcome.write == "success":
        return f"The journal branch of the tenant keeps every write. Log: {run}."
    return (
        f"To try again, choose “Re-run all jobs” in {run}: it plans afresh, and writes nothing where a newer merge has taken "
        "over. To override a conflict or a safety limit, run the workflow `apply` by hand for this tenant and say why."
    )
