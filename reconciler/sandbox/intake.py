"""Takes a request's body in before anything is decided.

Whatever the answer is, the connection then stands at the start of the next request, and a client that is still
sending never has its answer swallowed by a reset.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from .answers import refusal

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment
    from werkzeug import Response

_DRAINED = 16_000_000
_CHUNK = 65_536


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
