"""The least that any program would need for the same work: the same requests sent bare, the same files parsed bare.

Bare requests are sent by as many threads as the program has, each with one open connection and the standard library's
HTTP client; an answer is read and thrown away. Bare parsing reads each file and takes libyaml's events as they come,
building nothing. What the program does above both (JSON, schema, defaults, checks, comparison, the plan's text) is
what the ratios are about.
"""

from __future__ import annotations

import base64
import http.client
import json
import threading
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from yaml._yaml import CParser
from yaml.events import StreamEndEvent

from tests.benchmarks.common import Cost, require, timed
from tests.benchmarks.fleet import CLIENT_ID, CLIENT_SECRET

_SCOPES = "dialer:campaigns:read dialer:schedules:write"
_API = "/api/v2/dialer/campaigns"


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request; the answer to it must have a status below 300."""

    method: str
    path: str
    body: bytes | None = None


def list_of(campaign: str) -> Exchange:
    """The read of one campaign's schedules."""
    return Exchange("GET", f"{_API}/{campaign}/schedules")


def get_of(campaign: str, schedule: str) -> Exchange:
    """The read of one schedule."""
    return Exchange("GET", f"{_API}/{campaign}/schedules/{schedule}")


def put_of(campaign: str, body: dict[str, object]) -> Exchange:
    """The write of one schedule."""
    return Exchange("PUT", f"{_API}/{campaign}/schedules/{body['id']}", json.dumps(body).encode())


def token(port: int) -> str:
    """A token with which everything here may be asked."""
    pair = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
    headers = {"Authorization": f"Basic {pair}", "Content-Type": "application/x-www-form-urlencoded"}
    form = urlencode({"grant_type": "client_credentials", "scope": _SCOPES})
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("POST", "/oauth/token", form, headers)
    answer = json.loads(connection.getresponse().read())
    connection.close()
    return str(answer["access_token"])


def send_bare(port: int, exchanges: Iterable[Exchange], workers: int) -> Cost:
    """What `workers` threads need for all exchanges; the token is got before."""
    headers = {"Authorization": f"Bearer {token(port)}", "Content-Type": "application/json"}
    waiting = deque(exchanges)
    answered: list[int] = []
    threads = [
        threading.Thread(target=_send, args=(port, headers, waiting, answered), daemon=True) for _ in range(workers)
    ]
    expected = len(waiting)

    def send() -> None:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    cost, _ = timed(send)
    require(len(answered) == expected and max(answered) < 300, "the tenant did not answer the bare requests")
    return cost


def _send(port: int, headers: dict[str, str], waiting: deque[Exchange], answered: list[int]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    while True:
        try:
            exchange = waiting.popleft()
        except IndexError:
            connection.close()
            return
        connection.request(exchange.method, exchange.path, exchange.body, headers)
        response = connection.getresponse()
        response.read()
        answered.append(response.status)


def parse_bare(files: Iterable[Path]) -> Cost:
    """What libyaml needs to read all files to their ends, one after the other."""

    def parse() -> None:
        for path in files:
            following = CParser(path.read_bytes()).get_event
            while type(following()) is not StreamEndEvent:
                pass

    return timed(parse)[0]
