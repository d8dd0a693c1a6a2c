from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from reconciler.desired.defaults import Defaults, cascade
from reconciler.desired.partial import partial
from reconciler.desired.places import FilePlaces
from reconciler.desired.reader import schema_problems
from reconciler.desired.wording import Problem
from reconciler.findings import Finding, Severity
from reconciler.model import WEEKDAYS, PartialSchedule, Path

Make = Callable[..., FilePlaces]

_NO_DEFAULTS = Defaults({}, {})
_ENTRY = """\
name: Weekdays
timezone: America/New_York
jurisdictions: [US-NC, US-FL]
scheduleDetails:
  - {dayOfWeek: [FRIDAY, MONDAY], startTime: "09:00", endTime: "17:00", maxCallsPerDay: 5000,
     maxCallsPerHour: 800, predictiveRate: 1.2, maxCallsPerAgentPerDay: 150}
  - {dayOfWeek: SUNDAY, startTime: "07:30:15", endTime: "08:00", maxCallsPerDay: 1,
     maxCallsPerHour: 1, predictiveRate: 2.0, maxCallsPerAgentPerDay: 1}
blackoutPeriods:
  - {startTime: "12:00", endTime: "13:00", reason: LUNCH_BREAK}
  - {startTime: "10:00", endTime: "10:15", reason: COFFEE}
complianceRules: {regulatoryPauses: [TCPA, NCDOJ]}
"""


def _told(origin: FilePlaces, defaults: Defaults = _NO_DEFAULTS) -> tuple[PartialSchedule | None, tuple[Finding, ...]]:
    found = schema_problems("campaign", {"campaignId": "C", "schedules": [origin.document.data]})
    problems: list[Problem] = [replace(problem, path=problem.path[2:]) for problem in found]
    return partial("CAM_001", origin, 3, defaults, problems)


def _known(made: PartialSchedule) -> tuple[object, ...]:
    schedule = made.schedule
    return (
        schedule.name,
        schedule.pinned_id,
        schedule.timezone,
        schedule.jurisdictions,
        [
            (WEEKDAYS[window.weekday], window.cap("maxCallsPerDay"), window.cap("maxCallsPerHour"))
            for window in schedule.windows
        ],
        [(blackout.content["reason"], blackout.path[1]) for blackout in schedule.blackouts],
        schedule.pauses,
    )


_WHOLE = (
    "Weekdays",
    None,
    "America/New_York",
    ("US-NC", "US-FL"),
    [("MONDAY", 5000, 800), ("FRIDAY", 5000, 800), ("SUNDAY", 1, 1)],
    [("COFFEE", 1), ("LUNCH_BREAK", 0)],
    ("NCDOJ", "TCPA"),
)


def test_of_a_whole_entry_all_is_known(origin: Make) -> None:
    made, missing = _told(origin(_ENTRY))
    assert made is not None
    assert (_known(made), made.unknown, missing) == (_WHOLE, frozenset(), ())


_WINDOWS: Path = ("scheduleDetails",)
_BLACKOUTS: Path = ("blackoutPeriods",)
_PAUSES: Path = ("complianceRules", "regulatoryPauses")
_RULES: Path = ("complianceRules",)


@pytest.mark.parametrize(
    ("old", "new", "unknown", "number", "value"),
    [
        ("name: Weekdays", "name: 5", {("name",)}, 0, "schedules[3]"),
        ("name: Weekdays", "name: Weekdays\nid: []", {("id",)}, 1, None),
        ("America/New_York", "[]", {("timezone",)}, 2, ""),
        ("timezone:", "timezon:", {("timezone",)}, 2, ""),
        ("US-NC", "us", set(), 3, ("", "US-FL")),
        ("[US-NC, US-FL]", "US-NC", {("jurisdictions",)}, 3, ("",)),
        ("jurisdictions:", "jurisdiction:", {("jurisdictions",)}, 3, ("",)),
        ("[FRIDAY, MONDAY]", "[FRIDAY, MON]", set(), 4, [("FRIDAY", 5000, 800), ("SUNDAY", 1, 1)]),
        ("[FRIDAY, MONDAY]", "MON", {_WINDOWS}, 4, [("SUNDAY", 1, 1)]),
        ('"17:00"', "5 o'clock", {_WINDOWS}, 4, [("SUNDAY", 1, 1)]),
        ("5000", "0", {(*_WINDOWS, 0)}, 4, [("MONDAY", 0, 800), ("FRIDAY", 0, 800), ("SUNDAY", 1, 1)]),
        ("predictiveRate: 1.2", "predictiveRate: 99", set(), 4, _WHOLE[4]),
        ('"13:00"', "late", {_BLACKOUTS}, 5, [("COFFEE", 1)]),
        ("COFFEE", "COFFEE, appliesToAllDays: maybe", {_BLACKOUTS}, 5, [("LUNCH_BREAK", 0)]),
        ("COFFEE", "COFFEE, appliesToAllDay: false", {_BLACKOUTS}, 5, [("LUNCH_BREAK", 0)]),
        ("reason: COFFEE", "reason: X", set(), 5, [("unnamed", 1), ("LUNCH_BREAK", 0)]),
        ("[TCPA, NCDOJ]", "[TCPA, NC]", {_PAUSES}, 6, ("TCPA",)),
        ("[TCPA, NCDOJ]", "TCPA", {_PAUSES}, 6, ()),
        ("{regulatoryPauses: [TCPA, NCDOJ]}", "5", {_RULES, _PAUSES}, 6, ()),
    ],
)  # fmt: skip
def test_one_part_that_is_not_known_leaves_the_others(
    origin: Make, old: str, new: str, unknown: set[Path], number: int, value: object
) -> None:
    made, _ = _told(origin(_ENTRY.replace(old, new, 1)))
    assert made is not None
    assert made.unknown == unknown
    expected: list[object] = list(_WHOLE)
    expected[number] = value
    assert list(_known(made)) == expected


def test_what_is_wrong_shadows_the_default(origin: Make, layer: Callable[..., Defaults]) -> None:
    defaults = cascade({"": layer("schedule: {timezone: UTC}\nwindow: {maxCallsPerDay: 5}\n")}, "")
    for old, new in (("America/New_York", "[]"), ("timezone:", "timezon:")):
        made, missing = _told(origin(_ENTRY.replace(old, new)), defaults)
        assert made is not None
        assert (made.schedule.timezone, missing) == ("", ())
    made, _ = _told(origin(_ENTRY.replace("maxCallsPerDay", "maxCallPerDay")), defaults)
    assert made is not None
    assert {window.cap("maxCallsPerDay") for window in made.schedule.windows} == {0}


def test_a_list_that_is_a_window_or_a_schedule_tells_nothing(origin: Make) -> None:
    made, missing = _told(origin("- 1\n"))
    assert (made, missing) == (None, ())
    made, _ = _told(origin("name: n\ntimezone: UTC\nscheduleDetails: [5, []]\nblackoutPeriods: [5]\n"))
    assert made is not None
    assert (made.schedule.windows, made.schedule.blackouts) == ((), ())
    assert made.unknown == {_WINDOWS, _BLACKOUTS}


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("name: n\n", ["1:1 schedules[3].timezone", "1:1 schedules[3].scheduleDetails"]),
        (
            'name: n\ntimezone: UTC\nscheduleDetails:\n- {dayOfWeek: MONDAY, startTime: "09:00", endTime: "10:00"}\n',
            [
                f"4:3 schedules[3].scheduleDetails[0].{field}"
                for field in ("maxCallsPerDay", "maxCallsPerHour", "predictiveRate", "maxCallsPerAgentPerDay")
            ],
        ),
    ],
)
def test_what_nobody_gives_is_missing(origin: Make, entry: str, expected: list[str]) -> None:
    _, findings = _told(origin(entry))
    reported = [
        f"{finding.location.line}:{finding.location.column} {finding.message.split(' ')[0]}"
        for finding in findings
        if finding.location
    ]
    assert reported == expected
    assert all("of schedule 'n' is missing, and no defaults.yaml gives it" in finding.message for finding in findings)
    assert {(finding.severity, finding.code) for finding in findings} == {(Severity.ERROR, "schema")}
