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
_PRIVATE = frozenset({"credentials", "webhook", "baseUri", "issuer"})
_OF_FIELDS = frozenset({"additionalProperties", "required", "dependentRequired"})
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
    seen = set()
    for error in errors:
        for problem in _of(error):
            if problem not in seen:
                seen.add(problem)
                yield problem


def field_text(path: Path) -> str:
    """A path in a file for people: `schedules[0].scheduleDetails[1].endTime`; the whole document is "the document"."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text or "the document"


def _of(error: ValidationError) -> Iterator[Problem]:
    path, schema = tuple(error.absolute_path), _schema(error)
    value: Any = error.instance
    if "propertyNames" in error.relative_schema_path:
        words = schema.get("patternErrorMessage", "is not allowed here")
        message = f"the key {shorten(value)!r} of {field_text(path)} {words}"
        yield Problem((*path, value), message, at_key=True)
    elif error.validator in _OF_FIELDS:
        yield from _of_fields(error, path, value)
    elif error.validator in ("anyOf", "oneOf"):
        yield from _alternatives(error, path)
    elif error.validator != "format" or re.search(schema.get("pattern", ""), str(value)):  # else the pattern says more
        yield Problem(path, f"{field_text(path)} {sentence(error)}")


def _of_fields(error: ValidationError, path: Path, value: Any) -> Iterator[Problem]:
    """What is wrong with the fields that a mapping has, or lacks."""
    if error.validator == "additionalProperties":
        known = _schema(error).get("properties", {})
        for key in value:
            if key not in known:
                message = _unknown(path, key, known)
                yield Problem((*path, key), message, at_key=True, meant=nearest_word(key, known))
    elif error.validator == "required":
        for key in _expected(error):
            if key not in value:
                yield Problem(path, f"{field_text((*path, key))} is missing", lacks=key)
    else:
        for key, others in _expected(error).items():
            for other in others:
                if key in value and other not in value:
                    yield Problem(path, f'{field_text((*path, key))} needs "{other}" beside it', lacks=other)


def _schema(error: ValidationError) -> Mapping[str, Any]:
    return error.schema if isinstance(error.schema, dict) else {}


def _expected(error: ValidationError) -> Any:
    return error.validator_value


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


def _one_of_fields(path: Path, value: Any, fields: list[str]) -> Iterator[Problem]:
    """A mapping that has none, or several, of the fields of which it must have one."""
    if not isinstance(value, dict):
        return  # its type is wrong, and that is said already
    if there := [field for field in fields if field in value]:
        yield Problem(path, f"{field_text(path)} has {' and '.join(there)}, but only one of them is allowed")
    else:
        yield Problem(path, f"{field_text(path)} needs one of {', '.join(fields)}", lacks=fields[0])


def _alternatives(error: ValidationError, path: Path) -> Iterator[Problem]:
    """The problems of the alternative that was meant: the one whose type fits the value."""
    if error.validator == "oneOf" and all(set(branch) == {"required"} for branch in _expected(error)):
        yield from _one_of_fields(path, error.instance, [branch["required"][0] for branch in _expected(error)])
        return
    branches: dict[Any, list[ValidationError]] = {}
    for below in error.context or ():
        branches.setdefault(below.relative_schema_path[0], []).append(below)
    wrong_types = []
    for branch in branches.values():
        of_type = [one for one in branch if one.validator == "type" and tuple(one.absolute_path) == path]
        if not of_type:
            yield from _of_branch(error.instance, path, branch)
            return
        wrong_types.append(_TYPES.get(str(of_type[0].validator_value), "another value"))
    yield Problem(path, f"{field_text(path)} {_shown(error)}must be {' or '.join(wrong_types)}")


def _of_branch(value: Any, path: Path, branch: Iterable[ValidationError]) -> Iterator[Problem]:
    """The problems of one alternative. Words in one text, where a list is the other alternative, are meant as that list."""
    for problem in problems(branch):
        if isinstance(value, str) and _SEVERAL.search(value) and problem.path == path:
            listed = f"{problem.message.partition('; did you mean')[0]}; write several as a list in brackets"
            yield replace(problem, message=listed)
        else:
            yield problem


def sentence(error: ValidationError) -> str:
    """What is there, shortened (nothing below `credentials`), and what would be right."""
    what = "" if error.validator in _OF_ENTRIES else _shown(error)
    return f"{what}{_WORDS.get(str(error.validator), _other)(error)}"


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


def _shown(error: ValidationError) -> str:
    """`is 5000, but `, or nothing where the value is private."""
    value = error.instance
    if value is None:
        return "is empty, but "
    if is_private(tuple(error.absolute_path), value if isinstance(value, str) else ""):
        return ""
    if isinstance(value, dict | list):
        return f"is {'a mapping' if isinstance(value, dict) else 'a list'}, but "
    return f"is {quote(value)}, but "


def _type(error: ValidationError) -> str:
    wanted, value = str(error.validator_value), error.instance
    words = f"must be {_TYPES.get(wanted, wanted)}"
    if wanted == "string" and "pattern" in _schema(error) and _schema(error).get("examples"):
        words = f'{words} such as "{_schema(error)["examples"][0]}"'
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


def _enum(error: ValidationError) -> str:
    allowed = [str(word) for word in _expected(error)]
    near = suggestion(error.instance, allowed) if isinstance(error.instance, str) else ""
    return f"must be one of {', '.join(allowed)}{near}"


def _length(error: ValidationError) -> str:
    return (
        "must not be empty" if error.validator_value == 1 else f"must have at least {error.validator_value} characters"
    )


def _entries(error: ValidationError) -> str:
    return f"must have at least {'one entry' if error.validator_value == 1 else f'{error.validator_value} entries'}"


def first_repeated(items: Any) -> str | None:
    """The first entry of a list that is there twice, as JSON; None if there is none."""
    seen = set()
    for item in items:
        text = json.dumps(item, sort_keys=True, ensure_ascii=False)
        if text in seen:
            return text
        seen.add(text)
    return None


def _excluded(error: ValidationError) -> str:
    words = error.validator_value.get("enum", ()) if isinstance(error.validator_value, dict) else ()
    return (
        f"must not be {' or '.join(map(str, words))}"
        if words
        else str(_schema(error).get("patternErrorMessage", "is not allowed here"))
    )


def _other(error: ValidationError) -> str:
    limit = _LIMITS.get(str(error.validator))
    if limit is not None:
        return limit.format(error.validator_value)
    return f"does not fit `{error.validator}: {quote(error.validator_value)}`"


_LIMITS = {
    "minimum": "must be at least {}",
    "maximum": "must be at most {}",
    "exclusiveMinimum": "must be above {}",
    "exclusiveMaximum": "must be below {}",
    "maxLength": "must have at most {} characters",
    "format": "must be a {} that exists",
}
_WORDS: dict[str, Callable[[ValidationError], str]] = {
    "type": _type,
    "enum": _enum,
    "pattern": lambda error: str(_schema(error).get("patternErrorMessage", f"must match {error.validator_value}")),
    "minLength": _length,
    "minItems": _entries,
    "uniqueItems": lambda error: f"must not repeat {shorten(first_repeated(error.instance) or 'an entry')}",
    "not": _excluded,
}
