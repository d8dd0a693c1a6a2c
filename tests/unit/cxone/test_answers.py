"""An answer's JSON is read strictly, and its words are safe to show."""

from __future__ import annotations

import pytest

from reconciler.cxone.answers import Answer, Call, parse
from reconciler.cxone.redaction import Redactor
from reconciler.errors import AnswerError

CALL = Call("GET", "https://api.niceincontact.com/x", "read the campaigns")


def answer(body: bytes | str, status: int = 200, redactor: Redactor | None = None, **headers: str) -> Answer:
    data = body.encode() if isinstance(body, str) else body
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, fields, data, redactor or Redactor())


@pytest.mark.parametrize(
    ("body", "value"),
    [
        ('{"a": [1, 2.5, null, true, "ü"]}', {"a": [1, 2.5, None, True, "ü"]}),
        (b"\xef\xbb\xbf[]", []),
        (" \n 3 ", 3),
    ],
)
def test_reads_json(body: bytes | str, value: object) -> None:
    assert parse(answer(body), CALL) == value


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>Please log in</body></html>",
        b'{"id": "a1b2',
        b"[NaN]",
        b"[Infinity]",
        b"[-Infinity]",
        b"[1e999]",
        b"\xff\xfe[\x00]\x00",
        b'["\xff"]',
        b"[1] [2]",
        b"[" * 200_000,
        b"[" + b"9" * 10_000 + b"]",
    ],
)
def test_anything_else_is_an_answer_error_with_the_status(body: bytes) -> None:
    with pytest.raises(AnswerError) as caught:
        parse(answer(body, 201), CALL)
    assert caught.value.message.startswith("could not read the campaigns: the answer (201, ")
    assert caught.value.status == 201
    assert len(caught.value.message) < 400


def test_the_excerpt_is_short_on_one_line_and_without_control_characters_or_secrets() -> None:
    redactor = Redactor()
    redactor.hide("t0ken-of-the-test")
    body = "<html>\x1b[31m\n\n  Bearer t0ken-of-the-test" + "x" * 1000
    with pytest.raises(AnswerError) as caught:
        parse(answer(body, redactor=redactor, Content_Type="text/html; t0ken-of-the-test"), CALL)
    message = caught.value.message
    assert "'<html>\\x1b[31m Bearer [hidden]xxx" in message
    assert message.isprintable()
    assert "t0ken" not in message
    assert len(message) < 400


def test_a_header_that_is_empty_is_none() -> None:
    one = answer(b"", ETag="  ", Link=" x ")
    assert (one.header("ETag"), one.header("Link"), one.header("Date")) == (None, "x", None)


def test_the_body_is_in_no_text() -> None:
    assert "t0ken" not in repr(answer('{"access_token": "t0ken"}'))
