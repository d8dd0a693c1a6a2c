"""One webhook's registration: a lost answer never makes two. And which webhooks are registered, by what the list says."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.apply.outcomes import RegistrationEnd
from reconciler.apply.webhooks import not_as_registered, register, settled
from reconciler.errors import ServerFailureError
from reconciler.model import Action, Webhook
from reconciler.model.results import Status, WriteResult
from tests.support.apply_parts import Tenant, webhook

HOOK = webhook("S1")
POST = {"method": "POST", "path": "webhooks"}


def run(tenant: Tenant) -> RegistrationEnd:
    """Register it."""
    return register(HOOK, tenant.dialect, tenant.stop.is_set)


def names(tenant: Tenant) -> list[str]:
    """What the tenant holds."""
    return [hook["name"] for hook in tenant.box.store.webhooks]


def test_one_post(tenant: Tenant) -> None:
    assert run(tenant).result.status is Status.SUCCESS
    assert tenant.asked() == [("POST", 201)]
    assert names(tenant) == ["WFM_Sync_S1"]


@pytest.mark.parametrize(
    ("kind", "how", "asked"),
    [
        ("429", {}, [("POST", 429), ("POST", 201)]),
        ("503", {}, [("POST", 503), ("GET", 200), ("POST", 201)]),
        ("503", {"commit": True}, [("POST", 503), ("GET", 200)]),
        ("reset-after", {}, [("POST", 0), ("GET", 200)]),
        ("reset-before", {}, [("POST", 0), ("GET", 200), ("POST", 201)]),
        ("malformed-json", {"commit": True}, [("POST", 200), ("GET", 200)]),
    ],
)
def test_the_list_is_read_before_what_may_have_been_done_is_repeated(
    tenant: Tenant, kind: str, how: dict[str, Any], asked: list[tuple[str, int]]
) -> None:
    tenant.fault(kind, **POST, **how)

    assert run(tenant).result.status is Status.SUCCESS
    assert tenant.asked() == asked
    assert names(tenant) == ["WFM_Sync_S1"]


def test_what_is_refused_for_good_is_not_repeated(tenant: Tenant) -> None:
    tenant.fault("400", **POST)

    end = run(tenant)

    assert (end.result.status, end.result.errors[0].code) == (Status.FAILED, "BAD_REQUEST")
    assert end.stop is None
    assert not end.server_failed
    assert tenant.asked() == [("POST", 400)]


def test_a_refused_scope_stops_the_run(tenant: Tenant) -> None:
    tenant.fault("403", **POST)

    assert run(tenant).stop is not None


def test_attempts_are_bounded(tenant: Tenant) -> None:
    tenant.fault("503", times=None, **POST)

    end = run(tenant)

    assert (end.result.status, end.server_failed) == (Status.FAILED, True)
    assert [method for method, _ in tenant.asked()] == ["POST", "GET"] * 3


def test_a_success_of_no_known_kind_is_looked_into_and_may_be_tried_again(tenant: Tenant) -> None:
    tenant.fault("html", status=202, times=None, **POST)

    end = run(tenant)

    assert [method for method, _ in tenant.asked()] == ["POST", "GET"] * 3
    assert [(error.code, error.retryable) for error in end.result.errors] == [("ANSWER_UNREADABLE", True)]


def test_a_list_that_cannot_be_read_leaves_it_unknown(tenant: Tenant) -> None:
    tenant.fault("reset-after", **POST)
    tenant.fault("500", times=None, method="GET")

    end = run(tenant)

    assert end.result.status is Status.FAILED
    assert [error.code for error in end.result.errors] == ["UNREACHABLE", "OUTCOME_UNKNOWN"]
    assert names(tenant) == ["WFM_Sync_S1"]


def test_nothing_is_sent_once_the_run_is_being_stopped(tenant: Tenant) -> None:
    tenant.stop.set()

    end = run(tenant)

    assert end.result.status is Status.NOT_ATTEMPTED
    assert names(tenant) == []


NEW, OLD = webhook("new"), webhook("old")
OTHER = OLD._replace(url="https://other.example.com")
DOWN = ServerFailureError("down", status=503)


def created(status: Status) -> list[WriteResult]:
    """`new` was to be created and `old` updated, and both ended so."""
    return [
        WriteResult("CAM_A", "new", Action.CREATE, status),
        WriteResult("CAM_A", "old", Action.UPDATE, status),
    ]


def statuses(writes: list[WriteResult], listed: tuple[Webhook, ...]) -> dict[str, Status]:
    """How those of `new` and `old` ended that are not to be registered."""
    results = settled([NEW, OLD], writes, listed)
    return {name: result.status for name, result in results.items()}


def test_what_is_not_there_is_missing() -> None:
    assert settled([NEW, OLD], created(Status.SUCCESS), ()) == {}


def test_what_is_there_is_settled() -> None:
    assert statuses(created(Status.SUCCESS), (OLD,)) == {OLD.name: Status.SUCCESS}


def test_one_of_that_name_that_is_another_is_settled_too() -> None:
    result = settled([OLD], (), (OTHER,))[OLD.name]

    assert result.status is Status.UNVERIFIED
    assert "https://other.example.com" in result.errors[0].message


def test_two_of_that_name_are_settled_too() -> None:
    result = settled([OLD], (), (OLD, OLD))[OLD.name]

    assert (result.status, result.errors[0].code) == (Status.UNVERIFIED, "REGISTERED_TWICE")


@pytest.mark.parametrize("status", [Status.FAILED, Status.STALE, Status.NOT_ATTEMPTED])
def test_a_schedule_that_was_not_created_gets_none(status: Status) -> None:
    assert statuses(created(status), ()) == {NEW.name: Status.NOT_ATTEMPTED}  # the other was there before


def test_an_unverified_create_is_there() -> None:
    assert statuses(created(Status.UNVERIFIED), ()) == {}


def test_a_list_that_cannot_be_read_settles_all() -> None:
    results = settled([NEW, OLD], created(Status.SUCCESS), DOWN)

    assert {result.status for result in results.values()} == {Status.FAILED}
    error = results[NEW.name].errors[0]
    assert (error.code, error.retryable) == ("SERVER_FAILED", True)
    assert error.message.endswith("down")


def test_without_the_scope_only_new_ones_are_missing() -> None:
    results = settled([NEW, OLD], created(Status.SUCCESS), None)

    assert [(name, result.status) for name, result in results.items()] == [(OLD.name, Status.NOT_ATTEMPTED)]
    assert "webhooks:read" in results[OLD.name].errors[0].message


def test_only_what_is_not_as_it_should_be_is_told_afterwards() -> None:
    assert list(not_as_registered([NEW, OLD], (NEW, OLD))) == []
    assert [(hook, registered.status) for hook, registered in not_as_registered([NEW, OLD], (OTHER,))] == [
        (NEW, Status.UNVERIFIED),
        (OLD, Status.UNVERIFIED),
    ]


@pytest.mark.parametrize("there", [None, DOWN])
def test_what_cannot_be_read_again_is_not_doubted(there: ServerFailureError | None) -> None:
    assert list(not_as_registered([NEW], there)) == []
