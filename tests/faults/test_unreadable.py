"""Malformed, partial or unreadable live data never leads to a write for that campaign; no token goes elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from reconciler.model.results import Status
from tests.support.apply_world import CAP, EARLY, LATE, PINNED, World, complete, of, schedule

LIST_A = {"method": "GET", "path": "CAM_A/schedules$"}
SECOND_PAGE = {"method": "GET", "path": r"CAM_A/schedules\?page=2$"}
FOR_EVER: dict[str, Any] = {"times": None}
ANSWERS: list[tuple[str, dict[str, Any]]] = [
    ("500", {}),
    ("404", {}),
    ("403", {}),
    ("429", {"retry_after": "3600"}),
    ("html", {"status": 200}),
    ("malformed-json", {}),
    ("truncated", {}),
    ("reset-before", {}),
    ("redirect", {"location": "/somewhere/else"}),
]


def without(*names: str) -> dict[str, Any]:
    """A live schedule that lacks something of the PUT body."""
    broken = schedule("CAM_A", LATE, "Late", 400)
    for name in names:
        del broken[name]
    return broken


def with_window(**changes: Any) -> dict[str, Any]:
    """A live schedule with a strange window."""
    broken = schedule("CAM_A", LATE, "Late", 400)
    broken["scheduleDetails"] = [{**broken["scheduleDetails"][0], **changes}]
    return broken


def twice() -> dict[str, Any]:
    """A live schedule with two windows of one key."""
    broken = schedule("CAM_A", LATE, "Late", 400)
    broken["scheduleDetails"] *= 2
    return broken


def deep(levels: int) -> Any:
    """A value that nests lists."""
    value: Any = []
    for _ in range(levels):
        value = [value]
    return value


BROKEN: dict[str, Any] = {
    "a field nested too deep": {**without(), "custom": deep(900)},
    "a status nested too deep": {**without(), "status": deep(900)},
    "a window's field nested too deep": with_window(custom=deep(900)),
    "no zone": without("timezone"),
    "no windows": without("scheduleDetails"),
    "no rules": without("complianceRules"),
    "no name": without("name"),
    "no id": without("id"),
    "no campaign": without("campaignId"),
    "another campaign": {**without(), "campaignId": "CAM_B"},
    "windows that are no list": {**without(), "scheduleDetails": {}},
    "a day that is none": with_window(dayOfWeek="FUNDAY"),
    "a time that is none": with_window(startTime="9 o'clock"),
    "a number as a string": with_window(maxCallsPerDay="500"),
    "a number that is null": with_window(maxCallsPerDay=None),
    "two windows of one key": twice(),
    "a list": ["not", "a", "schedule"],
    "null": None,
}


def is_kept_from_a(world: World, code: str = "campaign-unreadable") -> None:
    """A plain apply refuses; with --keep-going CAM_B is written, and CAM_A is not, and both are told."""
    before = world.box.store.schedules("CAM_A")

    applied = world.apply()

    assert applied.blocked
    assert code in {finding.code for plan in applied.plans for finding in plan.findings}
    assert world.puts() == 0
    assert not world.journal.exists()
    if code != "campaign-unreadable":
        return
    result = world.result(keep_going=True)
    assert result.left_out == ("CAM_A",)
    assert [(write.schedule_id, write.status) for write in result.results] == [(PINNED, Status.SUCCESS)]
    assert world.cap("CAM_B", PINNED) == CAP
    assert not [seen for seen in world.box.log if seen.method == "PUT" and "CAM_A" in seen.path]
    assert world.box.store.schedules("CAM_A") == before
    assert f"WFM_Sync_{EARLY}" not in {webhook["name"] for webhook in world.box.store.webhooks}


@pytest.mark.parametrize(("kind", "how"), ANSWERS, ids=[kind for kind, _ in ANSWERS])
def test_a_list_that_cannot_be_read(world: World, kind: str, how: dict[str, Any]) -> None:
    world.fault(kind, **LIST_A, **FOR_EVER, **how)

    is_kept_from_a(world, "campaign-not-found" if kind == "404" else "campaign-unreadable")


@pytest.mark.parametrize(("kind", "how"), ANSWERS, ids=[kind for kind, _ in ANSWERS])
def test_a_second_page_that_cannot_be_read(make_world: Callable[..., World], kind: str, how: dict[str, Any]) -> None:
    world = make_world(page_size=1)
    world.fault(kind, **SECOND_PAGE, **FOR_EVER, **how)

    is_kept_from_a(world)


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_a_live_schedule_that_is_none(world: World, name: str) -> None:
    world.box.store.put("CAM_A", BROKEN[name], schedule_id=LATE)

    is_kept_from_a(world)


def test_a_schedule_that_has_become_unreadable_since_the_plan_is_not_written(world: World) -> None:
    world.fault(
        "edit-before",
        method="GET",
        path=f"/{LATE}$",
        edit=lambda store: store.put("CAM_A", without("timezone"), schedule_id=LATE),
    )

    result = world.result()

    late = next(write for write in result.results if write.schedule_id == LATE)
    assert (late.status, late.attempts) == (Status.FAILED, 0)
    assert "timezone" in late.errors[0].message
    assert not result.converged
    assert not [seen for seen in world.box.log if seen.method == "PUT" and LATE in seen.path]


@pytest.mark.parametrize("where", ["/api/v2/dialer/campaigns/CAM_A/schedules", "/elsewhere"])
def test_a_link_to_a_foreign_host_gets_no_token(make_world: Callable[..., World], where: str) -> None:
    world, foreign = make_world(), make_world()
    foreign.box.clear_log()
    world.fault("link", location=f"{foreign.box.base_uri}{where}?page=2", **LIST_A, **FOR_EVER)

    is_kept_from_a(world)
    assert foreign.box.log == ()


def test_links_that_lead_in_a_circle_end(world: World) -> None:
    world.fault("link", location=f"{world.box.base_uri}/api/v2/dialer/campaigns/CAM_A/schedules", **LIST_A, **FOR_EVER)

    is_kept_from_a(world)


def test_a_redirect_of_a_reading_gets_no_token(make_world: Callable[..., World]) -> None:
    world, foreign = make_world(), make_world()
    foreign.box.clear_log()
    world.fault(
        "redirect",
        location=f"{foreign.box.base_uri}/api/v2/dialer/campaigns/CAM_A/schedules",
        **LIST_A,
        **FOR_EVER,
    )

    is_kept_from_a(world)
    assert foreign.box.log == ()


def test_a_redirect_of_the_token_request_gets_no_secret(make_world: Callable[..., World]) -> None:
    world, foreign = make_world(), make_world()
    foreign.box.clear_log()
    world.fault("redirect", location=f"{foreign.box.base_uri}/oauth/token", path="oauth", status=307)

    assert world.apply().blocked
    assert foreign.box.log == ()


def test_agents_that_cannot_be_read_keep_all_from_starting(world: World) -> None:
    world.edit(
        "a.yaml",
        "timezone: America/New_York\n    scheduleDetails: *windows",
        "timezone: America/New_York\n    complianceRules: {agentAvailabilityProjection: true}\n    scheduleDetails: *windows",
    )
    world.fault("500", path="wfm/schedules", **FOR_EVER)

    for keep_going in (False, True):
        applied = world.apply(keep_going=keep_going)

        assert applied.blocked
        assert "agents-unreadable" in {finding.code for plan in applied.plans for finding in plan.findings}
        assert world.puts() == 0


def test_a_tenant_of_which_nothing_can_be_read_is_not_applied_with_keep_going_either(world: World) -> None:
    world.fault("401", path="oauth", **FOR_EVER)

    assert world.apply(keep_going=True).blocked
    assert world.puts() == 0


def test_a_field_that_is_nested_too_deep_in_the_answer_to_a_write_changes_nothing_of_it(world: World) -> None:
    world.fault(
        "edit-after",
        method="GET",
        path=f"/{LATE}$",
        edit=lambda _store: world.fault("deep", method="PUT", path=f"/{LATE}$"),
    )

    result = world.result()

    assert of(result, LATE).status is Status.SUCCESS
    assert complete(result)
