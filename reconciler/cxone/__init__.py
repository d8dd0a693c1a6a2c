"""A CXone tenant over HTTP: the one room that knows tokens, paths and the wire format.

`connect` gives what `reconciler.dialect` asks for. What a command without a network may import stays light: the HTTP
library is loaded by `connect`. A dialect of its own (`dialer`) is a sibling module that is built on the same `client`.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ..errors import TenantError, UsageError
from ..hosts import allowed_hosts, fault_of
from ..settings import TenantSettings
from .auth import AGENTS, READ, WEBHOOKS_READ, WEBHOOKS_WRITE, WRITE, Credentials, Scopes, credentials_from
from .waiting import SYSTEM, Clock

if TYPE_CHECKING:
    from .dialer import DialerTenant

__all__ = [
    "AGENTS",
    "READ",
    "SYSTEM",
    "WEBHOOKS_READ",
    "WEBHOOKS_WRITE",
    "WRITE",
    "Clock",
    "Credentials",
    "Scopes",
    "connect",
    "credentials_from",
]


@contextmanager
def connect(
    settings: TenantSettings,
    credentials: Credentials,
    scopes: Scopes,
    *,
    stop: threading.Event,
    base_uri: str | None = None,
    environ: Mapping[str, str] = os.environ,
    clock: Clock = SYSTEM,
    note: Callable[[str], None] = lambda _text: None,
) -> Iterator[DialerTenant]:
    """The tenant of `settings`, ready to be asked within a `with`; nothing is sent before its first method is called.

    `stop` ends every wait, and keeps writes from starting. `base_uri` overrides the one of the settings. Proxy, CA
    bundle and allowed hosts are read from `environ`, once. `clock` times all waits, and `note` hears of long ones. Raises
    UsageError for a `base_uri` or CA bundle that cannot be used, TenantError for a base URI or path of the settings that
    cannot.
    """
    from .dialer import DialerTenant
    from .endpoints import Paths
    from .transport import Transport, way_to

    if settings.admin is not None:
        raise UsageError("this version cannot reach the Admin API yet; nothing was sent")
    uri = (settings.base_uri if base_uri is None else base_uri).rstrip("/")
    if fault := fault_of(uri, allowed_hosts(environ)):  # checked once more as the place that the credentials go to
        if uri != settings.base_uri:
            raise UsageError(fault, hint="nothing was sent")
        hint = f"correct baseUri in {settings.location.file}; nothing was sent"
        raise TenantError(f"tenant {settings.name}: {fault}", hint=hint)
    paths = Paths(uri, settings.paths)
    proxy, verify = way_to(uri, environ)
    transport = Transport(uri, settings.requests, stop, proxy=proxy, verify=verify, clock=clock)
    try:
        yield DialerTenant(settings, credentials, scopes, paths, transport, note)
    finally:
        transport.close()
