"""The order of one apply: the writes, then the webhooks of what was written, then a look at what came of it.

Schedules' writes and webhooks' registrations are operations of one loop: each has a line in the journal before it is sent
and one when it ended, one failure stops no other, and a journal that cannot be written stops them all, because nothing
goes out that it does not hold.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Protocol, TypeVar

from ..audit import EntryContext, Journal, RunInfo, webhook_entry, write_entry
from ..dialect import Dialect
from ..errors import JournalUnavailableError, TenantError
from ..model import (
    CampaignLive,
    Change,
    JsonObject,
    Plan,
    Result,
    Status,
    Webhook,
    WebhookResult,
    WriteError,
    WriteResult,
)
from ..settings import TenantSettings
from ..threads import start_threads
from ..webhooks import DUPLICATE
from .outcomes import Breaker, Locate, RegistrationEnd, WriteEnd, defect, read_otherwise, twin
from .webhooks import listed_webhooks, not_as_registered, register, settled
from .write import WritePolicy, write

_LOOKS = 10  # how often the list of webhooks is read between registrations, however many there are

End = TypeVar("End", WriteEnd, RegistrationEnd)
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What the touched campaigns hold after the writes, each schedule by (campaignId, scheduleId).

    `differing` are those that a fresh plan would still change; `twins` those created beside another live schedule of the
    same name, with the id of that one.
    """

    differing: frozenset[Key] = frozenset()
    twins: Mapping[Key, str] = field(default_factory=dict)

    @property
    def is_as_planned(self) -> bool:
        """Whether nothing is left to do."""
        return not self.differing and not self.twins


@dataclass(frozen=True, slots=True)
class ApplyJob:
    """One tenant's plan and all that carrying it out needs of that tenant.

    `locate` and `refuse` are as in `WritePolicy`. `read_touched` reads the touched campaigns, TenantError where it cannot; `compare` says what of them is as planned, None
    where that is not known. `left_out` are campaigns that could not be read.
    """

    plan: Plan
    settings: TenantSettings
    dialect: Dialect
    locate: Locate
    refuse: Callable[[Change, JsonObject], str | None]
    read_touched: Callable[[], tuple[CampaignLive, ...]]
    compare: Callable[[tuple[CampaignLive, ...]], Aftermath | None]
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ApplyRun:
    """What all tenants of one run share. `stop` is set by an interrupt; `progress` hears what is done, and how many writes
    of how many ended."""

    journal: Journal
    info: RunInfo
    stop: threading.Event
    progress: Callable[[str, int, int], None] = lambda _what, _done, _total: None


def run_apply(job: ApplyJob, run: ApplyRun) -> Result:
    """Apply one plan that passed the gate; every change and every webhook has a result, also those not attempted."""
    crew = _Crew(job, run)
    operations = [_ScheduleWrite(change, job, run) for change in job.plan.changes]
    ends = crew.work_off(operations, partial(run.progress, f"writing {job.plan.tenant}"))
    webhooks = crew.register_all([end.result for end in ends])
    after = _read_again(job, run) if ends else Aftermath()
    results = crew.recheck(operations, ends, after or Aftermath())
    crew.prove_journal()
    as_planned = after is not None and after.is_as_planned and _all_registered(webhooks)
    interrupted, stopped = run.stop.is_set(), crew.breaker.reason
    complete = as_planned and not interrupted and stopped is None
    return replace(
        nothing_to_do(job, run.info),
        results=results,
        webhooks=webhooks,
        converged=complete and _may_converge(job),
        interrupted=interrupted,
        journal_head=run.journal.head,
        stopped=stopped,
    )


def nothing_to_do(job: ApplyJob, info: RunInfo) -> Result:
    """The result where a plan has nothing to apply."""
    return Result(
        tenant=job.plan.tenant,
        run_id=info.run_id,
        digest=job.plan.digest,
        revision=job.plan.revision,
        results=(),
        webhooks=(),
        converged=_may_converge(job),
        interrupted=False,
        journal_head=None,
        left_out=job.left_out,
    )


def _read_again(job: ApplyJob, run: ApplyRun) -> Aftermath | None:
    if run.stop.is_set():
        return None
    try:
        return job.compare(job.read_touched())
    except TenantError:
        return None


def _may_converge(job: ApplyJob) -> bool:
    """Whether a tenant can be as its files ask when all of its plan is carried out: not where campaigns are left out,
    nor where a webhook is registered twice, which no apply can undo."""
    return not job.left_out and not any(finding.code == DUPLICATE for finding in job.plan.findings)


def _all_registered(webhooks: Sequence[WebhookResult]) -> bool:
    return all(webhook.status is Status.SUCCESS for webhook in webhooks)


class _Operation(Protocol[End]):
    """One thing to do to the tenant."""

    def carry_out(self, announce: Callable[[JsonObject], None]) -> End:
        """Do it; `announce` takes the journal's line before anything is sent, and may raise to keep it from being sent."""

    def entry(self, end: End) -> JsonObject:
        """The journal's line of how it ended."""

    def unfinished(self, status: Status, error: WriteError) -> End:
        """Its end where it was not started, or ended in a defect."""


class _ScheduleWrite:
    def __init__(self, change: Change, job: ApplyJob, run: ApplyRun) -> None:
        self._change = change
        self._job = job
        self._stopping = run.stop.is_set
        self._context = EntryContext(job.plan, run.info, job.settings.webhook_url)

    def carry_out(self, announce: Callable[[JsonObject], None]) -> WriteEnd:
        change, job = self._change, self._job
        return write(
            change,
            job.dialect,
            WritePolicy(job.settings.ignored, job.settings.preserved, job.locate, job.refuse),
            lambda request, before: announce(write_entry(self._context, change, request, before)),
            self._stopping,
        )

    def entry(self, end: WriteEnd) -> JsonObject:
        return write_entry(self._context, self._change, end.request, end.before, end.result)

    def unfinished(self, status: Status, error: WriteError) -> WriteEnd:
        change = self._change
        result = WriteResult(change.campaign_id, change.schedule_id, change.action, status, errors=(error,))
        return WriteEnd(result, change.request, change.before)


class _Registration:
    def __init__(self, webhook: Webhook, job: ApplyJob, run: ApplyRun) -> None:
        self._webhook = webhook
        self._dialect = job.dialect
        self._stopping = run.stop.is_set
        self._context = EntryContext(job.plan, run.info, job.settings.webhook_url)

    def carry_out(self, announce: Callable[[JsonObject], None]) -> RegistrationEnd:
        announce(webhook_entry(self._context, self._webhook))
        return register(self._webhook, self._dialect, self._stopping)

    def entry(self, end: RegistrationEnd) -> JsonObject:
        return webhook_entry(self._context, self._webhook, end.result)

    def unfinished(self, status: Status, error: WriteError) -> RegistrationEnd:
        return RegistrationEnd(WebhookResult(self._webhook.name, status, (error,)))


class _Crew:
    """Carries out the operations of one tenant, which share the journal and the breaker."""

    def __init__(self, job: ApplyJob, run: ApplyRun) -> None:
        self._job = job
        self._run = run
        self.breaker = Breaker(run.stop)

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

        for thread in start_threads(
            work, min(self._job.settings.requests.concurrency, len(operations)), "write"
        ):
            thread.join()
        return tuple(
            end or operation.unfinished(Status.NOT_ATTEMPTED, self.breaker.why_not())
            for operation, end in zip(operations, ends, strict=True)
        )

    def _carry_out(self, operation: _Operation[End]) -> End | None:
        """None where the journal could not take the line before: then nothing was sent."""
        try:
            end = operation.carry_out(self._run.journal.append)
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
        missing: Sequence[Webhook] = ()
        if webhooks and self.breaker.may_start():
            known = settled(webhooks, writes, listed_webhooks(self._job.dialect))
            missing = [webhook for webhook in webhooks if webhook.name not in known]
        size = max(1, -(-len(missing) // _LOOKS))
        while missing and self.breaker.may_start():
            now, later = missing[:size], missing[size:]
            known |= self._registered(now, later, writes)
            missing = [webhook for webhook in later if webhook.name not in known]
        return tuple(
            known.get(webhook.name)
            or WebhookResult(webhook.name, Status.NOT_ATTEMPTED, (self.breaker.why_not(),))
            for webhook in webhooks
        )

    def _registered(
        self, now: Sequence[Webhook], later: Sequence[Webhook], writes: Sequence[WriteResult]
    ) -> dict[str, WebhookResult]:
        """The results of those that are registered `now`, and of those of the `later` ones that turn out to be there."""
        operations = [_Registration(webhook, self._job, self._run) for webhook in now]
        ends = self.work_off(operations)
        known = {end.result.name: end.result for end in ends}
        registered = [webhook for webhook in now if known[webhook.name].status is Status.SUCCESS]
        if self._run.stop.is_set() or not (registered or later):
            return known
        listed = listed_webhooks(self._job.dialect)
        for webhook, result in not_as_registered(registered, listed):
            self._record(_Registration(webhook, self._job, self._run), RegistrationEnd(result))
            known[webhook.name] = result
        return known | settled(later, writes, listed)

    def recheck(
        self, operations: Sequence[_ScheduleWrite], ends: Sequence[WriteEnd], after: Aftermath
    ) -> tuple[WriteResult, ...]:
        """The results, those unverified that were answered as a success and are not as planned when read again."""
        results = []
        for operation, end in zip(operations, ends, strict=True):
            result = _rechecked(end.result, after)
            if result is not end.result:
                self._record(operation, replace(end, result=result))
            results.append(result)
        return tuple(results)

    def prove_journal(self) -> None:
        """Trip the breaker where the journal is no longer as it was written."""
        try:
            self._run.journal.prove_intact()
        except JournalUnavailableError as error:
            self.breaker.trip(error.message)


def _rechecked(result: WriteResult, after: Aftermath) -> WriteResult:
    key = result.campaign_id, result.schedule_id
    if result.status is not Status.SUCCESS or (key not in after.differing and key not in after.twins):
        return result
    error = twin(after.twins[key]) if key in after.twins else read_otherwise()
    return replace(result, status=Status.UNVERIFIED, errors=(*result.errors, error))
