"""What plain scalars read as, and what must therefore be quoted.

Reading follows YAML 1.2 (core schema, YAML 1.2.2 §10.3.2): `09:00`, `no` and `on` are text. Every result can be written
as JSON. What has no number in JSON (`.inf`, `.nan`, `1e999`) stays text, and so does an integer too long to be one, so
that the schema refuses it where a number belongs.

Writing is more careful. YAML 1.1 reads `no`, `09:00` and `0o7` as other things, and people open these files with both. So
text is left unquoted only where no version, and no flow context, could see anything but that text in it.
"""

from __future__ import annotations

import math
import re
from functools import cache
from typing import Any

ScalarValue = str | int | float | bool | None

_CONSTANTS: dict[str, ScalarValue] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = re.compile(r"[-+]?[0-9]+", re.ASCII)
_OCTAL = re.compile(r"0o[0-7]+", re.ASCII)
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+", re.ASCII)
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", re.ASCII)
_LONGEST_INTEGER = 400  # no double is longer, and converting digits costs their square

# What only writing needs is compiled when something is first written.
_WORDS = r"[A-Za-z_][A-Za-z0-9_./-]*(?: [A-Za-z0-9_(][A-Za-z0-9_./()-]*)*"
_UUID = r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
_CLOCK = r"[0-9]{2}:[0-9]{2}(?::[0-9]{2})?"
# YAML 1.1's booleans and null (yaml.org/type), in any case: some readers are laxer than the specification.
_RESERVED = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf", "none"})

_ESCAPED = (
    '[\x00-\x1f"\\\\\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f'
    "\u205f-\u206f\u3000\u3164\ufdd0-\ufdef\ufeff\uffa0\ufff0-\uffff\ud800-\udfff\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U0010ffff]"
)
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


@cache
def plain_value(text: str) -> ScalarValue:
    """The value of an unquoted scalar: schedules repeat the same few, and equal ones are then one object."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text[0] not in "+-.0123456789" or len(text) > _LONGEST_INTEGER:
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        number = float(text)
        return number if math.isfinite(number) else text
    if _OCTAL.fullmatch(text):
        return int(text[2:], 8)
    return int(text[2:], 16) if _HEXADECIMAL.fullmatch(text) else text


def scalar_text(value: Any) -> str:
    """A text, number or truth value, quoted where that is needed."""
    if isinstance(value, str):
        return value if is_plain(value) else quoted(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value)


def is_plain(text: str) -> bool:
    """Whether text needs no quotes, in any place and for any reader."""
    if re.fullmatch(_UUID, text):
        return True
    return re.fullmatch(_WORDS, text) is not None and text.lower() not in _RESERVED


def quoted(text: str) -> str:
    """Text in double quotes, on one line, with an escape for every character that a person would not see.

    The escapes are those that JSON has too, for files that are JSON.
    """
    return f'"{re.sub(_ESCAPED, _escape, text)}"'


def restyled(value: Any, old: str, style: str) -> str:
    """A value in the place of a scalar that reads `old`, in its style (`"`, `'` or none) as far as the value allows."""
    if not isinstance(value, str) or style not in ("'", '"', ""):
        return scalar_text(value)
    if style == '"' or (style == "'" and re.search(_ESCAPED, value.replace('"', "").replace("\\", ""))):
        return quoted(value)
    if style == "'":
        return "'" + value.replace("'", "''") + "'"
    return value if re.fullmatch(_CLOCK, value) and re.fullmatch(_CLOCK, old) else scalar_text(value)


def can_be_written(text: str) -> bool:
    """Whether a file can hold the text at all: half a surrogate pair (RFC 8259 §8.2 allows it) has no UTF-8."""
    return text.encode("utf-8", "ignore").decode("utf-8") == text


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    if character in _SHORT:
        return _SHORT[character]
    point = ord(character)
    return f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"
