"""What a token endpoint's refusal means."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reconciler import cxone
from reconciler.cxone.answers import Answer, Call
from reconciler.cxone.oauth import OAuthClient, refuses_scopes, token_refused
from reconciler.cxone.redaction import Redactor
from reconciler.errors import (
    AnswerError,
    BadRequestError,
    RateLimitedError,
    RefusalError,
    ScopeError,
    ServerFailureError,
    TenantError,
    UnauthorizedError,
)

CALL = Call("POST", "https://api.niceincontact.com/oauth/token", "get an access token for tenant acme")
CLIENT = OAuthClient(
    cxone.Credentials("id", "s3cret-of-the-client"),
    cxone.Scopes((cxone.READ,)),
    CALL.url,
    "acme",
    "CXONE_A and CXONE_B",
    60,
)


def error_for(status: int, body: Any, **headers: str) -> TenantError:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = Answer(
        status, {name.replace("_", "-"): value for name, value in headers.items()}, data, Redactor()
    )
    return token_refused(answer, CALL, CLIENT, (cxone.READ, cxone.WRITE))


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (401, {"error": "invalid_client"}, UnauthorizedError),
        (401, b"", UnauthorizedError),
        (400, {"error": "invalid_client"}, UnauthorizedError),
        (400, {"error": "unauthorized_client"}, UnauthorizedError),
        (400, {"error": "invalid_scope"}, ScopeError),
        (401, {"error": "invalid_scope"}, ScopeError),
        (400, {"error": "unsupported_grant_type"}, BadRequestError),
        (400, {"error": ["invalid_client"]}, BadRequestError),
        (403, {}, ScopeError),
        (404, b"<html>", RefusalError),
        (410, {}, RefusalError),
        (405, [], RefusalError),
        (429, {}, RateLimitedError),
        (503, b"", ServerFailureError),
        (302, b"", AnswerError),
        (204, b"", AnswerError),
    ],
)
def test_the_kind_of_error(status: int, body: Any, kind: type[TenantError]) -> None:
    error = error_for(status, body)
    assert type(error) is kind
    assert error.message.startswith("could not get an access token for tenant acme: ")
    assert error.hint


def test_the_tenant_s_words_are_code_and_description() -> None:
    error = error_for(401, {"error": "invalid_client", "error_description": "no such client"})
    assert isinstance(error, RefusalError)
    assert error.tenant_message == "invalid_client: no such client"
    assert "(invalid_client: no such client)" in error.message
    assert "CXONE_A and CXONE_B" in error.hint


def test_words_that_are_not_of_the_rfc_are_kept() -> None:
    error = error_for(503, {"message": "down for maintenance"})
    assert isinstance(error, RefusalError)
    assert error.tenant_message == "down for maintenance"


def test_refused_scopes_are_listed() -> None:
    hint = error_for(400, {"error": "invalid_scope"}).hint
    asked = f"{cxone.READ} {cxone.WRITE}"
    assert hint.startswith(f"asked for {asked}; granted none; missing {asked}:")


def test_a_longer_wait_than_allowed_is_told() -> None:
    assert "3600 s" in error_for(429, {}, Retry_After="3600").hint


@pytest.mark.parametrize(
    ("body", "refuses"), [(b'{"error": "invalid_scope"}', True), (b'{"error": "x"}', False), (b"[1]", False)]
)
def test_whether_the_scopes_are_refused(body: bytes, refuses: bool) -> None:
    assert refuses_scopes(Answer(400, {}, body, Redactor())) is refuses


def test_no_text_shows_the_secret() -> None:
    assert "s3cret" not in repr(CLIENT)
