"""One webhook's registration: a lost answer never makes two."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.apply.registration import RegistrationEnd, present, register, unreadable
from reconciler.errors import ServerFailureError
from reconciler.model import Status, Webhook
from tests.support.apply_parts import Tenant, webhook

HOOK = webhook("S1")
POST = {"method": "POST", "path": "webhooks"}


def run(tenant: Tenant) -> RegistrationEnd:
    """Register it."""
    return register(HOOK, tenant.dialect, tenant.stop.is_set)


def names(tenant: Tenant) -> list[str]:
    """What the tenant holds."""
    return [each["name"] for each in tenant.box.store.webhooks]


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
    assert [(each.code, each.retryable) for each in end.result.errors] == [("ANSWER_UNREADABLE", True)]


def test_a_list_that_cannot_be_read_leaves_it_unknown(tenant: Tenant) -> None:
    tenant.fault("reset-after", **POST)
    tenant.fault("500", times=None, method="GET")

    end = run(tenant)

    assert end.result.status is Status.FAILED
    assert [each.code for each in end.result.errors] == ["UNREACHABLE", "OUTCOME_UNKNOWN"]
    assert names(tenant) == ["WFM_Sync_S1"]


def test_nothing_is_sent_once_the_run_is_being_stopped(tenant: Tenant) -> None:
    tenant.stop.set()

    end = run(tenant)

    assert end.result.status is Status.NOT_ATTEMPTED
    assert names(tenant) == []


def test_present_compares_all_of_it() -> None:
    other = Webhook(HOOK.name, "https://other.example.com", HOOK.events, HOOK.status)

    assert present(HOOK, []) is None
    assert present(HOOK, [webhook("S2")]) is None
    found = present(HOOK, [webhook("S2"), HOOK])
    differing = present(HOOK, [other])
    assert found is not None
    assert found.status is Status.SUCCESS
    assert differing is not None
    assert differing.status is Status.UNVERIFIED
    assert "https://other.example.com" in differing.errors[0].message


def test_unreadable_is_a_failure_that_may_be_repeated() -> None:
    result = unreadable(HOOK, ServerFailureError("down", status=503))

    assert result.status is Status.FAILED
    assert (result.errors[0].code, result.errors[0].retryable) == ("SERVER_FAILED", True)
    assert result.errors[0].message.endswith("down")
