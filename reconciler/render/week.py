"""A schedule's week in the words of those who run it: windows with equal hours and caps are one line, days are ranges.

Renderers show what a saved plan holds even where its body is no schedule: then `read_week` returns None and they show
the JSON.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .. import canonical
from ..model import WEEKDAYS, JsonObject

_CAPS = (
    ("maxCallsPerDay", "{}/day"),
    ("maxCallsPerHour", "{}/hour"),
    ("predictiveRate", "rate {}"),
    ("maxCallsPerAgentPerDay", "{}/agent"),
)


@dataclass(frozen=True, slots=True)
class Week:
    """What a body says of the week; windows and blackouts in canonical form and order."""

    timezone: str
    windows: tuple[JsonObject, ...]
    blackouts: tuple[JsonObject, ...]
    pauses: tuple[str, ...]
    projection: bool
    injection: bool


def read_week(body: Mapping[str, Any] | None) -> Week | None:
    """The week of a PUT body or of what was live before; None where it is not a schedule of the known shape."""
    if body is None:
        return None
    try:
        rules = body["complianceRules"]
        content = canonical.content(
            "", str(body["timezone"]), body["scheduleDetails"], body["blackoutPeriods"], rules
        )
    except (KeyError, ValueError, TypeError, AttributeError):
        return None
    return Week(
        timezone=content["timezone"],
        windows=tuple(content["scheduleDetails"]),
        blackouts=tuple(content["blackoutPeriods"]),
        pauses=tuple(map(str, content["complianceRules"]["regulatoryPauses"])),
        projection=bool(content["complianceRules"]["agentAvailabilityProjection"]),
        injection=bool(content["complianceRules"]["enableComplianceInjection"]),
    )


def window_lines(week: Week) -> tuple[str, ...]:
    """`MONDAY–FRIDAY 09:00–17:00, 5000/day, 800/hour, rate 1.2, 150/agent`, one line for equal windows."""
    days: dict[str, list[str]] = {}
    for each in week.windows:
        days.setdefault(hours_and_caps(each), []).append(each["dayOfWeek"])
    return tuple(f"{day_ranges(names)} {rest}" for rest, names in days.items())


def blackout_lines(week: Week) -> tuple[str, ...]:
    """`12:00–13:00 LUNCH_BREAK`, one line each; says so where the days of a blackout are not known."""
    return tuple(blackout_line(each) for each in week.blackouts)


def blackout_line(each: Mapping[str, Any]) -> str:
    """One blackout in canonical form."""
    some = "" if each["appliesToAllDays"] is not False else " (not on all days)"
    return f"{hours(each)} {each['reason']}{some}"


def rules_line(week: Week) -> str:
    """The compliance rules as one line."""
    pauses = ", ".join(week.pauses) or "none"
    injection = "on" if week.injection else "OFF"
    projection = "counted in" if week.projection else "left out of"
    return (
        f"regulatory pauses {pauses}; compliance injection {injection}; {projection} the capacity projection"
    )


def hours_and_caps(each: Mapping[str, Any]) -> str:
    """A canonical window without its day."""
    caps = ", ".join(words.format(each[name]) for name, words in _CAPS)
    return f"{hours(each)}, {caps}"


def hours(each: Mapping[str, Any]) -> str:
    """`09:00–17:00`; seconds only where there are some."""
    return f"{short_time(each['startTime'])}–{short_time(each['endTime'])}"


def short_time(text: str) -> str:
    """`HH:MM:SS` without seconds that are zero."""
    return text.removesuffix(":00") if len(text) == len("HH:MM:SS") else text


def day_ranges(names: Sequence[str]) -> str:
    """Weekdays in calendar order as `MONDAY–FRIDAY, SUNDAY`; two neighbors stay a list, a day that repeats is once."""
    runs: list[list[int]] = []
    for number in sorted({WEEKDAYS.index(name) for name in names}):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    parts = [
        f"{WEEKDAYS[run[0]]}–{WEEKDAYS[run[-1]]}" if len(run) > 2 else ", ".join(WEEKDAYS[n] for n in run)
        for run in runs
    ]
    return ", ".join(parts)
