"""What a text is printed on: its width, its colors, its characters, and the lines of the files that it may quote.

Color repeats what the words say: a reader without color misses nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from ..findings import Location, Severity


class Tone(StrEnum):
    """What a piece of text is; the value is its ANSI SGR code (ECMA-48, 8.3.117)."""

    TITLE = "1"
    QUIET = "2"
    GRAVE = "1;31"
    ADDED = "32"
    REMOVED = "31"
    CHANGED = "33"
    NOTE = "36"


SEVERITY_TONES = {Severity.ERROR: Tone.GRAVE, Severity.WARNING: Tone.CHANGED, Severity.NOTICE: Tone.NOTE}


_ASCII = str.maketrans({"→": "->", "–": "-", "−": "-", "±": "+-", "·": "|", "…": "..."})


class Screen(NamedTuple):
    """How to print a text. `width` in columns; `unicode` whether more than ASCII can be written; `verbose` asks for every
    field and every finding. `line_of` gives the line of a file at a place: with it findings quote the files, as on a
    terminal; without it each is one line, for grep.
    """

    color: bool = False
    width: int = 100
    unicode: bool = True
    verbose: bool = False
    line_of: Callable[[Location], str | None] | None = None

    def paint(self, text: str, tone: Tone) -> str:
        """The text in its tone, or as it is."""
        return f"\x1b[{tone}m{text}\x1b[0m" if self.color and text else text

    def spelled(self, text: str) -> str:
        """The text with this program's own signs in characters that the screen has."""
        return text if self.unicode else text.translate(_ASCII)


PLAIN = Screen()
"""For pipes and logs."""
