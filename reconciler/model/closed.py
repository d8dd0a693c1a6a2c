"""What closures take in the coming weeks, for people who ask or who approve."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .plans import ClosedDay, TakenHours


@dataclass(frozen=True, slots=True)
class OpenHoliday:
    """A holiday on which the law of a jurisdiction forbids calls, and on which some schedules would call."""

    day: date
    name: str
    jurisdiction: str
    citation: str
    taken: tuple[TakenHours, ...]


@dataclass(frozen=True, slots=True)
class TenantCalendar:
    """What the dates will change for one tenant, by date."""

    tenant: str
    closed: tuple[ClosedDay, ...]
    open_holidays: tuple[OpenHoliday, ...]


@dataclass(frozen=True, slots=True)
class CalendarReport:
    """What the dates will change from `first` to `last`; `rule_data` and `holiday_data` vouch for the holidays."""

    first: date
    last: date
    rule_data: str
    holiday_data: str
    tenants: tuple[TenantCalendar, ...]
