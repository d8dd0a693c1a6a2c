"""Scalars that YAML 1.1 and 1.2 both read as the very value that was written."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from reconciler.model import JsonObject
from reconciler.yaml import parse_yaml
from reconciler.yaml.scalars import can_be_written, is_plain, quoted, restyled, scalar_text

_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
ODD = (
    *(
        "yes",
        "No",
        "ON",
        "off",
        "y",
        "N",
        "true",
        "null",
        "~",
        "",
        "1e3",
        "0x1",
        "0o7",
        "09:00",
        "1_000",
        ".5",
        ".inf",
    ),
    *(
        "2026-11-22",
        "=",
        "<<",
        "- a",
        "a: b",
        "a #b",
        " a",
        "a ",
        "# a",
        "[a",
        "{a",
        "a,b",
        "*a",
        "&a",
        "!a",
        "%a",
        "@a",
    ),
    *(
        "`a",
        "'",
        '"',
        "\\",
        "|",
        ">",
        "?",
        ":",
        "...",
        "---",
        "a\nb",
        "a\tb",
        "\x00",
        "\x07",
        "\x85",
        "\xa0",
        "\u2028",
    ),
    *(
        "\ufeff",
        "\ufffe",
        "\uffff",
        "\u202e",
        "😀",
        "👨\u200d👩",
        "é",
        "\U000e0041",
        "\U0010ffff",
        "-",
        "1",
        "-1",
        "+1",
        "1.",
        "1:30",
    ),
)


def both_readings(text: str) -> tuple[object, object]:
    """What a value means in block and in flow style, by YAML 1.1 and by this program's own reader."""
    document = f"a: {text}\nb: [{text}, {{c: {text}}}]\n"
    old = yaml.safe_load(document)
    new: JsonObject = parse_yaml(document.encode()).documents[0].data
    assert old["a"] == old["b"][0] == old["b"][1]["c"]
    assert new["a"] == new["b"][0] == new["b"][1]["c"]
    return old["a"], new["a"]


@pytest.mark.parametrize("text", ODD)
def test_odd_texts_stay_texts(text: str) -> None:
    assert both_readings(scalar_text(text)) == (text, text)


@given(_TEXTS)
@example("x" * 200)
def test_any_text_stays_that_text(text: str) -> None:
    assert both_readings(scalar_text(text)) == (text, text)
    assert both_readings(quoted(text)) == (text, text)


@pytest.mark.parametrize("value", [5000, 1.2, 0.1, True, False])
def test_numbers_and_truth_values_stay_what_they_are(value: object) -> None:
    assert both_readings(scalar_text(value)) == (value, value)


@given(_TEXTS, _TEXTS, st.sampled_from(['"', "'", "", "|", ">"]))
def test_a_value_in_the_style_of_another_is_that_value(value: str, old: str, style: str) -> None:
    assert both_readings(restyled(value, old, style)) == (value, value)


@pytest.mark.parametrize(
    ("value", "old", "style", "expected"),
    [
        ("New York", "x", "", "New York"),
        ("yes", "x", "", '"yes"'),
        ("a", "x", '"', '"a"'),
        ("it's", "x", "'", "'it''s'"),
        ('a"b\\', "x", "'", "'a\"b\\'"),
        ("a\nb", "x", "'", '"a\\nb"'),
        ("a", "x", "|", "a"),
        (4000, "5000", "", "4000"),
        (4000, "5000", '"', "4000"),
    ],
)
def test_the_style_is_kept_as_far_as_the_value_allows(value: object, old: str, style: str, expected: str) -> None:
    assert restyled(value, old, style) == expected


def test_a_time_without_quotes_stays_without() -> None:
    assert restyled("08:30", "09:00", "") == "08:30"
    assert restyled("08:30", "noon", "") == '"08:30"'


def test_ids_and_plain_words_need_no_quotes() -> None:
    assert is_plain("1e345678-e5f6-7890-abcd-ef1234567890")
    assert is_plain("Weekday calling (east)")
    assert not is_plain("1e3")


def test_half_a_surrogate_pair_cannot_be_written() -> None:
    assert can_be_written("😀")
    assert not can_be_written("\ud83d")
