"""Runs of the workflow that applies: whether a newer one has taken over, and which one waits for an approval."""

from __future__ import annotations

from ..model import JsonObject
from .job import Job
from .rest import GitHub


def superseded_by(github: GitHub, job: Job) -> str:
    """What has taken over from this run, in a few words; empty where nothing has.

    A newer push has whose run applies it, and so has a branch that this commit is no part of any more. A newer commit alone
    has not: one that starts no run (`[skip ci]`) would leave the commits before it unapplied.
    """
    tip = str(github.get(f"git/ref/heads/{job.branch}")["object"]["sha"])
    if tip == job.sha:
        return ""
    own = github.get(f"actions/runs/{job.run_id}")
    runs = f"actions/workflows/{own['workflow_id']}/runs"
    for run in github.items(runs, "workflow_runs", branch=job.branch, event="push"):
        if int(run["run_number"]) <= int(own["run_number"]):
            break
        if run.get("conclusion") != "skipped":
            return f"run {run['run_number']} of {str(run['head_sha'])[:12]} ({run['html_url']})"
    if github.get(f"compare/{job.sha}...{tip}")["status"] not in ("ahead", "identical"):
        return f"{tip[:12]}, the tip of {job.branch}, which does not hold this commit any more"
    return ""


def waiting_run(github: GitHub, workflow: str) -> JsonObject | None:
    """The newest run of a workflow file that waits for an approval, None where none does."""
    return next(github.items(f"actions/workflows/{workflow}/runs", "workflow_runs", status="waiting"), None)


def log_of(github: GitHub, job: Job, name: str) -> str:
    """The log of a job of this run's attempt, by its name; empty where there is no such job or no log."""
    jobs = github.items(f"actions/runs/{job.run_id}/attempts/{job.attempt}/jobs", "jobs")
    number = next((item["id"] for item in jobs if item["name"] == name), None)
    return "" if number is None else github.text(f"actions/jobs/{number}/logs")
