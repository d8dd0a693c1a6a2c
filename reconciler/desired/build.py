"""From an entry of a campaign file that fits the schema to a desired schedule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from .. import canonical
from ..model import Blackout, DesiredSchedule, Finding, JsonObject, Path, Severity, Window
from .cascade import Defaults, Origin, merged
from .places import EntryPlaces

_seconds = lru_cache(maxsize=4096)(canonical.seconds)  # schedules share a few dozen times
_SCHEDULE_NEEDS = ("timezone", "scheduleDetails")
_WINDOW_NEEDS = ("maxCallsPerDay", "maxCallsPerHour", "predictiveRate", "maxCallsPerAgentPerDay")


def build(
    campaign_id: str, origin: Origin, index: int, defaults: Defaults
) -> tuple[DesiredSchedule | None, tuple[Finding, ...]]:
    """The schedule that an entry means with these defaults, or what it still lacks; `index` is its number in the file."""
    places = EntryPlaces(origin, defaults.origins)
    entry = merged(defaults.schedule, origin.document.data)
    windows = [{**defaults.window, **window} for window in entry.get("scheduleDetails", ())]
    missing = tuple(_missing(entry, windows, places, index))
    if missing:
        return None, missing
    expanded = [(day, number) for number, window in enumerate(windows) for day in _days(window["dayOfWeek"])]
    blackouts = entry.get("blackoutPeriods", ())
    content = canonical.content(
        entry["name"],
        entry["timezone"],
        ({**windows[number], "dayOfWeek": day} for day, number in expanded),
        blackouts,
        {"regulatoryPauses": (), "agentAvailabilityProjection": False, **entry.get("complianceRules", {})},
    )
    made = sorted((_window(day, windows[number], number) for day, number in expanded), key=_order)
    schedule = DesiredSchedule(
        campaign_id=campaign_id,
        name=entry["name"],
        pinned_id=entry.get("id"),
        content=content,
        windows=tuple(made),
        blackouts=tuple(
            sorted((_blackout(each, number) for number, each in enumerate(blackouts)), key=_pause_order)
        ),
        jurisdictions=tuple(entry.get("jurisdictions", ())),
        places=places,
    )
    return schedule, ()


def lacking(origin: Origin, index: int, defaults: Defaults) -> tuple[Finding, ...]:
    """What an entry lacks in which something else is wrong too, so that all its faults are told at once."""
    if not isinstance(origin.document.data, dict):
        return ()
    entry = merged(defaults.schedule, origin.document.data)
    details = entry.get("scheduleDetails")
    windows = [
        {**defaults.window, **window} if isinstance(window, dict) else dict.fromkeys(_WINDOW_NEEDS)
        for window in (details if isinstance(details, list) else ())
    ]
    return tuple(_missing(entry, windows, EntryPlaces(origin, defaults.origins), index))


def _days(value: str | list[str]) -> list[str]:
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


def _missing(
    entry: JsonObject, windows: list[JsonObject], places: EntryPlaces, index: int
) -> Iterator[Finding]:
    """One finding for each field that neither the entry nor any defaults.yaml gives."""
    name = f"schedules[{index}]"
    for field in _SCHEDULE_NEEDS:
        if field not in entry:
            yield _lacks(name, field, "schedule", entry, places, ())
    for number, window in enumerate(windows):
        for field in _WINDOW_NEEDS:
            if field not in window:
                path = ("scheduleDetails", number)
                yield _lacks(f"{name}.scheduleDetails[{number}]", field, "window", entry, places, path)


def _lacks(
    holder: str, field: str, section: str, entry: JsonObject, places: EntryPlaces, path: Path
) -> Finding:
    name = str(entry.get("name", ""))[:60]
    message = (
        f"{holder}.{field} of schedule {name!r} is missing, and no defaults.yaml gives it under `{section}`"
    )
    return Finding(Severity.ERROR, "schema", message, places.locate(path))
