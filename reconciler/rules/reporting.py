"""How the checks report: findings at the value's place, worded the same way everywhere.

A value may come from a `defaults.yaml` that many schedules share; the finding then stands there and the message says
which schedule it is about.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..canonical import clock
from ..findings import RENAMED, Finding, Severity, adjustable_codes
from ..model import DesiredSchedule, Path, Window
from ..phrases import shorten
from ..settings import TenantSettings

PAUSES: Path = ("complianceRules", "regulatoryPauses")


def label(schedule: DesiredSchedule) -> str:
    """A schedule as people know it: `"Weekday calling" of CAM_001`."""
    return f'"{shorten(schedule.name)}" of {shorten(schedule.campaign_id)}'


def report(schedule: DesiredSchedule, severity: Severity, code: str, message: str, path: Path) -> Finding:
    """A finding about the value at `path` of a schedule; `message` is what follows after the schedule's name."""
    location = schedule.places.locate(path)
    own = schedule.places.locate(())
    text = f"{label(schedule)}: {message}"
    if location.file != own.file:
        text += f" The value is in {location.file}, for the schedule at {own.file}:{own.line}."
    return Finding(severity, code, text, location)


def time(seconds: int) -> str:
    """A time of day for people: `20:00`, or `20:00:01` where the seconds count."""
    return clock(seconds).removesuffix(":00")


def span(start: int, end: int) -> str:
    """A half-open range of one day: `08:00–20:00`."""
    return f"{time(start)}–{time(end)}"


def by_entry(windows: Iterable[Window]) -> dict[Path, list[Window]]:
    """Windows by the entry of the file that they come from: one entry may list several weekdays, and what is wrong
    with it is said once. Entries in the order of their place in the list, whatever the order of `windows`."""
    entries: dict[Path, list[Window]] = {}
    for window in sorted(windows, key=lambda window: (window.path, window.weekday, window.start, window.end)):
        entries.setdefault(window.path, []).append(window)
    return entries


def with_severities(findings: Iterable[Finding], settings: TenantSettings) -> tuple[Finding, ...]:
    """The findings with the severities of `compliance.severities`, in the same order."""
    if not settings.severities:
        return tuple(findings)
    adjustable = adjustable_codes()
    wanted = {RENAMED.get(code, code): Severity(severity) for code, severity in settings.severities.items()}
    return tuple(
        finding._replace(severity=wanted.get(finding.code, finding.severity)) if finding.code in adjustable else finding
        for finding in findings
    )
