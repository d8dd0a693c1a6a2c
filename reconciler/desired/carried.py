"""What of an entry the Admin API carries: the days and times of a skill's week. Everything else that is set is named, at its
place, before anything is sent: what is left out in silence would be taken to hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..canonical import CAPS, is_skill, seconds
from ..findings import Finding, Location, Severity
from ..model import WEEKDAYS, JsonObject, Path
from ..phrases import on_days
from ..settings import AdminSettings
from .places import FilePlaces, SchedulePlaces

_OF_SKILL = ("name", "id", "jurisdictions", "exemption", "closures", "scheduleDetails")
_OF_DAY = ("dayOfWeek", "startTime", "endTime")
_ONE_MINUTE = "write it without seconds"
_MIDNIGHT = "it is not known what CXone takes midnight for"
_SKILL_NUMBER = re.compile("[1-9][0-9]*", re.ASCII)
_INSTEAD = {
    "timezone": "the times of skills are in admin.timezone of tenant.yaml",
    "blackoutPeriods": "a day has one window without a pause",
    "complianceRules": "the legal hours are checked here all the same, from jurisdictions and the time zone",
    "agentAvailabilityProjection": "it has no projection of agents",
    "window": "it has no call caps and no predictive rate",
    "webhook": "it has no webhooks",
    "capacity": "it has no call caps and no projection of agents",
    "preserveFields": "a write sends all 22 fields of a skill's schedule and no other",
    "ignoreFields": "a write sends all 22 fields of a skill's schedule",
}
_TENANT_FIELDS = ("webhook", "capacity", "preserveFields", "ignoreFields")


def as_skill(entry: JsonObject, windows: list[Any], admin: AdminSettings) -> tuple[JsonObject, list[Any]]:
    """A cascaded entry and its windows, less what the Admin API does not carry, in the tenant's zone."""
    kept = {field: entry[field] for field in _OF_SKILL if field in entry}
    days = [
        {field: window[field] for field in _OF_DAY if field in window} if isinstance(window, dict) else window
        for window in windows
    ]
    return {**kept, "timezone": admin.timezone, "isScheduled": True}, days


def uncarried(entry: JsonObject, windows: list[Any], places: SchedulePlaces) -> Iterator[Finding]:
    """A finding for each field of a cascaded entry, and of its windows, that is set and not carried."""
    for field, value in entry.items():
        if field == "complianceRules" and isinstance(value, dict):
            for rule, setting in value.items():
                if setting not in ([], {}):
                    why = _INSTEAD.get(rule, _INSTEAD[field])
                    yield _finding(f"{field}.{rule}", why, places.locate((field, rule), key=True))
        elif field == "id" and isinstance(value, str) and value and not _SKILL_NUMBER.fullmatch(value):
            message = f'id is {value!r}, but must be the number of a skill, such as "4711"'
            yield Finding(Severity.ERROR, "schema", message, places.locate(("id",)))
        elif field not in _OF_SKILL and field in _INSTEAD and value not in ([], {}):
            yield _finding(field, _INSTEAD[field], places.locate((field,), key=True))
    days: set[Any] = set()
    for number, window in enumerate(windows):
        if isinstance(window, dict):
            yield from _of_window(window, ("scheduleDetails", number), places, days)


def uncarried_defaults(file: FilePlaces) -> Iterator[Finding]:
    """A finding for each field of a defaults.yaml that is set and not carried, also where every entry below sets its own."""
    data = file.document.data
    schedule, window = data.get("schedule"), data.get("window")
    yield from uncarried(schedule if isinstance(schedule, dict) else {}, [], SchedulePlaces(file, (file,)))
    for field in CAPS if isinstance(window, dict) else ():
        if field in window:
            yield _finding(field, _INSTEAD["window"], file.locate(("window", field), key=True))


def uncarried_settings(data: Any, places: FilePlaces) -> Iterator[Finding]:
    """A finding for each setting of a tenant.yaml that means nothing with the Admin API."""
    for field in _TENANT_FIELDS if isinstance(data, dict) else ():
        if data.get(field):
            yield _finding(field, _INSTEAD[field], places.locate((field,), key=True))


def why_not_carried(content: JsonObject) -> str | None:
    """Why a file could not hold a canonical content that the Admin API gave, None where it can."""
    windows = content["scheduleDetails"] if is_skill(content) else ()
    days = [WEEKDAYS.index(window["dayOfWeek"]) for window in windows if _is_midnight(window["startTime"])]
    if not days:
        return None
    return f"it starts at 00:00 {on_days(days)}, and {_MIDNIGHT}; let it begin a minute later in the console"


def _of_window(window: JsonObject, path: Path, places: SchedulePlaces, days: set[Any]) -> Iterator[Finding]:
    for field in window:
        if field not in _OF_DAY:
            yield _finding(field, _INSTEAD["window"], places.locate((*path, field), key=True))
    listed = window.get("dayOfWeek", ())
    own = {day for day in (listed if isinstance(listed, list) else [listed]) if isinstance(day, str)}
    if again := sorted(own & days):
        where = places.locate((*path, "dayOfWeek"), key=True)
        yield _finding(f"another window on {', '.join(again)}", "a day has one window", where)
    days |= own
    for field in ("startTime", "endTime"):
        where, time = places.locate((*path, field)), window.get(field)
        if isinstance(time, str) and time.count(":") == 2 and not time.endswith(":00"):
            yield _finding(f"{field} {time}", "times are whole minutes", where, _ONE_MINUTE)
        elif field == "startTime" and _is_midnight(time):
            yield _finding(f"{field} {time}", _MIDNIGHT, where, "begin a minute later")


def _is_midnight(time: Any) -> bool:
    try:
        return seconds(time) == 0
    except (TypeError, ValueError):
        return False


def _finding(what: str, why: str, place: Location, advice: str = "remove it") -> Finding:
    message = f"{what} cannot be carried by the Admin API: {why}; {advice}"
    return Finding(Severity.ERROR, "admin-unsupported", message, place)
