"""Policy over the changes: what is worth a finding, what the safety limits say, and the digest that names the plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from . import canonical, fields
from .model import (
    Action,
    CampaignDiff,
    Change,
    Finding,
    Origin,
    Path,
    Plan,
    Resolved,
    SafetyCheck,
    Severity,
    Unmanaged,
    Webhook,
)
from .settings import SafetyLimits, TenantSettings


@dataclass(frozen=True, slots=True)
class RevisionInfo:
    """From which state of git the desired state comes; `base` is the sha that `--base` named."""

    sha: str | None = None
    dirty: bool = False
    base: str | None = None


@dataclass(frozen=True, slots=True)
class PlanInput:
    """All that one tenant's plan is made of. `base_uri` is what documents show; `as_of` is YYYY-MM-DD."""

    settings: TenantSettings
    base_uri: str
    as_of: str
    revision: RevisionInfo
    diffs: tuple[CampaignDiff, ...]
    webhooks: tuple[Webhook, ...]
    findings: tuple[Finding, ...]


def build_plan(given: PlanInput) -> Plan:
    """One tenant's plan, everything sorted, with the findings that the comparison itself gives."""
    diffs = given.diffs
    unmanaged = (Unmanaged(x.campaign_id, x.schedule_id, x.name) for diff in diffs for x in diff.unmanaged)
    plan = replace(
        empty_plan(given.as_of, given.revision, given.findings),
        tenant=given.settings.name,
        base_uri=given.base_uri,
        unchanged=sum(len(diff.unchanged) for diff in diffs),
        changes=tuple(sorted((each for diff in diffs for each in diff.changes), key=_change_order)),
        webhooks=given.webhooks,
        unmanaged=tuple(sorted(unmanaged)),
        findings=(*given.findings, *_comparison_findings(diffs, given.settings.preserved)),
    )
    return with_verdict(plan, given.settings)


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
        findings=sort_findings(findings),
    )


def with_verdict(plan: Plan, settings: TenantSettings) -> Plan:
    """The plan with sorted findings, its safety checks and its digest, computed from what it holds and nothing else."""
    return replace(
        plan,
        findings=sort_findings(plan.findings),
        safety=safety_checks(plan, settings.safety),
        digest=None if plan.count(Severity.ERROR) else plan_digest(plan, settings.ignored),
    )


def plan_digest(plan: Plan, ignored: tuple[Path, ...]) -> str:
    """The name of exactly these writes to exactly this tenant (design §5); order and formatting do not matter."""
    writes = [
        [
            each.request.method,
            each.request.path,
            canonical.without(each.request.body, ignored),
            each.fingerprint,
        ]
        for each in plan.changes
    ]
    webhooks = [[each.name, each.url, list(each.events), each.status] for each in plan.webhooks]
    return canonical.digest(
        [
            plan.tenant,
            plan.base_uri,
            sorted(writes, key=canonical.dumps),
            sorted(webhooks, key=canonical.dumps),
        ]
    )


def safety_checks(plan: Plan, limits: SafetyLimits) -> tuple[SafetyCheck, ...]:
    """The plan against the tenant's safety limits (design §6.1); a limit that does not apply is left out."""
    updates = plan.count_action(Action.UPDATE)
    known = updates + plan.unchanged
    recreated = sum(finding.code == "recreated" for finding in plan.findings)
    checks = []
    if known >= limits.min_schedules and known + recreated > 0:
        percent = 100 * (updates + recreated) / max(known, 1)
        allowed = limits.max_changed_percent
        checks.append(SafetyCheck("maxChangedPercent", allowed, round(percent, 2), percent <= allowed))
    if limits.max_changes is not None:
        count = len(plan.changes)
        checks.append(SafetyCheck("maxChanges", limits.max_changes, count, count <= limits.max_changes))
    return tuple(checks)


def sort_findings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sorted by file, line, column and code, those about the tenant first; equal ones once."""
    return tuple(sorted(set(findings), key=_finding_order))


def _finding_order(finding: Finding) -> tuple[str, int, int, str, str]:
    place = finding.location
    where = (place.file, place.line, place.column) if place is not None else ("", 0, 0)
    return (*where, finding.code, finding.message)


def _change_order(change: Change) -> tuple[str, str, str]:
    return change.campaign_id, change.name, change.schedule_id


def _comparison_findings(diffs: Sequence[CampaignDiff], preserved: tuple[Path, ...]) -> list[Finding]:
    managed = [each for diff in diffs for each in (*diff.unchanged, *diff.changed)]
    return [
        *_unmanaged_fields(managed, preserved),
        *(_not_active(each) for each in managed if each.live and each.live.status not in (None, "ACTIVE")),
        *(finding for diff in diffs for finding in _recreated(diff)),
        *(finding for diff in diffs for finding in _possible_renames(diff)),
        *(finding for diff in diffs for finding in _released(diff)),
    ]


def _unmanaged_fields(managed: Sequence[Resolved], preserved: tuple[Path, ...]) -> list[Finding]:
    """One notice per field name: what a PUT of these schedules would lose."""
    counts: Counter[str] = Counter()
    for each in managed:
        extras = each.live.extras if each.live is not None else ()
        lost = {
            ".".join(map(str, fields.plain(path)))
            for path, _ in extras
            if not fields.server_managed(path) and not canonical.matches(path, preserved)
        }
        counts.update(lost)
    return [
        Finding(
            Severity.NOTICE,
            "unmanaged-field",
            f"{count} live schedule(s) that git manages hold the field {name!r}, which an update loses; name it in "
            "preserveFields of tenant.yaml to carry it over",
        )
        for name, count in counts.items()
    ]


def _not_active(each: Resolved) -> Finding:
    status = each.live.status if each.live is not None else None
    return Finding(
        Severity.WARNING,
        "not-active",
        f"schedule {each.schedule.name!r} of {each.schedule.campaign_id} is live with status {status!r}, not 'ACTIVE': "
        "it may not dial although its registration succeeded; look at it in the console",
        each.schedule.places.locate(()),
    )


def _recreated(diff: CampaignDiff) -> list[Finding]:
    return [
        Finding(
            Severity.WARNING,
            "recreated",
            f"schedule {change.name!r} of {change.campaign_id} ({change.schedule_id}) was there before and is gone: "
            "somebody deleted it in the console, perhaps to stop dialling; applying creates it again",
            change.source,
        )
        for change, each in zip(diff.changes, diff.changed, strict=True)
        if change.action is Action.CREATE and (each.schedule.pinned_id or change.origin is Origin.DRIFT)
    ]


def _possible_renames(diff: CampaignDiff) -> list[Finding]:
    findings = []
    for change, each in zip(diff.changes, diff.changed, strict=True):
        for live in diff.unmanaged if change.action is Action.CREATE else ():
            alike = {**live.content, "name": ""} == {**each.schedule.content, "name": ""}
            if alike or live.name == change.name:
                findings.append(_possible_rename(change, live.name, live.schedule_id))
    return findings


def _possible_rename(change: Change, name: str, schedule_id: str) -> Finding:
    return Finding(
        Severity.NOTICE,
        "possible-rename",
        f"schedule {change.name!r} of {change.campaign_id} would be created beside the unmanaged schedule {name!r}, "
        f"which looks alike, and both would dial; if they are one, write `id: {schedule_id}` into the file",
        change.source,
    )


def _released(diff: CampaignDiff) -> list[Finding]:
    return [
        Finding(
            Severity.WARNING,
            "released",
            f"this revision takes schedule {live.name!r} of {live.campaign_id} ({live.schedule_id}) out of git; nothing "
            "is deleted in CXone, so it goes on dialling until somebody stops it in the console",
        )
        for live in diff.released
    ]
