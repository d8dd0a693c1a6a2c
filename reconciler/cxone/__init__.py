"""A CXone tenant over HTTP: the one room that knows tokens, paths and the wire format (design §8).

`connect` gives what `reconciler.dialect` asks for. What a command without a network may import stays light: the HTTP
library is loaded by `connect`.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from ..settings import TenantSettings
from .clock import SYSTEM, Clock
from .credentials import Credentials, credentials_from
from .scopes import AGENTS, READ, WEBHOOKS_READ, WEBHOOKS_WRITE, WRITE, Scopes

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
) -> DialerTenant:
    """The tenant of `settings`, ready to be asked; nothing is sent before its first method is called.

    `stop` ends every wait, and keeps writes from starting. `base_uri` overrides the one of the settings. Proxy, CA
    bundle and allowed hosts are read from `environ`, once. `clock` times all waits, and `note` hears
    of long ones. Close the result, or use it in a
    `with`. Raises UsageError for a `base_uri` or CA bundle that cannot be used, TenantError for a base URI or path of
    the settings that cannot.
    """
    from .dialer import open_tenant

    return open_tenant(
        settings, credentials, scopes, stop=stop, base_uri=base_uri, environ=environ, clock=clock, note=note
    )
