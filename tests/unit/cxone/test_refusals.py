"""Each status that says no becomes an error that says what happened and what to do."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reconciler.cxone import READ, WRITE
from reconciler.cxone.answers import Answer, Call, Redactor
from reconciler.cxone.refusals import refused
from reconciler.errors import (
    AnswerError,
    BadRequestError,
    FieldFault,
    NotFoundError,
    PreconditionError,
    RateLimitedError,
    RefusalError,
    ScopeError,
    ServerFailureError,
    TenantError,
    UnauthorizedError,
)

CALL = Call("PUT", "https://api.niceincontact.com/x", "write schedule S1 of campaign CAM_001", WRITE)


def error_for(status: int, body: Any = None, redactor: Redactor | None = None, **headers: str) -> TenantError:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    return refused(Answer(status, fields, data, redactor or Redactor()), CALL, (READ, WRITE), frozenset({READ}), 60)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, BadRequestError),
        (422, BadRequestError),
        (401, UnauthorizedError),
        (403, ScopeError),
        (404, NotFoundError),
        (410, NotFoundError),
        (409, PreconditionError),
        (412, PreconditionError),
        (429, RateLimitedError),
        (500, ServerFailureError),
        (503, ServerFailureError),
        (599, ServerFailureError),
        (405, RefusalError),
        (418, RefusalError),
    ],
)
def test_the_status_makes_the_kind_of_error(status: int, kind: type[RefusalError]) -> None:
    error = error_for(status, {"message": "not now"})
    assert type(error) is kind
    assert isinstance(error, RefusalError)
    assert (error.status, error.tenant_message) == (status, "not now")
    assert error.message.startswith("could not write schedule S1 of campaign CAM_001: ")
    assert str(status) in error.message
    assert error.message.endswith(": not now")
    assert error.hint


def test_the_fields_of_a_400_are_kept() -> None:
    body = {
        "message": "two fields are wrong",
        "errors": [
            {"field": "scheduleDetails[0].predictiveRate", "message": "must be at most 3"},
            {"field": "name"},
            {"message": "no field"},
            "nonsense",
            {"field": 5, "message": "x"},
        ],
    }
    error = error_for(400, body)
    assert isinstance(error, BadRequestError)
    assert error.fields == (
        FieldFault("scheduleDetails[0].predictiveRate", "must be at most 3"),
        FieldFault("name", ""),
    )
    assert error.message.endswith(
        "400 Bad Request: two fields are wrong (scheduleDetails[0].predictiveRate must be at most 3; name)"
    )


def test_the_sentence_of_a_400_stays_short() -> None:
    fields = [{"field": f"f{number}", "message": "is wrong"} for number in range(10)]
    message = error_for(400, {"errors": fields}).message
    assert message.endswith("400 Bad Request (f0 is wrong; f1 is wrong; f2 is wrong; 7 more)")


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>Bad Gateway</html>", b"[1]", b'{"message": 5, "errors": {}}', b"[" * 100_000, b"\xff"],
)
def test_a_body_that_is_not_the_contract_s_does_no_harm(body: bytes) -> None:
    error = error_for(502, body)
    assert isinstance(error, ServerFailureError)
    assert (error.tenant_message, error.fields) == ("", ())
    assert error.message.endswith("502 Bad Gateway")


def test_words_of_the_tenant_are_short_and_without_secrets() -> None:
    redactor = Redactor()
    redactor.hide("t0ken-of-the-test")
    words = "Authorization: Bearer t0ken-of-the-test " + "x" * 5000
    error = error_for(400, {"message": words, "errors": [{"field": words, "message": words}] * 500}, redactor)
    assert isinstance(error, BadRequestError)
    texts = [
        error.message,
        error.tenant_message,
        *(text for f in error.fields for text in (f.field, f.message)),
    ]
    assert not any("t0ken" in text or len(text) > 800 for text in texts)
    assert len(error.fields) == 50


def test_a_refused_scope_says_what_was_asked_granted_and_is_missing() -> None:
    hint = error_for(403).hint
    assert f"asked for {READ} {WRITE}; granted {READ}; missing {WRITE}" in hint


def test_a_403_with_the_scope_says_that_the_scope_is_not_it() -> None:
    hint = refused(Answer(403, {}, b"", Redactor()), CALL, (WRITE,), frozenset({WRITE}), 60).hint
    assert "missing none" in hint
    assert "the scopes are there" in hint


@pytest.mark.parametrize("status", [429, 503])
def test_a_wait_beyond_the_limit_is_told_with_both_figures(status: int) -> None:
    error = error_for(status, None, Retry_After="3600")
    assert isinstance(error, RefusalError)
    assert error.retry_after == 3600
    assert "3600 s" in error.hint
    assert "maxRetryAfter (60 s)" in error.hint
    assert "maxRetryAfter" not in error_for(status, None, Retry_After="60").hint


def test_a_wait_beyond_all_measure_is_told_as_the_least_that_it_is() -> None:
    assert "a wait of at least 1000000000 s" in error_for(429, None, Retry_After="9" * 400).hint


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308, 304, 300])
def test_a_redirect_is_an_answer_error_that_names_the_place_without_its_query(status: int) -> None:
    error = error_for(status, b"", Location="https://elsewhere.example/login?session=hush#hush")
    assert isinstance(error, AnswerError)
    assert error.status == status
    assert "https://elsewhere.example/login" in error.message
    assert "hush" not in error.message


@pytest.mark.parametrize("location", ["", "http://[", "\x1b[31m"])
def test_a_redirect_to_nowhere_is_one_too(location: str) -> None:
    error = error_for(302, b"", Location=location)
    assert isinstance(error, AnswerError)
    assert error.message.isprintable()


def test_a_success_that_the_contract_does_not_have_is_an_answer_error() -> None:
    error = error_for(202, {"id": "S1"})
    assert isinstance(error, AnswerError)
    assert error.status == 202
