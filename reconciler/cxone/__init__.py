"""A CXone tenant over HTTP: the one room that knows tokens, paths and the wire format.

`connect` gives what `reconciler.dialect` asks for. What a command without a network may import stays light: the HTTP
library is loaded by `connect`. A dialect of its own (`dialer`) is a sibling module that is built on the same `client`.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from ..errors import TenantError
from ..hosts import allowed_hosts, fault_of
from ..settings import TenantSettings
from .answers import Redactor
from .auth import AGENTS, OPTIONAL, READ, WEBHOOKS_READ, WEBHOOKS_WRITE, WRITE, Credentials, Tokens, credentials_from
from .waiting import SYSTEM, Clock, Retry

if TYPE_CHECKING:
    from ..dialect import Dialect
    from .transport import Transport

__all__ = [
    "AGENTS",
    "OPTIONAL",
    "READ",
    "SYSTEM",
    "WEBHOOKS_READ",
    "WEBHOOKS_WRITE",
    "WRITE",
    "Clock",
    "Credentials",
    "connect",
    "credentials_from",
    "first_contact",
]


@contextmanager
def connect(
    settings: TenantSettings,
    credentials: Credentials,
    scopes: tuple[str, ...],
    *,
    stop: threading.Event,
    environ: Mapping[str, str] = os.environ,
    clock: Clock = SYSTEM,
    note: Callable[[str], None] = lambda _text: None,
) -> Iterator[Dialect]:
    """The tenant of `settings`, ready to be asked within a `with`, for as many of the `scopes` as its client gets; nothing is
    sent before its first method is called.

    `stop` ends every wait, and keeps writes from starting. `environ` has proxy, CA bundle and allowed hosts; `clock` times all
    waits, and `note` hears of long ones. UsageError for a CA bundle that cannot be used, TenantError for a base URI or path of
    the settings.
    """
    from .transport import Transport, way_to

    redactor = Redactor()  # one for all ways: what one answer is cleaned of, no other shows

    def open_transport(uri: str, what: str) -> Transport:
        if fault := fault_of(uri, allowed_hosts(environ)):  # checked once more as a place that secrets go to
            hint = f"correct {what} in {settings.location.file}; nothing was sent there"
            raise TenantError(f"tenant {settings.name}: {fault}", hint=hint)
        proxy, verify = way_to(uri, environ)
        way = Transport(uri, settings.requests, stop, proxy=proxy, verify=verify, clock=clock, redactor=redactor)
        stack.callback(way.close)
        return way

    with ExitStack() as stack:
        if (admin := settings.admin) is not None:
            from .admin import AdminTenant
            from .sign_in import UserTokens

            way = open_transport(admin.issuer, "admin.issuer")
            yield AdminTenant(settings, admin, UserTokens(settings, admin, credentials, way, open_transport, note))
        else:
            from .dialer import DialerTenant
            from .endpoints import endpoint_paths

            paths = endpoint_paths(settings.paths)
            uri = settings.base_uri
            way = open_transport(uri, "baseUri")
            retry = Retry(way.limits, stop, clock=clock, note=note)
            tokens = Tokens(settings, credentials, scopes, uri + paths["token"], way, retry)
            yield DialerTenant(paths, way, tokens, retry)


def first_contact(
    uri: str, settings: TenantSettings, *, stop: threading.Event, environ: Mapping[str, str], clock: Clock = SYSTEM
) -> str | None:
    """Ask the host of `uri` once, without a token, whether anybody answers at all, whatever the answer is.

    Returns the `Date` of the answer, None where it has none. Raises UsageError for a CA bundle that is not there, and
    TenantErrors.
    """
    from .answers import Answer, Call
    from .transport import Transport, way_to

    proxy, verify = way_to(uri, environ)
    transport = Transport(uri, settings.requests, stop, proxy=proxy, verify=verify, clock=clock)
    try:
        answer = transport.send(Call("GET", f"{uri}/", "reach the tenant"), "")
    finally:
        transport.close()
    if not isinstance(answer, Answer):
        raise answer
    return answer.header("Date")
