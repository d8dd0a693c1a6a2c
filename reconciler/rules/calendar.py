"""Whether a schedule's times make sense by themselves: its zone, its windows, its blackouts, its call caps.

One entry of the file may stand for several weekdays; what is wrong with the entry is said once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from ..canonical import is_skill
from ..findings import Finding, Severity
from ..intervals import Intervals, length, less
from ..model import Blackout, DesiredSchedule, Path, Window
from ..phrases import hours_words, on_days, quote
from .reporting import by_entry, report, time
from .zones import names, unknown_zone


def check_calendar(schedule: DesiredSchedule) -> Iterator[Finding]:
    """Time zone, order, overlap, blackouts that cover or miss the windows, caps that can never be reached.

    Of a window whose end is not after its start only that is said.
    """
    if schedule.timezone not in names():
        yield report(schedule, Severity.ERROR, "unknown-timezone", unknown_zone(schedule.timezone), ("timezone",))
    windows = [window for window in schedule.windows if window.start < window.end]
    blackouts = [blackout for blackout in schedule.blackouts if blackout.start < blackout.end]
    in_order = len(windows) == len(schedule.windows)
    if not in_order or len(blackouts) < len(schedule.blackouts):
        yield from _disorder(schedule)
    if len({window.weekday for window in windows}) < len(windows):
        yield from _overlaps(schedule, windows)
    closed = schedule.closed_daily
    covered = [window for window in windows if closed and not open_times(window.start, window.end, closed)]
    for path, alike in by_entry(covered).items():
        when = on_days(window.weekday for window in alike)
        message = f"blackouts leave nothing of the window {hours_words(alike[0].content)} {when}."
        yield report(schedule, Severity.ERROR, "blackout-covers-window", message, path)
    for blackout in blackouts:
        touches = any(window.start < blackout.end and blackout.start < window.end for window in windows)
        if not blackout.content["appliesToAllDays"] or (in_order and not touches):
            yield _without_effect(schedule, blackout)
    for path, alike in by_entry(window for window in windows if _why(window, closed)).items():
        message = f"{on_days(window.weekday for window in alike)} {_why(alike[0], closed)}"
        yield report(schedule, Severity.WARNING, "calls-never-reached", message, (*path, "maxCallsPerHour"))


@lru_cache(maxsize=4096)
def open_times(start: int, end: int, closed: Intervals) -> Intervals:
    """The seconds of its day in which a window dials: the window less what blackouts close."""
    return less(((start, end),), closed)


def _disorder(schedule: DesiredSchedule) -> Iterator[Finding]:
    wrong = [
        (path, f"the window {on_days(window.weekday for window in windows)}", windows[0].start, windows[0].end)
        for path, windows in by_entry(w for w in schedule.windows if w.start >= w.end).items()
    ]
    wrong += [
        (blackout.path, f"the blackout {quote(blackout.content['reason'])}", blackout.start, blackout.end)
        for blackout in schedule.blackouts
        if blackout.start >= blackout.end
    ]
    for path, what, start_seconds, end_seconds in wrong:
        start, end = time(start_seconds), time(end_seconds)
        if start_seconds == end_seconds:
            message = f"{what} ends when it starts, at {end}: it holds no time at all."
        elif is_skill(schedule.content):
            message = (
                f"{what} ends at {end}, before it starts at {start}. A skill has one window a day, which ends by 23:59."
            )
        else:
            message = (
                f"{what} ends at {end}, before it starts at {start}. To go past midnight, split it there: "
                f"{start} to 23:59:59, and 00:00 to {end} on the next day."
            )
        yield report(schedule, Severity.ERROR, "window-order", message, (*path, "endTime"))


def _overlaps(schedule: DesiredSchedule, ordered: Sequence[Window]) -> Iterator[Finding]:
    """Each window is held against the earlier one of its weekday that reaches furthest: at most as many findings as
    windows, and none is missed."""
    clashes: dict[tuple[Path, Path], list[int]] = {}
    furthest: dict[int, Window] = {}
    for window in sorted(ordered, key=lambda w: (w.start, w.end, w.path)):
        earlier = furthest.get(window.weekday)
        if earlier is not None and window.start < earlier.end:
            clashes.setdefault((earlier.path, window.path), []).append(window.weekday)
        if earlier is None or window.end > earlier.end:
            furthest[window.weekday] = window
    times = {window.path: hours_words(window.content) for window in ordered}
    for (first, second), indices in clashes.items():
        other = schedule.places.locate(first)
        message = (
            f"{on_days(indices)} the window {times[second]} overlaps the window {times[first]} "
            f"of {other.file}:{other.line}."
        )
        yield report(schedule, Severity.ERROR, "window-overlap", message, (*second, "startTime"))


def _without_effect(schedule: DesiredSchedule, blackout: Blackout) -> Finding:
    what = f"the blackout {quote(blackout.content['reason'])} {hours_words(blackout.content)}"
    if not blackout.content["appliesToAllDays"]:
        message = f"{what} does not apply to all days, and the API has no field for the days: no check counts on it."
        path = (*blackout.path, "appliesToAllDays")
        return report(schedule, Severity.WARNING, "blackout-days-unknown", message, path)
    message = f"{what} touches no window, so it stops no call."
    return report(schedule, Severity.WARNING, "blackout-outside-windows", message, blackout.path)


def _why(window: Window, closed: Intervals) -> str | None:
    """Why a cap is never reached; None where both can be, or one is 0, which stands for a cap that is not known."""
    hourly, daily = window.cap("maxCallsPerHour"), window.cap("maxCallsPerDay")
    seconds = length(open_times(window.start, window.end, closed))
    if 0 < daily < hourly:
        return f"the hourly cap of {hourly:,} calls is above the daily cap of {daily:,}, so it limits nothing."
    if not 0 < hourly * seconds < daily * 3600:
        return None
    return (
        f"the daily cap of {daily:,} calls is never reached: {hourly:,} an hour in the {seconds / 3600:.4g} open hours of "
        f"{hours_words(window.content)} are at most {hourly * seconds // 3600:,}."
    )
