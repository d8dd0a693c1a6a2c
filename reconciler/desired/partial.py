"""From an entry that cannot become a schedule to what of it can be checked all the same, and what it lacks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ..model import Finding, JsonObject, PartialSchedule, Path, Severity
from .build import SCHEDULE_NEEDS, assembled, cascaded, days_of
from .cascade import Defaults, Origin
from .known import UNKNOWN, blurred, known
from .layers import CAPS
from .places import EntryPlaces
from .wording import Problem

_PAUSES: Path = ("complianceRules", "regulatoryPauses")


def partial(
    campaign_id: str, origin: Origin, index: int, defaults: Defaults, problems: Iterable[Problem]
) -> tuple[PartialSchedule | None, tuple[Finding, ...]]:
    """What can be checked of an entry, and a finding for each field that neither it nor any defaults.yaml gives.

    `index` is its number in the file, `problems` are those of its schema, with paths that begin at the entry.
    """
    problems = tuple(problems)
    own = known(origin.document.data, problems)
    if own is UNKNOWN:
        return None, ()
    places = EntryPlaces(origin, defaults.origins)
    missing = tuple(_missing(*cascaded(own, defaults), places, index))
    entry, windows = cascaded(blurred(own, problems), defaults)
    return _Told(entry, windows).schedule(campaign_id, places, index), missing


class _Told:
    """What an entry tells, and the paths of what it does not; the stand-ins for those make no rule speak."""

    def __init__(self, entry: JsonObject, windows: list[JsonObject]) -> None:
        self._entry = entry
        self._windows = windows
        self._unknown: set[Path] = set()

    def schedule(self, campaign_id: str, places: EntryPlaces, index: int) -> PartialSchedule:
        rules = self._value("complianceRules", {}, absent={})
        whole = {
            "name": self._value("name", f"schedules[{index}]"),
            "timezone": self._value("timezone", ""),
            "jurisdictions": self._jurisdictions(),
            "complianceRules": {"regulatoryPauses": self._pauses(rules)},
        }
        if self._entry.get("id") is UNKNOWN:
            self._unknown.add(("id",))
        else:
            whole["id"] = self._entry.get("id")
        made = assembled(campaign_id, whole, dict(self._open()), dict(self._closed()), places)
        return PartialSchedule(made, frozenset(self._unknown))

    def _value(self, field: str, stand_in: Any, absent: Any = UNKNOWN) -> Any:
        value = self._entry.get(field, absent)
        if value is UNKNOWN:
            self._unknown.add((field,))
            return stand_in
        return value

    def _pauses(self, rules: JsonObject) -> list[str]:
        listed = rules.get("regulatoryPauses", UNKNOWN if ("complianceRules",) in self._unknown else [])
        told = [] if listed is UNKNOWN else [each for each in listed if each is not UNKNOWN]
        if listed is UNKNOWN or len(told) < len(listed):
            self._unknown.add(_PAUSES)
        return told

    def _jurisdictions(self) -> list[str]:
        """The codes at their numbers in the file, "" for one that is not known."""
        listed = self._entry.get("jurisdictions", [])
        if listed is UNKNOWN:
            self._unknown.add(("jurisdictions",))
            return [""]
        return ["" if each is UNKNOWN else each for each in listed]

    def _open(self) -> Iterator[tuple[int, JsonObject]]:
        """The windows whose day and times are known; no cap is 0, which is never too much."""
        if not isinstance(self._entry.get("scheduleDetails"), list):
            self._unknown.add(("scheduleDetails",))
        for number, window in enumerate(self._windows):
            days = [each for each in _days(window.get("dayOfWeek", UNKNOWN)) if each is not UNKNOWN]
            if not days or not _knows(window, "startTime", "endTime"):
                self._unknown.add(("scheduleDetails",))
                continue
            if not _knows(window, "maxCallsPerDay", "maxCallsPerHour"):
                self._unknown.add(("scheduleDetails", number))
            caps = {field: window[field] if _knows(window, field) else 0 for field in CAPS}
            yield number, {**window, "dayOfWeek": days, **caps}

    def _closed(self) -> Iterator[tuple[int, JsonObject]]:
        """The blackouts whose times are known."""
        listed = self._entry.get("blackoutPeriods", [])
        if listed is UNKNOWN:
            self._unknown.add(("blackoutPeriods",))
            return
        for number, each in enumerate(listed):
            if (
                each is UNKNOWN
                or not _knows(each, "startTime", "endTime")
                or each.get("appliesToAllDays") is UNKNOWN
            ):
                self._unknown.add(("blackoutPeriods",))
            else:
                yield number, {**each, "reason": each["reason"] if _knows(each, "reason") else "unnamed"}


def _knows(holder: JsonObject, *fields: str) -> bool:
    return all(holder.get(field, UNKNOWN) is not UNKNOWN for field in fields)


def _days(value: Any) -> list[Any]:
    return [] if value is UNKNOWN else days_of(value)


def _missing(
    entry: JsonObject, windows: list[JsonObject], places: EntryPlaces, index: int
) -> Iterator[Finding]:
    name = f"schedules[{index}]"
    for field in SCHEDULE_NEEDS:
        if field not in entry:
            yield _lacks(name, field, "schedule", entry, places, ())
    for number, window in enumerate(windows):
        for field in CAPS:
            if field not in window:
                path = ("scheduleDetails", number)
                yield _lacks(f"{name}.scheduleDetails[{number}]", field, "window", entry, places, path)


def _lacks(
    holder: str, field: str, section: str, entry: JsonObject, places: EntryPlaces, path: Path
) -> Finding:
    name = entry.get("name")
    whose = f" of schedule {name[:60]!r}" if isinstance(name, str) else ""
    message = f"{holder}.{field}{whose} is missing, and no defaults.yaml gives it under `{section}`"
    return Finding(Severity.ERROR, "schema", message, places.locate(path))
