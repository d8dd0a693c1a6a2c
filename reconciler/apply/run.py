"""All writes of one plan: a bounded pool of workers, one failure stops no other, some failures stop them all."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from ..errors import JournalUnavailableError, TenantError
from ..model import Change, Result, Status, Webhook, WebhookResult, WriteError, WriteResult
from .entries import Context
from .faults import read_otherwise
from .halting import Halt
from .ledger import Ledger
from .registration import register
from .sync import Sync, sort_out
from .values import ApplyInput, Differing, WriteEnd
from .workers import work_off
from .write import write


def run_apply(given: ApplyInput) -> Result:
    """Apply one plan that passed the gate; every change and every webhook has a result, also those not attempted."""
    run = _Run(given)
    results = run.write_all()
    webhooks = run.register_all(results)
    differing = given.read_again() if results and not given.stop.is_set() else None
    return Result(
        tenant=given.plan.tenant,
        run_id=given.run.run_id,
        digest=given.plan.digest,
        revision=given.plan.revision,
        results=run.recheck(results, differing or frozenset()),
        webhooks=webhooks,
        converged=not results or differing == frozenset(),
        interrupted=given.stop.is_set(),
        journal_head=given.journal.head,
        left_out=given.left_out,
        stopped=run.halt.reason,
    )


class _Run:
    """The state that the workers of one run share."""

    def __init__(self, given: ApplyInput) -> None:
        self._given = given
        self.halt = Halt(given.stop)
        self._ledger = Ledger(given.journal, Context(given.plan, given.run, given.webhook_url), self.halt)
        self._guard = threading.Lock()
        self._written = 0
        self._ends: Mapping[tuple[str, str], tuple[Change, WriteEnd]] = {}

    def write_all(self) -> tuple[WriteResult, ...]:
        """The results of all changes, in the order of the plan."""
        changes = self._given.plan.changes
        raw = work_off(changes, self._write, self.halt.may_start, self._given.concurrency)
        ends = [
            self._crashed(change, end) if isinstance(end, Exception) else end
            for change, end in zip(changes, raw, strict=True)
        ]
        pairs = [(change, end) for change, end in zip(changes, ends, strict=True) if end is not None]
        self._ends = {_key(end.result): (change, end) for change, end in pairs}
        return tuple(
            end.result if end is not None else _result(change, Status.NOT_ATTEMPTED, self.halt.why_not())
            for change, end in zip(changes, ends, strict=True)
        )

    def register_all(self, results: tuple[WriteResult, ...]) -> tuple[WebhookResult, ...]:
        """The results of all webhooks, in the order of the plan."""
        webhooks = self._given.plan.webhooks
        sync = self._sorted_out(results) if webhooks and self.halt.may_start() else Sync()
        raw = work_off(sync.missing, self._register, self.halt.may_start, self._given.concurrency)
        ends = {each.name: each for each in sync.settled}
        for webhook, end in zip(sync.missing, raw, strict=True):
            if isinstance(end, Exception):
                end = WebhookResult(webhook.name, Status.FAILED, (self._defect(end),))
            if end is not None:
                ends[webhook.name] = end
        return tuple(
            ends.get(each.name) or WebhookResult(each.name, Status.NOT_ATTEMPTED, (self.halt.why_not(),))
            for each in webhooks
        )

    def recheck(self, results: tuple[WriteResult, ...], differing: Differing) -> tuple[WriteResult, ...]:
        """The results, those unverified that were answered as a success and are not there when read again."""
        return tuple(
            self._unverified(each) if each.status is Status.SUCCESS and _key(each) in differing else each
            for each in results
        )

    def _unverified(self, result: WriteResult) -> WriteResult:
        unverified = replace(result, status=Status.UNVERIFIED, errors=(*result.errors, read_otherwise()))
        change, end = self._ends[_key(result)]
        self._ledger.ended(change, replace(end, result=unverified))
        return unverified

    def _write(self, change: Change) -> WriteEnd | None:
        given = self._given
        on_send = partial(self._ledger.pending, change)
        try:
            end = write(change, given.dialect, given.policy, on_send, given.stop.is_set)
        except JournalUnavailableError:
            return None
        self._ledger.ended(change, end)
        self.halt.account(end.stop, server_failed=end.server_failed)
        with self._guard:
            self._written += 1
            given.progress(self._written, len(given.plan.changes))
        return end

    def _sorted_out(self, results: tuple[WriteResult, ...]) -> Sync:
        webhooks = self._given.plan.webhooks
        try:
            return sort_out(webhooks, results, self._given.dialect.webhooks())
        except TenantError as error:
            return sort_out(webhooks, results, error)

    def _register(self, webhook: Webhook) -> WebhookResult | None:
        if not self._ledger.webhook(webhook):
            return None
        end = register(webhook, self._given.dialect, self._given.stop.is_set)
        self._ledger.webhook(webhook, end.result)
        self.halt.account(end.stop, server_failed=end.server_failed)
        return end.result

    def _crashed(self, change: Change, error: Exception) -> WriteEnd:
        result = _result(change, Status.FAILED, self._defect(error))
        end = WriteEnd(result, change.request, change.before)
        self._ledger.ended(change, end)
        return end

    def _defect(self, error: Exception) -> WriteError:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(frame.filename).name}, line {frame.lineno}"
        message = f"this should not happen: {type(error).__name__}: {error} ({where})"
        self.halt.pull(message)
        hint = "report this sentence; plan again to see what was written and what was not"
        return WriteError("DEFECT", message, None, hint)


def _key(result: WriteResult) -> tuple[str, str]:
    return result.campaign_id, result.schedule_id


def _result(change: Change, status: Status, error: WriteError) -> WriteResult:
    return WriteResult(change.campaign_id, change.schedule_id, change.action, status, errors=(error,))
