"""Weeks as strips of time, a line a day: for a terminal in half hours, for a comment in hours, before and after."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from ..intervals import Intervals
from ..model import WEEKDAYS, Change
from ..phrases import weekdays
from ..week import Week, read_week
from .screen import Screen, Tone


def _filled(open_times: Intervals, start: int, end: int) -> bool:
    """Whether most of a stretch is open."""
    return 2 * sum(max(0, min(end, stop) - max(start, begin)) for begin, stop in open_times) >= end - start


def _hours(open_times: Intervals) -> str:
    return "".join(_hour(open_times, hour * 3600) for hour in range(24))


def _hour(open_times: Intervals, start: int) -> str:
    halves = _filled(open_times, start, start + 1800), _filled(open_times, start + 1800, start + 3600)
    return {(True, True): "█", (True, False): "▌", (False, True): "▐", (False, False): "·"}[halves]


def diff_strip(change: Change) -> tuple[str, ...]:
    """The days as lines of a diff, 28 characters wide, below the hours: those that change before and after, the others once. Nothing where
    no hour changes, or the week is not known."""
    after, before = read_week(change.request.body), read_week(change.before)
    if after is None or (before is None and change.before is not None):
        return ()
    return tuple(_diff_lines(before, after))


def _diff_lines(before: Week | None, after: Week) -> Iterator[str]:
    was = before.open_times if before is not None else ((),) * 7
    will = after.open_times
    if was == will:
        return
    yield f"    {''.join(f'{hour:<6}' for hour in range(0, 24, 6))}".rstrip()
    for name, old, new in zip(WEEKDAYS, was, will, strict=True):
        day = name[:3].capitalize()
        if old == new:
            yield f" {day}{_hours(new)}"
        else:
            yield from ([f"-{day}{_hours(old)}"] if old else [])
            yield from ([f"+{day}{_hours(new)}"] if new else [])


STRIP_WIDTH = 60
"""Columns that a strip of half hours needs."""

_LABEL = 8
_TONES = {"+": Tone.ADDED, "-": Tone.REMOVED}


def strip_lines(change: Change, screen: Screen) -> Iterator[str]:
    """The days that change, equal ones together, in half hours: what stays, comes, goes and is closed. Nothing on a screen
    that is too narrow, where no hour changes, or where the week is not known."""
    after, before = read_week(change.request.body), read_week(change.before)
    if screen.width < STRIP_WIDTH or after is None or (before is None and change.before is not None):
        return
    was = before.open_times if before is not None else ((),) * 7
    alike: dict[tuple[Intervals, Intervals], list[int]] = {}
    for day, sides in enumerate(zip(was, after.open_times, strict=True)):
        if sides[0] != sides[1]:
            alike.setdefault(sides, []).append(day)
    if alike:
        hours = "".join(f"{hour:<6}" for hour in range(0, 24, 3))
        yield f"{' ' * _LABEL}{screen.paint(hours.rstrip(), Tone.QUIET)}"
    for (old, new), days in alike.items():
        label = weekdays(days)
        label = label if screen.unicode else label.replace("–", "-")
        if len(label) < _LABEL:
            yield f"{label:<{_LABEL}}{_strip(old, new, screen)}"
        else:  # days that are no run
            yield label
            yield f"{' ' * _LABEL}{_strip(old, new, screen)}"


def _strip(old: Intervals, new: Intervals, screen: Screen) -> str:
    stays, closed = ("█", "·") if screen.unicode else ("#", ".")
    marks = {(True, True): stays, (False, True): "+", (True, False): "-", (False, False): closed}
    cells = (
        marks[_filled(old, start, start + 1800), _filled(new, start, start + 1800)] for start in range(0, 86_400, 1800)
    )
    return "".join(
        screen.paint("".join(run), _TONES[mark]) if mark in _TONES else "".join(run) for mark, run in groupby(cells)
    )
