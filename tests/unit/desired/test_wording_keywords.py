from __future__ import annotations

from typing import Any

import pytest
from jsonschema.exceptions import ValidationError

from reconciler.desired.wording import first_repeated, sentence, suggestion

_DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY")


@pytest.mark.parametrize(
    ("text", "known", "words"),
    [
        ("MON", _DAYS, "; did you mean MONDAY?"),
        ("tuesday", _DAYS, "; did you mean TUESDAY?"),
        ("we", _DAYS, "; did you mean WEDNESDAY?"),
        ("x", _DAYS, ""),
        ("", _DAYS, ""),
        ("MONDAY" * 100, _DAYS, ""),
        ("color", (), ""),
        ("ab", ("abx", "aby"), "; did you mean aby?"),
    ],
)
def test_suggestion(text: str, known: tuple[str, ...], words: str) -> None:
    assert suggestion(text, known) == words
    assert suggestion(text, reversed(known)) == words


@pytest.mark.parametrize(
    ("items", "repeated"),
    [
        ([], None),
        ([1, "1", True, None], None),
        ([{"a": 1, "b": 2}, 3, {"b": 2, "a": 1}], '{"a": 1, "b": 2}'),
        (["é", "é"], '"é"'),
    ],
)
def test_first_repeated(items: list[Any], repeated: str | None) -> None:
    assert first_repeated(items) == repeated


def _error(path: tuple[str, ...], keyword: str, expected: Any, value: Any) -> ValidationError:
    return ValidationError("", path=path, validator=keyword, validator_value=expected, instance=value, schema={})


@pytest.mark.parametrize(
    ("keyword", "expected", "value", "words"),
    [
        ("exclusiveMaximum", 5, 5, "is 5, but must be below 5"),
        ("minLength", 2, "L", 'is "L", but must have at least 2 characters'),
        ("minItems", 3, [], "must have at least 3 entries"),
        ("format", "date", "2026-02-30", 'is "2026-02-30", but must be a date that exists'),
        ("not", {"type": "null"}, None, "is empty, but is not allowed here"),
        ("const", 1, 2, "is 2, but does not fit `const: 1`"),
        ("pattern", "^x$", "y", 'is "y", but must match ^x$'),
        ("type", "null", 1, "is 1, but must be empty"),
    ],
)
def test_keywords_without_a_field_of_their_own(keyword: str, expected: Any, value: Any, words: str) -> None:
    assert sentence(_error(("a",), keyword, expected, value)) == words
    hidden = sentence(_error(("credentials", "a"), keyword, expected, value))
    assert value is None or "but" not in hidden
    assert words.endswith(hidden)
