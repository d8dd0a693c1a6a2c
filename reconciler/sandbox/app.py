"""The WSGI application: takes a request in, meets it with the fault that is due, answers it, remembers it.

A body is taken in before anything is decided. Whatever the answer is, the connection then stands at the start of the next
request, and a client that is still sending never has its answer swallowed by a reset.
"""

from __future__ import annotations

import io
import secrets
import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol
from wsgiref.types import StartResponse, WSGIEnvironment

from werkzeug import Request, Response

from .api import Seen
from .bodies import json_answer, refusal
from .faults import EDITS, LIES, SPOILED, Fault, Faults
from .options import SandboxOptions
from .server import WIRE, Wire

Act = Callable[[Fault | None], Response]

KEPT = 100_000
"""Requests that are remembered; a sandbox that runs for days forgets the oldest."""

_DRAINED = 16_000_000
_CHUNK = 65_536
_PAGE = "<!DOCTYPE html>\n<html><head><title>Gateway</title></head><body><h1>Something went wrong</h1></body></html>\n"
_POLL = 0.01
_MEMBERS = {
    "not-utf-8": b'"spoiled":"\xff"',
    "nan": b'"spoiled":NaN',
    "repeated-field": b'"spoiled":1,"spoiled":2',
    "deep": b'"spoiled":' + b"[" * 900 + b"]" * 900,
}


def take_body(environ: WSGIEnvironment, limit: int) -> Response | None:
    """Reads the body into memory. Returns a refusal, after which the connection must close, where that fails.

    `limit`: bytes that a body may have; a longer one is read (up to a bound) and thrown away.
    """
    stream = environ["wsgi.input"]
    taken = bytearray()
    try:
        while len(taken) <= limit and (chunk := stream.read(_CHUNK)):
            taken += chunk
        left = _DRAINED if len(taken) > limit else 0
        while left > 0 and (chunk := stream.read(_CHUNK)):
            left -= len(chunk)
    except (OSError, ValueError) as error:
        return refusal(400, f"the body cannot be read: {error}")
    if len(taken) > limit:
        return refusal(413, f"the body is longer than {limit} bytes")
    if len(taken) < int(environ.get("CONTENT_LENGTH") or 0):
        return refusal(400, "the body ended before its Content-Length")
    environ["wsgi.input"] = io.BytesIO(taken)
    environ["CONTENT_LENGTH"] = str(len(taken))
    return None


def _spoiled(kind: str, own: Response) -> Response:
    """The tenant's own answer with one thing wrong about it."""
    body = own.get_data()
    match kind:
        case "byte-order-mark":
            own.set_data(b"\xef\xbb\xbf" + body)
        case "broken-gzip":
            own.headers["Content-Encoding"] = "gzip"
        case "no-content":
            return Response(status=204)
        case "weak-etag" | "new-etag":
            if "ETag" in own.headers:
                new = "W/" + own.headers["ETag"] if kind == "weak-etag" else f'"{secrets.token_hex(8)}"'
                own.headers["ETag"] = new
        case "odd-link":
            own.headers["Link"] = "<?page=2>; rel='next'"
        case _:
            own.set_data(body.replace(b"{", b"{" + _MEMBERS[kind] + b",", 1))
    return own


def _broken(fault: Fault, own: Response | None, wire: Wire) -> Response | None:
    """An answer in place of the tenant's `own` (None: it did not act), or none."""
    match fault.kind:
        case "reset-before" | "reset-after":
            wire.reset()
            return None
        case "truncated":  # the answer with its true Content-Length, and half of its body
            whole = own or json_answer('{"message":"cut short"}')
            body = whole.get_data()
            cut = Response(body[: len(body) // 2], whole.status_code, whole.headers)
            cut.headers["Content-Length"] = str(max(len(body), 1))
            wire.hang_up()
            return cut
        case "html":
            return Response(_PAGE, fault.status or 502, content_type="text/html; charset=utf-8")
        case "malformed-json":
            return json_answer('{"id": "a1b2', fault.status or 200)
        case "redirect":
            return Response("", fault.status or 302, {"Location": fault.location or ""})
        case _:
            headers = {} if fault.retry_after is None else {"Retry-After": fault.retry_after}
            if fault.answered == 401:
                headers["WWW-Authenticate"] = 'Bearer error="invalid_token"'
            return refusal(fault.answered or 500, "an injected fault", headers=headers)


class Answers(Protocol):
    """One API of a tenant: `respond` answers a request, telling the lie that it is given, and never raises for anything that
    a client can send."""

    @property
    def store(self) -> Any: ...

    @property
    def options(self) -> SandboxOptions: ...

    @property
    def tokens(self) -> Revocable: ...

    def respond(self, request: Request, visit: Seen, lie: Fault | None = None) -> Response: ...


class Revocable(Protocol):
    """Tokens that can be made unknown, all at once."""

    def revoke(self) -> None: ...


@dataclass(frozen=True, eq=False)
class App:
    """One tenant's application."""

    api: Answers
    faults: Faults
    log: deque[Seen]
    _closing: threading.Event = field(default_factory=threading.Event)

    def close(self) -> None:
        """Ends delays and stalls, so that the server can stop at once."""
        self._closing.set()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path, _, query = environ["REQUEST_URI"].partition("?")
        visit = Seen(environ["REQUEST_METHOD"], path, query)
        self.log.append(visit)
        response = take_body(environ, self.api.options.max_body)
        if response is None:
            response = self._meet(Request(environ), visit)
        else:
            environ[WIRE].hang_up()
            visit.decided = response.status_code
        if self.api.options.latency:
            self._closing.wait(self.api.options.latency)
        if response is None:
            return ()
        visit.status = response.status_code
        return response(environ, start_response)

    def _meet(self, request: Request, visit: Seen) -> Response | None:
        def act(lie: Fault | None) -> Response:
            response = self.api.respond(request, visit, lie)
            visit.decided = response.status_code
            return response

        met = self.faults.hits(visit.method, visit.path, visit.query)
        self._edit(met, "edit-before")
        fault = next((one for one in met if one.kind not in EDITS), None)
        if fault is None:
            response: Response | None = act(None)
        else:
            visit.fault = fault.kind
            response = self._inject(fault, act, request.environ[WIRE])
        self._edit(met, "edit-after")
        return response

    def _inject(self, fault: Fault, act: Act, wire: Wire) -> Response | None:
        """The answer to a request that meets `fault`, None where none is sent.

        `act` lets the tenant act on the request, telling the lie that it is given; it is called at most once.
        """
        match fault.kind:
            case kind if kind in LIES:
                return act(fault)
            case "stall":
                return self._stall(fault, act, wire)
            case "expire-token":
                self.api.tokens.revoke()
                return act(None)
            case "link":
                linked = act(None)
                linked.headers["Link"] = f'<{fault.location}>; rel="next"'
                return linked
            case kind if kind in SPOILED:
                return _spoiled(kind, act(None))
            case _:
                return _broken(fault, act(None) if fault.acts else None, wire)

    def _stall(self, fault: Fault, act: Act, wire: Wire) -> Response | None:
        """Acts at once and answers late or, where it does not commit, acts late if the client is still there."""
        own = act(None) if fault.acts else None
        while not self._closing.is_set() and not wire.client_gone(_POLL):
            if fault.release is not None and fault.release.is_set():
                return own or act(None)
        wire.reset()
        return None

    def _edit(self, met: tuple[Fault, ...], when: str) -> None:
        for fault in met:
            if fault.kind == when and fault.edit is not None:
                fault.edit(self.api.store)
