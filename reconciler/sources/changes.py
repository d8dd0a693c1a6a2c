"""What of the work tree is another revision's own, as git says it: without reading a file that git knows to be unchanged.

A file of the work tree counts as unchanged where git takes it for the blob that the revision holds under its name: by the
stat data of the index, and by its content where these do not fit. What the index says not to look at is never trusted.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence

from .git import GitFailedError, run_git, start_git

_LINE = re.compile(rb"([^\0]*)\0([^\n]*)\n")
_PLAIN_GREP = (
    *("-c", "submodule.recurse=false", "grep", "-F", "-z", "-a", "--full-name", "-H"),
    *("--no-line-number", "--no-column", "--no-color", "--no-break", "--no-heading", "--no-textconv"),
)


def differing(root: str, sha: str, names: Sequence[str]) -> frozenset[str]:
    """The files at or below `names` (relative to `root`) that are not those of the commit `sha` for certain; those that git
    does not track, or the commit lacks, may be missing here. GitFailedError where git fails."""
    raw = run_git(root, "diff-index", "-z", "--no-renames", "--ignore-submodules=all", sha, "--", *names).split(b"\0")
    plain: dict[bytes, bytes] = {}
    others: set[bytes] = set()
    for head, name in zip(raw[:-1:2], raw[1::2], strict=True):
        _, mode, held, _, status = head.split(b" ")
        path = os.path.join(os.fsencode(root), name)  # noqa: PTH118 - bytes
        regular = mode.startswith(b"100") and os.path.isfile(path) and not os.path.islink(path)  # noqa: PTH113, PTH114
        if status == b"M" and regular and b"\n" not in name:
            plain[name] = held  # perhaps its stat data differ, and nothing else
        else:
            others.add(name)
    if plain:
        actual = run_git(root, "hash-object", "--stdin-paths", stdin=b"".join(name + b"\n" for name in plain)).split()
        others.update(name for (name, held), now in zip(plain.items(), actual, strict=True) if held != now)
    listed = run_git(root, "ls-files", "-v", "-z", "--", *names).split(b"\0")[:-1]
    hidden = (record[2:] for record in listed if record[:1] != b"H")
    return frozenset(name.decode("utf-8", "surrogateescape") for name in (*others, *hidden))


def lines_with(root: str, texts: Iterable[str], names: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """The lines that hold one of some texts, in the tracked files at or below `names` as the work tree has them: the file's
    name and the line. GitFailedError where git fails."""
    wanted = [part for text in texts for part in ("-e", text)]
    try:
        with start_git(root, *_PLAIN_GREP, *wanted, "--", *names) as process:
            printed, said = process.communicate()
    except (OSError, ValueError) as error:
        raise GitFailedError(f"git cannot be run ({error})") from error
    if process.returncode not in (0, 1):  # 1: there is no such line
        raise GitFailedError((said.decode("utf-8", "backslashreplace").splitlines() or ["git grep failed"])[0])
    for name, line in _LINE.findall(printed):
        yield name.decode("utf-8", "surrogateescape"), line
