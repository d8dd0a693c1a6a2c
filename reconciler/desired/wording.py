"""What a schema has to say about a value, in words for people who do not read JSON Schema.

Every problem is about one value: it names the field, quotes what is there (shortened) and says what would be right.
What may be a secret is never quoted: nothing that stands below `credentials`, not even an unknown key, and no URL.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..model import Path
from .keywords import Violation, is_private, nearest, sentence, shortened, shown, suggestion, type_words

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

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


def _all(violations: Iterable[Violation]) -> Iterator[Problem]:
    told = set()
    for each in violations:
        for problem in _of(each):
            if problem not in told:
                told.add(problem)
                yield problem


def _violation(error: ValidationError) -> Violation:
    branches: dict[Any, list[Violation]] = {}
    for each in error.context or ():
        branches.setdefault(each.relative_schema_path[0], []).append(_violation(each))
    return Violation(
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


def _of(each: Violation) -> Iterator[Problem]:
    path = each.path
    if each.of_key:
        words = each.schema.get("patternErrorMessage", "is not allowed here")
        message = f"the key {shortened(each.value)!r} of {field_text(path)} {words}"
        yield Problem((*path, each.value), message, at_key=True)
    elif each.keyword == "additionalProperties":
        known = each.schema.get("properties", {})
        for key in each.value:
            if key not in known:
                message = _unknown(path, key, known)
                yield Problem((*path, key), message, at_key=True, meant=nearest(key, known))
    elif each.keyword == "required":
        for key in each.expected:
            if key not in each.value:
                yield Problem(path, f"{field_text((*path, key))} is missing", lacks=key)
    elif each.keyword in ("anyOf", "oneOf"):
        yield from _alternatives(each)
    else:
        yield Problem(path, f"{field_text(path)} {sentence(each)}")


def _unknown(path: Path, key: str, known: Iterable[str]) -> str:
    if "credentials" in path or is_private((), key):
        what = f"{field_text(path)} has an unknown field"
    else:
        what = f"unknown field {field_text((*path, shortened(key)))}"
    near = suggestion(key, known)
    if near:
        return f"{what}{near}"
    names = sorted(known)
    listed = ", ".join(names[:_LISTED]) + (", …" if len(names) > _LISTED else "")
    return f"{what}; allowed here: {listed}"


def _alternatives(each: Violation) -> Iterator[Problem]:
    """The problems of the alternative that was meant: the one whose type fits the value."""
    wrong_types = []
    for branch in each.alternatives:
        of_type = [one for one in branch if one.keyword == "type" and one.path == each.path]
        if not of_type:
            yield from _of_branch(each, branch)
            return
        wrong_types.append(type_words(str(of_type[0].expected)))
    yield Problem(
        each.path,
        f"{field_text(each.path)} {shown(each)}must be {' or '.join(wrong_types)}",
    )


def _of_branch(each: Violation, branch: Iterable[Violation]) -> Iterator[Problem]:
    """The problems of one alternative. Words in one text, where a list is the other alternative, are meant as that list."""
    for problem in _all(branch):
        if isinstance(each.value, str) and _SEVERAL.search(each.value) and problem.path == each.path:
            listed = f"{problem.message.partition('; did you mean')[0]}; write several as a list in brackets"
            yield replace(problem, message=listed)
        else:
            yield problem
