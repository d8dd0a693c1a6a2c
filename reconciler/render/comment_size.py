"""How much a comment of GitHub holds, and how text is made to fit: items are left out whole and counted, parts are folded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

LIMIT = 65_000
"""Below GitHub's 65,536, so that a workflow can add the line by which it finds its comment again."""

NOTE_UNITS = 100
"""No note of `fill` is longer, as long as its noun is a word or two."""

_MISSES = 20

_Item = TypeVar("_Item")


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

    An item too large for what is left does not hide the smaller ones behind it; after `_MISSES` in a row the
    search ends, so that 10,000 items cost what a comment can show. `limit` must leave room for the note (`NOTE_UNITS`).
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


def clip_list(text: str, most: int) -> str:
    """A list of escaped names, cut between two of them."""
    return text if units(text) <= most else text[: text.rindex(", ", 0, most // 2)] + " and more"


def folded(title: str, body: str) -> str:
    """A part that is closed until somebody opens it; nothing where there is nothing in it."""
    return f"<details><summary>{title}</summary>\n\n{body}\n\n</details>" if body else ""
