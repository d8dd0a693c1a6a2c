"""A gateway that garbles what the tenant answered: what was written is neither repeated nor blamed on somebody else."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.support.apply_world import PLANNED, World, complete
from tests.support.server import RawServer, Received

TWO_LENGTHS = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 310\r\n\r\n{}"


@pytest.fixture
def gateway(world: World) -> Iterator[RawServer]:
    """Leads every request on to the sandbox, and answers a PUT and a webhook's POST with two lengths."""
    host = world.box.base_uri.removeprefix("http://")

    def script(received: Received) -> bytes:
        onward = http.client.HTTPConnection(host)
        headers = {name: value for name, value in received.headers.items() if name != "host"}
        onward.request(received.method, received.path, received.body, headers)
        answer = onward.getresponse()
        body = answer.read()
        onward.close()
        if received.method == "PUT" or (received.method == "POST" and "webhooks" in received.path):
            return TWO_LENGTHS
        fields = {"Content-Length": str(len(body)), "ETag": answer.headers["ETag"]}
        head = [
            f"HTTP/1.1 {answer.status} X",
            *(f"{name}: {value}" for name, value in fields.items() if value),
        ]
        return "\r\n".join((*head, "", "")).encode() + body

    server = RawServer(script, None)
    yield server
    server.stop()


def test_an_answer_with_two_lengths_leaves_open_what_was_done(world: World, gateway: RawServer) -> None:
    behind = {**world.environ, "CXONE_BASE_URI": gateway.base_uri}

    applied = world.apply(replace(world.options, environ=behind))

    assert [complete(result) for result in applied.results] == [True]
    assert world.puts() == len(PLANNED)
    assert set(world.writes().values()) <= {1, 2}
    names = [hook["name"] for hook in world.box.store.webhooks]
    assert len(names) == len(set(names))
