"""The week of a day: what a schedule calls in the seven days from a date, less what is closed on each of them.

A weekly schedule cannot say "not on Thanksgiving". But what git asks for may depend on the date, and a program that runs
every day can carry it out: on day D the windows of each weekday are those of its next date in D … D+6, less that date's
closures. So a closure is in CXone six days before it is needed, and taken back the day after. All is pure; which dates are
closed is found out in `rules`, because some of them come from law.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from operator import is_

from . import canonical
from .intervals import Intervals, common, length, less, union
from .model import WEEKDAYS, DesiredSchedule, JsonObject, Window

Closed = Mapping[date, Intervals]
"""The closed seconds of each date on the schedule's clock; dates on which nothing is closed are not in it."""
_CAP = "maxCallsPerDay"


def effective(schedule: DesiredSchedule, closed: Closed, day: date) -> DesiredSchedule:
    """The schedule with its week of `day`; the very same where nothing of that week is closed.

    A week that closures empty has no windows, and CXone would not take it: `closed-week` says so.
    """
    gone = {when.weekday(): closed[when] for when in _week_of(day) if when in closed}
    if not gone:
        return schedule
    pauses = schedule.closed_daily
    windows: list[Window] = []
    for window in schedule.windows:
        of_day = gone.get(window.weekday)
        windows += (window,) if of_day is None else pieces(window, of_day, pauses)
    if len(windows) == len(schedule.windows) and all(map(is_, windows, schedule.windows)):
        return schedule
    content = {**schedule.content, "scheduleDetails": [window.content for window in windows]}
    return schedule._replace(content=content, windows=tuple(windows), as_written=schedule.as_written or schedule)


@lru_cache(maxsize=64)
def _week_of(day: date) -> tuple[date, ...]:
    """The seven dates from `day` on; fewer at the end of the calendar."""
    last = min(day.toordinal() + 7, date.max.toordinal() + 1)
    return tuple(map(date.fromordinal, range(day.toordinal(), last)))


def pieces(window: Window, closed: Intervals, pauses: Intervals) -> tuple[Window, ...]:
    """What closed seconds of its day leave of a window; `pauses` are those that blackouts close every day.

    Several pieces share the daily cap by the time in which they dial, rounded down, and at least one call each; one piece
    keeps it. A piece in which blackouts leave nothing is none.
    """
    if window.start >= window.end:
        return (window,)
    left = less(((window.start, window.end),), closed)
    if left == ((window.start, window.end),):
        return (window,)
    dialing = {part: seconds for part in left if (seconds := length(less((part,), pauses)))}
    whole = sum(dialing.values())
    result = []
    for (start, end), seconds in dialing.items():
        content = {**window.content, "startTime": canonical.clock(start), "endTime": canonical.clock(end)}
        if len(dialing) > 1 and _CAP in content:
            content[_CAP] = max(1, content[_CAP] * seconds // whole)
        result.append(Window(canonical.window_key(content), start, end, window.path, content))
    return tuple(result)


def reopened(schedule: DesiredSchedule, body: JsonObject) -> tuple[str, ...]:
    """The weekdays on which a body that was made on another day would dial at times that the closures of this week take."""
    if schedule.as_written is None:
        return ()
    sides = (schedule.as_written.content, schedule.content, body)
    written, now, then = ({day: _spans(side["scheduleDetails"], day) for day in WEEKDAYS} for side in sides)
    return tuple(day for day in WEEKDAYS if common(less(written[day], now[day]), then[day]))


def _spans(windows: Sequence[JsonObject], day: str) -> Intervals:
    return union(
        (canonical.seconds(window["startTime"]), canonical.seconds(window["endTime"]))
        for window in windows
        if window["dayOfWeek"] == day
    )
