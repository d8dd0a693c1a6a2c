"""The job of a workflow that calls the program, as its runner describes it in the environment."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import UsageError
from ..model import JsonObject

_NEEDED = (
    "GITHUB_API_URL",
    "GITHUB_EVENT_PATH",
    "GITHUB_REF_NAME",
    "GITHUB_REPOSITORY",
    "GITHUB_RUN_ID",
    "GITHUB_SERVER_URL",
    "GITHUB_SHA",
    "GITHUB_TOKEN",
)


@dataclass(frozen=True, slots=True)
class Job:
    """Whose job this is: the repository (`owner/name`), its servers, the run, and the event that started it.

    `reason` is why somebody forces an apply by hand, empty where nobody does. `token` is what the job may do at GitHub.
    """

    api: str
    server: str
    repository: str
    token: str
    run_id: str
    attempt: str
    sha: str
    branch: str
    actor: str
    event_name: str
    event: JsonObject

    @property
    def page(self) -> str:
        """The address of the repository."""
        return f"{self.server}/{self.repository}"

    @property
    def run_url(self) -> str:
        """The address of the run."""
        return f"{self.page}/actions/runs/{self.run_id}"

    @property
    def pull_request(self) -> int | None:
        """The number of the pull request that started the run, None for any other event."""
        return self._number("pull_request", "number")

    @property
    def head(self) -> str:
        """The commit that people know: the pull request's own head, not its merge commit."""
        head = self.event.get("pull_request", {}).get("head", {}).get("sha")
        return head if isinstance(head, str) and head else self.sha

    @property
    def before(self) -> str | None:
        """The tip of the branch before a push, None for any other event."""
        before = self.event.get("before")
        return before if self.event_name == "push" and isinstance(before, str) else None

    @property
    def reason(self) -> str:
        """Why a run by hand forces the apply, empty where it does not."""
        return str((self.event.get("inputs") or {}).get("force") or "").strip()

    def _number(self, *path: str) -> int | None:
        value: Any = self.event
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        return value if isinstance(value, int) else None


def job_of(environ: Mapping[str, str]) -> Job:
    """The job from the variables that GitHub gives to every step; UsageError where one is missing."""
    if missing := [name for name in _NEEDED if not environ.get(name)]:
        raise UsageError(
            f"this is no job of GitHub Actions: {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} not set",
            hint="call it from a workflow, with the job's token as GITHUB_TOKEN in the step's env",
        )
    try:
        event = json.loads(Path(environ["GITHUB_EVENT_PATH"]).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"the event of the run cannot be read: {error}") from None
    return Job(
        api=environ["GITHUB_API_URL"].rstrip("/"),
        server=environ["GITHUB_SERVER_URL"].rstrip("/"),
        repository=environ["GITHUB_REPOSITORY"],
        token=environ["GITHUB_TOKEN"],
        run_id=environ["GITHUB_RUN_ID"],
        attempt=environ.get("GITHUB_RUN_ATTEMPT", "1"),
        sha=environ["GITHUB_SHA"],
        branch=environ["GITHUB_REF_NAME"],
        actor=environ.get("GITHUB_ACTOR", ""),
        event_name=environ.get("GITHUB_EVENT_NAME", ""),
        event=event if isinstance(event, dict) else {},
    )
