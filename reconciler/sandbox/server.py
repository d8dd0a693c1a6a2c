"""The HTTP server: cheroot on loopback, with the one thing added that faults need, a hand on the raw connection.

Idle connections wait in cheroot's selector and hold no thread, so the threads bound the requests that are in flight
(a sleeping answer included), not the connections. A few threads start with the server, more when they are needed:
hundreds of tests start a sandbox each for a handful of requests.
"""

from __future__ import annotations

import contextlib
import logging
import selectors
import socket
import struct
import threading
from concurrent.futures import Future
from typing import Any
from weakref import WeakSet
from wsgiref.types import WSGIApplication

from cheroot.server import HTTPConnection
from cheroot.wsgi import Gateway_10, Server

WIRE = "reconciler.sandbox.wire"
"""The key of the request's Wire in the WSGI environment."""

_THREADS = (4, 48)
_BACKLOG = 128
_IDLE_SECONDS = 120
_ABORT = struct.pack("ii", 1, 0)

_logger = logging.getLogger(__name__)


class Wire:
    """The connection of one request, for faults that are not an HTTP answer."""

    def __init__(self, request: Any) -> None:
        self._request = request

    def reset(self) -> None:
        """Sends nothing (more) and resets the connection (TCP RST) when the request ends."""
        self._request.conn.resets = True
        self._request.sent_headers = True
        self._request.close_connection = True

    def hang_up(self) -> None:
        """Closes the connection after the answer."""
        self._request.close_connection = True

    def client_gone(self, timeout: float) -> bool:
        """Waits up to `timeout` seconds for the client to hang up; whether it has."""
        connection = self._request.conn.socket
        with selectors.DefaultSelector() as selector:
            selector.register(connection, selectors.EVENT_READ)
            if not selector.select(timeout):
                return False
        try:
            return not connection.recv(1, socket.MSG_PEEK)
        except OSError:
            return True


class _Connection(HTTPConnection):
    resets = False

    def close(self) -> None:
        if self.resets:
            # Lingering for 0 seconds makes close() send RST; cheroot's shutdown() would send FIN before.
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ABORT)
            self.rfile.close()
            self.socket.close()
        else:
            super().close()


class _Gateway(Gateway_10):
    def __init__(self, req: Any) -> None:
        super().__init__(req)
        self.env[WIRE] = Wire(req)


class _Server(Server):
    ConnectionClass = _Connection
    keep_alive_conn_limit = 10_000

    def __init__(self, address: tuple[str, int], app: WSGIApplication) -> None:
        super().__init__(
            address,
            app,
            numthreads=_THREADS[0],
            max=_THREADS[1],
            server_name="sandbox",
            request_queue_size=_BACKLOG,
            timeout=_IDLE_SECONDS,
            shutdown_timeout=1,
        )
        self.gateway = _Gateway
        self.accepted: WeakSet[_Connection] = WeakSet()

    @staticmethod
    def bind_socket(socket_: socket.socket, bind_addr: Any) -> socket.socket:
        """Binds, and closes the socket where that fails."""
        try:
            socket_.bind(bind_addr)
        except OSError:
            socket_.close()
            raise
        return socket_

    def process_conn(self, conn: Any) -> None:
        """A new connection waits for its first request where idle ones wait; a request finds a thread at once."""
        if conn not in self.accepted:
            self.accepted.add(conn)
            self.put_conn(conn)
            return
        if self.requests.idle <= self.requests.qsize:
            self.requests.grow(1)
        super().process_conn(conn)

    def put_conn(self, conn: Any) -> None:
        try:
            super().put_conn(conn)
        except ValueError:  # the selector was closed meanwhile: the server stops
            conn.close()

    def error_log(self, msg: str = "", level: int = 20, traceback: bool = False) -> None:
        """Into logging, which is silent unless asked: stderr is the command's."""
        _logger.log(min(level, logging.INFO), "%s", msg, exc_info=traceback)


class LoopbackServer:
    """Serves a WSGI application between `start` and `stop`, on threads that never keep a process alive."""

    def __init__(self, host: str, port: int, app: WSGIApplication) -> None:
        self._server = _Server((host, port), app)
        self._thread: threading.Thread | None = None

    def start(self) -> str:
        """Listens, and returns the base URI. Raises OSError where the address cannot be had."""
        listening: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, args=(listening,), name="sandbox", daemon=True)
        self._thread.start()
        listening.result()
        host, port = self._server.bind_addr
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    def stop(self) -> None:
        """Lets requests in flight end, and closes all connections."""
        address = self._server.bind_addr
        stopping = threading.Thread(target=self._server.stop, name="sandbox-stop", daemon=True)
        stopping.start()
        while stopping.is_alive():
            # The accepting thread looks up only when something happens on the socket, or twice a second.
            with contextlib.suppress(OSError):
                socket.create_connection(address, timeout=1).close()
            stopping.join(0.005)
        if self._thread is not None:
            self._thread.join()
        for conn in tuple(self._server.accepted):  # what was under way between two threads
            conn.socket.close()

    def _run(self, listening: Future[None]) -> None:
        # Prepared here because cheroot's workers inherit being daemons from the thread that makes them.
        try:
            self._server.prepare()
        except BaseException as error:  # noqa: BLE001  # handed to the thread that waits for it
            listening.set_exception(error)
            return
        listening.set_result(None)
        self._server.serve()
