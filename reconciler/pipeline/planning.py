"""Checked desired state × tenant → plan. Every command that shows or applies a plan comes through here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from .. import diff, identity, rules
from ..dialect import Dialect
from ..errors import TenantError
from ..model import (
    CampaignDiff,
    CampaignLive,
    DesiredSchedule,
    Finding,
    JsonObject,
    Live,
    Location,
    Plan,
    Severity,
    Webhook,
)
from ..observe import Wanted, observe
from ..plan import PlanInput, RevisionInfo, build_plan, with_verdict
from ..webhooks import compare_webhooks
from .check import CheckedTenant
from .options import Options


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan with what was read for it; `left_out` are the campaigns that could not be read. `unread` says that the
    tenant as a whole was not read: then there is nothing to apply, whatever else may be left out."""

    plan: Plan
    tenant: CheckedTenant
    entries: Mapping[tuple[str, str], DesiredSchedule]
    left_out: tuple[str, ...] = ()
    unread: bool = False


def plan_tenant(
    tenant: CheckedTenant, dialect: Dialect, base_uri: str, revision: RevisionInfo, options: Options
) -> Planned:
    """Read the tenant and compare; a tenant that cannot be read gives a plan that says so in a finding."""
    try:
        dialect.authorize()
        live = _observe(tenant, dialect, options)
    except TenantError as error:
        return unread_plan(tenant, base_uri, revision, options, error)
    diffs, identity = compare(tenant, live.campaigns, dialect)
    unchanged = {id(entry.schedule) for part in diffs for entry in part.unchanged}
    webhooks, webhook_findings = _webhooks(tenant, diffs, live.webhooks)
    findings = (
        *tenant.findings,
        *live.findings,
        *identity,
        *webhook_findings,
        *_capacity(tenant, live, unchanged=unchanged),
    )
    plan = build_plan(
        PlanInput(
            settings=tenant.settings,
            base_uri=base_uri,
            as_of=options.as_of.isoformat(),
            revision=revision,
            diffs=diffs,
            webhooks=webhooks,
            findings=findings,
            live=live.campaigns,
            narrowed_to=tuple(sorted(options.campaigns)),
        )
    )
    read = {each.campaign_id for each in live.campaigns}
    entries = {
        (each.schedule.campaign_id, each.schedule_id): each.schedule
        for part in diffs
        for each in part.changed
    }
    return Planned(plan, tenant, entries, tuple(each for each in tenant.campaigns if each not in read))


def unread_plan(
    tenant: CheckedTenant,
    base_uri: str,
    revision: RevisionInfo,
    options: Options,
    error: TenantError | None = None,
) -> Planned:
    """The plan of a tenant that was not read: what is wrong, and nothing else."""
    findings = tenant.findings
    if error is not None:
        sentence = f"{error.message}; {error.hint}" if error.hint else error.message
        found = Finding(Severity.ERROR, "campaign-unreadable", sentence)
        findings = (*findings, found)
    given = PlanInput(tenant.settings, base_uri, options.as_of.isoformat(), revision, (), (), findings)
    return Planned(build_plan(given), tenant, {}, tenant.campaigns, unread=True)


def leave_out_unread(planned: Planned) -> Planned:
    """The plan of --keep-going: campaigns that could not be read are a warning, and the digest names the rest."""
    findings = tuple(
        replace(each, severity=Severity.WARNING) if each.code == "campaign-unreadable" else each
        for each in planned.plan.findings
    )
    plan = with_verdict(replace(planned.plan, findings=findings), planned.tenant.settings)
    return replace(planned, plan=plan)


def compare(
    tenant: CheckedTenant, campaigns: Iterable[CampaignLive], dialect: Dialect
) -> tuple[tuple[CampaignDiff, ...], tuple[Finding, ...]]:
    """The differences of the campaigns that were read, and what is wrong with the identity of their entries."""
    rules_of_diff = diff.DiffRules(tenant.settings.ignored, tenant.settings.preserved, dialect.put_request)
    entries = _by_campaign(tenant.schedules)
    base_entries = _by_campaign(tenant.base or ())
    diffs: list[CampaignDiff] = []
    findings: list[Finding] = []
    for live in campaigns:
        resolution = identity.resolve(entries.get(live.campaign_id, ()), live.schedules)
        findings.extend(resolution.findings)
        base: dict[str, JsonObject] | None = None
        if tenant.base is not None:
            at_base = identity.resolve(base_entries.get(live.campaign_id, ()), live.schedules).resolved
            base = {each.schedule_id: each.schedule.content for each in at_base}
        diffs.append(diff.diff_campaign(resolution.resolved, live, base, rules_of_diff, resolution.contested))
    return tuple(diffs), tuple(findings)


def _observe(tenant: CheckedTenant, dialect: Dialect, options: Options) -> Live:
    released = sorted({each.campaign_id for each in tenant.base or ()} - set(tenant.campaigns))
    wanted = Wanted(
        campaigns=tenant.campaigns,
        released=tuple(released),
        agents=rules.needs_agents(tenant.settings, tenant.schedules),
        webhooks=tenant.settings.webhook_url is not None,
        places=_places(tenant.schedules),
    )
    what = f"reading {tenant.settings.name}"
    return observe(
        dialect,
        wanted,
        tenant.settings.requests.concurrency,
        lambda done, total: options.progress(what, done, total),
    )


def _places(schedules: Sequence[DesiredSchedule]) -> dict[str, Location]:
    places: dict[str, Location] = {}
    for each in schedules:
        if each.campaign_id not in places:
            places[each.campaign_id] = each.places.locate(())
    return places


def _by_campaign(schedules: Sequence[DesiredSchedule]) -> dict[str, tuple[DesiredSchedule, ...]]:
    ordered = sorted(schedules, key=lambda each: each.campaign_id)
    return {name: tuple(group) for name, group in groupby(ordered, key=lambda each: each.campaign_id)}


def _webhooks(
    tenant: CheckedTenant, diffs: Sequence[CampaignDiff], live: tuple[Webhook, ...] | None
) -> tuple[tuple[Webhook, ...], tuple[Finding, ...]]:
    managed = [each.schedule_id for part in diffs for each in (*part.changed, *part.unchanged)]
    created = [each.schedule_id for part in diffs for each in part.changed if each.live is None]
    compared = compare_webhooks(managed, created, tenant.settings.webhook_url, live)
    return compared.missing, compared.findings


def _capacity(tenant: CheckedTenant, live: Live, *, unchanged: set[int]) -> tuple[Finding, ...]:
    agents = tenant.settings.capacity.agents if tenant.settings.capacity.agents is not None else live.agents
    if agents is None:
        return ()
    marked = [(each, id(each) not in unchanged) for each in tenant.schedules]
    return rules.with_severities(rules.check_capacity(tenant.settings, marked, agents), tenant.settings)
