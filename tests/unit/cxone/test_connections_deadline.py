"""An answer that comes in a trickle ends, wherever it trickles; one that is slow but whole in time does not."""

from __future__ import annotations

import gzip
import itertools
import threading
from typing import TYPE_CHECKING, Any

import pytest

from reconciler.cxone import connections
from reconciler.cxone.answers import Answer
from reconciler.errors import TenantError, UnreachableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    Serve = Callable[..., Any]
    Send = Callable[..., Answer | TenantError]

PATIENCE = 0.2  # seconds without a byte
HEAD = b"HTTP/1.1 200 OK\r\n"
PIECES = 2_000  # where nobody hangs up, a trickle ends by itself, and its test fails


@pytest.fixture(autouse=True)
def short_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer has twice the patience to be whole."""
    monkeypatch.setattr(connections, "ANSWER_TIMES", 2)


def trickle(begin: bytes, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """So many bytes at once, then piece by piece, each long before the patience is over."""
    yield begin
    pause = threading.Event()
    for piece in itertools.islice(pieces, PIECES):
        pause.wait(PATIENCE / 20)
        yield piece


@pytest.mark.parametrize(
    ("begin", "pieces"),
    [
        (b"HTTP/1.1 200 ", itertools.repeat(b"O")),
        (HEAD + b"X-Long: ", itertools.repeat(b"y")),
        (b"", itertools.repeat(b"HTTP/1.1 100 Continue\r\n\r\n")),
        (HEAD + b"Content-Length: 100000\r\n\r\n[", itertools.repeat(b" ")),
        (HEAD + b"Connection: close\r\n\r\n[", itertools.repeat(b" ")),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", itertools.repeat(b"1\r\n \r\n")),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", itertools.repeat(b"X: y\r\n")),
        (
            HEAD + b"Content-Encoding: gzip\r\nContent-Length: 100000\r\n\r\n" + gzip.compress(b"[]")[:10],
            itertools.repeat(b"\0\0\0\xff\xff"),  # a block that holds nothing
        ),
    ],
    ids=["status", "header", "continue", "length", "close", "chunks", "trailer", "gzip"],
)
def test_a_trickle_is_cut_off_and_its_outcome_is_open(
    begin: bytes, pieces: Iterable[bytes], serve: Serve, send: Send
) -> None:
    error = send(serve(lambda _: trickle(begin, pieces)), timeout=PATIENCE)
    assert isinstance(error, UnreachableError)
    assert (error.sent, error.retryable) == (True, True)
    assert "did not finish its answer within 0.4 s" in error.message


def test_a_slow_answer_that_is_whole_in_time_is_read(serve: Serve, send: Send) -> None:
    body = b"[" + b" " * 8 + b"]"
    pieces = (body[place : place + 1] for place in range(len(body)))
    server = serve(lambda _: trickle(HEAD + b"Content-Length: 10\r\n\r\n", pieces))
    answer = send(server, timeout=PATIENCE * 10)
    assert isinstance(answer, Answer)
    assert answer.body == body


def test_silence_is_told_as_silence(serve: Serve, send: Send) -> None:
    release = threading.Event()

    def silent(_: Any) -> Iterator[bytes]:
        yield HEAD
        release.wait(30)

    error = send(serve(silent), timeout=0.05)
    release.set()
    assert isinstance(error, UnreachableError)
    assert "did not answer within 0.05 s" in error.message


def test_a_trickle_over_tls_is_cut_off(serve: Serve, send: Send, certificate: Path) -> None:
    server = serve(lambda _: trickle(HEAD + b"Content-Length: 9999\r\n\r\n", itertools.repeat(b" ")), certificate)
    error = send(server, timeout=PATIENCE, verify=str(certificate))
    assert isinstance(error, UnreachableError)
    assert "did not finish its answer within 0.4 s" in error.message


def test_a_proxy_that_trickles_is_cut_off(serve: Serve, send: Send) -> None:
    proxy = serve(lambda _: trickle(b"HTTP/1.1 200 ", itertools.repeat(b"O")))
    error = send(proxy, connect=PATIENCE, url="https://api.niceincontact.com", proxy=proxy.base_uri)
    assert isinstance(error, UnreachableError)
    assert [request.method for request in proxy.received] == ["CONNECT"]


def test_each_answer_of_one_connection_has_its_own_time(launch: Callable[..., Any], reach: Callable[..., Any]) -> None:
    tenant = reach(launch(), limits={"read_timeout": PATIENCE})
    for _ in range(3):
        assert tenant.schedules("CAM_001") == ()
        threading.Event().wait(PATIENCE)
