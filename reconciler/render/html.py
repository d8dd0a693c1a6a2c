"""Plans as one page for those who approve them: the week first, every field folded; readable on paper, on a phone, in the
dark, and without its script. What it says is decided here; `template` fills it in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from ..canonical import number
from ..findings import Severity
from ..model import Action, Change, JsonObject, Origin, Plan
from ..model.closed import ClosedDay
from ..phrases import counted, first_of
from ..week import effect_of, impact, read_week
from . import words
from .calendar_text import when_closed
from .drawing import Drawing, drawing
from .facets import facets
from .groups import FindingGroup, grouped
from .review import Gravity, ReviewRow, Verdict, hours_said, law_said, not_in_git, rows, summary, verdict
from .said import Said, body_said
from .template import filled_page

_FIELDS, _WEEKS = 1_500, 500
"""What a page holds of exact fields and of drawings, so that a phone still opens it at once."""
_Thing = TypeVar("_Thing")

_PLACES = 20
_ERRORS_OPEN = 5
"""Places that one finding names."""

_KINDS = {Verdict.REFUSED: "grave", Verdict.CAREFUL: "careful", Verdict.CHANGES: "", Verdict.NOTHING: "fine"}


def plans_html(plans: Sequence[Plan]) -> str:
    """One self-contained page of all plans; ends with a newline. What is left out of a large one is counted there, and is in
    the plan document."""
    reviews = [rows(plan) for plan in plans]
    campaigns = sorted({name for review in reviews for row in review for name in row.campaigns})
    fields, weeks = _Room(_FIELDS), _Room(_WEEKS)
    tenants = [
        _tenant(plan, review, f"t{number}", campaigns, fields, weeks)
        for number, (plan, review) in enumerate(zip(plans, reviews, strict=True), 1)
    ]
    return filled_page(
        title=f"Calling schedules: {first_of([plan.tenant or 'no tenant' for plan in plans], 5)}",
        facets=tuple(facets(tenants, campaigns)),
        tenants=tenants,
    )


class _Room:
    """How much of something still has room on the page, the gravest first."""

    def __init__(self, left: int) -> None:
        self._left = left

    def take(self, things: Iterable[_Thing]) -> tuple[_Thing, ...]:
        """As many of the things as there is room for."""
        taken = tuple(islice(things, self._left))
        self._left -= len(taken)
        return taken


def _tenant(
    plan: Plan, review: Sequence[ReviewRow], name: str, campaigns: Sequence[str], fields: _Room, weeks: _Room
) -> JsonObject:
    """One section of the page."""
    breaks = "grave" if _law_kind(plan) == "grave" else "careful"
    entries = []
    for place, row in enumerate(review, 1):
        own = [subject for subject in row.subjects if isinstance(subject, Change)]
        drawings = weeks.take(_drawings(row))
        shown = fields.take(_fields(own))
        entry = {
            **_row(row, own, plan, campaigns),
            "id": f"{name}-{place}",
            "drawings": drawings,
            "fields": shown,
            "more_fields": sum(len(change.fields) for change in own) - len(shown),
        }
        if any(drawing.outside for drawing in drawings) and not row.refuses:
            entry["kind"], entry["severity"] = breaks, "error" if breaks == "grave" else "warning"
            entry["why"] = entry["why"] or "calls outside the hours that the law allows"
        entries.append(entry)
    findings = [_finding(group, campaigns) for kind in grouped(plan.findings) for group in _apart(kind)]
    kind, sentence = verdict(plan, review)
    return {
        "id": name,
        "name": plan.tenant or "No tenant",
        "verdict": (_KINDS[kind], f"{sentence[:1].upper()}{sentence[1:]}"),
        "summary": " · ".join(summary(plan, review)),
        "state": f"{words.revision_words(plan)}; digest {(plan.digest or 'none').removeprefix('sha256:')[:12]}",
        "figures": tuple(_figures(plan)),
        "law": law_said(plan),
        "law_kind": _law_kind(plan),
        "closures": [_closure(day) for day in plan.closures],
        "rows": entries,
        "errors": [finding for finding in findings if finding["severity"] == "error"],
        "findings": [finding for finding in findings if finding["severity"] != "error"],
        "webhooks": plan.webhooks,
        "unmanaged": not_in_git(plan),
        "facts": tuple(_facts(plan)),
    }


def _row(row: ReviewRow, changes: Sequence[Change], plan: Plan, campaigns: Sequence[str]) -> JsonObject:
    """One row of the review."""
    subjects = row.subjects
    action = row.action.value if row.action else ("limit" if row.refuses else "leaves")
    careful = "careful" if row.gravity < Gravity.PENDING else ""
    each = " for each of them" if len(subjects) > 1 else ""
    final = any(row.said[:1] == (Said("", "", refusal.reason),) for refusal in plan.refusals if not refusal.liftable)
    origins = {str(change.origin or "none") for change in changes} or {"none"}
    return {
        "kind": "grave" if row.refuses else careful,
        "tag": _TAGS[row.gravity] if row.gravity is not Gravity.ASKED else _ACTIONS[action],
        "title": _title(row, plan),
        "where": _where(row),
        "why": row.why if not final else "refused, and --force does not lift it",
        "said": row.said,
        "hours": f"{hours_said(row.hours)}{each}" if row.hours is not None else "",
        "members": [f"{subject.name} ({subject.campaign_id})" for subject in subjects] if len(subjects) > 1 else (),
        "whole": body_said(changes[0].request.body) if len(changes) == 1 and row.action is Action.CREATE else (),
        "action": action,
        "origin": " ".join(sorted(origins)),
        "severity": "error" if row.refuses else ("warning" if careful else "none"),
        "campaign": " ".join(str(number) for number, name in enumerate(campaigns) if name in row.campaigns),
    }


_ACTIONS = {"create": "new", "update": "changed", "leaves": "leaves git", "limit": "refused"}
_TAGS = {
    Gravity.CONFLICT: "refused",
    Gravity.LIMIT: "refused",
    Gravity.REFUSED: "refused",
    Gravity.COMES_BACK: "comes back",
    Gravity.REVERTS: "reverts",
    Gravity.LEAVES: "leaves git",
    Gravity.PENDING: "pending",
    Gravity.CALENDAR: "calendar",
}


def _title(row: ReviewRow, plan: Plan) -> str:
    if not row.subjects:
        return f"all of {plan.tenant}"
    return row.subjects[0].name if len(row.subjects) == 1 else f"{len(row.subjects)} schedules"


def _where(row: ReviewRow) -> str:
    places = row.places
    at = f", {places[0].file}:{places[0].line}" if len(places) == 1 else ""
    return f"{first_of(row.campaigns, 3)}{at}"


def _drawings(row: ReviewRow) -> Iterator[Drawing]:
    """The different weeks of a row, each once."""
    drawn: dict[Drawing | None, None] = {}
    for subject in row.subjects:
        before, after, allowed = (
            (subject.before, subject.request.body, subject.allowed_hours)
            if isinstance(subject, Change)
            else (subject.body, subject.body, None)
        )
        week = read_week(after)
        if week is not None:
            drawn[drawing(read_week(before), week, allowed)] = None
    yield from filter(None, drawn)


def _fields(changes: Sequence[Change]) -> Iterator[JsonObject]:
    """The exact fields. Who asked is said where this revision did not, and the file where it is not the schedule's own."""
    for change in changes:
        own = change.source.file if change.source is not None else ""
        for field in change.fields:
            at = field.source
            place = "" if at is None else f"line {at.line}" if at.file == own else words.place(at)
            why = (
                words.origin_words(field.origin, asked_by=field.asked_by)
                if field.origin not in (None, Origin.CHANGE)
                else ""
            )
            yield {
                "schedule": change.name,
                "path": field.path,
                "note": ", ".join(filter(None, [place, why])),
                "live": words.value_words(field.live),
                "desired": words.value_words(field.desired),
            }


def _apart(group: FindingGroup) -> tuple[FindingGroup, ...]:
    """A few errors each by itself, for all of them must be read."""
    few = group.severity is Severity.ERROR and len(group.findings) <= _ERRORS_OPEN
    return group.each() if few else (group,)


def _finding(group: FindingGroup, campaigns: Sequence[str]) -> JsonObject:
    """Findings of one kind."""
    places = [words.place(finding.location) for finding in group.findings if finding.location is not None]
    return {
        "severity": group.severity.value,
        "code": group.code,
        "count": len(group.findings),
        "text": group.text,
        "names": first_of(group.names, _PLACES),
        "differ": group.differ,
        "others": [finding.message for finding in group.findings[1:]] if group.differ else (),
        "places": first_of(places, _PLACES),
        "known": group.new is False,
        "action": "finding",
        "origin": "none",
        "campaign": " ".join(
            str(number)
            for number, name in enumerate(campaigns)
            if any(f" of {name}: " in finding.message for finding in group.findings)
        ),
    }


def _figures(plan: Plan) -> Iterator[tuple[str, str, str]]:
    """Label, figure, note: what the changed schedules come to."""
    if not plan.changes:
        return
    total = impact([effect_of(change) for change in plan.changes])
    more = hours_said(round(total.desired_hours - total.live_hours, 2))
    yield "Schedules that change", str(len(plan.changes)), f"of {len(plan.changes) + plan.unchanged} in git"
    yield (
        "Their hours a week",
        f"{_both(f'{total.live_hours:g}', f'{total.desired_hours:g}')} h",
        more.removesuffix(" a week"),
    )
    if total.live_calls is not None and total.desired_calls is not None:
        gain = total.desired_calls - total.live_calls
        sides = _both(f"{total.live_calls:,}", f"{total.desired_calls:,}")
        yield "Their calls a week, at most", sides, f"{gain:+,}" if gain else "as before"


def _both(before: str, after: str) -> str:
    return after if before == after else f"{before} → {after}"


def _law_kind(plan: Plan) -> str:
    codes = {finding.code for finding in plan.findings}
    if "outside-calling-hours" in codes:
        return "grave"
    return "careful" if codes & {"outside-calling-hours-from", "exempt", "hours-not-checked"} else ""


def _closure(day: ClosedDay) -> tuple[str, str, str]:
    """When, why, and what it takes."""
    hours = f"{number(day.hours)} h of {counted(day.schedules, 'schedule')}"
    return when_closed(day), "; ".join(day.reasons), hours


def _facts(plan: Plan) -> Iterator[tuple[str, str]]:
    """What identifies the plan."""
    if plan.base_uri:
        yield "Base URI", plan.base_uri
    yield "Desired state", words.revision_words(plan)
    yield "Digest", plan.digest or words.NO_DIGEST
    for check in plan.safety:
        yield ("Safety limit" if check.passed else "Would be refused"), words.safety_words(check)
