"""Plans → results: gate for all tenants first, then one tenant after the other. A plan is made afresh, or was saved."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from .. import diff, put_body, rules
from ..apply import Aftermath, ApplyJob, ApplyRun, gate, run_apply
from ..apply.gate import GateOptions
from ..audit.entries import RunInfo
from ..audit.history import revision_applied, was_applied
from ..audit.journal import Journal
from ..closures import reopened
from ..desired import DesiredTenant
from ..dialect import Dialect, carried_by
from ..document.saved_plans import read_plans
from ..errors import RefusedError, TenantError
from ..findings import Location, Severity, in_order
from ..model import Action, CampaignLive, Change, DesiredSchedule, JsonObject, Plan
from ..model.results import Result
from ..observe import Wanted, observe
from ..origins import create_origin
from ..phrases import counted, listing
from ..plan import plan_digest, with_verdict
from .check import Checked, check_files
from .plan import Planned, by_campaign, compare, leave_out_unread, plan_tenants
from .tenants import Options, base_uri_of, open_target, scopes_for


@dataclass(frozen=True, slots=True)
class ApplyOptions:
    """How to apply: the gate's options, where the journal is, who runs it, and the hooks of whoever runs the command.

    `journal` is a file, or a folder that exists. `approve` raises RefusedError unless somebody agreed to the plans, and
    returns whether somebody was asked, so that time has passed; `say` gets sentences for people, `echo` each line of the
    journal; `begin` is called once, before the first write: from then on an
    interrupt must set `stop` instead of ending the program.
    """

    gate: GateOptions
    journal: Path
    approve: Callable[[Sequence[Plan]], bool]
    say: Callable[[str], None]
    stop: threading.Event
    run: RunInfo
    begin: Callable[[], None] = lambda: None
    echo: Callable[[str], None] | None = None


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of it: `blocked` plans have errors and nothing was written; else one result a plan."""

    plans: tuple[Plan, ...]
    results: tuple[Result, ...]
    blocked: bool = False


def apply_fresh(options: Options, apply_options: ApplyOptions) -> Applied:
    """Plan afresh and apply. Raises RefusedError before the first write to any tenant; errors of the files and of
    reading a tenant are findings of the plans instead, and block."""
    keep_going = apply_options.gate.keep_going
    with ExitStack() as stack:
        checked, planned = plan_tenants(options, apply_options.stop, stack, write=True)
        if keep_going:
            planned = tuple(leave_out_unread(part) for part in planned)
        planned = tuple(_unless_first(part, apply_options.journal) for part in planned)
        if apply_options.gate.only is not None:
            planned = tuple(_without_webhooks(part, apply_options.say) for part in planned)
        plans = tuple(part.plan for part in planned) or (checked.blank,)
        jobs = [_job(part, part.dialect, options) for part in planned if part.dialect is not None]
        if len(jobs) < len(plans) or any(gate.blocking_findings(plan, keep_going=keep_going) for plan in plans):
            return Applied(plans, (), blocked=True)
        return Applied(plans, _carry_out(jobs, options, apply_options))


def _without_webhooks(part: Planned, say: Callable[[str], None]) -> Planned:
    """The plan without registrations, which nobody approved with the file."""
    plan = part.plan
    if not plan.webhooks:
        return part
    say(f"{plan.tenant}: {counted(len(plan.webhooks), 'webhook')} to register, left to the next apply without --only")
    return replace(part, plan=with_verdict(plan._replace(webhooks=()), part.tenant.settings))


def _unless_first(part: Planned, journal: Path) -> Planned:
    """A plan without `--applied`, where the journal says that nothing was applied to the tenant yet: then nobody can have
    deleted what is to be created. A journal that cannot be read does not say so."""
    plan = part.plan
    if plan.applied is not None or not any(finding.code == "recreated" for finding in plan.findings):
        return part
    with suppress(OSError):
        if not was_applied(journal, plan.tenant):
            changes = [
                change._replace(in_applied=False, origin=create_origin(change.in_base, in_applied=False))
                if change.action is Action.CREATE
                else change._replace(in_applied=False)
                for change in plan.changes
            ]
            findings = tuple(finding for finding in plan.findings if finding.code != "recreated")
            first = plan._replace(applied="none", changes=tuple(changes), findings=findings)
            return replace(part, plan=with_verdict(first, part.tenant.settings))
    return part


def apply_saved(file: Path, options: Options, apply_options: ApplyOptions) -> Applied:
    """Apply exactly the plans in `file`; RefusedError where they do not hold any more."""
    plans = read_plans(file)
    if missing := sorted(options.tenants - {plan.tenant for plan in plans}):
        raise RefusedError(f"nothing was written: the file has no plan for tenant {', '.join(missing)}")
    if options.tenants:
        plans = tuple(plan for plan in plans if plan.tenant in options.tenants)
    checked = check_files(replace(options, campaigns=gate.narrowed_campaigns(plans)))
    if invalid := _invalid(plans, checked):
        return Applied(invalid, (), blocked=True)
    with ExitStack() as stack:
        jobs: list[ApplyJob] = []
        tenants = {tenant.settings.name: tenant for tenant in checked.tenants}
        for plan in plans:
            tenant = tenants.get(plan.tenant)
            if tenant is None:
                raise RefusedError(
                    f"nothing was written: the plan is for tenant {plan.tenant!r}, which no tenant.yaml below "
                    f"{options.path} names"
                )
            base_uri = base_uri_of(tenant.settings, options, len(plans))
            agents = rules.needs_agents(tenant.settings, tenant.schedules)
            scopes = scopes_for(tenant.settings, agents=agents, write=True)
            gate.check_saved(plan, base_uri, plan_digest(plan, tenant.settings.ignored))
            plan = _held_against_git(plan, checked.root, apply_options.journal)
            plan = with_verdict(plan, tenant.settings, saved=True)  # the safety limits are those of today
            target = open_target(tenant.settings, base_uri, scopes, options, apply_options.stop, tenant)
            dialect = stack.enter_context(target)
            gate.check_requests(plan, dialect.put_request, carried_by(tenant.settings))
            part = Planned(plan, tenant, _entries(plan, tenant.schedules), (), dialect)
            _refuse_reopening(part)
            job = _job(part, dialect, options, saved=True)
            gate.check_unmoved(plan, job.settings, job.read_touched())
            gate.check_shown(plan, dialect.put_request)
            jobs.append(job)
        return Applied(plans, _carry_out(jobs, options, apply_options))


def _held_against_git(plan: Plan, root: str, journal: Path) -> Plan:
    """The plan with what git says of its revision, where there is another one to compare it with: a saved plan that became
    old must not take back what was applied since. A journal that cannot be read does not say so."""
    newest = None
    with suppress(OSError):
        newest = revision_applied(journal, plan.tenant)
    if not (plan.base or plan.applied or (newest and newest != plan.revision)):
        return plan
    from .base import held_against_git  # few saved plans were compared with another revision

    return held_against_git(plan, root, newest)


def _refuse_reopening(part: Planned) -> None:
    """Refuse a saved plan that has become too old: a closure that was not in its week then is in this one."""
    for change in part.plan.changes:
        entry = part.entries.get(change.key)
        days = reopened(entry, change.request.body) if entry is not None else ()
        if days:
            raise RefusedError(
                f"nothing was written: the plan of tenant {part.plan.tenant} was made as of {part.plan.as_of}, and schedule "
                f"{change.name!r} of {change.campaign_id} is closed on {listing(days)} by now",
                hint="plan again",
            )


def _carry_out(jobs: Sequence[ApplyJob], options: Options, apply_options: ApplyOptions) -> tuple[Result, ...]:
    """Gate, journal, approval where there is something to do, then the writes of each tenant."""
    gate.check_gate([job.plan for job in jobs], apply_options.gate)
    info = apply_options.run
    with Journal(apply_options.journal, apply_options.say, apply_options.echo) as journal:
        busy = any(job.plan.changes or job.plan.webhooks for job in jobs)
        if busy and apply_options.approve([job.plan for job in jobs]):
            info = info._replace(approved_by=info.approved_by or info.actor)
            for job in jobs:
                gate.check_unmoved(job.plan, job.settings, job.read_touched())
        apply_options.begin()
        run = ApplyRun(journal, info, apply_options.stop, options.progress)
        return tuple(run_apply(job, run) for job in jobs)


def _job(part: Planned, dialect: Dialect, options: Options, *, saved: bool = False) -> ApplyJob:
    """What applying a plan needs. A `saved` plan is older than the files, which may ask for something else by now."""
    plan, tenant, entries = part.plan, part.tenant, part.entries

    def locate(change: Change, field: str) -> Location | None:
        entry = entries.get(change.key)
        return diff.place_of_body_field(entry, change.request.body, field) if entry is not None else None

    def refuse(change: Change, body: JsonObject) -> str | None:
        from ..rules.sent import objection  # late: only where fields are ignored

        return objection(tenant.settings, entries.get(change.key), body, options.as_of, options.today)

    def read_touched() -> tuple[CampaignLive, ...]:
        touched = tuple(sorted({change.campaign_id for change in plan.changes}))
        wanted = Wanted(touched, entries=by_campaign(tenant.schedules))
        live = observe(dialect, wanted, tenant.settings.requests.concurrency)
        if errors := [finding for finding in live.findings if finding.severity is Severity.ERROR]:
            reasons = "; ".join(finding.message for finding in errors)
            raise TenantError(reasons, hint="nothing was written")
        return live.campaigns

    def aftermath(campaigns: Sequence[CampaignLive]) -> Aftermath | None:
        """What a fresh plan of the touched campaigns would still change; None where there is no such plan.

        Of a saved plan it is what is not live as it was sent, and what else a fresh plan would change in the same
        campaigns: the plan says nothing of an edit beside it, and must not be called converged over one.
        """
        diffs, findings = compare(tenant, campaigns, dialect, options)
        if any(finding.severity is Severity.ERROR for finding in findings):
            return None
        differing = {change.key for diff in diffs for change in diff.changes}
        if saved:
            differing -= {change.key for change in plan.changes}
            differing.update(_unlike(plan, tenant, campaigns))
        return Aftermath(frozenset(differing), gate.twins_of(plan, [s for diff in diffs for s in diff.unmanaged]))

    return ApplyJob(plan, tenant.settings, dialect, locate, refuse, read_touched, aftermath, part.left_out)


def _unlike(plan: Plan, tenant: DesiredTenant, campaigns: Sequence[CampaignLive]) -> Iterator[tuple[str, str]]:
    """The changes of a plan that are not live as they were sent."""
    live = {schedule.key: schedule for campaign in campaigns for schedule in campaign.schedules}
    for change in plan.changes:
        body, ignored = change.request.body, tenant.settings.ignored
        if change.key not in live or put_body.differing_fields(body, live[change.key], ignored):
            yield change.key


def _invalid(plans: Sequence[Plan], checked: Checked) -> tuple[Plan, ...]:
    """The plans with what is wrong with the files now, where something is: a plan that was right when it was saved is
    not carried out from a desired state that has become wrong, such as by a law that began meanwhile."""
    findings = {tenant.settings.name: tenant.findings for tenant in checked.tenants}
    now = [
        plan._replace(digest=None, findings=in_order(findings.get(plan.tenant, checked.blank.findings)))
        for plan in plans
    ]
    return tuple(plan for plan in now if plan.summary["errors"])


def _entries(plan: Plan, schedules: Sequence[DesiredSchedule]) -> dict[tuple[str, str], DesiredSchedule]:
    """The entries of the work tree that the changes came from, as far as their names still say so."""
    by_name = {(schedule.campaign_id, schedule.name): schedule for schedule in schedules}
    return {change.key: entry for change in plan.changes if (entry := by_name.get((change.campaign_id, change.name)))}
