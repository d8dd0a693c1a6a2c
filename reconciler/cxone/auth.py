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
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from ..errors import (
    AnswerError,
    RefusalError,
    ScopeError,
    TenantError,
    UnauthorizedError,
    UsageError,
)
from ..phrases import listing
from ..settings import TenantSettings
from .answers import Answer, Call, parse, unusable
from .refusals import error_body, refused, scope_hint
from .waiting import Retry

if TYPE_CHECKING:  # the HTTP library is slow to load, and a command without a network needs the scopes alone
    from .transport import Transport

READ = "dialer:campaigns:read"
WRITE = "dialer:schedules:write"
AGENTS = "wfm:schedules:read"
WEBHOOKS_READ = "webhooks:read"
WEBHOOKS_WRITE = "webhooks:write"
OPTIONAL = frozenset({WEBHOOKS_READ})
"""Scopes without which less is known; without any other that is asked for nothing is done."""

_PLACEHOLDER = re.compile(r"\$\{.*\}|\$\(.*\)|\{\{.*\}\}|<.*>|%\w+%|\$\w+")
_LONGEST = 366 * 86400.0  # seconds; no token is believed to live longer, so that no arithmetic overflows
_TOKEN = re.compile(r"[\x21-\x7e]+", re.ASCII)  # what a header can carry (RFC 6749, A.12, less the space)
_HINT = "check the base URI and paths.token in tenant.yaml"
_EARLY = 60.0  # seconds before its end that a token is renewed


@dataclass(frozen=True, slots=True)
class Credentials:
    """The OAuth 2.0 client of one tenant, and the access key of a user where its API wants one. `doubts` says what is strange
    about the variables, and never what they hold."""

    client_id: str
    client_secret: str = field(repr=False)
    doubts: tuple[str, ...] = field(default=(), compare=False)
    access_key_id: str = ""
    access_key_secret: str = field(default="", repr=False)


def credentials_from(settings: TenantSettings, environ: Mapping[str, str]) -> Credentials:
    """The credentials in the environment variables that the settings name, less blanks and line ends around them.

    Raises TenantError where one is not set or empty, and UsageError for a client id with a colon, which
    the Basic scheme cannot carry (RFC 7617, 2).
    """
    admin = settings.admin
    client = (settings.client_id_env, settings.client_secret_env)
    key = () if admin is None else (admin.key_id_env, admin.key_secret_env)
    names = key if admin is not None and admin.sign_in == "accessKey" else (*client, *key)
    values = {name: environ.get(name, "").strip() for name in names}
    if missing := [name for name, value in values.items() if not value]:
        variables, verb = listing(missing), "is" if len(missing) == 1 else "are"
        whose = listing(
            what for what, own in (("client", client), ("the access key", key)) if not set(own).isdisjoint(missing)
        ).removeprefix("the ")
        raise TenantError(
            f"tenant {settings.name}: no credentials, because {variables} {verb} not set in the environment",
            hint=f"set {variables} to the {whose} of this tenant (or name other variables in {settings.location.file} "
            "below credentials), or try it out with --sandbox",
        )
    client_id, client_secret, key_id, key_secret = (values.get(name, "") for name in (*client, *(key or ("", ""))))
    if ":" in client_id:
        raise UsageError(
            f"tenant {settings.name}: the client id in {client[0]} holds a colon, so it cannot be a client id",
            hint=f"set {client[0]} to the client id alone and {client[1]} to the secret",
        )
    doubts = tuple(f"{name} {doubt}" for name in names if (doubt := _doubt(environ[name])))
    return Credentials(client_id, client_secret, doubts, key_id, key_secret)


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
class Token:
    """An access token, the scopes that it carries, and when to renew it (seconds of the monotonic clock)."""

    value: str = field(repr=False)
    granted: frozenset[str]
    renew_at: float


def read_token(
    answer: Answer, call: Call, asked: tuple[str, ...], started: float, *, numbers_as_text: bool = False
) -> Token | AnswerError:
    """What a 200 of the token endpoint says, or what is wrong with it. It is never quoted: half a token is a secret.

    A token whose scopes are not named carries those that were `asked` for. Its life began at `started` at the earliest.
    With `numbers_as_text` its length may be text.
    """
    try:
        body = parse(answer, call)
    except AnswerError:
        body = None
    fields: Any = body if isinstance(body, dict) else {}
    value, kind, lifetime, scope = (fields.get(name) for name in ("access_token", "token_type", "expires_in", "scope"))
    if numbers_as_text and isinstance(lifetime, str) and lifetime.isascii() and lifetime.isdecimal():
        lifetime = float(lifetime[:9])
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
    life = float(min(lifetime, _LONGEST))
    early = _EARLY if life >= 2 * _EARLY else life / 2
    return Token(value, frozenset(asked if scope is None else scope.split()), started + life - early)


def refuses_scopes(answer: Answer) -> bool:
    """Whether the endpoint refuses because of the scopes that were asked for."""
    return error_body(answer).get("error") == "invalid_scope"


def token_refused(
    answer: Answer, call: Call, asked: tuple[str, ...], settings: TenantSettings, doubts: tuple[str, ...]
) -> TenantError:
    """The error for a refused token request: the scopes, the client (with `doubts` about its credentials), or anything
    else."""
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
        variables = f"{settings.client_id_env} and {settings.client_secret_env}"
        advice = f"check {variables} in the environment, and that they belong to the tenant at this base URI"
        return UnauthorizedError(
            f"could not {call.action}: the tenant refuses the client id or secret{f' ({words})' if words else ''}",
            status=answer.status,
            hint="; ".join((advice, *doubts)),
            tenant_message=words,
        )
    error = refused(answer, call, asked, frozenset(), settings.requests.max_retry_after)
    if isinstance(error, RefusalError):
        error.tenant_message = words or error.tenant_message
    if answer.status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        # Not NotFoundError: that would say that a campaign or schedule is not there.
        hint = "the token endpoint is not at this base URI: check it, and paths.token in tenant.yaml"
        return RefusalError(error.message, status=answer.status, hint=hint, tenant_message=words)
    return error


class Tokens:
    """The one token of a tenant's client, got at `url`, for as many of the `scopes` as it gets; thread-safe."""

    def __init__(
        self,
        settings: TenantSettings,
        credentials: Credentials,
        scopes: tuple[str, ...],
        url: str,
        transport: Transport,
        retry: Retry,
    ) -> None:
        secret = credentials.client_secret
        basic = base64.b64encode(f"{credentials.client_id}:{secret}".encode()).decode("ascii")
        transport.redactor.hide(secret, basic, basic.rstrip("="), *in_base64(secret.encode()))
        self._settings = settings
        self._doubts = credentials.doubts
        self._authorization = f"Basic {basic}"
        self._required = tuple(scope for scope in scopes if scope not in OPTIONAL)
        self._url = url
        self._transport = transport
        self._retry = retry
        self._lock = threading.Lock()
        self.asked = scopes  # less the optional ones once refused
        self._token: Token | None = None
        self._failure: TenantError | None = None
        self._renewals = 0

    def current(self, refused_token: Token | None = None) -> Token:
        """The token, got or renewed if need be: because it is old, or the one that was answered with 401. Raises TenantErrors;
        those worth a repeat were repeated."""
        seen = self._renewals
        with self._lock:
            token = self._token
            if token is not None and token is not refused_token and self._transport.clock.now() < token.renew_at:
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
            self._url,
            f"get an access token for tenant {self._settings.name}",
            body=urlencode(form).encode("ascii"),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
        started = self._transport.clock.now()
        answer = self._transport.send(call, self._authorization)
        if isinstance(answer, TenantError):
            return answer
        if answer.status != HTTPStatus.OK:
            if refuses_scopes(answer) and len(self.asked) > len(self._required):
                self.asked = self._required
                return self._attempt()
            return token_refused(answer, call, self.asked, self._settings, self._doubts)
        token = read_token(answer, call, self.asked, started)
        if isinstance(token, TenantError):
            return token
        self._transport.redactor.hide(token.value)
        if missing := [scope for scope in self._required if scope not in token.granted]:
            return ScopeError(
                f"tenant {self._settings.name} granted fewer scopes than needed, without {' '.join(missing)}",
                status=answer.status,
                hint=scope_hint(self.asked, token.granted, missing),
            )
        return token


def in_base64(secret: bytes) -> Iterator[str]:
    """How base64 (RFC 4648, 4 and 5) spells a secret, by itself and wherever it stands in a longer text."""
    for lead in range(3):
        whole = base64.b64encode(bytes(lead) + secret).decode("ascii")
        own = whole[-(-lead * 4 // 3) : (lead + len(secret)) * 4 // 3]  # what no byte before or after it can change
        for text in (whole, whole.rstrip("="), own) if lead == 0 else (own,):
            yield from (text, text.translate(str.maketrans("+/", "-_")))
