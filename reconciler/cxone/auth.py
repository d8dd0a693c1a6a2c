"""Tokens: OAuth 2.0 client credentials (RFC 6749, 4.4), one token for all workers, renewed by one of them at a time."""

from __future__ import annotations

import base64
import threading
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlencode

import requests
from requests.auth import AuthBase

from ..errors import RefusalError, ScopeError, TenantError, UnauthorizedError
from .answers import Answer, Call
from .clock import SYSTEM, Clock
from .credentials import Credentials
from .redaction import Redactor
from .refusals import Context, error_body, refused, scope_hint
from .retry import Retry
from .scopes import Scopes
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


@dataclass(frozen=True, slots=True)
class OAuthClient:
    """Who asks for tokens, where, and for what; `tenant` and `variables` are for messages."""

    credentials: Credentials
    scopes: Scopes
    url: str
    tenant: str
    variables: str
    max_retry_after: float


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
        redactor.hide(client.credentials.client_secret, basic)
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
        if answer.status != HTTPStatus.OK:
            return self._refused(answer, call)
        return self._accepted(answer, call, started)

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

    def _refused(self, answer: Answer, call: Call) -> TenantError:
        body = error_body(answer)
        code, words = (
            answer.told(each) if isinstance(each := body.get(name), str) else ""
            for name in ("error", "error_description")
        )
        told = ": ".join(filter(None, (code, words)))
        if code == "invalid_scope":
            if len(self._asked) > len(self._client.scopes.required):
                raise _OptionalRefusedError
            return ScopeError(
                f"could not {call.action}: the tenant refuses the scopes ({told})",
                status=answer.status,
                hint=scope_hint(self._asked, (), self._asked),
                tenant_message=told,
            )
        if answer.status == HTTPStatus.UNAUTHORIZED or code in ("invalid_client", "unauthorized_client"):
            return UnauthorizedError(
                f"could not {call.action}: the tenant refuses the client id or secret{f' ({told})' if told else ''}",
                status=answer.status,
                hint=f"check {self._client.variables} in the environment, and that they belong to the tenant at this "
                "base URI",
                tenant_message=told,
            )
        return self._other(answer, call, told)

    def _other(self, answer: Answer, call: Call, told: str) -> TenantError:
        context = Context(self._asked, frozenset(), self._client.max_retry_after)
        error = refused(answer, call, context)
        if isinstance(error, RefusalError) and told:
            error.tenant_message = told
        if answer.status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
            # Not NotFoundError: that would say that a campaign or schedule is not there.
            return RefusalError(
                error.message,
                status=answer.status,
                hint="the token endpoint is not at this base URI: check it, and paths.token in tenant.yaml",
            )
        return error


class _OptionalRefusedError(Exception):
    """The tenant refused a request that held optional scopes as `invalid_scope`."""
