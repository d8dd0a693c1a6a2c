"""The wire format of a schedule, read strictly: what a PUT would replace must be known completely, or not at all.

Two defaults of the tenant's and one of the API are filled in where a field is absent or null; anything else that is
missing, of another type or ambiguous is an AnswerError that names the schedule and the field.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .. import canonical
from ..errors import AnswerError
from ..model import JsonObject, LiveSchedule, Path
from .redaction import shorten
from .shape import BLACKOUT, DEFAULTS, RULES, SCHEDULE, WINDOW, Check


def decode(raw: Any, campaign_id: str, schedule_id: str | None = None) -> LiveSchedule:
    """One schedule of `campaign_id` as the tenant sent it, in canonical form, with all that a PUT would lose as extras.

    Raises AnswerError if it is not a whole schedule of that campaign (and of that id, where one is given).
    """
    reader = _Reader(campaign_id, raw.get("id") if isinstance(raw, dict) else schedule_id)
    top = reader.fields(raw, SCHEDULE, "")
    reader.expect(top["campaignId"], campaign_id, "campaignId")
    if schedule_id is not None:
        reader.expect(top["id"], schedule_id, "id")
    windows = reader.entries(top["scheduleDetails"], WINDOW, "scheduleDetails")
    blackouts = reader.entries(top["blackoutPeriods"], BLACKOUT, "blackoutPeriods")
    rules = reader.fields(top["complianceRules"], RULES, "complianceRules")
    content = canonical.content(top["name"], top["timezone"], windows, blackouts, rules)
    keys = [canonical.window_key(window) for window in content["scheduleDetails"]]
    if len(keys) != len(set(keys)):
        twice = next(key for key in keys if keys.count(key) > 1)
        raise reader.error(f"has more than one window that starts on {twice}, and they cannot be told apart")
    status = raw.get("status")
    return LiveSchedule(
        campaign_id=campaign_id,
        schedule_id=top["id"],
        content=content,
        status=status if isinstance(status, str) else None,
        extras=_extras(raw, content),
    )


def decode_all(items: Iterable[Any], campaign_id: str) -> tuple[LiveSchedule, ...]:
    """All schedules of a campaign, sorted by id; one that a page repeats counts once.

    Raises AnswerError if one of them cannot be decoded, or if one id comes with two contents.
    """
    found: dict[str, LiveSchedule] = {}
    for item in items:
        schedule = decode(item, campaign_id)
        if found.setdefault(schedule.schedule_id, schedule) != schedule:
            reader = _Reader(campaign_id, schedule.schedule_id)
            raise reader.error("is in the list twice, with different content")
    return tuple(found[key] for key in sorted(found))


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the parts of one schedule and knows how to name it."""

    campaign_id: str
    schedule_id: Any

    def fields(self, raw: Any, known: Mapping[str, tuple[Check, str]], place: str) -> JsonObject:
        """The known fields of an object, checked, with defaults."""
        if not isinstance(raw, dict):
            raise self.error(f"{place or 'it'} is {_shown(raw)} where an object is needed")
        result = {}
        for name, (check, wanted) in known.items():
            value = raw.get(name)
            if value is None:
                if name not in DEFAULTS:
                    raise self.error(f"has no {_below(place, name)}")
                value = DEFAULTS[name]
            elif not check(value):
                raise self.error(f"has {_shown(value)} as {_below(place, name)}, where {wanted} is needed")
            result[name] = value
        return result

    def entries(self, raw: list[Any], known: Mapping[str, tuple[Check, str]], place: str) -> list[JsonObject]:
        """The known fields of all objects of a list."""
        return [self.fields(each, known, f"{place}[{index}]") for index, each in enumerate(raw)]

    def expect(self, value: str, expected: str, name: str) -> None:
        """Fails where the tenant answers with another campaign or schedule than was asked for."""
        if value != expected:
            raise self.error(f"has the {name} {_shown(value)}, and {_shown(expected)} was asked for")

    def error(self, what: str) -> AnswerError:
        """An error that says which schedule it is about."""
        who = (
            f"a schedule ({_shown(self.schedule_id)})"
            if self.schedule_id is not None
            else "a schedule without id"
        )
        return AnswerError(
            f"{who} of campaign {self.campaign_id} cannot be read: it {what}",
            hint="look at the schedule in the console; the campaign is left alone until it can be read completely",
        )


def _shown(value: Any) -> str:
    return shorten(repr(value)[:200], 60)


def _below(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


def _extras(raw: JsonObject, content: JsonObject) -> tuple[tuple[Path, Any], ...]:
    found: dict[Path, Any] = {}
    for path, value in _unknown_fields(raw, content):
        # Two equal blackouts are one; where their extras differ, the choice must not depend on the order.
        if path not in found or canonical.dumps(value) < canonical.dumps(found[path]):
            found[path] = value
    return tuple(sorted(found.items(), key=lambda item: item[0]))


def _unknown_fields(raw: JsonObject, content: JsonObject) -> Iterator[tuple[Path, Any]]:
    for name in raw.keys() - SCHEDULE.keys():
        yield (name,), raw[name]
    for name in raw["complianceRules"].keys() - RULES.keys():
        yield ("complianceRules", name), raw["complianceRules"][name]
    for window in raw["scheduleDetails"]:
        for name in window.keys() - WINDOW.keys():
            yield ("scheduleDetails", canonical.window_key(canonical.window(window)), name), window[name]
    pauses = content["blackoutPeriods"]
    for pause in raw.get("blackoutPeriods") or ():
        for name in pause.keys() - BLACKOUT.keys():
            key = canonical.blackout_keys(pauses)[pauses.index(_blackout(pause))]
            yield ("blackoutPeriods", key, name), pause[name]


def _blackout(raw: JsonObject) -> JsonObject:
    return canonical.blackout({**raw, "appliesToAllDays": raw.get("appliesToAllDays") is not False})
