"""Giving a value to a key of a mapping that stands in a file, with the fewest characters touched."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ...yaml.scalars import restyled
from . import nodes
from .nodes import AliasNode, MappingNode, Node, ScalarNode, SequenceNode, last_leaf, text_of
from .page import EditByHandError, Page, Raw, block_lines, flow_text, literal, pair_lines

TIMES = ("startTime", "endTime")
WINDOW_FIELDS = (*TIMES, "maxCallsPerDay", "maxCallsPerHour", "predictiveRate", "maxCallsPerAgentPerDay")
BLACKOUT_FIELDS = (*TIMES, "reason", "appliesToAllDays")
RULE_FIELDS = ("regulatoryPauses", "agentAvailabilityProjection", "enableComplianceInjection")
ORDER = (
    *("name", "id", "timezone", "jurisdictions", "exemption"),
    *("scheduleDetails", "blackoutPeriods", "complianceRules"),
    *("dayOfWeek", *WINDOW_FIELDS, *BLACKOUT_FIELDS[2:], *RULE_FIELDS),
)
"""The order in which people write the keys of an entry, of its windows, blackouts and rules: no two of them share a key that
it would order in two ways."""
_REST = re.compile(r"[ \t]*(?:,[ \t]*(?:#.*)?)?")


def time_text(clock: str, *, like: str = "") -> str:
    """`09:00:00` as people write it: without the seconds where they are zero, unless the time `like` has them."""
    return clock.removesuffix(":00") if clock.endswith(":00") and len(like) != len(clock) else clock


def set_field(page: Page, mapping: MappingNode, key: str, value: Any) -> None:
    """Make `key` of the mapping be `value`; a new key goes behind those that stand before it in ORDER.

    Times come as HH:MM:SS and are written as the file writes them. What comes from an anchor that is being edited is left
    for the next time: it may be right by then.
    """
    own = mapping.value(key)
    if key in TIMES:
        value = time_text(value, like=text_of(own) or "")
    if own is not None:
        replace_value(page, mapping, own, value)
    elif not any(page.is_touched(source) for source in _merged(mapping)):
        _insert_pair(page, mapping, key, value)


def replace_value(page: Page, mapping: MappingNode, node: Node, value: Any) -> None:
    """Put a value in the place of a node that is a value of the mapping; a scalar keeps its style and its anchor."""
    if isinstance(node, AliasNode) and page.is_touched(node.target):
        return
    if isinstance(node, ScalarNode) and not isinstance(value, list | dict):
        _replace_scalar(page, node, value)
    elif mapping.flow or not block_lines(value, 0, page.layout):
        as_json = mapping.flow and is_json(page, mapping)
        start = node.start if isinstance(node, AliasNode) else nodes.content_start(page.text, node)
        page.replace(start, _end(node), flow_text(value, as_json=as_json))
    else:
        _replace_with_lines(page, mapping, node, value)


def _merged(mapping: MappingNode) -> list[Node]:
    """The mappings that merge keys of the mapping name."""
    values = [value for key, value in mapping.pairs if text_of(key) == "<<"]
    named = [item for value in values for item in (value.items if isinstance(value, SequenceNode) else (value,))]
    return [node.target for node in named if isinstance(node, AliasNode)]


def is_json(page: Page, mapping: MappingNode) -> bool:
    """Whether a mapping on one line is written as JSON, with its keys in double quotes."""
    return bool(mapping.pairs) and page.text.startswith('"', mapping.pairs[0][0].start)


def key_column(page: Page, mapping: MappingNode) -> int:
    """The column of the keys of a block mapping. Raises EditByHandError where they are written with `?`."""
    start = mapping.pairs[0][0].start
    if "?" in page.text[nodes.line_start(page.text, start) : start]:
        raise EditByHandError("a key is written with a question mark")
    return nodes.column(page.text, start)


def _replace_scalar(page: Page, node: ScalarNode, value: Any) -> None:
    start = nodes.content_start(page.text, node)
    old = page.text[start : node.end]
    replacement = restyled(value, old, node.style)
    if node.style in ("|", ">") and node.end == nodes.line_start(page.text, node.end):
        replacement += page.layout.newline
    page.replace(start, node.end, replacement)


def _end(node: Node) -> int:
    """Where a value ends; a block scalar and a block collection end with their last line."""
    leaf = last_leaf(node)
    if isinstance(leaf, ScalarNode) and leaf.style in ("|", ">"):
        raise EditByHandError("a value is written over several lines")
    return leaf.end


def _replace_with_lines(page: Page, mapping: MappingNode, node: Node, value: Any) -> None:
    """A block value in the place of one on the line of its key: an alias, `[]`, or a collection in brackets."""
    if not (isinstance(node, AliasNode) or (isinstance(node, MappingNode | SequenceNode) and node.flow)):
        raise EditByHandError("a block would have to be replaced as a whole")
    start = node.start if isinstance(node, AliasNode) else nodes.content_start(page.text, node)
    before = len(page.text[:start].rstrip(" \t"))
    page.replace(before, node.end, "")
    lines = block_lines(value, key_column(page, mapping), page.layout)
    page.insert_lines(nodes.next_line(page.text, node.end), lines)


def insert_flow(page: Page, before: Node, text: str, *, last: bool = False) -> None:
    """Put a further item or pair behind one in brackets, on a line of its own if that one is; `last` says that nothing
    that follows it stays."""
    start = nodes.line_start(page.text, before.start)
    indent = page.text[start : before.start]
    following = page.text[before.end : nodes.line_end(page.text, before.end)]
    if indent.strip() or not (last or _REST.fullmatch(following)):
        page.insert(before.end, f", {text}")
    elif last or not following.strip():
        page.insert(before.end, f",{page.layout.newline}{indent}{text}")
    else:
        page.insert_lines(nodes.next_line(page.text, before.end), [f"{indent}{text},"])


def _insert_pair(page: Page, mapping: MappingNode, key: str, value: Any) -> None:
    before = _pair_before(mapping, key)
    if mapping.flow:
        text = flow_text({key: value}, as_json=is_json(page, mapping))[1:-1]
        if before is None:
            page.insert(nodes.content_start(page.text, mapping) + 1, text)
        else:
            name = next(name for name, value in mapping.pairs if value is before)
            insert_flow(page, replace(name, end=before.end), text)  # with the indentation of the key before
        return
    if before is None:
        raise EditByHandError("an empty mapping has no place for a key")
    lines = pair_lines(key, value, key_column(page, mapping), page.layout)
    page.insert_lines(nodes.line_after(page.text, before), lines)


def _pair_before(mapping: MappingNode, key: str) -> Node | None:
    """The value behind which a new key goes: that of the last one that ORDER has before it, else the last."""
    earlier = ORDER[: ORDER.index(key)]
    before = [value for name, value in mapping.pairs if text_of(name) in earlier]
    values = before or [value for _, value in mapping.pairs]
    return values[-1] if values else None


def replace_item(page: Page, sequence: SequenceNode, index: int, value: Any) -> None:
    """Put a value on the line of an item that is an alias."""
    node = sequence.items[index]
    if not isinstance(node, AliasNode):
        raise EditByHandError("an entry would have to be replaced as a whole")
    if not page.is_touched(node.target):
        page.replace(node.start, node.end, flow_text(value))


def copied_entry(page: Page, pattern: MappingNode, values: Mapping[str, Any]) -> dict[str, Any]:
    """An entry with the keys, order and style of `pattern`, in which `values` differ; anchors are not repeated."""
    entry: dict[str, Any] = {}
    for key, node in pattern.pairs:
        name = str(text_of(key))
        written = Raw(page.text[nodes.content_start(page.text, key) : key.end])
        if isinstance(key, ScalarNode):
            entry[written] = _value(page, node, name, values[name]) if name in values else _copy(page.text, node)
    own = {text_of(key) for key, _ in pattern.pairs}
    for name in values:
        if name not in own:
            entry[name] = time_text(values[name]) if name in TIMES else values[name]
    return entry


def _value(page: Page, node: Node, name: str, value: Any) -> Any:
    if name in TIMES:
        value = time_text(value, like=text_of(node) or "")
    if isinstance(node, ScalarNode) and not isinstance(value, list):
        old = page.text[nodes.content_start(page.text, node) : node.end]
        return Raw(restyled(value, old, node.style))
    return value


def _copy(text: str, node: Node) -> Raw:
    return Raw(text[node.start : node.end] if isinstance(node, AliasNode) else literal(text, node))
