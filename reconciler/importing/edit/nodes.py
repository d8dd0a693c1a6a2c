"""A YAML text as nodes that know where they stand, so that a value can be changed without touching anything else.

The loader keeps what a file means; this keeps what it looks like: styles, anchors, aliases, and the offsets between
which each node is written. The text is one that the loader has accepted, so it is bounded and well formed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from yaml._yaml import CParser  # as the loader does: both must see the same file
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)


@dataclass(frozen=True, slots=True)
class Node:
    """A node between two offsets in the text; `end` is behind its last character, comments not counted.

    `start` is where its anchor or tag begins, if it has one; `line` (from 1) and `column` (from 0) are those of `start`.
    """

    start: int
    end: int
    line: int
    column: int
    anchored: bool = False


@dataclass(frozen=True, slots=True)
class ScalarNode(Node):
    """A scalar with its text as read; `style` is `"`, `'`, `|`, `>` or empty."""

    value: str = ""
    style: str = ""


@dataclass(frozen=True, slots=True)
class AliasNode(Node):
    """`*name`, and the node that it stands for."""

    target: Node = Node(0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class MappingNode(Node):
    """A mapping with its own pairs, in their order; a merge key is a pair like any other."""

    pairs: tuple[tuple[Node, Node], ...] = ()
    flow: bool = False

    def value(self, key: str) -> Node | None:
        """The value that the mapping itself gives to a key; None where it does not, merged or not."""
        return next((value for name, value in self.pairs if text_of(name) == key), None)


@dataclass(frozen=True, slots=True)
class SequenceNode(Node):
    """A sequence."""

    items: tuple[Node, ...] = ()
    flow: bool = False


def parse_nodes(text: str) -> tuple[Node, ...]:
    """The documents of a text. Raises the YAML library's errors for one that is not YAML."""
    following = CParser(text).get_event
    documents = []
    while not isinstance(event := following(), StreamEndEvent):
        if isinstance(event, DocumentStartEvent):
            documents.append(_node(following(), following, {}))
    return tuple(documents)


def text_of(node: Node | None) -> str | None:
    """The text of a scalar, or of the scalar that an alias stands for."""
    if isinstance(node, AliasNode):
        node = node.target
    return node.value if isinstance(node, ScalarNode) else None


def last_leaf(node: Node) -> Node:
    """The node that a node ends with: itself, but for a block collection."""
    while isinstance(node, MappingNode | SequenceNode) and not node.flow:
        node = node.pairs[-1][1] if isinstance(node, MappingNode) else node.items[-1]
    return node


def _node(event: Any, following: Callable[[], Any], anchors: dict[str, Node]) -> Node:
    mark = event.start_mark
    start, line, column = mark.index, mark.line + 1, mark.column
    if isinstance(event, AliasEvent):
        return AliasNode(start, event.end_mark.index, line, column, target=anchors[event.anchor])
    anchored = event.anchor is not None
    node: Node
    if isinstance(event, ScalarEvent):
        node = ScalarNode(start, event.end_mark.index, line, column, anchored, event.value, event.style)
    elif isinstance(event, MappingStartEvent):
        parts, end = _parts(following, anchors, MappingEndEvent)
        pairs = tuple(zip(parts[::2], parts[1::2], strict=True))
        stop = end if event.flow_style else parts[-1].end
        node = MappingNode(start, stop, line, column, anchored, pairs, event.flow_style)
    else:
        items, end = _parts(following, anchors, SequenceEndEvent)
        stop = end if event.flow_style else items[-1].end
        node = SequenceNode(start, stop, line, column, anchored, items, event.flow_style)
    if anchored:
        anchors[event.anchor] = node
    return node


def _parts(following: Callable[[], Any], anchors: dict[str, Node], closing: Any) -> tuple[tuple[Node, ...], int]:
    """The nodes up to the event that closes their collection, and where that ends."""
    parts = []
    while not isinstance(event := following(), closing):
        parts.append(_node(event, following, anchors))
    return tuple(parts), event.end_mark.index


_BREAK = re.compile(r"\r\n|\r|\n")
_BLANK = re.compile(r"(?:[ \t\r\n]+|(?<![^ \t\r\n])#[^\r\n]*)*")
_COMMENT = re.compile(r"[ \t]*,?[ \t]+(#.*)")
_PROPERTY = re.compile(r"!<[^>]*>|[&!][^\s,\[\]{}]*")


def line_start(text: str, position: int) -> int:
    """Where the line of a position begins."""
    return max(text.rfind("\n", 0, position), text.rfind("\r", 0, position)) + 1


def line_end(text: str, position: int) -> int:
    """Where the line of a position ends, before its line break."""
    line_break = _BREAK.search(text, position)
    return line_break.start() if line_break else len(text)


def next_line(text: str, position: int) -> int:
    """Where the line after the one of a position begins; the end of the text if there is none."""
    line_break = _BREAK.search(text, position)
    return line_break.end() if line_break else len(text)


def line_after(text: str, node: Node) -> int:
    """Where the line after a node of a block begins. A block scalar ends with its lines, blank ones included."""
    leaf = last_leaf(node)
    if isinstance(leaf, ScalarNode) and leaf.style in ("|", ">"):
        return leaf.end if leaf.end == line_start(text, leaf.end) else len(text)
    return next_line(text, leaf.end)


def column(text: str, position: int) -> int:
    """The column of a position, from 0."""
    return position - line_start(text, position)


def skip_blank(text: str, position: int) -> int:
    """The first position from here that is neither blank nor in a comment."""
    match = _BLANK.match(text, position)
    return match.end() if match else position


def property_end(text: str, node: Node) -> int:
    """Where a node's anchor and tag end; where it begins if it has none."""
    position = end = node.start
    while match := _PROPERTY.match(text, position):
        end = match.end()
        position = skip_blank(text, end)
    return end


def content_start(text: str, node: Node) -> int:
    """Where a node itself begins, behind its anchor and tag."""
    end = property_end(text, node)
    return end if end == node.start else skip_blank(text, end)


def anchor_name(text: str, node: Node) -> str:
    """The name of an anchored node's anchor."""
    properties = text[node.start : property_end(text, node)]
    return properties[properties.index("&") + 1 :].split()[0]


def item_start(text: str, sequence: SequenceNode, index: int) -> int:
    """Where an item begins; in a block sequence, where its dash is."""
    if sequence.flow:
        return sequence.items[index].start
    return content_start(text, sequence) if index == 0 else skip_blank(text, sequence.items[index - 1].end)


def comment_after(text: str, node: Node) -> str:
    """The comment behind a value on its line, with its `#`; empty if there is none."""
    match = _COMMENT.match(text, node.end, line_end(text, node.end))
    return match[1] if match else ""


def own_comment(text: str, item: Node) -> str:
    """The comment on the line of an item that has the line for itself; empty if there is none."""
    before = text[line_start(text, item.start) : item.start]
    return comment_after(text, item) if before.strip(" \t-") == "" else ""


def newline_of(text: str) -> str:
    """How the lines of a text end: as its first one does."""
    match = _BREAK.search(text)
    return match[0] if match else "\n"
