"""From an entry of a campaign file that fits the schema to a desired schedule."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from .. import canonical
from ..model import Blackout, DesiredSchedule, JsonObject, Path, Places, Window
from .cascade import Defaults, Origin, merged
from .known import UNKNOWN
from .layers import CAPS
from .places import EntryPlaces

_seconds = lru_cache(maxsize=4096)(canonical.seconds)  # schedules share a few dozen times
SCHEDULE_NEEDS = ("timezone", "scheduleDetails")
_NO_WINDOW: JsonObject = dict.fromkeys(("dayOfWeek", "startTime", "endTime", *CAPS), UNKNOWN)


def build(campaign_id: str, origin: Origin, defaults: Defaults) -> DesiredSchedule | None:
    """The schedule that an entry means with these defaults; None where it still lacks something."""
    entry, windows = cascaded(origin.document.data, defaults)
    if any(field not in entry for field in SCHEDULE_NEEDS):
        return None
    if any(field not in window for window in windows for field in CAPS):
        return None
    blackouts = dict(enumerate(entry.get("blackoutPeriods", ())))
    places = EntryPlaces(origin, defaults.origins)
    return assembled(campaign_id, entry, dict(enumerate(windows)), blackouts, places)


def cascaded(own: JsonObject, defaults: Defaults) -> tuple[JsonObject, list[JsonObject]]:
    """An entry upon the defaults, and its windows upon theirs. A window that is UNKNOWN has no field that is known."""
    entry = merged(defaults.schedule, own)
    details = entry.get("scheduleDetails")
    if not isinstance(details, list):
        return entry, []
    return entry, [
        {**defaults.window, **window} if isinstance(window, dict) else _NO_WINDOW for window in details
    ]


def assembled(
    campaign_id: str,
    entry: JsonObject,
    windows: Mapping[int, JsonObject],
    blackouts: Mapping[int, JsonObject],
    places: Places,
) -> DesiredSchedule:
    """The schedule of a complete entry. Windows and blackouts come with their number in the file."""
    expanded = [(day, number) for number, window in windows.items() for day in days_of(window["dayOfWeek"])]
    made = sorted((_window(day, windows[number], number) for day, number in expanded), key=_order)
    pauses = sorted((_blackout(each, number) for number, each in blackouts.items()), key=_pause_order)
    return DesiredSchedule(
        campaign_id=campaign_id,
        name=entry["name"],
        pinned_id=entry.get("id"),
        content=canonical.content(
            entry["name"],
            entry["timezone"],
            ({**windows[number], "dayOfWeek": day} for day, number in expanded),
            blackouts.values(),
            {
                "regulatoryPauses": (),
                "agentAvailabilityProjection": False,
                **entry.get("complianceRules", {}),
            },
        ),
        windows=tuple(made),
        blackouts=tuple(pauses),
        jurisdictions=tuple(entry.get("jurisdictions", ())),
        places=places,
    )


def days_of(value: str | list[str]) -> list[str]:
    """One weekday or a list of them as a list."""
    return [value] if isinstance(value, str) else value


def _window(day: str, raw: Mapping[str, Any], number: int) -> Window:
    return Window(
        day=day,
        start=_seconds(raw["startTime"]),
        end=_seconds(raw["endTime"]),
        max_calls_per_day=canonical.number(raw["maxCallsPerDay"]),
        max_calls_per_hour=canonical.number(raw["maxCallsPerHour"]),
        predictive_rate=raw["predictiveRate"],
        max_calls_per_agent_per_day=canonical.number(raw["maxCallsPerAgentPerDay"]),
        path=("scheduleDetails", number),
    )


def _order(window: Window) -> tuple[int, int, int, Path]:
    return canonical.DAY_ORDER[window.day], window.start, window.end, window.path


def _blackout(raw: Mapping[str, Any], number: int) -> Blackout:
    return Blackout(
        start=_seconds(raw["startTime"]),
        end=_seconds(raw["endTime"]),
        reason=raw["reason"],
        applies_to_all_days=raw.get("appliesToAllDays", True),
        path=("blackoutPeriods", number),
    )


def _pause_order(blackout: Blackout) -> tuple[int, str, int, Path]:
    return blackout.start, blackout.reason, blackout.end, blackout.path
