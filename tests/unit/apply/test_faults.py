"""What a tenant's error means for a write, and how it reads."""

from __future__ import annotations

import pytest

from reconciler.apply import faults
from reconciler.errors import (
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
from reconciler.model import Action, Change, Location, Request
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
    (UnauthorizedError("who", status=401), False, False, False, True),
    (ScopeError("may not", status=403), False, False, False, True),
    (TenantError("not how it is written"), False, False, False, False),
]


@pytest.mark.parametrize(
    ("error", "is_open", "again", "counts", "stops"), MEANINGS, ids=lambda each: str(each)
)
def test_what_an_error_means(
    error: TenantError, *, is_open: bool, again: bool, counts: bool, stops: bool
) -> None:
    assert faults.leaves_open(error) is is_open
    assert faults.is_repeatable(error) is again
    assert faults.is_server_failure(error) is counts
    assert faults.stops_the_run(error) is stops


def test_no_error_stops_nothing() -> None:
    assert faults.stops_the_run(None) is False


def test_the_tenants_own_words_come_first() -> None:
    error = NotFoundError(
        "could not write", status=404, tenant_message="no such campaign", hint="check the id"
    )

    told = faults.plain_error(error)

    assert (told.code, told.message, told.hint, told.retryable) == (
        "NOT_FOUND",
        "no such campaign",
        "check the id",
        False,
    )


def test_without_words_of_the_tenant_ours_are_told() -> None:
    told = faults.plain_error(UnreachableError("the connection was lost"))

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
    place = Location("schedules/defaults.yaml", 7)

    told = faults.write_errors(error, CHANGE, lambda _change, field: place if "[0]" in field else None)

    assert [(each.field, each.message) for each in told] == [
        ("scheduleDetails[0].predictiveRate", "9 is above 3"),
        ("timezone", "not valid"),
    ]
    assert told[0].hint == "correct the value in schedules/defaults.yaml, line 7, then apply again"
    assert told[1].hint == "correct the value in schedules/a.yaml, line 3, then apply again"


def test_a_400_without_fields_is_one_error() -> None:
    told = faults.write_errors(BadRequestError("wrong", status=400), CHANGE, lambda _change, _field: None)

    assert [(each.code, each.field) for each in told] == [("BAD_REQUEST", None)]


def test_a_defect_names_its_place() -> None:
    with pytest.raises(KeyError) as caught:
        CHANGE.request.body["timezone"]

    told = faults.defect(caught.value)

    assert told.code == "DEFECT"
    assert "KeyError: 'timezone' (test_faults.py, line " in told.message


def test_what_is_unknown_says_why() -> None:
    told = faults.unknown_outcome("the schedule was written", UnreachableError("no answer"))

    assert told.code == "OUTCOME_UNKNOWN"
    assert "whether the schedule was written is not known" in told.message
    assert told.message.endswith("no answer")
    assert told.retryable
