"""Answers and refusals are JSON that any string survives."""

from __future__ import annotations

import json

import pytest
from werkzeug.exceptions import BadRequest, HTTPException, MethodNotAllowed, NotFound, RequestEntityTooLarge

from reconciler.sandbox.answers import encode, from_http_exception, refusal


def test_any_string_survives_as_ascii() -> None:
    for text in ("ü", "\ud800", "\x00\u2028", "🙂", '"\\'):
        assert encode([text]).isascii()
        assert json.loads(encode([text])) == [text]


def test_a_refusal_says_why_and_where() -> None:
    answer = refusal(400, "not valid", errors=[("name", "is required")], headers={"X-Why": "test"})
    assert answer.status_code == 400
    assert answer.headers["X-Why"] == "test"
    assert answer.get_json() == {
        "message": "not valid",
        "errors": [{"field": "name", "message": "is required"}],
    }


def test_a_refusal_without_fields_has_no_errors() -> None:
    assert refusal(404, "gone").get_json() == {"message": "gone"}


@pytest.mark.parametrize(
    ("error", "status", "headers"),
    [
        (NotFound(), 404, {}),
        (BadRequest("no such host"), 400, {}),
        (MethodNotAllowed(["PUT", "GET"]), 405, {"Allow": "GET, PUT"}),
        (RequestEntityTooLarge(), 413, {}),
    ],
)
def test_refusals_of_the_library_are_json_too(
    error: HTTPException, status: int, headers: dict[str, str]
) -> None:
    answer = from_http_exception(error)
    assert (answer.status_code, answer.mimetype) == (status, "application/json")
    assert answer.get_json()["message"]
    assert headers.items() <= dict(answer.headers).items()
