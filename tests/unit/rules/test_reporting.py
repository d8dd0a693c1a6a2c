"""How findings are placed and worded."""

from __future__ import annotations

from collections.abc import Callable

from reconciler.findings import Severity
from reconciler.model import DesiredSchedule
from reconciler.rules.reporting import by_entry, report, span, time

Build = Callable[..., DesiredSchedule]


def test_seconds_are_shown_where_they_count() -> None:
    assert time(75_600) == "21:00"
    assert time(75_601) == "21:00:01"
    assert span(0, 86_400) == "00:00–24:00"


def test_a_value_of_the_entry_points_there(build: Build) -> None:
    schedule = build()
    finding = report(schedule, Severity.ERROR, "window-order", "it is wrong.", ("scheduleDetails", 0, "endTime"))
    assert finding.location == schedule.places.locate(("scheduleDetails", 0, "endTime"))
    assert finding.message == '"Weekday calling" of CAM_001: it is wrong.'


def test_a_value_from_defaults_points_there_and_names_the_schedule(build: Build) -> None:
    path = ("scheduleDetails", 0, "maxCallsPerHour")
    schedule = build(shared=(path,))
    finding = report(schedule, Severity.WARNING, "calls-never-reached", "it is wrong.", path)
    assert finding.location is not None
    assert finding.location.file == "schedules/defaults.yaml"
    assert finding.message == (
        '"Weekday calling" of CAM_001: it is wrong. The value is in schedules/defaults.yaml, for the schedule at '
        "schedules/cam_001.yaml:1."
    )


def test_windows_are_grouped_by_entry_in_the_order_of_the_file(build: Build) -> None:
    windows = build([f"MONDAY {hour:02d}:00-{hour:02d}:30" for hour in range(12)]).windows
    assert list(by_entry(reversed(windows))) == [("scheduleDetails", index) for index in range(12)]
