"""What must never be shown, and its removal from what a tenant says: a proxy or a debug page may echo a request."""

from __future__ import annotations

import html
import json
import re
import reprlib
import threading
from collections import deque
from typing import Any

from .. import phrases

_SHORT = 6  # characters; a shorter secret is hidden only as a word of its own, or it would shred the text around it
_KEPT = 64  # secrets that are remembered: more than a run's tokens
_REPR = reprlib.Repr()
_REPR.maxstring = _REPR.maxlong = 200
_REPR.maxlist = _REPR.maxdict = 20


class Redactor:
    """Knows the secrets of one tenant; thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._secrets: deque[str] = deque(maxlen=_KEPT)
        self._pattern: re.Pattern[str] | None = None  # made when a text is cleaned: most runs show none

    def hide(self, *secrets: str) -> None:
        """Removes these from now on, however they are spelled."""
        with self._lock:
            self._secrets.extend(secret for secret in secrets if secret and secret not in self._secrets)
            self._pattern = None

    def clean(self, text: str) -> str:
        """`text` with `[hidden]` in the place of every secret."""
        with self._lock:
            if self._pattern is None:
                longest_first = sorted(self._secrets, key=len, reverse=True)
                self._pattern = re.compile("|".join(map(_spellings, longest_first)) or "(?!)")
            pattern = self._pattern
        return pattern.sub("[hidden]", text)


def _spellings(secret: str) -> str:
    """A pattern for a secret as it is, and as an echo may spell it: each character by itself in a URL, a form, JSON or a
    page."""
    pattern = "".join(f"(?:{'|'.join(_spelled(char))})" for char in secret)
    return pattern if len(secret) >= _SHORT else rf"(?<!\w){pattern}(?!\w)"


def _spelled(char: str) -> list[str]:
    """The spellings of one character, as patterns."""
    percent = "".join(f"(?i:%(?:25)*{byte:02x})" for byte in char.encode("utf-8", "surrogatepass"))
    escaped = (json.dumps(char)[1:-1], json.dumps(char, ensure_ascii=False)[1:-1], html.escape(char))
    plain = {re.escape(spelling) for spelling in (char, *escaped)}
    code = rf"(?i:&#0*{ord(char)};|&#x0*{ord(char):x};|\\u{ord(char):04x})"
    return [*sorted(plain), percent, code, *([r"\+"] if char == " " else ())]


def shown(value: Any, limit: int = 60) -> str:
    """How a JSON value of any size and depth reads in Python, cut to at most `limit` characters."""
    return one_line(_REPR.repr(value), limit)


def one_line(text: str, limit: int) -> str:
    """`text` on one line, cut with an ellipsis to at most `limit` characters."""
    return phrases.shorten(" ".join(text.split()), limit)
