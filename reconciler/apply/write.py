"""One schedule's write, safe against lost answers and lost updates.

The schedule is read right before every attempt, because somebody may have edited it after the plan was made, or created
it. The same reading shows how an attempt without a usable answer ended: equal to the body is success, equal to what the
plan saw (nothing, for a create) is repeated, anything else is somebody else's work and stays. Between that reading and
the PUT a race is left; `If-Match` and `If-None-Match` close it at a tenant that knows them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus

from .. import put_body
from ..dialect import Dialect, ScheduleRead, WriteAnswer
from ..errors import (
    AlwaysLimitedError,
    AnswerError,
    PreconditionError,
    RefusalError,
    TenantError,
    UnauthorizedError,
)
from ..model import Action, CampaignLive, Change, JsonObject, LiveSchedule, Plan, Request
from ..model.results import Status, WriteError, WriteResult
from ..settings import TenantSettings
from .outcomes import (
    READ_OTHERWISE,
    RECREATED,
    Locate,
    WriteEnd,
    answered_otherwise,
    arrived,
    is_repeatable,
    is_server_failure,
    leaves_open,
    not_attempted,
    replaced,
    stale_error,
    stop_of,
    unknown_outcome,
    write_errors,
)

OnSend = Callable[[Request, JsonObject | None], None]


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What the touched campaigns hold after the writes, each schedule by (campaignId, scheduleId).

    `differing` are those that a fresh plan would still change; `twins` those created beside another live schedule of the
    same name, with the id of that one.
    """

    differing: frozenset[tuple[str, str]] = frozenset()
    twins: Mapping[tuple[str, str], str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ApplyJob:
    """One tenant's plan and all that carrying it out needs of that tenant.

    `locate` finds a field in the files. `refuse` says why a body, as it would be sent with the live values of now, may not
    be sent; None where it may. `read_touched` reads the touched campaigns, TenantError where it cannot; `compare` says what
    of them is as planned, None where that is not known. `left_out` are campaigns that could not be read.
    """

    plan: Plan
    settings: TenantSettings
    dialect: Dialect
    locate: Locate
    refuse: Callable[[Change, JsonObject], str | None]
    read_touched: Callable[[], tuple[CampaignLive, ...]]
    compare: Callable[[tuple[CampaignLive, ...]], Aftermath | None]
    left_out: tuple[str, ...] = ()


def write(change: Change, job: ApplyJob, on_send: OnSend, stopping: Callable[[], bool]) -> WriteEnd:
    """Write one change of a job. `on_send` hears the request and what was live once, before the first attempt is sent, and
    may raise to keep it from being sent; once `stopping` says so, nothing more is sent."""
    return _Write(change, job, on_send, stopping).run()


class _StaleError(Exception):
    """The schedule is neither what the plan saw nor what it wants."""


class _StoppedError(Exception):
    """The run is being stopped, and nothing of this write was sent."""


class _Write:
    """The state of one write between its attempts."""

    def __init__(self, change: Change, job: ApplyJob, on_send: OnSend, stopping: Callable[[], bool]) -> None:
        self.change = change
        self.job = job
        self.on_send = on_send
        self.stopping = stopping
        self.request = change.request
        self.before: JsonObject | None = None
        self.attempts = 0
        self.started = 0.0
        self.http_status: int | None = None
        self.last: TenantError | None = None  # what the last attempt came to
        self.reached = False  # whether the tenant has looked at an attempt
        self.renewed = False  # whether a 401 has renewed the token
        self.unknown = False  # whether an attempt was made of which it is not known what it did

    def run(self) -> WriteEnd:
        try:
            return self._attempt_until_known()
        except _StaleError as stale:
            if isinstance(self.last, AnswerError) and self.last.gone:
                return self._end(Status.UNVERIFIED, (READ_OTHERWISE,))
            return self._end(Status.STALE, (stale_error(str(stale)),))
        except _StoppedError:
            self.attempts = 0
            return self._end(Status.NOT_ATTEMPTED, (not_attempted(),))
        except TenantError as error:  # of a reading: what was sent, if anything, is as open as it was
            return self._failed(self.last, error) if self.last and self.unknown else self._failed(error)

    def _attempt_until_known(self) -> WriteEnd:
        while True:
            etag, done = self._look()
            if done is not None:
                return self._succeeded(done)
            outcome = self._send(etag)
            if isinstance(outcome, WriteAnswer):
                return self._verified(outcome)
            if isinstance(outcome, PreconditionError):
                return self._overtaken(outcome)
            if isinstance(outcome, UnauthorizedError) and outcome.renewed:
                self.renewed = True
                continue
            self.unknown = self.unknown or leaves_open(outcome)
            if not is_repeatable(outcome) or not self.job.dialect.pause(self.attempts, outcome):
                return self._give_up(outcome)

    def _look(self) -> tuple[str | None, LiveSchedule | None]:
        """Read before writing: the ETag to write with, or the schedule where a lost answer turns out a success."""
        read = self._read()
        live = read.schedule
        if self.unknown and live is not None and self._is_as_sent(live):
            return None, live
        if not self._is_as_planned(live) or (read.gone and self.change.action is Action.CREATE):
            raise _StaleError(_moved(self.change, read))
        if live is not None:
            self.before = put_body.live_body(live)
            settings = self.job.settings
            body = put_body.refreshed_body(self.change.request.body, live, settings.ignored, settings.preserved)
            if (reason := self.job.refuse(self.change, body)) is not None:
                raise _StaleError(reason)
            self.request = self.change.request._replace(body=body)
            if self.request.sent is not None:
                self.request = self.request._replace(sent=self.job.dialect.put_request(body).sent)
        return read.etag, None

    def _read(self) -> ScheduleRead:
        return self.job.dialect.schedule(*self.change.key)

    def _send(self, etag: str | None) -> WriteAnswer | TenantError:
        if self.attempts == 0:
            if self.stopping():
                raise _StoppedError
            self.on_send(self.request, self.before)
            self.started = time.monotonic()
        try:
            create = self.change.action is Action.CREATE
            answer = self.job.dialect.put(self.request, etag, create=create, renew=not self.renewed)
        except TenantError as error:
            self.attempts += not isinstance(error, AlwaysLimitedError)
            error.retryable = is_repeatable(error)  # what this run repeats, the next one may too
            self.reached = self.reached or arrived(error)
            if not self.reached and self.stopping():
                raise _StoppedError from None
            if isinstance(error, RefusalError | AnswerError):
                self.http_status = error.status
            self.last = error
            return error
        self.attempts += 1
        self.http_status = answer.status
        return answer

    def _verified(self, answer: WriteAnswer) -> WriteEnd:
        differing = put_body.differing_fields(self.request.body, answer.schedule, self.job.settings.ignored)
        if differing:
            error = answered_otherwise(answer.status, differing)
        elif self.change.action is Action.CREATE and answer.status == HTTPStatus.OK:
            error = replaced(perhaps_own=self.unknown)
        elif self.change.action is Action.UPDATE and answer.status == HTTPStatus.CREATED:
            error = RECREATED
        else:
            return self._succeeded(answer.schedule)
        return self._end(Status.UNVERIFIED, (error,), live_status=answer.schedule.status)

    def _overtaken(self, error: PreconditionError) -> WriteEnd:
        """409 or 412: somebody else was first, or an attempt of this write that was taken for lost."""
        live = self._read().schedule if self.unknown else None
        if live is not None and self._is_as_sent(live):
            return self._succeeded(live)
        return self._end(Status.STALE, (stale_error(error.tenant_message or error.message),))

    def _give_up(self, error: TenantError) -> WriteEnd:
        """No further attempt: a last look says what is known, where the outcome is open."""
        if self.unknown:
            try:
                live = self._read().schedule
            except TenantError as unreadable:
                return self._failed(error, unreadable)
            if live is not None and self._is_as_sent(live):
                return self._succeeded(live)
            if not self._is_as_planned(live):
                words = error.tenant_message if isinstance(error, RefusalError) else ""
                raise _StaleError(
                    f"{words or error.message}; now the schedule is neither what was sent nor what it was before"
                )
        return self._failed(error)

    def _is_as_planned(self, live: LiveSchedule | None) -> bool:
        if live is None:
            return self.change.action is Action.CREATE
        seen = put_body.fingerprint(live, self.job.settings.ignored, self.job.settings.preserved)
        return seen == self.change.fingerprint

    def _is_as_sent(self, live: LiveSchedule) -> bool:
        return not put_body.differing_fields(self.request.body, live, self.job.settings.ignored)

    def _succeeded(self, live: LiveSchedule) -> WriteEnd:
        return self._end(Status.SUCCESS, live_status=live.status)

    def _failed(self, error: TenantError, unreadable: TenantError | None = None) -> WriteEnd:
        """`unreadable` is why it is not known what an attempt did, None where it certainly did nothing."""
        errors = write_errors(error, self.change, self.job.locate)
        if unreadable is not None:
            errors = (*errors, unknown_outcome("the schedule was written", unreadable))
        never_sent = isinstance(error, AlwaysLimitedError) and self.attempts == 0
        end = self._end(Status.NOT_ATTEMPTED if never_sent else Status.FAILED, errors)
        return replace(end, stop=stop_of(error, unreadable), server_failed=is_server_failure(error))

    def _end(self, status: Status, errors: tuple[WriteError, ...] = (), *, live_status: str | None = None) -> WriteEnd:
        # Where a reading showed the success, the last answer to the write itself said something else.
        lost = status is Status.SUCCESS and (self.http_status or 0) >= 300
        result = WriteResult(
            campaign_id=self.change.campaign_id,
            schedule_id=self.change.schedule_id,
            action=self.change.action,
            status=status,
            http_status=None if lost else self.http_status,
            attempts=self.attempts,
            latency_ms=round((time.monotonic() - self.started) * 1000) if self.attempts else None,
            live_status=live_status,
            errors=errors,
        )
        return WriteEnd(result, self.request, self.before)


def _moved(change: Change, read: ScheduleRead) -> str:
    if read.gone and change.action is Action.CREATE:
        return "the tenant says that a schedule of this id was there and is gone for good, so it is not created again"
    if read.schedule is None:
        return "the schedule is gone: somebody deleted it after the plan was made"
    if change.action is Action.CREATE:
        return "the schedule is there already: somebody created it after the plan was made, or the list lacked it"
    return "the schedule was edited after the plan was made"
