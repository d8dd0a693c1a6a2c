"""The one form in which desired and live schedules are compared, digested and sent.

Equal canonical forms are no change, whatever the order, the spelling or the extra fields were. Everything here is pure
and works on plain dicts and lists, because comparing 10,000 schedules must cost next to nothing.
"""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from .model import WEEKDAYS, JsonObject, Path

_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9]))?", re.ASCII)
CAPS = ("maxCallsPerDay", "maxCallsPerHour", "predictiveRate", "maxCallsPerAgentPerDay")
"""The fields of a window that bound its calls, in the contract's order."""
UNSAID = frozenset({"isScheduled"})
"""The fields of a content that no file says, so that an import cannot write what is live: git always means the same."""
KEYED_LISTS = frozenset({"scheduleDetails", "blackoutPeriods"})
DAY_ORDER = {day: number for number, day in enumerate(WEEKDAYS)}


@lru_cache(maxsize=4096)  # schedules share a few dozen times
def seconds(text: str) -> int:
    """`HH:MM` or `HH:MM:SS` as seconds after midnight; ValueError for anything else."""
    match = _TIME.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a time of day (HH:MM or HH:MM:SS)")
    hours, minutes, rest = match.groups()
    return int(hours) * 3600 + int(minutes) * 60 + int(rest or 0)


@lru_cache(maxsize=4096)
def clock(total: int) -> str:
    """Seconds after midnight as `HH:MM:SS`; 86400 reads `24:00:00`."""
    return f"{total // 3600:02d}:{total // 60 % 60:02d}:{total % 60:02d}"


@lru_cache(maxsize=4096)
def full_clock(text: str) -> str:
    """A time of day as `HH:MM:SS`; ValueError for what is none."""
    return clock(seconds(text))


def number(value: Any) -> Any:
    """The same number in its one spelling: 1.0 becomes 1, 1.20 stays 1.2."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def numbers(value: Any) -> Any:
    """A JSON value with all the numbers in it in their one spelling."""
    if isinstance(value, dict):
        return {key: numbers(item) for key, item in value.items()}
    return [numbers(item) for item in value] if isinstance(value, list) else number(value)


def window(raw: Mapping[str, Any]) -> JsonObject:
    """One `scheduleDetails` entry with a single day in canonical form, with the caps that it has; KeyError or ValueError if it
    is not one."""
    made = {
        "dayOfWeek": raw["dayOfWeek"],
        "startTime": full_clock(raw["startTime"]),
        "endTime": full_clock(raw["endTime"]),
    }
    for cap in CAPS:
        if cap in raw:
            value = raw[cap]
            made[cap] = int(value) if isinstance(value, float) and value.is_integer() else value  # `number`, of so many
    return made


def blackout(raw: Mapping[str, Any]) -> JsonObject:
    """One `blackoutPeriods` entry in canonical form; KeyError or ValueError if it is not one."""
    return {
        "startTime": full_clock(raw["startTime"]),
        "endTime": full_clock(raw["endTime"]),
        "reason": raw["reason"],
        "appliesToAllDays": raw.get("appliesToAllDays", True),
    }


def content(
    name: str,
    timezone: str,
    windows: Iterable[Mapping[str, Any]],
    blackouts: Iterable[Mapping[str, Any]],
    rules: Mapping[str, Any],
) -> JsonObject:
    """A schedule's canonical content from its parts: sorted, equal blackouts and pauses once, defaults filled in."""
    pauses = {blackout_order(pause): pause for pause in map(blackout, blackouts)}
    ordered = sorted(map(window, windows), key=window_order)
    return arranged(name, timezone, ordered, [pauses[key] for key in sorted(pauses)], rules)


def arranged(
    name: str, timezone: str, windows: list[JsonObject], blackouts: list[JsonObject], rules: Mapping[str, Any]
) -> JsonObject:
    """`content` of windows and blackouts that are canonical, in order and there once; it holds these very objects."""
    return {
        "name": name,
        "timezone": timezone,
        "scheduleDetails": windows,
        "blackoutPeriods": blackouts,
        "complianceRules": {
            "regulatoryPauses": sorted(set(rules["regulatoryPauses"])),
            "agentAvailabilityProjection": rules["agentAvailabilityProjection"],
            "enableComplianceInjection": rules.get("enableComplianceInjection", True),
        },
    }


def content_of(body: Mapping[str, Any]) -> JsonObject:
    """The canonical content of a PUT body; KeyError, TypeError or ValueError if it is not a whole one."""
    if is_skill(body):
        windows = sorted(map(window, body["scheduleDetails"]), key=window_order)
        return skill_content(body["name"], body["timezone"], windows, is_scheduled=body["isScheduled"])
    fields = ("name", "timezone", "scheduleDetails", "blackoutPeriods", "complianceRules")
    return content(*(body[field] for field in fields))


def skill_content(name: str, timezone: str, windows: list[JsonObject], *, is_scheduled: bool = True) -> JsonObject:
    """A skill's canonical content: canonical windows in order, of no more than day and times, because the Admin API carries
    nothing else but whether the skill follows its schedule; it holds these very windows."""
    return {"name": name, "timezone": timezone, "scheduleDetails": windows, "isScheduled": is_scheduled}


def is_skill(content: Mapping[str, Any]) -> bool:
    """Whether a content or body is a skill's."""
    return "isScheduled" in content


def window_order(window: JsonObject) -> tuple[Any, ...]:
    """By the calendar; what follows the start distinguishes windows that only a faulty file has."""
    day, *rest = window.values()
    return DAY_ORDER[day], *rest


def blackout_order(blackout: Mapping[str, Any]) -> tuple[str, str, str, bool]:
    """By start and reason; what follows distinguishes blackouts that share these."""
    return blackout["startTime"], blackout["reason"], blackout["endTime"], blackout["appliesToAllDays"]


def body(campaign_id: str, schedule_id: str, canonical: Mapping[str, Any]) -> JsonObject:
    """The PUT body, with the fields in the contract's order."""
    rest = {key: value for key, value in canonical.items() if key != "name"}
    return {"id": schedule_id, "name": canonical["name"], "campaignId": campaign_id, **rest}


def window_key(window: Mapping[str, Any]) -> str:
    """The key of a canonical window: `MONDAY 09:00:00`."""
    return f"{window['dayOfWeek']} {window['startTime']}"


def blackout_keys(blackouts: Iterable[Mapping[str, Any]]) -> list[str]:
    """The keys of canonical blackouts, `12:00:00 LUNCH_BREAK`; one that repeats start and reason gets `#2`, `#3`…"""
    keys: dict[str, None] = {}
    for blackout in blackouts:
        key = first = f"{blackout['startTime']} {blackout['reason']}"
        count = 1
        while key in keys:
            count += 1
            key = f"{first} #{count}"
        keys[key] = None
    return list(keys)


def item_keys(name: str, items: Iterable[Mapping[str, Any]]) -> list[str]:
    """The keys of the canonical entries of `scheduleDetails` or `blackoutPeriods`, in their order."""
    return [window_key(item) for item in items] if name == "scheduleDetails" else blackout_keys(items)


def keyed(canonical: Mapping[str, Any]) -> JsonObject:
    """Canonical content with windows, blackouts and pauses as mappings by their key, so that a diff cannot mispair."""
    result = dict(canonical)
    if "scheduleDetails" in canonical:
        result["scheduleDetails"] = {window_key(item): item for item in canonical["scheduleDetails"]}
    if "blackoutPeriods" in canonical:
        pauses = canonical["blackoutPeriods"]
        result["blackoutPeriods"] = dict(zip(blackout_keys(pauses), pauses, strict=True))
    if "regulatoryPauses" in canonical.get("complianceRules", {}):
        rules = dict(canonical["complianceRules"])
        rules["regulatoryPauses"] = {pause: pause for pause in rules["regulatoryPauses"]}
        result["complianceRules"] = rules
    return result


def field_path(path: Path) -> str:
    """A keyed path for people: `scheduleDetails[MONDAY 09:00:00].maxCallsPerDay`."""
    text = ""
    for index, part in enumerate(path):
        in_keyed = index > 0 and path[index - 1] in (*KEYED_LISTS, "regulatoryPauses")
        text += f"[{part}]" if in_keyed or isinstance(part, int) else f".{part}" if text else str(part)
    return text


def weekday_at(path: Path) -> str | None:
    """The weekday of the window that a keyed path leads to or into; None where it leads elsewhere."""
    return str(path[1]).partition(" ")[0] if len(path) > 1 and path[0] == "scheduleDetails" else None


def path_order(path: Path) -> tuple[Any, ...]:
    """Sorts keyed paths by name, windows by the calendar."""
    weekday = weekday_at(path)
    return path if weekday is None else (path[0], DAY_ORDER.get(weekday, -1), *path[1:])


def derived_id(campaign_id: str, name: str) -> str:
    """The id of a schedule that pins none: UUIDv5 of `{campaignId}/{name}` in the URL namespace (RFC 9562, 5.5)."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{campaign_id}/{name}"))


def webhook_name(schedule_id: str) -> str:
    """The name of the webhook by which workforce management hears of one schedule, and by which it is found again."""
    return f"WFM_Sync_{schedule_id}"


dumps: Callable[[Any], str] = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, check_circular=False
).encode
"""The one JSON text of a value, which is a tree: sorted keys, no spaces, no escapes but the needed ones."""


def digest(value: Any) -> str:
    """`sha256:…` over the one JSON text of a value."""
    return text_digest(dumps(value))


def text_digest(text: str) -> str:
    """`sha256:…` over a text."""
    return "sha256:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
