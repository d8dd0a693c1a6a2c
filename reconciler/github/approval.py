"""Who approved an apply: the reviewers of its environment, or, where the repository says so, those of its pull request.

GitHub makes an environment that is not there by itself, without any rule, and private repositories of some plans cannot
have reviewers at all. So an environment that asks nobody is refused, unless the variable CXONE_APPROVAL says that a merge
is the approval.
"""

from __future__ import annotations

from urllib.parse import quote

from ..errors import RefusedError
from .job import Job
from .pulls import pulls_of
from .rest import GitHub

BY_MERGE = "merge"


def approved_by(github: GitHub, job: Job, environment: str, setting: str) -> str:
    """Who approved this run, as the journal keeps it; RefusedError where nobody was asked.

    `setting` is the variable CXONE_APPROVAL: `merge`, `reviewers` or empty, which means reviewers.
    """
    if setting not in (BY_MERGE, "reviewers", ""):
        raise RefusedError(f"the variable CXONE_APPROVAL is {setting!r}; it may be `merge` or `reviewers`")
    if setting == BY_MERGE:
        return _merged_by(github, job)
    rules = (github.maybe(f"environments/{quote(environment, safe='')}") or {}).get("protection_rules") or ()
    if not any(rule.get("type") == "required_reviewers" and rule.get("reviewers") for rule in rules):
        raise RefusedError(
            f"the environment {environment} requires no reviewers, so nobody was asked",
            hint="require reviewers in its settings; where the plan of the organization has none, protect the branch, ask "
            "for reviews of code owners, and set the repository variable CXONE_APPROVAL to merge",
        )
    approvals = [
        approval
        for approval in github.get(f"actions/runs/{job.run_id}/approvals")
        if any(place.get("name") == environment for place in approval.get("environments", ()))
    ]
    names = [str(approval["user"]["login"]) for approval in approvals if approval.get("state") == "approved"]
    return (
        ", ".join(dict.fromkeys(names))
        or f"nobody: an administrator let run {job.run_id} pass the rules of {environment}"
    )


def _merged_by(github: GitHub, job: Job) -> str:
    """Who approved and merged the pull requests of the push; for a run by hand who started it."""
    parts = []
    for number in pulls_of(github, job):
        states = {
            str(review["user"]["login"]): review.get("state")
            for review in github.items(f"pulls/{number}/reviews")
            if review.get("user") and review.get("state") in ("APPROVED", "CHANGES_REQUESTED", "DISMISSED")
        }
        reviewers = sorted(name for name, state in states.items() if state == "APPROVED")
        merger = (github.get(f"pulls/{number}").get("merged_by") or {}).get("login")
        parts.append(f"{', '.join([*reviewers, f'{merger or job.actor} (merge)'])} of pull request {number}")
    return "; ".join(parts) or f"{job.actor} (push)"
