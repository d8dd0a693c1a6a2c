"""Whole items within a bounded text: what does not fit is left out and counted, never cut through.

GitHub refuses a comment above 65,536 characters and does not say how it counts, so the larger of the two counts is
kept: UTF-16 units, of which an emoji needs two.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

_Item = TypeVar("_Item")

NOTE_UNITS = 100
"""No note of `fill` is longer, as long as its noun is a word or two."""

_MISSES = 20


def units(text: str) -> int:
    """Length in UTF-16 units."""
    return len(text) + sum(character > "\uffff" for character in text) if not text.isascii() else len(text)


def fill(
    items: Sequence[_Item],
    write: Callable[[_Item], str],
    limit: int,
    noun: str,
    *,
    separator: str = "\n",
    before_note: str = "",
) -> str:
    """The items as text, as many as fit into `limit` units, then how many are not shown.

    An item too large for what is left does not hide the smaller ones behind it; after `_MISSES` in a row nobody looks
    further, so that 10,000 items cost what a comment can show. `limit` must leave room for the note (`NOTE_UNITS`).
    """
    parts: list[str] = []
    left = limit - NOTE_UNITS
    misses = 0
    for item in items:
        text = write(item)
        needed = units(text) + len(separator)
        if needed <= left:
            parts.append(text)
            left -= needed
            misses = 0
        else:
            misses += 1
            if misses == _MISSES:
                break
    if len(parts) < len(items):
        parts.append(f"{before_note}- {len(items) - len(parts)} more not shown ({noun})")
    return separator.join(parts)
