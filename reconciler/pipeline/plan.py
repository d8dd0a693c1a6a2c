"""Checked desired state × tenant → plan: the first half of every command that shows or applies a plan."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from .. import diff, rules
from ..desired import DesiredTenant
from ..errors import TenantError
from ..findings import Finding, Severity, in_order
from ..model import (
    CampaignDiff,
    CampaignLive,
    DesiredSchedule,
    Live,
    Origin,
    Plan,
    Resolved,
    Webhook,
)
from ..observe import Look, Reading, Wanted
from ..plan import build_plan, with_verdict
from .check import Checked, check_gathered, gather_files
from .tenants import Options, base_uri_of, begin, begin_ahead, open_target, scopes_for

if TYPE_CHECKING:
    from ..dialect import Dialect
    from ..identity import Resolution
    from ..origins import Earlier

_DAYS_AHEAD = 28
"""The closures of so many days are in a plan, for those who approve it."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan with what was read for it: `entries` are the files' entries of the changes by (campaignId, scheduleId),
    `left_out` the campaigns that could not be read. `dialect` is the open connection, None where the tenant as a whole was
    not read: then there is nothing to apply, whatever else may be left out."""

    plan: Plan
    tenant: DesiredTenant
    entries: Mapping[tuple[str, str], DesiredSchedule]
    left_out: tuple[str, ...]
    dialect: Dialect | None


def plan_all(options: Options, stop: threading.Event) -> tuple[Plan, ...]:
    """Plan every selected tenant, sorted by name, and send nothing but GET and the token POST.

    Where the files give no tenant at all there is one plan without a name, which holds the findings.
    """
    with ExitStack() as stack:
        checked, planned = plan_tenants(options, stop, stack, write=False)
    return tuple(part.plan for part in planned) or (checked.blank,)


def plan_tenants(
    options: Options, stop: threading.Event, stack: ExitStack, *, write: bool
) -> tuple[Checked, tuple[Planned, ...]]:
    """Check the files and plan every tenant; one that cannot be read gives a plan that says so, and does not hide the others.

    The first tenant is read while its files are checked. The connections stay open until `stack` is closed; with `write` they
    may write. UsageError, after which at most the first tenant was asked.
    """
    files = gather_files(options)
    usable = () if isinstance(files, Checked) or files[1] is None else files[1].usable
    ahead = begin_ahead(usable, options, stop, stack, write=write)
    checked = check_gathered(files, options)
    del files, usable  # what is still wanted of them is in `checked`
    if stop.is_set():  # Python drops a KeyboardInterrupt that comes within a callback of its own, such as an import's
        raise KeyboardInterrupt
    base_uris = [base_uri_of(tenant.settings, options, len(checked.tenants)) for tenant in checked.tenants]
    planned = []
    for early in () if checked.tenants and checked.tenants[0].loadable else ahead.values():
        early.drop()
    for tenant, base_uri in zip(checked.tenants, base_uris, strict=True):
        # What the plan is made of where the tenant is not read: what is wrong, and nothing else.
        unread = checked.blank._replace(
            tenant=tenant.settings.name,
            findings=tenant.findings,
            base_uri=base_uri,
            partial=checked.narrowed or bool(options.campaigns or tenant.not_read),
            not_read=tenant.not_read,
        )
        try:
            if tenant.loadable and (tenant.campaigns or tenant.base):  # else there is nothing to read
                agents = rules.needs_agents(tenant.settings, tenant.schedules)
                wanted = Wanted(tenant.campaigns, agents=agents, webhooks=tenant.settings.webhook_url is not None)
                reading = ahead.get(tenant.settings.name)
                if reading is None or reading.begun != wanted:
                    scopes = scopes_for(tenant.settings, agents=agents, write=write)
                    target = open_target(tenant.settings, base_uri, scopes, options, stop, tenant)
                    reading = begin(tenant.settings, wanted, stack.enter_context(target), stack)
                part = _plan(tenant, reading, options, unread)
                if any(change.origin is Origin.PENDING for change in part.plan.changes):
                    from .base import with_askers  # few plans have any

                    part = replace(part, plan=with_askers(part.plan, checked.root))
                planned.append(part)
                continue
        except TenantError as error:
            finding = Finding(Severity.ERROR, "campaign-unreadable", error.advice)
            unread = unread._replace(findings=(*tenant.findings, finding))
        planned.append(Planned(with_verdict(unread, tenant.settings), tenant, {}, tenant.campaigns, None))
    return checked, tuple(planned)


def _plan(tenant: DesiredTenant, reading: Reading, options: Options, unread: Plan) -> Planned:
    """The plan of a tenant that is being read; `unread` is what is known of it before."""
    dialect = reading.dialect
    comparison = Comparison(tenant, dialect, options)
    live = _observed(tenant, reading, options, comparison.add)
    diffs, of_identity = comparison.result()
    unchanged = {id(entry.schedule) for part in diffs for entry in part.unchanged}
    of_sent: tuple[Finding, ...] = ()
    contents: dict[int, DesiredSchedule] = {}
    if tenant.settings.ignored:
        from ..rules.sent import as_sent, check_sent, sent_of  # few tenants ignore fields

        sent = sent_of(diffs, tenant.settings.ignored)
        of_sent = check_sent(tenant.settings, sent, options.as_of, options.today)
        contents = {id(one.schedule): as_sent(one.schedule, one.content) for one in sent}
    changed = [entry for part in diffs for entry in part.changed]
    webhooks: tuple[Webhook, ...] = ()
    of_webhooks: tuple[Finding, ...] = ()
    if tenant.settings.webhook_url is not None:
        from ..webhooks import compare_webhooks  # few tenants have one

        managed = [entry.schedule_id for part in diffs for entry in (*part.changed, *part.unchanged)]
        created = [entry.schedule_id for entry in changed if entry.live is None]
        webhooks, of_webhooks = compare_webhooks(managed, created, tenant.settings.webhook_url, live.webhooks)
    admin = tenant.settings.admin
    findings = (
        *(tenant.findings if admin is None or admin.partial_week else _with_refused_weeks(tenant, changed, options)),
        *live.findings,
        *of_identity,
        *dialect.findings(diffs),
        *of_webhooks,
        *of_sent,
        *_capacity(tenant, live, contents, unchanged=unchanged),
    )
    blank = unread._replace(narrowed_to=tuple(sorted(options.campaigns)), findings=findings)
    built = build_plan(blank, tenant.settings, diffs, webhooks, live.campaigns)
    plan = _with_law(built, tenant, changed, options)
    read = {campaign.campaign_id for campaign in live.campaigns}
    entries = {(entry.schedule.campaign_id, entry.schedule_id): entry.schedule for entry in changed}
    left_out = tuple(campaign_id for campaign_id in tenant.campaigns if campaign_id not in read)
    return Planned(plan, tenant, entries, left_out, dialect)


def _with_refused_weeks(tenant: DesiredTenant, changed: Iterable[Resolved], options: Options) -> Iterator[Finding]:
    """The findings of the files, and the errors of weeks with a closed day that would be sent for skills, which the files can
    only warn of."""
    from ..rules.closing import closings_of
    from ..rules.skill_weeks import refused_weeks  # late: of skills only

    closings = closings_of(tenant.settings, options.as_of, options.at)
    errors = tuple(refused_weeks([entry.schedule for entry in changed], closings))
    yield from (finding for finding in tenant.findings if finding._replace(severity=Severity.ERROR) not in errors)
    yield from errors


def _with_law(plan: Plan, tenant: DesiredTenant, changed: Iterable[Resolved], options: Options) -> Plan:
    """The plan with the hours that the law allows, those of each change and against what all schedules were held, and with the
    dates of the next weeks on which closures take dialing hours."""
    law = rules.CallingHours(rules.rule_book(tenant.settings), options.as_of)
    allowed = {(entry.schedule.campaign_id, entry.schedule_id): law.allowed(entry.schedule) for entry in changed}
    changes = tuple(change._replace(allowed_hours=allowed[change.key]) for change in plan.changes)
    plan = plan._replace(changes=changes, calling_hours=law.held(tenant.schedules))
    if not any(schedule.closures for schedule in tenant.schedules):
        return plan
    from ..rules.closed_days import closed_days  # late: many tenants have no closures
    from ..rules.closing import closings_of

    closings = closings_of(tenant.settings, options.as_of, options.at)
    last = options.as_of + timedelta(_DAYS_AHEAD - 1)
    return plan._replace(closures=closed_days(tenant.schedules, closings, options.as_of, last, named=False))


def leave_out_unread(planned: Planned) -> Planned:
    """The plan of --keep-going: campaigns that could not be read are a warning, and the digest names the rest. A tenant
    that was not read at all is not left out."""
    if planned.dialect is None:
        return planned
    findings = tuple(
        finding._replace(severity=Severity.WARNING) if finding.code == "campaign-unreadable" else finding
        for finding in planned.plan.findings
    )
    plan = with_verdict(planned.plan._replace(findings=findings), planned.tenant.settings)
    return replace(planned, plan=plan)


def compare(
    tenant: DesiredTenant, campaigns: Iterable[CampaignLive], dialect: Dialect, options: Options
) -> tuple[tuple[CampaignDiff, ...], tuple[Finding, ...]]:
    """The differences of the campaigns that were read, and what is wrong with the identity of their entries."""
    comparison = Comparison(tenant, dialect, options)
    for live in campaigns:
        comparison.add(live)
    return comparison.result()


class Comparison:
    """A tenant's schedules against its campaigns, one after the other in any order."""

    def __init__(self, tenant: DesiredTenant, dialect: Dialect, options: Options) -> None:
        self._dialect = dialect
        self._settings = tenant.settings
        self._entries = by_campaign(tenant.schedules)
        self._earlier: Callable[[CampaignLive, Resolution], Earlier] | None = None
        if tenant.base is not None or tenant.applied is not None:
            from ..rules.closing import closings_of  # late: few plans are held against other revisions
            from .earlier import earlier_state

            revisions = [None if side is None else by_campaign(side) for side in (tenant.base, tenant.applied)]
            closings = closings_of(tenant.settings, options.as_of, options.at)
            self._earlier = partial(earlier_state, self._entries, revisions, dialect, closings)
        self._diffs: dict[str, CampaignDiff] = {}
        self._findings: list[Finding] = []

    def add(self, live: CampaignLive) -> CampaignLive:
        """Compare a campaign. Returns it with the files' own objects where both say the same: it would be held twice."""
        contents = {entry.name: entry.content for entry in self._entries.get(live.campaign_id, ())}
        shared = (
            schedule._replace(content=contents[schedule.name])
            if contents.get(schedule.name) == schedule.content
            else schedule
            for schedule in live.schedules
        )
        live = live._replace(schedules=tuple(shared))
        resolution = self._dialect.resolve(self._entries.get(live.campaign_id, ()), live.schedules)
        self._findings.extend(resolution.findings)
        earlier = self._earlier(live, resolution) if self._earlier is not None else None
        self._diffs[live.campaign_id] = diff.diff_campaign(
            resolution.resolved, live, earlier, self._settings, self._dialect.put_request, resolution.contested
        )
        return live

    def result(self) -> tuple[tuple[CampaignDiff, ...], tuple[Finding, ...]]:
        """The differences, sorted by campaign, and what is wrong with the identity of the entries."""
        return tuple(self._diffs[campaign_id] for campaign_id in sorted(self._diffs)), in_order(self._findings)


def _observed(tenant: DesiredTenant, reading: Reading, options: Options, look: Look) -> Live:
    released = sorted({schedule.campaign_id for schedule in tenant.base or ()} - set(tenant.campaigns))
    entries = by_campaign(tenant.schedules)
    places = {name: first.places.locate(()) for name, (first, *_) in entries.items()}
    wanted = reading.begun._replace(released=tuple(released), places=places, entries=entries)
    what = f"reading {tenant.settings.name}"
    return reading.finish(wanted, lambda done, total: options.progress(what, done, total), look)


def by_campaign(schedules: Sequence[DesiredSchedule]) -> dict[str, tuple[DesiredSchedule, ...]]:
    """The schedules of each campaign."""
    ordered = sorted(schedules, key=lambda schedule: schedule.campaign_id)
    return {name: tuple(group) for name, group in groupby(ordered, key=lambda schedule: schedule.campaign_id)}


def _capacity(
    tenant: DesiredTenant, live: Live, contents: Mapping[int, DesiredSchedule], *, unchanged: set[int]
) -> tuple[Finding, ...]:
    """`contents` are the schedules that would be sent with other values than the file's, by the identity of the file's."""
    agents = tenant.settings.capacity.agents if tenant.settings.capacity.agents is not None else live.agents
    if agents is None:
        return ()
    marked = [(contents.get(id(schedule), schedule), id(schedule) not in unchanged) for schedule in tenant.schedules]
    return rules.check_capacity(tenant.settings, marked, agents)
