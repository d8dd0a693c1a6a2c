"""One HTTP exchange: a request goes to the tenant at the tenant's pace, and comes back as a whole answer or an error.

Built on the adapter of requests, without its session: a session follows redirects, keeps cookies and reads `.netrc`, whose
password for a host then replaces the token, and it is not promised to be thread-safe. The adapter does none of that, and its
pool keeps connections for all workers. What the environment says about the way (proxy, trusted certificates) is read once.

A few compressed kilobytes can stand for gigabytes, and the library inflates them before anybody can count. So it hands over the
bytes as they came, and they are inflated here, piece by piece, in bounds.
"""

from __future__ import annotations

import ipaddress
import threading
import zlib
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import requests

from .. import __version__
from ..errors import AlwaysLimitedError, TenantError, UnreachableError, UsageError
from ..hosts import is_loopback
from ..settings import RequestLimits
from .answers import HINT_NO_ANSWER, Answer, Call, Redactor, unusable
from .connections import FAILURES, DeadlineAdapter, cut_short, failure
from .waiting import SYSTEM, Clock, Pace, retry_after_seconds

_PROXY = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")
_NO_PROXY = ("NO_PROXY", "no_proxy")
_BUNDLE = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")

MAX_BODY = 32 * 2**20  # bytes of one answer, as it came and inflated: over ten thousand schedules on one page
_PIECE = 2**18  # bytes that are read, or inflated, at once
_INFLATED = ("gzip", "x-gzip", "deflate")  # RFC 9110, 8.4.1; only gzip is asked for
_MEMBERS = 100  # streams that one compressed answer may be made of (RFC 1952, 2.2); each costs time
_EITHER = zlib.MAX_WBITS + 32  # zlib sees by the header whether it is gzip or deflate
_CONNECTIONS = 64  # kept open at most; as many as workers are in use
_STARVED = 300.0  # seconds of 429 only, after which a run gives up, unless its settings are more patient
_HEADERS = {
    "Accept": "application/json",
    "Accept-Encoding": "gzip",
    "Connection": "keep-alive",
    "User-Agent": f"cxone-schedule-reconciler/{__version__}",
}


def way_to(base_uri: str, environ: Mapping[str, str]) -> tuple[str | None, str | bool]:
    """The proxy on the way to `base_uri` (it may hold a password), None for none, and what to trust: a CA bundle (file or
    folder), or True for the usual authorities. UsageError where the CA bundle is not there.

    This very machine is never reached through a proxy: it is the only host that may be spoken to without TLS.
    """
    host = (urlsplit(base_uri).hostname or "").rstrip(".")
    name, bundle = _first(environ, _BUNDLE)
    if bundle and not Path(bundle).exists():
        raise UsageError(
            f"{name} names {bundle!r} as the trusted certificates, and there is no such file or folder",
            hint=f"correct {name}, or unset it to trust the usual certificate authorities",
        )
    _, proxy = _first(environ, _PROXY)
    _, excluded = _first(environ, _NO_PROXY)
    if is_loopback(host) or _is_excluded(host, urlsplit(base_uri).port, excluded):
        proxy = ""
    return proxy or None, bundle or True


def _first(environ: Mapping[str, str], names: tuple[str, ...]) -> tuple[str, str]:
    return next(((name, environ[name].strip()) for name in names if environ.get(name, "").strip()), ("", ""))


def _is_excluded(host: str, port: int | None, excluded: str) -> bool:
    """Whether `NO_PROXY` names the host: itself, a domain above it, `host:port`, an address range, or `*`."""
    for entry in (part.strip().lower().lstrip(".") for part in excluded.split(",")):
        if entry in ("*", host, f"{host}:{port or 443}") or (entry and host.endswith(f".{entry}")):
            return True
        try:
            if ipaddress.ip_address(host) in ipaddress.ip_network(entry, strict=False):
                return True
        except ValueError:
            continue  # a name, or no range
    return False


def read_body(response: requests.Response, call: Call, host: str) -> bytes | TenantError:
    """The whole body, decoded.

    AnswerError for one beyond MAX_BODY, for compression that is broken or of a kind that was not asked for;
    UnreachableError for one that ends too early. What the HTTP library raises while it reads is passed on.
    """
    coding = response.headers.get("Content-Encoding", "").strip().lower()
    refuse = partial(unusable, call, hint=HINT_NO_ANSWER, status=response.status_code)
    if coding not in ("", "identity", *_INFLATED):
        return refuse("the answer is compressed in a way that was not asked for")
    pieces = iter(partial(response.raw.read, _PIECE, decode_content=False), b"")
    body = BytesIO()
    try:
        for part in _inflated(pieces) if coding in _INFLATED else pieces:
            body.write(part)
            if max(body.tell(), response.raw.tell()) > MAX_BODY:
                return refuse(f"the answer is longer than {MAX_BODY} bytes")
    except zlib.error:
        return refuse(f"the answer of {host} is compressed, and broken")
    except EOFError:
        return cut_short(call, host)
    # Newer releases of urllib3 see to it themselves that as many bytes come as were promised, older ones did not.
    promised = response.headers.get("Content-Length", "")
    is_cut = promised.isdecimal() and response.raw.tell() < int(promised)
    return cut_short(call, host) if is_cut else body.getvalue()


def _inflated(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """What comes in pieces, inflated, in parts of a bounded size. zlib.error for what is not compressed, or made of too many
    streams; EOFError where the last stream has no end. Nothing at all is whole: an empty body is no broken one."""
    stream, streams = zlib.decompressobj(_EITHER), 0
    for piece in pieces:
        rest = piece
        while rest:
            if stream.eof or streams == 0:
                streams += 1
                if streams > _MEMBERS:
                    raise zlib.error
                stream = zlib.decompressobj(_EITHER)
            part = stream.decompress(rest, _PIECE)
            yield part
            while len(part) == _PIECE:  # there is more, even where no input is left
                part = stream.decompress(stream.unconsumed_tail, _PIECE)
                yield part
            rest = stream.unused_data
    if streams and not stream.eof:
        raise EOFError


class Transport:
    """The way to the tenant at `base_uri`, through a `proxy` where there is one; thread-safe. `verify` is a CA bundle, or
    True for the usual authorities; once `stop` is set no write starts. Ways that share secrets share a `redactor`.

    Errors are returned, not raised: whoever asked decides on a repeat, and no exception is left that leads to the request
    with its token.
    """

    def __init__(
        self,
        base_uri: str,
        limits: RequestLimits,
        stop: threading.Event,
        *,
        proxy: str | None = None,
        verify: str | bool = True,
        clock: Clock = SYSTEM,
        redactor: Redactor | None = None,
    ) -> None:
        self.base_uri = base_uri
        self.limits = limits
        self.stop = stop
        self.clock = clock
        self.pace = Pace(clock)
        self.redactor = redactor or Redactor()
        self._host = urlsplit(base_uri).netloc
        self._proxies = {"https": proxy} if proxy else {}
        self._verify = verify
        self._closed = False
        self._adapter = DeadlineAdapter(pool_connections=1, pool_maxsize=_CONNECTIONS, max_retries=0)

    def close(self) -> None:
        """Closes all connections; nothing is sent from now on."""
        self._closed = True
        self._adapter.close()

    def send(self, call: Call, authorization: str) -> Answer | TenantError:
        """Makes one attempt, as soon as the pace allows it.

        UnreachableError where no whole answer came; its `sent` is False only if the request certainly never left.
        AnswerError for an answer beyond all bounds. AlwaysLimitedError, and nothing sent, where the tenant has answered
        429 for minutes. Any status is an answer here, 429 slows the pace.
        """
        if self._closed:  # somebody is left who would ask again, and nobody waits for the answer
            return TenantError(f"did not {call.action}: the connection is closed")
        if origin(call.url) != origin(self.base_uri):
            return unusable(call, f"the URL leads away from {self._host}")
        starved = self.pace.starved(call.scope or "")
        if starved > max(_STARVED, self.limits.attempts * self.limits.max_retry_after):
            return AlwaysLimitedError(
                f"did not {call.action}: for {starved:.0f} s the tenant has answered such requests with 429 only, so no "
                "more of them are sent",
                status=HTTPStatus.TOO_MANY_REQUESTS,
                hint="run again later; if it lasts, ask NICE's support for the limits of this tenant",
            )
        started = self.pace.turn(self.stop)
        if call.write and self.stop.is_set():
            return UnreachableError(f"did not {call.action}: the run is being stopped", sent=False)
        outcome = self._exchange(call, authorization)
        if isinstance(outcome, Answer) and outcome.status == HTTPStatus.TOO_MANY_REQUESTS:
            self._slow_down(outcome, started, call.scope or "")
        elif isinstance(outcome, Answer):
            self.pace.accepted(self.clock.now(), call.scope or "")
        return outcome

    def _slow_down(self, answer: Answer, started: float, kind: str) -> None:
        wait = retry_after_seconds(answer.header("Retry-After"), answer.header("Date"))
        too_long = wait is not None and wait > self.limits.max_retry_after  # then all give up at once
        self.pace.refused(self.clock.now(), started, 0.0 if too_long else wait, kind)

    def _exchange(self, call: Call, authorization: str) -> Answer | TenantError:
        request = requests.PreparedRequest()
        try:
            request.prepare_method(call.method)
            request.url = (
                call.url
            )  # not by `prepare_url`, which decodes `%2E%2E` and so changes which schedule is meant
            request.prepare_headers({**_HEADERS, **call.headers})
            request.body = call.body
            request.prepare_content_length(call.body)
            if authorization:
                request.headers["Authorization"] = authorization  # last, so that nothing replaces it
            response = self._adapter.send(
                request,
                stream=True,
                timeout=(self.limits.connect_timeout, self.limits.read_timeout),
                verify=self._verify,
                proxies=self._proxies,
            )
            try:
                body = read_body(response, call, self._host)
            finally:
                response.close()
        except FAILURES as error:
            return failure(error, call, self._host, self.limits)
        if isinstance(body, TenantError):
            return body
        return Answer(response.status_code, response.headers, body, self.redactor)


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
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    return (parts.scheme, (parts.hostname or "").rstrip("."), port or usual)
