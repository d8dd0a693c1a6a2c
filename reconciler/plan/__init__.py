"""Policy over the changes: what is worth a finding, what the safety limits say, why apply would refuse, and the digest that
names the plan.

Everything here is pure, and a plan says all that apply needs: applying decides nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from .. import canonical, put_body
from ..findings import in_order
from ..model import (
    Action,
    CampaignDiff,
    CampaignLive,
    Change,
    Origin,
    Plan,
    Refusal,
    Released,
    SafetyCheck,
    Touched,
    Unmanaged,
    Webhook,
)
from ..phrases import named_schedules
from ..put_body import Patterns, without
from ..settings import SafetyLimits, TenantSettings
from ..week import added_hours
from .notices import notices

_UNITS = {
    "maxChangedPercent": (" %", "of the live schedules would change"),
    "maxAddedDialingHours": (" h", "of dialing a week would be added"),
}
_OF_A_PART = (
    "of the schedules that the plan read would change (it was made with --changed; without, it holds the share of all)"
)


def build_plan(
    blank: Plan,
    settings: TenantSettings,
    diffs: Sequence[CampaignDiff] = (),
    webhooks: Iterable[Webhook] = (),
    live: Iterable[CampaignLive] = (),
) -> Plan:
    """One tenant's plan: a `blank` one with the changes of `diffs`, and the findings that the comparison itself gives added to
    those that it has. `live` are the campaigns that were read."""
    unmanaged = (Unmanaged(x.campaign_id, x.schedule_id, x.name) for diff in diffs for x in diff.unmanaged)
    released = (
        Released(x.campaign_id, x.schedule_id, x.name, put_body.live_body(x)) for diff in diffs for x in diff.released
    )
    changes = sorted(
        (change for diff in diffs for change in diff.changes),
        key=lambda change: (change.campaign_id, change.name, change.schedule_id),
    )
    changed = {change.campaign_id for change in changes}
    plan = blank._replace(
        unchanged=sum(len(diff.unchanged) for diff in diffs),
        changes=tuple(changes),
        webhooks=tuple(sorted(webhooks, key=lambda webhook: webhook.name)),
        unmanaged=tuple(sorted(unmanaged)),
        findings=(*blank.findings, *notices(diffs, settings.ignored, settings.preserved)),
        touched=tuple(
            Touched(campaign.campaign_id, put_body.campaign_fingerprint(campaign, settings.ignored, settings.preserved))
            for campaign in sorted(live, key=lambda campaign: campaign.campaign_id)
            if campaign.campaign_id in changed
        ),
        released=tuple(
            sorted(released, key=lambda schedule: (schedule.campaign_id, schedule.name, schedule.schedule_id))
        ),
    )
    return with_verdict(plan, settings)


def with_verdict(plan: Plan, settings: TenantSettings, *, saved: bool = False) -> Plan:
    """The plan with sorted findings, its safety checks, its digest and why apply would refuse it, computed from what it
    holds and nothing else; the digest is None when there are errors. A `saved` one is applied as it is, so that its share of the
    schedules that were read counts, however many `--changed` left out."""
    judged = plan._replace(
        findings=in_order(plan.findings),
        safety=safety_checks(plan, settings.safety),
        digest=None if plan.summary["errors"] else plan_digest(plan, settings.ignored),
    )
    return judged._replace(refusals=tuple(refusals(judged, settings, saved=saved)))


def plan_digest(plan: Plan, ignored: Patterns) -> str:
    """The name of a plan, `sha256:…`, equal for the same writes to the same tenant and for nothing else: over tenant, base
    URI, writes and webhooks; not over who asked, what was found, when, or any order."""
    writes = [
        [change.request.method, change.request.path, without(change.request.body, ignored), change.fingerprint]
        for change in plan.changes
    ]
    webhooks = [[webhook.name, webhook.url, sorted(webhook.events), webhook.status] for webhook in plan.webhooks]
    # The one JSON text of all, put together from that of each part, by which they are sorted.
    lists = (f"[{','.join(sorted(map(canonical.dumps, parts)))}]" for parts in (writes, webhooks))
    return canonical.text_digest(f"[{','.join((*map(canonical.dumps, (plan.tenant, plan.base_uri)), *lists))}]")


def safety_checks(plan: Plan, limits: SafetyLimits) -> tuple[SafetyCheck, ...]:
    """The plan against the tenant's safety limits; a limit that does not apply is left out. What only the date changes counts
    in none."""
    checks = []
    counted = [change for change in plan.changes if change.origin is not Origin.CALENDAR]
    updated = sum(change.action is Action.UPDATE for change in counted)
    held = plan.summary["update"] + plan.unchanged
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


def refusals(plan: Plan, settings: TenantSettings, *, saved: bool = False) -> Iterator[Refusal]:
    """Every reason for which apply would refuse a plan, besides errors; `--force` lifts all but drift that the tenant's settings forbid to revert."""
    for check in plan.safety:
        of_a_part = plan.is_of_a_part(check)
        if not check.passed and (saved or not of_a_part):
            unit, what = (" %", _OF_A_PART) if of_a_part else _UNITS.get(check.limit, ("", "changes"))
            limit = f"safety.{check.limit} {check.allowed:g}{unit}"
            yield Refusal(f"{check.actual:g}{unit} {what}, more than {limit} allows", liftable=True)
    by_origin: dict[Origin | None, list[Change]] = defaultdict(list)
    for change in plan.changes:
        for origin in {change.origin, *(field.origin for field in change.fields)}:
            by_origin[origin].append(change)
    if conflicts := by_origin[Origin.CONFLICT]:
        sentence = f"somebody edited in the console what this revision changes too, in {named_schedules(conflicts)}"
        yield Refusal(sentence, liftable=True)
    yield from (Refusal(finding.message, liftable=True) for finding in plan.findings if finding.code == "behind-base")
    if settings.safety.on_drift != "refuse":
        return
    if plan.base is None and any(change.action is Action.UPDATE for change in plan.changes):
        yield Refusal(
            "safety.onDrift is refuse, and without --base drift cannot be distinguished from changes; give --base REF",
            liftable=False,
        )
    drifted = by_origin[Origin.DRIFT]
    unsaid = [change for change in drifted if {field.path for field in change.fields} == canonical.UNSAID]
    others = [change for change in drifted if change not in unsaid]
    for changes, advice in (
        (others, "take it into git with `reconciler import --update`, or undo it in the console"),
        (unsaid, "no file can say what CXone holds, so undo it in the console, or take the entry out of git"),
    ):
        if changes:
            sentence = f"safety.onDrift is refuse, and this would revert drift in {named_schedules(changes)}; {advice}"
            yield Refusal(sentence, liftable=False)
