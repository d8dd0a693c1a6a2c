"""From the differences of all campaigns to one tenant's plan, with everything in it sorted."""

from __future__ import annotations

from dataclasses import dataclass, replace

from .. import canonical
from ..findings import in_order
from ..model import CampaignDiff, CampaignLive, Change, Finding, Plan, Severity, Touched, Unmanaged, Webhook
from ..settings import TenantSettings
from .digest import plan_digest
from .remarks import remarks
from .safety import safety_checks


@dataclass(frozen=True, slots=True)
class RevisionInfo:
    """From which state of git the desired state comes; `base` is the sha that `--base` named."""

    sha: str | None = None
    dirty: bool | None = False
    base: str | None = None


@dataclass(frozen=True, slots=True)
class PlanInput:
    """All that one tenant's plan is made of. `base_uri` is what documents show; `as_of` is YYYY-MM-DD; `live` the campaigns
    that were read; `narrowed_to` the campaigns that were asked for, none for all."""

    settings: TenantSettings
    base_uri: str
    as_of: str
    revision: RevisionInfo
    diffs: tuple[CampaignDiff, ...]
    webhooks: tuple[Webhook, ...]
    findings: tuple[Finding, ...]
    live: tuple[CampaignLive, ...] = ()
    narrowed_to: tuple[str, ...] = ()


def build_plan(given: PlanInput) -> Plan:
    """One tenant's plan: the changes, with the findings that the comparison itself gives added to those given."""
    diffs, settings = given.diffs, given.settings
    unmanaged = (Unmanaged(x.campaign_id, x.schedule_id, x.name) for diff in diffs for x in diff.unmanaged)
    changes = tuple(sorted((change for diff in diffs for change in diff.changes), key=_change_order))
    plan = replace(
        empty_plan(given.as_of, given.revision, ()),
        tenant=settings.name,
        base_uri=given.base_uri,
        unchanged=sum(len(diff.unchanged) for diff in diffs),
        changes=changes,
        webhooks=tuple(sorted(given.webhooks, key=lambda webhook: webhook.name)),
        unmanaged=tuple(sorted(unmanaged)),
        findings=(*given.findings, *remarks(diffs, settings.ignored, settings.preserved)),
        touched=_touched(given, {change.campaign_id for change in changes}),
        narrowed_to=given.narrowed_to,
    )
    return with_verdict(plan, settings)


def _touched(given: PlanInput, campaigns: set[str]) -> tuple[Touched, ...]:
    ignored, preserved = given.settings.ignored, given.settings.preserved
    return tuple(
        Touched(live.campaign_id, canonical.campaign_fingerprint(live, ignored, preserved))
        for live in sorted(given.live, key=lambda live: live.campaign_id)
        if live.campaign_id in campaigns
    )


def empty_plan(as_of: str, revision: RevisionInfo, findings: tuple[Finding, ...]) -> Plan:
    """The plan of no tenant: what was found where the files do not even give one."""
    return Plan(
        tenant="",
        base_uri="",
        as_of=as_of,
        revision=revision.sha,
        dirty=revision.dirty,
        base=revision.base,
        digest=None,
        unchanged=0,
        changes=(),
        webhooks=(),
        unmanaged=(),
        safety=(),
        findings=in_order(findings),
    )


def with_verdict(plan: Plan, settings: TenantSettings) -> Plan:
    """The plan with sorted findings, its safety checks and its digest, computed from what it holds and nothing else; the
    digest is None when there are errors."""
    return replace(
        plan,
        findings=in_order(plan.findings),
        safety=safety_checks(plan, settings.safety),
        digest=None if plan.count(Severity.ERROR) else plan_digest(plan, settings.ignored),
    )


def _change_order(change: Change) -> tuple[str, str, str]:
    return change.campaign_id, change.name, change.schedule_id
