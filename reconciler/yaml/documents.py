"""A YAML document as plain data, with the place of every value beside it in a form that costs 8 bytes each.

`marks` holds one number per key and value, in the order in which a walk through `data` meets them (a mapping before
its keys, a key before its value). Each says line, column, and how many marks lie below it, so that a path is followed
without visiting what it passes by. Both parts are plain data: a parsed file can be kept and read back.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

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


@dataclass(frozen=True, slots=True)
class FileFault:
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


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML document: plain data and the marks of its keys and values."""

    data: Any
    marks: array[int]

    def place(self, path: Path = (), *, key: bool = False) -> tuple[int, int]:
        """Line and column of the value at `path`, or of its key; of its nearest holder where the path ends early."""
        return self.places(((path, key),))[0]

    def places(self, wanted: Iterable[tuple[Path, bool]]) -> list[tuple[int, int]]:
        """`place` for many paths: what a container holds is looked through once for all of them."""
        index = _Index(self.data, self.marks)
        return [index.place(path, key=key) for path, key in wanted]

    def entries(self, key: str) -> tuple[Document, ...]:
        """The entries of the list under a key of this mapping, each as a document of its own that keeps its places."""
        at = _Index(self.data, self.marks).children(self.data, 0)[key] + 1
        return tuple(item_documents(self.data[key], self.marks, at))


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """What a file holds: its documents that are not empty, and what is wrong with it as YAML."""

    documents: tuple[Document, ...] = ()
    faults: tuple[FileFault, ...] = ()


def unpack(mark: int) -> tuple[int, int]:
    """Line and column of a mark, both from 1."""
    return (mark >> COLUMN_BITS & _LINE_MASK) + 1, (mark & _COLUMN_MASK) + 1


def item_documents(items: list[Any], marks: array[int], at: int) -> list[Document]:
    """The items of a list whose own mark is at `at`, each as a document of its own that keeps its places."""
    documents = []
    for item in items:
        start = at + 1
        at = start + (marks[start] >> BELOW_SHIFT)
        documents.append(Document(item, marks[start : at + 1]))
    return documents


class _Index:
    """Where the values of the containers that were visited have their marks."""

    __slots__ = ("_children", "_data", "_marks")

    def __init__(self, data: Any, marks: array[int]) -> None:
        self._data = data
        self._marks = marks
        self._children: dict[int, dict[str | int, int]] = {}

    def place(self, path: Path, *, key: bool) -> tuple[int, int]:
        node, at, key_at = self._data, 0, 0
        for part in path:
            children = self.children(node, at)
            if part not in children:
                return unpack(self._marks[at])
            at = key_at = children[part]
            if isinstance(node, dict):
                at += 1
            node = node[part]
        return unpack(self._marks[key_at if key else at])

    def children(self, node: Any, at: int) -> dict[str | int, int]:
        """For each key or number of a container, the mark of the key or the entry; `at` is the container's own."""
        if at not in self._children:
            self._children[at] = dict(self._walk(node, at + 1))
        return self._children[at]

    def _walk(self, node: Any, at: int) -> Iterator[tuple[str | int, int]]:
        if isinstance(node, dict):
            for name in node:
                yield name, at
                at += 2 + (self._marks[at + 1] >> BELOW_SHIFT)
        elif isinstance(node, list):
            for number in range(len(node)):
                yield number, at
                at += 1 + (self._marks[at] >> BELOW_SHIFT)
