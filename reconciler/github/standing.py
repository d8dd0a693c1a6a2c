"""Where a run stands among the others of its tenant: which revision was applied last, and what to compare with."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from ..audit.history import last_applied
from ..audit.months import find_journals
from .job import Job
from .journal_branch import fetch_journal
from .remote import Remote

NOTHING_APPLIED = "none"


@dataclass(frozen=True, slots=True)
class RunState:
    """`applied` is the revision that the tenant was brought to last, or `none`; `base` the revision whose differences
    from this one this run asks for, empty where there is none; `superseded` says that a newer revision was applied
    already, and `warning` that what the journal names is gone. Both are empty where it is not so."""

    applied: str
    base: str
    superseded: str = ""
    warning: str = ""


def run_state(remote: Remote, job: Job, tenant: str, folder: Path) -> RunState:
    """The state of one tenant by the journal of its branch, which is put into `folder`.

    Raises GitHubError where the branch cannot be fetched, JournalBrokenError where its chain does not hold: what was
    applied is then not known, and must not be guessed.
    """
    fetch_journal(remote, tenant, folder)
    lines = last_applied(find_journals([folder]))
    line = next((lines[name] for name in lines if name.casefold() == tenant.casefold()), None)
    if line is None:
        return RunState(NOTHING_APPLIED, _base(remote, job, None))
    revision = str(line["revision"])
    if not remote.has_commit(revision):
        gone = (
            f"the journal says that {revision[:12]} was applied last, but the repository has no such commit any more; who "
            "asked for a difference is therefore not known"
        )
        return RunState(NOTHING_APPLIED, _base(remote, job, None), warning=gone)
    if revision != job.sha and remote.is_ancestor(job.sha, revision):
        by = f"{revision[:12]}, which was applied already ({line.get('runUrl') or line.get('timestamp')})"
        return RunState(revision, revision, superseded=by)
    return RunState(revision, _base(remote, job, revision))


def _base(remote: Remote, job: Job, applied: str | None) -> str:
    """The tip before this push where that is a step on the way from what was applied; else what was applied itself, and
    before the first apply the commit before this one."""
    before = job.before
    if before is not None and before.strip("0") and remote.has_commit(before):
        steps = ([applied] if applied is not None else []) + [before, job.sha]
        if all(remote.is_ancestor(earlier, later) for earlier, later in pairwise(steps)):
            return before
    if applied is not None:
        return applied
    return remote.parent_of(job.sha)
