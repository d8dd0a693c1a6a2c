"""Pieces of sentences: counts, lists, weekdays, shortened values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model import WEEKDAYS
from reconciler.phrases import counted, first_of, listing, on_days, quote, shorten, weekdays


def test_counts_agree_with_their_noun() -> None:
    assert [counted(count, "error") for count in (0, 1, 2)] == ["0 errors", "1 error", "2 errors"]
    assert [counted(count, "entry", "entries") for count in (1, 2)] == ["1 entry", "2 entries"]


def test_listings() -> None:
    assert listing([]) == ""
    assert listing(["a"]) == "a"
    assert listing("abc", last="or") == "a, b or c"


def test_the_rest_of_a_long_list_is_a_number() -> None:
    assert first_of(["a", "b", "c"], 3) == "a, b, c"
    assert first_of(["a", "b", "c"], 2) == "a, b and 1 more"


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ([0], "Mon"),
        ([0, 0], "Mon"),
        ([1, 0], "Mon, Tue"),
        ([6, 0], "Mon, Sun"),
        ([4, 0, 2, 1, 3, 2], "Mon–Fri"),
        ([0, 1, 2, 4, 6], "Mon–Wed, Fri, Sun"),
    ],
)
def test_runs_of_weekdays(days: list[int], words: str) -> None:
    assert weekdays(days) == words


@given(st.sets(st.integers(0, 6), min_size=1))
def test_runs_of_weekdays_mean_exactly_the_days(days: set[int]) -> None:
    meant: set[int] = set()
    short = [day[:3].capitalize() for day in WEEKDAYS]
    for run in weekdays(days).replace("daily", "Mon–Sun").split(", "):
        first, _, last = run.partition("–")
        begin, end = short.index(first), short.index(last or first)
        meant.update(range(begin, end + 1))
    assert meant == days


def test_weekdays_in_a_sentence() -> None:
    assert on_days([1, 0]) == "on Mon, Tue"
    assert on_days(range(7)) == "every day"


def test_long_values_are_cut() -> None:
    assert quote("x" * 80) == '"' + "x" * 78 + "…"
    assert shorten("short") == "short"
    assert shorten("one two", 5) == "one…"
    assert quote({"ü": 1}) == '{"ü": 1}'
