"""One HTTP exchange: a request goes to the tenant at the tenant's pace, and comes back as a whole answer or an error.

Built on the adapter of requests, without its session: a session follows redirects, keeps cookies and reads `.netrc`,
and is not promised to be thread-safe; the adapter does none of that, and its pool keeps connections for all workers.
"""

from __future__ import annotations

import threading
from http import HTTPStatus
from urllib.parse import urlsplit

import requests
from requests.auth import AuthBase

from .. import __version__
from ..errors import AlwaysLimitedError, AnswerError, TenantError, UnreachableError
from ..settings import RequestLimits
from .answers import Answer, Call
from .body import read_body
from .clock import SYSTEM, Clock
from .deadline import DeadlineAdapter
from .failures import FAILURES, failure
from .network import Network
from .pace import Pace
from .redaction import Redactor
from .retry import retry_after_seconds

_CONNECTIONS = 64  # kept open at most; as many as workers are in use
_STARVED = 300.0  # seconds of 429 only, after which a run gives up, unless its settings are more patient
_HEADERS = {
    "Accept": "application/json",
    "Accept-Encoding": "gzip",
    "Connection": "keep-alive",
    "User-Agent": f"cxone-schedule-reconciler/{__version__}",
}


class Transport:
    """The way to one tenant; thread-safe. Errors are returned, not raised: whoever asked decides on a repeat, and no
    exception is left that leads to the request with its token."""

    def __init__(
        self,
        base_uri: str,
        network: Network,
        limits: RequestLimits,
        pace: Pace,
        redactor: Redactor,
        stop: threading.Event,
        clock: Clock = SYSTEM,
    ) -> None:
        self._origin = origin(base_uri)
        self._host = urlsplit(base_uri).netloc
        self._network = network
        self._limits = limits
        self._pace = pace
        self._redactor = redactor
        self._stop = stop
        self._clock = clock
        self._adapter = DeadlineAdapter(pool_connections=1, pool_maxsize=_CONNECTIONS, max_retries=0)

    def close(self) -> None:
        """Closes all connections."""
        self._adapter.close()

    def send(self, call: Call, auth: AuthBase) -> Answer | TenantError:
        """Makes one attempt, as soon as the pace allows it.

        AlwaysLimitedError, and nothing sent, where a tenant has answered 429 for minutes. UnreachableError where no whole answer came; its `sent` is False only if the request certainly never left.
        AnswerError for an answer beyond all bounds. Any status is an answer here, 429 slows the pace.
        """
        if origin(call.url) != self._origin:
            return AnswerError(f"could not {call.action}: the URL leads away from {self._host}")
        starved = self._pace.starved(call.scope or "")
        if starved > max(_STARVED, self._limits.attempts * self._limits.max_retry_after):
            return AlwaysLimitedError(
                f"did not {call.action}: for {starved:.0f} s the tenant has answered such requests with 429 only, so no "
                "more of them are sent",
                status=HTTPStatus.TOO_MANY_REQUESTS,
                hint="run again later; if it lasts, ask NICE's support for the limits of this tenant",
            )
        started = self._pace.turn(self._stop)
        if call.write and self._stop.is_set():
            return UnreachableError(f"did not {call.action}: the run is being stopped", sent=False)
        outcome = self._exchange(call, auth)
        if isinstance(outcome, Answer):
            self._tell_pace(outcome, started, call.scope or "")
        return outcome

    def _tell_pace(self, answer: Answer, started: float, kind: str) -> None:
        now = self._clock.now()
        if answer.status != HTTPStatus.TOO_MANY_REQUESTS:
            self._pace.accepted(now, kind)
            return
        wait = retry_after_seconds(answer.header("Retry-After"), answer.header("Date"))
        too_long = wait is not None and wait > self._limits.max_retry_after  # then nobody waits, all give up
        self._pace.refused(now, started, 0.0 if too_long else wait, kind)

    def _exchange(self, call: Call, auth: AuthBase) -> Answer | TenantError:
        try:
            response = self._adapter.send(
                _prepare(call, auth),
                stream=True,
                timeout=(self._limits.connect_timeout, self._limits.read_timeout),
                verify=self._network.verify,
                proxies={"https": self._network.proxy} if self._network.proxy else {},
            )
            try:
                body = read_body(response, call, self._host)
            finally:
                response.close()
        except FAILURES as error:
            return failure(error, call, self._host, self._limits)
        if isinstance(body, TenantError):
            return body
        return Answer(response.status_code, response.headers, body, self._redactor)


def origin(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port of a URL, the usual port filled in (RFC 6454, 4); equal origins are equal values.

    A URL that names a user, or that is none, has an origin that equals no tenant's.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ("", "", None)
    if "@" in parts.netloc:
        return ("", "", None)
    return (
        parts.scheme,
        (parts.hostname or "").rstrip("."),
        port or {"http": 80, "https": 443}.get(parts.scheme),
    )


def _prepare(call: Call, auth: AuthBase) -> requests.PreparedRequest:
    """The request as it is. Not by `prepare_url`, which decodes `%2E%2E` and so changes which schedule is meant."""
    request = requests.PreparedRequest()
    request.prepare_method(call.method)
    request.url = call.url
    request.prepare_headers({**_HEADERS, **call.headers})
    request.body = call.body
    request.prepare_content_length(call.body)
    request.prepare_auth(auth)
    return request
