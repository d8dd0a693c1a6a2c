"""Plans → results: gate for all tenants first, then one tenant after the other."""

from __future__ import annotations

import getpass
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from .. import diff, put_body, rules
from ..apply import (
    Aftermath,
    ApplyInput,
    GateOptions,
    WritePolicy,
    blocking_findings,
    check_gate,
    check_unmoved,
    may_converge,
    run_apply,
    twins_of,
)
from ..audit import Journal, RunInfo
from ..desired import DesiredTenant
from ..dialect import Dialect
from ..errors import TenantError
from ..findings import Severity
from ..model import CampaignLive, Change, DesiredSchedule, JsonObject, Location, Plan, Result
from ..observe import Wanted, observe
from ..settings import TenantSettings
from .check import check
from .options import Options
from .plan import compare, leave_out_unread, plan_tenants, plan_without_tenant


def _nothing() -> None:
    """Nobody interrupts."""


@dataclass(frozen=True, slots=True)
class ApplyOptions:
    """How to apply: the gate's options, where the journal is, and the hooks of whoever runs the command.

    `approve` raises ApprovalError unless somebody agreed to the plans, and returns whether somebody was asked, so that time
    has passed; `tell` hears sentences for people; `begin` is called
    once, before the first write: from then on an interrupt must set `stop` instead of ending the program.
    """

    gate: GateOptions
    journal: Path
    approve: Callable[[Sequence[Plan]], bool]
    tell: Callable[[str], None]
    stop: threading.Event
    begin: Callable[[], None] = _nothing


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of it: `blocked` plans have errors and nothing was written; else one result a plan."""

    plans: tuple[Plan, ...]
    results: tuple[Result, ...]
    blocked: bool = False


@dataclass(frozen=True, slots=True)
class Ready:
    """One tenant's plan that is to be applied, with its open connection.

    `entries` find the files' entry of a change; `saved` says that the plan comes from a file, so that the files of today
    may ask for something else.
    """

    plan: Plan
    tenant: DesiredTenant
    dialect: Dialect
    entries: Mapping[tuple[str, str], DesiredSchedule]
    left_out: tuple[str, ...] = ()
    saved: bool = False

    @property
    def settings(self) -> TenantSettings:
        """The settings of the tenant."""
        return self.tenant.settings


def apply_fresh(options: Options, apply_options: ApplyOptions) -> Applied:
    """Plan afresh and apply. Raises RefusedError before the first write to any tenant; errors of the files and of
    reading a tenant are findings of the plans instead, and block."""
    checked = check(options)
    keep_going = apply_options.gate.keep_going
    with ExitStack() as stack:
        planned = plan_tenants(checked, options, apply_options.stop, stack, write=True)
        if keep_going:
            planned = tuple(leave_out_unread(part) for part in planned)
        plans = tuple(part.plan for part in planned) or (plan_without_tenant(checked, options),)
        ready = [
            Ready(part.plan, part.tenant, part.dialect, part.entries, part.left_out)
            for part in planned
            if part.dialect is not None
        ]
        if len(ready) < len(plans) or any(blocking_findings(plan, keep_going=keep_going) for plan in plans):
            return Applied(plans, (), blocked=True)
        return Applied(plans, carry_out(ready, options, apply_options))


def carry_out(ready: Sequence[Ready], options: Options, apply_options: ApplyOptions) -> tuple[Result, ...]:
    """Gate, approval, journal, then the writes of each tenant; nothing of that where there is nothing to do."""
    check_gate([(each.plan, each.settings) for each in ready], apply_options.gate)
    actor = options.environ.get("GITHUB_ACTOR") or _user()
    run = RunInfo(str(uuid.uuid4()), actor, apply_options.gate.force)
    if not any(each.plan.changes or each.plan.webhooks for each in ready):
        return tuple(_nothing_to_do(each, run) for each in ready)
    with Journal(apply_options.journal, apply_options.tell) as journal:
        if apply_options.approve([each.plan for each in ready]):
            for one in ready:
                check_unmoved(one.plan, one.settings, read_touched(one.plan, one.tenant, one.dialect))
        apply_options.begin()
        return tuple(_apply_one(each, run, journal, options, apply_options) for each in ready)


def _apply_one(
    ready: Ready, run: RunInfo, journal: Journal, options: Options, apply_options: ApplyOptions
) -> Result:
    what = f"writing {ready.plan.tenant}"

    def locate(change: Change, field: str) -> Location | None:
        entry = ready.entries.get((change.campaign_id, change.schedule_id))
        return diff.place_of_body_field(entry, change.request.body, field) if entry is not None else None

    def refuse(change: Change, body: JsonObject) -> str | None:
        entry = ready.entries.get((change.campaign_id, change.schedule_id))
        return rules.why_not(ready.settings, entry, body, options.as_of, options.today)

    return run_apply(
        ApplyInput(
            plan=ready.plan,
            dialect=ready.dialect,
            policy=WritePolicy(ready.settings.ignored, ready.settings.preserved, locate, refuse),
            journal=journal,
            run=run,
            concurrency=ready.settings.requests.concurrency,
            webhook_url=ready.settings.webhook_url,
            stop=apply_options.stop,
            read_again=lambda: _read_again(ready),
            progress=lambda done, total: options.progress(what, done, total),
            left_out=ready.left_out,
        )
    )


def _nothing_to_do(ready: Ready, run: RunInfo) -> Result:
    return Result(
        tenant=ready.plan.tenant,
        run_id=run.run_id,
        digest=ready.plan.digest,
        revision=ready.plan.revision,
        results=(),
        webhooks=(),
        converged=may_converge(ready.plan, ready.left_out),
        interrupted=False,
        journal_head=None,
        left_out=ready.left_out,
    )


def read_touched(plan: Plan, tenant: DesiredTenant, dialect: Dialect) -> tuple[CampaignLive, ...]:
    """The campaigns that a plan writes to, as they are now; TenantError where one of them cannot be read."""
    touched = tuple(sorted({change.campaign_id for change in plan.changes}))
    live = observe(dialect, Wanted(touched), tenant.settings.requests.concurrency)
    if live.findings:
        raise TenantError("; ".join(finding.message for finding in live.findings), hint="nothing was written")
    return live.campaigns


def _read_again(ready: Ready) -> Aftermath | None:
    """What the touched campaigns hold after the writes; None where they cannot be read.

    Of a saved plan it is what is not live as it was sent, and what else a fresh plan would change in the same campaigns:
    the plan says nothing of an edit beside it, and must not be called converged over one.
    """
    plan, tenant = ready.plan, ready.tenant
    try:
        campaigns = read_touched(plan, tenant, ready.dialect)
    except TenantError:
        return None
    diffs, findings = compare(tenant, campaigns, ready.dialect)
    if any(finding.severity is Severity.ERROR for finding in findings):
        return None
    differing = {(change.campaign_id, change.schedule_id) for part in diffs for change in part.changes}
    if ready.saved:
        differing = {*_unlike(plan, campaigns, tenant.settings), *(differing - _written(plan).keys())}
    unmanaged = [schedule for part in diffs for schedule in part.unmanaged]
    return Aftermath(frozenset(differing), twins_of(plan, unmanaged))


def _written(plan: Plan) -> dict[tuple[str, str], JsonObject]:
    return {(change.campaign_id, change.schedule_id): change.request.body for change in plan.changes}


def _unlike(
    plan: Plan, campaigns: Sequence[CampaignLive], settings: TenantSettings
) -> Iterator[tuple[str, str]]:
    live = {(each.campaign_id, each.schedule_id): each for part in campaigns for each in part.schedules}
    for key, body in _written(plan).items():
        if key not in live or put_body.differing_fields(body, live[key], settings.ignored):
            yield key


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "unknown"
