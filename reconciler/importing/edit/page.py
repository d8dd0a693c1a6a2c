"""Changes to a text, by position: all that no edit names stays byte for byte as it was."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...yaml.scalars import quoted, scalar_text
from . import nodes
from .nodes import AliasNode, MappingNode, Node, ScalarNode, SequenceNode


class EditByHandError(Exception):
    """A change that cannot be made without touching what is not meant; the text says why."""


@dataclass(frozen=True, slots=True)
class Page:
    """A text and its layout, with the edits that are wanted so far: (start, end, replacement), any order."""

    text: str
    layout: Layout
    edits: list[tuple[int, int, str]] = field(default_factory=list)

    def replace(self, start: int, end: int, replacement: str) -> None:
        """Put something else between two positions."""
        self.edits.append((start, end, replacement))

    def insert(self, position: int, replacement: str) -> None:
        """Put something at a position, behind what was put there before."""
        self.edits.append((position, position, replacement))

    def insert_lines(self, position: int, lines: list[str]) -> None:
        """Put whole lines at the beginning of a line, or at the end of a text whose last line has none."""
        newline = self.layout.newline
        if position == nodes.line_start(self.text, position):
            self.insert(position, "".join(line + newline for line in lines))
        else:
            self.insert(position, "".join(newline + line for line in lines))

    def attempt(self, change: Callable[..., None], *arguments: Any) -> str | None:
        """Make a change to this page; if it raises EditByHandError, take all of it back and return the reason."""
        before = len(self.edits)
        try:
            change(self, *arguments)
        except EditByHandError as error:
            del self.edits[before:]
            return str(error)
        return None

    def is_touched(self, node: Node) -> bool:
        """Whether something is edited so far in a node, or added at its end."""
        end = nodes.line_after(self.text, node)
        return any(node.start <= start <= end for start, _, _ in self.edits)

    def result(self) -> str:
        """The text with all edits. Raises EditByHandError if two of them want the same place."""
        parts, done = [], 0
        for start, end, replacement in sorted(self.edits, key=lambda edit: edit[:2]):
            if start < done:
                raise EditByHandError("two changes meet at one place")
            parts += [self.text[done:start], replacement]
            done = end
        return "".join([*parts, self.text[done:]])


_SMALL, _SHORT = 4, 88  # keys and characters of an item on one line


class Raw(str):
    """A key or value that is YAML already, copied from the file."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is laid out: its line ends, the columns from a key to the dashes of its list, and from a dash to the
    keys of its item."""

    newline: str = "\n"
    dash: int = 2
    key: int = 2


def mapping_lines(data: Mapping[str, Any], column: int, layout: Layout) -> list[str]:
    """A mapping whose keys stand at `column`."""
    return [line for key, value in data.items() for line in pair_lines(key, value, column, layout)]


def pair_lines(key: str, value: Any, column: int, layout: Layout) -> list[str]:
    """A key at `column`, with its value."""
    start = f"{' ' * column}{_text(key)}:"
    below = block_lines(value, column, layout)
    return [start, *below] if below else [f"{start} {flow_text(value)}"]


def block_lines(value: Any, column: int, layout: Layout) -> list[str]:
    """The lines of a value below its key at `column`; none for a value that fits on the line of the key."""
    if isinstance(value, Mapping):
        return mapping_lines(value, column + 2, layout)
    if isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
        dash = column + layout.dash
        return [line for item in value for line in item_lines(item, dash, dash + layout.key, layout)]
    return []


def item_lines(item: Any, dash: int, column: int, layout: Layout, *, one_line: bool | None = None) -> list[str]:
    """An item of a list, with its dash, and its keys at `column`; on one line if it is small, or as is said."""
    small = isinstance(item, Mapping) and len(item) <= _SMALL and len(flow_text(item)) <= _SHORT
    if not isinstance(item, Mapping) or (small if one_line is None else one_line):
        return [f"{' ' * dash}-{' ' * (column - dash - 1)}{flow_text(item)}"]
    lines = mapping_lines(item, column, layout)
    return [f"{' ' * dash}-{lines[0][dash + 1 :]}", *lines[1:]]


def flow_text(value: Any, *, as_json: bool = False) -> str:
    """Any value on one line; `as_json` quotes keys and texts as JSON does."""
    if isinstance(value, Mapping):
        pairs = (f"{_text(key, as_json=as_json)}: {flow_text(item, as_json=as_json)}" for key, item in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow_text(item, as_json=as_json) for item in value) + "]"
    return _text(value, as_json=as_json)


def _text(value: Any, *, as_json: bool = False) -> str:
    if isinstance(value, Raw):
        return str(value)
    return quoted(value) if as_json and isinstance(value, str) else scalar_text(value)


def literal(text: str, node: Node) -> str:
    """The node as YAML on one line, without anchors and aliases."""
    if isinstance(node, AliasNode):
        return literal(text, node.target)
    if isinstance(node, MappingNode):
        pairs = (f"{literal(text, key)}: {literal(text, value)}" for key, value in node.pairs)
        return "{" + ", ".join(pairs) + "}"
    if isinstance(node, SequenceNode):
        return "[" + ", ".join(literal(text, item) for item in node.items) + "]"
    assert isinstance(node, ScalarNode)  # noqa: S101 - there is no other kind of node
    written = text[nodes.content_start(text, node) : node.end]
    plain = node.style == "" and all(mark not in written for mark in ",[]{}\r\n")
    return written if plain or (node.style in ("'", '"') and "\n" not in written) else quoted(node.value)


def keep_anchors(page: Page, documents: tuple[Node, ...]) -> None:
    """Move each anchor that the edits so far take away to its first alias that stays; the others then need no change."""
    removed = [edit[:2] for edit in page.edits if edit[0] < edit[1]]
    if not removed:
        return

    def is_gone(position: int) -> bool:
        return any(start <= position < end for start, end in removed)

    moved: set[int] = set()
    for document in documents:
        for alias in _aliases(document):
            anchor = alias.target
            if anchor.start in moved or not is_gone(anchor.start) or is_gone(alias.start):
                continue
            moved.add(anchor.start)
            name = nodes.anchor_name(page.text, anchor)
            page.replace(alias.start, alias.end, f"&{name} {literal(page.text, anchor)}")


def _aliases(node: Node) -> list[AliasNode]:
    """All aliases below a node, in the order of the text."""
    if isinstance(node, AliasNode):
        return [node]
    if isinstance(node, MappingNode):
        return [alias for pair in node.pairs for part in pair for alias in _aliases(part)]
    if isinstance(node, SequenceNode):
        return [alias for item in node.items for alias in _aliases(item)]
    return []
