"""Who asks, for what, and the token that comes of it: OAuth 2.0 client credentials (RFC 6749, 4.4).

One token serves all workers and is renewed by one of them at a time. What is asked for is the least that a command needs.
"""

from __future__ import annotations

import base64
import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

from ..errors import (
    AnswerError,
    CredentialsMissingError,
    RefusalError,
    ScopeError,
    TenantError,
    UnauthorizedError,
    UsageError,
)
from ..settings import TenantSettings
from .answers import Answer, Call, Redactor, parse, unusable
from .refusals import RefusalContext, error_body, refused, scope_hint
from .waiting import SYSTEM, Clock, Retry

if TYPE_CHECKING:  # the HTTP library is slow to load, and a command without a network needs the scopes alone
    from .transport import Transport

READ = "dialer:campaigns:read"
WRITE = "dialer:schedules:write"
AGENTS = "wfm:schedules:read"
WEBHOOKS_READ = "webhooks:read"
WEBHOOKS_WRITE = "webhooks:write"

_PLACEHOLDER = re.compile(r"\$\{.*\}|\$\(.*\)|\{\{.*\}\}|<.*>|%\w+%|\$\w+")
_LONGEST = 366 * 86400.0  # seconds; no token is believed to live longer, so that no arithmetic overflows
_TOKEN = re.compile(r"[\x21-\x7e]+", re.ASCII)  # what a header can carry (RFC 6749, A.12, less the space)
_HINT = "check the base URI and paths.token in tenant.yaml"
_EARLY = 60.0  # seconds before its end that a token is renewed


@dataclass(frozen=True, slots=True)
class Scopes:
    """What is asked for: without one of `required` nothing is done, without one of `optional` less is known."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """Everything, the required first."""
        return (*self.required, *(scope for scope in self.optional if scope not in self.required))


@dataclass(frozen=True, slots=True)
class Credentials:
    """The OAuth 2.0 client of one tenant. `doubts` says what is strange about the variables, and never what they hold."""

    client_id: str
    client_secret: str = field(repr=False)
    doubts: tuple[str, ...] = field(default=(), compare=False)


def credentials_from(settings: TenantSettings, environ: Mapping[str, str]) -> Credentials:
    """The credentials in the environment variables that the settings name, less blanks and line ends around them.

    Raises CredentialsMissingError where one is not set or empty, and UsageError for a client id with a colon, which
    the Basic scheme cannot carry (RFC 7617, 2).
    """
    names = (settings.client_id_env, settings.client_secret_env)
    values = tuple(environ.get(name, "") for name in names)
    client_id, client_secret = (value.strip() for value in values)
    if missing := [name for name, value in zip(names, (client_id, client_secret), strict=True) if not value]:
        variables, verb = " and ".join(missing), "is" if len(missing) == 1 else "are"
        raise CredentialsMissingError(
            f"tenant {settings.name}: no credentials, because {variables} {verb} not set in the environment",
            hint=f"set {variables} to the client of this tenant (or name other variables in {settings.location.file} "
            "below credentials), or try it out with --sandbox",
        )
    if ":" in client_id:
        raise UsageError(
            f"tenant {settings.name}: the client id in {names[0]} holds a colon, so it cannot be a client id",
            hint=f"set {names[0]} to the client id alone and {names[1]} to the secret",
        )
    doubts = (f"{name} {doubt}" for name, value in zip(names, values, strict=True) if (doubt := _doubt(value)))
    return Credentials(client_id, client_secret, tuple(doubts))


def _doubt(value: str) -> str:
    """What about the value of a variable is not as a client id or secret usually is; empty where nothing is."""
    core = value.strip()
    checks = (
        (core[0] in "\"'`" and core[0] == core[-1], "is in quotation marks"),
        (core.endswith(("\\n", "\\r")), "ends with a backslash and a letter, where a line end may be meant"),
        (_PLACEHOLDER.fullmatch(core) is not None, "looks like a placeholder that was not filled in"),
        (len(core.split()) > 1, "has a blank or a line end inside"),
        (
            not all("!" <= char <= "~" for char in "".join(core.split())),
            "has an invisible or a special character",
        ),
        (core != value, "has a blank or a line end around it, which was left out"),
    )
    return next((words for holds, words in checks if holds), "")


@dataclass(frozen=True, slots=True)
class TokenAnswer:
    """A token, its lifetime in seconds, and its scopes, None where the answer does not name them."""

    value: str = field(repr=False)
    lifetime: float
    scopes: tuple[str, ...] | None


def read_token(answer: Answer, call: Call) -> TokenAnswer | AnswerError:
    """What a 200 of the token endpoint says, or what is wrong with it. It is never quoted: half a token is a secret."""
    try:
        body = parse(answer, call)
    except AnswerError:
        body = None
    fields: Any = body if isinstance(body, dict) else {}
    value, kind, lifetime, scope = (fields.get(name) for name in ("access_token", "token_type", "expires_in", "scope"))
    checks = (
        (isinstance(body, dict), "is not a JSON object"),
        (isinstance(value, str) and _TOKEN.fullmatch(value), "has no access_token that a header can carry"),
        (isinstance(kind, str) and kind.lower() == "bearer", "has a token_type other than Bearer"),
        (type(lifetime) in (int, float) and lifetime > 0, "has no expires_in above 0 seconds"),
        (scope is None or isinstance(scope, str), "has a scope that is not a string"),
    )
    for holds, fault in checks:
        if not holds:
            return unusable(call, f"the answer of the token endpoint {fault}", _HINT, answer.status)
    return TokenAnswer(value, float(min(lifetime, _LONGEST)), None if scope is None else tuple(scope.split()))


class OAuthClient(NamedTuple):
    """Who asks for tokens, where, and for what; `tenant` and `variables` are for messages."""

    credentials: Credentials
    scopes: Scopes
    url: str
    tenant: str
    variables: str
    max_retry_after: float


def refuses_scopes(answer: Answer) -> bool:
    """Whether the endpoint refuses because of the scopes that were asked for."""
    return error_body(answer).get("error") == "invalid_scope"


def token_refused(answer: Answer, call: Call, client: OAuthClient, asked: tuple[str, ...]) -> TenantError:
    """The error for a refused token request: the scopes, the client, or anything else."""
    body = error_body(answer)
    parts = [body.get(name) for name in ("error", "error_description")]
    words = ": ".join(answer.words(part) for part in parts if isinstance(part, str) and part)
    if refuses_scopes(answer):
        return ScopeError(
            f"could not {call.action}: the tenant refuses the scopes ({words})",
            status=answer.status,
            hint=scope_hint(asked, (), asked),
            tenant_message=words,
        )
    if answer.status == HTTPStatus.UNAUTHORIZED or parts[0] in ("invalid_client", "unauthorized_client"):
        advice = f"check {client.variables} in the environment, and that they belong to the tenant at this base URI"
        return UnauthorizedError(
            f"could not {call.action}: the tenant refuses the client id or secret{f' ({words})' if words else ''}",
            status=answer.status,
            hint="; ".join((advice, *client.credentials.doubts)),
            tenant_message=words,
        )
    error = refused(answer, call, RefusalContext(asked, frozenset(), client.max_retry_after))
    if isinstance(error, RefusalError):
        error.tenant_message = words or error.tenant_message
    if answer.status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        # Not NotFoundError: that would say that a campaign or schedule is not there.
        hint = "the token endpoint is not at this base URI: check it, and paths.token in tenant.yaml"
        return RefusalError(error.message, status=answer.status, hint=hint, tenant_message=words)
    return error


@dataclass(frozen=True, slots=True)
class Token:
    """An access token, the scopes that it carries, and when to renew it (seconds of the monotonic clock)."""

    value: str = field(repr=False)
    granted: frozenset[str]
    renew_at: float


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
        secret = client.credentials.client_secret
        redactor.hide(secret, basic, basic.rstrip("="), *in_base64(secret.encode()))
        self._client = client
        self._authorization = f"Basic {basic}"
        self._transport = transport
        self._retry = retry
        self._redactor = redactor
        self._clock = clock
        self._lock = threading.Lock()
        self.asked = client.scopes.all  # the optional ones no more once they were refused
        self._token: Token | None = None
        self._failure: TenantError | None = None
        self._renewals = 0

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
                self._token, self._failure = self._retry.run(self._attempt), None
            except TenantError as error:
                self._token, self._failure = None, error
                raise
            finally:
                self._renewals += 1
            return self._token

    def _attempt(self) -> Token | TenantError:
        form = {"grant_type": "client_credentials", "scope": " ".join(self.asked)}
        call = Call(
            "POST",
            self._client.url,
            f"get an access token for tenant {self._client.tenant}",
            body=urlencode(form).encode("ascii"),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
        started = self._clock.now()
        answer = self._transport.send(call, self._authorization)
        if isinstance(answer, TenantError):
            return answer
        if answer.status == HTTPStatus.OK:
            return self._accepted(answer, call, started)
        if refuses_scopes(answer) and len(self.asked) > len(self._client.scopes.required):
            self.asked = self._client.scopes.required
            return self._attempt()
        return token_refused(answer, call, self._client, self.asked)

    def _accepted(self, answer: Answer, call: Call, started: float) -> Token | TenantError:
        read = read_token(answer, call)
        if not isinstance(read, TokenAnswer):
            return read
        self._redactor.hide(read.value)
        granted = frozenset(self.asked if read.scopes is None else read.scopes)
        if missing := [scope for scope in self._client.scopes.required if scope not in granted]:
            return ScopeError(
                f"tenant {self._client.tenant} granted fewer scopes than needed, without {' '.join(missing)}",
                status=answer.status,
                hint=scope_hint(self.asked, granted, missing),
            )
        early = _EARLY if read.lifetime >= 2 * _EARLY else read.lifetime / 2
        return Token(read.value, granted, started + read.lifetime - early)


def in_base64(secret: bytes) -> Iterator[str]:
    """How base64 (RFC 4648, 4 and 5) spells a secret, by itself and wherever it stands in a longer text."""
    for lead in range(3):
        whole = base64.b64encode(bytes(lead) + secret).decode("ascii")
        own = whole[-(-lead * 4 // 3) : (lead + len(secret)) * 4 // 3]  # what no byte before or after it can change
        for text in (whole, whole.rstrip("="), own) if lead == 0 else (own,):
            yield from (text, text.translate(str.maketrans("+/", "-_")))
