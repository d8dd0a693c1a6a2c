"""From an exception of the HTTP library to an error that says how far the request came.

Nothing of the exception is kept but plain words: it leads to the request, and so to the token.
"""

from __future__ import annotations

import http.client
import re
import ssl
from collections.abc import Iterator
from http import HTTPStatus

import requests
import urllib3.exceptions

from ..errors import RefusalError, TenantError, UnreachableError
from ..settings import RequestLimits
from .answers import HINT_PROXY, Call, named
from .deadline import NOT_CONNECTED, AnswerTimeoutError

FAILURES = (
    requests.RequestException,
    urllib3.exceptions.HTTPError,
    http.client.HTTPException,
    OSError,
    ValueError,
)
"""What an exchange can end with that is not an answer."""

_TUNNEL_REFUSED = re.compile(r"Tunnel connection failed: ([0-9]{3})\b")  # how the standard library words it
_HINT_NEVER_SENT = "check the base URI, the network and the proxy; nothing was sent"
_HINT_LOST = (
    "try again; if it goes on, look at the network on the way to the tenant, and raise requests.readTimeout"
)


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
            late = next((one for one in chain if isinstance(one, AnswerTimeoutError)), None)
            if late is not None:
                return f"{host} did not finish its answer within {late.seconds:g} s"
            return f"{host} did not answer within {limits.read_timeout:g} s"
    system = next((link.strerror for link in chain if isinstance(link, OSError) and link.strerror), None)
    detail = f" ({system})" if system else ""
    if not never_sent:
        return f"the connection to {host} was lost before the answer was whole{detail}"
    if any(_is_connect_timeout(link) for link in chain):
        return f"no connection to {host} within {limits.connect_timeout:g} s"
    return f"no connection to {host}{detail}"


def _proxy_status(chain: tuple[BaseException, ...]) -> int | None:
    """With which status a proxy refused to lead on, None where it did not."""
    texts = (str(error.args[0]) for error in chain if isinstance(error, OSError) and error.args)
    match = next(filter(None, map(_TUNNEL_REFUSED.match, texts)), None)
    return int(match[1]) if match else None


def _is_connect_timeout(error: BaseException) -> bool:
    return isinstance(error, urllib3.exceptions.ConnectTimeoutError) and not isinstance(
        error, urllib3.exceptions.NewConnectionError
    )


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
