"""Anchors and aliases (`&name`, `*name`) of one document, bounded against what they can be made to stand for."""

from __future__ import annotations

from array import array
from typing import Any

from .documents import MAX_MARKS

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
            raise AnchorError(
                "yaml-syntax", f"the alias *{name} stands for nothing: there is no &{name} above it"
            )
        anchor = self._found[name]
        if anchor is None:
            raise AnchorError("file-unsafe", f"the alias *{name} contains itself")
        return anchor
