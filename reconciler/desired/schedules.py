"""From an entry of a campaign file to a desired schedule, or to what of a broken one can be checked all the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from .. import canonical
from ..findings import Finding, Severity
from ..model import Blackout, Closure, DesiredSchedule, Exemption, JsonObject, PartialSchedule, Path, Places, Window
from .defaults import CAPS, Defaults, closures_at, merged
from .places import FilePlaces, SchedulePlaces
from .salvage import UNKNOWN, known, with_typos_unknown
from .wording import Problem, field_text

_seconds = lru_cache(maxsize=4096)(canonical.seconds)  # schedules share a few dozen times
_NEEDED = ("timezone", "scheduleDetails")
_PAUSES: Path = ("complianceRules", "regulatoryPauses")
_NO_WINDOW: JsonObject = dict.fromkeys(("dayOfWeek", "startTime", "endTime", *CAPS), UNKNOWN)


def build(campaign_id: str, place: FilePlaces, defaults: Defaults) -> DesiredSchedule | None:
    """The schedule that an entry means with these defaults; None where it still lacks something."""
    entry, windows = cascaded(place.document.data, defaults)
    if any(field not in entry for field in _NEEDED):
        return None
    if any(field not in window for window in windows for field in CAPS):
        return None
    blackouts = dict(enumerate(entry.get("blackoutPeriods", ())))
    places = SchedulePlaces(place, defaults.places)
    closures = (*closures_at(entry.get("closures", ())), *defaults.closures)
    return assembled(campaign_id, entry, dict(enumerate(windows)), blackouts, places, closures)


def partial(
    campaign_id: str, place: FilePlaces, index: int, defaults: Defaults, problems: Iterable[Problem]
) -> tuple[PartialSchedule | None, tuple[Finding, ...]]:
    """What can be checked of an entry, and a finding for each field that neither it nor any defaults.yaml gives.

    `index` is its number in the file, `problems` are those of its schema, with paths that begin at the entry.
    """
    problems = tuple(problems)
    own = known(place.document.data, problems)
    if own is UNKNOWN:
        return None, ()
    places = SchedulePlaces(place, defaults.places)
    missing = tuple(_missing(*cascaded(own, defaults), places, index))
    entry, windows = cascaded(with_typos_unknown(own, problems), defaults)
    return _Known(entry, windows).schedule(campaign_id, places, index, defaults.closures), missing


def cascaded(own: JsonObject, defaults: Defaults) -> tuple[JsonObject, list[JsonObject]]:
    """An entry upon the defaults, and its windows upon theirs. A window that is UNKNOWN has no field that is known."""
    entry = merged(defaults.schedule, own)
    details = entry.get("scheduleDetails")
    if not isinstance(details, list):
        return entry, []
    return entry, [{**defaults.window, **window} if isinstance(window, dict) else _NO_WINDOW for window in details]


def assembled(
    campaign_id: str,
    entry: JsonObject,
    windows: Mapping[int, JsonObject],
    blackouts: Mapping[int, JsonObject],
    places: Places,
    closures: tuple[Closure, ...] = (),
) -> DesiredSchedule:
    """The schedule of a complete entry. `closures` are those of all layers. Windows and blackouts come with their number in the file."""
    of_days = [window for number, raw in windows.items() for window in _windows_of(raw, number)]
    of_days.sort(key=lambda window: (canonical.window_order(window.content), window.path))
    pauses = blackouts_at({("blackoutPeriods", number): raw for number, raw in blackouts.items()})
    exemption = entry.get("exemption")
    return DesiredSchedule(
        campaign_id=campaign_id,
        name=entry["name"],
        pinned_id=entry.get("id"),
        content=canonical.arranged(
            entry["name"],
            entry["timezone"],
            [window.content for window in of_days],
            list({pause.key: pause.content for pause in pauses}.values()),
            {
                "regulatoryPauses": (),
                "agentAvailabilityProjection": False,
                **entry.get("complianceRules", {}),
            },
        ),
        windows=tuple(of_days),
        blackouts=pauses,
        jurisdictions=tuple(entry.get("jurisdictions", ())),
        places=places,
        exemption=None if exemption is None else Exemption(exemption["reason"], tuple(exemption["covers"])),
        closures=closures,
    )


def days_of(value: str | list[str]) -> list[str]:
    """One weekday or a list of them as a list."""
    return [value] if isinstance(value, str) else value


def window_at(raw: Mapping[str, Any], path: Path) -> Window:
    """A window with a single day, whose entry stands at a path of its schedule."""
    content = canonical.window(raw)
    start, end = _seconds(content["startTime"]), _seconds(content["endTime"])
    return Window(canonical.window_key(content), start, end, path, content)


def _windows_of(raw: JsonObject, number: int) -> Iterator[Window]:
    """The windows of one entry, one a day."""
    first, *others = days_of(raw["dayOfWeek"])
    window = window_at({**raw, "dayOfWeek": first}, ("scheduleDetails", number))
    yield window
    for day in others:
        content = {**window.content, "dayOfWeek": day}
        yield Window(canonical.window_key(content), window.start, window.end, window.path, content)


def blackouts_at(raws: Mapping[Path, Mapping[str, Any]]) -> tuple[Blackout, ...]:
    """All blackouts of a schedule, by the path of each, in the order of the content; equal ones share their key."""
    entries = []
    for path, raw in raws.items():
        content = canonical.blackout(raw)
        entries.append((canonical.blackout_order(content), path, content))
    entries.sort(key=lambda entry: entry[:2])
    once = {order: content for order, _, content in entries}
    keys = dict(zip(once, canonical.blackout_keys(once.values()), strict=True))
    return tuple(
        Blackout(keys[order], _seconds(content["startTime"]), _seconds(content["endTime"]), path, content)
        for order, path, content in entries
    )


class _Known:
    """What is known of an entry, and the paths of what is not; no rule finds fault with the stand-ins for those."""

    def __init__(self, entry: JsonObject, windows: list[JsonObject]) -> None:
        self._entry = entry
        self._windows = windows
        self._unknown: set[Path] = set()

    def schedule(
        self, campaign_id: str, places: SchedulePlaces, index: int, shared: tuple[Closure, ...]
    ) -> PartialSchedule:
        rules = self._value("complianceRules", {}, absent={})
        whole = {
            "name": self._value("name", f"schedules[{index}]"),
            "id": self._value("id", None, absent=None),
            "timezone": self._value("timezone", ""),
            "jurisdictions": self._jurisdictions(),
            "exemption": self._exemption(),
            "complianceRules": {"regulatoryPauses": self._pauses(rules)},
        }
        closures = (*closures_at(self._value("closures", (), absent=())), *shared)
        if Closure() in closures:
            self._unknown.add(("closures",))
        made = assembled(campaign_id, whole, dict(self._open()), dict(self._closed()), places, closures)
        return PartialSchedule(made, frozenset(self._unknown))

    def _value(self, field: str, stand_in: Any, absent: Any = UNKNOWN) -> Any:
        value = self._entry.get(field, absent)
        if value is UNKNOWN:
            self._unknown.add((field,))
            return stand_in
        return value

    def _pauses(self, rules: JsonObject) -> list[str]:
        listed = rules.get("regulatoryPauses", UNKNOWN if ("complianceRules",) in self._unknown else [])
        sure = [] if listed is UNKNOWN else [pause for pause in listed if pause is not UNKNOWN]
        if listed is UNKNOWN or len(sure) < len(listed):
            self._unknown.add(_PAUSES)
        return sure

    def _jurisdictions(self) -> list[str]:
        """The codes at their numbers in the file, "" for one that is not known."""
        listed = self._value("jurisdictions", [UNKNOWN], absent=[])
        return ["" if code is UNKNOWN else code for code in listed]

    def _exemption(self) -> JsonObject | None:
        """The exemption where it is known whole: half of one would accuse, or excuse, the wrong hours."""
        value: JsonObject | None = self._value("exemption", None, absent=None)
        if value is not None and (not _knows(value, "reason", "covers") or UNKNOWN in value["covers"]):
            self._unknown.add(("exemption",))
            return None
        return value

    def _open(self) -> Iterator[tuple[int, JsonObject]]:
        """The windows whose day and times are known; no cap is 0, which is never too much."""
        if not isinstance(self._entry.get("scheduleDetails"), list):
            self._unknown.add(("scheduleDetails",))
        for number, window in enumerate(self._windows):
            listed: list[Any] = days_of(window["dayOfWeek"] if _knows(window, "dayOfWeek") else [])
            days = [day for day in listed if day is not UNKNOWN]
            if not days or not _knows(window, "startTime", "endTime"):
                self._unknown.add(("scheduleDetails",))
                continue
            if not _knows(window, "maxCallsPerDay", "maxCallsPerHour"):
                self._unknown.add(("scheduleDetails", number))
            caps = {field: window[field] if _knows(window, field) else 0 for field in CAPS}
            yield number, {**window, "dayOfWeek": days, **caps}

    def _closed(self) -> Iterator[tuple[int, JsonObject]]:
        """The blackouts whose times are known."""
        for number, pause in enumerate(self._value("blackoutPeriods", [], absent=[])):
            is_known = pause is not UNKNOWN and _knows(pause, "startTime", "endTime")
            if not is_known or pause.get("appliesToAllDays") is UNKNOWN:
                self._unknown.add(("blackoutPeriods",))
            else:
                yield number, {**pause, "reason": pause["reason"] if _knows(pause, "reason") else "unnamed"}


def _knows(holder: JsonObject, *fields: str) -> bool:
    return all(holder.get(field, UNKNOWN) is not UNKNOWN for field in fields)


def _missing(entry: JsonObject, windows: list[JsonObject], places: SchedulePlaces, index: int) -> Iterator[Finding]:
    name = entry.get("name")
    whose = f" of schedule {name[:60]!r}" if isinstance(name, str) else ""
    holders: list[tuple[Path, JsonObject, str, tuple[str, ...]]] = [((), entry, "schedule", _NEEDED)]
    holders += [(("scheduleDetails", number), window, "window", CAPS) for number, window in enumerate(windows)]
    for path, holder, section, fields in holders:
        for field in fields:
            if field not in holder:
                what = field_text(("schedules", index, *path, field))
                message = f"{what}{whose} is missing, and no defaults.yaml gives it under `{section}`"
                yield Finding(Severity.ERROR, "schema", message, places.locate(path))
