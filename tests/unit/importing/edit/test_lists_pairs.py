"""What became what."""

from __future__ import annotations

from reconciler.importing.edit.lists import pair


def first(text: str) -> str:
    """The first letter."""
    return text[0]


def test_equal_ones_come_first_then_those_of_one_key_the_rest_is_new() -> None:
    found, new = pair(["a1", "a2", "b1", "c1"], ["a2", "a3", "b2", "d1", "a4"], (str, first))
    assert found == ["a3", "a2", "b2", None]
    assert new == ["d1", "a4"]


def test_one_counterpart_is_given_away_once() -> None:
    assert pair(["a1", "a1"], ["a1"], (str,)) == (["a1", None], [])
