"""The law holds for what is really written: today, whatever the date of the plan, and with the values that come from CXone."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from reconciler.model import WEEKDAYS
from reconciler.model.results import Status
from reconciler.sandbox import Store
from tests.support.apply_world import CAP, EARLY, LATE, World, of
from tests.support.commands import Ended

Command = Callable[..., Ended]

SINCE_2020 = {
    "hours": {day: [{"from": "10:00", "to": "12:00"}] for day in WEEKDAYS},
    "citation": "memo 7",
    "effectiveFrom": "2020-01-01",
}


def law(world: World, **settings: Any) -> None:
    world.tenant(compliance={"jurisdictions": {"US-VT": SINCE_2020}}, **settings)
    for name in ("Early", "Late"):
        world.edit("a.yaml", f"name: {name}\n", f"name: {name}\n    jurisdictions: [US-VT]\n")


def test_an_earlier_date_does_not_lift_the_law_of_today(world: World, command: Command) -> None:
    law(world)
    planned = command("plan", "--as-of", "2019-06-01", "--format", "json")
    assert planned.code == 0, planned.out
    assert "outside-calling-hours-from" in planned.out

    ended = command("apply", "--as-of", "2019-06-01", "--auto-approve")

    assert ended.code == 3
    assert "(US-VT: memo 7)" in ended.err
    assert world.writes() == {}


def test_a_later_date_does_not_hide_the_law_of_that_date(world: World, command: Command) -> None:
    law(world)
    assert command("apply", "--as-of", "2035-06-01", "--auto-approve").code == 3
    assert world.writes() == {}


def test_a_saved_plan_is_held_against_the_law_of_today(world: World, command: Command) -> None:
    law(world)
    saved = str(world.root / "plan.json")
    assert command("plan", "--as-of", "2019-06-01", "--out", saved).code == 0
    assert command("apply", "--as-of", "2019-06-01", "--plan", saved).code == 3
    assert world.writes() == {}


BODY = ("id", "name", "campaignId", "timezone", "scheduleDetails", "blackoutPeriods", "complianceRules")


def held(world: World) -> dict[str, Any]:
    """The schedule Late of CAM_A, which differs from the files in its cap."""
    (schedule,) = (schedule for schedule in world.box.store.schedules("CAM_A") if schedule["id"] == LATE)
    return {field: schedule[field] for field in BODY}


def evening(schedule: dict[str, Any], **caps: int) -> list[dict[str, Any]]:
    return [{**window, **caps, "endTime": "23:30:00"} for window in schedule["scheduleDetails"]]


def outside(ended: Ended) -> list[dict[str, Any]]:
    findings = json.loads(ended.out)["findings"]
    return [finding for finding in findings if finding["code"] == "outside-calling-hours"]


def is_held_against_the_law(world: World, command: Command, part: str) -> None:
    planned = command("plan", "--format", "json")
    ended = command("apply", "--auto-approve")
    (finding,) = outside(planned)
    assert planned.code == ended.code == 3
    assert part in finding["message"]
    assert " is not allowed: TCPA" in finding["message"]
    assert finding["message"].endswith("The values are those in CXone, which ignoreFields keeps.")
    assert (finding["severity"], finding["file"].rpartition("/")[2]) == ("error", "a.yaml")
    assert world.writes() == {}


def test_an_ignored_end_is_held_against_the_law(world: World, command: Command) -> None:
    world.tenant(ignoreFields=["scheduleDetails.endTime"])
    world.box.store.put("CAM_A", {**held(world), "scheduleDetails": evening(held(world))})
    world.box.clear_log()
    is_held_against_the_law(world, command, "Mon 21:00–23:30 is not allowed:")


def test_an_ignored_time_zone_is_held_against_the_law(world: World, command: Command) -> None:
    world.tenant(ignoreFields=["timezone"])
    world.edit("a.yaml", "name: Late\n", "name: Late\n    jurisdictions: [US-ME]\n")
    world.box.store.put("CAM_A", {**held(world), "timezone": "Pacific/Honolulu"})
    world.box.clear_log()
    is_held_against_the_law(world, command, "17:00 Pacific/Honolulu is")


def test_ignored_blackouts_are_held_against_the_law(world: World, command: Command) -> None:
    world.tenant(ignoreFields=["blackoutPeriods"])
    pause = "blackoutPeriods: [{startTime: '21:00', endTime: '23:00', reason: EVENING}]"
    world.edit("a.yaml", '"17:00"', '"23:00"')
    world.edit("a.yaml", "    scheduleDetails", f"    {pause}\n    scheduleDetails")
    assert command("validate").code == 0
    is_held_against_the_law(world, command, "Mon 21:00–23:00 is not allowed:")


def test_what_is_live_already_and_stays_is_a_warning(world: World, command: Command) -> None:
    """Refusing the plan would not end these calls, and would keep the other changes from being made."""
    world.tenant(ignoreFields=["scheduleDetails.endTime"])
    world.box.store.put("CAM_A", {**held(world), "scheduleDetails": evening(held(world), maxCallsPerDay=CAP)})
    planned = command("plan", "--format", "json")
    (finding,) = outside(planned)
    assert (planned.code, finding["severity"]) == (0, "warning")
    world.tenant(
        ignoreFields=["scheduleDetails.endTime"],
        compliance={"severities": {"outside-calling-hours": "error"}},
    )
    assert command("plan").code == 3


def test_an_ignored_value_that_becomes_illegal_after_the_plan_is_not_sent(world: World) -> None:
    def edit(store: Store) -> None:
        store.put("CAM_A", {**held(world), "scheduleDetails": evening(held(world))})

    world.tenant(ignoreFields=["scheduleDetails.endTime"])
    world.fault("edit-before", edit=edit, method="GET", path=f"/{LATE}$")

    result = world.result()

    late = of(result, LATE)
    assert late.status is Status.STALE
    assert " is not allowed: TCPA" in late.errors[0].message
    assert not any(seen.method == "PUT" and seen.path.endswith(LATE) for seen in world.box.log)
    assert of(result, EARLY).status is Status.SUCCESS
    assert not result.converged


def test_a_saved_plan_does_not_send_ignored_values_that_became_illegal(world: World, command: Command) -> None:
    world.tenant(ignoreFields=["scheduleDetails.endTime"])
    saved = str(world.root / "plan.json")
    assert command("plan", "--out", saved).code == 0
    world.box.store.put("CAM_A", {**held(world), "scheduleDetails": evening(held(world))})
    world.box.clear_log()

    ended = command("apply", "--plan", saved)

    assert ended.code == 5
    assert "STALE" in ended.out
    assert not any(seen.method == "PUT" and seen.path.endswith(LATE) for seen in world.box.log)
