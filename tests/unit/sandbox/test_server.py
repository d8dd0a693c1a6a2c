"""The server starts, stops and fails without leaving anything behind."""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
import requests

from reconciler.sandbox.server import WIRE, LoopbackServer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIEnvironment


def hello(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Length", "5")])
    if environ["PATH_INFO"] == "/bye":
        environ[WIRE].hang_up()
    return [b"hello"]


def test_it_serves_between_start_and_stop_and_leaves_no_thread() -> None:
    before = threading.active_count()
    server = LoopbackServer("127.0.0.1", 0, hello)
    base_uri = server.start()
    assert requests.get(base_uri, timeout=5).text == "hello"
    server.stop()
    assert threading.active_count() == before
    with pytest.raises(requests.ConnectionError):
        requests.get(base_uri, timeout=5)


def test_it_stops_under_idle_connections_that_stay_open() -> None:
    server = LoopbackServer("127.0.0.1", 0, hello)
    address = urlsplit(server.start())
    idle = [socket.create_connection((address.hostname, address.port), timeout=5) for _ in range(70)]
    with requests.Session() as busy:
        assert busy.get(address.geturl(), timeout=5).text == "hello"
        server.stop()
    for connection in idle:
        connection.close()


def test_its_threads_never_keep_a_process_alive() -> None:
    before = set(threading.enumerate())
    server = LoopbackServer("127.0.0.1", 0, hello)
    server.start()
    try:
        assert all(thread.daemon for thread in set(threading.enumerate()) - before)
    finally:
        server.stop()


def test_an_address_that_is_taken_is_an_error() -> None:
    server = LoopbackServer("127.0.0.1", 0, hello)
    port = urlsplit(server.start()).port
    try:
        with pytest.raises(OSError, match="in use"):
            LoopbackServer("127.0.0.1", port or 0, hello).start()
    finally:
        server.stop()


def test_hanging_up_closes_the_connection_after_the_answer() -> None:
    server = LoopbackServer("127.0.0.1", 0, hello)
    base_uri = server.start()
    try:
        answer = requests.get(base_uri + "/bye", timeout=5)
        assert (answer.text, answer.headers["Connection"]) == ("hello", "close")
        assert "Connection" not in requests.get(base_uri, timeout=5).headers
    finally:
        server.stop()


def test_a_failing_application_is_a_500_and_not_the_end(capfd: pytest.CaptureFixture[str]) -> None:
    def failing(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/fail":
            raise RuntimeError("secret")
        return hello(environ, start_response)

    server = LoopbackServer("127.0.0.1", 0, failing)
    base_uri = server.start()
    try:
        answer = requests.get(base_uri + "/fail", timeout=5)
        assert (answer.status_code, "secret" in answer.text) == (500, False)
        assert requests.get(base_uri, timeout=5).status_code == 200
    finally:
        server.stop()
    assert capfd.readouterr() == ("", "")
