"""Schedules written in short, and where their values stand, for the tests of the checks.

`short_schedule(windows=["MONDAY FRIDAY 09:00-17:00 day=900"], blackouts=["12:00-13:00 LUNCH_BREAK"], ...)` gives the schedule that
the loader would make of a campaign file; its places answer with a line of its own for every value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from reconciler import canonical
from reconciler.desired.defaults import closures_at
from reconciler.desired.schedules import blackouts_at, window_at
from reconciler.findings import Finding, Location
from reconciler.model import WEEKDAYS, Blackout, DesiredSchedule, Path, Window
from reconciler.model.law import Exemption

OWN, SHARED = "schedules/cam_001.yaml", "schedules/defaults.yaml"
CAPS = {"day": "maxCallsPerDay", "hour": "maxCallsPerHour", "agent": "maxCallsPerAgentPerDay"}


@dataclass(frozen=True)
class LineForEachValue:
    """Places of a campaign entry with one line for every value, in the order of the file; below the paths of `shared` the
    values stand in a defaults file."""

    lines: dict[Path, int]
    shared: tuple[Path, ...] = ()

    def locate(self, path: Path = (), *, key: bool = False) -> Location:
        while path not in self.lines:
            path = path[:-1]
        file = SHARED if any(path[: len(prefix)] == prefix for prefix in self.shared) else OWN
        return Location(file, self.lines[path], 3 if key else 5)

    def path_of(self, location: Location | None) -> str:
        """The path of a located value, dotted."""
        assert location is not None
        (path,) = (path for path, line in self.lines.items() if line == location.line)
        return ".".join(map(str, path))


def paths_in(value: Any, path: Path = ()) -> Iterator[Path]:
    """The path of every value, in the order of the file."""
    yield path
    children: Iterable[tuple[str | int, Any]] = ()
    if isinstance(value, dict):
        children = value.items()
    elif isinstance(value, list):
        children = enumerate(value)
    for part, child in children:
        yield from paths_in(child, (*path, part))


def raw_window(text: str) -> dict[str, Any]:
    """`MONDAY TUESDAY 09:00-17:00 day=900 hour=300 agent=10` as an entry of a file."""
    words = text.split()
    days = [word for word in words if word.isalpha()]
    start, end = next(word for word in words if word[0].isdigit()).split("-")
    caps = dict(word.split("=") for word in words if "=" in word)
    return {
        "dayOfWeek": days if len(days) > 1 else days[0],
        "startTime": start,
        "endTime": end,
        "predictiveRate": 1.2,
        **{name: int(caps.get(short, "100")) for short, name in CAPS.items()},
    }


def raw_blackout(text: str) -> dict[str, Any]:
    """`12:00-13:00 LUNCH_BREAK`, or `12:00-13:00 LUNCH_BREAK somedays`, as an entry of a file."""
    times, reason, *some_days = text.split()
    start, end = times.split("-")
    entry: dict[str, Any] = {"startTime": start, "endTime": end, "reason": reason}
    return {**entry, "appliesToAllDays": False} if some_days else entry


def windows_of(entries: Sequence[dict[str, Any]]) -> tuple[Window, ...]:
    return tuple(
        window_at({**entry, "dayOfWeek": day}, ("scheduleDetails", index))
        for index, entry in enumerate(entries)
        for day in ([entry["dayOfWeek"]] if isinstance(entry["dayOfWeek"], str) else entry["dayOfWeek"])
    )


def blackouts_of(entries: Sequence[dict[str, Any]]) -> tuple[Blackout, ...]:
    return blackouts_at({("blackoutPeriods", index): entry for index, entry in enumerate(entries)})


def short_schedule(
    windows: Iterable[str] = ("MONDAY 09:00-17:00",),
    *,
    blackouts: Iterable[str] = (),
    timezone: str = "America/New_York",
    pauses: Sequence[str] = (),
    jurisdictions: Sequence[str] = (),
    projection: bool = False,
    name: str = "Weekday calling",
    campaign: str = "CAM_001",
    pinned: str | None = None,
    shared: tuple[Path, ...] = (),
    exempt: Sequence[str] = (),
    closures: Sequence[dict[str, Any]] = (),
) -> DesiredSchedule:
    """The schedule that the loader makes of such an entry."""
    raw: dict[str, Any] = {
        "name": name,
        "timezone": timezone,
        "jurisdictions": list(jurisdictions),
        "scheduleDetails": [raw_window(span) for span in windows],
        "blackoutPeriods": [raw_blackout(blackout) for blackout in blackouts],
        "complianceRules": {"regulatoryPauses": list(pauses), "agentAvailabilityProjection": projection},
    }
    if closures:
        raw["closures"] = list(closures)
    if exempt:
        raw["exemption"] = {"reason": "counsel's memo 7", "covers": list(exempt)}
    each_day = windows_of(raw["scheduleDetails"])
    flat = [{**raw["scheduleDetails"][window.path[1]], "dayOfWeek": WEEKDAYS[window.weekday]} for window in each_day]
    content = canonical.content(name, timezone, flat, raw["blackoutPeriods"], raw["complianceRules"])
    return DesiredSchedule(
        campaign_id=campaign,
        name=name,
        pinned_id=pinned,
        content=content,
        windows=each_day,
        blackouts=blackouts_of(raw["blackoutPeriods"]),
        jurisdictions=tuple(jurisdictions),
        places=LineForEachValue({path: line for line, path in enumerate(paths_in(raw), 1)}, shared),
        exemption=Exemption("counsel's memo 7", tuple(exempt)) if exempt else None,
        closures=closures_at(list(closures)),
    )


def places_found(findings: Iterable[Finding], of: DesiredSchedule) -> list[str]:
    """`error outside-calling-hours scheduleDetails.0.endTime` for each finding, sorted."""
    places = of.places
    assert isinstance(places, LineForEachValue)
    return sorted(f"{finding.severity} {finding.code} {places.path_of(finding.location)}" for finding in findings)
