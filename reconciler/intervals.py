"""Sets of half-open ranges of seconds, and the week as a circle of them.

A set is a sorted tuple of (start, end) that neither overlap nor touch. Week seconds count from MONDAY 00:00:00.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

Intervals = tuple[tuple[int, int], ...]
WeekHours = tuple[Intervals, ...]
"""For each weekday, MONDAY first, ranges in seconds of that day; an empty day has none."""

DAY = 86_400
WEEK = 7 * DAY
WHOLE_WEEK: Intervals = ((0, WEEK),)


def union(*sets: Iterable[tuple[int, int]]) -> Intervals:
    """All that any of the sets holds; the sets may be unsorted and overlap, empty ranges are dropped."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(pair for pairs in sets for pair in pairs if pair[0] < pair[1]):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], end)
        else:
            merged.append((start, end))
    return tuple(merged)


def common(left: Intervals, right: Intervals) -> Intervals:
    """What both sets hold."""
    shared: list[tuple[int, int]] = []
    i = j = 0
    while i < len(left) and j < len(right):
        start, end = max(left[i][0], right[j][0]), min(left[i][1], right[j][1])
        if start < end:
            shared.append((start, end))
        if left[i][1] < right[j][1]:
            i += 1
        else:
            j += 1
    return tuple(shared)


def less(left: Intervals, right: Intervals) -> Intervals:
    """What `left` holds and `right` does not."""
    if not left:
        return ()
    bounds = [left[0][0], *(edge for pair in right for edge in pair), left[-1][1]]
    gaps = tuple((start, end) for start, end in zip(bounds[::2], bounds[1::2], strict=True) if start < end)
    return common(left, gaps)


def length(intervals: Intervals) -> int:
    """Seconds in all."""
    return sum(end - start for start, end in intervals)


def around_the_week(start: int, end: int) -> Intervals:
    """The range as week seconds, wherever on the line it lies: what passes the end of SUNDAY goes on at MONDAY."""
    if end - start >= WEEK:
        return WHOLE_WEEK
    first = start % WEEK
    last = first + end - start
    return union([(first, min(last, WEEK)), (0, last - WEEK)])


@lru_cache(maxsize=4096)
def shifted(intervals: Intervals, by: int) -> Intervals:
    """The same set on a clock that reads `by` seconds more, around the week."""
    return union(*(around_the_week(start + by, end + by) for start, end in intervals))


def of_day(intervals: Intervals, day: int) -> Intervals:
    """The part of a set of week seconds on one weekday (0 is MONDAY), in seconds of that day."""
    start = day * DAY
    return tuple((a - start, b - start) for a, b in common(intervals, ((start, start + DAY),)))
