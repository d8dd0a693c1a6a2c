"""Weeks as strips of time, a line a day: for a terminal in half hours, for a comment in hours, before and after."""

from __future__ import annotations

from collections.abc import Iterator

from ..intervals import Intervals
from ..model import WEEKDAYS, Change
from ..week import Week, read_week


def _filled(open_times: Intervals, start: int, end: int) -> bool:
    """Whether most of a stretch is open."""
    return 2 * sum(max(0, min(end, stop) - max(start, begin)) for begin, stop in open_times) >= end - start


def _hours(open_times: Intervals) -> str:
    return "".join(_hour(open_times, hour * 3600) for hour in range(24))


def _hour(open_times: Intervals, start: int) -> str:
    halves = _filled(open_times, start, start + 1800), _filled(open_times, start + 1800, start + 3600)
    return {(True, True): "█", (True, False): "▌", (False, True): "▐", (False, False): "·"}[halves]


def diff_strip(change: Change) -> tuple[str, ...]:
    """The days as lines of a diff, 28 characters wide: those that change before and after, the others once. Nothing where
    no hour changes, or the week is not known."""
    after, before = read_week(change.request.body), read_week(change.before)
    if after is None or (before is None and change.before is not None):
        return ()
    return tuple(_diff_lines(before, after))


def _diff_lines(before: Week | None, after: Week) -> Iterator[str]:
    was = before.open_times() if before is not None else ((),) * 7
    will = after.open_times()
    if was == will:
        return
    for name, old, new in zip(WEEKDAYS, was, will, strict=True):
        day = name[:3].capitalize()
        if old == new:
            yield f" {day}{_hours(new)}"
        else:
            yield from ([f"-{day}{_hours(old)}"] if old else [])
            yield from ([f"+{day}{_hours(new)}"] if new else [])
