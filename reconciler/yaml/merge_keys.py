"""Merge keys (`<<: *base`): the pairs of other mappings as a mapping's own, each with the place where it is written.

YAML 1.2 has dropped merge keys; people use them all the same. As everywhere, the mapping's own keys win, and of several
mappings to merge the first one that has a key.
"""

from __future__ import annotations

from array import array
from typing import Any

from .documents import BELOW_SHIFT, Document


def mappings_of(value: Document) -> tuple[Document, ...] | None:
    """The mappings that the value of a merge key names: itself, or the items of a list; None if it is neither."""
    if isinstance(value.data, dict):
        return (value,)
    if not isinstance(value.data, list) or not all(isinstance(item, dict) for item in value.data):
        return None
    return value.entries()


def merge(result: dict[str, Any], marks: array[int], source: Document) -> None:
    """Append the pairs of `source` that `result` lacks, and their marks to `marks`, which end with those of `result`."""
    at = source.first + 1
    for key, value in source.data.items():
        end = at + 2 + (source.marks[at + 1] >> BELOW_SHIFT)
        if key not in result:
            result[key] = value
            marks.extend(source.marks[at:end])
        at = end
