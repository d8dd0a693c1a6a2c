"""Calls asked for against what is licensed and what agents can carry, exactly at the limits."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from reconciler.findings import Finding, Severity
from reconciler.model import DesiredSchedule
from reconciler.rules.capacity import check_fleet, check_license, check_projection
from reconciler.settings import Capacity, License

Build = Callable[..., DesiredSchedule]
Found = Callable[[Iterable[Finding], DesiredSchedule], list[str]]

DAYS = "MONDAY TUESDAY WEDNESDAY THURSDAY FRIDAY"
CALLS = "error capacity-exceeded scheduleDetails.0.maxCallsPerDay"
WINDOWS = "error capacity-exceeded scheduleDetails"

PROJECTED: dict[str, tuple[list[str], dict[str, Any], int, list[str]]] = {
    # windows, capacity, agents, findings
    "at the limit": (["MONDAY 09:00-17:00 day=1250 agent=100"], {}, 10, []),
    "one call above": (["MONDAY 09:00-17:00 day=1251 agent=100"], {}, 10, [CALLS]),
    "all windows of a week are summed": ([f"{DAYS} 09:00-17:00 day=250 agent=100"], {}, 10, []),
    "a week, one call above": (
        [f"{DAYS} 09:00-17:00 day=250 agent=100", "SUNDAY 09:00-10:00 day=1 agent=100"],
        {},
        10,
        [WINDOWS],
    ),
    "the lowest cap of an agent counts": (
        ["MONDAY 09:00-12:00 day=100 agent=500", "MONDAY 13:00-17:00 day=1 agent=10"],
        {},
        8,
        [WINDOWS],
    ),
    "no buffer": (["MONDAY 09:00-17:00 day=1001 agent=100"], {"buffer": 0}, 10, [CALLS]),
    "a buffer just below its binary number": (
        ["MONDAY 09:00-17:00 day=1100 agent=100"],
        {"buffer": 0.1},
        10,
        [],
    ),
    "the same, one call above": (["MONDAY 09:00-17:00 day=1101 agent=100"], {"buffer": 0.1}, 10, [CALLS]),
    "a buffer just above its binary number": (
        ["MONDAY 09:00-17:00 day=1300 agent=100"],
        {"buffer": 0.3},
        10,
        [],
    ),
    "a buffer in powers of ten": (["MONDAY 09:00-17:00 day=100000 agent=500"], {"buffer": 1e-05}, 200, []),
    "nobody there": (["MONDAY 09:00-17:00 day=1 agent=500"], {}, 0, [CALLS]),
    "each weekday by itself": ([f"{DAYS} 09:00-17:00 day=1250 agent=100"], {"basis": "weekday"}, 10, []),
    "each weekday by itself, above": (
        [f"{DAYS} 09:00-17:00 day=1251 agent=100"],
        {"basis": "weekday"},
        10,
        [CALLS],
    ),
    "one weekday of two windows above": (
        ["MONDAY TUESDAY 09:00-12:00 day=625 agent=100", "TUESDAY 13:00-17:00 day=626 agent=100"],
        {"basis": "weekday"},
        10,
        [WINDOWS],
    ),
    "the lowest cap of that weekday counts": (
        ["MONDAY 09:00-12:00 day=1250 agent=100", "TUESDAY 13:00-17:00 day=1 agent=1"],
        {"basis": "weekday"},
        10,
        [],
    ),
}


@pytest.mark.parametrize("case", PROJECTED)
def test_one_schedule(case: str, build: Build, found: Found) -> None:
    windows, capacity, agents, expected = PROJECTED[case]
    schedule = build(windows, projection=True)
    assert found(check_projection(Capacity(**capacity), [(schedule, True)], agents), schedule) == expected


def test_what_is_live_already_is_a_warning(build: Build) -> None:
    schedule = build(["MONDAY 09:00-17:00 day=1251 agent=100"], projection=True)
    (finding,) = check_projection(Capacity(), [(schedule, False)], 10)
    assert finding.severity is Severity.WARNING


def test_without_projection_nothing_is_compared(build: Build) -> None:
    schedule = build(["MONDAY 09:00-17:00 day=1251 agent=100"])
    assert list(check_projection(Capacity(), [(schedule, True)], 0)) == []
    assert check_fleet(Capacity(), [schedule], 0) == ()


def test_the_figures_are_shown(build: Build) -> None:
    schedule = build([f"{DAYS} 09:00-17:00 day=1251 agent=100"], projection=True)
    (by_week,) = check_projection(Capacity(), [(schedule, True)], 10)
    (by_day,) = check_projection(Capacity(basis="weekday"), [(schedule, True)], 10)
    carried = "10 agents × 100 calls, with a buffer of 25 %, carry 1,250."
    assert by_week.message == f'"Weekday calling" of CAM_001: it asks for 6,255 calls over all windows; {carried}'
    assert by_day.message == f'"Weekday calling" of CAM_001: it asks for 1,251 calls a day on Mon–Fri; {carried}'


LICENSED: dict[str, tuple[str, Capacity, list[str]]] = {
    "nothing licensed separately": ("MONDAY 09:00-17:00 day=100000 hour=10000", Capacity(), []),
    "at the tenant's license": (
        "MONDAY 09:00-17:00 day=500 hour=50",
        Capacity(tenant=License(calls_per_day=500, calls_per_hour=50)),
        [],
    ),
    "above the tenant's license": (
        "MONDAY 09:00-17:00 day=501 hour=51",
        Capacity(tenant=License(calls_per_day=500, calls_per_hour=50)),
        [
            "error licensed-capacity-exceeded scheduleDetails.0.maxCallsPerDay",
            "error licensed-capacity-exceeded scheduleDetails.0.maxCallsPerHour",
        ],
    ),
    "above the campaign's license": (
        "MONDAY 09:00-17:00 day=501 hour=51",
        Capacity(tenant=License(calls_per_day=900), campaigns={"CAM_001": License(calls_per_hour=50)}),
        ["error licensed-capacity-exceeded scheduleDetails.0.maxCallsPerHour"],
    ),
    "a campaign's license does not lift the tenant's": (
        "MONDAY 09:00-17:00 day=501",
        Capacity(tenant=License(calls_per_day=500), campaigns={"CAM_001": License(calls_per_day=900)}),
        ["error licensed-capacity-exceeded scheduleDetails.0.maxCallsPerDay"],
    ),
    "another campaign's license": (
        "MONDAY 09:00-17:00 day=501",
        Capacity(campaigns={"CAM_002": License(calls_per_day=500)}),
        [],
    ),
    "several days are one finding": (
        f"{DAYS} 09:00-17:00 day=501",
        Capacity(campaigns={"CAM_001": License(calls_per_day=500)}),
        ["error licensed-capacity-exceeded scheduleDetails.0.maxCallsPerDay"],
    ),
}


@pytest.mark.parametrize("case", LICENSED)
def test_licensed_throughput(case: str, build: Build, found: Found) -> None:
    window, capacity, expected = LICENSED[case]
    schedule = build([window])
    assert found(check_license(capacity, schedule), schedule) == expected


def test_the_tightest_license_is_shown(build: Build) -> None:
    capacity = Capacity(tenant=License(calls_per_day=400), campaigns={"CAM_001": License(calls_per_day=300)})
    (finding,) = check_license(capacity, build([f"{DAYS} 09:00-17:00 day=501"]))
    assert finding.message == (
        '"Weekday calling" of CAM_001: 501 calls a day on Mon–Fri are more than the 300 licensed for CAM_001.'
    )


def fleet(build: Build, *loads: tuple[str, int, int]) -> list[DesiredSchedule]:
    return [
        build([f"{days} 09:00-17:00 day={calls} agent={cap}"], projection=True, name=f"List {number}")
        for number, (days, calls, cap) in enumerate(loads, 1)
    ]


def test_the_fleet_at_its_limit(build: Build) -> None:
    """A third, a seventh and the rest: sums that no binary number equals."""
    loads = [("MONDAY", 100, 300), ("MONDAY", 100, 700), ("MONDAY", 1100, 2100)]
    assert check_fleet(Capacity(buffer=0), fleet(build, *loads), 1) == ()
    (finding,) = check_fleet(Capacity(buffer=0), fleet(build, *loads, ("MONDAY", 1, 500)), 1)
    assert (finding.severity, finding.code, finding.location) == (
        Severity.WARNING,
        "fleet-capacity-exceeded",
        None,
    )


def test_the_fleet_is_shown_by_weekday_with_those_who_need_most(build: Build) -> None:
    schedules = fleet(
        build,
        ("MONDAY TUESDAY SUNDAY", 1000, 100),
        ("MONDAY TUESDAY", 250, 100),
        ("TUESDAY", 1, 100),
        ("MONDAY TUESDAY", 100, 100),
        ("MONDAY TUESDAY", 50, 100),
    )
    messages = [finding.message for finding in check_fleet(Capacity(buffer=0.1), schedules, 10)]
    assert messages == [
        (
            "on Mon all schedules with projection together need 14 agents; there are 10, with a buffer of 10 % 11. Most are "
            'needed by "List 1" of CAM_001 (10), "List 2" of CAM_001 (3) and "List 4" of CAM_001 (1).'
        ),
        (
            "on Tue all schedules with projection together need 15 agents; there are 10, with a buffer of 10 % 11. Most are "
            'needed by "List 1" of CAM_001 (10), "List 2" of CAM_001 (3) and "List 4" of CAM_001 (1).'
        ),
    ]


def test_days_that_need_the_same_are_shown_together(build: Build) -> None:
    (finding,) = check_fleet(Capacity(), fleet(build, (DAYS, 1000, 100)), 2)
    assert finding.message.startswith("on Mon–Fri all schedules with projection together need 10 agents; there are 2")
