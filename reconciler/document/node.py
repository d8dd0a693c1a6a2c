"""One object of a saved plan, which knows the way to it, so that every complaint can say where.

What is missing and may be null counts as null; what is there and of another kind is refused, never converted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NoReturn, TypeVar

from ..errors import PlanFileError
from ..model import JsonObject

_Word = TypeVar("_Word", bound=StrEnum)
_HINT = "save it again with `reconciler plan --out FILE`, and do not edit it"
_KINDS = {
    dict: "an object",
    list: "a list",
    str: "a text",
    bool: "true or false",
    int: "a number",
    float: "a number",
    type(None): "null",
}


def refuse(what: str) -> NoReturn:
    """Raise PlanFileError with the sentence `what` and what to do."""
    raise PlanFileError(what, hint=_HINT)


@dataclass(frozen=True, slots=True)
class Node:
    """An object of the file; `way` leads to it, as `plans[1].changes[0]`, and is empty for the whole file."""

    value: JsonObject
    way: str = ""

    def text(self, key: str) -> str:
        """The text at `key`, which must be there."""
        value = self.value.get(key)
        return value if isinstance(value, str) else self._not(key, "a text")

    def text_or_none(self, key: str) -> str | None:
        """The text at `key`, None where it is null or missing."""
        return None if self.value.get(key) is None else self.text(key)

    def texts(self, key: str) -> tuple[str, ...]:
        """The texts of the list at `key`, none where it is missing."""
        value = self.value.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            self._not(key, "a list of texts")
        return tuple(value)

    def flag(self, key: str) -> bool:
        """The true or false at `key`, which must be there."""
        value = self.value.get(key)
        return value if isinstance(value, bool) else self._not(key, "true or false")

    def flag_or_null(self, key: str) -> bool | None:
        """The true, false or null at `key`, which must be there."""
        return self.flag(key) if self.value.get(key, "") is not None else None

    def text_or_null(self, key: str) -> str | None:
        """The text or null at `key`, which must be there."""
        return self.text(key) if self.value.get(key, "") is not None else None

    def number(self, key: str) -> float:
        """The number at `key`, which must be there."""
        value = self.value.get(key)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return value
        return self._not(key, "a number")

    def count(self, key: str, least: int = 0, default: int | None = None) -> int:
        """The whole number at `key`, at least `least`; `default` where it is missing and there is one."""
        value = self.value.get(key, default)
        if isinstance(value, int) and not isinstance(value, bool) and value >= least:
            return value
        return self._not(key, f"a whole number from {least}")

    def word(self, key: str, words: type[_Word]) -> _Word:
        """The member of `words` that `key` names, which must be there."""
        value = self.value.get(key)
        for each in words:
            if each.value == value:
                return each
        return self._not(key, " or ".join(each.value for each in words))

    def word_or_none(self, key: str, words: type[_Word]) -> _Word | None:
        """The member of `words` that `key` names, None where it is null or missing."""
        return None if self.value.get(key) is None else self.word(key, words)

    def mapping(self, key: str) -> JsonObject:
        """The object at `key` as it stands, which must be there."""
        value = self.value.get(key)
        return value if isinstance(value, dict) else self._not(key, "an object")

    def mapping_or_none(self, key: str) -> JsonObject | None:
        """The object at `key` as it stands, None where it is null or missing."""
        return None if self.value.get(key) is None else self.mapping(key)

    def child(self, key: str) -> Node:
        """The object at `key`, to read from."""
        return Node(self.mapping(key), self.at(key))

    def child_or_none(self, key: str) -> Node | None:
        """The object at `key`, to read from; None where it is null or missing."""
        return None if self.value.get(key) is None else self.child(key)

    def children(self, key: str) -> Iterator[Node]:
        """The objects of the list at `key`, which must be there."""
        value = self.value.get(key)
        if not isinstance(value, list):
            self._not(key, "a list")
        for index, each in enumerate(value):
            way = f"{self.at(key)}[{index}]"
            if not isinstance(each, dict):
                refuse(f"the plan file cannot be read: {way} must be an object, and is {_kind(each)}")
            yield Node(each, way)

    def at(self, key: str) -> str:
        """The way to what stands at `key`."""
        return f"{self.way}.{key}" if self.way else key

    def _not(self, key: str, wanted: str) -> NoReturn:
        found = "and is missing" if key not in self.value else f"and is {_kind(self.value[key])}"
        refuse(f"the plan file cannot be read: {self.at(key)} must be {wanted}, {found}")


def _kind(value: Any) -> str:
    if isinstance(value, str) and len(value) <= 40:
        return ascii(value)
    return _KINDS[type(value)]
