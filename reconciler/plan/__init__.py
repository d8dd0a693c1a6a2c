"""Policy over the changes: what is worth a finding, what the safety limits say, and the digest that names the plan.

Everything here is pure, and a plan says all that apply needs: applying decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from .. import canonical, put_body
from ..findings import Finding, Severity, in_order
from ..model import Action, CampaignDiff, CampaignLive, Origin, Plan, Released, SafetyCheck, Touched, Unmanaged, Webhook
from ..put_body import Patterns, without
from ..settings import SafetyLimits, TenantSettings
from ..week import added_hours
from .notices import notices
from .verdict import refusals


@dataclass(frozen=True, slots=True)
class RevisionInfo:
    """From which state of git the desired state comes; `base` is the sha that `--base` named, `applied` the one that
    `--applied` named, or `none`."""

    sha: str | None = None
    dirty: bool | None = False
    base: str | None = None
    applied: str | None = None


@dataclass(frozen=True, slots=True)
class PlanInput:
    """All that one tenant's plan is made of. `base_uri` is what documents show; `as_of` is YYYY-MM-DD; `live` the campaigns
    that were read; `narrowed_to` the campaigns that were asked for, none for all; `partial` whether they or PATH leave
    a part of the tenant out; `not_read` how many campaigns `--changed` leaves out, None without it."""

    settings: TenantSettings
    base_uri: str
    as_of: str
    revision: RevisionInfo
    diffs: tuple[CampaignDiff, ...]
    webhooks: tuple[Webhook, ...]
    findings: tuple[Finding, ...]
    live: tuple[CampaignLive, ...] = ()
    narrowed_to: tuple[str, ...] = ()
    partial: bool = False
    not_read: int | None = None


def build_plan(given: PlanInput) -> Plan:
    """One tenant's plan: the changes, with the findings that the comparison itself gives added to those given."""
    diffs, settings = given.diffs, given.settings
    unmanaged = (Unmanaged(x.campaign_id, x.schedule_id, x.name) for diff in diffs for x in diff.unmanaged)
    released = (
        Released(x.campaign_id, x.schedule_id, x.name, put_body.live_body(x)) for diff in diffs for x in diff.released
    )
    changes = sorted(
        (change for diff in diffs for change in diff.changes),
        key=lambda change: (change.campaign_id, change.name, change.schedule_id),
    )
    changed = {change.campaign_id for change in changes}
    plan = empty_plan(given.as_of, given.revision, ())._replace(
        tenant=settings.name,
        base_uri=given.base_uri,
        unchanged=sum(len(diff.unchanged) for diff in diffs),
        changes=tuple(changes),
        webhooks=tuple(sorted(given.webhooks, key=lambda webhook: webhook.name)),
        unmanaged=tuple(sorted(unmanaged)),
        findings=(*given.findings, *notices(diffs, settings.ignored, settings.preserved)),
        touched=tuple(
            Touched(live.campaign_id, put_body.campaign_fingerprint(live, settings.ignored, settings.preserved))
            for live in sorted(given.live, key=lambda live: live.campaign_id)
            if live.campaign_id in changed
        ),
        narrowed_to=given.narrowed_to,
        partial=given.partial,
        not_read=given.not_read,
        released=tuple(
            sorted(released, key=lambda schedule: (schedule.campaign_id, schedule.name, schedule.schedule_id))
        ),
    )
    return with_verdict(plan, settings)


def empty_plan(as_of: str, revision: RevisionInfo, findings: tuple[Finding, ...]) -> Plan:
    """The plan of no tenant: what was found where the files do not even give one."""
    return Plan(
        tenant="",
        base_uri="",
        as_of=as_of,
        revision=revision.sha,
        dirty=revision.dirty,
        base=revision.base,
        applied=revision.applied,
        digest=None,
        unchanged=0,
        changes=(),
        webhooks=(),
        unmanaged=(),
        safety=(),
        findings=in_order(findings),
    )


def with_verdict(plan: Plan, settings: TenantSettings) -> Plan:
    """The plan with sorted findings, its safety checks, its digest and why apply would refuse it, computed from what it
    holds and nothing else; the digest is None when there are errors."""
    judged = plan._replace(
        findings=in_order(plan.findings),
        safety=safety_checks(plan, settings.safety),
        digest=None if plan.count(Severity.ERROR) else plan_digest(plan, settings.ignored),
    )
    return judged._replace(refusals=tuple(refusals(judged, settings)))


def plan_digest(plan: Plan, ignored: Patterns) -> str:
    """The name of a plan, `sha256:…`, equal for the same writes to the same tenant and for nothing else: over tenant, base
    URI, writes and webhooks; not over who asked, what was found, when, or any order."""
    writes = [
        [change.request.method, change.request.path, without(change.request.body, ignored), change.fingerprint]
        for change in plan.changes
    ]
    webhooks = [[webhook.name, webhook.url, sorted(webhook.events), webhook.status] for webhook in plan.webhooks]
    ordered = (sorted(parts, key=canonical.dumps) for parts in (writes, webhooks))
    return canonical.digest([plan.tenant, plan.base_uri, *ordered])


def safety_checks(plan: Plan, limits: SafetyLimits) -> tuple[SafetyCheck, ...]:
    """The plan against the tenant's safety limits; a limit that does not apply is left out. What only the date changes counts
    in none."""
    checks = []
    counted = [change for change in plan.changes if change.origin is not Origin.CALENDAR]
    updated = sum(change.action is Action.UPDATE for change in counted)
    held = plan.count_action(Action.UPDATE) + plan.unchanged
    if held and held >= limits.min_schedules:
        recreated = sum(finding.code == "recreated" for finding in plan.findings)
        checks.append(_changed_percent(updated + recreated, held, limits.max_changed_percent))
    if limits.max_changes is not None:
        count = len(counted)
        checks.append(SafetyCheck("maxChanges", limits.max_changes, count, count <= limits.max_changes))
    if limits.max_added_dialing_hours is not None:
        added, most = added_hours(counted), limits.max_added_dialing_hours
        checks.append(SafetyCheck("maxAddedDialingHours", most, _shown(added, most), added <= most))
    return tuple(checks)


def _changed_percent(changed: int, held: int, allowed: float) -> SafetyCheck:
    """`held` counts the schedules that git names and live holds; those that somebody deleted are changed but not held, so
    that the share can pass 100 %."""
    passed = 100 * changed <= allowed * held
    return SafetyCheck("maxChangedPercent", allowed, _shown(100 * changed / held, allowed), passed)


def _shown(actual: float, allowed: float) -> float:
    """With one decimal, unless that would hide on which side of the limit it is."""
    short = round(actual, 1)
    return short if (short <= allowed) is (actual <= allowed) else actual
