"""Places in a YAML text that nodes do not tell: lines, dashes, and what stands before a value."""

from __future__ import annotations

import re

from .tree import Node, Scalar, Sequence, last_leaf

_BREAK = re.compile(r"\r\n|\r|\n")
_BLANK = re.compile(r"(?:[ \t\r\n]+|(?<![^ \t\r\n])#[^\r\n]*)*")
_COMMENT = re.compile(r"[ \t]*,?[ \t]+(#.*)")
_PROPERTY = re.compile(r"!<[^>]*>|[&!][^\s,\[\]{}]*")


def line_start(text: str, position: int) -> int:
    """Where the line of a position begins."""
    return max(text.rfind("\n", 0, position), text.rfind("\r", 0, position)) + 1


def line_end(text: str, position: int) -> int:
    """Where the line of a position ends, before its line break."""
    found = _BREAK.search(text, position)
    return found.start() if found else len(text)


def next_line(text: str, position: int) -> int:
    """Where the line after the one of a position begins; the end of the text if there is none."""
    found = _BREAK.search(text, position)
    return found.end() if found else len(text)


def line_after(text: str, node: Node) -> int:
    """Where the line after a node of a block begins. A block scalar ends with its lines, blank ones included."""
    leaf = last_leaf(node)
    if isinstance(leaf, Scalar) and leaf.style in ("|", ">"):
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


def content(text: str, node: Node) -> int:
    """Where a node itself begins, behind its anchor and tag."""
    end = property_end(text, node)
    return end if end == node.start else skip_blank(text, end)


def anchor_name(text: str, node: Node) -> str:
    """The name of an anchored node's anchor."""
    properties = text[node.start : property_end(text, node)]
    return properties[properties.index("&") + 1 :].split()[0]


def item_start(text: str, sequence: Sequence, index: int) -> int:
    """Where an item begins; in a block sequence, where its dash is."""
    if sequence.flow:
        return sequence.items[index].start
    return content(text, sequence) if index == 0 else skip_blank(text, sequence.items[index - 1].end)


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
