"""Requests with a token: a read is repeated as long as that is safe and may help, a write is one attempt.

Whatever a request itself comes to is passed on as a value, because it may be repeated; what the token endpoint comes to
is raised, because it was repeated already.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from http import HTTPStatus

from ..errors import AnswerError, ServerFailureError, TenantError, UnreachableError
from ..settings import TenantSettings
from .answers import Answer, Call, Redactor
from .auth import Credentials, OAuthClient, Scopes, Token, Tokens
from .endpoints import Paths
from .refusals import RefusalContext, refused
from .transport import Transport, network_for
from .waiting import Clock, Pace, Retry


class Client:
    """One tenant's HTTP API for its authorized client; thread-safe."""

    def __init__(self, transport: Transport, tokens: Tokens, retry: Retry, max_retry_after: float) -> None:
        self._transport = transport
        self._tokens = tokens
        self._retry = retry
        self._max_retry_after = max_retry_after

    def close(self) -> None:
        """Closes all connections."""
        self._transport.close()

    def pause(self, attempt: int, error: TenantError) -> bool:
        """Wait after failed attempt number `attempt`; False where there is to be no further one."""
        return self._retry.pause(attempt, error)

    def authorize(self) -> None:
        """Get a token if there is none. Raises TenantErrors."""
        self._tokens.current()

    def has(self, scope: str) -> bool:
        """Whether the token carries a scope; gets one if there is none."""
        return scope in self._tokens.current().granted

    def read(self, call: Call) -> Answer:
        """An answer with an accepted status, after as many attempts as allowed. Raises TenantErrors."""
        return self._retry.run(lambda: self._attempt(call))

    def once(self, call: Call) -> Answer:
        """An answer with an accepted status, after one attempt. Raises TenantErrors."""
        try:
            outcome = self._attempt(call)
        except (UnreachableError, AnswerError, ServerFailureError) as error:
            # For want of a token nothing was sent, or what was sent was refused with 401: nothing is open.
            outcome = UnreachableError(error.message, hint=error.hint, sent=False)
        if isinstance(outcome, TenantError):
            raise outcome
        return outcome

    def _attempt(self, call: Call) -> Answer | TenantError:
        token = self._tokens.current()
        outcome = self._transport.send(call, token.auth)
        if isinstance(outcome, Answer) and outcome.status == HTTPStatus.UNAUTHORIZED:
            token = self._tokens.renew(token)
            return _sent_again(self._judged(self._transport.send(call, token.auth), call, token))
        return self._judged(outcome, call, token)

    def _judged(self, outcome: Answer | TenantError, call: Call, token: Token) -> Answer | TenantError:
        if isinstance(outcome, TenantError) or outcome.status in call.accepts:
            return outcome
        return refused(
            outcome, call, RefusalContext(self._tokens.asked, token.granted, self._max_retry_after)
        )


def _sent_again(outcome: Answer | TenantError) -> Answer | TenantError:
    """What the second sending of one attempt came to, with the count of both."""
    if isinstance(outcome, Answer):
        return replace(outcome, sends=2)
    if not isinstance(outcome, UnreachableError) or outcome.sent:
        outcome.sends = 2
    return outcome


def open_client(
    settings: TenantSettings,
    credentials: Credentials,
    scopes: Scopes,
    paths: Paths,
    *,
    stop: threading.Event,
    environ: Mapping[str, str],
    clock: Clock,
    note: Callable[[str], None],
) -> Client:
    """The parts put together, for any dialect; the keywords are those of `reconciler.cxone.connect`."""
    limits, redactor = settings.requests, Redactor()
    retry = Retry(limits, stop, clock=clock, note=note)
    network = network_for(paths.base_uri, environ)
    transport = Transport(paths.base_uri, network, limits, Pace(clock), redactor, stop, clock)
    client = OAuthClient(
        credentials=credentials,
        scopes=scopes,
        url=paths.url("token"),
        tenant=settings.name,
        variables=f"{settings.client_id_env} and {settings.client_secret_env}",
        max_retry_after=limits.max_retry_after,
    )
    tokens = Tokens(client, transport, retry, redactor, clock)
    return Client(transport, tokens, retry, limits.max_retry_after)
