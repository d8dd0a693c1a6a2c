"""All webhooks of a plan, after its writes."""

from __future__ import annotations

from collections.abc import Callable

from reconciler.apply.registrations import register_all
from reconciler.model import Action, Plan, Status, Webhook, WebhookResult, WriteResult
from reconciler.sandbox import SCOPES
from tests.support.apply_parts import Tenant, plan, webhook

BOTH = plan(webhooks=(webhook("S1"), webhook("S2")))


class Defective:
    """A dialect with a defect in its registration."""

    def webhooks(self) -> tuple[Webhook, ...]:
        return ()

    def register(self, _webhook: Webhook) -> None:
        raise ZeroDivisionError("in the codec")


def run(
    tenant: Tenant, a_plan: Plan = BOTH, results: tuple[WriteResult, ...] = ()
) -> tuple[WebhookResult, ...]:
    """Register all of them."""
    halt = tenant.brake()
    return register_all(tenant.given(a_plan), halt, tenant.ledger(a_plan, halt), results)


def statuses(results: tuple[WebhookResult, ...]) -> list[Status]:
    """How they ended."""
    return [each.status for each in results]


def test_they_are_looked_for_registered_and_looked_for(tenant: Tenant) -> None:
    results = run(tenant)

    assert statuses(results) == [Status.SUCCESS] * 2
    assert [each.name for each in results] == ["WFM_Sync_S1", "WFM_Sync_S2"]
    assert [method for method, _ in tenant.asked()] == ["GET", "POST", "GET", "POST", "GET"]
    assert tenant.journal.told == [
        (each, status) for each in ("WFM_Sync_S1", "WFM_Sync_S2") for status in ("PENDING", "SUCCESS")
    ]


def test_where_none_is_missing_the_list_is_read_once(tenant: Tenant) -> None:
    run(tenant)
    tenant.box.clear_log()

    assert statuses(run(tenant)) == [Status.SUCCESS] * 2
    assert tenant.asked() == [("GET", 200)]


def test_a_plan_without_webhooks_asks_nothing(tenant: Tenant) -> None:
    assert run(tenant, plan()) == ()
    assert tenant.asked() == []


def test_an_interrupt_leaves_them_all(tenant: Tenant) -> None:
    tenant.stop.set()

    results = run(tenant)

    assert statuses(results) == [Status.NOT_ATTEMPTED] * 2
    assert "interrupted" in results[0].errors[0].message
    assert tenant.asked() == []


def test_a_journal_without_room_leaves_what_it_cannot_tell(tenant: Tenant) -> None:
    tenant.journal.room = 2

    assert statuses(run(tenant)) == [Status.SUCCESS, Status.NOT_ATTEMPTED]
    assert [each["name"] for each in tenant.box.store.webhooks] == ["WFM_Sync_S1"]


def test_one_that_is_dropped_is_unverified_and_told(tenant: Tenant) -> None:
    tenant.fault("drop", method="POST", path="webhooks")

    assert statuses(run(tenant)) == [Status.UNVERIFIED, Status.SUCCESS]
    assert ("WFM_Sync_S1", "UNVERIFIED") in tenant.journal.told


def test_a_defect_is_a_result_and_stops_the_rest(tenant: Tenant) -> None:
    halt = tenant.brake()

    results = register_all(tenant.given(BOTH, dialect=Defective()), halt, tenant.ledger(BOTH, halt), ())

    assert statuses(results) == [Status.FAILED, Status.NOT_ATTEMPTED]
    assert results[0].errors[0].code == "DEFECT"
    assert tenant.journal.told == [("WFM_Sync_S1", "PENDING"), ("WFM_Sync_S1", "FAILED")]


def test_without_the_scope_those_of_new_schedules(make_tenant: Callable[..., Tenant]) -> None:
    tenant = make_tenant(grants=tuple(each for each in SCOPES if each != "webhooks:read"))
    created = (WriteResult("CAM_A", "S2", Action.CREATE, Status.SUCCESS),)

    assert statuses(run(tenant, BOTH, created)) == [Status.NOT_ATTEMPTED, Status.SUCCESS]
    assert [method for method, _ in tenant.asked()] == ["POST"]
