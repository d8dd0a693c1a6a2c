"""No edit of somebody else is overwritten, and no answer that was lost leads to a second write."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reconciler.model.results import Status
from reconciler.sandbox import Store
from tests.support.apply_world import CAP, EARLY, LATE, World, complete, of, schedule

GET_LATE = {"method": "GET", "path": f"/{LATE}$"}
PUT_LATE = {"method": "PUT", "path": f"/{LATE}$"}
PUT_EARLY = {"method": "PUT", "path": f"/{EARLY}$"}
EDITED = 333


def edit_late(store: Store) -> None:
    """Somebody changes the cap in the console."""
    store.put("CAM_A", schedule("CAM_A", LATE, "Late", EDITED))


def edit_early(store: Store) -> None:
    """Somebody creates, under the very id, another schedule."""
    store.put("CAM_A", schedule("CAM_A", EARLY, "Early", EDITED))


def puts_of(world: World, schedule_id: str) -> int:
    """How many PUTs of a schedule arrived."""
    return sum(seen.method == "PUT" and seen.path.endswith(schedule_id) for seen in world.box.log)


@pytest.mark.parametrize("etags", [True, False])
def test_an_edit_between_plan_and_write_stays(make_world: Callable[..., World], *, etags: bool) -> None:
    world = make_world(etags=etags)
    world.fault("edit-before", edit=edit_late, **GET_LATE)

    result = world.result()

    late = of(result, LATE)
    assert late.status is Status.STALE
    assert late.errors[0].code == "STALE"
    assert world.cap("CAM_A", LATE) == EDITED
    assert puts_of(world, LATE) == 0
    assert not result.converged
    assert of(result, EARLY).status is Status.SUCCESS  # one schedule's edit does not stop the others


def test_an_edit_between_the_last_reading_and_the_put_stays(world: World) -> None:
    world.fault("edit-before", edit=edit_late, **PUT_LATE)

    result = world.result()

    late = of(result, LATE)
    assert late.status is Status.STALE
    assert late.http_status == 412
    assert "If-Match" in late.errors[0].message  # the tenant's own words
    assert world.cap("CAM_A", LATE) == EDITED
    assert puts_of(world, LATE) == 1


def test_a_schedule_deleted_after_the_plan_is_not_created_again(world: World) -> None:
    world.fault("edit-before", edit=lambda store: store.delete("CAM_A", LATE), **GET_LATE)

    late = of(world.result(), LATE)

    assert late.status is Status.STALE
    assert "deleted" in late.errors[0].message
    assert world.live("CAM_A", LATE) is None


def test_a_conflict_409_is_stale_and_not_repeated(world: World) -> None:
    world.fault("409", **PUT_LATE)

    late = of(world.result(), LATE)

    assert (late.status, late.http_status, late.attempts) == (Status.STALE, 409, 1)
    assert late.errors[0].message == "an injected fault"


@pytest.mark.parametrize("kind", ["reset-after", "reset-before", "503", "truncated", "html", "malformed-json"])
def test_an_edit_while_an_outcome_is_not_known_stays(world: World, kind: str) -> None:
    world.fault(kind, **PUT_LATE)
    world.fault("edit-after", edit=edit_late, **PUT_LATE)

    late = of(world.result(), LATE)

    assert late.status is Status.STALE
    assert world.cap("CAM_A", LATE) == EDITED
    assert puts_of(world, LATE) == 1


def test_an_edit_before_a_repeat_stays(world: World) -> None:
    world.fault("429", **PUT_LATE)
    world.fault("edit-after", edit=edit_late, **PUT_LATE)

    late = of(world.result(), LATE)

    assert late.status is Status.STALE
    assert world.cap("CAM_A", LATE) == EDITED
    assert puts_of(world, LATE) == 1


@pytest.mark.parametrize("kind", ["reset-after", "truncated"])
def test_a_create_whose_answer_was_lost_is_a_success_without_a_second_put(world: World, kind: str) -> None:
    world.fault(kind, **PUT_EARLY)

    result = world.result()

    early = of(result, EARLY)
    assert early.status is Status.SUCCESS
    assert early.http_status is None  # no answer told of it
    assert early.live_status == "ACTIVE"
    assert puts_of(world, EARLY) == 1
    assert world.cap("CAM_A", EARLY) == CAP
    assert complete(result)


def test_a_create_that_somebody_else_was_quicker_with_stays_theirs(world: World) -> None:
    world.fault("reset-before", **PUT_EARLY)
    world.fault("edit-after", edit=edit_early, **PUT_EARLY)

    early = of(world.result(), EARLY)

    assert early.status is Status.STALE
    assert world.cap("CAM_A", EARLY) == EDITED
    assert puts_of(world, EARLY) == 1


def test_an_attempt_taken_for_lost_that_comes_late_is_a_success(world: World) -> None:
    """The first PUT times out, is not there when it is looked for, and comes to be before the second one."""
    world.fault("reset-before", **PUT_LATE)
    body = schedule("CAM_A", LATE, "Late", CAP)
    world.fault("edit-before", nth=2, edit=lambda store: store.put("CAM_A", body), **PUT_LATE)

    result = world.result()

    late = of(result, LATE)
    assert late.status is Status.SUCCESS
    assert late.http_status is None
    assert late.attempts == 2
    assert world.cap("CAM_A", LATE) == CAP
    assert complete(result)


def test_what_cannot_be_read_again_is_said_to_be_unknown(world: World) -> None:
    world.fault("reset-after", **PUT_LATE)
    world.fault("500", nth=2, times=None, **GET_LATE)

    result = world.result()

    late = of(result, LATE)
    assert late.status is Status.FAILED
    assert [error.code for error in late.errors] == ["UNREACHABLE", "OUTCOME_UNKNOWN"]
    assert late.errors[1].retryable
    world.box.faults.clear()
    assert world.result().results == ()  # it was written, and is not written again
    assert puts_of(world, LATE) == 1


def test_attempts_are_bounded_and_then_a_last_look_tells(world: World) -> None:
    world.fault("503", times=None, **PUT_LATE)

    late = of(world.result(), LATE)

    assert late.status is Status.FAILED
    assert (late.attempts, late.http_status) == (5, 503)
    assert [error.code for error in late.errors] == ["SERVER_FAILED"]
    assert late.errors[0].message == "an injected fault"
    assert puts_of(world, LATE) == 5


def test_the_last_look_finds_a_write_that_all_answers_denied(world: World) -> None:
    world.tenant(requests={"concurrency": 1, "attempts": 1})
    world.fault("503", commit=True, **PUT_LATE)

    result = world.result()

    assert of(result, LATE).status is Status.SUCCESS
    assert of(result, LATE).http_status is None
    assert complete(result)


def test_the_last_look_finds_an_edit(world: World) -> None:
    world.tenant(requests={"concurrency": 1, "attempts": 1})
    world.fault("503", **PUT_LATE)
    world.fault("edit-after", edit=edit_late, **PUT_LATE)

    late = of(world.result(), LATE)

    assert late.status is Status.STALE
    assert late.errors[0].message.startswith("an injected fault; ")
    assert world.cap("CAM_A", LATE) == EDITED


def test_an_ignored_field_that_another_system_steers_keeps_its_newest_value(world: World) -> None:
    world.tenant(ignoreFields=["scheduleDetails.predictiveRate"])

    def steer(store: Store) -> None:
        steered = schedule("CAM_A", LATE, "Late", 400)
        steered["scheduleDetails"][0]["predictiveRate"] = 2.7
        store.put("CAM_A", steered)

    world.fault("edit-before", edit=steer, **GET_LATE)

    result = world.result()

    assert complete(result)
    live = world.live("CAM_A", LATE)
    assert live is not None
    window = live["scheduleDetails"][0]
    assert (window["predictiveRate"], window["maxCallsPerDay"]) == (2.7, CAP)
    sent = [
        entry["body"]["scheduleDetails"][0]["predictiveRate"]
        for entry in world.entries()
        if entry.get("scheduleId") == LATE
    ]
    assert sent == [2.7, 2.7]  # the journal holds what was really sent


def test_an_edit_of_a_preserved_field_counts(world: World) -> None:
    world.tenant(preserveFields=["owner"])
    world.box.store.put("CAM_A", schedule("CAM_A", LATE, "Late", 400, owner="anna"))
    handed_over = schedule("CAM_A", LATE, "Late", 400, owner="ben")
    world.fault("edit-before", edit=lambda store: store.put("CAM_A", handed_over), **GET_LATE)

    late = of(world.result(), LATE)

    assert late.status is Status.STALE
    live = world.live("CAM_A", LATE)
    assert live is not None
    assert live["owner"] == "ben"


@pytest.mark.parametrize("etags", [True, False])
def test_a_schedule_created_after_the_plan_stays(make_world: Callable[..., World], *, etags: bool) -> None:
    """Such as one that another machine made, or that fell between two pages of the list."""
    world = make_world(etags=etags)
    world.fault("edit-before", edit=edit_early, method="GET", path=f"/{EARLY}$")

    result = world.result()

    early = of(result, EARLY)
    assert (early.status, early.attempts) == (Status.STALE, 0)
    assert "there already" in early.errors[0].message
    assert world.cap("CAM_A", EARLY) == EDITED
    assert puts_of(world, EARLY) == 0
    assert not result.converged
    assert of(result, LATE).status is Status.SUCCESS


def test_a_schedule_created_between_the_last_reading_and_the_put_stays(world: World) -> None:
    world.fault("edit-before", edit=edit_early, **PUT_EARLY)

    early = of(world.result(), EARLY)

    assert (early.status, early.http_status) == (Status.STALE, 412)
    assert "If-None-Match" in early.errors[0].message  # the tenant's own words
    assert world.cap("CAM_A", EARLY) == EDITED


def test_a_create_that_replaced_something_says_so(make_world: Callable[..., World]) -> None:
    """The race that is left at a tenant that knows no conditions."""
    world = make_world(etags=False)
    world.fault("edit-before", edit=edit_early, **PUT_EARLY)

    early = of(world.result(), EARLY)

    assert (early.status, early.http_status) == (Status.UNVERIFIED, 200)
    assert [error.code for error in early.errors] == ["REPLACED"]
    assert "somebody else had created" in early.errors[0].message
    line = next(entry for entry in reversed(world.entries()) if entry.get("scheduleId") == EARLY)
    assert (line["status"], line["responseCode"]) == ("UNVERIFIED", 200)
    assert [error["code"] for error in line["errors"]] == ["REPLACED"]


def test_a_create_that_replaced_what_may_be_its_own_says_so(make_world: Callable[..., World]) -> None:
    world = make_world(etags=False)
    world.fault("reset-before", **PUT_EARLY)
    body = schedule("CAM_A", EARLY, "Early", CAP)
    world.fault("edit-before", nth=2, edit=lambda store: store.put("CAM_A", body), **PUT_EARLY)

    early = of(world.result(), EARLY)

    assert (early.status, early.attempts) == (Status.UNVERIFIED, 2)
    assert "an earlier attempt of this run, or somebody else" in early.errors[0].message


@pytest.mark.parametrize("etags", [True, False])
def test_an_edit_while_a_401_renews_the_token_stays(make_world: Callable[..., World], *, etags: bool) -> None:
    world = make_world(etags=etags)
    world.fault("401-once", **PUT_LATE)
    world.fault("edit-after", edit=edit_late, **PUT_LATE)

    late = of(world.result(), LATE)

    assert late.status is Status.STALE
    assert world.cap("CAM_A", LATE) == EDITED
    assert puts_of(world, LATE) == 1


def test_a_401_between_reading_and_write_is_one_attempt_more(world: World) -> None:
    world.fault("401-once", **PUT_LATE)

    result = world.result()

    assert (of(result, LATE).status, of(result, LATE).attempts) == (Status.SUCCESS, 2)
    assert complete(result)


def test_an_update_that_created_says_so(make_world: Callable[..., World]) -> None:
    """Somebody deletes the schedule between the last reading and the PUT, at a tenant that knows no conditions."""
    world = make_world(etags=False)
    world.fault("edit-before", edit=lambda store: store.delete("CAM_A", LATE), **PUT_LATE)

    late = of(world.result(), LATE)

    assert (late.status, late.http_status) == (Status.UNVERIFIED, 201)
    assert [error.code for error in late.errors] == ["RECREATED"]
    line = next(record for record in reversed(world.entries()) if record.get("scheduleId") == LATE)
    assert (line["status"], line["errors"][0]["code"]) == ("UNVERIFIED", "RECREATED")


def test_what_is_gone_for_good_is_not_created(world: World) -> None:
    world.fault("410", method="GET", path=f"/{EARLY}$")

    early = of(world.result(), EARLY)

    assert early.status is Status.STALE
    assert "gone for good" in early.errors[0].message
    assert puts_of(world, EARLY) == 0
