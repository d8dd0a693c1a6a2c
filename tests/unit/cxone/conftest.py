"""A sandbox, a tenant connected to it, and a server that sends whatever bytes a test wants, for what no sandbox does."""

from __future__ import annotations

import contextlib
import subprocess
import threading
from typing import TYPE_CHECKING, Any, cast

import pytest

from reconciler import cxone
from reconciler.cxone.answers import Answer, Call
from reconciler.cxone.transport import Transport
from reconciler.errors import TenantError
from reconciler.findings import Location
from reconciler.sandbox import Sandbox
from reconciler.settings import RequestLimits, TenantSettings
from tests.support.clocks import QuickClock
from tests.support.server import RawServer, Received

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from reconciler.cxone.dialer import DialerTenant

ALL = (cxone.READ, cxone.WRITE, cxone.AGENTS, cxone.WEBHOOKS_WRITE, cxone.WEBHOOKS_READ)
SECRET = "s3cret-of-the-client"


@pytest.fixture
def launch() -> Iterator[Callable[..., Sandbox]]:
    """Starts a sandbox with the campaign CAM_001 (or as asked) and stops it in the end."""
    with contextlib.ExitStack() as stack:
        yield lambda **options: stack.enter_context(
            Sandbox(**{"campaigns": ["CAM_001"], "client_secret": SECRET, **options})
        )


@pytest.fixture
def serve() -> Iterator[Callable[..., RawServer]]:
    """Starts a server that answers with the bytes that its script makes of a request."""
    with contextlib.ExitStack() as stack:

        def started(
            script: Callable[[Received], bytes | Iterable[bytes]], certificate: Path | None = None
        ) -> RawServer:
            server = RawServer(script, certificate)
            stack.callback(server.stop)
            return server

        yield started


@pytest.fixture
def settings() -> Callable[..., TenantSettings]:
    """Settings of the tenant acme, in requests at most three attempts; keywords change them."""

    def made(**changes: Any) -> TenantSettings:
        usual = {
            "name": "acme",
            "base_uri": "https://api.niceincontact.com",
            "location": Location("schedules/tenant.yaml", 1),
            "folder": "schedules",
            "requests": RequestLimits(attempts=3, connect_timeout=2, read_timeout=5),
        }
        return TenantSettings(**{**usual, **changes})

    return made


@pytest.fixture
def reach(settings: Callable[..., TenantSettings]) -> Iterator[Callable[..., DialerTenant]]:
    """Connects to a sandbox or raw server, with a clock that waits for nothing. `limits`, `paths`: settings."""
    with contextlib.ExitStack() as stack:

        def connected(
            server: Any,
            *,
            scopes: tuple[str, ...] = ALL,
            limits: Mapping[str, Any] | None = None,
            paths: Mapping[str, str] | None = None,
            secret: str = SECRET,
            stop: threading.Event | None = None,
            environ: Mapping[str, str] | None = None,
            clock: cxone.Clock | None = None,
        ) -> DialerTenant:
            requests = settings().requests._replace(**(limits or {}))
            tenant = stack.enter_context(
                cxone.connect(
                    settings(base_uri=server.base_uri, requests=requests, paths=paths or {}),
                    cxone.Credentials("sandbox", secret),
                    scopes,
                    stop=stop or threading.Event(),
                    environ=environ or {},
                    clock=clock or QuickClock(),
                )
            )
            return cast("DialerTenant", tenant)

        yield connected


@pytest.fixture
def http() -> Callable[..., bytes]:
    """The bytes of an HTTP answer; Content-Length and Connection are added unless given."""

    def made(status: int, content: bytes | str = b"", **headers: str) -> bytes:
        data = content.encode() if isinstance(content, str) else content
        fields = {"Content-Length": str(len(data)), "Connection": "close"}
        fields |= {name.replace("_", "-"): value for name, value in headers.items()}
        lines = [f"HTTP/1.1 {status} X", *(f"{name}: {value}" for name, value in fields.items()), "", ""]
        return "\r\n".join(lines).encode("latin-1") + data

    return made


@pytest.fixture
def with_token(http: Callable[..., bytes]) -> Callable[..., Callable[[Received], bytes]]:
    """A script that grants a token, and answers everything else as given."""
    token = http(200, '{"access_token": "t0ken-of-the-test", "token_type": "Bearer", "expires_in": 3600}')

    def made(script: Callable[[Received], bytes]) -> Callable[[Received], bytes]:
        return lambda received: token if received.path.endswith("/oauth/token") else script(received)

    return made


@pytest.fixture
def send() -> Iterator[Callable[..., Answer | TenantError]]:
    """One GET to a server, with an own connection."""
    opened: list[Transport] = []

    def sent(
        server: Any,
        *,
        path: str = "/x",
        method: str = "GET",
        write: bool = False,
        stop: threading.Event | None = None,
        timeout: float = 5,
        connect: float = 2,
        proxy: str | None = None,
        verify: str | bool = True,
        url: str | None = None,
        **call: Any,
    ) -> Answer | TenantError:
        limits = RequestLimits(connect_timeout=connect, read_timeout=timeout, max_retry_after=60)
        way = Transport(url or server.base_uri, limits, stop or threading.Event(), proxy=proxy, verify=verify)
        opened.append(way)
        return way.send(
            Call(method, (url or server.base_uri) + path, "read it", write=write, **call),
            "Bearer t0ken-of-the-test",
        )

    yield sent
    for way in opened:
        way.close()


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of this machine that nobody has signed, with its key, in one file."""
    made = tmp_path / "self-signed.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=loopback"
    extension = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(made), "-out", str(tmp_path / "x")]
    subprocess.run([*command.split(), *extension], check=True, capture_output=True)
    made.write_text(made.read_text() + (tmp_path / "x").read_text())
    return made
