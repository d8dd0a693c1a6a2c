"""The order of one apply, and what its result says."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.apply import Aftermath, run_apply
from reconciler.audit.journal import Journal
from reconciler.dialect import ScheduleRead, WriteAnswer
from reconciler.model import Plan, Request, Webhook
from reconciler.model.results import Result, Status
from reconciler.sandbox import SCOPES
from tests.support.apply_parts import Tenant, plan, webhook

HOOKS = plan(webhooks=(webhook("S1"), webhook("S2")))


class Defective:
    """A dialect with a defect in its writes."""

    def schedule(self, _campaign_id: str, _schedule_id: str) -> ScheduleRead:
        return ScheduleRead(None)

    def put(self, _request: Request, _etag: str | None, **_how: bool) -> WriteAnswer:
        raise ZeroDivisionError("in the codec")

    def webhooks(self) -> tuple[Webhook, ...]:
        return ()

    def register(self, _webhook: Webhook, **_how: bool) -> None:
        raise ZeroDivisionError("in the codec")


def three(tenant: Tenant) -> Plan:
    """A plan of two creates and an update between them."""
    tenant.hold("S2", 400)
    return plan(*(tenant.change(name, 500) for name in ("S1", "S2", "S3")))


def hooks(result: Result) -> list[Status]:
    """How the registrations ended."""
    return [webhook.status for webhook in result.webhooks]


def writes(result: Result) -> list[Status]:
    """How the writes ended."""
    return [write.status for write in result.results]


def test_writes_then_webhooks_then_a_look(tenant: Tenant) -> None:
    tenant.hold("S2", 400)
    a_plan = plan(tenant.change("S1", 500), tenant.change("S2", 500), webhooks=(webhook("S1"),))
    looked: list[int] = []

    def read_again() -> Aftermath:
        looked.append(len(tenant.asked()))
        return Aftermath()

    result = run_apply(*tenant.given(a_plan, read_again=read_again, left_out=("CAM_B",)))

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

    result = run_apply(*tenant.given(a_plan, read_again=lambda: Aftermath(frozenset({("CAM_A", "S1")}))))

    assert not result.converged
    assert [write.status for write in result.results] == [Status.UNVERIFIED]


def test_another_schedule_that_differs_is_not_converged_either(tenant: Tenant) -> None:
    a_plan = plan(tenant.change("S1", 500))

    result = run_apply(*tenant.given(a_plan, read_again=lambda: Aftermath(frozenset({("CAM_A", "S9")}))))

    assert not result.converged
    assert [write.status for write in result.results] == [Status.SUCCESS]


def test_what_cannot_be_read_again_is_not_converged(tenant: Tenant) -> None:
    result = run_apply(*tenant.given(plan(tenant.change("S1", 500)), read_again=lambda: None))

    assert not result.converged
    assert [write.status for write in result.results] == [Status.SUCCESS]


def test_an_interrupt_reads_nothing_more(tenant: Tenant) -> None:
    a_plan = plan(tenant.change("S1", 500), tenant.change("S2", 500), webhooks=(webhook("S1"),))
    asked: list[str] = []

    def progress(_what: str, _done: int, _total: int) -> None:
        tenant.stop.set()

    def read_again() -> Aftermath:
        asked.append("again")
        return Aftermath()

    result = run_apply(*tenant.given(a_plan, progress=progress, read_again=read_again))

    assert asked == []
    assert (result.interrupted, result.converged) == (True, False)
    assert [write.status for write in result.results] == [Status.SUCCESS, Status.NOT_ATTEMPTED]
    assert [hook.status for hook in result.webhooks] == [Status.NOT_ATTEMPTED]


def test_a_dropped_webhook_is_not_converged(tenant: Tenant) -> None:
    tenant.fault("drop", method="POST", path="webhooks")

    result = run_apply(*tenant.given(plan(webhooks=(webhook("S1"),))))

    assert not result.converged


def test_an_empty_plan_is_converged(tenant: Tenant) -> None:
    result = run_apply(*tenant.given(plan()))

    assert result.converged
    assert tenant.asked() == []
    assert [(line["converged"], line["actor"]) for line in tenant.journal.ends] == [(True, "anna")]
    assert result.journal_head == tenant.journal.head


def test_a_twin_of_a_created_schedule_is_not_converged(tenant: Tenant) -> None:
    after = Aftermath(twins={("CAM_A", "S1"): "S9"})

    result = run_apply(*tenant.given(plan(tenant.change("S1", 500)), read_again=lambda: after))

    assert not result.converged
    assert [(write.status, write.errors[0].code) for write in result.results] == [(Status.UNVERIFIED, "SAME_NAME")]
    assert "S9" in result.results[0].errors[0].message


def test_what_is_only_said_cannot_stop_it(tenant: Tenant) -> None:
    """A closed stderr, a full disk behind it: a write that is done stays done."""

    def progress(_what: str, _done: int, _total: int) -> None:
        raise BrokenPipeError

    a_plan = plan(*(tenant.change(f"S{number}", 500) for number in range(4)))

    result = run_apply(*tenant.given(a_plan, progress=progress, concurrency=2))

    assert result.converged
    assert {write.status for write in result.results} == {Status.SUCCESS}
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
        result = run_apply(*tenant.given(a_plan, journal=journal, read_again=read_again))

    assert [write.status for write in result.results] == [Status.SUCCESS]
    assert not result.converged
    assert result.stopped is not None
    assert "it was removed meanwhile" in result.stopped


def test_an_interrupt_between_the_webhooks_is_not_converged(tenant: Tenant) -> None:
    hooks = (webhook("S1"), webhook("S2"))
    tenant.fault("edit-after", edit=lambda _store: tenant.stop.set(), method="POST", path="webhooks")

    result = run_apply(*tenant.given(plan(webhooks=hooks)))

    assert [hook.status for hook in result.webhooks] == [Status.SUCCESS, Status.NOT_ATTEMPTED]
    assert (result.interrupted, result.converged) == (True, False)


def test_an_interrupt_after_the_last_webhook_is_not_converged(tenant: Tenant) -> None:
    """Nobody looked whether it is there, and nobody looked at what else was to be looked at."""
    tenant.fault("edit-after", edit=lambda _store: tenant.stop.set(), method="POST", path="webhooks")

    result = run_apply(*tenant.given(plan(webhooks=(webhook("S1"),))))

    assert [hook.status for hook in result.webhooks] == [Status.SUCCESS]
    assert (result.interrupted, result.converged) == (True, False)


def test_the_results_are_in_the_order_of_the_plan(tenant: Tenant) -> None:
    seen: list[tuple[str, int, int]] = []

    result = run_apply(
        *tenant.given(three(tenant), concurrency=3, progress=lambda what, done, total: seen.append((what, done, total)))
    )

    assert [write.schedule_id for write in result.results] == ["S1", "S2", "S3"]
    assert writes(result) == [Status.SUCCESS] * 3
    assert seen == [("writing acme", done, 3) for done in (1, 2, 3)]
    assert sorted(tenant.journal.told) == sorted(
        (name, status) for name in ("S1", "S2", "S3") for status in ("PENDING", "SUCCESS")
    )


def test_no_more_than_allowed_are_under_way(tenant: Tenant) -> None:
    gate = threading.Barrier(3)  # passes only when three are under way together
    under_way: list[int] = []
    most: list[int] = []

    def arrived(_store: object) -> None:
        under_way.append(1)
        most.append(len(under_way))
        gate.wait(60)
        under_way.pop()

    tenant.fault("edit-before", edit=arrived, times=None, method="PUT")
    a_plan = plan(*(tenant.change(f"S{number}", 500) for number in range(9)))

    result = run_apply(*tenant.given(a_plan, concurrency=3))

    assert writes(result) == [Status.SUCCESS] * 9
    assert max(most) == 3


@pytest.mark.parametrize("allowed", [0, 1, 2])
def test_all_is_done_by_the_threads_that_could_be_started(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch, allowed: int
) -> None:
    """A container may allow only so many."""
    start = threading.Thread.start
    started: list[str] = []

    def refusing(thread: threading.Thread) -> None:
        if thread.name.startswith("write"):
            if len(started) >= allowed:
                raise RuntimeError("can't start new thread")
            started.append(thread.name)
        start(thread)

    a_plan = three(tenant)
    monkeypatch.setattr(threading.Thread, "start", refusing)

    result = run_apply(*tenant.given(a_plan, concurrency=3))

    assert writes(result) == [Status.SUCCESS] * 3
    assert len(started) == allowed


def test_what_was_not_started_says_why(tenant: Tenant) -> None:
    a_plan = three(tenant)
    tenant.fault("403", times=None, method="PUT", path="S2")

    result = run_apply(*tenant.given(a_plan))

    assert writes(result) == [Status.SUCCESS, Status.FAILED, Status.NOT_ATTEMPTED]
    assert result.results[2].errors[0].message == result.stopped


@pytest.mark.parametrize("room", range(6))
def test_a_journal_without_room_stops_it_and_nothing_is_sent_untold(tenant: Tenant, room: int) -> None:
    a_plan = three(tenant)
    tenant.journal.room = room

    result = run_apply(*tenant.given(a_plan))

    told = {name for name, _ in tenant.journal.told}
    written = {name for name in ("S1", "S2", "S3") if tenant.cap(name) == 500}
    assert written == told
    assert {write.schedule_id for write in result.results if write.status is Status.SUCCESS} == written
    assert result.stopped == "the journal cannot be written: no room"
    assert not result.converged


def test_a_defect_is_a_result_and_a_line_and_stops_the_rest(tenant: Tenant) -> None:
    a_plan = three(tenant)

    result = run_apply(*tenant.given(a_plan, dialect=Defective()))

    assert writes(result) == [Status.FAILED, Status.NOT_ATTEMPTED, Status.NOT_ATTEMPTED]
    assert result.results[0].errors[0].code == "DEFECT"
    assert tenant.journal.told == [("S1", "PENDING"), ("S1", "FAILED")]
    assert result.stopped is not None
    assert "ZeroDivisionError: in the codec" in result.stopped


def test_what_is_in_flight_at_a_defect_ends(tenant: Tenant) -> None:
    broken = threading.Event()

    class OneDefect:
        def schedule(self, campaign_id: str, schedule_id: str) -> ScheduleRead:
            return tenant.dialect.schedule(campaign_id, schedule_id)

        def put(self, request: Request, etag: str | None, **how: bool) -> WriteAnswer:
            if request.body["id"] == "S1":
                broken.set()
                raise ZeroDivisionError
            assert broken.wait(60)
            return tenant.dialect.put(request, etag, **how)

    a_plan = plan(tenant.change("S1", 500), tenant.change("S2", 500))

    result = run_apply(*tenant.given(a_plan, dialect=OneDefect(), concurrency=2))

    assert result.results[0].status is Status.FAILED
    ended = (Status.SUCCESS, 500), (Status.NOT_ATTEMPTED, None)  # ended, or not started at all
    assert (result.results[1].status, tenant.cap("S2")) in ended


def test_what_reads_otherwise_afterwards_is_unverified_and_told(tenant: Tenant) -> None:
    a_plan = three(tenant)
    tenant.fault("404", method="PUT", path="S3")
    after = Aftermath(frozenset({("CAM_A", "S2"), ("CAM_A", "S3"), ("CAM_B", "S1")}))

    result = run_apply(*tenant.given(a_plan, read_again=lambda: after))

    assert writes(result) == [Status.SUCCESS, Status.UNVERIFIED, Status.FAILED]
    assert tenant.journal.told[-1] == ("S2", "UNVERIFIED")
    assert tenant.journal.lines[-1]["body"] == tenant.journal.lines[3]["body"]


def test_webhooks_are_looked_for_registered_and_looked_for(tenant: Tenant) -> None:
    result = run_apply(*tenant.given(HOOKS))

    assert hooks(result) == [Status.SUCCESS] * 2
    assert [webhook.name for webhook in result.webhooks] == ["WFM_Sync_S1", "WFM_Sync_S2"]
    assert [method for method, _ in tenant.asked()] == ["GET", "POST", "GET", "POST", "GET"]
    assert tenant.journal.told == [
        (name, status) for name in ("WFM_Sync_S1", "WFM_Sync_S2") for status in ("PENDING", "SUCCESS")
    ]


def test_where_no_webhook_is_missing_the_list_is_read_once(tenant: Tenant) -> None:
    run_apply(*tenant.given(HOOKS))
    tenant.box.clear_log()

    assert hooks(run_apply(*tenant.given(HOOKS))) == [Status.SUCCESS] * 2
    assert tenant.asked() == [("GET", 200)]


def test_an_interrupt_leaves_all_webhooks(tenant: Tenant) -> None:
    tenant.stop.set()

    result = run_apply(*tenant.given(HOOKS))

    assert hooks(result) == [Status.NOT_ATTEMPTED] * 2
    assert "interrupted" in result.webhooks[0].errors[0].message
    assert tenant.asked() == []


def test_a_journal_without_room_leaves_the_webhooks_that_it_cannot_tell(tenant: Tenant) -> None:
    tenant.journal.room = 2

    assert hooks(run_apply(*tenant.given(HOOKS))) == [Status.SUCCESS, Status.NOT_ATTEMPTED]
    assert [webhook["name"] for webhook in tenant.box.store.webhooks] == ["WFM_Sync_S1"]


def test_a_webhook_that_is_dropped_is_unverified_and_told(tenant: Tenant) -> None:
    tenant.fault("drop", method="POST", path="webhooks")

    assert hooks(run_apply(*tenant.given(HOOKS))) == [Status.UNVERIFIED, Status.SUCCESS]
    assert ("WFM_Sync_S1", "UNVERIFIED") in tenant.journal.told


def test_a_defect_of_a_registration_is_a_result_and_stops_the_rest(tenant: Tenant) -> None:
    result = run_apply(*tenant.given(HOOKS, dialect=Defective()))

    assert hooks(result) == [Status.FAILED, Status.NOT_ATTEMPTED]
    assert result.webhooks[0].errors[0].code == "DEFECT"
    assert tenant.journal.told == [("WFM_Sync_S1", "PENDING"), ("WFM_Sync_S1", "FAILED")]


def test_without_the_scope_only_new_schedules_get_a_webhook(make_tenant: Callable[..., Tenant]) -> None:
    tenant = make_tenant(grants=tuple(scope for scope in SCOPES if scope != "webhooks:read"))
    tenant.hold("S1", 400)
    changes = (tenant.change("S1", 500), tenant.change("S2", 500))

    result = run_apply(*tenant.given(plan(*changes, webhooks=HOOKS.webhooks)))

    assert hooks(result) == [Status.NOT_ATTEMPTED, Status.SUCCESS]
