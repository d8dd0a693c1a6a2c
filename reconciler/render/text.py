"""Plans and findings for terminals and logs: the gravest first, each change in words of the week, what it comes to last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap

from ..findings import Finding
from ..model import Action, Change, FieldChange, Origin, Plan
from ..phrases import counted, first_of
from . import words
from .escape import github_message, github_property, visible
from .review import Gravity, ReviewRow, Verdict, hours_said, law_said, next_step, not_in_git, rows, summary, verdict
from .said import Said, body_said
from .screen import PLAIN, SEVERITY_TONES, Screen, Tone
from .strips import strip_lines

_VERDICT_TONES = {
    Verdict.REFUSED: Tone.GRAVE,
    Verdict.CAREFUL: Tone.CHANGED,
    Verdict.CHANGES: Tone.TITLE,
    Verdict.NOTHING: Tone.ADDED,
}
_NAMED = 5


def plans_text(plans: Sequence[Plan], screen: Screen = PLAIN) -> str:
    """One block a tenant, and a line over all of them where they are several; ends with a newline."""
    blocks = ["\n".join(_plan_lines(plan, screen)) for plan in plans]
    if len(plans) != 1:
        blocks.append(screen.paint(f"{counted(len(plans), 'tenant')}. {words.plan_summary(plans)}", Tone.TITLE))
    return screen.spelled("\n\n".join(blocks) + "\n")


def findings_text(findings: Sequence[Finding], files: int, schedules: int, screen: Screen = PLAIN) -> str:
    """What was found, and how much was read on the last line."""
    lines = findings_lines(findings, screen)
    return screen.spelled("\n".join([*lines, screen.paint(_read(findings, files, schedules), Tone.TITLE)]) + "\n")


def findings_lines(findings: Sequence[Finding], screen: Screen, tenant: str | None = None) -> Iterator[str]:
    """Findings with the lines of the files on a screen that has them, elsewhere a line each; `tenant` is whose they are,
    where they are of one."""
    if screen.line_of is not None:
        from .frames import framed_findings  # late: pipes and logs have no frames

        yield from framed_findings(findings, screen, tenant)
        return
    for finding in findings:
        line = visible(words.finding_line(finding, tenant))
        before, mark, after = line.partition(f"{finding.severity}: ")
        yield f"{before}{screen.paint(mark, SEVERITY_TONES[finding.severity])}{after}"


def _plan_lines(plan: Plan, screen: Screen) -> Iterator[str]:
    ordered = rows(plan)
    kind, told = verdict(plan, ordered)
    name = f"Tenant {plan.tenant}" if plan.tenant else "No tenant"
    yield f"{screen.paint(visible(name), Tone.TITLE)}  {visible(plan.base_uri)}".rstrip()
    yield visible(words.revision_words(plan))
    for row in ordered:
        yield ""
        yield from _row(row, screen)
    if plan.webhooks:
        yield ""
        for webhook in plan.webhooks:
            line = f"{words.id_words(webhook.name)}  {webhook.url}"
            yield f"{screen.paint('+ register webhook', Tone.ADDED)}  {visible(line)}"
    if strangers := not_in_git(plan):
        yield ""
        yield "Not in git, left as they are:"
        for schedule in strangers:
            line = f"{words.id_words(schedule.campaign_id)}  {words.in_quotes(schedule.name)}  {words.id_words(schedule.schedule_id)}"
            yield f"  ? {visible(line)}"
    if plan.closures:
        from .calendar_text import closed_day_words  # late: many plans have none

        yield ""
        yield "Closed in the next four weeks:"
        yield from (f"  {visible(closed_day_words(day))}" for day in plan.closures)
    if plan.findings:
        yield ""
        yield from findings_lines(plan.findings, screen, plan.tenant)
    if screen.line_of is None or not plan.findings:
        yield ""
    yield from _verdict(plan, ordered, kind, told, screen)


_MARKS = {Action.CREATE: ("+ create", Tone.ADDED), Action.UPDATE: ("~ update", Tone.CHANGED)}


def _row(row: ReviewRow, screen: Screen) -> Iterator[str]:
    mark, tone = _MARKS[row.action] if row.action is not None else ("!", Tone.CHANGED)
    tone = Tone.GRAVE if row.refuses else tone
    yield f"{screen.paint(mark, tone)}  {_who(row, screen)}"
    if row.why:
        yield f"    {screen.paint(row.why, Tone.GRAVE if row.refuses else Tone.CHANGED)}"
    each = " each" if len(row.subjects) > 1 else ""
    last = max((number for number, said in enumerate(row.said) if said.is_of_hours), default=len(row.said) - 1)
    for number, said in enumerate(row.said):
        tail = f"  ({hours_said(row.hours)}{each})" if row.hours is not None and number == last else ""
        yield f"    {_said(said, row, screen)}{tail}"
    changes = [subject for subject in row.subjects if isinstance(subject, Change)]
    for change in changes[:1]:
        yield from (f"    {line}" for line in strip_lines(change, screen))
    for change in changes if screen.verbose else ():
        ids = f"{words.id_words(change.campaign_id)} id {words.id_words(change.schedule_id)}"
        yield f"    {screen.paint(visible(ids), Tone.QUIET)}"
        fields = (
            map(visible, body_said(change.request.body))
            if change.action is Action.CREATE
            else (_field(field, screen) for field in change.fields)
        )
        yield from (f"      {line}" for line in fields)


def _who(row: ReviewRow, screen: Screen) -> str:
    if not row.subjects:
        return "the whole tenant"
    if len(row.subjects) > 1:
        most = len(row.subjects) if screen.verbose else _NAMED
        names = first_of([words.in_quotes(subject.name) for subject in row.subjects], most)
        campaigns = first_of([words.id_words(campaign) for campaign in row.campaigns], most)
        return visible(f"{counted(len(row.subjects), 'schedule')} of {campaigns}: {names}")
    subject = row.subjects[0]
    at = "".join(f"  {screen.paint(visible(words.place(place)), Tone.QUIET)}" for place in row.places)
    return f"{visible(words.id_words(subject.campaign_id))}  {visible(words.in_quotes(subject.name))}{at}"


def _said(said: Said, row: ReviewRow, screen: Screen) -> str:
    before, after = visible(said.before), visible(said.after)
    if said.before and said.after:
        sides = f"{screen.paint(before, Tone.REMOVED)} → {screen.paint(after, Tone.ADDED)}"
    elif said.before:
        sides = f"{screen.paint(before, Tone.REMOVED)} → nothing"
    elif row.action is Action.UPDATE:
        sides = f"nothing → {screen.paint(after, Tone.ADDED)}"
    else:
        sides = f"{screen.paint(after, Tone.ADDED if row.action is not None else Tone.CHANGED)}"
    others = f" ({visible(', '.join(said.others))})" if said.others else ""
    start = "nothing →" if row.gravity is Gravity.COMES_BACK and not said.what else ""
    return " ".join(part for part in (start, visible(said.what), sides, visible(said.note)) if part) + others


def _field(field: FieldChange, screen: Screen) -> str:
    sides = f"{words.value_words(field.live)} → {words.value_words(field.desired)}"
    parts = [visible(f"{field.path}: {sides}")]
    if field.origin is not None:
        tones = {Origin.DRIFT: Tone.CHANGED, Origin.CONFLICT: Tone.GRAVE}
        parts.append(
            f"[{screen.paint(words.origin_words(field.origin, asked_by=field.asked_by), tones.get(field.origin, Tone.NOTE))}]"
        )
    if field.source is not None:
        parts.append(screen.paint(visible(words.place(field.source)), Tone.QUIET))
    return "  ".join(parts)


def _verdict(plan: Plan, ordered: Sequence[ReviewRow], kind: Verdict, told: str, screen: Screen) -> Iterator[str]:
    for check in plan.safety:
        if check.passed:
            yield visible(f"Safety: {words.safety_words(check)}.")
    if law := law_said(plan):
        yield from _lines(law, screen)
    yield visible(f"Digest: {plan.digest or words.NO_DIGEST}")
    if not (plan.changes or plan.webhooks or plan.summary["errors"]):
        yield screen.paint("No changes.", Tone.ADDED)
    elif kind is Verdict.REFUSED:
        yield from (screen.paint(line, Tone.GRAVE) for line in _lines(_refusal(plan, ordered, told), screen))
        if step := next_step(plan, ordered):
            yield from _lines(step, screen)
    if parts := summary(plan, ordered):
        yield from (screen.paint(line, _VERDICT_TONES[kind]) for line in _lines(" · ".join(parts), screen))
    yield screen.paint(words.plan_summary([plan]), Tone.TITLE)


def _lines(text: str, screen: Screen) -> list[str]:
    """Text that ends its lines between words on a terminal, and is one line elsewhere."""
    shown = visible(text)
    return [shown] if screen.line_of is None else wrap(shown, screen.width, break_on_hyphens=False)


def _refusal(plan: Plan, ordered: Sequence[ReviewRow], told: str) -> str:
    if plan.summary["errors"]:
        return f"This plan cannot be applied: {told}."
    names = [subject.name for row in ordered if row.gravity is Gravity.CONFLICT for subject in row.subjects]
    reasons = [f"conflict in {first_of([words.in_quotes(name) for name in names], _NAMED)}"] if names else []
    reasons += [said.after for row in ordered if row.gravity is Gravity.LIMIT for said in row.said]
    reasons += [said.after for row in ordered if row.gravity is Gravity.REFUSED for said in row.said]
    return f"Would be refused: {'; '.join(reasons)}."


def findings_annotations(findings: Sequence[Finding], files: int, schedules: int) -> str:
    """Findings as GitHub workflow commands: each becomes an annotation at its line of the pull request. The plain last
    line says what was read and found."""
    return "\n".join([*map(_annotation, findings), _read(findings, files, schedules)]) + "\n"


def _read(findings: Sequence[Finding], files: int, schedules: int) -> str:
    return f"{counted(files, 'file')}, {counted(schedules, 'schedule')}: {words.severities(findings) or 'nothing is wrong'}."


def _annotation(finding: Finding) -> str:
    properties = []
    if finding.location is not None:
        place = finding.location
        properties = [f"file={github_property(place.file)}", f"line={place.line}", f"col={place.column}"]
    properties.append(f"title={github_property(finding.code)}")
    return f"::{finding.severity} {','.join(properties)}::{github_message(finding.message)}"
