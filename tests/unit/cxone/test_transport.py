"""One exchange over real HTTP: what is sent, and every way in which no whole answer comes back."""

from __future__ import annotations

import gzip
import logging
import threading
from typing import TYPE_CHECKING, Any

import pytest

from reconciler.cxone.answers import Answer, Call
from reconciler.cxone.auth import Authorization
from reconciler.cxone.network import Network
from reconciler.cxone.pace import Pace
from reconciler.cxone.redaction import Redactor
from reconciler.cxone.transport import Transport, origin
from reconciler.errors import AnswerError, UnreachableError
from reconciler.settings import RequestLimits

if TYPE_CHECKING:
    from collections.abc import Callable

    from reconciler.cxone.dialer import DialerTenant
    from reconciler.sandbox import Sandbox

AUTH = Authorization("Bearer", "t0ken-of-the-test")


def test_sends_what_it_is_given_and_no_cookie(
    serve: Callable[..., Any], send: Callable[..., Any], http: Callable[..., bytes]
) -> None:
    server = serve(lambda _: http(200, "[]", Set_Cookie="session=1"))
    answer = send(
        server, method="PUT", path="/a%2E%2E/%2e%2E/ü?x=%20", body=b"{}", headers={"If-Match": 'W/"x"'}
    )
    assert isinstance(answer, Answer)
    assert (answer.status, answer.body) == (200, b"[]")
    (received,) = server.received
    assert (received.method, received.path) == ("PUT", "/a%2E%2E/%2E%2E/%C3%BC?x=%20")
    assert received.body == b"{}"
    assert received.headers["authorization"] == "Bearer t0ken-of-the-test"
    assert received.headers["if-match"] == 'W/"x"'
    assert received.headers["content-length"] == "2"
    assert received.headers["user-agent"].startswith("cxone-schedule-reconciler/")
    send(server)
    assert "cookie" not in server.received[1].headers


def test_a_connection_is_used_again_and_by_all_threads(
    launch: Callable[..., Sandbox], reach: Callable[..., DialerTenant], caplog: pytest.LogCaptureFixture
) -> None:
    tenant = reach(launch())
    caplog.set_level(logging.DEBUG, logger="urllib3")
    for _ in range(5):
        tenant.schedules("CAM_001")
        thread = threading.Thread(target=tenant.schedules, args=("CAM_001",))
        thread.start()
        thread.join()
    opened = [record for record in caplog.records if "Starting new HTTP connection" in record.getMessage()]
    assert len(opened) == 1


def test_an_answer_in_chunks_is_read(serve: Callable[..., Any], send: Callable[..., Any]) -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    answer = send(serve(lambda _: head + b"1\r\n[\r\n1\r\n]\r\n0\r\n\r\n"))
    assert isinstance(answer, Answer)
    assert answer.body == b"[]"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n[1,2]",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\nContent-Encoding: gzip\r\n\r\n"
        + gzip.compress(b"[1]", mtime=0),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n[\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n[\r\n",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n",
    ],
)
def test_an_answer_that_is_not_whole_is_a_lost_connection_of_which_the_outcome_is_open(
    answer: bytes, serve: Callable[..., Any], send: Callable[..., Any]
) -> None:
    error = send(serve(lambda _: answer))
    assert isinstance(error, UnreachableError)
    assert error.sent
    assert error.message.startswith("could not read it: ")
    assert error.hint


def test_no_answer_in_time_leaves_the_outcome_open(
    serve: Callable[..., Any], send: Callable[..., Any], http: Callable[..., bytes]
) -> None:
    release = threading.Event()
    server = serve(lambda _: http(200) if release.wait(30) else b"")
    error = send(server, timeout=0.05)
    release.set()
    assert isinstance(error, UnreachableError)
    assert error.sent
    assert "did not answer within 0.05 s" in error.message


def test_a_connection_that_was_not_made_means_that_nothing_was_sent(
    serve: Callable[..., Any], send: Callable[..., Any]
) -> None:
    server = serve(lambda _: b"")
    server.stop()
    error = send(server)
    assert isinstance(error, UnreachableError)
    assert not error.sent
    assert "no connection to 127.0.0.1:" in error.message
    assert "refused" in error.message


def test_an_unknown_host_means_that_nothing_was_sent(send: Callable[..., Any]) -> None:
    class Nowhere:
        base_uri = "http://" + "x" * 70 + ".localhost"  # no name server is asked for a label this long

    error = send(Nowhere())
    assert isinstance(error, UnreachableError)
    assert not error.sent


def test_a_url_elsewhere_is_not_asked(serve: Callable[..., Any], http: Callable[..., bytes]) -> None:
    here, there = (serve(lambda _: http(200)) for _ in range(2))
    way = Transport(here.base_uri, Network(), RequestLimits(), Pace(), Redactor(), threading.Event())
    error = way.send(Call("GET", there.base_uri, "read it"), AUTH)
    assert isinstance(error, AnswerError)
    assert (here.received, there.received) == ([], [])


def test_a_write_does_not_start_once_the_run_is_being_stopped_but_a_read_does(
    serve: Callable[..., Any], send: Callable[..., Any], http: Callable[..., bytes]
) -> None:
    stop = threading.Event()
    stop.set()
    server = serve(lambda _: http(200))
    error = send(server, method="PUT", write=True, stop=stop)
    assert isinstance(error, UnreachableError)
    assert not error.sent
    assert server.received == []
    assert isinstance(send(server, stop=stop), Answer)


@pytest.mark.parametrize(
    "answer", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n[1", b"nonsense\r\n\r\n"]
)
def test_no_error_leads_to_the_token(
    answer: bytes, serve: Callable[..., Any], send: Callable[..., Any]
) -> None:
    error = send(serve(lambda _: answer))
    assert (error.__cause__, error.__context__, error.__traceback__) == (None, None, None)
    assert "t0ken" not in repr(error) + error.message + error.hint + repr(vars(error))


def test_the_authorization_is_in_no_text() -> None:
    assert "t0ken" not in f"{AUTH} {AUTH!r}"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example", "https://a.example:443/x?y"),
        ("http://a.example:80", "http://A.EXAMPLE./"),
        ("http://[::1]:8080", "http://[::1]:8080/x"),
    ],
)
def test_equal_origins(one: str, other: str) -> None:
    assert origin(one) == origin(other)


@pytest.mark.parametrize(
    "other",
    [
        "http://a.example",
        "https://a.example:8443",
        "https://b.example",
        "https://a.example.b.example",
        "https://a.example@b.example",
        "https://user@a.example",
        "https://a.example:x",
        "https://[a.example",
        "//a.example",
        "a.example",
        "",
    ],
)
def test_other_origins(other: str) -> None:
    assert origin(other) != origin("https://a.example")
