"""What a tenant's error means for a write and for the run, and how it reads."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.apply import outcomes
from reconciler.apply.outcomes import SERVER_FAILURES, Breaker, RegistrationEnd
from reconciler.errors import (
    AlwaysLimitedError,
    AnswerError,
    BadRequestError,
    FieldFault,
    NotFoundError,
    PreconditionError,
    RateLimitedError,
    ScopeError,
    ServerFailureError,
    TenantError,
    UnauthorizedError,
    UnreachableError,
)
from reconciler.findings import Location
from reconciler.model import Action, Change, Request
from reconciler.model.results import Status, WebhookResult
from tests.support.apply_parts import SOURCE

CHANGE = Change(Action.UPDATE, "CAM_A", "S1", "Weekday", Request("PUT", "/x", {}), source=SOURCE)
REDIRECT = AnswerError("elsewhere", status=307)

# error, leaves the outcome open, may be repeated, counts toward the breaker, stops the run
MEANINGS: list[tuple[TenantError, bool, bool, bool, bool]] = [
    (UnreachableError("lost"), True, True, True, False),
    (UnreachableError("no connection", sent=False), False, True, True, False),
    (ServerFailureError("broken", status=503), True, True, True, False),
    (AnswerError("a page", status=200), True, True, True, False),
    (AnswerError("too long"), True, True, True, False),
    (REDIRECT, False, False, True, False),
    (RateLimitedError("slow down", status=429), False, True, False, False),
    (BadRequestError("wrong", status=400), False, False, False, False),
    (NotFoundError("gone", status=404), False, False, False, False),
    (PreconditionError("changed", status=412), False, False, False, False),
    (AlwaysLimitedError("for minutes", status=429), False, True, False, True),
    (UnauthorizedError("who", status=401), False, False, False, True),
    (ScopeError("may not", status=403), False, False, False, True),
    (TenantError("not how it is written"), False, False, False, False),
]


@pytest.mark.parametrize(("error", "is_open", "again", "counts", "stops"), MEANINGS, ids=str)
def test_what_an_error_means(error: TenantError, *, is_open: bool, again: bool, counts: bool, stops: bool) -> None:
    assert outcomes.leaves_open(error) is is_open
    assert outcomes.is_repeatable(error) is again
    assert outcomes.is_server_failure(error) is counts
    assert outcomes.stop_of(None, error) is (error if stops else None)


def test_no_error_stops_nothing() -> None:
    assert outcomes.stop_of(None) is None


def test_the_tenants_own_words_come_first() -> None:
    error = NotFoundError("could not write", status=404, tenant_message="no such campaign", hint="check the id")

    told = outcomes.plain_error(error)

    assert (told.code, told.message, told.hint, told.retryable) == (
        "NOT_FOUND",
        "no such campaign",
        "check the id",
        False,
    )


def test_without_words_of_the_tenant_ours_are_told() -> None:
    told = outcomes.plain_error(UnreachableError("the connection was lost"))

    assert (told.code, told.message, told.hint, told.retryable) == (
        "UNREACHABLE",
        "the connection was lost",
        None,
        True,
    )


def test_each_field_of_a_400_is_an_error_with_its_line() -> None:
    error = BadRequestError(
        "could not write",
        status=400,
        tenant_message="not valid",
        fields=(FieldFault("scheduleDetails[0].predictiveRate", "9 is above 3"), FieldFault("timezone", "")),
    )
    place = Location("schedules/deoutcomes.yaml", 7)

    told = outcomes.write_errors(error, CHANGE, lambda _change, field: place if "[0]" in field else None)

    assert [(entry.field, entry.message) for entry in told] == [
        ("scheduleDetails[0].predictiveRate", "9 is above 3"),
        ("timezone", "not valid"),
    ]
    assert told[0].hint == "correct the value in schedules/deoutcomes.yaml, line 7, then apply again"
    assert told[1].hint == "correct the value in schedules/a.yaml, line 3, then apply again"


def test_a_400_without_fields_is_one_error() -> None:
    told = outcomes.write_errors(BadRequestError("wrong", status=400), CHANGE, lambda _change, _field: None)

    assert [(error.code, error.field) for error in told] == [("BAD_REQUEST", None)]


def test_a_defect_names_its_place() -> None:
    with pytest.raises(KeyError) as caught:
        CHANGE.request.body["timezone"]

    told = outcomes.defect(caught.value)

    assert told.code == "DEFECT"
    assert "KeyError: 'timezone' (test_outcomes.py, line " in told.message


def test_what_is_unknown_says_why() -> None:
    told = outcomes.unknown_outcome("the schedule was written", UnreachableError("no answer"))

    assert told.code == "OUTCOME_UNKNOWN"
    assert "whether the schedule was written is not known" in told.message
    assert told.message.endswith("no answer")
    assert told.retryable


REFUSED = UnauthorizedError("the tenant refuses the client", status=401)


def ended(stop: TenantError | None = None, *, server_failed: bool = False) -> RegistrationEnd:
    """How an operation ended."""
    return RegistrationEnd(WebhookResult("WFM_Sync_S1", Status.FAILED), stop, server_failed)


def test_an_interrupt_needs_no_reason() -> None:
    stop = threading.Event()
    breaker = Breaker(stop)
    assert breaker.may_start()

    stop.set()

    assert not breaker.may_start()
    assert breaker.reason is None
    assert "interrupted" in breaker.why_not().message


def test_the_first_reason_counts() -> None:
    breaker = Breaker(threading.Event())

    breaker.trip("first")
    breaker.trip("second")

    assert not breaker.may_start()
    assert (breaker.reason, breaker.why_not().message) == ("first", "first")
    assert breaker.why_not().retryable


def test_an_error_that_all_would_share_stops_at_once() -> None:
    breaker = Breaker(threading.Event())

    breaker.count(ended(REFUSED))

    assert not breaker.may_start()
    assert breaker.reason is not None
    assert REFUSED.message in breaker.reason


@given(st.lists(st.booleans(), max_size=12))
def test_the_breaker_opens_at_the_last_of_a_row(failures: list[bool]) -> None:
    breaker = Breaker(threading.Event())
    row = 0
    for failed in failures:
        row = row + 1 if failed else 0
        breaker.count(ended(server_failed=failed))
        if row == SERVER_FAILURES:
            break

    assert breaker.may_start() == (row < SERVER_FAILURES)
