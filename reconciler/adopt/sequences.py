"""Adding and removing the items of a list that stands in a file, in the file's own style."""

from __future__ import annotations

import re
from collections.abc import Collection
from collections.abc import Sequence as AnySequence
from typing import Any

from . import scan
from .edits import NeedsAHandError, Page
from .emit import flow, item_lines
from .fields import insert_flow, is_json, key_column, replace_value
from .tree import Mapping, Scalar, Sequence

_COMMA = re.compile(r",[ \t]*")
Added = AnySequence[tuple[int, Any]]


def change_items(page: Page, holder: Mapping, key: str, removed: Collection[int], added: Added) -> None:
    """Remove items of the list at `key`, by index, and add others, each behind the item of an index (-1: the last).

    Raises NeedsAHandError where the list is an alias: then there is nothing to change here.
    """
    sequence = holder.value(key)
    if not isinstance(sequence, Sequence):
        raise NeedsAHandError("a list is written somewhere else")
    if not sequence.items:
        replace_value(page, holder, sequence, [item for _, item in added])
    elif len(removed) == len(sequence.items) and (sequence.flow or not added):
        _replace_all(page, holder, sequence, [item for _, item in added])
    elif sequence.flow:
        _remove_flow(page, sequence, removed)
        _add_flow(page, sequence, removed, added, as_json=_is_json(page, holder, sequence))
    else:
        _add_block(page, sequence, added)
        _remove_block(page, sequence, removed)


def _is_json(page: Page, holder: Mapping, sequence: Sequence) -> bool:
    first = sequence.items[0]
    if isinstance(first, Scalar):
        return first.style == '"'
    return is_json(page, first if isinstance(first, Mapping) and first.flow else holder)


def _replace_all(page: Page, holder: Mapping, sequence: Sequence, items: list[Any]) -> None:
    """Other items in the place of all, on the line of the key. Comments between the items of a block stay."""
    if sequence.flow:
        text = flow(items, as_json=_is_json(page, holder, sequence))
        page.replace(scan.content(page.text, sequence), sequence.end, text)
        return
    name = next(name for name, value in holder.pairs if value is sequence)
    colon = page.text.index(":", name.end) + 1
    page.insert(scan.property_end(page.text, sequence) if sequence.anchored else colon, f" {flow(items)}")
    _remove_block(page, sequence, range(len(sequence.items)))


def _add_block(page: Page, sequence: Sequence, added: Added) -> None:
    for index, item in added:
        near = sequence.items[index]
        dash = scan.column(page.text, scan.item_start(page.text, sequence, index % len(sequence.items)))
        blocks = [each for each in (near, *sequence.items) if isinstance(each, Mapping) and not each.flow]
        keys = key_column(page, blocks[0]) if blocks else dash + page.layout.key
        one_line = near.flow if isinstance(near, Mapping) else None
        lines = item_lines(item, dash, keys, page.layout, one_line=one_line)
        page.insert_lines(scan.line_after(page.text, near), lines)


def _remove_block(page: Page, sequence: Sequence, removed: Collection[int]) -> None:
    for index in sorted(removed):
        start = scan.item_start(page.text, sequence, index)
        line = scan.line_start(page.text, start)
        if page.text[line:start].strip(" "):
            raise NeedsAHandError("the first item of a list stands on the line of something else")
        page.replace(line, scan.line_after(page.text, sequence.items[index]), "")


def _remove_flow(page: Page, sequence: Sequence, removed: Collection[int]) -> None:
    """Each item goes with the comma behind it, and with its line if nothing else is there; those at the end go with the
    comma before them."""
    last = max(index for index in range(len(sequence.items)) if index not in removed)
    for index in sorted(removed):
        item = sequence.items[index]
        if index < last:
            comma = _COMMA.match(page.text, scan.skip_blank(page.text, item.end))
            if comma is None:
                raise NeedsAHandError("a comma is not where it was looked for")
            page.replace(*_with_line(page.text, item.start, comma.end()), "")
    if last < len(sequence.items) - 1:
        page.replace(sequence.items[last].end, sequence.items[-1].end, "")


def _with_line(text: str, start: int, end: int) -> tuple[int, int]:
    line, following = scan.line_start(text, start), scan.next_line(text, end)
    alone = not (text[line:start] + text[end:following]).strip()
    return (line, following) if alone else (start, end)


def _add_flow(
    page: Page, sequence: Sequence, removed: Collection[int], added: Added, *, as_json: bool
) -> None:
    for index, item in added:
        near = index % len(sequence.items)
        kept = [each for each in range(len(sequence.items)) if each not in removed]
        before = [each for each in kept if each <= near]
        text = flow(item, as_json=as_json)
        if before:
            last = before[-1] == kept[-1] < len(sequence.items) - 1
            insert_flow(page, sequence.items[before[-1]], text, last=last)
        else:
            page.insert(scan.content(page.text, sequence) + 1, f"{text}, ")
