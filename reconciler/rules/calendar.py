"""Whether a schedule's times make sense by themselves: its zone, its windows, its blackouts, its call caps.

One entry of the file may stand for several weekdays; what is wrong with the entry is told once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from ..model import Blackout, DesiredSchedule, Finding, Path, Severity, Window
from ..phrases import listing, quote, weekdays
from .intervals import Intervals, length, union, without
from .reporting import by_entry, day_index, place_in_list, report, span, time
from .zones import names, near_names


def check_calendar(schedule: DesiredSchedule) -> Iterator[Finding]:
    """Time zone, order, overlap, blackouts that cover or miss the windows.

    A window whose end is not after its start is told as that and as nothing else.
    """
    if schedule.timezone not in names():
        yield _unknown_timezone(schedule)
    windows = [window for window in schedule.windows if window.start < window.end]
    blackouts = [each for each in schedule.blackouts if each.start < each.end]
    in_order = len(windows) == len(schedule.windows)
    if not in_order or len(blackouts) < len(schedule.blackouts):
        yield from _disorder(schedule)
    if len({window.day for window in windows}) < len(windows):
        yield from _overlaps(schedule, windows)
    closed = closed_daily(blackouts)
    if closed:
        yield from _covered(schedule, windows, closed)
    for blackout in blackouts:
        if not blackout.applies_to_all_days:
            yield _days_unknown(schedule, blackout)
        elif in_order and not any(w.start < blackout.end and blackout.start < w.end for w in windows):
            yield _touches_nothing(schedule, blackout)


def check_caps(schedule: DesiredSchedule) -> Iterator[Finding]:
    """Caps that can never be reached, in windows whose end is after their start."""
    closed = closed_daily([each for each in schedule.blackouts if each.start < each.end])
    suspects = [each for each in schedule.windows if each.start < each.end and _never_reached(each, closed)]
    for path, alike in by_entry(suspects).items():
        yield report(
            schedule,
            Severity.WARNING,
            "calls-never-reached",
            f"on {weekdays(map(day_index, alike))} {_why_never_reached(alike[0], closed)}",
            (*path, "maxCallsPerHour"),
        )


def closed_daily(blackouts: Sequence[Blackout]) -> Intervals:
    """The seconds of every day in which blackouts stop the calls. Nobody knows the days of one that does not apply to
    all days (the API has no field for them), so it closes nothing."""
    return union((each.start, each.end) for each in blackouts if each.applies_to_all_days)


@lru_cache(maxsize=4096)
def open_times(start: int, end: int, closed: Intervals) -> Intervals:
    """The seconds of its day in which a window dials: the window less what blackouts close."""
    return without(((start, end),), closed)


@lru_cache(maxsize=4096)
def _open_seconds(start: int, end: int, closed: Intervals) -> int:
    return length(open_times(start, end, closed))


def _unknown_timezone(schedule: DesiredSchedule) -> Finding:
    near = near_names(schedule.timezone)
    hint = f" Did you mean {listing(near, last='or')}?" if near else ""
    return report(
        schedule,
        Severity.ERROR,
        "unknown-timezone",
        f"{quote(schedule.timezone)} is not a time zone of the IANA database.{hint}",
        ("timezone",),
    )


def _disorder(schedule: DesiredSchedule) -> Iterator[Finding]:
    for path, windows in by_entry(each for each in schedule.windows if each.start >= each.end).items():
        on = weekdays(map(day_index, windows))
        yield _out_of_order(schedule, path, f"the window on {on}", windows[0].start, windows[0].end)
    for blackout in schedule.blackouts:
        if blackout.start >= blackout.end:
            what = f"the blackout {quote(blackout.reason)}"
            yield _out_of_order(schedule, blackout.path, what, blackout.start, blackout.end)


def _out_of_order(schedule: DesiredSchedule, path: Path, what: str, start: int, end: int) -> Finding:
    if start == end:
        fault = f"{what} ends when it starts, at {time(end)}: it holds no time at all."
    else:
        fault = (
            f"{what} ends at {time(end)}, before it starts at {time(start)}. To go past midnight, split it there: "
            f"{time(start)} to 23:59:59, and 00:00 to {time(end)} on the next day."
        )
    return report(schedule, Severity.ERROR, "window-order", fault, (*path, "endTime"))


def _overlaps(schedule: DesiredSchedule, ordered: Sequence[Window]) -> Iterator[Finding]:
    """Each window is held against the earlier one of its weekday that reaches furthest: at most as many findings as
    windows, and none is missed."""
    clashes: dict[tuple[Path, Path], list[int]] = {}
    furthest: dict[str, Window] = {}
    for window in sorted(ordered, key=lambda each: (each.start, each.end, place_in_list(each.path))):
        earlier = furthest.get(window.day)
        if earlier is not None and window.start < earlier.end:
            clashes.setdefault((earlier.path, window.path), []).append(day_index(window))
        if earlier is None or window.end > earlier.end:
            furthest[window.day] = window
    entry = {window.path: window for window in ordered}
    for (first, second), indices in clashes.items():
        other = schedule.places.locate(first)
        yield report(
            schedule,
            Severity.ERROR,
            "window-overlap",
            f"on {weekdays(indices)} the window {_span(entry[second])} overlaps the window {_span(entry[first])} "
            f"of {other.file}:{other.line}.",
            (*second, "startTime"),
        )


def _span(each: Window | Blackout) -> str:
    return span(each.start, each.end)


def _covered(schedule: DesiredSchedule, windows: Sequence[Window], closed: Intervals) -> Iterator[Finding]:
    covered = [window for window in windows if not open_times(window.start, window.end, closed)]
    for path, alike in by_entry(covered).items():
        yield report(
            schedule,
            Severity.ERROR,
            "blackout-covers-window",
            f"blackouts leave nothing of the window {_span(alike[0])} on {weekdays(map(day_index, alike))}.",
            path,
        )


def _touches_nothing(schedule: DesiredSchedule, blackout: Blackout) -> Finding:
    return report(
        schedule,
        Severity.WARNING,
        "blackout-outside-windows",
        f"the blackout {quote(blackout.reason)} {_span(blackout)} touches no window, so it stops no call.",
        blackout.path,
    )


def _days_unknown(schedule: DesiredSchedule, blackout: Blackout) -> Finding:
    return report(
        schedule,
        Severity.WARNING,
        "blackout-days-unknown",
        f"the blackout {quote(blackout.reason)} {_span(blackout)} does not apply to all days, and the API has no field "
        "for the days: no check counts on it.",
        (*blackout.path, "appliesToAllDays"),
    )


def _never_reached(window: Window, closed: Intervals) -> bool:
    hourly, daily = window.max_calls_per_hour, window.max_calls_per_day
    seconds = _open_seconds(window.start, window.end, closed)
    return hourly > daily or 0 < hourly * seconds < daily * 3600


def _why_never_reached(window: Window, closed: Intervals) -> str:
    hourly, daily = window.max_calls_per_hour, window.max_calls_per_day
    if hourly > daily:
        return f"the hourly cap of {hourly} calls is above the daily cap of {daily}, so it limits nothing."
    seconds = _open_seconds(window.start, window.end, closed)
    return (
        f"the daily cap of {daily} calls is never reached: {hourly} an hour in the {seconds / 3600:.4g} open hours of "
        f"{_span(window)} are at most {hourly * seconds // 3600}."
    )
