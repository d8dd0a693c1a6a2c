"""Adding and removing the items of a list that stands in a file, in the file's own style."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, TypeVar

from . import nodes
from .nodes import MappingNode, Node, ScalarNode, SequenceNode
from .page import EditByHandError, Page, flow_text, item_lines
from .values import insert_flow, is_json, key_column, replace_value

_COMMA = re.compile(r",[ \t]*")
Added = Sequence[tuple[int, Any]]


def change_items(page: Page, holder: MappingNode, key: str, removed: Collection[int], added: Added) -> None:
    """Remove items of the list at `key`, by index, and add others, each behind the item of an index (-1: the last).

    Raises EditByHandError where the list is an alias: then there is nothing to change here.
    """
    sequence = holder.value(key)
    if not isinstance(sequence, SequenceNode):
        raise EditByHandError("a list is written somewhere else")
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


def _is_json(page: Page, holder: MappingNode, sequence: SequenceNode) -> bool:
    first = sequence.items[0]
    if isinstance(first, ScalarNode):
        return first.style == '"'
    return is_json(page, first if isinstance(first, MappingNode) and first.flow else holder)


def _replace_all(page: Page, holder: MappingNode, sequence: SequenceNode, items: list[Any]) -> None:
    """Other items in the place of all, on the line of the key. Comments between the items of a block stay."""
    if sequence.flow:
        text = flow_text(items, as_json=_is_json(page, holder, sequence))
        page.replace(nodes.content_start(page.text, sequence), sequence.end, text)
        return
    name = next(name for name, value in holder.pairs if value is sequence)
    colon = page.text.index(":", name.end) + 1
    page.insert(nodes.property_end(page.text, sequence) if sequence.anchored else colon, f" {flow_text(items)}")
    _remove_block(page, sequence, range(len(sequence.items)))


def _add_block(page: Page, sequence: SequenceNode, added: Added) -> None:
    for index, item in added:
        near = sequence.items[index]
        dash = nodes.column(page.text, nodes.item_start(page.text, sequence, index % len(sequence.items)))
        blocks = [node for node in (near, *sequence.items) if isinstance(node, MappingNode) and not node.flow]
        keys = key_column(page, blocks[0]) if blocks else dash + page.layout.key
        one_line = near.flow if isinstance(near, MappingNode) else None
        lines = item_lines(item, dash, keys, page.layout, one_line=one_line)
        page.insert_lines(nodes.line_after(page.text, near), lines)


def _remove_block(page: Page, sequence: SequenceNode, removed: Collection[int]) -> None:
    for index in sorted(removed):
        start = nodes.item_start(page.text, sequence, index)
        line = nodes.line_start(page.text, start)
        if page.text[line:start].strip(" "):
            raise EditByHandError("the first item of a list stands on the line of something else")
        page.replace(line, nodes.line_after(page.text, sequence.items[index]), "")


def _remove_flow(page: Page, sequence: SequenceNode, removed: Collection[int]) -> None:
    """Each item goes with the comma behind it, and with its line and the comment there if nothing else is on that line;
    those at the end go with the comma before them."""
    text, items = page.text, sequence.items
    last = max(index for index in range(len(items)) if index not in removed)
    for index in sorted(removed):
        if index < last:
            comma = _COMMA.match(text, nodes.skip_blank(text, items[index].end))
            if comma is None:
                raise EditByHandError("a comma is not where it was looked for")
            page.replace(*_with_line(text, items[index].start, comma.end()), "")
    if last == len(items) - 1:
        return
    between = [text[items[i].end : items[i + 1].start] for i in range(last, len(items) - 1)]
    if not any("#" in blank for blank in between) and not nodes.comment_after(text, items[-1]):
        page.replace(items[last].end, items[-1].end, "")
    else:
        _remove_tail(page, items[last], items[last + 1 :])


def _remove_tail(page: Page, kept: Node, tail: tuple[Node, ...]) -> None:
    """Remove the last items of a list in brackets, each by itself, so that the comments between them stay."""
    ends = [nodes.skip_blank(page.text, item.end) for item in tail]
    commas = [page.text.startswith(",", end) for end in ends]
    if not commas[-1]:
        comma = nodes.skip_blank(page.text, kept.end)
        page.replace(comma, comma + 1, "")
    for item, end, has_comma in zip(tail, ends, commas, strict=True):
        page.replace(*_with_line(page.text, item.start, end + 1 if has_comma else item.end), "")


def _with_line(text: str, start: int, end: int) -> tuple[int, int]:
    """From `start` to `end`, or their whole line where only a comment is left on it."""
    line, following = nodes.line_start(text, start), nodes.next_line(text, end)
    alone = not text[line:start].strip() and text[end:following].strip()[:1] in ("", "#")
    return (line, following) if alone else (start, end)


def _add_flow(page: Page, sequence: SequenceNode, removed: Collection[int], added: Added, *, as_json: bool) -> None:
    for index, item in added:
        near = index % len(sequence.items)
        kept = [number for number in range(len(sequence.items)) if number not in removed]
        before = [name for name in kept if name <= near]
        text = flow_text(item, as_json=as_json)
        if before:
            last = before[-1] == kept[-1] < len(sequence.items) - 1
            insert_flow(page, sequence.items[before[-1]], text, last=last)
        else:
            page.insert(nodes.content_start(page.text, sequence) + 1, f"{text}, ")


Paired = TypeVar("Paired")


def pair(
    here: Sequence[Paired], there: Sequence[Paired], keys: Iterable[Callable[[Paired], Any]]
) -> tuple[list[Paired | None], list[Paired]]:
    """For each item `here` its counterpart or None, and what is left over `there`.

    `keys` are tried in turn; two items that agree in one, and are not taken yet, belong together, in their order.
    """
    counterparts: list[Paired | None] = [None] * len(here)
    left = list(range(len(there)))
    for key in keys:
        by_key: dict[Any, list[int]] = {}
        for index in left:
            by_key.setdefault(key(there[index]), []).append(index)
        for number, item in enumerate(here):
            if counterparts[number] is None and (same := by_key.get(key(item))):
                counterparts[number] = there[same.pop(0)]
        left = sorted(index for indexes in by_key.values() for index in indexes)
    return counterparts, [there[index] for index in left]
