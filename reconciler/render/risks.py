"""What a reader of a plan must see before anything else, from the gravest to the least grave.

The order is that of the readers' fears: what stops the plan, what somebody's edit would be lost to, what would dial
again although somebody stopped it, and what goes on dialing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from ..findings import Severity
from ..model import Action, Origin, Plan
from ..phrases import counted
from .words import safety_words


class Danger(IntEnum):
    """The kinds of risk; the lower, the graver."""

    ERRORS = 0
    SAFETY = 1
    CONFLICT = 2
    BEHIND = 3
    DRIFT = 4
    RECREATED = 5
    RELEASED = 6
    PENDING = 7


@dataclass(frozen=True, slots=True)
class Risk:
    """One risk with how often it is there; `grave` ones keep apply from starting."""

    kind: Danger
    count: int
    sentence: str

    @property
    def grave(self) -> bool:
        """Whether apply refuses because of it."""
        return self.kind <= Danger.BEHIND


def risks(plans: Sequence[Plan]) -> tuple[Risk, ...]:
    """The risks of all `plans` together, the gravest first; figures of safety limits where there is one plan only."""
    counts = {
        Danger.ERRORS: sum(plan.count(Severity.ERROR) for plan in plans),
        Danger.SAFETY: sum(not check.passed for plan in plans for check in plan.safety),
        Danger.CONFLICT: _changes_with(plans, Origin.CONFLICT),
        Danger.DRIFT: _changes_with(plans, Origin.DRIFT),
        Danger.RECREATED: _findings_with(plans, "recreated"),
        Danger.RELEASED: _findings_with(plans, "released"),
        Danger.BEHIND: _findings_with(plans, "behind-base"),
        Danger.PENDING: _changes_with(plans, Origin.PENDING),
    }
    return tuple(Risk(kind, count, _sentence(kind, count, plans)) for kind, count in sorted(counts.items()) if count)


def _changes_with(plans: Iterable[Plan], origin: Origin) -> int:
    """Changes with a field of this origin; a create that would bring something back counts as recreated only."""
    return sum(
        any(field.origin is origin for field in change.fields)
        or (change.origin is origin and not (change.action is Action.CREATE and origin is Origin.DRIFT))
        for plan in plans
        for change in plan.changes
    )


def _findings_with(plans: Iterable[Plan], code: str) -> int:
    return sum(finding.code == code for plan in plans for finding in plan.findings)


_SENTENCES = {
    Danger.ERRORS: "This plan cannot be applied: it has {errors}.",
    Danger.SAFETY: "Would be refused: {limits} (only --force REASON lifts a safety limit).",
    Danger.CONFLICT: "Would be refused: {schedules} in conflict: this revision and somebody in CXone changed the same thing; "
    "only --force REASON overwrites the edit in CXone.",
    Danger.BEHIND: "Would be refused: this revision does not follow the one that it is compared with, or git cannot say "
    "whether it does; only --force REASON applies it all the same.",
    Danger.DRIFT: "Drift: {schedules} would lose what was edited in the console; this revision did not ask for it.",
    Danger.RECREATED: "Recreated: {schedules} would come back that somebody deleted in the console, perhaps to stop dialing.",
    Danger.RELEASED: "Released: this revision takes {schedules} out of git; nothing is deleted in CXone, so {they} on dialing "
    "there.",
    Danger.PENDING: "Pending: {schedules} would get what an earlier revision asked for and was not applied yet.",
}


def _sentence(kind: Danger, count: int, plans: Sequence[Plan]) -> str:
    limits = f"{counted(count, 'safety limit')} exceeded"
    if len(plans) == 1:
        limits = "; ".join(safety_words(check) for check in plans[0].safety if not check.passed)
    return _SENTENCES[kind].format(
        errors=counted(count, "error"),
        limits=limits,
        schedules=counted(count, "schedule"),
        they="it goes" if count == 1 else "they go",
    )
