"""What of the work tree is another revision's own, as git says it: without reading a file that git knows to be unchanged.

A file of the work tree counts as unchanged where git takes it for the blob that the revision holds under its name: by the
stat data of the index, and by its content where these do not fit. What the index says not to look at is never trusted, and
neither is a file that a filter rewrites on its way into git or out of it, for there equal blobs are not equal files.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import IO, NamedTuple

from .git import GitFailedError, run_git, start_git

_LINE = re.compile(rb"([^\0]*)\0([^\n]*)\n")
_DIFF = ("diff-index", "-z", "--no-renames", "--ignore-submodules=all")
_UNFILTERED = ":(literal,attr:!filter !ident !working-tree-encoding)"
_GREP = (
    *("-c", "submodule.recurse=false", "grep", "-F", "-z", "-a", "-H", "--full-name", "--no-textconv"),
    *("--no-line-number", "--no-column", "--no-color", "--no-break", "--no-heading"),
)


class _Running(NamedTuple):
    """A git at work that prints into a file, so that it never waits for somebody who reads."""

    process: subprocess.Popen[bytes]
    printed: IO[bytes]

    def wait(self, *, lines_may_lack: bool = False) -> bytes:
        """What it printed, when it is done. GitFailedError if it failed; `git grep` ends with 1 where no line is found."""
        _, said = self.process.communicate()
        if self.process.returncode not in ((0, 1) if lines_may_lack else (0,)):
            lines = said.decode("utf-8", "backslashreplace").splitlines()
            raise GitFailedError(lines[0] if lines else f"git ended with {self.process.returncode}")
        self.printed.seek(0)
        return self.printed.read()


class Changes(NamedTuple):
    """What git is saying about the files at or below some names."""

    root: str
    differences: Mapping[str, _Running]
    flags: _Running
    lines: _Running

    def differing(self, sha: str) -> frozenset[str]:
        """The files that are not those of this commit for certain; one that git does not track, or that the commit lacks, may
        be missing here. GitFailedError where git fails."""
        raw = self.differences[sha].wait().split(b"\0")
        plain: dict[bytes, bytes] = {}
        others: set[bytes] = set()
        for head, name in zip(raw[:-1:2], raw[1::2], strict=True):
            _, mode, held, _, status = head.split(b" ")
            path = os.path.join(os.fsencode(self.root), name)  # noqa: PTH118 - bytes
            regular = mode.startswith(b"100") and os.path.isfile(path) and not os.path.islink(path)  # noqa: PTH113, PTH114 - bytes too
            if status == b"M" and regular and b"\n" not in name:
                plain[name] = held  # perhaps its stat data differ, and nothing else
            else:
                others.add(name)
        if plain:
            names = b"".join(name + b"\n" for name in plain)
            actual = run_git(self.root, "hash-object", "--stdin-paths", stdin=names).split()
            others.update(name for (name, held), now in zip(plain.items(), actual, strict=True) if held != now)
        return frozenset(map(_text, others))

    def plain(self) -> frozenset[str]:
        """The tracked files of which git can say whether they differ: no others are as they are in git."""
        listed = self.flags.wait().split(b"\0")[:-1]
        return frozenset(_text(record[2:]) for record in listed if record[:1] == b"H")

    def found(self) -> dict[str, list[bytes]]:
        """The lines that hold one of the texts that were asked for, by the tracked file that has them in the work tree."""
        lines: dict[str, list[bytes]] = {}
        for name, line in _LINE.findall(self.lines.wait(lines_may_lack=True)):
            lines.setdefault(_text(name), []).append(line)
        return lines


@contextmanager
def changes_of(root: str, shas: Iterable[str], names: Sequence[str], texts: Iterable[str]) -> Iterator[Changes]:
    """Ask git for what differs from these commits, at or below `names` in the repository at `root`, and for the lines with one
    of `texts`; all at once, while the caller goes on. GitFailedError where git cannot be started."""
    patterns = [part for text in texts for part in ("-e", text)]
    with ExitStack() as stack:

        def begin(*arguments: str, names: Sequence[str] = names) -> _Running:
            printed = stack.enter_context(tempfile.TemporaryFile())
            try:
                process = stack.enter_context(start_git(root, *arguments, "--", *names, stdout=printed.fileno()))
            except (OSError, ValueError) as error:
                raise GitFailedError(f"git cannot be run ({error})") from error
            return _Running(process, printed)

        lines = begin(*_GREP, *patterns)
        flags = begin(
            "--no-literal-pathspecs", "ls-files", "-v", "-z", names=[f"{_UNFILTERED}{name}" for name in names]
        )
        yield Changes(root, {sha: begin(*_DIFF, sha) for sha in shas}, flags, lines)


def _text(name: bytes) -> str:
    return name.decode("utf-8", "surrogateescape")
