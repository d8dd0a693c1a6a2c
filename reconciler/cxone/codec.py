"""The wire format of a schedule, read strictly: what a PUT would replace must be known completely, or not at all.

The fields of the PUT body are tables; their types are checked and their ranges are not, because live data outside the range is
a difference to show and no reason to stop. Three defaults are filled in; anything else that is missing, of another type or
ambiguous is an AnswerError that names the schedule and the field.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from .. import canonical
from ..errors import AnswerError
from ..model import WEEKDAYS, JsonObject, LiveSchedule, Path
from .answers import shown

WIRE_DEFAULTS: Mapping[str, Any] = {
    "blackoutPeriods": [],
    "appliesToAllDays": True,
    "enableComplianceInjection": True,
}
"""What a field that is absent or null means, for the three of which that is known."""
_DEEPEST = 100  # levels of lists and objects in a field that is not known


_TEXT = (frozenset({str}), "a string")
_NUMBER = (frozenset({int, float}), "a number")
_FLAG = (frozenset({bool}), "true or false")
_LIST = (frozenset({list}), "a list")
_OBJECT = (frozenset({dict}), "an object")

Fields = Mapping[str, tuple[frozenset[type], str]]
"""Fields by name: the types that JSON may give each (exactly these, because a bool is no number), and how to say that."""
SCHEDULE_FIELDS: Fields = {
    "id": _TEXT,
    "name": _TEXT,
    "campaignId": _TEXT,
    "timezone": _TEXT,
    "scheduleDetails": _LIST,
    "blackoutPeriods": _LIST,
    "complianceRules": _OBJECT,
}
WINDOW: Fields = {
    "dayOfWeek": _TEXT,
    "startTime": _TEXT,
    "endTime": _TEXT,
    "maxCallsPerDay": _NUMBER,
    "maxCallsPerHour": _NUMBER,
    "predictiveRate": _NUMBER,
    "maxCallsPerAgentPerDay": _NUMBER,
}
BLACKOUT: Fields = {"startTime": _TEXT, "endTime": _TEXT, "reason": _TEXT, "appliesToAllDays": _FLAG}
RULES: Fields = {
    "regulatoryPauses": _LIST,
    "agentAvailabilityProjection": _FLAG,
    "enableComplianceInjection": _FLAG,
}


def decode(raw: Any, campaign_id: str, schedule_id: str | None = None, *, is_written: bool = False) -> LiveSchedule:
    """One schedule of `campaign_id` as the tenant sent it, in canonical form, with all that a PUT would lose as extras.

    Raises AnswerError if it is not a whole schedule of that campaign (and of that id, where one is given), or if an extra
    field is nested absurdly deep. Of a schedule that was just written such a field is left out: the write is done.
    """
    reader = _Reader(campaign_id, raw.get("id") if isinstance(raw, dict) else None)
    top = reader.fields(raw, SCHEDULE_FIELDS, "")
    reader.expect_ids(top, schedule_id)
    content = reader.content(top)
    unknown = list(_unknown_fields(raw, content))
    shallow = [(path, value) for path, value in unknown if _is_shallow(value)]
    if len(shallow) < len(unknown) and not is_written:
        deep = next(path for path, value in unknown if not _is_shallow(value))
        raise reader.error(f"has more than {_DEEPEST} levels below {canonical.field_path(deep)}")
    extras = _extras(shallow)
    status = extras.get(("status",))
    return LiveSchedule(
        campaign_id=campaign_id,
        schedule_id=top["id"],
        content=content,
        status=status if status is None or isinstance(status, str) else canonical.dumps(status),
        extras=tuple(sorted(extras.items(), key=lambda item: item[0])),
    )


def decode_all(items: Iterable[Any], campaign_id: str) -> tuple[LiveSchedule, ...]:
    """All schedules of a campaign, sorted by id; one that a page repeats counts once.

    Raises AnswerError if one of them cannot be decoded, or if one id comes with two contents.
    """
    found: dict[str, LiveSchedule] = {}
    for item in items:
        schedule = decode(item, campaign_id)
        if found.setdefault(schedule.schedule_id, schedule) != schedule:
            raise _Reader(campaign_id, schedule.schedule_id).error("is in the list twice, with different content")
    return tuple(found[key] for key in sorted(found))


class _Reader(NamedTuple):
    """Reads the parts of one schedule and knows how to name it."""

    campaign_id: str
    schedule_id: Any

    def content(self, top: JsonObject) -> JsonObject:
        """The canonical content; the parts of `top` are of the right types."""
        windows = self.entries(top["scheduleDetails"], WINDOW, "scheduleDetails")
        blackouts = self.entries(top["blackoutPeriods"], BLACKOUT, "blackoutPeriods")
        rules = self.fields(top["complianceRules"], RULES, "complianceRules")
        if not all(isinstance(pause, str) for pause in rules["regulatoryPauses"]):
            raise self.error("has complianceRules.regulatoryPauses that are not all strings")
        try:
            content = canonical.content(top["name"], top["timezone"], windows, blackouts, rules)
        except (KeyError, ValueError):
            raise self.error(_calendar_fault(windows, blackouts)) from None
        keys = [canonical.window_key(window) for window in content["scheduleDetails"]]
        if len(keys) != len(set(keys)):
            twice = next(key for key in keys if keys.count(key) > 1)
            raise self.error(f"has more than one window that starts on {twice}, and they cannot be distinguished")
        return content

    def fields(self, raw: Any, known: Fields, place: str) -> JsonObject:
        """An object whose known fields are of the right types: `raw` itself, or a copy with defaults."""
        if type(raw) is dict:
            for name, (types, _) in known.items():
                if type(raw.get(name)) not in types:
                    break
            else:
                return raw
        return self._filled(raw, known, place)

    def _filled(self, raw: Any, known: Fields, place: str) -> JsonObject:
        if not isinstance(raw, dict):
            raise self.error(f"has {shown(raw)} as {place or 'a whole'}, where an object is needed")
        result = dict(raw)
        for name, (types, wanted) in known.items():
            where, value = (f"{place}.{name}" if place else name), raw.get(name)
            if value is None:
                if name not in WIRE_DEFAULTS:
                    raise self.error(f"has no {where}")
                result[name] = WIRE_DEFAULTS[name]
            elif type(value) not in types:
                raise self.error(f"has {shown(value)} as {where}, where {wanted} is needed")
        return result

    def entries(self, raw: list[Any], known: Fields, place: str) -> list[JsonObject]:
        """All objects of a list, as `fields`."""
        return [self.fields(entry, known, f"{place}[{index}]") for index, entry in enumerate(raw)]

    def expect_ids(self, top: JsonObject, schedule_id: str | None) -> None:
        """Fails where the tenant answers with another campaign or schedule than was asked for."""
        if not top["id"]:
            raise self.error("has an empty id")
        for name, wanted in (("campaignId", self.campaign_id), ("id", schedule_id)):
            if wanted is not None and top[name] != wanted:
                raise self.error(f"has the {name} {shown(top[name])}, and {shown(wanted)} was asked for")

    def error(self, what: str) -> AnswerError:
        """An error that says which schedule it is about."""
        who = f"schedule {shown(self.schedule_id)}" if self.schedule_id is not None else "a schedule without id"
        return AnswerError(
            f"{who} of campaign {self.campaign_id} cannot be used: it {what}",
            hint="look at the schedule in the console; the campaign is left alone until it can be read completely",
        )


def _calendar_fault(windows: list[JsonObject], blackouts: list[JsonObject]) -> str:
    """Which weekday or time of day is none."""
    for place, entries in (("scheduleDetails", windows), ("blackoutPeriods", blackouts)):
        for index, entry in enumerate(entries):
            for name in ("startTime", "endTime"):
                if not _is_time(entry[name]):
                    return f"has {shown(entry[name])} as {place}[{index}].{name}, where a time of day is needed"
            if entry.get("dayOfWeek", WEEKDAYS[0]) not in WEEKDAYS:
                return f"has {shown(entry['dayOfWeek'])} as {place}[{index}].dayOfWeek, where a weekday is needed"
    return "has no canonical form"


def _is_time(text: str) -> bool:
    try:
        canonical.seconds(text)
    except ValueError:
        return False
    return True


def _is_shallow(value: Any) -> bool:
    """Whether a JSON value has at most so many levels that whoever walks it later can."""
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(_DEEPEST):
        holders = (item.values() if isinstance(item, dict) else item for item in level)
        level = [item for held in holders for item in held if isinstance(item, dict | list)]
        if not level:
            return True
    return False


def _extras(fields: Iterable[tuple[Path, Any]]) -> dict[Path, Any]:
    found: dict[Path, Any] = {}
    for path, value in fields:
        # Two equal blackouts are one; where their extras differ, the choice must not depend on the order.
        if path not in found or canonical.dumps(value) < canonical.dumps(found[path]):
            found[path] = value
    return found


def _unknown_fields(raw: JsonObject, content: JsonObject) -> Iterator[tuple[Path, Any]]:
    for name in raw.keys() - SCHEDULE_FIELDS.keys():
        yield (name,), raw[name]
    for name in raw["complianceRules"].keys() - RULES.keys():
        yield ("complianceRules", name), raw["complianceRules"][name]
    for window in raw["scheduleDetails"]:
        for name in window.keys() - WINDOW.keys():
            yield ("scheduleDetails", canonical.window_key(canonical.window(window)), name), window[name]
    for pause in raw.get("blackoutPeriods") or ():
        for name in pause.keys() - BLACKOUT.keys():
            yield ("blackoutPeriods", _blackout_key(pause, content["blackoutPeriods"]), name), pause[name]


def _blackout_key(raw: JsonObject, blackouts: list[JsonObject]) -> str:
    own = canonical.blackout({**raw, "appliesToAllDays": raw.get("appliesToAllDays") is not False})
    return canonical.blackout_keys(blackouts)[blackouts.index(own)]
