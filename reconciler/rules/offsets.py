"""Which combinations of two zones' clocks occur in the twelve months from a date, and when.

A window stands in the schedule's zone, a rule in the called party's. Only the difference of the two clocks matters
for a weekly schedule, and it changes when either side changes its clocks: for months (Phoenix against Seattle), for
weeks (London against New York), or for the hours of one Sunday in which one side has changed and the other has not. A
period of less than a week is held against the weekdays and hours that occur in it, and against no others.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise

from ..errors import UsageError
from .intervals import DAY, WEEK, WHOLE_WEEK, Intervals, around_the_week, union
from .zones import offset, offset_changes, zone

_EPOCH_WEEKDAY = 3  # 1970-01-01 was a THURSDAY
_YEARS = range(1900, 9000)


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time in which the schedule's clock reads `lead` seconds more than the called party's.

    Dates are those of the clock that changes then; `ends` is the date on which the next period begins. `covers` is the
    part of the week, on the schedule's clock, that occurs in it.
    """

    lead: int
    begins: date
    ends: date
    covers: Intervals


def twelve_months(as_of: date) -> date:
    """The date twelve months after `as_of` (1 March after 29 February); UsageError for a year nobody means."""
    if as_of.year not in _YEARS:
        raise UsageError(f"the rules cannot be held against the date {as_of}", hint="give a date of our time")
    if (as_of.month, as_of.day) == (2, 29):
        return date(as_of.year + 1, 3, 1)
    return as_of.replace(year=as_of.year + 1)


@lru_cache(maxsize=16_384)
def periods(own: str, called: str, first: date, until: date) -> tuple[Period, ...]:
    """The periods from `first` to before `until` (dates of the called zone), in order; KeyError for an unknown zone.

    Less than a week is widened to a week, so that a rule is always held against each weekday.
    """
    until = max(until, first + timedelta(days=7))
    start, end = _midnight(called, first), _midnight(called, until)
    cuts = [(start, first), *_changes(own, called, start, end), (end, until)]
    result: list[Period] = []
    for (begin, begins), (stop, ends) in pairwise(cuts):
        lead = offset(own, begin) - offset(called, begin)
        covers = _week_seconds(own, begin, stop)
        if result and result[-1].lead == lead:
            last = result.pop()
            begins, covers = last.begins, union(last.covers, covers)
        result.append(Period(lead, begins, ends, covers))
    return tuple(result)


def _changes(own: str, called: str, start: int, end: int) -> list[tuple[int, date]]:
    """When one of the clocks changes between two instants, and the date of it on that clock."""
    years = range(_date(called, start).year, _date(called, end).year + 1)
    dates = {
        at: _date(name, at)
        for name in (own, called)
        for year in years
        for at, _ in offset_changes(name, year)
    }
    return [(at, day) for at, day in sorted(dates.items()) if start < at < end]


def _midnight(name: str, day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=zone(name)).timestamp())


def _week_seconds(own: str, begin: int, stop: int) -> Intervals:
    if stop - begin >= WEEK:
        return WHOLE_WEEK
    local = begin + offset(own, begin) + _EPOCH_WEEKDAY * DAY
    return around_the_week(local, local + stop - begin)


def _date(name: str, instant: int) -> date:
    return datetime.fromtimestamp(instant, UTC).astimezone(zone(name)).date()
