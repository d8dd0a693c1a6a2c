"""A saved plan → results: exactly that plan or nothing (design §6.2)."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from .. import carry, document
from ..apply import check_live
from ..dialect import Dialect
from ..errors import PlanFileError, StalePlanError, TenantError
from ..model import DesiredSchedule, LiveSchedule, Plan, Severity
from ..observe import Wanted, observe
from ..plan import plan_digest, with_verdict
from .applying import Applied, ApplyOptions, Ready, carry_out
from .check import CheckedTenant, check
from .options import Options
from .target import Target, base_uri_of, open_target, scopes_for

LiveIndex = dict[tuple[str, str], LiveSchedule]


def apply_saved(file: Path, options: Options, apply_options: ApplyOptions) -> Applied:
    """Apply exactly the plans in `file`; PlanFileError or StalePlanError where they do not hold any more."""
    plans = read_plans(file)
    if options.tenants:
        plans = tuple(plan for plan in plans if plan.tenant in options.tenants)
    checked = check(options)
    tenants = {tenant.settings.name: tenant for tenant in checked.tenants}
    with ExitStack() as stack:
        ready: list[Ready] = []
        for plan in plans:
            tenant = _tenant_of(plan, tenants, options, len(plans))
            plan = with_verdict(plan, tenant.settings)
            scopes = scopes_for(tenant, write=True)
            target = stack.enter_context(
                open_target(tenant, plan.base_uri, scopes, options, apply_options.stop)
            )
            live = _read_touched(plan, tenant, target.dialect)
            check_live(plan, tenant.settings, live)
            ready.append(_ready(plan, tenant, target))
        return Applied(plans, carry_out(ready, options, apply_options))


def read_plans(file: Path) -> tuple[Plan, ...]:
    """The plans of a file; PlanFileError where it cannot be read or is no plan."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise PlanFileError(f"the plan {file} cannot be read: {reason}") from None
    return document.parse_plans(text)


def _tenant_of(
    plan: Plan, tenants: dict[str, CheckedTenant], options: Options, selected: int
) -> CheckedTenant:
    """The tenant that a plan is for; refused unless name, base URI and digest are what the plan says."""
    tenant = tenants.get(plan.tenant)
    if tenant is None:
        raise StalePlanError(
            f"nothing was written: the plan is for tenant {plan.tenant!r}, which no tenant.yaml below {options.path} names"
        )
    base_uri = base_uri_of(tenant, options, selected)
    if base_uri != plan.base_uri:
        raise StalePlanError(
            f"nothing was written: the plan of tenant {plan.tenant} is for {plan.base_uri}, and the tenant is at {base_uri}",
            hint="plan again against the tenant that you mean",
        )
    if plan.digest is None or plan.count(Severity.ERROR):
        raise PlanFileError(
            f"nothing was written: the plan of tenant {plan.tenant} has errors, so it has no digest and cannot be applied",
            hint="correct the errors that it lists, and plan again",
        )
    actual = plan_digest(plan, tenant.settings.ignored)
    if actual != plan.digest:
        raise PlanFileError(
            f"nothing was written: the plan of tenant {plan.tenant} has the digest {plan.digest}, and its content {actual}: "
            "the file, or ignoreFields in tenant.yaml, was changed after it was saved",
            hint="plan again",
        )
    return tenant


def _read_touched(plan: Plan, tenant: CheckedTenant, dialect: Dialect) -> LiveIndex:
    touched = tuple(sorted({change.campaign_id for change in plan.changes}))
    live = observe(dialect, Wanted(touched), tenant.settings.requests.concurrency)
    if live.findings:
        raise TenantError("; ".join(finding.message for finding in live.findings), hint="nothing was written")
    return {(each.campaign_id, each.schedule_id): each for part in live.campaigns for each in part.schedules}


def _ready(plan: Plan, tenant: CheckedTenant, target: Target) -> Ready:
    def still_differs() -> frozenset[tuple[str, str]] | None:
        try:
            live = _read_touched(plan, tenant, target.dialect)
        except TenantError:
            return None
        return frozenset(
            key
            for change in plan.changes
            if (key := (change.campaign_id, change.schedule_id)) not in live
            or carry.differing_fields(change.request.body, live[key], tenant.settings.ignored)
        )

    return Ready(plan, tenant.settings, target, _entries(plan, tenant.schedules), still_differs)


def _entries(plan: Plan, schedules: Sequence[DesiredSchedule]) -> dict[tuple[str, str], DesiredSchedule]:
    """The entries of the work tree that the changes came from, as far as their names still tell."""
    by_name = {(each.campaign_id, each.name): each for each in schedules}
    return {
        (change.campaign_id, change.schedule_id): by_name[change.campaign_id, change.name]
        for change in plan.changes
        if (change.campaign_id, change.name) in by_name
    }
