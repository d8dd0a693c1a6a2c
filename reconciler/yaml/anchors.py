"""Anchors, aliases and merge keys of one document, bounded in what they can stand for.

A merge key (`<<: *base`) makes the pairs of other mappings pairs of its own, each with the place where it is written. YAML
1.2 has dropped merge keys; people use them all the same. As everywhere, the mapping's own keys win, and of several
mappings to merge the first one that has a key.
"""

from __future__ import annotations

from array import array
from typing import Any

from .documents import BELOW_SHIFT, MAX_MARKS, Document, item_documents

Anchored = tuple[Any, "array[int]"]


class AnchorError(Exception):
    """An alias that cannot be resolved; `code` is that of the finding."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Anchors:
    """What the anchors seen so far stand for, each with the marks of its values. A later one of a name replaces it."""

    __slots__ = ("_found", "_kept")

    def __init__(self) -> None:
        self._found: dict[str, Anchored | None] = {}
        self._kept = 0

    def begin(self, name: str) -> None:
        """The value of this anchor begins; until it ends, an alias to it would contain itself."""
        self._found[name] = None

    def end(self, name: str, value: Any, marks: array[int]) -> bool:
        """Keep the value of an anchor; False if anchors within anchors hold more than a file may."""
        self._kept += len(marks)
        self._found[name] = value, marks
        return self._kept <= 2 * MAX_MARKS

    def find(self, name: str) -> Anchored:
        """What an alias stands for. AnchorError if it stands for nothing, or for something that contains it."""
        if name not in self._found:
            raise AnchorError("yaml-syntax", f"the alias *{name} stands for nothing: there is no &{name} above it")
        anchor = self._found[name]
        if anchor is None:
            raise AnchorError("file-unsafe", f"the alias *{name} contains itself")
        return anchor


def mappings_of(value: Document) -> list[Document] | None:
    """The mappings that the value of a merge key names: itself, or the items of a list; None if it is neither."""
    if isinstance(value.data, dict):
        return [value]
    if not isinstance(value.data, list) or not all(isinstance(item, dict) for item in value.data):
        return None
    return item_documents(value.data, value.marks, 0)


def merge(result: dict[str, Any], marks: array[int], source: Document) -> None:
    """Append the pairs of `source` that `result` lacks, and their marks to `marks`, which end with those of `result`."""
    at = 1
    for key, value in source.data.items():
        end = at + 2 + (source.marks[at + 1] >> BELOW_SHIFT)
        if key not in result:
            result[key] = value
            marks.extend(source.marks[at:end])
        at = end


def key_index(mapping: dict[str, Any], marks: array[int], first: int, key: str) -> int:
    """Where in `marks` the key of a mapping is; `first` is where the marks of its pairs begin."""
    at = first
    for name in mapping:
        if name == key:
            return at
        at += 2 + (marks[at + 1] >> BELOW_SHIFT)
    raise KeyError(key)
