"""Plans and findings for terminals and logs: what would happen on top, what it comes to on the last line.

Color repeats what the words say: a reader without color misses nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum

from ..findings import Finding, Severity
from ..model import Action, Change, FieldChange, Origin, Plan
from ..phrases import counted
from . import words
from .escape import github_message, github_property, visible
from .risks import risks


class Tone(StrEnum):
    """What a piece of text is; the value is its ANSI SGR code (ECMA-48, 8.3.117)."""

    TITLE = "1"
    QUIET = "2"
    GRAVE = "1;31"
    ADDED = "32"
    CHANGED = "33"
    NOTE = "36"


Style = Callable[[str, Tone], str]

_SEVERITY_TONES = {Severity.ERROR: Tone.GRAVE, Severity.WARNING: Tone.CHANGED, Severity.NOTICE: Tone.NOTE}


def style(color: bool) -> Style:
    """A function that gives a text its tone, or leaves it as it is."""
    return (lambda text, tone: f"\x1b[{tone}m{text}\x1b[0m") if color else (lambda text, _tone: text)


_ACTION_MARKS = {Action.CREATE: ("+", Tone.ADDED), Action.UPDATE: ("~", Tone.CHANGED)}


def plans_text(plans: Sequence[Plan], *, color: bool = False) -> str:
    """One block a tenant, and a line over all of them where they are several; ends with a newline."""
    tone = style(color)
    blocks = ["\n".join(_plan_lines(plan, tone)) for plan in plans]
    if len(plans) != 1:
        blocks.append(tone(f"{counted(len(plans), 'tenant')}. {words.plan_summary(plans)}", Tone.TITLE))
    return "\n\n".join(blocks) + "\n"


def findings_text(findings: Sequence[Finding], files: int, schedules: int, *, color: bool = False) -> str:
    """One line a finding, and what was read and found on the last line."""
    tone = style(color)
    lines = [_finding(finding, None, tone) for finding in findings]
    return "\n".join([*lines, tone(_read(findings, files, schedules), Tone.TITLE)]) + "\n"


def _plan_lines(plan: Plan, tone: Style) -> Iterator[str]:
    if plan.tenant:
        yield f"{tone(visible(f'Tenant {plan.tenant}'), Tone.TITLE)}  {visible(plan.base_uri)}"
    else:
        yield tone("No tenant", Tone.TITLE)
    yield visible(words.revision_words(plan))
    for change in plan.changes:
        yield ""
        yield from _change(change, tone)
    yield from _beside(plan, tone)
    if plan.findings:
        yield ""
        yield from (_finding(finding, plan.tenant, tone) for finding in plan.findings)
    yield ""
    yield from _verdict(plan, tone)


def _change(change: Change, tone: Style) -> Iterator[str]:
    mark, color = _ACTION_MARKS[change.action]
    campaign, name = words.id_words(change.campaign_id), words.in_quotes(change.name)
    yield f"{tone(f'{mark} {change.action}', color)}  {visible(f'{campaign}  {name}')}"
    at = f"  {words.place(change.source)}" if change.source is not None else ""
    yield f"    {tone(visible(f'id {words.id_words(change.schedule_id)}{at}'), Tone.QUIET)}"
    if change.action is Action.CREATE:
        if change.origin is not None:
            yield f"    {_origin(change.origin, change.action, change.asked_by, tone)}"
        yield from (f"    {visible(line)}" for line in words.create_lines(change))
    else:
        yield from (f"    {_field(field, tone)}" for field in change.fields)


def _field(field: FieldChange, tone: Style) -> str:
    sides = f"{words.value_words(field.live)} → {words.value_words(field.desired)}"
    parts = [visible(f"{field.path}: {sides}")]
    if field.origin is not None:
        parts.append(f"[{_origin(field.origin, Action.UPDATE, field.asked_by, tone)}]")
    if field.source is not None:
        parts.append(tone(visible(words.place(field.source)), Tone.QUIET))
    return "  ".join(parts)


def _origin(origin: Origin, action: Action, asked_by: str | None, tone: Style) -> str:
    tones = {Origin.DRIFT: Tone.CHANGED, Origin.CONFLICT: Tone.GRAVE}
    return tone(words.origin_words(origin, action, asked_by), tones.get(origin, Tone.NOTE))


def _beside(plan: Plan, tone: Style) -> Iterator[str]:
    if plan.webhooks:
        yield ""
        for webhook in plan.webhooks:
            line = f"{words.id_words(webhook.name)}  {webhook.url}"
            yield f"{tone('+ register webhook', Tone.ADDED)}  {visible(line)}"
    if plan.unmanaged:
        yield ""
        yield "Unmanaged: live in CXone, not named in git, left as they are"
        for schedule in plan.unmanaged:
            line = f"{words.id_words(schedule.campaign_id)}  {words.in_quotes(schedule.name)}  {words.id_words(schedule.schedule_id)}"
            yield f"  ? {visible(line)}"


def _finding(finding: Finding, tenant: str | None, tone: Style) -> str:
    line = visible(words.finding_line(finding, tenant))
    mark = f"{finding.severity}: "
    before, shown, after = line.partition(mark)
    return f"{before}{tone(shown, _SEVERITY_TONES[finding.severity])}{after}"


def _verdict(plan: Plan, tone: Style) -> Iterator[str]:
    for check in plan.safety:
        if check.passed:
            yield visible(f"Safety: {words.safety_words(check)}.")
    for risk in risks([plan]):
        yield tone(visible(risk.sentence), Tone.GRAVE if risk.grave else Tone.CHANGED)
    yield visible(f"Digest: {words.digest_words(plan)}")
    if not words.has_changes(plan) and not plan.count(Severity.ERROR):
        yield tone("No changes.", Tone.ADDED)
    yield tone(words.plan_summary([plan]), Tone.TITLE)


def findings_annotations(findings: Sequence[Finding], files: int, schedules: int) -> str:
    """Findings as GitHub workflow commands: each becomes an annotation at its line of the pull request. The plain last
    line says what was read and found."""
    return "\n".join([*map(_annotation, findings), _read(findings, files, schedules)]) + "\n"


def _read(findings: Sequence[Finding], files: int, schedules: int) -> str:
    return f"{counted(files, 'file')}, {counted(schedules, 'schedule')}: {words.severities(findings)}."


def _annotation(finding: Finding) -> str:
    properties = []
    if finding.location is not None:
        place = finding.location
        properties = [f"file={github_property(place.file)}", f"line={place.line}", f"col={place.column}"]
    properties.append(f"title={github_property(finding.code)}")
    return f"::{finding.severity} {','.join(properties)}::{github_message(finding.message)}"
