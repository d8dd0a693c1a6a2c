"""A YAML document as plain data, with the place of every value beside it in a form that costs 8 bytes each.

`marks` holds one number per key and value, in the order in which a walk through `data` meets them (a mapping before
its keys, a key before its value). Each says line, column, and how many marks lie below it, so that a path is followed
without visiting what it passes by. Both parts are plain data: a parsed file can be kept and read back.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from typing import Any, NamedTuple

from ..findings import Finding, Location, Severity
from ..model import Path

COLUMN_BITS = 20
LINE_BITS = 24
MAX_COLUMNS = 1 << COLUMN_BITS
MAX_LINES = 1 << LINE_BITS
BELOW_SHIFT = COLUMN_BITS + LINE_BITS
MAX_DEPTH = 64
MAX_MARKS = 400_000  # far above what a file of the greatest allowed size needs for schedules, and below 2**20

_COLUMN_MASK = MAX_COLUMNS - 1
_LINE_MASK = MAX_LINES - 1


class FileFault(NamedTuple):
    """Something wrong at a place (counted from 1) of a file that is not named yet.

    `document` is the number of the document (from 0) that it is in; None where the rest of the file could not be read.
    """

    code: str
    message: str
    line: int = 1
    column: int = 1
    document: int | None = None

    def in_file(self, file: str) -> Finding:
        """The finding, now that the file has its name."""
        return Finding(Severity.ERROR, self.code, self.message, Location(file, self.line, self.column))


class Document(NamedTuple):
    """One YAML document, or a part of one: plain data, and the marks of its keys and values, from the mark numbered `first` on."""

    data: Any
    marks: array[int]
    first: int = 0

    def place(self, path: Path = (), *, key: bool = False) -> tuple[int, int]:
        """Line and column of the value at `path`, or of its key; of its nearest holder where the path ends early."""
        return self.places(((path, key),))[0]

    def places(self, wanted: Iterable[tuple[Path, bool]]) -> list[tuple[int, int]]:
        """`place` for many paths: what a container holds is looked through once for all of them."""
        known: dict[int, dict[str | int, int]] = {}
        found = []
        for path, key in wanted:
            node, at, key_at = self.data, self.first, self.first
            for part in path:
                if at not in known:
                    known[at] = self.children(node, at)
                if part not in known[at]:
                    key_at = at
                    break
                key_at = known[at][part]
                at = key_at + 1 if isinstance(node, dict) else key_at
                node = node[part]
            mark = self.marks[key_at if key else at]
            found.append(((mark >> COLUMN_BITS & _LINE_MASK) + 1, (mark & _COLUMN_MASK) + 1))
        return found

    def entries(self, key: str | None = None) -> tuple[Document, ...]:
        """The entries of this list, or of the list under a key of this mapping, each as a document that keeps its places."""
        items, at = self.data, self.first
        if key is not None:
            items, at = items[key], self.children(items, at)[key] + 1
        starts = self.children(items, at).values()
        return tuple(Document(item, self.marks, start) for item, start in zip(items, starts, strict=True))

    def children(self, node: Any, at: int) -> dict[str | int, int]:
        """For each key or number of a container, the mark of the key or the entry; `at` is the container's own."""
        children: dict[str | int, int] = {}
        to_value = 1 if isinstance(node, dict) else 0
        at += 1
        for name in node if to_value else range(len(node)) if isinstance(node, list) else ():
            children[name] = at
            at += 1 + to_value + (self.marks[at + to_value] >> BELOW_SHIFT)
        return children


class ParsedFile(NamedTuple):
    """What a file holds: its documents that are not empty, and what is wrong with it as YAML."""

    documents: tuple[Document, ...] = ()
    faults: tuple[FileFault, ...] = ()
