"""Whether a schedule's closures say something, and leave it something: what names no holiday, what closes nothing, a week
in which nothing is left, and a holiday of the law that nothing closes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from ..canonical import is_skill
from ..closures import Closed, pieces
from ..findings import Finding, Severity
from ..intervals import Intervals, common, less, union
from ..model import DesiredSchedule, Path
from ..model.closed import Closure
from ..phrases import first_of
from .calendar import open_times
from .closing import LEGAL, Closing, Closings, ForbiddenDay
from .hours import twelve_months
from .public_holidays import holiday_data, holiday_names, holidays_of, is_name, unknown_code, unknown_name
from .reporting import report

_DATES_SHOWN = 5
_WEEK = 7
_ONE_DAY = timedelta(1)


class _Shared(NamedTuple):
    """What schedules of the same closures, windows and blackouts share: the numbers of the closures that take nothing, and
    the runs of dates without a window."""

    idle: frozenset[int]
    empty: tuple[tuple[date, date], ...]


class ClosureChecks:
    """The checks for one tenant on one date; keeps what schedules of the same closures and windows share. `partial_week` says
    whether a skill may have a week with a closed day."""

    def __init__(self, closings: Closings, as_of: date, *, partial_week: bool) -> None:
        self._closings, self._partial_week = closings, partial_week
        self._as_of, self._until = as_of, twelve_months(as_of)
        self._shared: dict[tuple[object, ...], _Shared] = {}
        self._faults: dict[Closure, tuple[tuple[Path, str], ...]] = {}

    def check(self, schedule: DesiredSchedule) -> Iterator[Finding]:
        """What is wrong with the closures of a schedule."""
        if not schedule.closures:
            return
        closing = self._closings.closing(schedule)
        key = id(closing), _windows(schedule), schedule.closed_daily
        if key not in self._shared:
            idle = (n for n, closure in enumerate(schedule.closures) if self._takes_nothing(schedule, closure))
            self._shared[key] = _Shared(frozenset(idle), tuple(self._runs_without_windows(schedule, closing.closed)))
        shared = self._shared[key]
        for number, closure in enumerate(schedule.closures):
            yield from self._meaning(schedule, number, closure, is_idle=number in shared.idle)
        yield from self._closed_weeks(schedule, closing, shared.empty)
        if is_skill(schedule.content):
            from .skill_weeks import check_skill_closures  # late: of skills only

            partial_week = self._partial_week
            yield from check_skill_closures(schedule, self._closings, self._until, partial_week=partial_week)

    def _meaning(self, schedule: DesiredSchedule, number: int, closure: Closure, *, is_idle: bool) -> Iterator[Finding]:
        at: Path = ("closures", number)
        if closure.holidays == LEGAL and not schedule.jurisdictions:
            message = (
                "a closure on legal holidays needs jurisdictions: without them it is not known whose law forbids calls. "
                "List where the called people are, such as jurisdictions: [US-LA]."
            )
            yield report(schedule, Severity.ERROR, "missing-jurisdictions", message, (*at, "holidays"))
            return
        for path, message in self._faults_of(schedule, closure):
            yield report(schedule, Severity.ERROR, "schema", message, (*at, *path))
        if is_idle:
            if schedule.places.locate(at).file != schedule.places.locate(()).file:
                return  # a closure that many schedules share need not take something of each
            message = f"{_when(closure)} the schedule does not call anyway, so this closure takes nothing."
            yield report(schedule, Severity.NOTICE, "closure-without-effect", message, at)

    def _faults_of(self, schedule: DesiredSchedule, closure: Closure) -> tuple[tuple[Path, str], ...]:
        if closure.holidays == LEGAL and (closure.only or closure.exclude):
            codes = {rule.holidays_of: None for _, _, rule in self._closings.forbidding(schedule)}
            return tuple(self._unknown_names(closure, list(codes)))
        if closure not in self._faults:
            self._faults[closure] = tuple(self._faults_by_itself(closure))
        return self._faults[closure]

    def _faults_by_itself(self, closure: Closure) -> Iterator[tuple[Path, str]]:
        if closure.holidays and closure.holidays != LEGAL:
            try:
                holidays_of(closure.holidays, self._as_of.year)
            except LookupError:
                yield ("holidays",), unknown_code(closure.holidays)
                return
            yield from self._unknown_names(closure, [closure.holidays])
        elif closure.first is not None and closure.last is not None and closure.last < closure.first:
            yield ("to",), f"the closure ends on {closure.last}, before it begins on {closure.first}."
        elif closure.start >= closure.end:
            yield ("endTime",), "the closure does not end after it begins: it closes no time at all."

    def _unknown_names(self, closure: Closure, codes: Sequence[str]) -> Iterator[tuple[Path, str]]:
        asked = [("only", index, name) for index, name in enumerate(closure.only)]
        asked += [("except", index, name) for index, name in enumerate(closure.exclude)]
        try:
            known = {name for code in codes for name in holiday_names(code, self._as_of.year)} if asked else set()
        except LookupError:
            return
        for field, index, name in asked:
            if known and not is_name(name, known):
                yield (field, index), unknown_name(name, known, " and ".join(codes))

    def _takes_nothing(self, schedule: DesiredSchedule, closure: Closure) -> bool:
        first, last = closure.first, closure.last
        if closure.holidays or first is None or last is None or closure.start >= closure.end:
            return False
        if last < max(first, self._as_of) or first >= self._until:
            return False
        days = {(first.toordinal() + ahead - 1) % _WEEK for ahead in range(min((last - first).days + 1, _WEEK))}
        pauses = schedule.closed_daily
        span = ((closure.start, closure.end),)
        return not any(
            window.weekday in days and common(open_times(window.start, window.end, pauses), span)
            for window in schedule.windows
            if window.start < window.end
        )

    def _closed_weeks(
        self, schedule: DesiredSchedule, closing: Closing, empty: Sequence[tuple[date, date]]
    ) -> Iterator[Finding]:
        today = self._closings.day(schedule)
        for first, last in empty:
            if last - _ONE_DAY * (_WEEK - 1) < today:
                continue
            now = first <= today
            number = next((part.number for part in closing.parts if first <= part.day <= last), 0)
            message = (
                f"from {max(first, today)} to {last} closures leave no window, and CXone needs one: stop the schedule in the "
                "console for that time, or keep one window open"
            )
            severity = Severity.ERROR if now else Severity.WARNING
            yield report(schedule, severity, "closed-week", f"{message}.", ("closures", number))

    def _runs_without_windows(self, schedule: DesiredSchedule, closed: Closed) -> Iterator[tuple[date, date]]:
        """The runs of seven dates and more without a window, of those that touch a closed date; each by its first and
        last date."""
        pauses = schedule.closed_daily
        by_weekday = [[window for window in schedule.windows if window.weekday == weekday] for weekday in range(_WEEK)]

        def is_open(day: date) -> bool:
            return any(pieces(window, closed.get(day, ()), pauses) for window in by_weekday[day.weekday()])

        looked_at = date.min
        for day in closed:
            if (
                day <= looked_at
                or not self._as_of - _ONE_DAY * 3 <= day
                or not by_weekday[day.weekday()]
                or is_open(day)
            ):
                continue
            first, last = day, day
            while first > self._closings.first and not is_open(first - _ONE_DAY):
                first -= _ONE_DAY
            while last < self._closings.last and not is_open(last + _ONE_DAY):
                last += _ONE_DAY
            looked_at = last
            if (last - first).days + 1 >= _WEEK:
                yield first, last


def not_closed(schedule: DesiredSchedule, closings: Closings, as_of: date) -> tuple[ForbiddenDay, ...]:
    """The days of the twelve months from `as_of` on which the law forbids calls and the schedule would call."""
    days = closings.forbidden(schedule)
    if not days:
        return ()
    closing, pauses, until = closings.closing(schedule), schedule.closed_daily, twelve_months(as_of)
    key = id(days), id(closing), _windows(schedule), pauses, as_of
    if key not in closings.not_closed:
        closings.not_closed[key] = tuple(
            day
            for day in days
            if any(
                as_of <= when < until and common(dialing(schedule, when, closing.closed, pauses), ((start, end),))
                for when, start, end in day.parts
            )
        )
    return closings.not_closed[key]


def _windows(schedule: DesiredSchedule) -> tuple[tuple[int, int, int], ...]:
    """Weekday, start and end of each window."""
    return tuple((window.weekday, window.start, window.end) for window in schedule.windows)


def _when(closure: Closure) -> str:
    if closure.first == closure.last:
        return f"on {closure.first}"
    return f"from {closure.first} to {closure.last}"


def holidays_not_closed(
    schedule: DesiredSchedule, closings: Closings, as_of: date, forbidding: Sequence[tuple[int, str, str]]
) -> Iterator[Finding]:
    """The holidays of jurisdictions that forbid calls on them, given by number, code and citation."""
    days = not_closed(schedule, closings, as_of)
    for index, code, citation in forbidding:
        of_code = [day for day in days if day.code == code]
        if of_code:
            message = _not_closed_text(code, citation, of_code)
        elif not closings.are_known(code):
            message = (
                f"{code} allows no sales calls on its holidays ({citation}), whose dates are not known here: give them as "
                "closures with a date."
            )
        else:
            continue
        yield report(schedule, Severity.WARNING, "holiday-not-closed", message, ("jurisdictions", index))


def _not_closed_text(code: str, citation: str, days: Sequence[ForbiddenDay]) -> str:
    """That a schedule would call on days on which the law of a jurisdiction forbids it, with the dates."""
    dates = [f"{day.holiday.day} ({day.holiday.name})" for day in days]
    listed = first_of(list(dict.fromkeys(dates)), _DATES_SHOWN)
    return (
        f"{code} allows no sales calls on its holidays ({citation}), and this schedule would call on {listed}: add "
        f"`holidays: legal` to its closures. The dates are those of {holiday_data()}."
    )


def dialing(schedule: DesiredSchedule, day: date, closed: Closed, pauses: Intervals) -> Intervals:
    """The seconds of a date in which a schedule dials: its windows, less blackouts and closures."""
    windows = (window for window in schedule.windows if window.weekday == day.weekday())
    return less(union(*(open_times(window.start, window.end, pauses) for window in windows)), closed.get(day, ()))
