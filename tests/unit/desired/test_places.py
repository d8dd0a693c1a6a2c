from __future__ import annotations

from collections.abc import Callable

import pytest

from reconciler.desired.places import FilePlaces, SchedulePlaces
from reconciler.model import Path

Make = Callable[..., FilePlaces]

_ENTRY = """\
name: Weekdays
scheduleDetails:
  - dayOfWeek: [MONDAY, FRIDAY]
    startTime: "09:00"
    maxCallsPerDay: 1
complianceRules:
  agentAvailabilityProjection: true
"""
_DEEP = "window: {maxCallsPerHour: 2}\nschedule: {complianceRules: {enableComplianceInjection: true}}\n"
_SHALLOW = """\
schedule:
  timezone: America/New_York
  blackoutPeriods:
    - {startTime: "12:00", endTime: "13:00", reason: LUNCH_BREAK}
  complianceRules: {regulatoryPauses: [TCPA], agentAvailabilityProjection: false}
  scheduleDetails: [{dayOfWeek: SUNDAY}]
window: {maxCallsPerHour: 3, predictiveRate: 1.0}
"""


@pytest.fixture
def places(origin: Make) -> SchedulePlaces:
    return SchedulePlaces(origin(_ENTRY, "entry"), (origin(_DEEP, "deep"), origin(_SHALLOW, "shallow")))


@pytest.mark.parametrize(
    ("path", "place", "key_place"),
    [
        ((), "entry:1:1", "entry:1:1"),
        (("name",), "entry:1:7", "entry:1:1"),
        (("scheduleDetails",), "entry:3:3", "entry:2:1"),
        (("scheduleDetails", 0), "entry:3:5", "entry:3:5"),
        (("scheduleDetails", 0, "dayOfWeek", 1), "entry:3:25", "entry:3:25"),
        (("scheduleDetails", 0, "maxCallsPerDay"), "entry:5:21", "entry:5:5"),
        (("scheduleDetails", 0, "maxCallsPerHour"), "deep:1:27", "deep:1:10"),
        (("scheduleDetails", 0, "predictiveRate"), "shallow:7:46", "shallow:7:30"),
        (("timezone",), "shallow:2:13", "shallow:2:3"),
        (("blackoutPeriods", 0, "reason"), "shallow:4:54", "shallow:4:46"),
        (("complianceRules",), "entry:7:3", "entry:6:1"),
        (("complianceRules", "agentAvailabilityProjection"), "entry:7:32", "entry:7:3"),
        (("complianceRules", "enableComplianceInjection"), "deep:2:57", "deep:2:30"),
        (("complianceRules", "regulatoryPauses", 0), "shallow:5:40", "shallow:5:40"),
        # what is not there: its nearest holder
        (("id",), "entry:1:1", "entry:1:1"),
        (("scheduleDetails", 0, "endTime"), "entry:3:5", "entry:3:5"),
        (("scheduleDetails", 1, "endTime"), "entry:3:3", "entry:3:3"),
        (("blackoutPeriods", 0, "appliesToAllDays"), "shallow:4:7", "shallow:4:7"),
        (("complianceRules", "regulatoryPauses", 1), "shallow:5:39", "shallow:5:39"),
        (("name", 0), "entry:1:7", "entry:1:7"),
    ],
)
def test_values_are_found_through_the_cascade(places: SchedulePlaces, path: Path, place: str, key_place: str) -> None:
    for key, expected in ((False, place), (True, key_place)):
        found = places.locate(path, key=key)
        assert f"{found.file}:{found.line}:{found.column}" == expected


def test_windows_that_come_from_defaults(origin: Make) -> None:
    places = SchedulePlaces(origin("name: n\n", "entry"), (origin(_DEEP, "deep"), origin(_SHALLOW, "shallow")))
    assert places.locate(("scheduleDetails", 0, "dayOfWeek")).file == "shallow"
    assert places.locate(("scheduleDetails", 0, "maxCallsPerHour")).file == "deep"
    assert places.locate(("scheduleDetails", 0, "endTime")) == places.locate(("scheduleDetails", 0))


def test_a_value_that_is_no_mapping_hides_the_defaults(origin: Make) -> None:
    places = SchedulePlaces(origin("name: n\ncomplianceRules: off\n", "entry"), (origin(_SHALLOW, "shallow"),))
    assert places.locate(("complianceRules", "regulatoryPauses")).file == "entry"
