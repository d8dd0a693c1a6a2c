"""A node of a file written out on one line, with every alias in it replaced by what it stands for.

So a value can stand in a place of its own, and an anchor can move to the first alias when its own place goes away.
"""

from __future__ import annotations

from ..yaml.scalars import quoted
from . import scan
from .edits import Page
from .tree import Alias, Mapping, Node, Scalar, Sequence


def literal(text: str, node: Node) -> str:
    """The node as YAML on one line, without anchors and aliases."""
    if isinstance(node, Alias):
        return literal(text, node.target)
    if isinstance(node, Mapping):
        pairs = (f"{literal(text, key)}: {literal(text, value)}" for key, value in node.pairs)
        return "{" + ", ".join(pairs) + "}"
    if isinstance(node, Sequence):
        return "[" + ", ".join(literal(text, item) for item in node.items) + "]"
    assert isinstance(node, Scalar)  # noqa: S101 - there is no other kind of node
    written = text[scan.content(text, node) : node.end]
    plain = node.style == "" and all(each not in written for each in ",[]{}\r\n")
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
            name = scan.anchor_name(page.text, anchor)
            page.replace(alias.start, alias.end, f"&{name} {literal(page.text, anchor)}")


def _aliases(node: Node) -> list[Alias]:
    """All aliases below a node, in the order of the text."""
    if isinstance(node, Alias):
        return [node]
    if isinstance(node, Mapping):
        return [alias for pair in node.pairs for each in pair for alias in _aliases(each)]
    if isinstance(node, Sequence):
        return [alias for item in node.items for alias in _aliases(item)]
    return []
