"""A tenant that answers as if all were well, and holds something else, is found."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reconciler.model.results import Status
from tests.support.apply_world import BY_HAND, CAP, EARLY, HOOK, LATE, World, complete, of, schedule

PUT_LATE = {"method": "PUT", "path": f"/{LATE}$"}
PUT_EARLY = {"method": "PUT", "path": f"/{EARLY}$"}


@pytest.mark.parametrize("etags", [True, False])
@pytest.mark.parametrize(("which", "schedule_id"), [(PUT_LATE, LATE), (PUT_EARLY, EARLY)])
def test_a_dropped_write_is_found_when_it_is_read_again(
    make_world: Callable[..., World], which: dict[str, str], schedule_id: str, *, etags: bool
) -> None:
    world = make_world(etags=etags)
    world.fault("drop", **which)

    result = world.result()

    end = of(result, schedule_id)
    assert end.status is Status.UNVERIFIED
    assert "read again" in end.errors[0].message
    assert not result.converged
    assert world.cap("CAM_A", schedule_id) != CAP
    lines = [entry["status"] for entry in world.entries() if entry.get("scheduleId") == schedule_id]
    assert lines == ["PENDING", "SUCCESS", "UNVERIFIED"]
    assert complete(world.result())


@pytest.mark.parametrize(("which", "schedule_id"), [(PUT_LATE, LATE), (PUT_EARLY, EARLY)])
def test_a_clamped_value_is_named(world: World, which: dict[str, str], schedule_id: str) -> None:
    world.fault("clamp", **which)

    result = world.result()

    end = of(result, schedule_id)
    assert end.status is Status.UNVERIFIED
    assert end.errors[0].field == "scheduleDetails[MONDAY 09:00:00].maxCallsPerDay"
    assert not result.converged
    assert world.cap("CAM_A", schedule_id) == CAP - 1


def test_an_answer_with_the_old_schedule_is_not_taken_for_the_new_one(world: World) -> None:
    world.fault("echo-old", **PUT_LATE)

    result = world.result()

    assert of(result, LATE).status is Status.UNVERIFIED
    assert not complete(result)
    assert result.converged  # read again it is there: a fresh plan is empty, whatever the answer said
    assert world.cap("CAM_A", LATE) == CAP


def test_an_empty_answer_to_a_create_is_looked_into(world: World) -> None:
    world.fault("echo-old", **PUT_EARLY)

    result = world.result()

    assert of(result, EARLY).status is Status.SUCCESS
    assert complete(result)
    assert world.writes()[f"/api/v2/dialer/campaigns/CAM_A/schedules/{EARLY}"] == 1


def test_a_dropped_webhook_is_found(world: World) -> None:
    world.fault("drop", method="POST", path="webhooks")

    result = world.result()

    dropped = [webhook for webhook in result.webhooks if webhook.status is Status.UNVERIFIED]
    assert len(dropped) == 1
    assert not result.converged
    there = {webhook["name"] for webhook in world.box.store.webhooks}
    assert dropped[0].name not in there
    assert {webhook.name for webhook in result.webhooks if webhook.status is Status.SUCCESS} <= there
    assert complete(world.result())


def test_a_schedule_that_is_not_active_is_written_and_told(world: World) -> None:
    world.box.store.put("CAM_A", schedule("CAM_A", LATE, "Late", 400, status="SUSPENDED"))

    result = world.result()

    assert of(result, LATE).live_status == "SUSPENDED"
    assert "not-active" in [finding.code for finding in world.plans[0].findings]


def test_an_edit_right_after_the_write_is_found(world: World) -> None:
    world.fault("edit-after", edit=lambda store: store.put("CAM_A", schedule("CAM_A", LATE, "Late", 9)), **PUT_LATE)

    result = world.result()

    assert of(result, LATE).status is Status.UNVERIFIED
    assert not result.converged
    assert world.cap("CAM_A", LATE) == 9


def test_unmanaged_schedules_and_webhooks_are_left_as_they_are(world: World) -> None:
    before = world.live("CAM_A", BY_HAND)
    other = [webhook for webhook in world.box.store.webhooks if webhook["url"] != HOOK]

    world.result()

    assert world.live("CAM_A", BY_HAND) == before
    assert [webhook for webhook in world.box.store.webhooks if webhook["url"] != HOOK] == other
    assert [(live.campaign_id, live.schedule_id) for live in world.plans[0].unmanaged] == [("CAM_A", BY_HAND)]
