"""Every request is remembered, delays wait side by side and end with the sandbox."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from reconciler.sandbox import Fault, Faults, Sandbox, SandboxOptions, Seen, Store

if TYPE_CHECKING:
    from collections.abc import Callable

    import requests

    Launch = Callable[..., Sandbox]
    Connect = Callable[..., requests.Session]
    Body = Callable[..., dict[str, Any]]

S1 = "/api/v2/dialer/campaigns/CAM_001/schedules/S%201"


def test_every_request_is_remembered_with_what_came_of_it(
    launch: Launch, connect: Connect, body: Body
) -> None:
    sandbox = launch(faults=Faults(Fault("503", method="PUT", nth=2)))
    client = connect(sandbox, "dialer:schedules:write dialer:campaigns:read")
    for _ in range(2):
        client.put(S1, json=body("S 1"))
    client.get(S1 + "?a=%20b")
    client.get("/nothing")
    scopes = "dialer:campaigns:read dialer:schedules:write"
    assert sandbox.log == (
        Seen("PUT", S1, "", 201, scopes, 201, ""),
        Seen("PUT", S1, "", 503, "", 0, "503"),
        Seen("GET", S1, "a=%20b", 200, scopes, 200, ""),
        Seen("GET", "/nothing", "", 404, "", 404, ""),
    )


def test_a_token_request_is_remembered_with_the_scopes_that_it_asked_for(
    launch: Launch, connect: Connect
) -> None:
    sandbox = launch()
    client = connect(sandbox, "")
    client.post("/oauth/token", data={"scope": "webhooks:read nonsense"})
    assert [(seen.status, seen.scope) for seen in sandbox.log] == [(401, "webhooks:read nonsense")]


def test_a_delay_ends_when_the_sandbox_stops(launch: Launch, connect: Connect) -> None:
    arrived = threading.Event()
    sandbox = launch()
    token = connect(sandbox).headers["Authorization"]
    assert token
    slow = launch(
        options=SandboxOptions(latency=3600),
        faults=Faults(Fault("edit-before", edit=lambda _store: arrived.set())),
    )
    client = connect(slow, "")
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(client.get, "/nothing", timeout=30)
        assert arrived.wait(5)
        slow.stop()
        assert waiting.result(5).status_code == 404


def test_delayed_answers_wait_side_by_side(launch: Launch, connect: Connect) -> None:
    """40 requests are under way at once: each is let go only when all have arrived."""
    together = threading.Barrier(40, timeout=10)

    def wait(_store: Store) -> None:
        together.wait()

    sandbox = launch(faults=Faults(Fault("edit-before", times=None, edit=wait)))
    clients = [connect(sandbox, "") for _ in range(40)]
    with ThreadPoolExecutor(40) as pool:
        statuses = list(pool.map(lambda client: client.get("/nothing").status_code, clients))
    assert statuses == [404] * 40


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_connection_serves_one_request_after_the_other(
    launch: Launch, connect: Connect, method: str
) -> None:
    client = connect(launch())
    answers = [client.request(method, "/api/v2/dialer/campaigns") for _ in range(20)]
    assert {answer.status_code for answer in answers} == {200}
    assert not any("close" in answer.headers.get("Connection", "") for answer in answers)
