"""Merge keys (`<<: *base`): the pairs of other mappings become pairs of this one, each with its own place.

YAML 1.2 has dropped them; people use them all the same. As everywhere, the mapping's own keys win, and of several
mappings to merge the first one that has a key.
"""

from __future__ import annotations

from array import array
from typing import Any

from .documents import BELOW_SHIFT, Document


def mappings_of(value: Document) -> list[Document] | None:
    """The mappings that the value of a merge key names: itself, or the items of a list; None if it is neither."""
    if isinstance(value.data, dict):
        return [value]
    if not isinstance(value.data, list):
        return None
    found, at = [], 1
    for item in value.data:
        if not isinstance(item, dict):
            return None
        end = at + 1 + (value.marks[at] >> BELOW_SHIFT)
        found.append(Document(item, value.marks[at:end]))
        at = end
    return found


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
