"""A schedule's week in the words of those who run it: windows with equal hours and caps are one line, days are ranges.

Renderers show what a saved plan holds even where its body is no schedule: then `read_week` returns None and they show
the JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .. import canonical
from ..model import WEEKDAYS, JsonObject
from ..phrases import weekdays

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
        content = canonical.content("", str(body["timezone"]), body["scheduleDetails"], body["blackoutPeriods"], rules)
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
    days: dict[str, list[int]] = {}
    for window in week.windows:
        days.setdefault(hours_and_caps(window), []).append(WEEKDAYS.index(window["dayOfWeek"]))
    return tuple(f"{weekdays(numbers)} {rest}" for rest, numbers in days.items())


def blackout_lines(week: Week) -> tuple[str, ...]:
    """`12:00–13:00 LUNCH_BREAK`, one line each; says so where the days of a blackout are not known."""
    return tuple(blackout_line(blackout) for blackout in week.blackouts)


def blackout_line(blackout: Mapping[str, Any]) -> str:
    """One blackout in canonical form."""
    some = "" if blackout["appliesToAllDays"] is not False else " (not on all days)"
    return f"{hours_words(blackout)} {blackout['reason']}{some}"


def rules_line(week: Week) -> str:
    """The compliance rules as one line."""
    pauses = ", ".join(week.pauses) or "none"
    injection = "on" if week.injection else "OFF"
    projection = "counted in" if week.projection else "left out of"
    return f"regulatory pauses {pauses}; compliance injection {injection}; {projection} the capacity projection"


def hours_and_caps(window: Mapping[str, Any]) -> str:
    """A canonical window without its day."""
    caps = ", ".join(words.format(window[name]) for name, words in _CAPS)
    return f"{hours_words(window)}, {caps}"


def hours_words(span: Mapping[str, Any]) -> str:
    """The hours of a window or a blackout, `09:00–17:00`; seconds only where there are some."""
    return f"{short_time(span['startTime'])}–{short_time(span['endTime'])}"


def short_time(text: str) -> str:
    """`HH:MM:SS` without seconds that are zero."""
    return text.removesuffix(":00") if len(text) == len("HH:MM:SS") else text
