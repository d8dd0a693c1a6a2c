"""Plans for a pull request's comment and a job's summary: what they come to and what is risky first, then the details.

Three rules keep a comment whole whatever a file or a tenant holds. Other people's text stands in inline code only, or
escaped within `<summary><code>`, where nothing is parsed, linked or mentioned. Every item is bounded and closes what it
opens. Items are left out whole, and counted, when the comment is full.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from ..findings import Finding, Severity
from ..model import Action, Change, FieldChange, Plan, Unmanaged, Webhook
from . import words
from .escape import clipped, code, html_text, prose
from .risks import Risk, risks

LIMIT = 65_000
"""Below GitHub's 65,536, so that a workflow can add the line by which it finds its comment again."""

_OVERVIEW_LIMIT = 8_000
_SECTION_LEAST = 2_000
_LINES_OF_ONE_CHANGE = 60


def plans_markdown(plans: Sequence[Plan]) -> str:
    """GitHub-flavored Markdown of at most 65,536 characters for any number of plans; ends with a newline."""
    top = _top(plans)
    left = LIMIT - units(top) - NOTE_UNITS
    most = max(1, left // _SECTION_LEAST)
    sections: list[str] = []
    for index, plan in enumerate(plans[:most]):
        section = _section(plan, left // (min(most, len(plans)) - index) - 2)
        if section is not None:
            sections.append(section)
            left -= units(section) + 2
    if len(sections) < len(plans):
        sections.append(f"{len(plans) - len(sections)} more not shown (tenants)")
    return "\n\n".join([top, *sections]) + "\n"


def _top(plans: Sequence[Plan]) -> str:
    """Heading, risks and, where there are several tenants, one row of figures each."""
    parts = ["## Calling schedules", f"**{words.headline(plans)}**"]
    dangers = risks(plans)
    if dangers:
        parts.append("\n".join(map(_risk, dangers)))
    if len(plans) > 1:
        columns = ("tenant", *plans[0].summary, "at risk")
        head = f"| {' | '.join(columns)} |\n|{' --- |' * len(columns)}\n"
        # A note that follows a table without a blank line would become its last row.
        parts.append(head + fill(plans, _row, _OVERVIEW_LIMIT, "tenants", before_note="\n"))
    return "\n\n".join(parts)


def _risk(risk: Risk) -> str:
    return f"- {'🛑' if risk.grave else '⚠️'} {prose(risk.sentence)}"


def _row(plan: Plan) -> str:
    at_risk = ", ".join(f"{risk.kind.name.lower()} {risk.count}" for risk in risks([plan])) or "–"
    return f"| {code(plan.tenant, 80)} | {' | '.join(map(str, plan.summary.values()))} | {at_risk} |"


def _section(plan: Plan, limit: int) -> str | None:
    """One tenant within `limit` units; None where they are too few. The changes get what the smaller groups leave."""
    head = _head(plan)
    left = limit - units(head) - 2
    if left < 10 * NOTE_UNITS:
        return None
    grave = [finding for finding in plan.findings if finding.severity is not Severity.NOTICE]
    notices = [finding for finding in plan.findings if finding.severity is Severity.NOTICE]
    findings = _group("Findings", fill([*grave, *notices], _finding, left * 4 // 10, "findings"))
    webhooks = _group("Webhooks to register", fill(plan.webhooks, _webhook, left // 10, "webhooks"))
    unmanaged = _group(
        "Unmanaged: live in CXone, not named in git, left as they are",
        fill(plan.unmanaged, _unmanaged, left // 10, "schedules"),
    )
    rest = [part for part in (findings, webhooks, unmanaged) if part]
    left -= sum(units(part) + 2 for part in rest)
    changes = fill(plan.changes, _change, left, "changes", separator="\n\n")
    return "\n\n".join(part for part in (head, findings, changes, webhooks, unmanaged) if part)


def _head(plan: Plan) -> str:
    revision = code(plan.revision[:12]) if plan.revision is not None else words.no_revision(plan)
    dirty = " with uncommitted changes" if plan.dirty else ""
    base = f", base {code(plan.base[:12])}" if plan.base is not None else ""
    lines = [
        f"### {code(plan.tenant, 80)}" if plan.tenant else "### No tenant",
        "",
        *([f"- at {code(plan.base_uri)}"] if plan.base_uri else []),
        f"- revision {revision}{dirty}{base}, as of {code(plan.as_of, 40)}",
        f"- digest {code(plan.digest) if plan.digest is not None else 'none, because the plan has errors'}",
    ]
    safety = [
        f"- safety: {'within' if check.passed else '**would be refused:**'} {code(words.safety_words(check))}"
        for check in plan.safety
    ]
    return "\n".join([*lines, *_bounded(safety, 8, "limits")])


def _group(title: str, body: str) -> str:
    return f"**{title}**\n\n{body}" if body else ""


def _finding(finding: Finding) -> str:
    mark = f"**{finding.severity}**" if finding.severity is Severity.ERROR else str(finding.severity)
    at = code(words.place(finding.location)) if finding.location is not None else "tenant"
    return f"- {mark} {code(finding.code, 60)} {at}: {prose(finding.message)}"


def _webhook(webhook: Webhook) -> str:
    return f"- {code(webhook.name)} to {code(webhook.url)}"


def _unmanaged(schedule: Unmanaged) -> str:
    return f"- {code(schedule.campaign_id)} {code(schedule.name)} {code(schedule.schedule_id)}"


def _change(change: Change) -> str:
    """An update open, because each of its lines matters; a create folded, because it is long and new."""
    at = f" in {code(words.place(change.source))}" if change.source is not None else ""
    lines = [f"- id {code(change.schedule_id)}{at}"]
    if change.action is Action.UPDATE:
        title = f"**update** {code(change.campaign_id)} {code(change.name)}"
        lines += _bounded([_field(field) for field in change.fields], _LINES_OF_ONE_CHANGE, "fields")
        return "\n".join([title, "", *lines])
    if change.origin is not None:
        lines.append(f"- {prose(words.origin_words(change.origin, change.action))}")
    summary = " ".join(f"<code>{html_text(clipped(x, 200))}</code>" for x in (change.campaign_id, change.name))
    lines += _bounded([f"- {code(line, 400)}" for line in words.create_lines(change)], _LINES_OF_ONE_CHANGE, "lines")
    return "\n".join([f"<details><summary><b>create</b> {summary}</summary>", "", *lines, "", "</details>"])


def _field(field: FieldChange) -> str:
    sides = f"{code(words.value_words(field.live))} → {code(words.value_words(field.desired))}"
    why = f" — {prose(words.origin_words(field.origin))}" if field.origin is not None else ""
    at = f" ({code(words.place(field.source))})" if field.source is not None else ""
    return f"- {code(field.path)}: {sides}{why}{at}"


def _bounded(lines: Sequence[str], most: int, noun: str) -> Iterator[str]:
    yield from lines[:most]
    if len(lines) > most:
        yield f"- {len(lines) - most} more not shown ({noun})"


_Item = TypeVar("_Item")

NOTE_UNITS = 100
"""No note of `fill` is longer, as long as its noun is a word or two."""

_MISSES = 20


def units(text: str) -> int:
    """Length in UTF-16 units."""
    return len(text) + sum(character > "\uffff" for character in text) if not text.isascii() else len(text)


def fill(
    items: Sequence[_Item],
    write: Callable[[_Item], str],
    limit: int,
    noun: str,
    *,
    separator: str = "\n",
    before_note: str = "",
) -> str:
    """The items as text, as many as fit into `limit` units, then how many are not shown.

    An item too large for what is left does not hide the smaller ones behind it; after `_MISSES` in a row the
    search ends, so that 10,000 items cost what a comment can show. `limit` must leave room for the note (`NOTE_UNITS`).
    """
    parts: list[str] = []
    left = limit - NOTE_UNITS
    misses = 0
    for item in items:
        text = write(item)
        needed = units(text) + len(separator)
        if needed <= left:
            parts.append(text)
            left -= needed
            misses = 0
        else:
            misses += 1
            if misses == _MISSES:
                break
    if len(parts) < len(items):
        parts.append(f"{before_note}- {len(items) - len(parts)} more not shown ({noun})")
    return separator.join(parts)
