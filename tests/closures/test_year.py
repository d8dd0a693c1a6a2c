"""A year day by day: on every date CXone holds, for each of the next seven dates, the windows less that date's closures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import holidays
import pytest

from reconciler.model import WEEKDAYS
from tests.support.closure_world import FILE, ClosureWorld, campaign

World = Callable[[str], ClosureWorld]
CLOSURES = """
{date: 2026-11-26, reason: Thanksgiving}
{date: 2026-12-24, startTime: "13:00", reason: Christmas Eve}
{date: 2027-01-14, startTime: "11:00", endTime: "12:00", reason: a meeting}
{from: 2027-03-30, to: 2027-04-01, reason: a move}
{holidays: US-LA}
"""
OPEN = [(9, 17)]
FIRST = date(2026, 11, 18)
STATE = holidays.country_holidays("US", subdiv="LA", years=range(2026, 2029))


def _on(day: date) -> list[tuple[int, int]]:
    """The open hours of a date, worked out by hand."""
    if day.weekday() > 4 or day in STATE or day == date(2026, 11, 26) or date(2027, 3, 30) <= day <= date(2027, 4, 1):
        return []
    if day == date(2026, 12, 24):
        return [(9, 13)]
    return [(9, 11), (12, 17)] if day == date(2027, 1, 14) else OPEN


def _week(day: date) -> dict[str, list[tuple[int, int]]]:
    dates = [day + timedelta(days) for days in range(7)]
    return {WEEKDAYS[when.weekday()]: _on(when) for when in dates}


def _held(here: ClosureWorld) -> dict[str, list[tuple[int, int]]]:
    held: dict[str, list[tuple[int, int]]] = {day: [] for day in WEEKDAYS}
    for window in here.held["scheduleDetails"]:
        assert window["startTime"][2:] == window["endTime"][2:] == ":00:00"
        held[window["dayOfWeek"]].append((int(window["startTime"][:2]), int(window["endTime"][:2])))
    return held


def _calendar(here: ClosureWorld, day: date, code: int = 0) -> dict[str, Any]:
    return here.apply(day, "--base", "HEAD", "--only", "calendar", code=code)


def _days(here: ClosureWorld, first: date, days: int, step: int = 1) -> Iterator[date]:
    here.apply(first, "--auto-approve")
    for ahead in range(1, days, step):
        yield first + timedelta(ahead)


@pytest.mark.parametrize("quarter", range(4))
def test_every_day_of_a_year_holds_the_windows_less_its_closures(quarter: int, world: World) -> None:
    here = world(campaign(CLOSURES, jurisdictions="[US-LA]"))
    moved = 0
    for day in _days(here, FIRST + timedelta(92 * quarter), 93):
        result = _calendar(here, day)
        assert result["converged"] is True
        moved += result["summary"]["updated"]
        assert _held(here) == _week(day), day
    assert moved > 3


@pytest.mark.parametrize("step", [2, 7])
def test_a_run_that_is_missed_for_a_day_or_for_six_loses_nothing(world: World, step: int) -> None:
    here = world(campaign(CLOSURES, jurisdictions="[US-LA]"))
    for day in _days(here, FIRST, 65, step):
        assert {change["origin"] for change in here.plan(day, "--base", "HEAD")["changes"]} <= {"calendar"}
        assert _calendar(here, day)["converged"] is True
        assert _held(here) == _week(day), day
        for when in (day + timedelta(days) for days in range(step)):  # until the next run every date is as it should be
            assert _held(here)[WEEKDAYS[when.weekday()]] == _on(when), when


def test_a_console_edit_in_the_middle_is_drift_and_refused(world: World) -> None:
    here = world(campaign(CLOSURES, jurisdictions="[US-LA]"))
    here.apply(FIRST, "--auto-approve")
    day = date(2026, 11, 21)  # Thanksgiving is in the week now
    here.hold(scheduleDetails=[{**window, "endTime": "16:00:00"} for window in here.held["scheduleDetails"]])
    (change,) = here.plan(day, "--base", "HEAD")["changes"]
    origins = {field["path"]: field["origin"] for field in change["fields"]}
    assert change["origin"] == "drift"
    assert origins["scheduleDetails[MONDAY 09:00:00].endTime"] == "drift"
    _calendar(here, day, code=4)
    assert _held(here)["THURSDAY"] == [(9, 16)]


def test_a_console_edit_that_a_revision_touches_too_is_a_conflict(world: World) -> None:
    here = world(campaign(CLOSURES, jurisdictions="[US-LA]"))
    here.apply(FIRST, "--auto-approve")
    base = here.git("rev-parse", "HEAD")
    here.write({FILE: campaign(CLOSURES, jurisdictions="[US-LA]").replace("5000", "4000")})
    here.hold(scheduleDetails=[{**window, "maxCallsPerDay": 3000} for window in here.held["scheduleDetails"]])
    (change,) = here.plan("2026-11-21", "--base", base)["changes"]
    assert change["origin"] == "conflict"


def test_a_closure_that_a_revision_adds_for_the_coming_days_is_a_change_and_counts(world: World) -> None:
    here = world(campaign("{date: 2026-11-26, reason: Thanksgiving}"))
    here.apply("2026-11-22", "--auto-approve")
    base = here.git("rev-parse", "HEAD")
    here.write(
        {"schedules/tenant.yaml": "name: acme\nbaseUri: https://api.niceincontact.com\nsafety: {maxChanges: 0}\n"}
    )
    both = "{date: 2026-11-26, reason: Thanksgiving}\n{date: 2026-11-24, reason: Snow}"
    here.write({FILE: campaign(both)})
    plan = here.plan("2026-11-22", "--base", base)
    assert [change["origin"] for change in plan["changes"]] == ["change"]
    assert [check["passed"] for check in plan["safety"]] == [False]
    here.apply("2026-11-22", "--base", base, "--only", "calendar", code=4)
    moved = here.plan("2026-11-27", "--base", "HEAD")
    (change,) = moved["changes"]
    assert {field["path"]: field["origin"] for field in change["fields"]} == {
        "scheduleDetails[THURSDAY 09:00:00]": "calendar"
    }
    assert [check["passed"] for check in moved["safety"]] == [True]


@pytest.mark.parametrize(
    ("after", "origins"),
    [
        (campaign("{date: 2026-11-26, endTime: '12:00'}").replace("17:00", "18:00"), {"change"}),
        (campaign(), {"calendar"}),
    ],
)
def test_a_revision_of_the_day_after_a_closure_blames_nobody(world: World, after: str, origins: set[str]) -> None:
    """The window that the closure left is live still, and this revision asked for it on no day; the one before did."""
    here = world(campaign("{date: 2026-11-26, endTime: '12:00'}"))
    here.apply("2026-11-25", "--auto-approve")
    assert here.windows("THURSDAY") == [("12:00:00", "17:00:00")]
    base = here.git("rev-parse", "HEAD")
    here.write({FILE: after})
    (change,) = here.plan("2026-11-27", "--base", base)["changes"]
    assert {change["origin"]} == origins
    here.apply("2026-11-27", "--base", base, "--auto-approve")
    assert here.windows("THURSDAY")[0][0] == "09:00:00"


def test_only_calendar_needs_a_base_and_goes_with_no_saved_plan(world: World) -> None:
    here = world(campaign(CLOSURES, jurisdictions="[US-LA]"))
    assert here.run("apply", FIRST, "--only", "calendar").code == 64
    assert here.run("plan", FIRST, "--out", "plan.json").code == 0
    assert here.run("apply", FIRST, "--only", "calendar", "--plan", "plan.json").code == 64
    refused = here.run("apply", FIRST, "--base", "HEAD", "--only", "calendar")  # a create is no move of the date
    assert refused.code == 4
    assert "'Weekday calling' of CAM_001" in refused.err


def test_without_a_base_nobody_can_tell(world: World) -> None:
    here = world(campaign(CLOSURES, jurisdictions="[US-LA]"))
    here.apply(FIRST, "--auto-approve")
    assert [change["origin"] for change in here.plan("2026-11-20")["changes"]] == [None]


def test_a_run_half_an_hour_into_the_next_day_of_utc_reopens_nothing(world: World) -> None:
    here = world(campaign(CLOSURES, jurisdictions="[US-LA]"))
    here.apply("2026-11-26", "--auto-approve")
    for now, open_again in (
        ("2026-11-27T00:30:00Z", False),
        ("2026-11-27T05:30:00Z", False),
        ("2026-11-27T06:30:00Z", True),
    ):
        here.apply(now, "--base", "HEAD", "--only", "calendar")
        assert bool(_held(here)["THURSDAY"]) is open_again, now


def test_a_saved_plan_that_would_reopen_a_day_is_refused(world: World) -> None:
    here = world(campaign(CLOSURES, jurisdictions="[US-LA]"))
    assert here.run("plan", "2026-11-19", "--out", "plan.json").code == 0
    refused = here.run("apply", "2026-11-24", "--plan", "plan.json")
    assert refused.code == 4
    assert "is closed on THURSDAY by now" in refused.err
    assert here.run("apply", "2026-11-19", "--plan", "plan.json").code == 0
    assert _held(here) == _week(date(2026, 11, 19))


def test_a_saved_plan_may_close_more_than_this_week_needs(world: World) -> None:
    here = world(campaign(CLOSURES, jurisdictions="[US-LA]"))
    assert here.run("plan", "2026-11-26", "--out", "plan.json").code == 0
    assert here.run("apply", "2026-11-29", "--plan", "plan.json").code == 0
    assert _held(here)["THURSDAY"] == []
