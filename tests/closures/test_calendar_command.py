"""`reconciler calendar`: what the dates will change, and the closures that a plan shows."""

from __future__ import annotations

import json
from collections.abc import Callable

from tests.support.closure_world import ClosureWorld, campaign
from tests.support.commands import Run, Write

World = Callable[[str], ClosureWorld]
CLOSURES = """
{date: 2026-11-26, reason: Thanksgiving}
{date: 2026-12-24, startTime: "13:00", reason: Christmas Eve}
{date: 2026-12-05, reason: a Saturday}
{holidays: US, only: [Christmas Day]}
"""


def test_each_date_with_the_schedules_and_hours_that_it_takes(world: World) -> None:
    here = world(campaign(CLOSURES))
    ended = here.run("calendar", "2026-11-22")
    assert ended.code == 0
    assert ended.out.splitlines()[:6] == [
        "THURSDAY 2026-11-26  Thanksgiving: 8 dialing hours of 1 schedule",
        "  CAM_001  Weekday calling  8 h",
        "THURSDAY 2026-12-24 13:00–24:00  Christmas Eve: 4 dialing hours of 1 schedule",
        "  CAM_001  Weekday calling  4 h",
        "FRIDAY 2026-12-25  Christmas Day: 8 dialing hours of 1 schedule",
        "  CAM_001  Weekday calling  8 h",
    ]
    assert here.box.log == ()  # it reads no tenant


def test_the_days_are_counted_from_today_on(world: World) -> None:
    here = world(campaign(CLOSURES))
    assert (
        "No closure takes any hour from 2026-11-22 to 2026-11-25."
        in here.run("calendar", "2026-11-22", "--days", "4").out
    )
    assert "2026-11-26" in here.run("calendar", "2026-11-22", "--days", "5").out
    assert here.run("calendar", "2026-11-22", "--days", "0").code == 64


def test_holidays_of_the_law_that_no_closure_covers(world: World) -> None:
    here = world(campaign(CLOSURES, jurisdictions="[US-LA]"))
    document = json.loads(here.run("calendar", "2026-11-22", "--days", "400", "--format", "json").out)
    (tenant,) = document["tenants"]
    assert [(day["date"], day["reasons"]) for day in tenant["closures"]][:2] == [
        ("2026-11-26", ["Thanksgiving"]),
        ("2026-12-24", ["Christmas Eve"]),
    ]
    open_days = {day["date"]: (day["holiday"], day["jurisdiction"]) for day in tenant["holidaysNotClosed"]}
    assert open_days["2027-02-09"] == ("Mardi Gras", "US-LA")
    assert "2026-11-26" not in open_days
    assert "2026-12-25" not in open_days
    assert document["holidayData"].startswith("holidays ")


def test_legal_holidays_leave_none_open(world: World) -> None:
    here = world(campaign("{holidays: legal}", jurisdictions="[US-LA, US-PA, US-UT]"))
    document = json.loads(here.run("calendar", "2026-11-22", "--days", "365", "--format", "json").out)
    (tenant,) = document["tenants"]
    assert tenant["holidaysNotClosed"] == []
    assert "Mardi Gras (US-LA)" in {reason for day in tenant["closures"] for reason in day["reasons"]}


def test_a_plan_has_the_closures_of_the_next_four_weeks(world: World) -> None:
    here = world(campaign(CLOSURES))
    assert here.plan("2026-11-27")["closures"] == [
        {
            "date": "2026-12-24",
            "closed": [["13:00:00", "24:00:00"]],
            "reasons": ["Christmas Eve"],
            "schedules": 1,
            "hours": 4,
        }
    ]
    assert here.plan("2026-11-26")["closures"][0]["reasons"] == ["Thanksgiving"]


def test_files_with_errors_end_with_3_and_say_so(reconciler: Run, write: Write) -> None:
    write({"schedules/tenant.yaml": "name: acme\n", "schedules/cam.yaml": "campaignId: 7\n"})
    ended = reconciler("calendar")
    assert ended.code == 3
    assert "so dates may be missing" in ended.err


def test_the_comment_and_the_terminal_show_the_closures_of_the_next_weeks(world: World) -> None:
    here = world(campaign(CLOSURES))
    for form in ("text", "markdown", "html"):
        shown = here.run("plan", "2026-11-24", "--format", form).out
        for words in ("2026-11-26", "Thanksgiving", "Closed in the next four weeks"):
            assert words in shown, form
