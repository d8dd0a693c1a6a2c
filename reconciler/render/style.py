"""Color for terminals: it repeats what the words say, and adds nothing that a reader without color would miss."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from ..model import Severity


class Tone(StrEnum):
    """What a piece of text is; the value is its ANSI SGR code (ECMA-48, 8.3.117)."""

    TITLE = "1"
    QUIET = "2"
    GRAVE = "1;31"
    ADDED = "32"
    CHANGED = "33"
    NOTE = "36"


Style = Callable[[str, Tone], str]

SEVERITY_TONES = {Severity.ERROR: Tone.GRAVE, Severity.WARNING: Tone.CHANGED, Severity.NOTICE: Tone.NOTE}


def style(color: bool) -> Style:
    """A function that gives a text its tone, or leaves it as it is."""
    return _colored if color else _plain


def _colored(text: str, tone: Tone) -> str:
    return f"\x1b[{tone}m{text}\x1b[0m"


def _plain(text: str, tone: Tone) -> str:  # noqa: ARG001 - one signature for both
    return text
