"""The figures behind the safety limits: how much of a tenant one plan would change (design §6.1)."""

from __future__ import annotations

from ..model import Action, Plan, SafetyCheck
from ..settings import SafetyLimits


def safety_checks(plan: Plan, limits: SafetyLimits) -> tuple[SafetyCheck, ...]:
    """The plan against the tenant's safety limits; a limit that does not apply is left out."""
    checks = []
    updated = plan.count_action(Action.UPDATE)
    held = updated + plan.unchanged
    if held and held >= limits.min_schedules:
        recreated = sum(finding.code == "recreated" for finding in plan.findings)
        checks.append(_changed_percent(updated + recreated, held, limits.max_changed_percent))
    if limits.max_changes is not None:
        count = len(plan.changes)
        checks.append(SafetyCheck("maxChanges", limits.max_changes, count, count <= limits.max_changes))
    return tuple(checks)


def _changed_percent(changed: int, held: int, allowed: float) -> SafetyCheck:
    """`held` counts the schedules that git names and live holds; those that somebody deleted are changed but not held, so
    that the share can pass 100 %."""
    passed = 100 * changed <= allowed * held
    actual = round(100 * changed / held, 1)
    if (actual <= allowed) is not passed:  # one decimal would hide on which side of the limit it is
        actual = 100 * changed / held
    return SafetyCheck("maxChangedPercent", allowed, actual, passed)
