"""All changes of one plan: every one has a result, and the journal tells of every one that was sent."""

from __future__ import annotations

import pytest

from reconciler.apply import Aftermath
from reconciler.apply.writes import Writing
from reconciler.dialect import ScheduleRead, WriteAnswer
from reconciler.model import Change, Plan, Request, Status
from tests.support.apply_parts import Tenant, plan


class Defective:
    """A dialect with a defect in its PUT."""

    def schedule(self, _campaign_id: str, _schedule_id: str) -> ScheduleRead:
        return ScheduleRead(None)

    def put(self, _request: Request, _etag: str | None, *, create: bool = False) -> WriteAnswer:
        raise ZeroDivisionError(f"in the codec, {create=}")


def three(tenant: Tenant) -> Plan:
    """A plan of two creates and an update between them."""
    tenant.hold("S2", 400)
    return plan(*(tenant.change(each, 500) for each in ("S1", "S2", "S3")))


def test_the_results_are_in_the_order_of_the_plan(tenant: Tenant) -> None:
    a_plan = three(tenant)
    seen: list[tuple[int, int]] = []
    halt = tenant.brake()
    given = tenant.given(a_plan, concurrency=3, progress=lambda done, total: seen.append((done, total)))

    results = Writing(given, halt, tenant.ledger(a_plan, halt)).write_all()

    assert [(each.schedule_id, each.status) for each in results] == [
        (each, Status.SUCCESS) for each in ("S1", "S2", "S3")
    ]
    assert seen == [(1, 3), (2, 3), (3, 3)]
    assert sorted(tenant.journal.told) == sorted(
        (each, status) for each in ("S1", "S2", "S3") for status in ("PENDING", "SUCCESS")
    )


def test_what_was_not_started_says_why(tenant: Tenant) -> None:
    a_plan = three(tenant)
    tenant.fault("403", times=None, method="PUT", path="S2")
    halt = tenant.brake()

    results = Writing(tenant.given(a_plan), halt, tenant.ledger(a_plan, halt)).write_all()

    assert [each.status for each in results] == [Status.SUCCESS, Status.FAILED, Status.NOT_ATTEMPTED]
    assert results[2].errors[0].message == halt.reason


@pytest.mark.parametrize("room", range(6))
def test_a_journal_without_room_stops_it_and_nothing_is_sent_untold(tenant: Tenant, room: int) -> None:
    a_plan = three(tenant)
    tenant.journal.room = room
    halt = tenant.brake()

    results = Writing(tenant.given(a_plan), halt, tenant.ledger(a_plan, halt)).write_all()

    told = {name for name, _ in tenant.journal.told}
    written = {each for each in ("S1", "S2", "S3") if tenant.cap(each) == 500}
    assert written == told
    assert {each.schedule_id for each in results if each.status is Status.SUCCESS} == written
    assert halt.reason is not None


def test_a_defect_is_a_result_and_a_line_and_stops_the_rest(tenant: Tenant) -> None:
    a_plan = three(tenant)
    halt = tenant.brake()

    results = Writing(
        tenant.given(a_plan, dialect=Defective()), halt, tenant.ledger(a_plan, halt)
    ).write_all()

    assert [each.status for each in results] == [Status.FAILED, Status.NOT_ATTEMPTED, Status.NOT_ATTEMPTED]
    assert results[0].errors[0].code == "DEFECT"
    assert tenant.journal.told == [("S1", "PENDING"), ("S1", "FAILED")]
    assert halt.reason is not None
    assert "ZeroDivisionError: in the codec" in halt.reason


def test_what_reads_otherwise_afterwards_is_unverified_and_told(tenant: Tenant) -> None:
    a_plan = three(tenant)
    tenant.fault("404", method="PUT", path="S3")
    halt = tenant.brake()
    writing = Writing(tenant.given(a_plan), halt, tenant.ledger(a_plan, halt))
    results = writing.write_all()
    sent = tenant.journal.lines[3]["body"]

    again = writing.recheck(
        results, Aftermath(frozenset({("CAM_A", "S2"), ("CAM_A", "S3"), ("CAM_B", "S1")}))
    )

    assert [each.status for each in again] == [Status.SUCCESS, Status.UNVERIFIED, Status.FAILED]
    assert again[0] is results[0]
    assert tenant.journal.told[-1] == ("S2", "UNVERIFIED")
    assert tenant.journal.lines[-1]["body"] == sent


def test_a_plan_without_changes_needs_nothing(tenant: Tenant) -> None:
    changes: tuple[Change, ...] = ()
    a_plan = plan(*changes)
    halt = tenant.brake()
    writing = Writing(tenant.given(a_plan), halt, tenant.ledger(a_plan, halt))

    assert writing.recheck(writing.write_all(), Aftermath()) == ()
    assert tenant.asked() == []
