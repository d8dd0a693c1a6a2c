"""A saved plan → results: exactly that plan or nothing (design §6.2)."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from .. import canonical
from ..apply import check_unmoved
from ..desired import DesiredTenant
from ..dialect import Dialect
from ..document import read_plans
from ..errors import PlanFileError, StalePlanError
from ..findings import in_order
from ..model import DesiredSchedule, JsonObject, Plan, Severity
from ..plan import plan_digest, with_verdict
from .applying import Applied, ApplyOptions, Ready, carry_out, read_touched
from .check import Checked, check
from .options import Options
from .tenants import base_uri_of, open_target, scopes_for


def apply_saved(file: Path, options: Options, apply_options: ApplyOptions) -> Applied:
    """Apply exactly the plans in `file`; PlanFileError or StalePlanError where they do not hold any more."""
    plans = _selected(read_plans(file), options.tenants)
    checked = check(replace(options, campaigns=_narrowed_to(plans)))
    tenants = {tenant.settings.name: tenant for tenant in checked.tenants}
    if invalid := _invalid(plans, checked):
        return Applied(invalid, (), blocked=True)
    with ExitStack() as stack:
        ready: list[Ready] = []
        for plan in plans:
            tenant = _tenant_of(plan, tenants, options, len(plans))
            plan = with_verdict(plan, tenant.settings)
            scopes = scopes_for(tenant, write=True)
            dialect = stack.enter_context(
                open_target(tenant, plan.base_uri, scopes, options, apply_options.stop)
            )
            _check_requests(plan, dialect)
            check_unmoved(plan, tenant.settings, read_touched(plan, tenant, dialect))
            entries = _entries(plan, tenant.schedules)
            ready.append(Ready(plan, tenant, dialect, entries, saved=True))
        return Applied(plans, carry_out(ready, options, apply_options))


def _selected(plans: Sequence[Plan], names: frozenset[str]) -> tuple[Plan, ...]:
    """The plans of the tenants that --tenant names, all of them without it; every name must have one."""
    if missing := sorted(names - {plan.tenant for plan in plans}):
        raise StalePlanError(f"nothing was written: the file has no plan for tenant {', '.join(missing)}")
    return tuple(plan for plan in plans if not names or plan.tenant in names)


def _narrowed_to(plans: Sequence[Plan]) -> frozenset[str]:
    """The campaigns that `--campaign` named when the plans were made: what was left out then is left alone now, errors in
    its files included."""
    named = {plan.narrowed_to for plan in plans}
    campaigns = frozenset(campaign for names in named for campaign in names)
    written = {change.campaign_id for plan in plans for change in plan.changes}
    if len(named) > 1 or (campaigns and not written <= campaigns):
        raise PlanFileError(
            "nothing was written: the plans of the file do not fit the campaigns that they say they are narrowed to",
            hint="the file was edited; plan again",
        )
    return campaigns


def _invalid(plans: Sequence[Plan], checked: Checked) -> tuple[Plan, ...]:
    """The plans with what is wrong with the files now, where something is: a plan that was right when it was saved is
    not carried out from a desired state that has become wrong, such as by a law that began meanwhile."""
    found = {tenant.settings.name: tenant.findings for tenant in checked.tenants}
    now = [
        replace(plan, digest=None, findings=in_order(found.get(plan.tenant, checked.findings)))
        for plan in plans
    ]
    return tuple(plan for plan in now if plan.count(Severity.ERROR))


def _check_requests(plan: Plan, dialect: Dialect) -> None:
    """PlanFileError unless every request writes a whole schedule, in the way that this tenant's are written."""
    if {touched.campaign_id for touched in plan.touched} != {change.campaign_id for change in plan.changes}:
        raise PlanFileError(
            f"nothing was written: the plan of tenant {plan.tenant} does not say what the campaigns held that it changes",
            hint="the file was edited, or saved by an older version; plan again",
        )
    for change in plan.changes:
        if not _is_whole(change.request.body) or dialect.put_request(change.request.body) != change.request:
            raise PlanFileError(
                f"nothing was written: the plan of tenant {plan.tenant} has a request for schedule {change.name!r} of "
                f"{change.campaign_id} that this tenant's schedules are not written with",
                hint="the file was edited, or paths in tenant.yaml were; plan again",
            )


def _is_whole(body: JsonObject) -> bool:
    try:
        content = canonical.content(
            body["name"],
            body["timezone"],
            body["scheduleDetails"],
            body["blackoutPeriods"],
            body["complianceRules"],
        )
        held = canonical.body(body["campaignId"], body["id"], content)
    except (AttributeError, KeyError, TypeError, ValueError):
        return False
    return held.keys() <= body.keys() and len(held["scheduleDetails"]) > 0


def _tenant_of(
    plan: Plan, tenants: dict[str, DesiredTenant], options: Options, selected: int
) -> DesiredTenant:
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


def _entries(plan: Plan, schedules: Sequence[DesiredSchedule]) -> dict[tuple[str, str], DesiredSchedule]:
    """The entries of the work tree that the changes came from, as far as their names still tell."""
    by_name = {(each.campaign_id, each.name): each for each in schedules}
    return {
        (change.campaign_id, change.schedule_id): by_name[change.campaign_id, change.name]
        for change in plan.changes
        if (change.campaign_id, change.name) in by_name
    }
