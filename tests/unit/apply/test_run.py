"""The order of one apply, and what its result says."""

from __future__ import annotations

from pathlib import Path

from reconciler.apply import Aftermath, run_apply
from reconciler.audit import Journal
from reconciler.model import Status
from tests.support.apply_parts import Tenant, plan, webhook


def test_writes_then_webhooks_then_a_look(tenant: Tenant) -> None:
    tenant.hold("S2", 400)
    a_plan = plan(tenant.change("S1", 500), tenant.change("S2", 500), webhooks=(webhook("S1"),))
    looked: list[int] = []

    def read_again() -> Aftermath:
        looked.append(len(tenant.asked()))
        return Aftermath()

    result = run_apply(tenant.given(a_plan, read_again=read_again, left_out=("CAM_B",)))

    assert [method for method, _ in tenant.asked()] == ["GET", "PUT"] * 2 + ["GET", "POST", "GET"]
    assert looked == [7]
    assert (result.tenant, result.run_id, result.digest) == ("acme", "run-1", "sha256:abc")
    assert result.revision == a_plan.revision
    assert not result.converged  # a campaign was left out
    assert not result.interrupted
    assert result.stopped is None
    assert result.left_out == ("CAM_B",)
    assert result.journal_head == tenant.journal.head


def test_what_still_differs_is_not_converged(tenant: Tenant) -> None:
    a_plan = plan(tenant.change("S1", 500))

    result = run_apply(tenant.given(a_plan, read_again=lambda: Aftermath(frozenset({("CAM_A", "S1")}))))

    assert not result.converged
    assert [each.status for each in result.results] == [Status.UNVERIFIED]


def test_another_schedule_that_differs_is_not_converged_either(tenant: Tenant) -> None:
    a_plan = plan(tenant.change("S1", 500))

    result = run_apply(tenant.given(a_plan, read_again=lambda: Aftermath(frozenset({("CAM_A", "S9")}))))

    assert not result.converged
    assert [each.status for each in result.results] == [Status.SUCCESS]


def test_what_cannot_be_read_again_is_not_converged(tenant: Tenant) -> None:
    result = run_apply(tenant.given(plan(tenant.change("S1", 500)), read_again=lambda: None))

    assert not result.converged
    assert [each.status for each in result.results] == [Status.SUCCESS]


def test_an_interrupt_reads_nothing_more(tenant: Tenant) -> None:
    a_plan = plan(tenant.change("S1", 500), tenant.change("S2", 500), webhooks=(webhook("S1"),))
    asked: list[str] = []

    def progress(_done: int, _total: int) -> None:
        tenant.stop.set()

    def read_again() -> Aftermath:
        asked.append("again")
        return Aftermath()

    result = run_apply(tenant.given(a_plan, progress=progress, read_again=read_again))

    assert asked == []
    assert (result.interrupted, result.converged) == (True, False)
    assert [each.status for each in result.results] == [Status.SUCCESS, Status.NOT_ATTEMPTED]
    assert [each.status for each in result.webhooks] == [Status.NOT_ATTEMPTED]


def test_a_dropped_webhook_is_not_converged(tenant: Tenant) -> None:
    tenant.fault("drop", method="POST", path="webhooks")

    result = run_apply(tenant.given(plan(webhooks=(webhook("S1"),))))

    assert not result.converged


def test_an_empty_plan_is_converged(tenant: Tenant) -> None:
    result = run_apply(tenant.given(plan()))

    assert result.converged
    assert tenant.asked() == []
    assert result.journal_head is None


def test_a_twin_of_a_created_schedule_is_not_converged(tenant: Tenant) -> None:
    after = Aftermath(twins={("CAM_A", "S1"): "S9"})

    result = run_apply(tenant.given(plan(tenant.change("S1", 500)), read_again=lambda: after))

    assert not result.converged
    assert [(each.status, each.errors[0].code) for each in result.results] == [
        (Status.UNVERIFIED, "SAME_NAME")
    ]
    assert "S9" in result.results[0].errors[0].message


def test_what_is_only_said_cannot_stop_it(tenant: Tenant) -> None:
    """A closed stderr, a full disk behind it: a write that is done stays done."""

    def progress(_done: int, _total: int) -> None:
        raise BrokenPipeError

    a_plan = plan(*(tenant.change(f"S{number}", 500) for number in range(4)))

    result = run_apply(tenant.given(a_plan, progress=progress, concurrency=2))

    assert result.converged
    assert {each.status for each in result.results} == {Status.SUCCESS}
    assert sorted(tenant.journal.told) == sorted(
        (f"S{number}", status) for number in range(4) for status in ("PENDING", "SUCCESS")
    )


def test_a_journal_that_is_gone_at_the_end_is_not_converged(tenant: Tenant, tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"

    def read_again() -> Aftermath:
        path.unlink()
        return Aftermath()

    with Journal(path) as journal:
        a_plan = plan(tenant.change("S1", 500))
        result = run_apply(tenant.given(a_plan, journal=journal, read_again=read_again))

    assert [each.status for each in result.results] == [Status.SUCCESS]
    assert not result.converged
    assert result.stopped is not None
    assert "it was removed meanwhile" in result.stopped


def test_an_interrupt_between_the_webhooks_is_not_converged(tenant: Tenant) -> None:
    hooks = (webhook("S1"), webhook("S2"))
    tenant.fault("edit-after", edit=lambda _store: tenant.stop.set(), method="POST", path="webhooks")

    result = run_apply(tenant.given(plan(webhooks=hooks)))

    assert [each.status for each in result.webhooks] == [Status.SUCCESS, Status.NOT_ATTEMPTED]
    assert (result.interrupted, result.converged) == (True, False)


def test_an_interrupt_after_the_last_webhook_is_not_converged(tenant: Tenant) -> None:
    """Nobody looked whether it is there, and nobody looked at what else was to be looked at."""
    tenant.fault("edit-after", edit=lambda _store: tenant.stop.set(), method="POST", path="webhooks")

    result = run_apply(tenant.given(plan(webhooks=(webhook("S1"),))))

    assert [each.status for each in result.webhooks] == [Status.SUCCESS]
    assert (result.interrupted, result.converged) == (True, False)
