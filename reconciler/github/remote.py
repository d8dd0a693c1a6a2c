"""git in a job: the repository that was checked out, and its `origin` with the job's token, patiently.

Checkouts keep no token, so git gets it here, in its environment, where no other program and no file sees it, and for
addresses of the job's own server alone.
"""

from __future__ import annotations

import os
import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from ..errors import GitHubError
from ..sources.git import GitFailedError, run_git

_WAITS = (1, 4, 15, 40)  # seconds before each repetition
_AUTHOR = (
    "-c",
    "user.name=github-actions[bot]",
    "-c",
    "user.email=41898282+github-actions[bot]@users.noreply.github.com",
)
_Value = TypeVar("_Value")


class Remote:
    """The work tree `checkout` and its origin. `pause` waits so many seconds before git is tried again."""

    def __init__(self, checkout: Path, server: str, token: str, pause: Callable[[float], None] = time.sleep) -> None:
        self._checkout = checkout
        self._access = _access(server, token)
        self._pause = pause

    @property
    def origin(self) -> str:
        """The address of the origin."""
        return self.patiently(lambda: self.git("remote", "get-url", "origin"))

    def git(self, *arguments: str, folder: Path | None = None) -> str:
        """What git prints in the work tree, or in another `folder`; GitFailedError where it fails."""
        place = str(folder or self._checkout)
        return run_git(place, *_AUTHOR, *arguments, access=self._access).decode("utf-8", "replace").strip()

    def patiently(self, attempt: Callable[[], _Value]) -> _Value:
        """What `attempt` gives, tried again where git refuses; GitHubError where it goes on refusing."""
        for wait in (*_WAITS, None):
            try:
                return attempt()
            except GitFailedError as error:
                if wait is None:
                    raise GitHubError(
                        f"git failed: {' '.join(str(error).split())[:500]}",
                        hint="look at githubstatus.com and at what the job's token may do, and run the job again",
                    ) from None
                self._pause(wait)
        raise AssertionError  # the last attempt returns or raises

    def has_commit(self, revision: str) -> bool:
        """Whether the commit is here, fetched if need be: one that a forced push took off its branch may still be at the
        origin."""
        known = ("cat-file", "-e", f"{revision}^{{commit}}")
        return self._holds(*known) or (
            self._holds("fetch", "--quiet", "--no-tags", self.origin, revision) and self._holds(*known)
        )

    def parent_of(self, revision: str) -> str:
        """The first parent of a commit, empty where it has none."""
        return self.git("rev-parse", f"{revision}^1") if self._holds("rev-parse", "--verify", f"{revision}^1") else ""

    def is_ancestor(self, earlier: str, later: str) -> bool:
        """Whether one commit is the other one or comes before it."""
        return self._holds("merge-base", "--is-ancestor", earlier, later)

    def is_same(self, earlier: str, later: str, path: str) -> bool:
        """Whether two commits hold the same below `path`."""
        return self._holds("diff", "--quiet", earlier, later, "--", path)

    def _holds(self, *arguments: str) -> bool:
        try:
            self.git(*arguments)
        except GitFailedError:
            return False
        return True


def _access(server: str, token: str) -> Mapping[str, str]:
    """A header for the server as configuration in git's environment, after what is there already."""
    number = os.environ.get("GIT_CONFIG_COUNT", "0")
    basic = b64encode(f"x-access-token:{token}".encode()).decode("ascii")
    return {
        "GIT_CONFIG_COUNT": str(int(number) + 1),
        f"GIT_CONFIG_KEY_{number}": f"http.{server}/.extraHeader",
        f"GIT_CONFIG_VALUE_{number}": f"Authorization: Basic {basic}",
    }
