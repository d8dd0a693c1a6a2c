"""What stands between a plan and its first write, for all selected tenants at once.

Every check here refuses when in doubt: a digest that is given but empty, or drift that cannot be distinguished from changes, is a refusal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from .. import canonical, put_body
from ..dialect import Carried
from ..errors import RefusedError
from ..findings import Finding, Severity
from ..model import Action, CampaignLive, JsonObject, LiveSchedule, Origin, Plan, Request
from ..phrases import first_of, named_schedules
from ..settings import TenantSettings


@dataclass(frozen=True, slots=True)
class GateOptions:
    """`force` is the reason given with --force; `expected` the digests of --expect-digest by tenant name, None where
    that option was not given; `keep_going` leaves out campaigns that could not be read; `only` refuses every change of
    another origin."""

    force: str | None = None
    keep_going: bool = False
    expected: Mapping[str, str] | None = None
    only: Origin | None = None


def check_gate(plans: Sequence[Plan], options: GateOptions) -> None:
    """Raise RefusedError, with every reason for every tenant, unless all the plans may be applied."""
    unequal = list(_unequal_digests(plans, options.expected))
    if unequal:
        hint = "look at the new plan, and apply that one with its own digest if it is what you want"
        raise RefusedError("nothing was written: " + "; ".join(unequal), hint=hint)
    others = [sentence for plan in plans for sentence in _of_other_origins(plan, options.only)]
    if others:
        hint = f"nothing but the {options.only} is approved by --only; plan, and apply the rest with an approval of its own"
        raise RefusedError("nothing was written: " + "; ".join(others), hint=hint)
    reasons = [
        (plan.tenant, refusal)
        for plan in plans
        for refusal in plan.refusals
        if not (refusal.liftable and options.force is not None)
    ]
    if reasons:
        liftable = all(refusal.liftable for _, refusal in reasons)
        hint = "if this is meant, apply with --force REASON; the journal keeps the reason" if liftable else ""
        sentences = (f"tenant {tenant}: {refusal.reason}" for tenant, refusal in reasons)
        raise RefusedError("nothing was written: " + "; ".join(sentences), hint=hint)


def _of_other_origins(plan: Plan, only: Origin | None) -> Iterator[str]:
    others = [change for change in plan.changes if only is not None and change.origin is not only]
    if others:
        verb = "is" if len(others) == 1 else "are"
        yield f"tenant {plan.tenant}: not by the {only} {verb} the change of {named_schedules(others)}"


def blocking_findings(plan: Plan, *, keep_going: bool) -> tuple[Finding, ...]:
    """The errors that stop an apply; with `keep_going` a campaign that could not be read is left out instead."""
    return tuple(
        finding
        for finding in plan.findings
        if finding.severity is Severity.ERROR and not (keep_going and finding.code == "campaign-unreadable")
    )


def check_saved(plan: Plan, base_uri: str, digest: str) -> None:
    """Raise RefusedError unless a plan from a file is one for this tenant, as it was saved.

    `base_uri` is where the tenant is, `digest` that of the plan's content.
    """
    who = f"nothing was written: the plan of tenant {plan.tenant}"
    if base_uri != plan.base_uri:
        raise RefusedError(
            f"{who} is for {plan.base_uri}, and the tenant is at {base_uri}",
            hint="plan again against the tenant that you mean",
        )
    if plan.digest is None or plan.summary["errors"]:
        raise RefusedError(
            f"{who} has errors, so it has no digest and cannot be applied",
            hint="correct the errors that it lists, and plan again",
        )
    if digest != plan.digest:
        raise RefusedError(
            f"{who} has the digest {plan.digest}, and its content {digest}: the file, or ignoreFields in tenant.yaml, was "
            "changed after it was saved",
            hint="plan again",
        )
    if {touched.campaign_id for touched in plan.touched} != {change.campaign_id for change in plan.changes}:
        raise RefusedError(
            f"{who} does not say what the campaigns held that it changes",
            hint="the file was edited, or saved by an older version; plan again",
        )


def check_requests(plan: Plan, put_request: Callable[[JsonObject], Request], carried: Carried) -> None:
    """Raise RefusedError unless every request writes a whole schedule, in the way that this tenant's are written, with the
    fields that its API has `carried`."""
    for change in plan.changes:
        body = change.request.body
        if not _is_whole(body) or not carried.is_whole(body) or put_request(body)[:3] != change.request[:3]:
            raise RefusedError(
                f"nothing was written: the plan of tenant {plan.tenant} has a request for schedule {change.name!r} of "
                f"{change.campaign_id} that this tenant's schedules are not written with",
                hint="the file was edited, or paths in tenant.yaml were; plan again",
            )


def check_shown(plan: Plan, put_request: Callable[[JsonObject], Request]) -> None:
    """Raise RefusedError unless what the plan says is sent would be sent; what the tenant holds was read again."""
    for change in plan.changes:
        if put_request(change.request.body) != change.request:
            raise RefusedError(
                f"nothing was written: the plan of tenant {plan.tenant} shows something else for schedule {change.name!r} of "
                f"{change.campaign_id} than would be sent",
                hint="the file was edited, or somebody edited what the schedule does not show; plan again",
            )


def narrowed_campaigns(plans: Sequence[Plan]) -> frozenset[str]:
    """The campaigns that `--campaign` named when the plans of a file were made, none for all: what was left out then is
    left alone now, errors in its files included. RefusedError where they do not fit what the plans write to."""
    named = {plan.narrowed_to for plan in plans}
    campaigns = frozenset(campaign for names in named for campaign in names)
    written = {change.campaign_id for plan in plans for change in plan.changes}
    if len(named) > 1 or (campaigns and not written <= campaigns):
        raise RefusedError(
            "nothing was written: the plans of the file do not fit the campaigns that they say they are narrowed to",
            hint="the file was edited; plan again",
        )
    return campaigns


def check_unmoved(plan: Plan, settings: TenantSettings, campaigns: Sequence[CampaignLive]) -> None:
    """Raise RefusedError unless the touched campaigns, read again, hold exactly what the plan saw.

    An edit of a schedule that the plan leaves alone counts too, and so does a schedule that is new: it may have the name of
    one that is to be created, and both would dial.
    """
    ignored, preserved = settings.ignored, settings.preserved
    now = {campaign.campaign_id: campaign for campaign in campaigns}
    moved = [
        touched.campaign_id
        for touched in plan.touched
        if touched.campaign_id not in now
        or put_body.campaign_fingerprint(now[touched.campaign_id], ignored, preserved) != touched.fingerprint
    ]
    schedules = [schedule for campaign in campaigns for schedule in campaign.schedules]
    live = {schedule.key: put_body.fingerprint(schedule, ignored, preserved) for schedule in schedules}
    edited = [change for change in plan.changes if live.get(change.key) != change.fingerprint]
    own = {change.key for change in plan.changes}
    twins = twins_of(plan, [schedule for schedule in schedules if schedule.key not in own])
    explained = {change.campaign_id for change in edited} | {campaign for campaign, _ in twins}
    parts = [
        *([named_schedules(edited)] if edited else ()),
        *(
            f"{change.name!r} of {change.campaign_id}, a name that schedule {twin} has by now"
            for change in plan.changes
            if (twin := twins.get(change.key)) is not None
        ),
        *(f"{campaign}, a schedule that the plan leaves alone" for campaign in moved if campaign not in explained),
    ]
    if parts:
        raise RefusedError(
            f"nothing was written: tenant {plan.tenant} is no longer what the plan saw, in {first_of(parts, 5)}",
            hint="plan again, look at what changed, and apply the new plan",
        )


def twins_of(plan: Plan, others: Iterable[LiveSchedule]) -> dict[tuple[str, str], str]:
    """The creates whose name one of the `others` has, by (campaignId, scheduleId), with the id of that one: where both are
    live, both dial, and planned afresh it would have been matched instead."""
    names = {(schedule.campaign_id, schedule.name): schedule.schedule_id for schedule in others}
    return {
        change.key: names[change.campaign_id, change.name]
        for change in plan.changes
        if change.action is Action.CREATE
        and change.schedule_id == canonical.derived_id(change.campaign_id, change.name)
        and (change.campaign_id, change.name) in names
    }


def _is_whole(body: JsonObject) -> bool:
    try:
        content = canonical.content_of(body)
        held = canonical.body(body["campaignId"], body["id"], content)
    except (AttributeError, KeyError, TypeError, ValueError):
        return False
    return held.keys() <= body.keys() and len(held["scheduleDetails"]) > 0


def _unequal_digests(plans: Sequence[Plan], expected: Mapping[str, str] | None) -> Iterator[str]:
    """Every way in which the expected digests are not exactly those of the plans; a bare one means the only plan."""
    if expected is None:
        return
    names = {plan.tenant for plan in plans}
    wanted = dict(expected)
    if len(plans) == 1 and set(wanted) == {""}:
        wanted = {plans[0].tenant: wanted[""]}
    for name in sorted(set(wanted) - names):
        whose = f"for tenant {name}, which has no plan here" if name else "and nothing says for which tenant"
        yield f"a digest is expected {whose}"
    for plan in plans:
        digest = wanted.get(plan.tenant, "")
        if plan.digest is None or digest != plan.digest:
            yield f"the plan of tenant {plan.tenant} has the digest {plan.digest or 'null'}, expected was {digest or 'none'}"
