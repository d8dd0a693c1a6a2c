"""How git is called: as a program, on one repository, whatever the environment of a hook says about another one."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence

_PLACES = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR", "GIT_NAMESPACE")


class GitFailedError(Exception):
    """git is not installed, or said no; the text is its first line."""


def command(root: str, *arguments: str) -> list[str]:
    """The command line of a git call in `root` that neither takes locks nor runs a configured file watcher."""
    options = ["--no-optional-locks", "--no-pager", "--literal-pathspecs", "-c", "core.fsmonitor=false"]
    return ["git", "-C", root, *options, *arguments]


def environment() -> dict[str, str]:
    """The caller's environment without what ties git to another repository, and with git's own language."""
    kept = {name: value for name, value in os.environ.items() if name not in _PLACES}
    return {**kept, "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"}


def run(root: str, *arguments: str) -> bytes:
    """What git prints. GitFailedError if it cannot be started or fails."""
    call: Sequence[str] = command(root, *arguments)
    try:
        done = subprocess.run(call, capture_output=True, env=environment(), check=False)  # noqa: S603 - no shell
    except (OSError, ValueError) as error:
        raise GitFailedError(f"git cannot be run ({error})") from error
    if done.returncode != 0:
        words = done.stderr.decode("utf-8", "backslashreplace").strip().splitlines()
        raise GitFailedError(words[0] if words else f"git ended with {done.returncode}")
    return done.stdout
