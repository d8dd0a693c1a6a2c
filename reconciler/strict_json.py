"""JSON in which nothing is left to the reader (RFC 8259): finite numbers, no NaN, no key twice in one object."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any, NoReturn

_DIGITS = 300  # of a whole number; one that is longer has no place among floating-point numbers


class RepeatedKeyError(ValueError):
    """An object has a key twice: one program would take the last value, another the first."""

    def __init__(self, key: str) -> None:
        super().__init__(f"an object repeats the key {key[:40]!a}")
        self.key = key


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        keys = [key for key, _ in pairs]
        raise RepeatedKeyError(next(key for key in keys if keys.count(key) > 1))
    return value


def _constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is not a JSON number")


def _whole(text: str) -> int:
    if len(text) > _DIGITS:
        raise ValueError(f"the number {text[:40]} is too large")
    return int(text)


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"the number {text[:40]} is too large")
    return value


decode_json: Callable[[str], Any] = json.JSONDecoder(
    object_pairs_hook=_object, parse_constant=_constant, parse_float=_finite, parse_int=_whole
).decode
"""The value of a JSON text. ValueError (json.JSONDecodeError where it is no JSON at all) or RecursionError for anything else."""
