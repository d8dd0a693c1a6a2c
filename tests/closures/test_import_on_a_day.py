"""`import --update` on any day: what closures take is never written into a file as an edit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from tests.support.closure_world import FILE, ClosureWorld, campaign

World = Callable[[str], ClosureWorld]

CLOSURES = """
- {date: 2026-11-26, reason: Thanksgiving}
- {date: 2026-12-24, startTime: "13:00", reason: Christmas Eve}
- {from: 2026-12-28, to: 2026-12-30}
- {date: 2026-12-09, startTime: "11:00", endTime: "12:00", reason: meeting}
""".replace("- ", "")
DAYS = [date(2026, 11, 18) + timedelta(days) for days in range(0, 46, 3)] + [date(2026, 12, 9), date(2026, 12, 24)]


def _import(here: ClosureWorld, day: date, code: int = 0) -> str:
    ended = here.run("import", day, "--update", "--all")
    assert ended.code == code, ended
    return (here.folder / FILE).read_text("utf-8")


@pytest.mark.parametrize("day", DAYS)
def test_what_is_live_as_it_should_be_changes_no_file_and_plans_as_empty(world: World, day: date) -> None:
    here = world(campaign(CLOSURES))
    here.apply(day, "--auto-approve")
    assert _import(here, day) == campaign(CLOSURES)
    assert here.plan(day)["changes"] == []


@pytest.mark.parametrize("missed", [1, 6, 14])
def test_so_it_is_when_the_runs_of_some_days_were_missed(world: World, missed: int) -> None:
    here = world(campaign(CLOSURES))
    here.apply(date(2026, 11, 26), "--auto-approve")
    assert _import(here, date(2026, 11, 26) + timedelta(missed)) == campaign(CLOSURES)


def test_an_edit_of_another_weekday_is_written_and_the_holiday_stays_in_the_file(world: World) -> None:
    here = world(campaign(CLOSURES))
    day = date(2026, 11, 24)
    here.apply(day, "--auto-approve")
    monday, *rest = here.held["scheduleDetails"]
    here.hold(scheduleDetails=[{**monday, "endTime": "16:00:00"}, *rest])
    text = _import(here, day)
    assert "[TUESDAY, WEDNESDAY, THURSDAY, FRIDAY]" in text
    assert here.plan(day)["changes"] == []
    (after,) = here.plan("2026-11-27")["changes"]
    assert [field["path"] for field in after["fields"]] == ["scheduleDetails[THURSDAY 09:00:00]"]


def test_a_cap_edited_on_a_weekday_that_is_cut_short_is_taken_over(world: World) -> None:
    here = world(campaign(CLOSURES))
    day = date(2026, 12, 24)
    here.apply(day, "--auto-approve")
    windows = [
        {**w, "maxCallsPerDay": 4000} if w["dayOfWeek"] == "THURSDAY" else w for w in here.held["scheduleDetails"]
    ]
    here.hold(scheduleDetails=windows)
    assert here.plan(day)["summary"]["update"] == 1
    _import(here, day)
    assert here.plan(day)["changes"] == []
    window = next(
        w
        for w in here.plan("2026-12-31")["changes"][0]["request"]["body"]["scheduleDetails"]
        if w["dayOfWeek"] == "THURSDAY"
    )
    assert (window["endTime"], window["maxCallsPerDay"]) == ("17:00:00", 4000)


def test_an_edit_that_cannot_be_told_from_the_closure_is_left_to_people(world: World) -> None:
    here = world(campaign(CLOSURES))
    day = date(2026, 11, 26)
    here.apply(day, "--auto-approve")
    friday = next(w for w in here.held["scheduleDetails"] if w["dayOfWeek"] == "FRIDAY")
    here.hold(
        scheduleDetails=[*here.held["scheduleDetails"], {**friday, "dayOfWeek": "THURSDAY", "endTime": "10:00:00"}]
    )
    assert _import(here, day, code=1) == campaign(CLOSURES)
    ended = here.run("import", day, "--update", "--all")
    assert "a closure takes some of its THURSDAY now" in ended.out + ended.err
