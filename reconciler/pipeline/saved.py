"""A saved plan → results: exactly that plan or nothing (design §6.2)."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from .. import canonical, carry
from ..apply import check_live
from ..dialect import Dialect
from ..errors import PlanFileError, StalePlanError, TenantError
from ..findings import in_order
from ..model import Action, CampaignLive, DesiredSchedule, JsonObject, LiveSchedule, Plan, Severity
from ..observe import Wanted, observe
from ..plan import plan_digest, with_verdict
from .applying import Applied, ApplyOptions, Ready, carry_out
from .check import Checked, CheckedTenant, check
from .options import Options
from .plan_file import read_plans
from .planning import compare
from .target import Target, base_uri_of, open_target, scopes_for

LiveIndex = dict[tuple[str, str], LiveSchedule]


def apply_saved(file: Path, options: Options, apply_options: ApplyOptions) -> Applied:
    """Apply exactly the plans in `file`; PlanFileError or StalePlanError where they do not hold any more."""
    plans = _selected(read_plans(file), options.tenants)
    checked = check(options)
    tenants = {tenant.settings.name: tenant for tenant in checked.tenants}
    if invalid := _invalid(plans, checked):
        return Applied(invalid, (), blocked=True)
    with ExitStack() as stack:
        ready: list[Ready] = []
        for plan in plans:
            tenant = _tenant_of(plan, tenants, options, len(plans))
            plan = with_verdict(plan, tenant.settings)
            scopes = scopes_for(tenant, write=True)
            target = stack.enter_context(
                open_target(tenant, plan.base_uri, scopes, options, apply_options.stop)
            )
            _check_requests(plan, target.dialect)
            live = _indexed(_read_touched(plan, tenant, target.dialect))
            check_live(plan, tenant.settings, live)
            _check_names(plan, tenant, live)
            ready.append(_ready(plan, tenant, target))
        return Applied(plans, carry_out(ready, options, apply_options))


def _selected(plans: Sequence[Plan], names: frozenset[str]) -> tuple[Plan, ...]:
    """The plans of the tenants that --tenant names, all of them without it; every name must have one."""
    if missing := sorted(names - {plan.tenant for plan in plans}):
        raise StalePlanError(f"nothing was written: the file has no plan for tenant {', '.join(missing)}")
    return tuple(plan for plan in plans if not names or plan.tenant in names)


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
    for change in plan.changes:
        if not _is_whole(change.request.body) or dialect.put_request(change.request.body) != change.request:
            raise PlanFileError(
                f"nothing was written: the plan of tenant {plan.tenant} has a request for schedule {change.name!r} of "
                f"{change.campaign_id} that this tenant's schedules are not written with",
                hint="the file was edited, or paths in tenant.yaml were; plan again",
            )


def _check_names(plan: Plan, tenant: CheckedTenant, live: LiveIndex) -> None:
    """StalePlanError where a schedule is to be created whose name is live by now: a fresh plan would adopt that one, or
    ask which of them is meant, and both would dial."""
    own = {(each.campaign_id, each.schedule_id) for each in plan.changes}
    named = {
        (each.campaign_id, each.pinned_id or canonical.derived_id(each.campaign_id, each.name))
        for each in tenant.schedules
    }
    names = {(key[0], each.name) for key, each in live.items() if key not in own and key not in named}
    moved = [
        f"{each.name!r} of {each.campaign_id}"
        for each in plan.changes
        if each.action is Action.CREATE
        and each.schedule_id == canonical.derived_id(each.campaign_id, each.name)
        and (each.campaign_id, each.name) in names
    ]
    if moved:
        raise StalePlanError(
            f"nothing was written: tenant {plan.tenant} holds schedules by now that are named like those to be created, "
            f"{', '.join(moved[:5])}",
            hint="plan again: a schedule of that name is matched, not created a second time",
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


def _read_touched(plan: Plan, tenant: CheckedTenant, dialect: Dialect) -> tuple[CampaignLive, ...]:
    touched = tuple(sorted({change.campaign_id for change in plan.changes}))
    live = observe(dialect, Wanted(touched), tenant.settings.requests.concurrency)
    if live.findings:
        raise TenantError("; ".join(finding.message for finding in live.findings), hint="nothing was written")
    return live.campaigns


def _indexed(campaigns: Sequence[CampaignLive]) -> LiveIndex:
    return {(each.campaign_id, each.schedule_id): each for part in campaigns for each in part.schedules}


def _ready(plan: Plan, tenant: CheckedTenant, target: Target) -> Ready:
    def still_differs() -> frozenset[tuple[str, str]] | None:
        try:
            campaigns = _read_touched(plan, tenant, target.dialect)
        except TenantError:
            return None
        return _differing(plan, tenant, campaigns, target.dialect)

    return Ready(plan, tenant.settings, target, _entries(plan, tenant.schedules), still_differs)


def _differing(
    plan: Plan, tenant: CheckedTenant, campaigns: Sequence[CampaignLive], dialect: Dialect
) -> frozenset[tuple[str, str]]:
    """What of the plan is not live as it was sent, and what else a fresh plan would change in the same campaigns: a
    saved plan cannot see an edit of a schedule that it leaves alone, and must not be called converged over it."""
    live = _indexed(campaigns)
    own = {(each.campaign_id, each.schedule_id): each.request.body for each in plan.changes}
    unlike = {
        key
        for key, body in own.items()
        if key not in live or carry.differing_fields(body, live[key], tenant.settings.ignored)
    }
    fresh, _ = compare(tenant, campaigns, dialect)
    others = {(each.campaign_id, each.schedule_id) for part in fresh for each in part.changes} - own.keys()
    return frozenset(unlike | others)


def _entries(plan: Plan, schedules: Sequence[DesiredSchedule]) -> dict[tuple[str, str], DesiredSchedule]:
    """The entries of the work tree that the changes came from, as far as their names still tell."""
    by_name = {(each.campaign_id, each.name): each for each in schedules}
    return {
        (change.campaign_id, change.schedule_id): by_name[change.campaign_id, change.name]
        for change in plan.changes
        if (change.campaign_id, change.name) in by_name
    }
