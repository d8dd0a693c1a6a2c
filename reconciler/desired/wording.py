"""What a schema says about a value, in words for people who do not read JSON Schema.

Every problem is about one value: it names the field, quotes what is there (shortened) and says what would be right.
What may be a secret is never quoted: nothing that stands below `credentials`, not even an unknown key, and no URL.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..model import Path
from ..phrases import quote, shorten

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

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
_LISTED = 12
_SEVERAL = re.compile(r"[A-Za-z]\W+[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with the value at `path`, or with the key itself.

    `lacks` is the field that the value lacks, where that is all that is wrong with it; `meant` the field that an unknown
    key may stand for.
    """

    path: Path
    message: str
    at_key: bool = False
    lacks: str = ""
    meant: str = ""


def problems(errors: Iterable[ValidationError]) -> Iterator[Problem]:
    """All problems that jsonschema's errors stand for, each once, in the errors' order."""
    return _all(_violation(error) for error in errors)


def _all(violations: Iterable[SchemaViolation]) -> Iterator[Problem]:
    seen = set()
    for violation in violations:
        for problem in _of(violation):
            if problem not in seen:
                seen.add(problem)
                yield problem


def _violation(error: ValidationError) -> SchemaViolation:
    branches: dict[Any, list[SchemaViolation]] = {}
    for below in error.context or ():
        branches.setdefault(below.relative_schema_path[0], []).append(_violation(below))
    return SchemaViolation(
        tuple(error.absolute_path),
        str(error.validator),
        error.validator_value,
        error.instance,
        error.schema if isinstance(error.schema, dict) else {},
        "propertyNames" in error.relative_schema_path,
        tuple(map(tuple, branches.values())),
    )


def field_text(path: Path) -> str:
    """A path in a file for people: `schedules[0].scheduleDetails[1].endTime`; the whole document is "the document"."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text or "the document"


def _of(violation: SchemaViolation) -> Iterator[Problem]:
    path = violation.path
    if violation.of_key:
        words = violation.schema.get("patternErrorMessage", "is not allowed here")
        message = f"the key {shorten(violation.value)!r} of {field_text(path)} {words}"
        yield Problem((*path, violation.value), message, at_key=True)
    elif violation.keyword == "additionalProperties":
        known = violation.schema.get("properties", {})
        for key in violation.value:
            if key not in known:
                message = _unknown(path, key, known)
                yield Problem((*path, key), message, at_key=True, meant=nearest_word(key, known))
    elif violation.keyword == "required":
        for key in violation.expected:
            if key not in violation.value:
                yield Problem(path, f"{field_text((*path, key))} is missing", lacks=key)
    elif violation.keyword in ("anyOf", "oneOf"):
        yield from _alternatives(violation)
    else:
        yield Problem(path, f"{field_text(path)} {sentence(violation)}")


def _unknown(path: Path, key: str, known: Iterable[str]) -> str:
    if "credentials" in path or is_private((), key):
        what = f"{field_text(path)} has an unknown field"
    else:
        what = f"unknown field {field_text((*path, shorten(key)))}"
    near = suggestion(key, known)
    if near:
        return f"{what}{near}"
    names = sorted(known)
    listed = ", ".join(names[:_LISTED]) + (", …" if len(names) > _LISTED else "")
    return f"{what}; allowed here: {listed}"


def _alternatives(violation: SchemaViolation) -> Iterator[Problem]:
    """The problems of the alternative that was meant: the one whose type fits the value."""
    wrong_types = []
    for branch in violation.alternatives:
        of_type = [one for one in branch if one.keyword == "type" and one.path == violation.path]
        if not of_type:
            yield from _of_branch(violation, branch)
            return
        wrong_types.append(type_words(str(of_type[0].expected)))
    yield Problem(
        violation.path,
        f"{field_text(violation.path)} {_shown(violation)}must be {' or '.join(wrong_types)}",
    )


def _of_branch(violation: SchemaViolation, branch: Iterable[SchemaViolation]) -> Iterator[Problem]:
    """The problems of one alternative. Words in one text, where a list is the other alternative, are meant as that list."""
    for problem in _all(branch):
        if (
            isinstance(violation.value, str)
            and _SEVERAL.search(violation.value)
            and problem.path == violation.path
        ):
            listed = f"{problem.message.partition('; did you mean')[0]}; write several as a list in brackets"
            yield replace(problem, message=listed)
        else:
            yield problem


@dataclass(frozen=True, slots=True)
class SchemaViolation:
    """A keyword of a schema that a value does not satisfy; `alternatives` are those of each branch of an anyOf."""

    path: Path
    keyword: str
    expected: Any
    value: Any
    schema: Mapping[str, Any]
    of_key: bool
    alternatives: tuple[tuple[SchemaViolation, ...], ...] = ()


def sentence(violation: SchemaViolation) -> str:
    """What is there, shortened (nothing below `credentials`), and what would be right."""
    what = "" if violation.keyword in _OF_ENTRIES else _shown(violation)
    return f"{what}{_WORDS.get(violation.keyword, _other)(violation)}"


def type_words(name: str) -> str:
    """A JSON type for people."""
    return _TYPES.get(name, "another value")


def suggestion(text: str, known: Iterable[str]) -> str:
    """`; did you mean X?` for the nearest of the known words, or nothing."""
    near = nearest_word(text, known)
    return f"; did you mean {near}?" if near else ""


def nearest_word(text: str, known: Iterable[str]) -> str:
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


def _shown(violation: SchemaViolation) -> str:
    """`is 5000, but `, or nothing where the value is private."""
    value = violation.value
    if value is None:
        return "is empty, but "
    if is_private(violation.path, value if isinstance(value, str) else ""):
        return ""
    if isinstance(value, dict | list):
        return f"is {'a mapping' if isinstance(value, dict) else 'a list'}, but "
    return f"is {quote(value)}, but "


def _type(violation: SchemaViolation) -> str:
    wanted, value = str(violation.expected), violation.value
    words = f"must be {_TYPES.get(wanted, wanted)}"
    if wanted == "string" and "pattern" in violation.schema and violation.schema.get("examples"):
        words = f'{words} such as "{violation.schema["examples"][0]}"'
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


def _enum(violation: SchemaViolation) -> str:
    allowed = [str(one) for one in violation.expected]
    near = suggestion(violation.value, allowed) if isinstance(violation.value, str) else ""
    return f"must be one of {', '.join(allowed)}{near}"


def _length(violation: SchemaViolation) -> str:
    return (
        "must not be empty"
        if violation.expected == 1
        else f"must have at least {violation.expected} characters"
    )


def _entries(violation: SchemaViolation) -> str:
    return f"must have at least {'one entry' if violation.expected == 1 else f'{violation.expected} entries'}"


def first_repeated(items: list[Any]) -> str | None:
    """The first entry of a list that is there twice, as JSON; None if there is none."""
    seen = set()
    for item in items:
        text = json.dumps(item, sort_keys=True, ensure_ascii=False)
        if text in seen:
            return text
        seen.add(text)
    return None


def _repeated(violation: SchemaViolation) -> str:
    return f"must not repeat {shorten(first_repeated(violation.value) or 'an entry')}"


def _excluded(violation: SchemaViolation) -> str:
    words = violation.expected.get("enum", ()) if isinstance(violation.expected, dict) else ()
    return f"must not be {' or '.join(map(str, words))}" if words else "is not allowed here"


def _other(violation: SchemaViolation) -> str:
    return f"does not fit `{violation.keyword}: {quote(violation.expected)}`"


_WORDS: dict[str, Callable[[SchemaViolation], str]] = {
    "type": _type,
    "enum": _enum,
    "minimum": lambda violation: f"must be at least {violation.expected}",
    "maximum": lambda violation: f"must be at most {violation.expected}",
    "exclusiveMinimum": lambda violation: f"must be above {violation.expected}",
    "exclusiveMaximum": lambda violation: f"must be below {violation.expected}",
    "pattern": lambda violation: str(
        violation.schema.get("patternErrorMessage", f"must match {violation.expected}")
    ),
    "format": lambda violation: f"must be a {violation.expected} that exists",
    "minLength": _length,
    "minItems": _entries,
    "maxLength": lambda violation: f"must have at most {violation.expected} characters",
    "uniqueItems": _repeated,
    "not": _excluded,
}
