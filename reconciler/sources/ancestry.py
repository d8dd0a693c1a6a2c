"""What git's history says: whether a revision follows another one, and which commit asked for what was not applied."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from .git import GitFailedError, run_git

_BLAMED = re.compile(r"([0-9a-f]{40,64}) \d+ (\d+)(?: \d+)?")
_MOST_FILES = 30


def follows(root: str, newer: str, older: str) -> bool | None:
    """Whether `newer` is `older` or a descendant of it; None where this clone is shallow, so that git cannot say.

    Raises GitFailedError where git fails, such as for a commit that is not here.
    """
    if newer == older or not run_git(root, "rev-list", "--max-count=1", older, "--not", newer, "--"):
        return True
    return None if run_git(root, "rev-parse", "--is-shallow-repository").strip() == b"true" else False


def commits_that_asked(
    root: str, applied: str | None, base: str, lines: Mapping[str, Iterable[int]]
) -> dict[tuple[str, int], str]:
    """For lines of files (paths below `root`, lines counting from 1), the commit after `applied` and up to `base` that wrote
    them; where that is older, as of what was taken out of a file, the newest of these commits that changed the file.

    `applied` is None where nothing was applied yet. What git cannot say is left out; a few dozen files are looked at, so
    that a plan of hundreds does not wait for this.
    """
    asked: dict[tuple[str, int], str] = {}
    span = [base] if applied is None else [base, f"^{applied}"]
    for name, numbers in list(lines.items())[:_MOST_FILES]:
        wanted = sorted(set(numbers))
        try:
            commits = run_git(root, "rev-list", *span, "--", name).decode("ascii").split()
            if not commits:
                continue
            ranges = [part for number in wanted for part in ("-L", f"{number},{number}")]
            blamed = run_git(root, "blame", "--porcelain", *ranges, "--", name).decode("utf-8", "replace")
        except GitFailedError:
            continue
        written = {int(match[2]): match[1] for line in blamed.splitlines() if (match := _BLAMED.fullmatch(line))}
        asked |= {(name, number): _one_of(commits, written.get(number)) for number in wanted}
    return asked


def _one_of(commits: list[str], commit: str | None) -> str:
    return commit if commit in commits else commits[0]
