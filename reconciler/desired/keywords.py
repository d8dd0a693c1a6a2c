"""What each keyword of a schema means, in words for people who do not read JSON Schema."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..model import Path

_LONGEST = 60
_PRIVATE = frozenset({"credentials", "webhook", "baseUri"})
_OF_ENTRIES = frozenset({"minItems", "uniqueItems"})
_SEPARATED = re.compile(r"[0-9]+(?:[,_.' ][0-9]+)+")
_TYPES = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping of fields",
    "null": "empty",
}


@dataclass(frozen=True, slots=True)
class Violation:
    """A keyword of a schema that a value does not satisfy; `alternatives` are those of each branch of an anyOf."""

    path: Path
    keyword: str
    expected: Any
    value: Any
    schema: Mapping[str, Any]
    of_key: bool
    alternatives: tuple[tuple[Violation, ...], ...] = ()


def sentence(each: Violation) -> str:
    """What is there, shortened (nothing below `credentials`), and what would be right."""
    what = "" if each.keyword in _OF_ENTRIES else shown(each)
    return f"{what}{_WORDS.get(each.keyword, _other)(each)}"


def type_words(name: str) -> str:
    """A JSON type for people."""
    return _TYPES.get(name, "another value")


def shortened(text: str) -> str:
    """At most 60 characters of a text."""
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def suggestion(text: str, known: Iterable[str]) -> str:
    """`; did you mean X?` for the nearest of the known words, or nothing."""
    near = nearest(text, known)
    return f"; did you mean {near}?" if near else ""


def nearest(text: str, known: Iterable[str]) -> str:
    """The known word that `text` is most like; empty if it is like none."""
    from difflib import get_close_matches

    words = {word.lower(): word for word in sorted(known, reverse=True)}
    lowered = text.lower()
    near = get_close_matches(lowered, words, n=1) if len(text) <= _LONGEST else []
    if not near and len(text) >= 2:
        near = [word for word in words if word.startswith(lowered)][-1:]
    return words[near[0]] if near else ""


def is_private(path: Path, text: str = "") -> bool:
    """Whether what stands at a path, or the text itself, may hold a secret: credentials, and any URL, which may carry a
    user, a password or a token. No message quotes it."""
    return not _PRIVATE.isdisjoint(path) or "://" in text


def shown(each: Violation) -> str:
    """`is 5000, but `, or nothing where the value is private."""
    value = each.value
    if value is None:
        return "is empty, but "
    if is_private(each.path, value if isinstance(value, str) else ""):
        return ""
    if isinstance(value, dict | list):
        return f"is {'a mapping' if isinstance(value, dict) else 'a list'}, but "
    return f"is {shortened(json.dumps(value, ensure_ascii=False))}, but "


def _type(each: Violation) -> str:
    wanted, value = str(each.expected), each.value
    words = f"must be {_TYPES.get(wanted, wanted)}"
    if wanted == "string" and "pattern" in each.schema and each.schema.get("examples"):
        words = f'{words} such as "{each.schema["examples"][0]}"'
    return f"{words}{_advice(wanted, value)}"


def _advice(wanted: str, value: Any) -> str:
    """How a value of the wrong type is usually made right."""
    if wanted == "string" and isinstance(value, bool | int | float):
        return "; put it in quotes"
    if wanted == "array" and isinstance(value, str):
        return "; write it in brackets"
    if wanted == "array" and isinstance(value, dict):
        return "; begin each entry with a dash and a blank"
    if not isinstance(value, str):
        return ""
    if wanted in ("integer", "number") and value.replace(".", "", 1).isdigit():
        return "; remove the quotes"
    if wanted == "integer" and _SEPARATED.fullmatch(value):
        return "; write digits only, without separators"
    if wanted == "number" and _SEPARATED.fullmatch(value):
        return "; write a dot before the decimals, and no separators"
    is_word = wanted == "boolean" and value.lower() in ("yes", "no", "on", "off", "true", "false")
    return ", without quotes" if is_word else ""


def _enum(each: Violation) -> str:
    allowed = [str(one) for one in each.expected]
    near = suggestion(each.value, allowed) if isinstance(each.value, str) else ""
    return f"must be one of {', '.join(allowed)}{near}"


def _length(each: Violation) -> str:
    return "must not be empty" if each.expected == 1 else f"must have at least {each.expected} characters"


def _entries(each: Violation) -> str:
    return f"must have at least {'one entry' if each.expected == 1 else f'{each.expected} entries'}"


def first_repeated(items: list[Any]) -> str | None:
    """The first entry of a list that is there twice, as JSON; None if there is none."""
    seen = set()
    for item in items:
        text = json.dumps(item, sort_keys=True, ensure_ascii=False)
        if text in seen:
            return text
        seen.add(text)
    return None


def _repeated(each: Violation) -> str:
    return f"must not repeat {shortened(first_repeated(each.value) or 'an entry')}"


def _excluded(each: Violation) -> str:
    words = each.expected.get("enum", ()) if isinstance(each.expected, dict) else ()
    return f"must not be {' or '.join(map(str, words))}" if words else "is not allowed here"


def _other(each: Violation) -> str:
    return f"does not fit `{each.keyword}: {shortened(json.dumps(each.expected))}`"


_WORDS: dict[str, Callable[[Violation], str]] = {
    "type": _type,
    "enum": _enum,
    "minimum": lambda each: f"must be at least {each.expected}",
    "maximum": lambda each: f"must be at most {each.expected}",
    "exclusiveMinimum": lambda each: f"must be above {each.expected}",
    "exclusiveMaximum": lambda each: f"must be below {each.expected}",
    "pattern": lambda each: str(each.schema.get("patternErrorMessage", f"must match {each.expected}")),
    "format": lambda each: f"must be a {each.expected} that exists",
    "minLength": _length,
    "minItems": _entries,
    "maxLength": lambda each: f"must have at most {each.expected} characters",
    "uniqueItems": _repeated,
    "not": _excluded,
}
