"""An end for every answer: the HTTP library's time-out starts anew with each byte, so a trickle would hold a worker for
hours.

The end is watched where the bytes come in, below status line, headers and body alike; no thread and no clock runs
beside the request.
"""

from __future__ import annotations

import http.client
import io
import socket
import time
from http import HTTPStatus
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

ANSWER_TIMES = 4
"""An answer has as many read time-outs to be whole, from when its request was sent: two minutes unless set otherwise."""
NOT_CONNECTED = "before the request was sent"
"""The note on an exception that ended the making of a connection. Its type says less: behind a proxy the HTTP library raises
the same for a connection that was lost after the request as for one that was never made."""

_NO_TIMEOUT = 3600.0  # seconds, for a socket that has none
_ANNOUNCEMENTS = 32  # answers with a status of 1xx that may come before the one that counts


class AnswerTimeoutError(TimeoutError):
    """The answer was not whole after so many `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds


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
        self._allowed = ANSWER_TIMES * self._patience
        self._end = time.monotonic() + self._allowed

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._end - time.monotonic()
        if left <= 0:
            raise AnswerTimeoutError(self._allowed)
        self._sock.settimeout(min(left, self._patience))
        try:
            return self._source.readinto(buffer)
        except TimeoutError:
            if left < self._patience:
                raise AnswerTimeoutError(self._allowed) from None
            raise

    def close(self) -> None:
        self._source.close()
        super().close()


class _Response(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **options: Any) -> None:
        super().__init__(sock, *args, **options)
        self.fp = io.BufferedReader(_TimedReader(sock, self.fp.detach()))

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


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


_POOLS = {"http": _Pool, "https": _SecurePool}
