"""Who runs an apply, who approved it, and where the run can be looked at: by options, else by what the CI says.

GitHub's variables are those of https://docs.github.com/actions/reference/workflows-and-actions/variables, GitLab's those of
https://docs.gitlab.com/ci/variables/predefined_variables. GitHub names no approver to a job, so there it is an option.
"""

from __future__ import annotations

import getpass
import uuid
from collections.abc import Mapping

from ..audit.entries import RunInfo


def run_info(
    environ: Mapping[str, str], force: str | None = None, approved_by: str | None = None, run_url: str | None = None
) -> RunInfo:
    """What the journal says of a new run. In GitLab, whoever starts a manual job approves of it."""
    by_hand = environ.get("CI_JOB_MANUAL") == "true"
    return RunInfo(
        run_id=str(uuid.uuid4()),
        actor=environ.get("GITHUB_ACTOR") or environ.get("GITLAB_USER_LOGIN") or _user(),
        force=force,
        approved_by=approved_by or (environ.get("GITLAB_USER_LOGIN") if by_hand else None),
        run_url=run_url or _github_url(environ) or environ.get("CI_JOB_URL") or environ.get("CI_PIPELINE_URL"),
    )


def _github_url(environ: Mapping[str, str]) -> str | None:
    names = ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID")
    server, repository, run = (environ.get(name, "") for name in names)
    return f"{server.rstrip('/')}/{repository}/actions/runs/{run}" if server and repository and run else None


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "unknown"
