"""The order of one apply: the writes, then the webhooks of what was written, then a look at what came of it.

Schedules' writes and webhooks' registrations are operations of one loop: each has a line in the journal before it is sent
and one when it ended, one failure stops no other, and a journal that cannot be written stops them all, because nothing
goes out that it does not hold.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Generic, TypeVar

from ..audit.entries import EntryContext, RunInfo, run_entry, webhook_entry, write_entry
from ..audit.journal import Journal
from ..errors import JournalUnavailableError, TenantError
from ..model import Change, JsonObject, Request, Webhook
from ..model.results import Result, Status, WebhookResult, WriteError, WriteResult
from ..threads import start_threads
from ..webhooks import DUPLICATE
from .outcomes import READ_OTHERWISE, Breaker, RegistrationEnd, WriteEnd, defect, twin
from .webhooks import listed_webhooks, not_as_registered, register, settled
from .write import Aftermath, ApplyJob, write

_LOOKS = 10  # how often the list of webhooks is read between registrations, however many there are

End = TypeVar("End", WriteEnd, RegistrationEnd)


@dataclass(frozen=True, slots=True)
class ApplyRun:
    """What all tenants of one run share. `stop` is set by an interrupt; `progress` hears what is done, and how many writes
    of how many ended."""

    journal: Journal
    info: RunInfo
    stop: threading.Event
    progress: Callable[[str, int, int], None] = lambda _what, _done, _total: None


def run_apply(job: ApplyJob, run: ApplyRun) -> Result:
    """Apply one plan that passed the gate; every change and every webhook has a result, also those not attempted. The
    journal gets a line when the run ends, also where there is nothing to do."""
    crew = _Crew(job, run)
    operations = [crew.schedule_write(change) for change in job.plan.changes]
    ends = crew.work_off(operations, partial(run.progress, f"writing {job.plan.tenant}"))
    webhooks = crew.register_all([end.result for end in ends])
    after = None if ends else Aftermath()
    if ends and not run.stop.is_set():
        with suppress(TenantError):
            after = job.compare(job.read_touched())
    results = crew.recheck(operations, ends, after or Aftermath())
    try:
        run.journal.prove_intact()
    except JournalUnavailableError as error:
        crew.breaker.trip(error.message)
    interrupted, stopped = run.stop.is_set(), crew.breaker.reason
    # No apply can undo a webhook that is registered twice, so the tenant cannot be called converged.
    twice = any(finding.code == DUPLICATE for finding in job.plan.findings)
    result = Result(
        tenant=job.plan.tenant,
        run_id=run.info.run_id,
        digest=job.plan.digest,
        revision=job.plan.revision,
        results=results,
        webhooks=webhooks,
        converged=after == Aftermath()
        and all(webhook.status is Status.SUCCESS for webhook in webhooks)
        and not (interrupted or twice or job.left_out)
        and stopped is None,
        interrupted=interrupted,
        journal_head=None,
        left_out=job.left_out,
        stopped=stopped,
    )
    return crew.end(result)


@dataclass(frozen=True, slots=True)
class _Operation(Generic[End]):
    """One thing to do to the tenant. `carry_out` does it, and gives the journal its line before anything is sent; `entry` is
    the line of how it ended; `unfinished` is its end where it was not started, or ended in a defect."""

    carry_out: Callable[[], End]
    entry: Callable[[End], JsonObject]
    unfinished: Callable[[Status, WriteError], End]


class _Crew:
    """Carries out the operations of one tenant, which share the journal and the breaker."""

    def __init__(self, job: ApplyJob, run: ApplyRun) -> None:
        self._job = job
        self._run = run
        self._context = EntryContext(job.plan, run.info, job.settings.webhook_url)
        self.breaker = Breaker(run.stop)

    def schedule_write(self, change: Change) -> _Operation[WriteEnd]:
        """The write of one change."""

        def announce(request: Request, before: JsonObject | None) -> None:
            self._run.journal.append(write_entry(self._context, change, request, before))

        def unfinished(status: Status, error: WriteError) -> WriteEnd:
            result = WriteResult(change.campaign_id, change.schedule_id, change.action, status, errors=(error,))
            return WriteEnd(result, change.request, change.before)

        return _Operation(
            lambda: write(change, self._job, announce, self._run.stop.is_set),
            lambda end: write_entry(self._context, change, end.request, end.before, end.result),
            unfinished,
        )

    def registration(self, webhook: Webhook) -> _Operation[RegistrationEnd]:
        """The registration of one webhook."""

        def carry_out() -> RegistrationEnd:
            self._run.journal.append(webhook_entry(self._context, webhook))
            return register(webhook, self._job.dialect, self._run.stop.is_set)

        return _Operation(
            carry_out,
            lambda end: webhook_entry(self._context, webhook, end.result),
            lambda status, error: RegistrationEnd(WebhookResult(webhook.name, status, (error,))),
        )

    def work_off(
        self,
        operations: Sequence[_Operation[End]],
        progress: Callable[[int, int], None] = lambda _done, _total: None,
    ) -> tuple[End, ...]:
        """How each operation ended, in their order, worked off by as many threads as the tenant and the system allow."""
        ends: list[End | None] = [None] * len(operations)
        numbers = iter(range(len(operations)))
        guard = threading.Lock()
        ended = 0

        def work() -> None:
            nonlocal ended
            while True:
                with guard:
                    number = next(numbers, None) if self.breaker.may_start() else None
                if number is None:
                    return
                ends[number] = self._carry_out(operations[number])
                with guard, suppress(Exception):  # what is only said changes nothing
                    ended += 1
                    progress(ended, len(operations))

        for thread in start_threads(work, min(self._job.settings.requests.concurrency, len(operations)), "write"):
            thread.join()
        return tuple(
            end or operation.unfinished(Status.NOT_ATTEMPTED, self.breaker.why_not())
            for operation, end in zip(operations, ends, strict=True)
        )

    def _carry_out(self, operation: _Operation[End]) -> End | None:
        """None where the journal could not take the line before: then nothing was sent."""
        try:
            end = operation.carry_out()
        except JournalUnavailableError as error:
            self.breaker.trip(error.message)
            return None
        except Exception as error:  # noqa: BLE001 - an apply never ends without its report
            problem = defect(error)
            self.breaker.trip(problem.message)
            end = operation.unfinished(Status.FAILED, problem)
        self._record(operation, end)
        self.breaker.count(end)
        return end

    def _record(self, operation: _Operation[End], end: End) -> None:
        try:
            self._run.journal.append(operation.entry(end))
        except JournalUnavailableError as error:
            self.breaker.trip(error.message)

    def register_all(self, writes: Sequence[WriteResult]) -> tuple[WebhookResult, ...]:
        """The results of the plan's webhooks, in their order; `writes` are the results of its changes.

        Another apply may register the same ones at the same time, so the list is read right before and right after each
        registration, or, where there are many, each tenth of them.
        """
        webhooks = self._job.plan.webhooks
        known: dict[str, WebhookResult] = {}
        missing, size = webhooks, 0
        registered: tuple[Webhook, ...] = ()
        look = self.breaker.may_start()
        while look and (missing or registered):
            listed = listed_webhooks(self._job.dialect)
            for webhook, result in not_as_registered(registered, listed):
                self._record(self.registration(webhook), RegistrationEnd(result))
                known[webhook.name] = result
            known |= settled(missing, writes, listed)
            missing = tuple(webhook for webhook in missing if webhook.name not in known)
            if not self.breaker.may_start():
                break
            size = size or max(1, -(-len(missing) // _LOOKS))
            now, missing = missing[:size], missing[size:]
            known |= {end.result.name: end.result for end in self.work_off([*map(self.registration, now)])}
            registered = tuple(webhook for webhook in now if known[webhook.name].status is Status.SUCCESS)
            look = not self._run.stop.is_set()
        return tuple(
            known.get(webhook.name) or WebhookResult(webhook.name, Status.NOT_ATTEMPTED, (self.breaker.why_not(),))
            for webhook in webhooks
        )

    def end(self, result: Result) -> Result:
        """The result with the head of the journal, in which the run has ended; where that cannot be written, it has not
        converged, because the next run will not know of this one."""
        try:
            self._run.journal.append(run_entry(self._context, result))
        except JournalUnavailableError as error:
            result = replace(result, converged=False, stopped=result.stopped or error.message)
        return replace(result, journal_head=self._run.journal.head)

    def recheck(
        self, operations: Sequence[_Operation[WriteEnd]], ends: Sequence[WriteEnd], after: Aftermath
    ) -> tuple[WriteResult, ...]:
        """The results, those unverified that were answered as a success and are not as planned when read again."""
        results = []
        for operation, end in zip(operations, ends, strict=True):
            result = end.result
            key = result.key
            if result.status is Status.SUCCESS and (key in after.differing or key in after.twins):
                error = twin(after.twins[key]) if key in after.twins else READ_OTHERWISE
                result = replace(result, status=Status.UNVERIFIED, errors=(*result.errors, error))
                self._record(operation, replace(end, result=result))
            results.append(result)
        return tuple(results)
