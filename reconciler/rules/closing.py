"""Which parts of which dates are closed for a schedule, and which day it is where it calls.

A closure of a date or of a range, and one of public holidays by code, is about dates of the schedule's own clock. The law
speaks of the called people's: a holiday in Denver lasts from 02:00 to 02:00 on a clock in New York. `holidays: legal` are
the days on which a rule that is in force then forbids calls, in any zone of its jurisdiction; what an exemption covers
forbids nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from ..closures import Closed, effective
from ..intervals import DAY, union
from ..model import DesiredSchedule
from ..model.closed import Closure
from ..settings import TenantSettings
from .hours import twelve_months
from .rule_book import Jurisdiction, Rule, RuleBook, rule_book
from .zones import midnight, names, offset, zone

if TYPE_CHECKING:
    from .public_holidays import Holiday

LEGAL = "legal"
DAYS_BACK = 14
"""For so many days before, the week is known too: one of those is what CXone holds where a run was missed."""
_EPOCH = date(1970, 1, 1).toordinal()
_ONE_DAY = timedelta(1)


class ClosedPart(NamedTuple):
    """Seconds of one date that one closure closes, on the schedule's clock. `number` is the closure's in the schedule,
    -1 for what the law closes whether a closure says so or not; `reason` says why, for people."""

    day: date
    start: int
    end: int
    reason: str
    number: int


class ForbiddenDay(NamedTuple):
    """A date on which the law of a jurisdiction forbids calls, with the seconds on the schedule's clock, by its date."""

    code: str
    holiday: Holiday
    citation: str
    parts: tuple[tuple[date, int, int], ...]


@dataclass(frozen=True, slots=True)
class Closing:
    """What is closed for the schedules that share their closures, zone and jurisdictions."""

    parts: tuple[ClosedPart, ...]
    closed: Closed


NOTHING_CLOSED = Closing((), {})


class Closings:
    """The closures of one tenant's schedules from fourteen days before `as_of` to twelve months after it, or to `last`.

    `at` is the instant that it is now, None where only the date is known. Keeps what schedules share; `not_closed` is what
    the checks keep: the forbidden days that schedules of the same windows do not close.
    """

    def __init__(self, book: RuleBook, as_of: date, at: datetime | None = None, last: date | None = None) -> None:
        self._book = book
        self._as_of, self._at = as_of, at
        self.last = max(twelve_months(as_of), last or as_of) + timedelta(8)  # UsageError for a date of no use
        self.first = as_of - timedelta(DAYS_BACK + 2)
        self._closing: dict[tuple[object, ...], Closing] = {}
        self._forbidden: dict[tuple[object, ...], tuple[ForbiddenDay, ...]] = {}
        self._days: dict[tuple[object, ...], date] = {}
        self.not_closed: dict[tuple[object, ...], tuple[ForbiddenDay, ...]] = {}

    def day(self, schedule: DesiredSchedule) -> date:
        """The day whose week the schedule has: of the dates that it is now in its zone and in its called zones the
        earliest, so that nothing reopens while it is still a holiday somewhere."""
        if self._at is None:
            return self._as_of
        key = schedule.timezone, schedule.jurisdictions
        if key not in self._days:
            places = map(self._book.get, schedule.jurisdictions)
            zones = {schedule.timezone, *(name for place in places if place is not None for name in place.zones)}
            dates = [self._at.astimezone(zone(name)).date() for name in zones & names()]
            self._days[key] = min(dates, default=self._as_of)
        return self._days[key]

    def week(self, schedule: DesiredSchedule, back: int = 0) -> DesiredSchedule:
        """The schedule with the week of its day, or of so many days before."""
        if not schedule.closures:
            return schedule
        return effective(schedule, self.closing(schedule).closed, self.day(schedule) - timedelta(back))

    def closing(self, schedule: DesiredSchedule) -> Closing:
        """What is closed for a schedule. Closures that say nothing that is known close nothing."""
        if not schedule.closures:
            return NOTHING_CLOSED
        key: tuple[object, ...] = (schedule.closures,)
        if any(closure.holidays == LEGAL for closure in schedule.closures):
            key = schedule.closures, schedule.timezone, schedule.jurisdictions, schedule.exemption
        if key not in self._closing:
            parts = tuple(
                part
                for number, closure in enumerate(schedule.closures)
                for part in self._parts(schedule, number, closure)
            )
            self._closing[key] = Closing(tuple(sorted(parts)), by_date((day, a, b) for day, a, b, _, _ in parts))
        return self._closing[key]

    def forbidding(self, schedule: DesiredSchedule) -> Iterator[tuple[str, Jurisdiction, Rule]]:
        """The rules that forbid calls on holidays, with code and place of their jurisdiction; not what an exemption
        covers."""
        covered = schedule.exemption.covers if schedule.exemption is not None else ()
        for code in dict.fromkeys(schedule.jurisdictions):
            place = self._book.get(code)
            if place is not None and code not in covered:
                yield from ((code, place, rule) for rule in place.rules if rule.holidays_forbidden)

    def forbidden(self, schedule: DesiredSchedule) -> tuple[ForbiddenDay, ...]:
        """The days on which the law forbids the calls of a schedule, by date. Of a jurisdiction whose holidays are not
        known there are none."""
        key = schedule.timezone, schedule.jurisdictions, schedule.exemption
        if key not in self._forbidden:
            days = [
                day
                for code, place, rule in self.forbidding(schedule)
                for day in self._forbidden_days(schedule.timezone, code, place, rule)
            ]
            self._forbidden[key] = tuple(sorted(days, key=lambda day: (day.holiday, day.code)))
        return self._forbidden[key]

    def _parts(self, schedule: DesiredSchedule, number: int, closure: Closure) -> Iterator[ClosedPart]:
        if closure.holidays == LEGAL:
            for forbidden in _chosen(closure, self.forbidden(schedule)):
                for day, start, end in forbidden.parts:
                    yield ClosedPart(day, start, end, f"{forbidden.holiday.name} ({forbidden.code})", number)
            return
        if closure.holidays:
            for holiday in chosen_holidays(closure, self.holidays(closure.holidays)):
                yield ClosedPart(holiday.day, closure.start, closure.end, holiday.name, number)
            return
        if closure.first is None or closure.last is None or closure.start >= closure.end:
            return
        first, last = max(closure.first, self.first), min(closure.last, self.last)
        for ordinal in range(first.toordinal(), last.toordinal() + 1):
            yield ClosedPart(date.fromordinal(ordinal), closure.start, closure.end, closure.reason, number)

    def holidays(self, code: str) -> Iterator[Holiday]:
        """The public holidays of a code in the dates that are looked at; none where the code is not known."""
        from .public_holidays import holidays_of  # late: most closures are dates

        for year in range(self.first.year, self.last.year + 1):
            try:
                of_year = holidays_of(code, year)
            except LookupError:
                return
            yield from (holiday for holiday in of_year if self.first <= holiday.day <= self.last)

    def are_known(self, code: str) -> bool:
        """Whether the dates are known of the holidays on which the law of a jurisdiction forbids calls."""
        place = self._book.get(code)
        rules = place.rules if place is not None else ()
        return all(any(self.holidays(rule.holidays_of)) for rule in rules if rule.holidays_forbidden)

    def _forbidden_days(self, own: str, code: str, place: Jurisdiction, rule: Rule) -> Iterator[ForbiddenDay]:
        for holiday in self.holidays(rule.holidays_of):
            begins, ends = rule.begins or holiday.day, rule.ends or holiday.day
            if begins <= holiday.day <= ends:
                parts = {part for called in place.zones for part in _on_own_clock(own, called, holiday.day)}
                yield ForbiddenDay(code, holiday, rule.citation, tuple(sorted(parts)))


def closings_of(
    settings: TenantSettings, as_of: date, at: datetime | None = None, last: date | None = None
) -> Closings:
    """The closures of a tenant's schedules as dates; see `Closings`."""
    return Closings(rule_book(settings), as_of, at, last)


def by_date(parts: Iterable[tuple[date, int, int]]) -> Closed:
    """The seconds of each date, added up."""
    spans: dict[date, list[tuple[int, int]]] = {}
    for day, start, end in parts:
        spans.setdefault(day, []).append((start, end))
    return {day: union(of_day) for day, of_day in sorted(spans.items())}


def chosen_holidays(closure: Closure, holidays: Iterable[Holiday]) -> Iterator[Holiday]:
    """The holidays that a closure means."""
    for holiday in holidays:
        is_meant = not closure.only or any(map(holiday.is_called, closure.only))
        if is_meant and not any(map(holiday.is_called, closure.exclude)):
            yield holiday


def _chosen(closure: Closure, days: Sequence[ForbiddenDay]) -> Iterator[ForbiddenDay]:
    meant = set(chosen_holidays(closure, {day.holiday for day in days}))
    return (day for day in days if day.holiday in meant)


def _on_own_clock(own: str, called: str, day: date) -> Iterator[tuple[date, int, int]]:
    """One date of the called clock as parts of dates on the own clock."""
    if own not in names():
        return
    bounds = [midnight(called, day), midnight(called, day + _ONE_DAY)]
    start, end = (instant + offset(own, instant) for instant in bounds)
    for number in range(start // DAY, (end - 1) // DAY + 1):
        of_day = number * DAY
        yield date.fromordinal(_EPOCH + number), max(start - of_day, 0), min(end - of_day, DAY)
