"""What the readers of a plan see of it, in the order in which they must see it; every format for people is made of this.

May it be applied; what is dangerous, by schedule; what changes in hours and calls. Each change stands in a row with the
gravest thing that is true of it. Changes that say the same of several schedules are one row, so that 300 equal ones are read
as one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from enum import IntEnum, StrEnum
from itertools import chain
from typing import NamedTuple

from ..canonical import number
from ..findings import Location
from ..model import Action, Change, Plan, Released, SafetyCheck, Unmanaged
from ..phrases import counted, listing
from ..week import effect_of, impact, read_week
from .said import Said, changes_said, windows_said
from .words import safety_words


class Gravity(IntEnum):
    """What is true of a row, the gravest first. An apply is refused because of the first three."""

    CONFLICT = 0
    LIMIT = 1
    REFUSED = 2
    COMES_BACK = 3
    REVERTS = 4
    LEAVES = 5
    PENDING = 6
    CALENDAR = 7
    ASKED = 8


_WHY = {
    Gravity.CONFLICT: "conflict: somebody changed it in CXone since the last apply",
    Gravity.LIMIT: "safety limit",
    Gravity.REFUSED: "refused",
    Gravity.COMES_BACK: "comes back: deleted in CXone, perhaps to stop dialing",
    Gravity.REVERTS: "reverts an edit made in CXone",
    Gravity.LEAVES: "leaves git: stop it in the console",
    Gravity.PENDING: "pending: asked for by an earlier revision, not applied yet",
    Gravity.CALENDAR: "by the calendar: the date of a closure",
    Gravity.ASKED: "",
}

_OF_ORIGIN = {
    "conflict": Gravity.CONFLICT,
    "drift": Gravity.REVERTS,
    "pending": Gravity.PENDING,
    "calendar": Gravity.CALENDAR,
}


class ReviewRow(NamedTuple):
    """One line of a review: the schedules it is about (none for a limit), and what happens to each of them.

    `why` says why it is there, nothing where this revision asked for it. `hours` are those that one of the schedules gains
    or loses a week, None where no window comes, goes or moves.
    """

    gravity: Gravity
    action: Action | None
    subjects: tuple[Change | Released, ...]
    said: tuple[Said, ...]
    why: str
    hours: float | None = None

    @property
    def refuses(self) -> bool:
        """Whether an apply is refused because of it."""
        return self.gravity <= Gravity.REFUSED

    @property
    def campaigns(self) -> tuple[str, ...]:
        """The campaigns of its schedules, sorted."""
        return tuple(sorted({subject.campaign_id for subject in self.subjects}))

    @property
    def places(self) -> tuple[Location, ...]:
        """Where the files have its schedules."""
        sources = (subject.source for subject in self.subjects if isinstance(subject, Change))
        return tuple(source for source in sources if source is not None)


def rows(plan: Plan) -> tuple[ReviewRow, ...]:
    """All that a plan would do, and why it would be refused, the gravest first, then by name."""
    gone = {finding.location for finding in plan.findings if finding.code == "recreated"}
    reasons = [refusal.reason for refusal in plan.refusals if not refusal.liftable]
    reasons += [finding.message for finding in plan.findings if finding.code == "behind-base"]
    broken = (check for check in plan.safety if not check.passed and not plan.is_of_a_part(check))
    single = [_limit(check, plan) for check in broken]
    single += [_goes_on(schedule) for schedule in plan.released]
    single += [_of_tenant(Gravity.REFUSED, reason) for reason in reasons]
    single += [_changed(change, gone) for change in plan.changes]
    alike: dict[ReviewRow, list[ReviewRow]] = {}
    for row in single:
        alike.setdefault(row._replace(subjects=()), []).append(row)
    merged = (row._replace(subjects=tuple(chain(*(one.subjects for one in group)))) for row, group in alike.items())
    return tuple(sorted(merged, key=lambda row: row.gravity))


def _limit(check: SafetyCheck, plan: Plan) -> ReviewRow:
    actual, allowed = f"{number(check.actual):g}", f"{number(check.allowed):g}"
    match check.limit:
        case "maxChangedPercent":
            held = plan.summary["update"] + plan.unchanged
            changed = round(check.actual * held / 100)
            words = f"{changed} of {held} live schedules would be rewritten (limit {allowed} %)"
            if changed > held:  # those that somebody deleted are not live
                words = f"{changed} schedules would be rewritten or come back, {held} are live (limit {allowed} %)"
        case "maxChanges":
            words = f"{counted(int(check.actual), 'change')} (limit {allowed})"
        case "maxAddedDialingHours":
            words = f"{actual} h of dialing a week would be added (limit {allowed} h)"
        case _:
            words = safety_words(check)
    return _of_tenant(Gravity.LIMIT, words)


def _of_tenant(gravity: Gravity, words: str) -> ReviewRow:
    return ReviewRow(gravity, None, (), (Said("", "", words),), _WHY[gravity])


def _goes_on(schedule: Released) -> ReviewRow:
    week = read_week(schedule.body)
    windows = windows_said(week) if week is not None else ()
    said = tuple(Said(line, "", "goes on dialing") for line in windows) or (Said("", "", "goes on dialing"),)
    return ReviewRow(Gravity.LEAVES, None, (schedule,), said, _WHY[Gravity.LEAVES])


def not_in_git(plan: Plan) -> tuple[Unmanaged, ...]:
    """The schedules that git does not name, without those of which a row says that they leave it."""
    leaving = {(schedule.campaign_id, schedule.schedule_id) for schedule in plan.released}
    return tuple(one for one in plan.unmanaged if (one.campaign_id, one.schedule_id) not in leaving)


def _changed(change: Change, gone: set[Location | None]) -> ReviewRow:
    effect, said = effect_of(change), changes_said(change)
    gravity = _OF_ORIGIN.get(str(change.origin), Gravity.ASKED)
    back = gravity is Gravity.REVERTS or (change.source is not None and change.source in gone)
    if change.action is Action.CREATE and back and gravity is not Gravity.CONFLICT:
        gravity = Gravity.COMES_BACK
    why = _WHY[gravity]
    if gravity is Gravity.PENDING and (commit := _asked_by(change)) is not None:
        why = why.replace("an earlier revision", f"the earlier revision {commit}")
    hours = round((sum(effect.will) - sum(effect.was)) / 3600, 2)
    moves = hours or any(sentence.is_of_hours for sentence in said)
    return ReviewRow(gravity, change.action, (change,), said, why, hours if moves else None)


def _asked_by(change: Change) -> str | None:
    commits = {change.asked_by, *(field.asked_by for field in change.fields)} - {None}
    commit = commits.pop() if len(commits) == 1 else None
    return commit[:12] if commit and commit.isascii() and commit.isalnum() else None  # a saved plan may say anything


class Verdict(StrEnum):
    """Whether a plan may be applied: `REFUSED`, `CAREFUL` where it does more than this revision asked for, `CHANGES`, or
    `NOTHING` to do."""

    REFUSED = "refused"
    CAREFUL = "careful"
    CHANGES = "changes"
    NOTHING = "nothing"


def verdict(plan: Plan, ordered: Sequence[ReviewRow], *, apply: str = "apply") -> tuple[Verdict, str]:
    """The first words of a review, with what they mean; `apply` is what would be refused, such as `merge`."""
    if plan.summary["errors"]:
        from .groups import errors_said  # late: few plans have errors

        errors = errors_said(plan.findings)
        return Verdict.REFUSED, "; ".join(errors[:2]) + (" and more" if len(errors) > 2 else "")
    if plan.refusals or any(row.refuses for row in ordered):
        return Verdict.REFUSED, f"this {apply} would be refused"
    careful = any(row.gravity < Gravity.CALENDAR for row in ordered)
    if plan.changes:
        words = f"{counted(len(plan.changes), 'schedule')} would change"
        return Verdict.CAREFUL if careful else Verdict.CHANGES, words
    if plan.webhooks:
        return Verdict.CHANGES, f"{counted(len(plan.webhooks), 'webhook')} to register"
    return Verdict.CAREFUL if careful else Verdict.NOTHING, "no schedule changes"


def next_step(plan: Plan, ordered: Sequence[ReviewRow]) -> str:
    """What to do about a plan that would be refused; "" where the reasons say that themselves."""
    if plan.summary["errors"]:
        return (
            "What to do: correct what the errors name, and plan again. `reconciler explain CODE` says more about each."
        )
    gravities = {row.gravity for row in ordered}
    steps = []
    if Gravity.CONFLICT in gravities:
        steps.append("take what somebody set in CXone into git (`reconciler import --update`)")
    if Gravity.LIMIT in gravities:
        steps.append("raise the limit in tenant.yaml")
    if all(refusal.liftable for refusal in plan.refusals):
        steps.append("apply by hand with a reason (--force REASON)")
    return f"What to do: {listing(steps, last='or')}." if steps else ""


def summary(plan: Plan, ordered: Sequence[ReviewRow], *, who: str = "this revision") -> tuple[str, ...]:
    """`2 blockers`, `3 schedules change that this revision did not ask for`, `2 by the calendar`, `3 asked for`,
    `dialing +5 h a week, +1,500 calls a week`; without what is zero."""
    blockers = sum(max(1, len(row.subjects)) for row in ordered if row.refuses)
    # Written though neither this revision nor the calendar asks for it.
    unasked = (row for row in ordered if row.action is not None and row.gravity < Gravity.CALENDAR and not row.refuses)
    other = sum(len(row.subjects) for row in unasked)
    leaving = sum(len(row.subjects) for row in ordered if row.gravity is Gravity.LEAVES)
    dated = sum(len(row.subjects) for row in ordered if row.gravity is Gravity.CALENDAR)
    asked = sum(len(row.subjects) for row in ordered if row.gravity is Gravity.ASKED)
    total = impact([effect_of(change) for change in plan.changes])
    hours = round(total.desired_hours - total.live_hours, 2)
    dialing = [hours_said(hours)] if hours else []
    if total.live_calls is not None and total.desired_calls is not None and total.desired_calls != total.live_calls:
        more = total.desired_calls - total.live_calls
        dialing.append(f"{'+' if more > 0 else '−'}{abs(more):,} calls a week")
    parts = (
        counted(blockers, "blocker") if blockers else "",
        f"{counted(other, 'schedule changes', 'schedules change')} that {who} did not ask for" if other else "",
        f"{counted(leaving, 'schedule leaves', 'schedules leave')} git" if leaving else "",
        f"{dated} by the calendar" if dated else "",
        f"{asked} asked for" if asked and (blockers or other or leaving or dated) else "",
        f"dialing {', '.join(dialing)}" if dialing else "",
        *(_share(check) for check in plan.safety if not check.passed and plan.is_of_a_part(check)),
    )
    return tuple(filter(None, parts))


def _share(check: SafetyCheck) -> str:
    return f"{number(check.actual)} % of the schedules that were read change: an apply holds the share of all against {number(check.allowed)} %"


def law_said(plan: Plan) -> str:
    """What was held against the calling hours of the law, and what came of it; "" where nothing was."""
    law = plan.calling_hours
    if law is None:
        return ""
    codes = Counter(finding.code for finding in plan.findings)
    names = ", ".join(rule.removeprefix("US-") for rule in law.rules) or "no rule"
    broken = codes["outside-calling-hours"]
    outcome = f"{counted(broken, 'window')} {'breaks' if broken == 1 else 'break'} them" if broken else "none broken"
    rest = [
        (codes["outside-calling-hours-from"], "broken from a later date"),
        (codes["exempt"], "exempt"),
        (codes["hours-not-checked"], "not checked"),
    ]
    tail = "".join(f" {count} {words}." for count, words in rest if count)
    return f"Calling hours: {counted(law.schedules, 'schedule')} held against {names} (rule data {law.rule_data}); {outcome}.{tail}"


def hours_said(hours: float) -> str:
    """`+5 h a week`, `±0 h`."""
    return "±0 h" if not hours else f"{'+' if hours > 0 else '−'}{abs(hours):g} h a week"
