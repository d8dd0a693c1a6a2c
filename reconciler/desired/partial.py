"""What of a broken entry of a campaign file can be checked all the same: one mistake must not hide the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ..canonical import CAPS
from ..findings import Finding, Severity
from ..model import JsonObject, PartialSchedule, Path
from ..model.closed import Closure
from .defaults import Defaults, closures_at
from .places import FilePlaces, SchedulePlaces
from .salvage import UNKNOWN, known, with_typos_unknown
from .schedules import NEEDED, assembled, cascaded
from .wording import Problem, field_text

_PAUSES: Path = ("complianceRules", "regulatoryPauses")
_NO_WINDOW: JsonObject = dict.fromkeys(("dayOfWeek", "startTime", "endTime", *CAPS), UNKNOWN)


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
    missing = tuple(_missing(*_cascaded(own, defaults), places, index, CAPS if defaults.admin is None else ()))
    entry, windows = _cascaded(with_typos_unknown(own, problems), defaults)
    return _Known(entry, windows).schedule(campaign_id, places, index, defaults.closures), missing


def _cascaded(own: JsonObject, defaults: Defaults) -> tuple[JsonObject, list[JsonObject]]:
    """An entry upon the defaults, and its windows upon theirs. A window that is UNKNOWN has no field that is known."""
    entry, windows = cascaded(own, defaults)
    return entry, [window if isinstance(window, dict) else _NO_WINDOW for window in windows]


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
            listed = window.get("dayOfWeek", UNKNOWN)
            days = [day for day in (listed if isinstance(listed, list) else [listed]) if day is not UNKNOWN]
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


def _missing(
    entry: JsonObject, windows: list[JsonObject], places: SchedulePlaces, index: int, caps: tuple[str, ...]
) -> Iterator[Finding]:
    name = entry.get("name")
    whose = f" of schedule {name[:60]!r}" if isinstance(name, str) else ""
    holders: list[tuple[Path, JsonObject, str, tuple[str, ...]]] = [((), entry, "schedule", NEEDED)]
    holders += [(("scheduleDetails", number), window, "window", caps) for number, window in enumerate(windows)]
    for path, holder, section, fields in holders:
        for field in fields:
            if field not in holder:
                what = field_text(("schedules", index, *path, field))
                message = f"{what}{whose} is missing, and no defaults.yaml gives it under `{section}`"
                yield Finding(Severity.ERROR, "schema", message, places.locate(path))
