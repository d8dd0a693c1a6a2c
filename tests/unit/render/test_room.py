"""Whole items within a bound, and an honest count of the others."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from reconciler.render.room import NOTE_UNITS, fill, units


@given(text=st.text())
def test_units_are_utf_16_units(text: str) -> None:
    assert units(text) == len(text.encode("utf-16-le", "surrogatepass")) // 2


@given(sizes=st.lists(st.integers(1, 300), max_size=40), limit=st.integers(NOTE_UNITS, 3000))
def test_every_item_is_shown_whole_or_counted(sizes: list[int], limit: int) -> None:
    items = ["x" * size for size in sizes]
    text = fill(items, lambda each: each, limit, "things")
    assert units(text) <= limit
    lines = text.split("\n") if text else []
    note = re.fullmatch(r"- ([0-9]+) more not shown \(things\)", lines[-1]) if lines else None
    shown = lines[:-1] if note else lines
    assert len(shown) + (int(note[1]) if note else 0) == len(items)
    rest = iter(items)
    assert all(each in rest for each in shown), "in their order"


def test_all_are_shown_where_there_is_room() -> None:
    assert fill(["a", "b"], str.upper, 500, "things", separator="\n\n") == "A\n\nB"


def test_a_large_item_does_not_hide_the_small_ones_behind_it() -> None:
    assert fill(["x" * 900, "b"], str, 500, "things") == "b\n- 1 more not shown (things)"


def test_emoji_count_twice() -> None:
    assert fill(["🙂" * 100], str, 250, "things") == "- 1 more not shown (things)"
    assert fill(["x" * 100], str, 250, "things") == "x" * 100


def test_nobody_writes_ten_thousand_items_that_cannot_be_shown() -> None:
    written = []

    def write(each: int) -> str:
        written.append(each)
        return "x" * 400

    text = fill(range(10_000), write, 1000, "things")
    assert text.endswith("- 9998 more not shown (things)")
    assert len(written) < 50


def test_the_note_may_stand_apart() -> None:
    assert (
        fill(["| a |", "x" * 900], str, 400, "rows", before_note="\n") == "| a |\n\n- 1 more not shown (rows)"
    )
