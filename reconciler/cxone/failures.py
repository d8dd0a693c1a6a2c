"""From an exception of the HTTP library to an error that says how far the request came.

Nothing of the exception is kept but plain words: it leads to the request, and so to the token.
"""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Iterator

import requests
import urllib3.exceptions

from ..errors import UnreachableError
from ..settings import RequestLimits
from .answers import Call
from .deadline import AnswerTimeoutError

FAILURES = (
    requests.RequestException,
    urllib3.exceptions.HTTPError,
    http.client.HTTPException,
    OSError,
    UnicodeError,
)
"""What an exchange can end with that is not an answer."""

_NEVER_SENT = (
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidHeader,
    ssl.SSLCertVerificationError,
    urllib3.exceptions.ConnectTimeoutError,
    urllib3.exceptions.LocationValueError,
    urllib3.exceptions.NewConnectionError,
    urllib3.exceptions.ProxyError,
)
HINT_NO_ANSWER = (
    "a proxy or a gateway may have answered instead of the tenant: check the base URI and the network"
)
_HINT_NEVER_SENT = "check the base URI, the network and the proxy; nothing was sent"
_HINT_LOST = (
    "try again; if it goes on, look at the network on the way to the tenant, and raise requests.readTimeout"
)


def failure(error: Exception, call: Call, host: str, limits: RequestLimits) -> UnreachableError:
    """The error for an exception; its `sent` is False only if no connection was made."""
    chain = tuple(_chain(error))
    never_sent = any(isinstance(each, _NEVER_SENT) for each in chain)
    return UnreachableError(
        f"could not {call.action}: {_reason(chain, host, limits, never_sent=never_sent)}",
        hint=_HINT_NEVER_SENT if never_sent else _HINT_LOST,
        sent=not never_sent,
    )


def cut_short(call: Call, host: str) -> UnreachableError:
    """The error for an answer with fewer bytes than it promised."""
    return UnreachableError(f"could not {call.action}: {host} cut its answer short", hint=_HINT_LOST)


def _reason(chain: tuple[BaseException, ...], host: str, limits: RequestLimits, *, never_sent: bool) -> str:
    for each in chain:
        if isinstance(each, ssl.SSLCertVerificationError):
            return f"the certificate of {host} cannot be trusted ({each.verify_message})"
        if isinstance(each, urllib3.exceptions.ProxyError):
            return f"the proxy does not lead to {host}"
        if isinstance(each, urllib3.exceptions.ReadTimeoutError):
            late = next((one for one in chain if isinstance(one, AnswerTimeoutError)), None)
            if late is not None:
                return f"{host} did not finish its answer within {late.seconds:g} s"
            return f"{host} did not answer within {limits.read_timeout:g} s"
    system = next((each.strerror for each in chain if isinstance(each, OSError) and each.strerror), None)
    detail = f" ({system})" if system else ""
    if not never_sent:
        return f"the connection to {host} was lost before the answer was whole{detail}"
    if any(_is_connect_timeout(each) for each in chain):
        return f"no connection to {host} within {limits.connect_timeout:g} s"
    return f"no connection to {host}{detail}"


def _is_connect_timeout(error: BaseException) -> bool:
    return isinstance(error, urllib3.exceptions.ConnectTimeoutError) and not isinstance(
        error, urllib3.exceptions.NewConnectionError
    )


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An exception and all that it was made from, the outermost first."""
    waiting: list[object] = [error]
    seen: set[int] = set()
    while waiting:
        each = waiting.pop(0)
        if isinstance(each, BaseException) and id(each) not in seen:
            seen.add(id(each))
            yield each
            waiting += [*each.args, getattr(each, "reason", None), each.__cause__, each.__context__]
