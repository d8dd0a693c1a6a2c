"""All writes of one plan: a bounded pool of workers, one failure stops no other, some failures stop them all."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from ..dialect import Dialect
from ..errors import JournalUnavailableError
from ..model import (
    Action,
    Change,
    JsonObject,
    Plan,
    Request,
    Result,
    Status,
    Webhook,
    WebhookResult,
    WriteError,
    WriteResult,
)
from .entries import RunInfo, end_entry, pending_entry, webhook_entry
from .registration import register
from .workers import work_off
from .write import WriteEnd, WritePolicy, write

BREAKER = 3  # server failures of whole writes in a row after which no other write is started
Differing = frozenset[tuple[str, str]]


class JournalPort(Protocol):
    """Where every write is told before it is sent and after it ended."""

    head: str | None

    def append(self, entry: JsonObject) -> None:
        """Flush one line to the disk; JournalUnavailableError if that fails."""


@dataclass(frozen=True, slots=True)
class ApplyInput:
    """All that the apply of one plan needs.

    `read_again` reads the touched campaigns and gives the (campaignId, scheduleId) that a fresh plan would still change
    or, None, that this cannot be told. `stop` is set by an interrupt. `progress` hears how many writes ended, of how many.
    """

    plan: Plan
    dialect: Dialect
    policy: WritePolicy
    journal: JournalPort
    run: RunInfo
    concurrency: int
    webhook_url: str | None
    stop: threading.Event
    read_again: Callable[[], Differing | None]
    progress: Callable[[int, int], None]
    left_out: tuple[str, ...] = ()


def run_apply(given: ApplyInput) -> Result:
    """Apply one plan that passed the gate; every change and every webhook has a result, also those not attempted."""
    writer = _Run(given)
    results = writer.write_all()
    webhooks = writer.register_all(results)
    differing = given.read_again() if results and not given.stop.is_set() else None
    if differing:
        results = tuple(writer.recheck(result, differing) for result in results)
    return Result(
        tenant=given.plan.tenant,
        run_id=given.run.run_id,
        digest=given.plan.digest,
        revision=given.plan.revision,
        results=results,
        webhooks=webhooks,
        converged=not results or differing == frozenset(),
        interrupted=given.stop.is_set(),
        journal_head=given.journal.head,
        left_out=given.left_out,
        stopped=writer.halt_reason,
    )


class _Run:
    """The state that the workers of one run share."""

    def __init__(self, given: ApplyInput) -> None:
        self._given = given
        self._guard = threading.Lock()
        self._failures = 0
        self._ended = 0
        self.halt_reason: str | None = None

    def write_all(self) -> tuple[WriteResult, ...]:
        """The results of all changes, in the order of the plan."""
        changes = self._given.plan.changes
        results = work_off(changes, self._write, self._may_start, self._given.concurrency)
        return tuple(
            result if result is not None else _not_attempted(change, self._why_not())
            for change, result in zip(changes, results, strict=True)
        )

    def register_all(self, results: tuple[WriteResult, ...]) -> tuple[WebhookResult, ...]:
        """The results of all webhooks; one whose schedule was to be created and was not is left alone."""
        failed = {
            f"WFM_Sync_{each.schedule_id}"
            for each in results
            if each.action is Action.CREATE and each.status not in (Status.SUCCESS, Status.UNVERIFIED)
        }
        webhooks = [each for each in self._given.plan.webhooks if each.name not in failed]
        ends = dict(
            zip(
                webhooks,
                work_off(webhooks, self._register, self._may_start, self._given.concurrency),
                strict=True,
            )
        )
        return tuple(
            ends.get(each) or WebhookResult(each.name, Status.NOT_ATTEMPTED, (self._why_not(),))
            for each in self._given.plan.webhooks
        )

    def recheck(self, result: WriteResult, differing: Differing) -> WriteResult:
        """A write that was answered as a success, but is not there when the campaign is read again, is unverified."""
        if result.status is not Status.SUCCESS or (result.campaign_id, result.schedule_id) not in differing:
            return result
        error = WriteError(
            "UNVERIFIED",
            "the tenant answered as if the schedule were written, but read again it is not what was sent",
            None,
            "either the tenant drops writes in silence, or somebody edited the schedule meanwhile; plan again to see",
        )
        unverified = replace(result, status=Status.UNVERIFIED, errors=(*result.errors, error))
        change = next(
            c
            for c in self._given.plan.changes
            if c.schedule_id == result.schedule_id and c.campaign_id == result.campaign_id
        )
        self._journal_end(change, change.request, change.before, unverified)
        return unverified

    def _may_start(self) -> bool:
        return not self._given.stop.is_set() and self.halt_reason is None

    def _why_not(self) -> WriteError:
        reason = self.halt_reason or "the run was interrupted before this write was sent"
        return WriteError(
            "NOT_ATTEMPTED", reason, None, "apply again: what was written is not written again", True
        )

    def _halt(self, reason: str) -> None:
        with self._guard:
            self.halt_reason = self.halt_reason or reason

    def _write(self, change: Change) -> WriteResult | None:
        given = self._given

        def on_send(request: Request, before: JsonObject | None) -> None:
            given.journal.append(
                pending_entry(given.plan, given.run, change, request, before, given.webhook_url)
            )

        try:
            end = write(change, given.dialect, given.policy, on_send)
        except JournalUnavailableError as error:
            self._halt(error.message)
            return None
        self._journal_end(change, end.request, end.before, end.result)
        self._account(end)
        return end.result

    def _account(self, end: WriteEnd) -> None:
        with self._guard:
            self._failures = self._failures + 1 if end.server_failed else 0
            broken = self._failures >= BREAKER
            self._ended += 1
            self._given.progress(self._ended, len(self._given.plan.changes))
        if end.stop is not None:
            self._halt(f"stopped, because every further write would fail alike: {end.stop.message}")
        elif broken:
            self._halt(
                f"stopped after {BREAKER} server failures in a row, so as not to press a tenant that is failing"
            )

    def _journal_end(
        self, change: Change, request: Request, before: JsonObject | None, result: WriteResult
    ) -> None:
        given = self._given
        entry = end_entry(given.plan, given.run, change, request, before, given.webhook_url, result)
        self._append(entry)

    def _register(self, webhook: Webhook) -> WebhookResult | None:
        given = self._given
        if not self._append(webhook_entry(given.plan, given.run, webhook, None)):
            return None
        result = register(webhook, given.dialect)
        self._append(webhook_entry(given.plan, given.run, webhook, result))
        return result

    def _append(self, entry: JsonObject) -> bool:
        try:
            self._given.journal.append(entry)
        except JournalUnavailableError as error:
            self._halt(error.message)
            return False
        return True


def _not_attempted(change: Change, reason: WriteError) -> WriteResult:
    return WriteResult(
        change.campaign_id, change.schedule_id, change.action, Status.NOT_ATTEMPTED, errors=(reason,)
    )
