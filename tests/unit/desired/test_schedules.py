from __future__ import annotations

from collections.abc import Callable

import pytest

from reconciler.desired.defaults import Defaults, cascade
from reconciler.desired.places import FilePlaces
from reconciler.desired.schedules import build
from reconciler.model import DesiredSchedule

Make = Callable[..., FilePlaces]

_FULL = """\
name: Weekdays
timezone: America/New_York
jurisdictions: [US-NC, US-FL]
scheduleDetails:
  - {dayOfWeek: [FRIDAY, MONDAY], startTime: "09:00", endTime: "17:00", maxCallsPerDay: 5000.0,
     maxCallsPerHour: 800, predictiveRate: 1.20, maxCallsPerAgentPerDay: 150}
  - {dayOfWeek: MONDAY, startTime: "07:30:15", endTime: "08:00", maxCallsPerDay: 1,
     maxCallsPerHour: 1, predictiveRate: 2.0, maxCallsPerAgentPerDay: 1}
blackoutPeriods:
  - {startTime: "12:00", endTime: "13:00", reason: LUNCH_BREAK}
  - {startTime: "10:00", endTime: "10:15", reason: COFFEE, appliesToAllDays: false}
complianceRules: {regulatoryPauses: [TCPA, NCDOJ, TCPA], agentAvailabilityProjection: true}
"""
_NO_DEFAULTS = Defaults({}, {})


def _built(origin: FilePlaces, defaults: Defaults = _NO_DEFAULTS) -> DesiredSchedule:
    schedule = build("CAM_001", origin, defaults)
    assert schedule is not None
    return schedule


def test_a_whole_entry(origin: Make) -> None:
    schedule = _built(origin(_FULL))
    assert (schedule.campaign_id, schedule.name, schedule.pinned_id) == ("CAM_001", "Weekdays", None)
    assert schedule.jurisdictions == ("US-NC", "US-FL")  # as in the file, so that an index leads to its place
    assert [(span["dayOfWeek"], span["startTime"]) for span in schedule.content["scheduleDetails"]] == [
        ("MONDAY", "07:30:15"),
        ("MONDAY", "09:00:00"),
        ("FRIDAY", "09:00:00"),
    ]
    assert schedule.content["complianceRules"] == {
        "regulatoryPauses": ["NCDOJ", "TCPA"],
        "agentAvailabilityProjection": True,
        "enableComplianceInjection": True,
    }
    early, monday, friday = schedule.windows
    assert [(span.key, span.start, span.end, span.path[1]) for span in schedule.windows] == [
        ("MONDAY 07:30:15", 27015, 28800, 1),
        ("MONDAY 09:00:00", 32400, 61200, 0),
        ("FRIDAY 09:00:00", 32400, 61200, 0),
    ]
    assert (early.cap("maxCallsPerDay"), early.cap("maxCallsPerAgentPerDay")) == (1, 1)
    assert (monday.cap("maxCallsPerDay"), monday.cap("maxCallsPerHour"), friday.weekday) == (5000, 800, 4)
    assert all(
        window.content is item
        for window, item in zip(schedule.windows, schedule.content["scheduleDetails"], strict=True)
    )
    assert all(type(span.cap("maxCallsPerDay")) is int for span in schedule.windows)
    assert [(blackout.key, blackout.start, blackout.end, blackout.path[1]) for blackout in schedule.blackouts] == [
        ("10:00:00 COFFEE", 36000, 36900, 1),
        ("12:00:00 LUNCH_BREAK", 43200, 46800, 0),
    ]
    assert [blackout.content["appliesToAllDays"] for blackout in schedule.blackouts] == [False, True]
    assert (schedule.places.locate().line, schedule.places.locate(("timezone",)).line) == (1, 2)


def test_what_needs_no_file(origin: Make) -> None:
    schedule = _built(origin("id: one\n" + _FULL[: _FULL.index("blackoutPeriods")]))
    assert schedule.pinned_id == "one"
    assert schedule.content["blackoutPeriods"] == []
    assert schedule.content["complianceRules"] == {
        "regulatoryPauses": [],
        "agentAvailabilityProjection": False,
        "enableComplianceInjection": True,
    }


def test_defaults_fill_what_the_entry_lacks(origin: Make, layer: Callable[..., Defaults]) -> None:
    text = """\
schedule:
  timezone: America/Chicago
  complianceRules: {regulatoryPauses: [FCC], enableComplianceInjection: false}
window: {maxCallsPerDay: 10, maxCallsPerHour: 20, predictiveRate: 1, maxCallsPerAgentPerDay: 30}
"""
    entry = """\
name: n
scheduleDetails: [{dayOfWeek: SUNDAY, startTime: "10:00", endTime: "11:00", maxCallsPerHour: 5}]
complianceRules: {agentAvailabilityProjection: true}
"""
    schedule = _built(origin(entry), cascade({"": layer(text)}, "s"))
    assert schedule.timezone == "America/Chicago"
    (window,) = schedule.windows
    assert (window.cap("maxCallsPerDay"), window.cap("maxCallsPerHour"), window.cap("maxCallsPerAgentPerDay")) == (
        10,
        5,
        30,
    )
    assert (window.key, window.content["predictiveRate"]) == ("SUNDAY 10:00:00", 1)
    assert schedule.content["complianceRules"] == {
        "regulatoryPauses": ["FCC"],
        "agentAvailabilityProjection": True,
        "enableComplianceInjection": False,
    }


def test_spelling_and_order_change_no_content(origin: Make) -> None:
    other = """\
{"complianceRules": {"agentAvailabilityProjection": true, "regulatoryPauses": ["NCDOJ", "TCPA"]}, "name": "Weekdays",
"scheduleDetails": [
  {"dayOfWeek": "FRIDAY", "startTime": "09:00:00", "endTime": "17:00:00", "maxCallsPerDay": 5000,
   "maxCallsPerHour": 800, "predictiveRate": 1.2, "maxCallsPerAgentPerDay": 150},
  {"dayOfWeek": "MONDAY", "startTime": "07:30:15", "endTime": "08:00:00", "maxCallsPerDay": 1,
   "maxCallsPerHour": 1, "predictiveRate": 2, "maxCallsPerAgentPerDay": 1.0},
  {"dayOfWeek": ["MONDAY"], "startTime": "09:00", "endTime": "17:00", "maxCallsPerDay": 5000,
   "maxCallsPerHour": 800, "predictiveRate": 1.2, "maxCallsPerAgentPerDay": 150}],
"blackoutPeriods": [
  {"startTime": "10:00:00", "endTime": "10:15:00", "reason": "COFFEE", "appliesToAllDays": false},
  {"startTime": "12:00:00", "endTime": "13:00:00", "reason": "LUNCH_BREAK", "appliesToAllDays": true}],
"timezone": "America/New_York"}
"""
    assert _built(origin(other)).content == _built(origin(_FULL)).content


@pytest.mark.parametrize(
    "entry",
    [
        "name: n\n",
        "name: n\ntimezone: UTC\n",
        'name: n\ntimezone: UTC\nscheduleDetails: [{dayOfWeek: MONDAY, startTime: "09:00", endTime: "10:00"}]\n',
    ],
)
def test_nothing_is_built_of_an_entry_that_lacks_something(origin: Make, entry: str) -> None:
    assert build("CAM_001", origin(entry), _NO_DEFAULTS) is None


def test_equal_blackouts_are_one_in_the_content_and_share_their_key(origin: Make) -> None:
    pauses = "".join(
        f'  - {{startTime: "12:00", endTime: "{end}", reason: LUNCH_BREAK}}\n' for end in ("13:00", "12:30", "13:00")
    )
    schedule = _built(origin(f"{_FULL[: _FULL.index('blackoutPeriods')]}blackoutPeriods:\n{pauses}"))
    assert len(schedule.content["blackoutPeriods"]) == 2
    assert [(blackout.key, blackout.path[1]) for blackout in schedule.blackouts] == [
        ("12:00:00 LUNCH_BREAK", 1),
        ("12:00:00 LUNCH_BREAK #2", 0),
        ("12:00:00 LUNCH_BREAK #2", 2),
    ]


def test_the_place_of_a_keyed_path(origin: Make) -> None:
    schedule = _built(origin(_FULL))
    line = {path: schedule.places.locate(path).line for path in ((("scheduleDetails", 1)), ("blackoutPeriods", 1))}
    assert schedule.place_of(("scheduleDetails", "MONDAY 07:30:15", "endTime")).line >= line["scheduleDetails", 1]
    assert schedule.place_of(("blackoutPeriods", "10:00:00 COFFEE")).line == line["blackoutPeriods", 1]
    lacking = schedule.places.locate(("scheduleDetails",), key=True)
    assert schedule.place_of(("scheduleDetails", "SUNDAY 09:00:00", "endTime")) == lacking
    pauses = schedule.places.locate(("complianceRules", "regulatoryPauses"))
    assert schedule.place_of(("complianceRules", "regulatoryPauses", "TCPA")) == pauses
    assert schedule.place_of(()) == schedule.places.locate()
