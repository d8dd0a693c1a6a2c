"""Plain scalars as YAML 1.2 reads them (core schema, YAML 1.2.2 §10.3.2): `09:00`, `no` and `on` are text.

Every result can be written as JSON. What has no number in JSON (`.inf`, `.nan`, `1e999`) stays text, and so does an
integer too long to be one, so that the schema refuses it where a number belongs.
"""

from __future__ import annotations

import math
import re

Scalar = str | int | float | bool | None

_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = re.compile(r"[-+]?[0-9]+", re.ASCII)
_OCTAL = re.compile(r"0o[0-7]+", re.ASCII)
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+", re.ASCII)
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", re.ASCII)
_LONGEST_INTEGER = 400  # no double is longer, and converting digits costs their square


def resolve(text: str) -> Scalar:
    """The value of an unquoted scalar."""
    if text in _WORDS:
        return _WORDS[text]
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


class PlainScalars(dict[str, Scalar]):
    """`resolve` with a memory: schedules repeat the same few values, and equal ones are then one object."""

    def __missing__(self, text: str) -> Scalar:
        value = self[text] = resolve(text)
        return value


class Texts(dict[str, str]):
    """One object for equal texts, which keeps 10,000 schedules small."""

    def __missing__(self, text: str) -> str:
        self[text] = text
        return text


class Memory:
    """What one run of the loader remembers of the scalars it has seen."""

    __slots__ = ("plain", "texts")

    def __init__(self) -> None:
        self.plain = PlainScalars()
        self.texts = Texts()
