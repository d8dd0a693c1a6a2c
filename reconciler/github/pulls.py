"""The pull requests that a push brought to the branch."""

from __future__ import annotations

from .job import Job
from .rest import GitHub

_MOST = 50  # commits of one push that are looked at: each is a request


def pulls_of(github: GitHub, job: Job) -> list[int]:
    """The numbers of the merged pull requests whose commits this push brought; those of the commit itself where it was no
    push, or where its beginning is not known."""
    commits = [job.sha]
    if job.before is not None and job.before.strip("0"):
        comparison = github.maybe(f"compare/{job.before}...{job.sha}") or {}
        if comparison.get("status") == "ahead":
            commits = [str(commit["sha"]) for commit in comparison["commits"]][-_MOST:]
    numbers = {
        int(pull["number"])
        for commit in commits
        for pull in github.items(f"commits/{commit}/pulls")
        if pull.get("state") != "open" and (pull.get("base") or {}).get("ref", job.branch) == job.branch
    }
    return sorted(numbers)
