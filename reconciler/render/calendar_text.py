"""What the dates will change, for people and programs: a date a line, and the schedules of it below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from ..canonical import clock
from ..intervals import DAY
from ..model import WEEKDAYS, JsonObject
from ..model.closed import CalendarReport, ClosedDay, OpenHoliday, TakenHours, TenantCalendar
from ..phrases import counted, first_of, listing
from .escape import json_text, visible

_SHOWN = 20
_DATES_SHOWN, _DATES_OF_TITLE = 10, 4


def calendar_text(report: CalendarReport) -> str:
    """The dates of all tenants; ends with a newline."""
    lines = [line for tenant in report.tenants for line in _tenant(tenant, report, several=len(report.tenants) > 1)]
    source = f"Holidays by rule data {report.rule_data} and {report.holiday_data}. Not legal advice."
    return "\n".join(map(visible, [*lines, source])) + "\n"


def calendar_json(report: CalendarReport) -> str:
    """The same as one JSON object. Times are half-open, HH:MM:SS on the schedule's clock; 24:00:00 ends a day."""
    document = {
        "formatVersion": "1",
        "asOf": str(report.first),
        "until": str(report.last),
        "ruleData": report.rule_data,
        "holidayData": report.holiday_data,
        "tenants": [
            {
                "tenant": tenant.tenant,
                "closures": [closed_day_document(day) for day in tenant.closed],
                "holidaysNotClosed": [
                    {
                        "date": str(holiday.day),
                        "holiday": holiday.name,
                        "jurisdiction": holiday.jurisdiction,
                        "citation": holiday.citation,
                        "schedules": _schedules(holiday.taken),
                    }
                    for holiday in tenant.open_holidays
                ],
            }
            for tenant in report.tenants
        ],
    }
    return json_text(document)


def closed_day_document(day: ClosedDay) -> JsonObject:
    """One closed date, with the schedules by name."""
    return {
        "date": day.date,
        "closed": [[clock(second) for second in span] for span in day.closed],
        "reasons": list(day.reasons),
        "hours": day.hours,
        "schedules": _schedules(day.taken),
    }


def when_closed(day: ClosedDay) -> str:
    """`THURSDAY 2026-11-26`, with the closed hours where they are not the whole day."""
    when = _weekday(date.fromisoformat(day.date))
    return when if day.closed == ((0, DAY),) else f"{when} {listing(_span(*span) for span in day.closed)}"


def closed_day_words(day: ClosedDay) -> str:
    """`THURSDAY 2026-11-26  Thanksgiving: 8 dialing hours of 1 schedule`."""
    return f"{when_closed(day)}  {'; '.join(day.reasons)}: {_figures(day.hours, day.schedules)}"


def closures_said(closed: Sequence[ClosedDay]) -> tuple[str, tuple[str, ...]]:
    """The dates in short, `Thu 26 Nov, Fri 27 Nov and 3 more`, and a line for those that are closed alike with what is
    closed, why, and what it takes: `2026-11-26, 2026-11-27: winter break (4 schedules, 36 h each day)`."""
    alike: dict[tuple[object, ...], list[ClosedDay]] = {}
    for day in closed:
        alike.setdefault((day.closed, day.reasons, day.schedules, day.hours), []).append(day)
    lines = []
    for days in alike.values():
        first = days[0]
        hours = "" if first.closed == ((0, DAY),) else f" {listing(_span(*span) for span in first.closed)}"
        taken = f"{counted(first.schedules, 'schedule')}, {_number(first.hours)} h{' each day' if days[1:] else ''}"
        dates = first_of([day.date for day in days], _DATES_SHOWN)
        lines.append(f"{dates}{hours}: {'; '.join(first.reasons)} ({taken})")
    return first_of(list(dict.fromkeys(map(_short_date, closed))), _DATES_OF_TITLE), tuple(lines)


def _short_date(day: ClosedDay) -> str:
    at = date.fromisoformat(day.date)
    return f"{WEEKDAYS[at.weekday()][:3].capitalize()} {at.day} {at:%b}"


def _tenant(tenant: TenantCalendar, report: CalendarReport, *, several: bool) -> Iterator[str]:
    if several:
        yield f"Tenant {tenant.tenant}"
    what = f"from {report.first} to {report.last}"
    if not tenant.closed:
        yield f"No closure takes any hour {what}."
    for day in tenant.closed:
        yield closed_day_words(day)
        yield from _named(day.taken)
    if tenant.open_holidays:
        yield ""
        yield f"Holidays {what} on which the law forbids calls, and which no closure covers:"
    for holiday in tenant.open_holidays:
        yield _open(holiday)
        yield from _named(holiday.taken)
    yield ""


def _open(holiday: OpenHoliday) -> str:
    hours = sum(taken.hours for taken in holiday.taken)
    what = f"{holiday.name} ({holiday.jurisdiction}; {holiday.citation})"
    return f"{_weekday(holiday.day)}  {what}: {_figures(hours, len(holiday.taken))}"


def _named(taken: Sequence[TakenHours]) -> Iterator[str]:
    for schedule in taken[:_SHOWN]:
        yield f"  {schedule.campaign_id}  {schedule.name}  {_number(schedule.hours)} h"
        if schedule.uncarried:
            yield f"    cannot be sent: it {schedule.uncarried}"
    if len(taken) > _SHOWN:
        yield f"  {len(taken) - _SHOWN} more not shown; --format json has all"


def _figures(hours: float, schedules: int) -> str:
    return f"{_number(hours)} dialing {'hour' if hours == 1 else 'hours'} of {counted(schedules, 'schedule')}"


def _schedules(taken: Sequence[TakenHours]) -> list[Any]:
    return [
        {
            "campaignId": schedule.campaign_id,
            "name": schedule.name,
            "hours": schedule.hours,
            "source": {"file": schedule.source.file, "line": schedule.source.line, "column": schedule.source.column},
            **({"cannotBeSent": schedule.uncarried} if schedule.uncarried else {}),
        }
        for schedule in taken
    ]


def _weekday(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()]} {day}"


def _span(start: int, end: int) -> str:
    return f"{clock(start)[:5]}–{clock(end)[:5]}"


def _number(hours: float) -> str:
    return f"{hours:.4g}" if hours < 10_000 else f"{hours:.0f}"
