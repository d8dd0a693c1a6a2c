"""Connections to a tenant: every answer has an end, and how far a request came is known when one fails.

The HTTP library's time-out starts anew with each byte, so a trickle would hold a worker for hours. The end is watched where the
bytes come in, below status line, headers and body alike; no thread and no clock runs beside the request. Of an exception of
the library nothing is kept but plain words: it leads to the request, and so to the token.
"""

from __future__ import annotations

import http.client
import io
import re
import socket
import ssl
import time
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import urllib3.exceptions
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from ..errors import RefusalError, TenantError, UnreachableError
from ..settings import RequestLimits
from .answers import HINT_PROXY, Call, named

ANSWER_TIMES = 4
"""An answer has as many read time-outs to be whole, from when its request was sent: two minutes unless set otherwise."""
NOT_CONNECTED = "before the request was sent"
"""The note on an exception that ended the making of a connection. Its type says less: behind a proxy the HTTP library raises
the same for a connection that was lost after the request as for one that was never made."""
NOT_WHOLE = "before the answer was whole"
"""What an exception is about that ended an answer which took too long, though bytes still came."""

FAILURES = (urllib3.exceptions.HTTPError, http.client.HTTPException, OSError, ValueError)
"""What an exchange can end with that is not an answer; all errors of requests are OSErrors."""

_AT_ONCE = 65536  # bytes that are taken from a socket where they are there: each call lets another thread in
_NO_TIMEOUT = 3600.0  # seconds, for a socket that has none
_ANNOUNCEMENTS = 32  # answers with a status of 1xx that may come before the one that counts
_TUNNEL_REFUSED = re.compile(r"Tunnel connection failed: ([0-9]{3})\b")  # how the standard library words it
_HINT_NEVER_SENT = "check the base URI, the network and the proxy; nothing was sent"
_HINT_LOST = "try again; if it goes on, look at the network on the way to the tenant, and raise requests.readTimeout"


class DeadlineAdapter(HTTPAdapter):
    """The adapter of requests, with an end for every answer."""

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """The manager of all direct connections."""
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, *args: Any, **options: Any) -> Any:
        """The manager of all connections through a proxy."""
        manager = super().proxy_manager_for(*args, **options)
        manager.pool_classes_by_scheme = _POOLS
        return manager


class _TimedReader(io.RawIOBase):
    """What comes in on a socket, until its time is over."""

    def __init__(self, sock: socket.socket, source: io.RawIOBase) -> None:
        super().__init__()
        self._sock = sock
        self._source = source
        self._patience = sock.gettimeout() or _NO_TIMEOUT  # seconds without a byte
        self._end = time.monotonic() + ANSWER_TIMES * self._patience

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError(NOT_WHOLE)
        self._sock.settimeout(min(left, self._patience))
        try:
            return self._source.readinto(buffer)
        except TimeoutError:
            if left < self._patience:
                raise TimeoutError(NOT_WHOLE) from None
            raise

    def close(self) -> None:
        self._source.close()
        super().close()


class _Response(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **options: Any) -> None:
        super().__init__(sock, *args, **options)
        self.fp = io.BufferedReader(_TimedReader(sock, self.fp.detach()), _AT_ONCE)

    def begin(self) -> None:
        """Reads status and headers, of the last answer: those that only announce it are none (RFC 9110, 15.2)."""
        for _ in range(_ANNOUNCEMENTS):
            super().begin()
            if self.status == HTTPStatus.SWITCHING_PROTOCOLS or self.status >= HTTPStatus.OK:
                return
            vars(self)["headers"] = None  # so that `begin` reads on
        raise http.client.HTTPException


class _Connection(HTTPConnection):
    response_class = _Response

    def connect(self) -> None:
        """Finds the host and connects, with the proxy's tunnel and the handshake of TLS where there are any."""
        try:
            super().connect()
        except Exception as error:
            error.add_note(NOT_CONNECTED)
            raise


class _SecureConnection(_Connection, HTTPSConnection):
    pass


_POOLS = {
    "http": type("_Pool", (HTTPConnectionPool,), {"ConnectionCls": _Connection}),
    "https": type("_SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": _SecureConnection}),
}


def failure(error: Exception, call: Call, host: str, limits: RequestLimits) -> TenantError:
    """The error for an exception: an UnreachableError, whose `sent` is False only if no connection was made, and True after
    anything unknown; a RefusalError where a proxy wants to know who asks, because asking again would only lock out."""
    chain = tuple(_chain(error))
    if _proxy_status(chain) == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        return RefusalError(
            f"could not {call.action}: the proxy on the way to {host} refused with {named(407)}",
            status=407,
            hint=HINT_PROXY,
        )
    never_sent = any(NOT_CONNECTED in getattr(link, "__notes__", ()) for link in chain)
    return UnreachableError(
        f"could not {call.action}: {_reason(chain, host, limits, never_sent=never_sent)}",
        hint=_HINT_NEVER_SENT if never_sent else _HINT_LOST,
        sent=not never_sent,
        trusted=not (never_sent and any(isinstance(link, ssl.SSLError) for link in chain)),
    )


def cut_short(call: Call, host: str) -> UnreachableError:
    """The error for an answer with fewer bytes than it promised."""
    return UnreachableError(f"could not {call.action}: {host} cut its answer short", hint=_HINT_LOST)


def _reason(chain: tuple[BaseException, ...], host: str, limits: RequestLimits, *, never_sent: bool) -> str:
    for link in chain:
        if isinstance(link, ssl.SSLCertVerificationError):
            return f"the certificate of {host} cannot be trusted ({link.verify_message})"
        if never_sent and isinstance(link, urllib3.exceptions.ProxyError):
            status = _proxy_status(chain)
            return f"the proxy does not lead to {host}" + (f" ({named(status)})" if status else "")
        if isinstance(link, urllib3.exceptions.ReadTimeoutError):
            if any(NOT_WHOLE in error.args for error in chain):
                return f"{host} did not finish its answer within {ANSWER_TIMES * limits.read_timeout:g} s"
            return f"{host} did not answer within {limits.read_timeout:g} s"
    system = next((link.strerror for link in chain if isinstance(link, OSError) and link.strerror), None)
    detail = f" ({system})" if system else ""
    if not never_sent:
        return f"the connection to {host} was lost before the answer was whole{detail}"
    if any(type(link) is urllib3.exceptions.ConnectTimeoutError for link in chain):  # not its subclasses
        return f"no connection to {host} within {limits.connect_timeout:g} s"
    return f"no connection to {host}{detail}"


def _proxy_status(chain: tuple[BaseException, ...]) -> int | None:
    """With which status a proxy refused to lead on, None where it did not."""
    texts = (str(error.args[0]) for error in chain if isinstance(error, OSError) and error.args)
    match = next(filter(None, map(_TUNNEL_REFUSED.match, texts)), None)
    return int(match[1]) if match else None


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An exception and all that it was made from, the outermost first."""
    waiting: list[object] = [error]
    seen: set[int] = set()
    while waiting:
        link = waiting.pop(0)
        if isinstance(link, BaseException) and id(link) not in seen:
            seen.add(id(link))
            yield link
            waiting += [*link.args, getattr(link, "reason", None), link.__cause__, link.__context__]
