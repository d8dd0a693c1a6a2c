"""Closures as the files have them, and what they take in the coming weeks, for people who ask or who approve."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from ..findings import Location


class Closure(NamedTuple):
    """Dates on which a schedule does not call: those from `first` to `last`, or `holidays`, which is an ISO 3166 code or
    `legal`; of these `only` some, or all `exclude` some, by their names.

    Of each date the seconds from `start` to before `end` are closed, on the schedule's clock. A side of the range that
    the file has as no date is None; such a closure closes nothing, and its finding says so.
    """

    reason: str = ""
    first: date | None = None
    last: date | None = None
    start: int = 0
    end: int = 86_400
    holidays: str = ""
    only: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


class TakenHours(NamedTuple):
    """One schedule's dialing hours on one date: what a closure takes of them, or what the law forbids of them. `uncarried` is
    why the closure cannot be sent, in words that go on after it."""

    campaign_id: str
    name: str
    hours: float
    source: Location
    uncarried: str = ""


class ClosedDay(NamedTuple):
    """A date, YYYY-MM-DD, on which some schedules are closed alike. `closed` are the seconds of it that are, (0, 86400) for
    all of it; `hours` what it takes of the dialing of `schedules` schedules together; `taken` names them where that is
    asked for."""

    date: str
    closed: tuple[tuple[int, int], ...]
    reasons: tuple[str, ...]
    schedules: int
    hours: float
    taken: tuple[TakenHours, ...] = ()


class OpenHoliday(NamedTuple):
    """A holiday on which the law of a jurisdiction forbids calls, and on which some schedules would call."""

    day: date
    name: str
    jurisdiction: str
    citation: str
    taken: tuple[TakenHours, ...]


class TenantCalendar(NamedTuple):
    """What the dates will change for one tenant, by date."""

    tenant: str
    closed: tuple[ClosedDay, ...]
    open_holidays: tuple[OpenHoliday, ...]


class CalendarReport(NamedTuple):
    """What the dates will change from `first` to `last`; `rule_data` and `holiday_data` vouch for the holidays."""

    first: date
    last: date
    rule_data: str
    holiday_data: str
    tenants: tuple[TenantCalendar, ...]
