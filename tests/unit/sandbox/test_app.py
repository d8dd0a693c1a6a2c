"""What happens to one request: it is taken in, met with a fault, answered and remembered."""

from __future__ import annotations

import json
import math
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
import requests

from reconciler.sandbox import Fault, Faults, Sandbox, SandboxOptions, Seen, Store
from reconciler.sandbox.app import KEPT

if TYPE_CHECKING:
    from collections.abc import Callable

    Launch = Callable[..., Sandbox]
    Connect = Callable[..., requests.Session]
    Body = Callable[..., dict[str, Any]]


def test_a_request_is_in_the_log_from_its_arrival_and_a_log_that_was_read_stays(
    launch: Launch, connect: Connect
) -> None:
    sandbox = launch()
    client = connect(sandbox)
    logs: list[tuple[Seen, ...]] = []
    sandbox.faults.add(Fault("edit-before", edit=lambda _store: logs.append(sandbox.log)))
    client.get(LIST)
    assert logs[0][-1] == Seen("GET", LIST, "")
    assert sandbox.log[-1].status == 200
    sandbox.clear_log()
    assert sandbox.log == ()


def test_the_oldest_requests_are_forgotten(launch: Launch) -> None:
    sandbox = launch()
    sandbox._log.extend(Seen("GET", f"/{number}", "") for number in range(KEPT + 2))
    assert (len(sandbox.log), sandbox.log[0].path) == (KEPT, "/2")


PATH = "/api/v2/dialer/campaigns/CAM_001/schedules/S1"
JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize(("length", "status"), [(10_000, 400), (10_001, 413), (300_000, 413), (5_000_000, 413)])
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


LIST = "/api/v2/dialer/campaigns/CAM_001/schedules"
S1 = f"{LIST}/S1"
HOOKS = "/api/v2/webhooks"
HOOK = {"name": "W", "url": "https://h.example/x", "events": [], "status": "ENABLED"}


@pytest.fixture
def meet(launch: Launch, connect: Connect) -> Callable[[Fault], tuple[Sandbox, requests.Session]]:
    """A sandbox, with a client that has its token already, and then the fault."""

    def met(fault: Fault) -> tuple[Sandbox, requests.Session]:
        sandbox = launch()
        client = connect(sandbox)
        sandbox.faults.add(fault)
        return sandbox, client

    return met


def held(sandbox: Sandbox) -> list[str]:
    return [schedule["id"] for schedule in sandbox.store.schedules("CAM_001")]


def last(sandbox: Sandbox) -> Seen:
    return sandbox.log[-1]


@pytest.mark.parametrize("commit", [None, True])
@pytest.mark.parametrize("status", [403, 409, 429, 500, 502, 503, 504])
def test_a_status_instead_of_the_answer(meet: Any, body: Body, status: int, commit: bool | None) -> None:
    sandbox, client = meet(Fault(str(status), method="PUT", commit=commit))
    answer = client.put(S1, json=body())
    assert answer.status_code == status
    assert answer.json()["message"]
    assert "Retry-After" not in answer.headers
    assert held(sandbox) == (["S1"] if commit else [])
    assert (last(sandbox).status, last(sandbox).decided) == (status, 201 if commit else 0)
    assert client.put(S1, json=body()).status_code == (200 if commit else 201)


SPOILED: dict[str, Callable[[requests.Response], bool]] = {
    "byte-order-mark": lambda answer: answer.content.startswith(b"\xef\xbb\xbf{"),
    "not-utf-8": lambda answer: b'{"spoiled":"\xff",' in answer.content,
    "nan": lambda answer: math.isnan(answer.json()["spoiled"]),
    "repeated-field": lambda answer: answer.text.count('"spoiled"') == 2,
    "deep": lambda answer: b"[" * 900 in answer.content,
    "no-content": lambda answer: (answer.status_code, answer.content) == (204, b""),
    "weak-etag": lambda answer: answer.headers["ETag"].startswith('W/"'),
    "new-etag": lambda answer: len(answer.headers["ETag"]) == 18,
    "odd-link": lambda answer: answer.headers["Link"] == "<?page=2>; rel='next'",
}


@pytest.mark.parametrize("kind", sorted(SPOILED))
def test_an_answer_with_one_thing_wrong_about_it(meet: Any, body: Body, kind: str) -> None:
    sandbox, client = meet(Fault(kind, method="PUT"))
    assert SPOILED[kind](client.put(S1, json=body()))
    assert held(sandbox) == ["S1"]
    assert last(sandbox).decided == 201


def test_an_answer_that_only_says_that_it_is_compressed(meet: Any, body: Body) -> None:
    sandbox, client = meet(Fault("broken-gzip", method="PUT"))
    with pytest.raises(requests.exceptions.ContentDecodingError):
        client.put(S1, json=body())
    assert held(sandbox) == ["S1"]


def test_without_etags_there_is_none_to_spoil(launch: Launch, connect: Connect, body: Body) -> None:
    sandbox = launch(options=SandboxOptions(etags=False), faults=Faults(Fault("weak-etag", method="PUT")))
    assert "ETag" not in connect(sandbox).put(S1, json=body()).headers


@pytest.mark.parametrize("retry_after", ["0", "7", "Sun, 22 Nov 2026 08:00:00 GMT", "soon"])
def test_a_status_may_say_when_to_come_back(meet: Any, body: Body, retry_after: str) -> None:
    _, client = meet(Fault("429", retry_after=retry_after))
    assert client.put(S1, json=body()).headers["Retry-After"] == retry_after


@pytest.mark.parametrize(("kind", "written"), [("reset-before", []), ("reset-after", ["S1"])])
def test_a_reset_connection(meet: Any, body: Body, kind: str, written: list[str]) -> None:
    sandbox, client = meet(Fault(kind))
    with pytest.raises(requests.ConnectionError, match="reset by peer"):
        client.put(S1, json=body())
    assert held(sandbox) == written
    assert (last(sandbox).status, last(sandbox).decided, last(sandbox).fault) == (
        0,
        201 if written else 0,
        kind,
    )
    assert client.get(LIST).status_code == 200


def test_an_answer_cut_short(meet: Any, body: Body) -> None:
    sandbox, client = meet(Fault("truncated"))
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="more expected"):
        client.put(S1, json=body())
    assert held(sandbox) == ["S1"]
    assert client.get(LIST).status_code == 200


def test_an_answer_cut_short_without_a_write(meet: Any, body: Body) -> None:
    sandbox, client = meet(Fault("truncated", commit=False))
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        client.put(S1, json=body())
    assert held(sandbox) == []


@pytest.mark.parametrize("commit", [False, True])
@pytest.mark.parametrize("status", [None, 200])
def test_a_page_instead_of_json(meet: Any, body: Body, status: int | None, commit: bool) -> None:
    sandbox, client = meet(Fault("html", status=status, commit=commit))
    answer = client.put(S1, json=body())
    assert (answer.status_code, answer.text[:9]) == (status or 502, "<!DOCTYPE")
    assert answer.headers["Content-Type"].startswith("text/html")
    assert held(sandbox) == ["S1"] * commit


@pytest.mark.parametrize("commit", [False, True])
def test_json_that_breaks_off(meet: Any, body: Body, commit: bool) -> None:
    sandbox, client = meet(Fault("malformed-json", commit=commit))
    answer = client.put(S1, json=body())
    assert answer.status_code == 200
    with pytest.raises(requests.exceptions.JSONDecodeError):
        answer.json()
    assert held(sandbox) == ["S1"] * commit


@pytest.mark.parametrize("status", [None, 307])
def test_a_redirect(meet: Any, body: Body, status: int | None) -> None:
    sandbox, client = meet(Fault("redirect", location="http://127.0.0.1:9/x", status=status))
    answer = client.put(S1, json=body())
    assert (answer.status_code, answer.headers["Location"]) == (status or 302, "http://127.0.0.1:9/x")
    assert held(sandbox) == []


def test_another_page_link(meet: Any) -> None:
    _, client = meet(Fault("link", location="https://elsewhere.example/x"))
    answer = client.get(LIST)
    assert answer.json() == []
    assert answer.links["next"]["url"] == "https://elsewhere.example/x"


def test_a_401_that_does_not_last(meet: Any) -> None:
    _, client = meet(Fault("401-once"))
    answer = client.get(LIST)
    assert (answer.status_code, answer.headers["WWW-Authenticate"][:6]) == (401, "Bearer")
    assert client.get(LIST).status_code == 200


def test_a_token_that_expires_under_way(meet: Any, connect: Connect) -> None:
    sandbox, client = meet(Fault("expire-token", nth=2))
    assert [client.get(LIST).status_code for _ in range(3)] == [200, 401, 401]
    assert connect(sandbox).get(LIST).status_code == 200


@pytest.mark.parametrize("commit", [True, False])
def test_a_stall_outlasts_the_client(meet: Any, body: Body, commit: bool) -> None:
    sandbox, client = meet(Fault("stall", commit=commit))
    with pytest.raises(requests.ReadTimeout):
        client.put(S1, json=body(), timeout=1)
    assert (last(sandbox).status, last(sandbox).fault) == (0, "stall")
    assert held(sandbox) == ["S1"] * commit
    assert client.get(LIST).status_code == 200


@pytest.mark.parametrize("commit", [True, False])
def test_a_stall_that_is_released_answers(meet: Any, body: Body, commit: bool) -> None:
    release = threading.Event()
    sandbox, client = meet(Fault("stall", commit=commit, release=release))
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(client.put, S1, json=body())
        release.set()
        assert waiting.result(5).status_code == 201
    assert held(sandbox) == ["S1"]


def test_a_stall_does_not_keep_the_sandbox_from_stopping(meet: Any, body: Body) -> None:
    arrived = threading.Event()
    sandbox, client = meet(Fault("stall", commit=False))
    sandbox.faults.add(Fault("edit-before", edit=lambda _store: arrived.set()))
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(client.put, S1, json=body())
        assert arrived.wait(5)
        sandbox.stop()
        with pytest.raises(requests.ConnectionError):
            waiting.result(5)


def test_a_dropped_write_is_answered_as_if_it_were_there(meet: Any, body: Body) -> None:
    sandbox, client = meet(Fault("drop"))
    answer = client.put(S1, json=body())
    assert (answer.status_code, answer.json()["id"]) == (201, "S1")
    assert held(sandbox) == []


def test_a_dropped_webhook(meet: Any) -> None:
    sandbox, client = meet(Fault("drop"))
    assert client.post(HOOKS, json=HOOK).status_code == 201
    assert sandbox.store.webhooks == ()


@pytest.mark.parametrize(("sent", "stored"), [(5000, 4999), (1, 2)])
def test_a_clamped_number_is_stored_and_answered(meet: Any, body: Body, sent: int, stored: int) -> None:
    sandbox, client = meet(Fault("clamp"))
    wanted = body()
    wanted["scheduleDetails"][0]["maxCallsPerDay"] = sent
    answer = client.put(S1, json=wanted)
    assert answer.status_code == 201
    for schedule in (answer.json(), sandbox.store.schedules("CAM_001")[0]):
        assert schedule["scheduleDetails"][0]["maxCallsPerDay"] == stored


@pytest.mark.parametrize(("commit", "name"), [(None, "new"), (False, "Weekday calling")])
def test_an_answer_with_what_was_there_before(meet: Any, body: Body, commit: bool | None, name: str) -> None:
    sandbox, client = meet(Fault("echo-old", method="PUT", nth=2, commit=commit))
    before = client.put(S1, json=body()).json()
    answer = client.put(S1, json=body(name="new"))
    assert (answer.status_code, answer.json()) == (200, before)
    assert sandbox.store.schedules("CAM_001")[0]["name"] == name


def test_an_answer_with_what_was_there_before_a_create(meet: Any, body: Body) -> None:
    _, client = meet(Fault("echo-old"))
    assert client.put(S1, json=body()).json() == {}


@pytest.mark.parametrize(
    ("kind", "read", "left"), [("edit-before", "edited", "edited"), ("edit-after", "first", "edited")]
)
def test_an_edit_in_the_console_around_a_request(meet: Any, body: Body, kind: str, read: str, left: str) -> None:
    sandbox, client = meet(Fault(kind, method="GET", edit=lambda store: store.put("CAM_001", body(name="edited"))))
    sandbox.store.put("CAM_001", body(name="first"))
    assert client.get(S1).json()["name"] == read
    assert sandbox.store.schedules("CAM_001")[0]["name"] == left


def test_the_token_endpoint_meets_faults_too(launch: Launch, connect: Connect) -> None:
    sandbox = launch(faults=Faults(Fault("503", path="^/oauth/token$")))
    client = connect(sandbox, "")
    form = {"grant_type": "client_credentials", "scope": "webhooks:read"}
    statuses = [
        client.post("/oauth/token", data=form, auth=(sandbox.client_id, sandbox.client_secret)).status_code
        for _ in range(2)
    ]
    assert statuses == [503, 200]


SPACED = "/api/v2/dialer/campaigns/CAM_001/schedules/S%201"


def test_every_request_is_remembered_with_what_came_of_it(launch: Launch, connect: Connect, body: Body) -> None:
    sandbox = launch(faults=Faults(Fault("503", method="PUT", nth=2)))
    client = connect(sandbox, "dialer:schedules:write dialer:campaigns:read")
    for _ in range(2):
        client.put(SPACED, json=body("S 1"))
    client.get(SPACED + "?a=%20b")
    client.get("/nothing")
    scopes = "dialer:campaigns:read dialer:schedules:write"
    assert sandbox.log == (
        Seen("PUT", SPACED, "", 201, scopes, 201, ""),
        Seen("PUT", SPACED, "", 503, "", 0, "503"),
        Seen("GET", SPACED, "a=%20b", 200, scopes, 200, ""),
        Seen("GET", "/nothing", "", 404, "", 404, ""),
    )


def test_a_token_request_is_remembered_with_the_scopes_that_it_asked_for(launch: Launch, connect: Connect) -> None:
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
def test_a_connection_serves_one_request_after_the_other(launch: Launch, connect: Connect, method: str) -> None:
    client = connect(launch())
    answers = [client.request(method, "/api/v2/dialer/campaigns") for _ in range(20)]
    assert {answer.status_code for answer in answers} == {200}
    assert not any("close" in answer.headers.get("Connection", "") for answer in answers)
