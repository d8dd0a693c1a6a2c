"""What closures take of the coming dates, and the holidays of the law that nothing closes: the data of `reconciler calendar`,
and of the closures that a plan shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from ..canonical import is_skill
from ..closures import Closed
from ..intervals import Intervals, common, length, union
from ..model import DesiredSchedule
from ..model.closed import ClosedDay, OpenHoliday, TakenHours
from .closing import Closing, Closings, by_date
from .closure_checks import dialing
from .skill_weeks import why_not_sent

_HOUR = 3600
_Day = tuple[date, Intervals, tuple[str, ...]]


def closed_days(
    schedules: Iterable[DesiredSchedule],
    closings: Closings,
    first: date,
    last: date,
    *,
    named: bool,
    partial_week: bool = True,
) -> tuple[ClosedDay, ...]:
    """By date what closures take of the weeks of the files, from the first to the last date; dates on which they take
    nothing are left out. With `named` each schedule is named, and of a skill why its week cannot be sent; `partial_week` says
    whether one with a closed day can."""
    days: dict[_Day, list[tuple[DesiredSchedule, int]]] = {}
    shared: dict[object, tuple[tuple[_Day, int], ...]] = {}
    for schedule in schedules:
        if not schedule.closures:
            continue
        written, closing = schedule.as_written or schedule, closings.closing(schedule)
        key = id(closing), tuple((w.weekday, w.start, w.end) for w in written.windows), written.closed_daily
        if key not in shared:
            shared[key] = tuple(_taken(written, closing, first, last))
        for day, seconds in shared[key]:
            days.setdefault(day, []).append((written, seconds))
    return tuple(
        ClosedDay(
            day.isoformat(),
            spans,
            reasons,
            schedules=len(taken),
            hours=sum(seconds for _, seconds in taken) / _HOUR,
            taken=tuple(
                _hours(schedule, seconds, _why_not(schedule, day, closings, partial_week=partial_week))
                for schedule, seconds in taken
            )
            if named
            else (),
        )
        for (day, spans, reasons), taken in sorted(days.items(), key=lambda item: item[0])
    )


def open_holidays(
    schedules: Iterable[DesiredSchedule], closings: Closings, first: date, last: date
) -> tuple[OpenHoliday, ...]:
    """The holidays from the first to the last date on which the law forbids calls that some schedule would make."""
    days: dict[tuple[date, str, str, str], list[TakenHours]] = {}
    for schedule in schedules:
        written = schedule.as_written or schedule
        closed, pauses = closings.closing(written).closed, written.closed_daily
        for forbidden in closings.forbidden(written):
            if not first <= forbidden.holiday.day <= last:
                continue
            seconds = sum(
                length(common(dialing(written, day, closed, pauses), spans))
                for day, spans in by_date(forbidden.parts).items()  # the zones of one place overlap
            )
            if seconds:
                key = forbidden.holiday.day, forbidden.code, forbidden.holiday.name, forbidden.citation
                days.setdefault(key, []).append(_hours(written, seconds))
    return tuple(
        OpenHoliday(day, name, code, citation, tuple(taken))
        for (day, code, name, citation), taken in sorted(days.items(), key=lambda item: item[0])
    )


def _taken(written: DesiredSchedule, closing: Closing, first: date, last: date) -> Iterator[tuple[_Day, int]]:
    nothing: Closed = {}
    pauses = written.closed_daily
    for day, closed in closing.closed.items():
        if first <= day <= last:
            dials = dialing(written, day, nothing, pauses)
            seconds = length(common(dials, closed))
            if seconds:
                taking = [
                    part for part in closing.parts if part.day == day and common(dials, ((part.start, part.end),))
                ]
                reasons = tuple(dict.fromkeys(part.reason or "closed" for part in taking))
                spans = union((part.start, part.end) for part in taking)
                yield (day, spans, reasons), seconds


def _why_not(schedule: DesiredSchedule, day: date, closings: Closings, *, partial_week: bool) -> str:
    if not is_skill(schedule.content):
        return ""
    return why_not_sent(schedule, day, closings.closing(schedule).closed[day], partial_week=partial_week)


def _hours(schedule: DesiredSchedule, seconds: int, uncarried: str = "") -> TakenHours:
    hours = seconds / _HOUR
    return TakenHours(schedule.campaign_id, schedule.name, hours, schedule.places.locate(()), uncarried)
