"""What a fault does to one request: around the tenant's act, and on the wire."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from werkzeug import Response

from .answers import json_text, refusal
from .faults import LIES, SPOILED

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    from .faults import Fault
    from .server import Wire
    from .tokens import Tokens

    Act = Callable[[Fault | None], Response]

_PAGE = "<!DOCTYPE html>\n<html><head><title>Gateway</title></head><body><h1>Something went wrong</h1></body></html>\n"
_POLL = 0.01
_MEMBERS = {
    "not-utf-8": b'"spoiled":"\xff"',
    "nan": b'"spoiled":NaN',
    "repeated-field": b'"spoiled":1,"spoiled":2',
    "deep": b'"spoiled":' + b"[" * 900 + b"]" * 900,
}


def inject(
    fault: Fault, act: Act, *, wire: Wire, tokens: Tokens, closing: threading.Event
) -> Response | None:
    """The answer to a request that meets `fault`, None where none is sent.

    `act` lets the tenant act on the request, telling the lie that it is given; it is called at most once. `closing`
    is set when the sandbox stops.
    """
    match fault.kind:
        case kind if kind in LIES:
            return act(fault)
        case "stall":
            return _stall(fault, act, wire, closing)
        case "expire-token":
            tokens.revoke()
            return act(None)
        case "link":
            linked = act(None)
            linked.headers["Link"] = f'<{fault.location}>; rel="next"'
            return linked
        case kind if kind in SPOILED:
            return _spoiled(kind, act(None))
        case _:
            return _broken(fault, act(None) if fault.acts else None, wire)


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
        case "truncated":
            return _truncated(own or json_text('{"message":"cut short"}'), wire)
        case _:
            return _instead(fault)


def _instead(fault: Fault) -> Response:
    match fault.kind:
        case "html":
            return Response(_PAGE, fault.status or 502, content_type="text/html; charset=utf-8")
        case "malformed-json":
            return json_text('{"id": "a1b2', fault.status or 200)
        case "redirect":
            return Response("", fault.status or 302, {"Location": fault.location or ""})
        case _:
            headers = {} if fault.retry_after is None else {"Retry-After": fault.retry_after}
            if fault.answered == 401:
                headers["WWW-Authenticate"] = 'Bearer error="invalid_token"'
            return refusal(fault.answered or 500, "an injected fault", headers=headers)


def _truncated(whole: Response, wire: Wire) -> Response:
    """The answer with its true Content-Length, and half of its body."""
    body = whole.get_data()
    cut = Response(body[: len(body) // 2], whole.status_code, whole.headers)
    cut.headers["Content-Length"] = str(max(len(body), 1))
    wire.hang_up()
    return cut


def _stall(fault: Fault, act: Act, wire: Wire, closing: threading.Event) -> Response | None:
    """Acts at once and answers late or, where it does not commit, acts late if the client is still there."""
    own = act(None) if fault.acts else None
    while not closing.is_set() and not wire.client_gone(_POLL):
        if fault.release is not None and fault.release.is_set():
            return own or act(None)
    wire.reset()
    return None
