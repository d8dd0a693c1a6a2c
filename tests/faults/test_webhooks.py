"""One webhook for each managed schedule, registered once, whatever is lost or changed on the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from reconciler.model.results import Result, Status
from reconciler.sandbox import SCOPES, Store
from tests.support.apply_world import CAP, EARLY, LATE, PINNED, QUIET, World, complete, schedule, webhook

POST = {"method": "POST", "path": "webhooks"}
LIST = {"method": "GET", "path": "webhooks"}
NO_READING = {"grants": tuple(scope for scope in SCOPES if scope != "webhooks:read")}
NAMES = {f"WFM_Sync_{key}" for key in (EARLY, LATE, PINNED, QUIET)}


def ends(result: Result) -> dict[str, Status]:
    """How each webhook ended, by the id of its schedule."""
    return {webhook.name.removeprefix("WFM_Sync_"): webhook.status for webhook in result.webhooks}


def names(world: World) -> list[str]:
    """The names of our webhooks, as often as the tenant holds them."""
    return sorted(webhook["name"] for webhook in world.box.store.webhooks if webhook["name"] in NAMES)


def webhook_findings(world: World) -> list[str]:
    """The codes of what the last plan said of the webhooks."""
    return [finding.code for finding in world.plans[0].findings if finding.code.startswith("webhook")]


def posts(world: World) -> int:
    """How many registrations arrived."""
    return sum(seen.method == "POST" and seen.path.endswith("webhooks") for seen in world.box.log)


def register(schedule_id: str, url: str = "https://wfm.example.com/hook") -> Callable[[Store], None]:
    """Somebody registers a webhook, or another apply does."""

    def edit(store: Store) -> None:
        store.webhooks = [*store.webhooks, {**webhook(schedule_id, url), "id": f"by-hand-{schedule_id}"}]

    return edit


@pytest.mark.parametrize(
    ("kind", "how"),
    [
        ("reset-after", {}),
        ("reset-before", {}),
        ("truncated", {}),
        ("503", {"commit": True}),
        ("503", {}),
        ("malformed-json", {"commit": True}),
        ("html", {"status": 200, "commit": True}),
        ("429", {}),
    ],
)
def test_a_lost_answer_never_makes_two(world: World, kind: str, how: dict[str, Any]) -> None:
    world.fault(kind, **POST, **how)

    result = world.result()

    assert complete(result)
    assert names(world) == sorted(NAMES)
    assert world.result().webhooks == ()


def test_one_that_is_there_by_now_is_not_registered_again(world: World) -> None:
    world.fault("edit-before", nth=2, edit=register(EARLY), **LIST)

    result = world.result()

    assert complete(result)
    assert names(world) == sorted(NAMES)
    assert posts(world) == 1


def test_one_of_that_name_that_is_another_is_told_and_not_doubled(world: World) -> None:
    world.fault("edit-before", nth=2, edit=register(EARLY, "https://other.example.com"), **LIST)

    result = world.result()

    assert ends(result)[EARLY] is Status.UNVERIFIED
    assert not result.converged
    assert names(world) == sorted(NAMES)


def test_a_list_that_cannot_be_read_any_more_keeps_all_from_being_registered(world: World) -> None:
    world.fault("500", nth=2, times=None, **LIST)

    result = world.result()

    assert set(ends(result).values()) == {Status.FAILED}
    assert all(write.status is Status.SUCCESS for write in result.results)
    assert posts(world) == 0
    world.box.faults.clear()
    assert complete(world.result())
    assert names(world) == sorted(NAMES)


@pytest.mark.parametrize("strict", [True, False])
def test_without_the_scope_only_new_schedules_get_one(make_world: Callable[..., World], *, strict: bool) -> None:
    world = make_world(strict_scopes=strict, **NO_READING)

    result = world.result()

    assert ends(result) == {EARLY: Status.SUCCESS}
    assert "webhooks-unreadable" in {finding.code for finding in world.plans[0].findings}
    assert names(world) == sorted(NAMES - {f"WFM_Sync_{QUIET}"})
    assert complete(world.result())
    assert posts(world) == 1


def test_without_the_scope_a_lost_answer_is_not_repeated(make_world: Callable[..., World]) -> None:
    world = make_world(**NO_READING)
    world.fault("reset-after", **POST)

    result = world.result()

    assert ends(result) == {EARLY: Status.FAILED}
    assert [error.code for error in result.webhooks[0].errors] == ["UNREACHABLE", "OUTCOME_UNKNOWN"]
    assert "console" in (result.webhooks[0].errors[1].hint or "")
    world.result()
    assert posts(world) == 1
    assert names(world).count(f"WFM_Sync_{EARLY}") == 1


def test_a_schedule_that_was_not_created_gets_none(world: World) -> None:
    world.fault("404", times=None, method="PUT", path=f"/{EARLY}$")

    result = world.result()

    assert ends(result) == {EARLY: Status.NOT_ATTEMPTED, QUIET: Status.SUCCESS}
    left = next(webhook for webhook in result.webhooks if webhook.status is Status.NOT_ATTEMPTED)
    assert "not created" in left.errors[0].message
    assert f"WFM_Sync_{EARLY}" not in names(world)


def test_a_refused_registration_fails_alone(world: World) -> None:
    world.fault("400", **POST)

    result = world.result()

    assert sorted(ends(result).values()) == [Status.FAILED, Status.SUCCESS]
    assert result.stopped is None


def test_a_redirect_is_not_repeated(world: World) -> None:
    world.fault("redirect", location="https://elsewhere.example.com", **POST)

    result = world.result()

    assert sorted(ends(result).values()) == [Status.FAILED, Status.SUCCESS]
    assert posts(world) == 2


def test_one_that_differs_is_a_warning_and_left_alone(world: World) -> None:
    world.box.store.webhooks = [
        {**webhook(schedule_id, "https://old.example.com"), "id": schedule_id}
        for schedule_id in (LATE, PINNED, EARLY, QUIET)
    ]

    result = world.result()

    assert result.webhooks == ()
    assert webhook_findings(world) == ["webhook-differs"] * 4
    assert {webhook["url"] for webhook in world.box.store.webhooks} == {"https://old.example.com"}


def test_no_url_no_webhooks_and_no_scope_for_them(make_world: Callable[..., World]) -> None:
    world = make_world(grants=("dialer:campaigns:read", "dialer:schedules:write"))
    world.tenant(webhook={"url": "https://wfm.example.com"})
    assert world.apply().blocked
    text = (world.root / "schedules" / "tenant.yaml").read_text(encoding="utf-8")
    (world.root / "schedules" / "tenant.yaml").write_text(
        text.replace(',"webhook":{"url":"https://wfm.example.com"}', ""), encoding="utf-8"
    )

    result = world.result()

    assert result.webhooks == ()
    assert all(write.status is Status.SUCCESS for write in result.results)


def test_the_journal_tells_of_each_registration(world: World) -> None:
    world.result()

    lines = [entry for entry in world.entries() if entry["action"] == "WEBHOOK_REGISTER"]
    assert [line["status"] for line in lines] == ["PENDING", "SUCCESS"] * 2
    assert {line["name"] for line in lines} == {f"WFM_Sync_{EARLY}", f"WFM_Sync_{QUIET}"}
    assert {entry["webhookSyncUrl"] for entry in world.entries()} == {"https://wfm.example.com/hook"}


def test_a_schedule_recreated_after_a_deletion_keeps_its_webhook(world: World) -> None:
    world.result()
    world.box.store.delete("CAM_B", PINNED)

    assert complete(world.result())

    assert names(world) == sorted(NAMES)
    live = world.live("CAM_B", PINNED)
    assert live is not None
    assert live["scheduleDetails"] == schedule("CAM_B", PINNED, "Pinned")["scheduleDetails"]


def test_two_applies_at_once_never_both_converge_over_a_webhook_that_is_there_twice(world: World) -> None:
    """Another apply looks at the same time, finds nothing, and registers the same one right before this one does."""
    world.fault("edit-before", edit=register(QUIET), **POST)

    result = world.result()

    assert names(world).count(f"WFM_Sync_{QUIET}") == 2
    twice = next(webhook for webhook in result.webhooks if webhook.name.endswith(QUIET))
    assert twice.status is Status.UNVERIFIED
    assert [error.code for error in twice.errors] == ["REGISTERED_TWICE"]
    assert "2 webhooks" in twice.errors[0].message
    assert not result.converged
    assert [entry["status"] for entry in world.entries() if entry.get("name") == twice.name][-1] == "UNVERIFIED"
    for _ in range(2):  # as long as nobody deletes one in the console
        again = world.result()
        assert (again.results, again.webhooks, again.converged) == ((), (), False)
    world.edit("a.yaml", "maxCallsPerDay: 500", "maxCallsPerDay: 600")
    last = world.result()
    assert webhook_findings(world) == ["webhook-duplicate"]
    assert {result.status for result in last.results} == {Status.SUCCESS}
    assert not last.converged


def test_the_list_is_read_before_each_registration(world: World) -> None:
    """Another apply is quicker with the second one, while this one registers the first."""
    world.fault("edit-after", edit=register(EARLY), **POST)

    result = world.result()

    assert complete(result)
    assert names(world) == sorted(NAMES)
    assert posts(world) == 1


def test_many_registrations_read_the_list_a_bounded_number_of_times(world: World) -> None:
    world.many(95, live_cap=CAP)
    world.tenant(requests={"concurrency": 4})

    result = world.result()

    assert complete(result)
    assert posts(world) == 97
    reads = sum(seen.method == "GET" and seen.path.endswith("webhooks") for seen in world.box.log)
    assert reads <= 14
