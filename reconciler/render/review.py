"""What the readers of a plan see of it, in the order in which they must see it; every format for people is made of this.

May it be applied; what is dangerous, by schedule; what changes in hours and calls. Each change stands in a row with the
gravest thing that is true of it. Changes that say the same of several schedules are one row, so that 300 equal ones are read
as one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum

from ..canonical import number
from ..findings import Finding, Location, Severity
from ..model import Action, Change, Plan, SafetyCheck, Unmanaged
from ..phrases import counted
from ..week import impact, read_week
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


@dataclass(frozen=True, slots=True)
class Subject:
    """A schedule that a row is about."""

    name: str
    campaign_id: str
    schedule_id: str
    place: Location | None


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One line of a review: the schedules it is about (none for a limit), and what happens to each of them.

    `hours` are those that one of them gains or loses a week, None where that says nothing; `asked_by` begins the commit
    that asked for what is pending, where it is one and known.
    """

    gravity: Gravity
    action: Action | None
    subjects: tuple[Subject, ...]
    said: tuple[Said, ...]
    hours: float | None = None
    asked_by: str | None = None

    @property
    def why(self) -> str:
        """Why it is there; nothing where this revision asked for it."""
        words = _WHY[self.gravity]
        return (
            words
            if self.asked_by is None
            else words.replace("an earlier revision", f"the earlier revision {self.asked_by}")
        )

    @property
    def refuses(self) -> bool:
        """Whether an apply is refused because of it."""
        return self.gravity <= Gravity.REFUSED

    @property
    def moves_hours(self) -> bool:
        """Whether its hours say something: they do not where no window comes, goes or moves."""
        return bool(self.hours) or any(said.is_of_hours for said in self.said)

    @property
    def campaigns(self) -> tuple[str, ...]:
        """The campaigns of its schedules, sorted."""
        return tuple(sorted({subject.campaign_id for subject in self.subjects}))


def rows(plan: Plan) -> tuple[ReviewRow, ...]:
    """All that a plan would do, and why it would be refused, the gravest first, then by name."""
    gone = {finding.location for finding in plan.findings if finding.code == "recreated"}
    single = [*(_limit(check, plan) for check in plan.safety if not check.passed), *_released(plan)]
    single += [_refused(refusal.reason) for refusal in plan.refusals if not refusal.liftable]
    single += [_refused(finding.message) for finding in plan.findings if finding.code == "behind-base"]
    single += [_changed(change, gone) for change in plan.changes]
    alike: dict[tuple[object, ...], list[ReviewRow]] = {}
    for row in single:
        alike.setdefault((row.gravity, row.action, row.said, row.hours, row.asked_by), []).append(row)
    merged = (
        replace(first, subjects=tuple(row_subject for row in group for row_subject in row.subjects))
        for group in alike.values()
        for first in group[:1]
    )
    return tuple(sorted(merged, key=lambda row: row.gravity))


def _limit(check: SafetyCheck, plan: Plan) -> ReviewRow:
    actual, allowed = f"{number(check.actual):g}", f"{number(check.allowed):g}"
    match check.limit:
        case "maxChangedPercent":
            held = plan.count_action(Action.UPDATE) + plan.unchanged
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
    return ReviewRow(Gravity.LIMIT, None, (), (Said("", "", words),))


def _refused(reason: str) -> ReviewRow:
    return ReviewRow(Gravity.REFUSED, None, (), (Said("", "", reason),))


def _released(plan: Plan) -> Iterator[ReviewRow]:
    for schedule in plan.released:
        week = read_week(schedule.body)
        windows = windows_said(week) if week is not None else ()
        said = tuple(Said(line, "", "goes on dialing") for line in windows) or (Said("", "", "goes on dialing"),)
        subject = Subject(schedule.name, schedule.campaign_id, schedule.schedule_id, None)
        yield ReviewRow(Gravity.LEAVES, None, (subject,), said)


def not_in_git(plan: Plan) -> tuple[Unmanaged, ...]:
    """The schedules that git does not name, without those of which a row says that they leave it."""
    leaving = {(schedule.campaign_id, schedule.schedule_id) for schedule in plan.released}
    return tuple(one for one in plan.unmanaged if (one.campaign_id, one.schedule_id) not in leaving)


def _changed(change: Change, gone: set[Location | None]) -> ReviewRow:
    effect = impact([change])
    subject = Subject(change.name, change.campaign_id, change.schedule_id, change.source)
    hours = round(effect.desired_hours - effect.live_hours, 2)
    gravity = _gravity(change, gone)
    asked_by = _asked_by(change) if gravity is Gravity.PENDING else None
    return ReviewRow(gravity, change.action, (subject,), changes_said(change), hours, asked_by)


def _asked_by(change: Change) -> str | None:
    commits = {change.asked_by, *(field.asked_by for field in change.fields)} - {None}
    commit = commits.pop() if len(commits) == 1 else None
    return commit[:12] if commit and commit.isascii() and commit.isalnum() else None  # a saved plan may say anything


def _gravity(change: Change, gone: set[Location | None]) -> Gravity:
    gravity = _OF_ORIGIN.get(str(change.origin), Gravity.ASKED)
    back = change.source in gone and change.source is not None
    if change.action is Action.CREATE and gravity is not Gravity.CONFLICT and (back or gravity is Gravity.REVERTS):
        return Gravity.COMES_BACK
    return gravity


def unasked(row: ReviewRow) -> bool:
    """Whether neither this revision nor the calendar asked for it, and it is written all the same."""
    return row.action is not None and row.gravity < Gravity.CALENDAR


class Verdict(StrEnum):
    """Whether a plan may be applied: `REFUSED`, `CAREFUL` where it does more than this revision asked for, `CHANGES`, or
    `NOTHING` to do."""

    REFUSED = "refused"
    CAREFUL = "careful"
    CHANGES = "changes"
    NOTHING = "nothing"


def verdict(plan: Plan, ordered: Sequence[ReviewRow], *, apply: str = "apply") -> tuple[Verdict, str]:
    """The first words of a review, with what they mean; `apply` is what would be refused, such as `merge`."""
    errors = errors_said(plan.findings)
    if errors:
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


def summary(plan: Plan, ordered: Sequence[ReviewRow], *, who: str = "this revision") -> tuple[str, ...]:
    """`2 blockers`, `3 schedules change that this revision did not ask for`, `2 by the calendar`, `3 asked for`,
    `dialing +5 h a week`; without what is zero."""
    blockers = sum(max(1, len(row.subjects)) for row in ordered if row.refuses)
    other = sum(len(row.subjects) for row in ordered if unasked(row) and not row.refuses)
    leaving = sum(len(row.subjects) for row in ordered if row.gravity is Gravity.LEAVES)
    dated = sum(len(row.subjects) for row in ordered if row.gravity is Gravity.CALENDAR)
    asked = sum(len(row.subjects) for row in ordered if row.gravity is Gravity.ASKED)
    dialing = dialing_said(plan)
    parts = (
        counted(blockers, "blocker") if blockers else "",
        f"{counted(other, 'schedule changes', 'schedules change')} that {who} did not ask for" if other else "",
        f"{counted(leaving, 'schedule leaves', 'schedules leave')} git" if leaving else "",
        f"{dated} by the calendar" if dated else "",
        f"{asked} asked for" if asked and (blockers or other or leaving or dated) else "",
        f"dialing {dialing}" if dialing else "",
    )
    return tuple(filter(None, parts))


_ERRORS = {
    "outside-calling-hours": ("window would call at an illegal hour", "windows would call at an illegal hour"),
    "window-overlap": ("window overlaps another", "windows overlap others"),
    "window-order": ("window ends before it starts", "windows end before they start"),
    "schema": ("value of a file is wrong", "values of files are wrong"),
    "yaml-syntax": ("file cannot be read", "files cannot be read"),
    "duplicate-schedule": ("schedule is there twice", "schedules are there twice"),
    "ambiguous-name": ("name means several schedules", "names mean several schedules"),
    "campaign-not-found": ("campaign is not in CXone", "campaigns are not in CXone"),
    "campaign-unreadable": ("campaign could not be read in CXone", "campaigns could not be read in CXone"),
    "unknown-timezone": ("time zone is not known", "time zones are not known"),
    "unknown-jurisdiction": ("jurisdiction is not known", "jurisdictions are not known"),
    "missing-jurisdictions": ("schedule does not say whom it calls", "schedules do not say whom they call"),
    "capacity-exceeded": (
        "schedule asks for more calls than the agents can take",
        "schedules ask for more calls than the agents can take",
    ),
    "licensed-capacity-exceeded": ("cap is above what is licensed", "caps are above what is licensed"),
    "no-schedules": ("folder holds no schedules", "folders hold no schedules"),
    "file-unreadable": ("file cannot be read", "files cannot be read"),
    "admin-unsupported": ("value that the Admin API cannot carry", "values that the Admin API cannot carry"),
    "skill-not-usable": ("skill cannot be used", "skills cannot be used"),
    "closed-week": ("schedule is closed for a whole week", "schedules are closed for a whole week"),
    "tenant-name": ("tenant has a name that cannot be used", "tenants have names that cannot be used"),
    "policy": ("schedule breaks a policy of the company", "schedules break a policy of the company"),
}
"""What errors of a code mean, one and several."""


def errors_said(findings: Iterable[Finding]) -> tuple[str, ...]:
    """What the errors mean, the most frequent first: `2 windows would call at an illegal hour`."""
    counts: dict[str, int] = {}
    for finding in findings:
        if finding.severity is Severity.ERROR:
            counts[finding.code] = counts.get(finding.code, 0) + 1
    ordered = sorted(counts.items(), key=lambda item: (item[0] not in _ERRORS, -item[1], item[0]))
    return tuple(counted(count, *_ERRORS.get(code, (f"error {code}", f"errors {code}"))) for code, count in ordered)


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


def dialing_said(plan: Plan) -> str:
    """What all changes together do to the dialing: `+5 h a week, up to +1500 calls`; "" where that is nothing."""
    total = impact(plan.changes)
    hours = round(total.desired_hours - total.live_hours, 2)
    parts = [hours_said(hours)] if hours else []
    if total.live_calls is not None and total.desired_calls is not None and total.desired_calls != total.live_calls:
        more = total.desired_calls - total.live_calls
        parts.append(f"{'+' if more > 0 else '−'}{abs(more):,} calls a week")
    return ", ".join(parts)


def hours_said(hours: float | None) -> str:
    """`+5 h a week`, `±0 h`; nothing where hours say nothing."""
    if hours is None:
        return ""
    return "±0 h" if not hours else f"{'+' if hours > 0 else '−'}{abs(hours):g} h a week"


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """Findings of one code and severity, of which this revision brought all or none (`new`, None where that is not known).

    `text` is what the first says, without whose it is; `differ` whether others say something else; `names` are the schedules.
    """

    severity: Severity
    code: str
    new: bool | None
    text: str
    differ: bool
    names: tuple[str, ...]
    findings: tuple[Finding, ...]

    def each(self) -> tuple[FindingGroup, ...]:
        """Its findings by themselves, those that say the same of several schedules together."""
        alike: dict[str, list[Finding]] = {}
        for finding in self.findings:
            alike.setdefault(whose(finding.message)[1], []).append(finding)
        return tuple(map(_finding_group, alike.values()))


_OWN_ROWS = frozenset({"behind-base", "recreated", "released"})
"""Said in the row of the schedule."""

_WHOSE = re.compile(
    r"""(?:"(?P<name>.*?)" of (?P<campaign>\S+): |schedule '(?P<other>.*?)' of \S+ )(?P<text>.*)""", re.DOTALL
)
_ORDER = list(Severity)


def grouped(findings: Iterable[Finding], *, all_kinds: bool = False) -> tuple[FindingGroup, ...]:
    """The findings by what they say: errors first, what this revision brought before what was there, then by code. What
    the rows of the schedules say is left out, unless `all_kinds` are asked for."""
    kinds: dict[tuple[int, bool, str], list[Finding]] = {}
    for finding in findings:
        if all_kinds or finding.code not in _OWN_ROWS:
            key = _ORDER.index(finding.severity), finding.new is False, finding.code
            kinds.setdefault(key, []).append(finding)
    return tuple(_finding_group(kinds[key]) for key in sorted(kinds))


def _finding_group(findings: Sequence[Finding]) -> FindingGroup:
    first = findings[0]
    said = [whose(finding.message) for finding in findings]
    names = dict.fromkeys(name for name, _ in said if name)
    new = None if first.new is None else first.new
    differ = len({text for _, text in said}) > 1
    return FindingGroup(first.severity, first.code, new, said[0][1], differ, tuple(names), tuple(findings))


def whose(message: str) -> tuple[str, str]:
    """The name of the schedule that a message is about ("" where it names none), and what it says of it."""
    match = _WHOSE.fullmatch(message)
    return (match["name"] or match["other"] or "", match["text"]) if match is not None else ("", message)
