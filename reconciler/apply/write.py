"""One schedule's write, safe against lost answers and lost updates (design §6.2 to §6.4).

The schedule is read right before every attempt of an update, and before every further attempt of a create. After an
attempt whose outcome is not known that same reading tells: equal to the body is success, equal to what the plan saw is
repeated, anything else is somebody else's edit and stays.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from .. import canonical, carry
from ..dialect import Dialect, ScheduleRead, WriteAnswer
from ..errors import (
    AnswerError,
    PreconditionError,
    RateLimitedError,
    RefusalError,
    ScopeError,
    ServerFailureError,
    TenantError,
    UnauthorizedError,
    UnreachableError,
)
from ..model import Action, Change, JsonObject, LiveSchedule, Path, Request, Status, WriteError, WriteResult
from .faults import STALE_HINT, Locate, write_errors

OnSend = Callable[[Request, JsonObject | None], None]


@dataclass(frozen=True, slots=True)
class WritePolicy:
    """Fields that another system steers, fields that are carried over from live, and how to find a field in the files."""

    ignored: tuple[Path, ...]
    preserved: tuple[Path, ...]
    locate: Locate


@dataclass(frozen=True, slots=True)
class WriteEnd:
    """How a write ended: its result, the request that was meant, and what was live right before.

    `stop` is the error after which no other write can succeed (401, 403); `server_failed` counts towards the breaker.
    """

    result: WriteResult
    request: Request
    before: JsonObject | None
    stop: TenantError | None = None
    server_failed: bool = False


def write(change: Change, dialect: Dialect, policy: WritePolicy, on_send: OnSend) -> WriteEnd:
    """Write one change; `on_send` hears the request and what was live once, before the first attempt is sent."""
    return _Write(change, dialect, policy, on_send).run()


class _StaleError(Exception):
    """The schedule is neither what the plan saw nor what it wants."""


class _Write:
    """The state of one write between its attempts."""

    def __init__(self, change: Change, dialect: Dialect, policy: WritePolicy, on_send: OnSend) -> None:
        self.change = change
        self.dialect = dialect
        self.policy = policy
        self.on_send = on_send
        self.request = change.request
        self.before: JsonObject | None = None
        self.attempts = 0
        self.started = 0.0
        self.http_status: int | None = None
        self.unknown = False  # whether an attempt was made of which nobody knows what it did

    def run(self) -> WriteEnd:
        try:
            return self._attempt_until_known()
        except _StaleError as stale:
            return self._end(Status.STALE, (WriteError("STALE", str(stale), None, STALE_HINT),))
        except PreconditionError as error:
            self.http_status = error.status
            message = error.tenant_message or error.message
            return self._end(Status.STALE, (WriteError("STALE", message, None, STALE_HINT),))
        except TenantError as error:
            self._note(error)
            return self._failed(error)

    def _attempt_until_known(self) -> WriteEnd:
        while True:
            etag, done = self._look()
            if done is not None:
                return self._succeeded(done)
            try:
                return self._verified(self._send(etag))
            except PreconditionError:
                live = (
                    self._read().schedule if self.unknown else None
                )  # an attempt taken for lost may have come late
                if live is None or not self._is_as_sent(live):
                    raise
                return self._succeeded(live)
            except (RateLimitedError, ServerFailureError, UnreachableError, AnswerError) as error:
                if _is_redirect(error):
                    raise
                self._note(error)
                self.unknown = self.unknown or _leaves_open(error)
                if not self.dialect.pause(self.attempts, error):
                    return self._give_up(error)

    def _look(self) -> tuple[str | None, LiveSchedule | None]:
        """Read before writing: the ETag to write with, or the schedule where a lost answer turns out a success."""
        if self.change.action is Action.CREATE and not self.unknown:
            return None, None
        read = self._read()
        live = read.schedule
        if self.unknown and live is not None and self._is_as_sent(live):
            return None, live
        if not self._is_as_planned(live):
            raise _StaleError(
                "the schedule was edited after the plan was made"
                if live is not None
                else "the schedule is gone: somebody deleted it after the plan was made"
            )
        if live is not None:
            self.before = carry.live_body(live)
            body = carry.keep_live(self.change.request.body, live.content, self.policy.ignored)
            self.request = replace(self.change.request, body=body)
        return read.etag, None

    def _read(self) -> ScheduleRead:
        return self.dialect.schedule(self.change.campaign_id, self.change.schedule_id)

    def _send(self, etag: str | None) -> WriteAnswer:
        if self.attempts == 0:
            self.on_send(self.request, self.before)
            self.started = time.monotonic()
        self.attempts += 1
        answer = self.dialect.put(self.request, etag)
        self.http_status = answer.status
        return answer

    def _verified(self, answer: WriteAnswer) -> WriteEnd:
        differing = carry.differing_fields(self.request.body, answer.schedule)
        if not differing:
            return self._succeeded(answer.schedule)
        message = (
            f"the tenant answered {answer.status}, but what it says it holds now differs from what was sent in "
            f"{', '.join(differing)}"
        )
        hint = "look at the schedule in the console: the tenant seems to round, cap or drop these values in silence"
        errors = (WriteError("UNVERIFIED", message, differing[0], hint),)
        return self._end(Status.UNVERIFIED, errors, live_status=answer.schedule.status)

    def _give_up(self, error: TenantError) -> WriteEnd:
        """No further attempt: a last look says what is known, where the outcome is open."""
        if self.unknown:
            live = self._read().schedule
            if live is not None and self._is_as_sent(live):
                return self._succeeded(live)
            if not self._is_as_planned(live):
                raise _StaleError(
                    f"{error.message}; now the schedule is neither what was sent nor what it was before"
                )
            self.unknown = False
        return self._failed(error)

    def _is_as_planned(self, live: LiveSchedule | None) -> bool:
        if live is None:
            return self.change.action is Action.CREATE
        seen = canonical.fingerprint(live, self.policy.ignored, self.policy.preserved)
        return seen == self.change.fingerprint

    def _is_as_sent(self, live: LiveSchedule) -> bool:
        return not carry.differing_fields(self.request.body, live, self.policy.ignored)

    def _note(self, error: TenantError) -> None:
        if isinstance(error, RefusalError | AnswerError):
            self.http_status = error.status

    def _succeeded(self, live: LiveSchedule) -> WriteEnd:
        return self._end(Status.SUCCESS, live_status=live.status)

    def _failed(self, error: TenantError) -> WriteEnd:
        errors = write_errors(error, self.change, self.policy.locate, outcome_unknown=self.unknown)
        end = self._end(Status.FAILED, errors)
        stop = error if isinstance(error, UnauthorizedError | ScopeError) else None
        return replace(end, stop=stop, server_failed=isinstance(error, ServerFailureError | UnreachableError))

    def _end(
        self, status: Status, errors: tuple[WriteError, ...] = (), *, live_status: str | None = None
    ) -> WriteEnd:
        answered = status is not Status.SUCCESS or (self.http_status or 0) < 300
        result = WriteResult(
            campaign_id=self.change.campaign_id,
            schedule_id=self.change.schedule_id,
            action=self.change.action,
            status=status,
            http_status=self.http_status if answered else None,
            attempts=self.attempts,
            latency_ms=round((time.monotonic() - self.started) * 1000) if self.attempts else None,
            live_status=live_status,
            errors=errors,
        )
        return WriteEnd(result, self.request, self.before)


def _is_redirect(error: TenantError) -> bool:
    return isinstance(error, AnswerError) and error.status is not None and 300 <= error.status < 400


def _leaves_open(error: TenantError) -> bool:
    """Whether the tenant may have done what was asked although no answer says so."""
    return not isinstance(error, RateLimitedError) and not (
        isinstance(error, UnreachableError) and not error.sent
    )
