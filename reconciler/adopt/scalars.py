"""Values as YAML scalars that every reader takes for what they are.

YAML 1.2 reads `no`, `09:00` and `0o7` as other things than YAML 1.1 does, and people open these files with both. So text
is left unquoted only where no version, and no flow context, could see anything but that text in it.
"""

from __future__ import annotations

import re
from typing import Any

_WORDS = re.compile(r"[A-Za-z_][A-Za-z0-9_./-]*(?: [A-Za-z0-9_(][A-Za-z0-9_./()-]*)*", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
_TIME = re.compile(r"[0-9]{2}:[0-9]{2}(?::[0-9]{2})?", re.ASCII)
# YAML 1.1's booleans and null (yaml.org/type), in any case: some readers are laxer than the specification.
_RESERVED = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf", "none"})

_ESCAPED = re.compile(
    '[\x00-\x1f"\\\\\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f'
    "\u205f-\u206f\u3000\u3164\ufdd0-\ufdef\ufeff\uffa0\ufff0-\uffff\ud800-\udfff\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U0010ffff]"
)
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def scalar(value: Any) -> str:
    """A text, number or truth value, quoted where that is needed."""
    if isinstance(value, str):
        return value if is_plain(value) else quoted(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value)


def is_plain(text: str) -> bool:
    """Whether text needs no quotes, in any place and for any reader."""
    if _UUID.fullmatch(text):
        return True
    return _WORDS.fullmatch(text) is not None and text.lower() not in _RESERVED


def quoted(text: str) -> str:
    """Text in double quotes, on one line, with an escape for every character that a person would not see.

    The escapes are those that JSON has too, for files that are JSON.
    """
    return f'"{_ESCAPED.sub(_escape, text)}"'


def restyled(value: Any, old: str, style: str) -> str:
    """A value in the place of a scalar that reads `old`, in its style (`"`, `'` or none) as far as the value allows."""
    if not isinstance(value, str) or style not in ("'", '"', ""):
        return scalar(value)
    if style == '"' or (style == "'" and _ESCAPED.search(value.replace('"', "").replace("\\", ""))):
        return quoted(value)
    if style == "'":
        return "'" + value.replace("'", "''") + "'"
    return value if _TIME.fullmatch(value) and _TIME.fullmatch(old) else scalar(value)


def time_text(clock: str, *, like: str = "") -> str:
    """`09:00:00` as people write it: without the seconds where they are zero, unless the time `like` has them."""
    return clock.removesuffix(":00") if clock.endswith(":00") and len(like) != len(clock) else clock


def can_be_written(text: str) -> bool:
    """Whether a file can hold the text at all: half a surrogate pair (RFC 8259 §8.2 allows it) has no UTF-8."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    if character in _SHORT:
        return _SHORT[character]
    point = ord(character)
    return f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"
