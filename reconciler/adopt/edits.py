"""Changes to a text, by position: all that no edit names stays byte for byte as it was."""

from __future__ import annotations

from dataclasses import dataclass, field

from . import scan
from .emit import Layout
from .tree import Node


class NeedsAHandError(Exception):
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
        if position == scan.line_start(self.text, position):
            self.insert(position, "".join(line + newline for line in lines))
        else:
            self.insert(position, "".join(newline + line for line in lines))

    def is_touched(self, node: Node) -> bool:
        """Whether something is edited so far in a node, or added at its end."""
        end = scan.line_after(self.text, node)
        return any(node.start <= start <= end for start, _, _ in self.edits)

    def result(self) -> str:
        """The text with all edits. Raises NeedsAHandError if two of them want the same place."""
        parts, done = [], 0
        for start, end, replacement in sorted(self.edits, key=lambda edit: edit[:2]):
            if start < done:
                raise NeedsAHandError("two changes meet at one place")
            parts += [self.text[done:start], replacement]
            done = end
        return "".join([*parts, self.text[done:]])
