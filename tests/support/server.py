"""A server that sends whatever bytes a test wants, for what no sandbox does."""

from __future__ import annotations

import contextlib
import shutil
import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self


@dataclass(frozen=True)
class Received:
    """One request as it came in; names of headers in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


class RawServer(socketserver.ThreadingTCPServer):
    """Answers each connection's one request with the bytes that `script` makes of it, all at once or piece by piece, and
    hangs up."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, script: Callable[[Received], bytes | Iterable[bytes]], certificate: Path | None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.script = script
        self.received: list[Received] = []
        self.base_uri = f"http{'s' if certificate else ''}://127.0.0.1:{self.server_address[1]}"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.socket = context.wrap_socket(self.socket, server_side=True)
        self._thread = threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that has gone is what some tests are about."""

    def stop(self) -> None:
        """Listens no more."""
        self.shutdown()
        self._thread.join()
        self.server_close()


class _Handler(socketserver.StreamRequestHandler):
    server: RawServer

    def handle(self) -> None:
        line = self.rfile.readline().decode("latin-1").split()
        if len(line) < 2:
            return
        headers = {}
        while (text := self.rfile.readline().decode("latin-1").strip()) != "":
            name, _, value = text.partition(":")
            headers[name.lower()] = value.strip()
        received = Received(line[0], line[1], headers, self.rfile.read(int(headers.get("content-length", 0))))
        self.server.received.append(received)
        answer = self.server.script(received)
        for piece in (answer,) if isinstance(answer, bytes) else answer:
            self.wfile.write(piece)


class TunnelProxy(socketserver.ThreadingTCPServer):
    """A proxy that leads every CONNECT on. Use it in a `with`."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Tunnel)
        self.uri = f"http://127.0.0.1:{self.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()


class _Tunnel(socketserver.StreamRequestHandler):
    rbufsize = 0

    def handle(self) -> None:
        host, _, port = self.rfile.readline().split()[1].decode().partition(":")
        while self.rfile.readline().strip():
            pass
        with socket.create_connection((host, int(port))) as there, there.makefile("rwb", 0) as stream:
            self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
            threading.Thread(target=_copy, args=(self.rfile, stream), daemon=True).start()
            _copy(stream, self.wfile)


def _copy(source: Any, target: Any) -> None:
    with contextlib.suppress(OSError, ValueError):  # the other direction has ended
        shutil.copyfileobj(source, target, 1)
