"""The wire format of a skill's weekly schedule, read strictly: what a PUT would replace must be known completely, or not at all.

Twenty-two flat fields: whether the schedule counts at all, and for each weekday a start, an end and whether the day is open.
Times were seen with seconds and booleans as text, so both are read; anything else that is not certainly understood makes
the skill unreadable. A closed day's times mean nothing, and a PUT sends them as they were.
"""

from __future__ import annotations

import re
from typing import Any, NoReturn

from .. import canonical
from ..errors import AnswerError
from ..model import WEEKDAYS, JsonObject, LiveSchedule
from .answers import shown

_TIME = re.compile(r"(?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::00)?", re.ASCII)
_MIDNIGHTS = frozenset({"00:00", "24:00"})
_FLAGS = {"true": True, "false": False}
_WRAPPED = "scheduleSettings"
_PARTS = ("StartTime", "EndTime", "IsActive")
_FIELDS = frozenset({"isScheduled", *(f"{day.lower()}{part}" for day in WEEKDAYS for part in _PARTS)})


def held_week(raw: Any, skill_id: str) -> JsonObject:
    """The fields of an answer. AnswerError where one of them is missing, or is not certainly understood."""
    if not isinstance(raw, dict):
        _refuse(skill_id, f"the answer is {shown(raw)}, where an object is needed")
    raw = raw.get(_WRAPPED, raw) if not _FIELDS & raw.keys() else raw
    if not isinstance(raw, dict) or (missing := sorted(_FIELDS - raw.keys())):
        _refuse(skill_id, f"it has no {', '.join(missing[:3])}" if isinstance(raw, dict) else "it has no schedule")
    held: JsonObject = {"isScheduled": _flag(raw, "isScheduled", skill_id)}
    for day in map(str.lower, WEEKDAYS):
        is_open = held[f"{day}IsActive"] = _flag(raw, f"{day}IsActive", skill_id)
        for part in ("StartTime", "EndTime"):
            held[f"{day}{part}"] = _time(raw[f"{day}{part}"], f"{day}{part}", skill_id, needed=is_open)
    for day in WEEKDAYS:
        start, end = (held[f"{day.lower()}{part}"] for part in ("StartTime", "EndTime"))
        if held[f"{day.lower()}IsActive"] and end in _MIDNIGHTS:
            _refuse(skill_id, f"{day} ends at {end}, and it is not known what CXone takes midnight for")
        if held[f"{day.lower()}IsActive"] and end <= start:
            _refuse(skill_id, f"{day} ends at {end}, which is not after its start at {start}")
    return held


def unknown_fields(raw: JsonObject) -> tuple[str, ...]:
    """The names of what an answer has beside the fields of a weekly schedule."""
    return tuple(sorted(raw.keys() - _FIELDS - {_WRAPPED}))


def live_schedule(held: JsonObject, campaign_id: str, skill_id: str, name: str, timezone: str) -> LiveSchedule:
    """A skill as the schedule that it is: an open day is a window, in the zone that the tenant's settings name."""
    windows = [
        canonical.window(
            {
                "dayOfWeek": day,
                "startTime": held[f"{day.lower()}StartTime"],
                "endTime": held[f"{day.lower()}EndTime"],
            }
        )
        for day in WEEKDAYS
        if held[f"{day.lower()}IsActive"]
    ]
    content = canonical.skill_content(name, timezone, windows, is_scheduled=held["isScheduled"])
    return LiveSchedule(campaign_id, skill_id, content)


def written_week(body: JsonObject, held: JsonObject) -> JsonObject:
    """All 22 fields of a PUT that makes a skill's week that of `body`; a day that is closed keeps the times it has."""
    windows = {window["dayOfWeek"]: window for window in body["scheduleDetails"]}
    fields: JsonObject = {"isScheduled": body["isScheduled"]}
    for day in WEEKDAYS:
        name, window = day.lower(), windows.get(day)
        for part in ("startTime", "endTime"):
            key = f"{name}{part[0].upper()}{part[1:]}"
            fields[key] = held[key] if window is None else window[part].removesuffix(":00")
        fields[f"{name}IsActive"] = window is not None
    return fields


def flag(value: Any) -> bool | None:
    """A boolean as CXone sends it, also as text; None where it is neither."""
    if isinstance(value, bool):
        return value
    return _FLAGS.get(value.lower()) if isinstance(value, str) else None


def _flag(raw: JsonObject, name: str, skill_id: str) -> bool:
    value = flag(raw[name])
    if value is None:
        _refuse(skill_id, f"it has {shown(raw[name])} as {name}, where true or false is needed")
    return value


def _time(value: Any, name: str, skill_id: str, *, needed: bool) -> str | None:
    """A time as HH:MM. A closed day may have none, and keeps what it has."""
    if isinstance(value, str) and _TIME.fullmatch(value):
        return value[:-3].rjust(5, "0") if value.count(":") == 2 else value.rjust(5, "0")
    if value in ("24:00", "24:00:00"):
        return "24:00"
    if value in (None, "") and not needed:
        return value  # type: ignore[no-any-return]  # None or the empty text
    return _refuse(skill_id, f"it has {shown(value)} as {name}, where a time of day (HH:MM) is needed")


def _refuse(skill_id: str, what: str) -> NoReturn:
    raise AnswerError(
        f"the weekly schedule of skill {skill_id} cannot be used: {what}",
        hint="look at the skill in the console",
    )
