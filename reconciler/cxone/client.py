"""Requests with a token: a read is repeated as long as that is safe and may help, a write is one attempt.

Whatever a request itself comes to is passed on as a value, because it may be repeated; what the token endpoint comes to
is raised, because it was repeated already.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from ..errors import AnswerError, ServerFailureError, TenantError, UnauthorizedError, UnreachableError
from .answers import Answer, Call
from .auth import Token, Tokens
from .refusals import refused
from .transport import Transport
from .waiting import Retry

if TYPE_CHECKING:
    from ..dialect import UnreadSchedule


class Client:
    """One tenant's HTTP API for who is signed in, whichever dialect a subclass speaks; thread-safe."""

    unread: Mapping[str, Sequence[UnreadSchedule]] = MappingProxyType({})

    def __init__(self, paths: Mapping[str, str], transport: Transport, tokens: Tokens, retry: Retry) -> None:
        self._paths = paths
        self._transport = transport
        self._tokens = tokens
        self._retry = retry

    def pause(self, attempt: int, error: TenantError) -> bool:
        """Wait as the limits of the tenant want after failed attempt number `attempt` (from 1); False: give up."""
        return self._retry.pause(attempt, error)

    def authorize(self) -> None:
        """Get a token if there is none. Raises TenantErrors."""
        self._tokens.current()

    def has(self, scope: str) -> bool:
        """Whether the token carries a scope; gets one if there is none."""
        return scope in self._tokens.current().granted

    def read(self, call: Call) -> Answer:
        """An answer with an accepted status, after as many attempts as allowed. Raises TenantErrors."""
        return self._retry.run(lambda: self._sent(call, self._tokens.current(), again=True))

    def once(self, call: Call, *, renew: bool = True) -> Answer:
        """An answer with an accepted status, after one attempt. Raises TenantErrors.

        A 401 renews the token, with `renew`, and is raised: whoever writes looks again first, because time has passed.
        """
        try:
            token = self._tokens.current()
            outcome = self._sent(call, token)
            if isinstance(outcome, UnauthorizedError) and renew:
                self._tokens.current(token)
                outcome.renewed = True
        except (UnreachableError, AnswerError, ServerFailureError) as error:
            # For want of a token nothing was sent, or what was sent was refused with 401: nothing is open.
            outcome = UnreachableError(error.message, hint=error.hint, sent=False)
        if isinstance(outcome, TenantError):
            raise outcome
        return outcome

    def _sent(self, call: Call, token: Token, *, again: bool = False) -> Answer | TenantError:
        """One attempt; with `again` another one with a newer token after a 401."""
        outcome = self._transport.send(call, f"Bearer {token.value}")
        if isinstance(outcome, Answer) and outcome.status in call.accepts:
            return outcome
        self._retry.say_limited(self._transport.pace.starved(call.scope or ""))
        if isinstance(outcome, Answer):
            longest = self._transport.limits.max_retry_after
            outcome = refused(outcome, call, self._tokens.asked, token.granted, longest)
        if again and isinstance(outcome, UnauthorizedError):
            return self._sent(call, self._tokens.current(token))
        return outcome
