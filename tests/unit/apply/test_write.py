"""One schedule's write against a tenant that misbehaves: what is sent, what is said to have come of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from reconciler.apply.outcomes import WriteEnd
from reconciler.apply.write import write
from reconciler.errors import JournalUnavailableError
from reconciler.model import JsonObject, Request
from reconciler.model.results import Status
from tests.support.apply_parts import Tenant

PUT = {"method": "PUT"}
GET = {"method": "GET"}


def never(_request: Request, _before: JsonObject | None) -> None:
    """What is not sent is not told."""
    raise AssertionError("it was about to be sent")


def run(tenant: Tenant, schedule_id: str = "S1", cap: int = 500) -> tuple[WriteEnd, list[Any]]:
    """Write the cap; how it ended, and what was told before the first attempt."""
    change = tenant.change(schedule_id, cap)
    told: list[tuple[Request, JsonObject | None]] = []

    def on_send(request: Request, before: JsonObject | None) -> None:
        assert not [method for method, _ in tenant.asked() if method == "PUT"]
        told.append((request, before))

    return write(change, tenant.job(), on_send, tenant.stop.is_set), told


def test_a_create_reads_before_it_writes(tenant: Tenant) -> None:
    end, told = run(tenant)

    assert tenant.asked() == [("GET", 404), ("PUT", 201)]
    assert (end.result.status, end.result.http_status, end.result.attempts) == (Status.SUCCESS, 201, 1)
    assert end.result.live_status == "ACTIVE"
    assert end.result.latency_ms is not None
    assert told == [(end.request, None)]
    assert end.before is None


@pytest.mark.parametrize("etags", [True, False])
def test_an_update_reads_before_it_writes(make_tenant: Callable[..., Tenant], *, etags: bool) -> None:
    tenant = make_tenant(etags=etags)
    tenant.hold("S1", 400)

    end, told = run(tenant)

    assert tenant.asked() == [("GET", 200), ("PUT", 200)]
    assert end.result.status is Status.SUCCESS
    assert end.before is not None
    assert end.before["scheduleDetails"][0]["maxCallsPerDay"] == 400
    assert told == [(end.request, end.before)]
    assert tenant.cap("S1") == 500


def test_a_repeat_takes_the_new_etag(tenant: Tenant) -> None:
    """A 429, and meanwhile a field that only the tenant manages has changed, and with it the ETag."""
    tenant.hold("S1", 400)
    tenant.fault("429", **PUT)
    tenant.fault("edit-after", edit=lambda _store: tenant.hold("S1", 400), **PUT)

    end, _ = run(tenant)

    assert tenant.asked() == [("GET", 200), ("PUT", 429), ("GET", 200), ("PUT", 200)]
    assert (end.result.status, end.result.attempts) == (Status.SUCCESS, 2)


@pytest.mark.parametrize(
    ("kinds", "status", "attempts"),
    [((), Status.SUCCESS, 2), (("400",), Status.FAILED, 2), (("429",), Status.SUCCESS, 3)],
)
def test_every_put_that_was_sent_is_counted(
    tenant: Tenant, kinds: tuple[str, ...], status: Status, attempts: int
) -> None:
    change = tenant.change("S1", 500)
    for kind in kinds:
        tenant.fault(kind, nth=2, **PUT)

    def on_send(_request: Request, _before: JsonObject | None) -> None:
        tenant.box.revoke_tokens()

    end = write(change, tenant.job(), on_send, tenant.stop.is_set)

    assert [method for method, _ in tenant.asked()].count("PUT") == attempts
    assert (end.result.status, end.result.attempts) == (status, attempts)


def test_a_create_that_is_told_to_wait_is_repeated_after_another_reading(tenant: Tenant) -> None:
    tenant.fault("429", **PUT)

    end, told = run(tenant)

    assert tenant.asked() == [("GET", 404), ("PUT", 429), ("GET", 404), ("PUT", 201)]
    assert (end.result.status, end.result.attempts) == (Status.SUCCESS, 2)
    assert len(told) == 1


def test_what_cannot_be_read_before_is_not_written(tenant: Tenant) -> None:
    tenant.hold("S1", 400)
    change = tenant.change("S1", 500)
    tenant.fault("500", times=None, **GET)

    end = write(change, tenant.job(), never, tenant.stop.is_set)

    assert (end.result.status, end.result.attempts, end.result.latency_ms) == (Status.FAILED, 0, None)
    assert end.result.http_status is None  # no PUT, no answer to one
    assert end.server_failed
    assert [error.code for error in end.result.errors] == ["SERVER_FAILED"]


def test_a_409_to_a_reading_is_no_conflict_of_the_write(tenant: Tenant) -> None:
    tenant.hold("S1", 400)
    change = tenant.change("S1", 500)
    tenant.fault("409", **GET)

    end = write(change, tenant.job(), never, tenant.stop.is_set)

    assert end.result.status is Status.FAILED


def test_a_journal_that_cannot_be_written_keeps_it_from_being_sent(tenant: Tenant) -> None:
    def on_send(_request: Request, _before: JsonObject | None) -> None:
        raise JournalUnavailableError("no room")

    with pytest.raises(JournalUnavailableError):
        write(tenant.change("S1", 500), tenant.job(), on_send, tenant.stop.is_set)
    assert tenant.asked() == [("GET", 404)]


def test_nothing_is_sent_once_the_run_is_being_stopped(tenant: Tenant) -> None:
    change = tenant.change("S1", 500)
    tenant.stop.set()

    end = write(change, tenant.job(), never, tenant.stop.is_set)

    assert (end.result.status, end.result.attempts) == (Status.NOT_ATTEMPTED, 0)
    assert tenant.asked() == [("GET", 404)]


def test_a_stop_between_the_journal_and_the_put_is_not_an_attempt(tenant: Tenant) -> None:
    change = tenant.change("S1", 500)

    def on_send(_request: Request, _before: JsonObject | None) -> None:
        tenant.stop.set()

    end = write(change, tenant.job(), on_send, tenant.stop.is_set)

    assert (end.result.status, end.result.attempts, end.result.latency_ms) == (Status.NOT_ATTEMPTED, 0, None)
    assert end.result.errors[0].code == "NOT_ATTEMPTED"
    assert tenant.asked() == [("GET", 404)]
    assert tenant.cap("S1") is None


def test_a_tenant_that_is_not_there_is_a_failure_of_the_server(tenant: Tenant) -> None:
    change = tenant.change("S1", 500)
    tenant.box.stop()

    end = write(change, tenant.job(), never, tenant.stop.is_set)

    assert (end.result.status, end.result.attempts) == (Status.FAILED, 0)
    assert end.server_failed
    assert [error.code for error in end.result.errors] == ["UNREACHABLE"]  # nothing was sent: nothing is unknown


@pytest.mark.parametrize("status", [202, 204, 206])
@pytest.mark.parametrize("before", [None, 400])
def test_a_success_of_no_known_kind_is_one_if_the_schedule_is_there(
    tenant: Tenant, status: int, before: int | None
) -> None:
    if before is not None:
        tenant.hold("S1", before)
    tenant.fault("html", status=status, commit=True, **PUT)

    end, _ = run(tenant)

    assert [method for method, _ in tenant.asked()].count("PUT") == 1
    assert (end.result.status, end.result.http_status, end.result.errors) == (Status.SUCCESS, status, ())
    assert tenant.cap("S1") == 500


@pytest.mark.parametrize("before", [None, 400])
def test_a_success_of_no_known_kind_is_repeated_while_the_schedule_is_as_it_was(
    tenant: Tenant, before: int | None
) -> None:
    if before is not None:
        tenant.hold("S1", before)
    tenant.fault("html", status=202, **PUT)

    end, _ = run(tenant)

    assert (end.result.status, end.result.attempts) == (Status.SUCCESS, 2)
    assert tenant.cap("S1") == 500


@pytest.mark.parametrize("status", [202, 204])
def test_a_success_that_never_comes_true_is_given_up_and_may_be_tried_again(tenant: Tenant, status: int) -> None:
    tenant.hold("S1", 400)
    tenant.fault("html", status=status, times=None, **PUT)

    end, _ = run(tenant)

    assert (end.result.status, end.result.http_status, end.result.attempts) == (Status.FAILED, status, 3)
    assert [(error.code, error.retryable) for error in end.result.errors] == [("ANSWER_UNREADABLE", True)]
    assert "carry it out later" in (end.result.errors[0].hint or "")
    assert tenant.asked()[-1] == ("GET", 200)  # one last look before it is called a failure
    assert tenant.cap("S1") == 400


def test_a_success_that_comes_true_with_the_last_look_is_one(tenant: Tenant) -> None:
    tenant.hold("S1", 400)
    tenant.fault("html", status=202, times=None, **PUT)
    tenant.fault("edit-after", nth=3, edit=lambda _store: tenant.hold("S1", 500), **PUT)

    end, _ = run(tenant)

    assert (end.result.status, end.result.attempts, end.result.errors) == (Status.SUCCESS, 3, ())


def test_a_redirected_write_is_as_final_in_the_report_as_in_the_run(tenant: Tenant) -> None:
    tenant.fault("redirect", location="https://elsewhere.example", times=None, **PUT)

    end, _ = run(tenant)

    assert (end.result.attempts, end.result.errors[0].retryable) == (1, False)


def test_a_refusal_after_an_open_attempt_is_looked_into(tenant: Tenant) -> None:
    """The first attempt was carried out and its answer lost; the second is refused. The look between finds it."""
    tenant.hold("S1", 400)
    tenant.fault("503", **PUT)
    tenant.fault("400", nth=2, **PUT)
    tenant.fault("edit-before", nth=2, edit=lambda _store: tenant.hold("S1", 500), **PUT)

    end, _ = run(tenant)

    assert end.result.status is Status.SUCCESS
    assert end.result.http_status is None


@pytest.mark.parametrize(("kind", "stops"), [("401", True), ("403", True), ("404", False), ("400", False)])
def test_what_stops_the_run_is_told(tenant: Tenant, kind: str, *, stops: bool) -> None:
    tenant.fault(kind, times=None, **PUT)

    end, _ = run(tenant)

    assert end.result.status is Status.FAILED
    assert (end.stop is not None) is stops
    assert not end.server_failed


def test_a_lost_answer_and_a_look_that_is_refused_stop_the_run(tenant: Tenant) -> None:
    change = tenant.change("S1", 500)
    tenant.fault("reset-after", **PUT)
    tenant.fault("403", nth=2, times=None, **GET)

    end = write(change, tenant.job(), lambda _request, _before: None, tenant.stop.is_set)

    assert [error.code for error in end.result.errors] == ["UNREACHABLE", "OUTCOME_UNKNOWN"]
    assert end.stop is not None
