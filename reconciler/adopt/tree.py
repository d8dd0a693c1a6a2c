"""A YAML text as nodes that know where they stand, so that a value can be changed without touching anything else.

The loader keeps what a file means; this keeps what it looks like: styles, anchors, aliases, and the offsets between
which each node is written. The text is one that the loader has accepted, so it is bounded and well formed.
"""

from __future__ import annotations

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
class Scalar(Node):
    """A scalar with its text as read; `style` is `"`, `'`, `|`, `>` or empty."""

    value: str = ""
    style: str = ""


@dataclass(frozen=True, slots=True)
class Alias(Node):
    """`*name`, and the node that it stands for."""

    target: Node = Node(0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Mapping(Node):
    """A mapping with its own pairs, in their order; a merge key is a pair like any other."""

    pairs: tuple[tuple[Node, Node], ...] = ()
    flow: bool = False

    def value(self, key: str) -> Node | None:
        """The value that the mapping itself gives to a key; None where it does not, merged or not."""
        return next((value for name, value in self.pairs if text_of(name) == key), None)


@dataclass(frozen=True, slots=True)
class Sequence(Node):
    """A sequence."""

    items: tuple[Node, ...] = ()
    flow: bool = False


def parse(text: str) -> tuple[Node, ...]:
    """The documents of a text. Raises the YAML library's errors for one that is not YAML."""
    following = CParser(text).get_event
    documents = []
    while not isinstance(event := following(), StreamEndEvent):
        if isinstance(event, DocumentStartEvent):
            documents.append(_node(following(), following, {}))
    return tuple(documents)


def text_of(node: Node | None) -> str | None:
    """The text of a scalar, or of the scalar that an alias stands for."""
    if isinstance(node, Alias):
        node = node.target
    return node.value if isinstance(node, Scalar) else None


def last_leaf(node: Node) -> Node:
    """The node that a node ends with: itself, but for a block collection."""
    while isinstance(node, Mapping | Sequence) and not node.flow:
        node = node.pairs[-1][1] if isinstance(node, Mapping) else node.items[-1]
    return node


def _node(event: Any, following: Callable[[], Any], anchors: dict[str, Node]) -> Node:
    mark = event.start_mark
    start, line, column = mark.index, mark.line + 1, mark.column
    if isinstance(event, AliasEvent):
        return Alias(start, event.end_mark.index, line, column, target=anchors[event.anchor])
    anchored = event.anchor is not None
    node: Node
    if isinstance(event, ScalarEvent):
        node = Scalar(start, event.end_mark.index, line, column, anchored, event.value, event.style)
    elif isinstance(event, MappingStartEvent):
        pairs, end = _pairs(following, anchors)
        stop = end if event.flow_style else pairs[-1][1].end
        node = Mapping(start, stop, line, column, anchored, pairs, event.flow_style)
    else:
        items, end = _items(following, anchors)
        stop = end if event.flow_style else items[-1].end
        node = Sequence(start, stop, line, column, anchored, items, event.flow_style)
    if anchored:
        anchors[event.anchor] = node
    return node


def _pairs(
    following: Callable[[], Any], anchors: dict[str, Node]
) -> tuple[tuple[tuple[Node, Node], ...], int]:
    pairs = []
    while not isinstance(event := following(), MappingEndEvent):
        key = _node(event, following, anchors)
        pairs.append((key, _node(following(), following, anchors)))
    return tuple(pairs), event.end_mark.index


def _items(following: Callable[[], Any], anchors: dict[str, Node]) -> tuple[tuple[Node, ...], int]:
    items = []
    while not isinstance(event := following(), SequenceEndEvent):
        items.append(_node(event, following, anchors))
    return tuple(items), event.end_mark.index
