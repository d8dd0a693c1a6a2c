"""Secrets are taken out of what a tenant says, and its JSON is read strictly."""

from __future__ import annotations

import html
import json
import threading
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.cxone.answers import Answer, Call, Redactor, one_line, parse, shown
from reconciler.errors import AnswerError


def test_every_secret_is_taken_out_wherever_it_stands() -> None:
    redactor = Redactor()
    redactor.hide("hush-hush", "t0ken-1")
    redactor.hide("t0ken-2")
    assert redactor.clean("a t0ken-1, hush-hush; t0ken-2t0ken-1") == "a [hidden], [hidden]; [hidden][hidden]"


def test_a_secret_that_holds_another_is_taken_out_whole() -> None:
    redactor = Redactor()
    redactor.hide("secret", "secret-and-more")
    assert redactor.clean("secret-and-more") == "[hidden]"


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a valid idea", "a valid idea"),
        ("client_id=id&client_secret=k3y.", "client_id=[hidden]&client_secret=[hidden]."),
        ('{"secret":"k3y"}', '{"secret":"[hidden]"}'),
        ("monk3y k3ys", "monk3y k3ys"),
    ],
)
def test_a_short_secret_is_taken_out_where_it_stands_by_itself(text: str, cleaned: str) -> None:
    redactor = Redactor()
    redactor.hide("", "id", "k3y")
    assert redactor.clean(text) == cleaned


SECRET = 'pä/ss+"w\rd&= \x07'


@pytest.mark.parametrize(
    "echo",
    [
        SECRET,
        quote(SECRET, safe=""),
        quote(SECRET, safe="").lower(),
        quote(SECRET),
        quote_plus(SECRET),
        quote(quote(SECRET, safe=""), safe=""),
        json.dumps(SECRET)[1:-1],
        json.dumps(SECRET, ensure_ascii=False)[1:-1],
        html.escape(SECRET),
        "".join(f"&#{ord(char)};" for char in SECRET),
        "".join(f"&#x{ord(char):X};" for char in SECRET),
        "".join(f"\\u{ord(char):04X}" for char in SECRET),
    ],
)
def test_a_secret_is_taken_out_however_an_echo_spells_it(echo: str) -> None:
    redactor = Redactor()
    redactor.hide(SECRET)
    assert redactor.clean(f"<{echo}>") == "<[hidden]>"


@given(st.text(min_size=6, max_size=12), st.text(max_size=5), st.text(max_size=5))
def test_no_text_holds_a_secret(secret: str, before: str, after: str) -> None:
    redactor = Redactor()
    redactor.hide(secret)
    assert secret not in redactor.clean(before + secret + after).replace("[hidden]", "\0" * 20)


def test_a_value_is_shown_however_deep_it_is() -> None:
    deep: list[Any] = []
    for _ in range(5000):
        deep = [deep]
    assert shown(deep) == "[[[[[[[...]]]]]]]"
    assert shown({"name": "x" * 500}, 30) == "{'name': 'xxxxxxxxxxxxxxxxxxx…"


def test_secrets_come_from_many_threads() -> None:
    redactor = Redactor()
    threads = [threading.Thread(target=redactor.hide, args=(f"secret-{number:02}",)) for number in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert redactor.clean(" ".join(f"secret-{number:02}" for number in range(32))).split() == ["[hidden]"] * 32


def test_shortens_on_one_line() -> None:
    assert one_line(" a\n b\t c ", 10) == "a b c"
    assert one_line("abcdefghij", 10) == "abcdefghij"
    assert one_line("abcdefghijk", 10) == "abcdefghi…"


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
