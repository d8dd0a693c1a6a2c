"""A body is taken in whole or refused, and the connection stays in step."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from reconciler.sandbox import Fault, Faults, Sandbox, SandboxOptions

if TYPE_CHECKING:
    from collections.abc import Callable

    import requests

    Launch = Callable[..., Sandbox]
    Connect = Callable[..., requests.Session]
    Body = Callable[..., dict[str, Any]]

PATH = "/api/v2/dialer/campaigns/CAM_001/schedules/S1"
JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize(
    ("length", "status"), [(10_000, 400), (10_001, 413), (300_000, 413), (5_000_000, 413)]
)
def test_a_body_beyond_the_limit_is_refused_and_the_answer_arrives(
    launch: Launch, connect: Connect, length: int, status: int, chunked: bool
) -> None:
    sandbox = launch(options=SandboxOptions(max_body=10_000))
    data = b" " * length
    answer = connect(sandbox).put(PATH, data=iter([data]) if chunked else data, headers=JSON)
    assert answer.status_code == status
    assert answer.json()["message"]
    assert [seen.status for seen in sandbox.log] == [status]


def raw(sandbox: Sandbox, text: str) -> str:
    """Sends bytes as they are and reads until the sandbox closes."""
    address = urlsplit(sandbox.base_uri)
    with socket.create_connection((address.hostname, address.port), timeout=5) as connection:
        connection.sendall(text.encode())
        connection.shutdown(socket.SHUT_WR)
        return connection.makefile("rb").read().decode()


CHUNKED = "PUT /x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
NEXT = "GET /y HTTP/1.1\r\nHost: localhost\r\n\r\n"


def test_a_chunked_body_nobody_asked_for_is_not_taken_for_the_next_request(launch: Launch) -> None:
    sandbox = launch(faults=Faults(Fault("503", method="PUT")))
    answer = raw(sandbox, CHUNKED + "3\r\nabc\r\n0\r\n\r\n" + NEXT)
    assert [(seen.method, seen.path, seen.status) for seen in sandbox.log] == [
        ("PUT", "/x", 503),
        ("GET", "/y", 404),
    ]
    assert answer.count("HTTP/1.1 ") == 2


def test_a_broken_chunk_is_refused_and_ends_the_connection(launch: Launch) -> None:
    sandbox = launch()
    answer = raw(sandbox, CHUNKED + "zz\r\nabc\r\n0\r\n\r\n" + NEXT)
    assert answer.startswith("HTTP/1.1 400 ")
    assert [seen.status for seen in sandbox.log] == [400]


def test_a_body_that_ends_early_is_not_written(launch: Launch, connect: Connect, body: Body) -> None:
    sandbox = launch()
    token = connect(sandbox).headers["Authorization"]
    head = f"PUT {PATH} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {token!s}\r\n"
    head += "Content-Type: application/json\r\nContent-Length: 5000\r\n\r\n"
    answer = raw(sandbox, head + json.dumps(body()))
    assert answer.startswith("HTTP/1.1 400 ")
    assert sandbox.store.schedules("CAM_001") == ()
