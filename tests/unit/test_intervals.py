"""Sets of half-open ranges, held against sets of single seconds on a short day."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reconciler.intervals import (
    DAY,
    WEEK,
    WHOLE_WEEK,
    around_the_week,
    common,
    length,
    less,
    of_day,
    shifted,
    union,
)

RANGES = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=6)


def seconds_of(ranges: list[tuple[int, int]] | tuple[tuple[int, int], ...]) -> set[int]:
    return {second for start, end in ranges for second in range(start, end)}


@given(RANGES, RANGES)
def test_set_arithmetic_agrees_with_sets_of_seconds(left: list[tuple[int, int]], right: list[tuple[int, int]]) -> None:
    a, b = union(left), union(right)
    assert seconds_of(union(left, right)) == seconds_of(left) | seconds_of(right)
    assert seconds_of(common(a, b)) == seconds_of(a) & seconds_of(b)
    assert seconds_of(less(a, b)) == seconds_of(a) - seconds_of(b)
    assert length(a) == len(seconds_of(left))


@given(RANGES, RANGES)
def test_results_are_sorted_and_never_touch(left: list[tuple[int, int]], right: list[tuple[int, int]]) -> None:
    for result in (union(left, right), common(union(left), union(right)), less(union(left), union(right))):
        edges = [edge for pair in result for edge in pair]
        assert edges == sorted(set(edges))


def test_touching_ranges_are_one() -> None:
    assert union([(0, 5)], [(5, 9)], [(3, 3)]) == ((0, 9),)


def test_a_range_past_the_end_of_the_week_goes_on_at_its_beginning() -> None:
    assert around_the_week(WEEK - 10, WEEK + 5) == ((0, 5), (WEEK - 10, WEEK))
    assert around_the_week(-10, 5) == ((0, 5), (WEEK - 10, WEEK))
    assert around_the_week(3, WEEK + 3) == WHOLE_WEEK


def test_a_shift_moves_sunday_night_into_monday() -> None:
    late_sunday = ((WEEK - 3600, WEEK),)
    assert shifted(late_sunday, 3600) == ((0, 3600),)
    assert shifted(((0, 3600),), -3600) == late_sunday


def test_the_part_of_one_day_is_shown_in_its_own_seconds() -> None:
    over_midnight = ((DAY - 60, DAY + 120),)
    assert of_day(over_midnight, 0) == ((DAY - 60, DAY),)
    assert of_day(over_midnight, 1) == ((0, 120),)
    assert of_day(over_midnight, 2) == ()
