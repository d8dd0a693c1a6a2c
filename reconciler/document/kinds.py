"""Kinds of values in a document, each with its way *to* JSON and *from* it side by side.

A document is written by this program and read back by `apply --plan`; in between it may have been cut short, edited or
made by another version. So writing trusts the value, and reading does not: what is missing and may be null counts as
null, what is there and of another kind is refused with the way to it, never converted. Keys that no table names are
ignored.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, NoReturn

from ..errors import RefusedError
from ..model import JsonObject

FORMAT_VERSION = "1"
"""Of all documents."""

_REQUIRED: Any = object()
_NAMES = {
    dict: "an object",
    list: "a list",
    str: "a text",
    bool: "true or false",
    int: "a number",
    float: "a number",
    type(None): "null",
}


def refuse_document(reason: str) -> NoReturn:
    """Raise RefusedError with the sentence `reason` and what to do."""
    raise RefusedError(reason, hint="save it again with `reconciler plan --out FILE`, and do not edit it")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of value: `words` completes "must be …", `fits` says whether a JSON value is of this kind, `to_json`
    and `from_json` convert (the latter gets the way to the value for its complaints), `missing` stands for an absent key.
    """

    words: str
    fits: Callable[[Any], bool]
    to_json: Callable[[Any], Any] = lambda value: value
    from_json: Callable[[Any, str], Any] = lambda value, _way: value
    missing: Any = _REQUIRED

    def read(self, holder: JsonObject, key: str, way: str) -> Any:
        """The value at `key` of an object to which `way` leads (as `plans[1].changes[0]`, empty for the whole file)."""
        if key not in holder and self.missing is not _REQUIRED:
            return self.missing
        value = holder.get(key, _REQUIRED)
        here = f"{way}.{key}" if way else key
        if value is _REQUIRED or not self.fits(value):
            _refuse_kind(here, self, value)
        return self.from_json(value, here)


def _refuse_kind(way: str, kind: Kind, value: Any) -> NoReturn:
    short = isinstance(value, str) and len(value) <= 40
    what = "is missing" if value is _REQUIRED else f"is {ascii(value) if short else _NAMES[type(value)]}"
    refuse_document(f"the plan file cannot be read: {way} must be {kind.words}, and {what}")


def _is_date(value: Any) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


ANY = Kind("anything", lambda _: True, missing=None)
TEXT = Kind("a text", lambda value: isinstance(value, str))
TEXTS = Kind(
    "a list of texts",
    lambda value: isinstance(value, list) and all(isinstance(item, str) for item in value),
    list,
    lambda value, _: tuple(value),
    missing=(),
)
DATE = Kind("a date, YYYY-MM-DD", _is_date)
FLAG = Kind("true or false", lambda value: isinstance(value, bool))
NUMBER = Kind("a number", lambda value: isinstance(value, (int, float)) and not isinstance(value, bool))
OBJECT = Kind("an object", lambda value: isinstance(value, dict))


def count(least: int = 0, *, missing: Any = _REQUIRED) -> Kind:
    """A whole number of at least `least`."""
    return Kind(
        f"a whole number from {least}",
        lambda value: isinstance(value, int) and not isinstance(value, bool) and value >= least,
        missing=missing,
    )


def word(words: type[StrEnum]) -> Kind:
    """A member of an enumeration by its value."""
    values = {member.value: member for member in words}
    return Kind(
        " or ".join(values),
        lambda value: isinstance(value, str) and value in values,
        lambda member: member.value,
        lambda value, _: values[value],
    )


def nullable(kind: Kind) -> Kind:
    """The same, or null."""
    return replace(
        kind,
        fits=lambda value: value is None or kind.fits(value),
        to_json=lambda value: None if value is None else kind.to_json(value),
        from_json=lambda value, way: None if value is None else kind.from_json(value, way),
    )


def optional(kind: Kind) -> Kind:
    """The same, or null; a missing key counts as null."""
    return replace(nullable(kind), missing=None)


def many(kind: Kind) -> Kind:
    """A list of objects of this kind, a tuple in the program."""

    def from_json(items: list[Any], way: str) -> tuple[Any, ...]:
        values = []
        for index, item in enumerate(items):
            here = f"{way}[{index}]"
            if not kind.fits(item):
                _refuse_kind(here, kind, item)
            values.append(kind.from_json(item, here))
        return tuple(values)

    return Kind(
        "a list",
        lambda value: isinstance(value, list),
        lambda values: list(map(kind.to_json, values)),
        from_json,
    )


def record(made: Callable[..., Any], **kinds: Kind) -> Kind:
    """An object with a key for each of these attributes, `baseUri` for `base_uri`; read back by calling `made` with all."""
    columns = tuple((attribute, _camel_case(attribute), kind) for attribute, kind in kinds.items())

    def to_json(value: Any) -> JsonObject:
        return {key: kind.to_json(getattr(value, attribute)) for attribute, key, kind in columns}

    def from_json(holder: JsonObject, way: str) -> Any:
        return made(**{attribute: kind.read(holder, key, way) for attribute, key, kind in columns})

    return replace(OBJECT, to_json=to_json, from_json=from_json)


def _camel_case(attribute: str) -> str:
    first, *others = attribute.split("_")
    return first + "".join(map(str.capitalize, others))
