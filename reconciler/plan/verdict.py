"""Why apply would refuse a plan, besides errors: safety limits, conflicts, drift, a revision that is behind."""

from __future__ import annotations

from collections.abc import Iterator

from ..canonical import UNSAID
from ..model import Action, Change, Origin, Plan, Refusal
from ..phrases import named_schedules
from ..settings import TenantSettings

_UNITS = {
    "maxChangedPercent": (" %", "of the live schedules would change"),
    "maxAddedDialingHours": (" h", "of dialing a week would be added"),
}


def refusals(plan: Plan, settings: TenantSettings) -> Iterator[Refusal]:
    """Every reason; `--force` lifts all but drift that the tenant's settings forbid to revert."""
    for check in plan.safety:
        if not check.passed and not plan.is_of_a_part(check):
            unit, what = _UNITS.get(check.limit, ("", "changes"))
            limit = f"safety.{check.limit} {check.allowed:g}{unit}"
            yield Refusal(f"{check.actual:g}{unit} {what}, more than {limit} allows", liftable=True)
    if conflicts := _coming_from(Origin.CONFLICT, plan):
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
    drifted = _coming_from(Origin.DRIFT, plan)
    unsaid = [change for change in drifted if {field.path for field in change.fields} == UNSAID]
    others = [change for change in drifted if change not in unsaid]
    for changes, advice in (
        (others, "take it into git with `reconciler import --update`, or undo it in the console"),
        (unsaid, "no file can say what CXone holds, so undo it in the console, or take the entry out of git"),
    ):
        if changes:
            sentence = f"safety.onDrift is refuse, and this would revert drift in {named_schedules(changes)}; {advice}"
            yield Refusal(sentence, liftable=False)


def _coming_from(origin: Origin, plan: Plan) -> list[Change]:
    return [change for change in plan.changes if origin in (change.origin, *(field.origin for field in change.fields))]
