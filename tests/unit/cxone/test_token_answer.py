"""A token answer is whole and right, or it is none."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reconciler.cxone.answers import Answer, Call
from reconciler.cxone.redaction import Redactor
from reconciler.cxone.token_answer import TokenAnswer, read_token
from reconciler.errors import AnswerError

CALL = Call("POST", "https://api.niceincontact.com/oauth/token", "get an access token for tenant acme")
GOOD = {"access_token": "t0ken-of-the-test", "token_type": "Bearer", "expires_in": 3600}


def read(body: Any) -> TokenAnswer | AnswerError:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return read_token(Answer(200, {}, data, Redactor()), CALL)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, TokenAnswer("t0ken-of-the-test", 3600.0, None)),
        ({"scope": None}, TokenAnswer("t0ken-of-the-test", 3600.0, None)),
        ({"scope": " a:read  b:write "}, TokenAnswer("t0ken-of-the-test", 3600.0, ("a:read", "b:write"))),
        ({"scope": ""}, TokenAnswer("t0ken-of-the-test", 3600.0, ())),
        ({"token_type": "bearer", "expires_in": 0.5, "more": 1}, TokenAnswer("t0ken-of-the-test", 0.5, None)),
        ({"expires_in": 10**200}, TokenAnswer("t0ken-of-the-test", 366 * 86400.0, None)),
    ],
)
def test_reads_a_token(changes: dict[str, Any], expected: TokenAnswer) -> None:
    assert read(GOOD | changes) == expected


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>t0ken-of-the-test</html>",
        b'{"access_token": "t0ken-of-the-test", "expi',
        b'["t0ken-of-the-test"]',
        *(
            {name: value for name, value in (GOOD | changes).items() if value != "absent"}
            for changes in (
                {"access_token": "absent"},
                {"access_token": 5},
                {"access_token": ""},
                {"access_token": "t0ken with blanks"},
                {"access_token": "t0ken\r\nX-Evil: 1"},
                {"access_token": "t0kén"},
                {"token_type": "absent"},
                {"token_type": "mac"},
                {"token_type": ["Bearer"]},
                {"expires_in": "absent"},
                {"expires_in": "3600"},
                {"expires_in": True},
                {"expires_in": 0},
                {"expires_in": -1},
                {"scope": ["dialer:campaigns:read"]},
                {"scope": 5},
            )
        ),
    ],
)
def test_nonsense_is_an_answer_error_that_quotes_nothing(body: Any) -> None:
    error = read(body)
    assert isinstance(error, AnswerError)
    assert error.message.startswith("could not get an access token for tenant acme: ")
    assert "t0k" not in error.message + error.hint
    assert error.status == 200


def test_the_token_is_in_no_text() -> None:
    assert "t0ken" not in repr(read(GOOD))
