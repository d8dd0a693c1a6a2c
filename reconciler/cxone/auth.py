"""Tokens: OAuth 2.0 client credentials (RFC 6749, 4.4), one token for all workers, renewed by one of them at a time."""

from __future__ import annotations

import base64
import threading
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlencode

import requests
from requests.auth import AuthBase

from ..errors import ScopeError, TenantError, UnauthorizedError
from .answers import Answer, Call
from .clock import SYSTEM, Clock
from .oauth import OAuthClient, refuses_scopes, token_refused
from .redaction import Redactor
from .refusals import scope_hint
from .retry import Retry
from .token_answer import TokenAnswer, read_token
from .transport import Transport

_EARLY = 60.0  # seconds before its end that a token is renewed


class Authorization(AuthBase):
    """The Authorization header, added last, so that nothing replaces it; never shown."""

    def __init__(self, scheme: str, value: str) -> None:
        self._header = f"{scheme} {value}"

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Adds the header to a request."""
        request.headers["Authorization"] = self._header
        return request


@dataclass(frozen=True, slots=True)
class Token:
    """An access token, the scopes that it carries, and when to renew it (seconds of the monotonic clock)."""

    value: str = field(repr=False)
    granted: frozenset[str]
    renew_at: float

    @property
    def auth(self) -> Authorization:
        """The header for a request (RFC 6750, 2.1)."""
        return Authorization("Bearer", self.value)


class Tokens:
    """The one token of a tenant's client; thread-safe."""

    def __init__(
        self,
        client: OAuthClient,
        transport: Transport,
        retry: Retry,
        redactor: Redactor,
        clock: Clock = SYSTEM,
    ) -> None:
        pair = f"{client.credentials.client_id}:{client.credentials.client_secret}".encode()
        basic = base64.b64encode(pair).decode("ascii")
        redactor.hide(client.credentials.client_secret, basic, basic.rstrip("="))
        self._client = client
        self._auth = Authorization("Basic", basic)
        self._transport = transport
        self._retry = retry
        self._redactor = redactor
        self._clock = clock
        self._lock = threading.Lock()
        self._asked = client.scopes.all
        self._token: Token | None = None
        self._failure: TenantError | None = None
        self._renewals = 0

    @property
    def asked(self) -> tuple[str, ...]:
        """The scopes that are asked for; the optional ones no more once they were refused."""
        return self._asked

    def current(self) -> Token:
        """The token, got or renewed if need be. Raises TenantErrors; those worth a repeat were repeated."""
        token = self._token
        return token if token is not None and self._is_fresh(token) else self._renewed(None)

    def renew(self, refused_token: Token) -> Token:
        """A newer token than one that was answered with 401; a newer one that is there already stays."""
        return self._renewed(refused_token)

    def _is_fresh(self, token: Token) -> bool:
        return self._clock.now() < token.renew_at

    def _renewed(self, refused_token: Token | None) -> Token:
        seen = self._renewals
        with self._lock:
            token = self._token
            if token is not None and token is not refused_token and self._is_fresh(token):
                return token
            final = isinstance(self._failure, UnauthorizedError | ScopeError)
            if self._failure is not None and (final or seen != self._renewals):
                # Whoever waited shares the outcome, and refused credentials stay refused: asking on locks clients out.
                raise self._failure.with_traceback(None)
            try:
                self._token, self._failure = self._ask(), None
            except TenantError as error:
                self._token, self._failure = None, error
                raise
            finally:
                self._renewals += 1
            return self._token

    def _ask(self) -> Token:
        try:
            return self._retry.run(self._attempt)
        except _OptionalRefusedError:
            self._asked = self._client.scopes.required
        return self._retry.run(self._attempt)

    def _attempt(self) -> Token | TenantError:
        form = {"grant_type": "client_credentials", "scope": " ".join(self._asked)}
        call = Call(
            "POST",
            self._client.url,
            f"get an access token for tenant {self._client.tenant}",
            body=urlencode(form).encode("ascii"),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
        started = self._clock.now()
        answer = self._transport.send(call, self._auth)
        if isinstance(answer, TenantError):
            return answer
        if answer.status == HTTPStatus.OK:
            return self._accepted(answer, call, started)
        if refuses_scopes(answer) and len(self._asked) > len(self._client.scopes.required):
            raise _OptionalRefusedError
        return token_refused(answer, call, self._client, self._asked)

    def _accepted(self, answer: Answer, call: Call, started: float) -> Token | TenantError:
        read = read_token(answer, call)
        if not isinstance(read, TokenAnswer):
            return read
        self._redactor.hide(read.value)
        granted = frozenset(self._asked if read.scopes is None else read.scopes)
        if missing := [each for each in self._client.scopes.required if each not in granted]:
            return ScopeError(
                f"tenant {self._client.tenant} granted fewer scopes than needed, without {' '.join(missing)}",
                status=answer.status,
                hint=scope_hint(self._asked, granted, missing),
            )
        early = _EARLY if read.lifetime >= 2 * _EARLY else read.lifetime / 2
        return Token(read.value, granted, started + read.lifetime - early)


class _OptionalRefusedError(Exception):
    """The tenant refused a request that held optional scopes as `invalid_scope`."""
