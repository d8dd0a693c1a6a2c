"""Zone, order, overlap, blackouts and caps: a table of schedules with what is found in them, and where."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from reconciler.findings import Finding
from reconciler.model import DesiredSchedule
from reconciler.rules.calendar import check_calendar, open_times

Build = Callable[..., DesiredSchedule]
Found = Callable[[Iterable[Finding], DesiredSchedule], list[str]]

WEEKDAYS = "MONDAY TUESDAY WEDNESDAY THURSDAY FRIDAY"
FIRST, SECOND, THIRD = (f"scheduleDetails.{index}" for index in range(3))

CASES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "a plain week": ({"windows": [f"{WEEKDAYS} 09:00-17:00"]}, []),
    # time zone
    "a zone with its old name": ({"timezone": "US/Eastern"}, []),
    "a zone that is none": ({"timezone": "America/Gotham"}, ["error unknown-timezone timezone"]),
    "a zone in the wrong case": ({"timezone": "america/new_york"}, ["error unknown-timezone timezone"]),
    # order
    "one second": (
        {"windows": ["MONDAY 09:00:00-09:00:01 day=1 hour=1"]},
        [f"warning calls-never-reached {FIRST}.maxCallsPerHour"],
    ),
    "an end at the start": ({"windows": ["MONDAY 09:00-09:00"]}, [f"error window-order {FIRST}.endTime"]),
    "past midnight": ({"windows": [f"{WEEKDAYS} 22:00-06:00"]}, [f"error window-order {FIRST}.endTime"]),
    "a blackout past midnight": (
        {"windows": ["MONDAY 09:00-17:00"], "blackouts": ["23:00-01:00 NIGHT"]},
        ["error window-order blackoutPeriods.0.endTime"],
    ),
    "a blackout of no time": (
        {"blackouts": ["12:00-12:00 LUNCH"]},
        ["error window-order blackoutPeriods.0.endTime"],
    ),
    # overlap
    "touching windows": ({"windows": ["MONDAY 09:00-12:00", "MONDAY 12:00-17:00"]}, []),
    "one second of overlap": (
        {"windows": ["MONDAY 09:00-12:00:01", "MONDAY 12:00-17:00"]},
        [f"error window-overlap {SECOND}.startTime"],
    ),
    "the same hours on other days": ({"windows": ["MONDAY 09:00-17:00", "TUESDAY 09:00-17:00"]}, []),
    "the same window twice": (
        {"windows": ["MONDAY 09:00-17:00", "MONDAY 09:00-17:00"]},
        [f"error window-overlap {SECOND}.startTime"],
    ),
    "the later in the file starts earlier": (
        {"windows": ["MONDAY 12:00-17:00", "MONDAY 09:00-12:30"]},
        [f"error window-overlap {FIRST}.startTime"],
    ),
    "a long window over two short ones": (
        {"windows": ["MONDAY 08:00-20:00", "MONDAY 09:00-10:00", "MONDAY 15:00-16:00"]},
        [f"error window-overlap {SECOND}.startTime", f"error window-overlap {THIRD}.startTime"],
    ),
    "entries that share several days": (
        {"windows": [f"{WEEKDAYS} 09:00-17:00", "MONDAY TUESDAY SUNDAY 16:00-18:00"]},
        [f"error window-overlap {SECOND}.startTime"],
    ),
    "a day listed twice": (
        {"windows": ["MONDAY MONDAY 09:00-17:00"]},
        [f"error window-overlap {FIRST}.startTime"],
    ),
    "a window that is out of order overlaps nothing": (
        {"windows": ["MONDAY 09:00-17:00", "MONDAY 16:00-10:00"]},
        [f"error window-order {SECOND}.endTime"],
    ),
    # blackouts
    "lunch": ({"windows": ["MONDAY 09:00-17:00"], "blackouts": ["12:00-13:00 LUNCH"]}, []),
    "all but one second": (
        {"windows": ["MONDAY 09:00-17:00 day=1"], "blackouts": ["09:00-16:59:59 LUNCH"]},
        [f"warning calls-never-reached {FIRST}.maxCallsPerHour"],
    ),
    "nothing left": (
        {"windows": [f"{WEEKDAYS} 09:00-17:00"], "blackouts": ["08:00-17:00 LUNCH"]},
        [f"error blackout-covers-window {FIRST}"],
    ),
    "nothing left by two that touch": (
        {"windows": ["MONDAY 09:00-17:00"], "blackouts": ["13:00-18:00 B", "08:00-13:00 A"]},
        [f"error blackout-covers-window {FIRST}"],
    ),
    "one of two windows covered": (
        {"windows": ["MONDAY 09:00-12:00", "MONDAY 13:00-17:00"], "blackouts": ["09:00-12:00 A"]},
        [f"error blackout-covers-window {FIRST}"],
    ),
    "a blackout that ends as the window starts": (
        {"windows": ["MONDAY 09:00-17:00"], "blackouts": ["08:00-09:00 EARLY"]},
        ["warning blackout-outside-windows blackoutPeriods.0"],
    ),
    "a blackout that starts as the window ends": (
        {"windows": ["MONDAY 09:00-17:00"], "blackouts": ["17:00-18:00 LATE"]},
        ["warning blackout-outside-windows blackoutPeriods.0"],
    ),
    "a blackout that touches one second of some day": (
        {"windows": ["MONDAY 09:00-17:00", "SUNDAY 12:00-18:00:01"], "blackouts": ["18:00-19:00 LATE"]},
        [],
    ),
    "what an unordered window touches is not known": (
        {"windows": ["MONDAY 22:00-06:00"], "blackouts": ["23:00-23:30 LATE"]},
        [f"error window-order {FIRST}.endTime"],
    ),
    "a blackout on unknown days covers nothing": (
        {"windows": ["MONDAY 09:00-17:00"], "blackouts": ["08:00-18:00 HOLIDAY somedays"]},
        ["warning blackout-days-unknown blackoutPeriods.0.appliesToAllDays"],
    ),
    "a blackout on unknown days misses nothing": (
        {"windows": ["MONDAY 09:00-17:00"], "blackouts": ["18:00-19:00 HOLIDAY somedays"]},
        ["warning blackout-days-unknown blackoutPeriods.0.appliesToAllDays"],
    ),
    # caps
    "exactly reached": ({"windows": ["MONDAY 09:00-17:00 day=800 hour=100"]}, []),
    "never reached": (
        {"windows": [f"{WEEKDAYS} 09:00-17:00 day=801 hour=100"]},
        [f"warning calls-never-reached {FIRST}.maxCallsPerHour"],
    ),
    "never reached because of lunch": (
        {"windows": ["MONDAY 09:00-17:00 day=701 hour=100"], "blackouts": ["12:00-13:00 LUNCH"]},
        [f"warning calls-never-reached {FIRST}.maxCallsPerHour"],
    ),
    "reached in spite of lunch": (
        {"windows": ["MONDAY 09:00-17:00 day=700 hour=100"], "blackouts": ["12:00-13:00 LUNCH"]},
        [],
    ),
    "a lunch on unknown days counts for nothing": (
        {"windows": ["MONDAY 09:00-17:00 day=701 hour=100"], "blackouts": ["12:00-13:00 LUNCH somedays"]},
        ["warning blackout-days-unknown blackoutPeriods.0.appliesToAllDays"],
    ),
    "an hourly cap at the daily one": ({"windows": ["MONDAY 09:00-17:00 day=500 hour=500"]}, []),
    "an hourly cap above the daily one": (
        {"windows": ["MONDAY 09:00-17:00 day=500 hour=501"]},
        [f"warning calls-never-reached {FIRST}.maxCallsPerHour"],
    ),
    "the tutorial's example": (
        {
            "windows": ["MONDAY 09:00-17:00 day=5000 hour=500 agent=150"],
            "blackouts": ["12:00-13:00 LUNCH_BREAK"],
        },
        [f"warning calls-never-reached {FIRST}.maxCallsPerHour"],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_found_and_where(case: str, build: Build, found: Found) -> None:
    fields, expected = CASES[case]
    schedule = build(**fields)
    assert found(check_calendar(schedule), schedule) == sorted(expected)


def messages(schedule: DesiredSchedule) -> list[str]:
    return [finding.message for finding in check_calendar(schedule)]


def test_the_nearest_zones_are_named(build: Build) -> None:
    assert messages(build(timezone="America/New York")) == [
        (
            '"Weekday calling" of CAM_001: "America/New York" is not a time zone of the IANA database. Did you mean '
            "America/New_York?"
        )
    ]


def test_a_window_past_midnight_is_shown_how_to_split(build: Build) -> None:
    assert messages(build([f"{WEEKDAYS} 22:00-06:00"])) == [
        (
            '"Weekday calling" of CAM_001: the window on Mon–Fri ends at 06:00, before it starts at 22:00. To go past '
            "midnight, split it there: 22:00 to 23:59:59, and 00:00 to 06:00 on the next day."
        )
    ]


def test_an_overlap_names_both_windows_and_the_days_they_share(build: Build) -> None:
    schedule = build([f"{WEEKDAYS} 09:00-17:00", "MONDAY TUESDAY SUNDAY 16:00-18:00"])
    line = schedule.places.locate(("scheduleDetails", 0)).line
    assert messages(schedule) == [
        (
            '"Weekday calling" of CAM_001: on Mon, Tue the window 16:00–18:00 overlaps the window 09:00–17:00 of '
            f"schedules/cam_001.yaml:{line}."
        )
    ]


def test_a_cap_that_is_never_reached_is_shown_with_its_figures(build: Build) -> None:
    schedule = build(["MONDAY 09:00-17:00 day=5000 hour=500"], blackouts=["12:00-13:00 LUNCH_BREAK"])
    assert messages(schedule) == [
        (
            '"Weekday calling" of CAM_001: on Mon the daily cap of 5,000 calls is never reached: 500 an hour in the 7 open '
            "hours of 09:00–17:00 are at most 3,500."
        )
    ]


def test_many_windows_at_one_time_are_one_finding_each(build: Build) -> None:
    schedule = build(["MONDAY 09:00-17:00"] * 300)
    assert len(messages(schedule)) == 299


def test_open_times_are_the_window_less_the_blackouts_of_all_days(build: Build) -> None:
    closed = build(blackouts=["12:00-13:00 A", "12:30-14:00 B", "16:00-18:00 C somedays", "09:00-08:00 D"]).closed_daily
    assert closed == ((12 * 3600, 14 * 3600),)
    assert open_times(9 * 3600, 17 * 3600, closed) == ((9 * 3600, 12 * 3600), (14 * 3600, 17 * 3600))
