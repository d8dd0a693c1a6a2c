"""Plans for a pull request's comment and a job's summary: may it be merged, what is dangerous, what changes; the rest folded.

Three rules keep a comment whole whatever a file or a tenant holds. Other people's text is escaped, and what GitHub would
link stands in inline code (`escape.prose`). Every item is bounded and closes what it opens. Items are left out whole, and
counted, when the comment is full.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import chain

from ..findings import Finding, Severity
from ..model import Action, Change, FieldChange, Plan, Unmanaged, Webhook
from ..phrases import counted, first_of
from . import words
from .calendar_text import closures_said
from .comment_size import LIMIT, NOTE_UNITS, clip_list, fill, folded, units
from .escape import code, prose
from .groups import FindingGroup, grouped
from .review import Gravity, ReviewRow, Verdict, hours_said, law_said, next_step, not_in_git, rows, summary, verdict
from .said import Said, body_said
from .strips import diff_strip

_SECTION_LEAST = 2_000
_ROWS_OPEN = 20
_LINES_OF_ONE_ROW = 8
_GROUPS_OPEN = 8
_ERRORS_OPEN = 5
_LINES_OF_ONE_CHANGE = 60
_MARKS = {Severity.ERROR: "🛑", Severity.WARNING: "⚠️", Severity.NOTICE: "ℹ️"}


def plans_markdown(
    plans: Sequence[Plan],
    *,
    head: str | None = None,
    read_at: datetime | None = None,
    links: Sequence[tuple[str, str]] = (),
) -> str:
    """GitHub-flavored Markdown of at most 65,536 characters for any number of plans; ends with a newline.

    `head` is the pull request's own head, `read_at` when the tenants were read, `links` are texts with their addresses for
    the last line; they are the caller's own, and not escaped.
    """
    when = _when(head, read_at)
    end = " · ".join(f"[{text}]({address})" for text, address in links)
    left = LIMIT - NOTE_UNITS - units(end) - 4
    busy = [plan for plan in plans if plan.changes or plan.webhooks or plan.findings or rows(plan)]
    quiet = [plan for plan in plans if plan not in busy]
    most = max(1, left // _SECTION_LEAST)
    sections: list[str] = []
    for index, plan in enumerate(busy[:most]):
        section = _section(plan, when, left // (min(most, len(busy)) - index) - 2)
        if section is not None:
            sections.append(section)
            left -= units(section) + 2
    if len(sections) < len(busy):
        sections.append(f"{len(busy) - len(sections)} more not shown (tenants)")
    if quiet and left > 10 * NOTE_UNITS:
        names = first_of([code(plan.tenant, 80) for plan in quiet], 8)
        unread = words.unread_words(quiet)
        sections.append(f"No change in {names}{f' · {unread}' if unread else ''}{when if not busy else ''}")
    joint = " · " if len(sections) == 1 and sections[0].endswith("`") else "\n\n"
    return "\n\n".join(sections) + (f"{joint}{end}" if end else "") + "\n"


def _when(head: str | None, read_at: datetime | None) -> str:
    read = f"read {read_at.day} {read_at:%b %H:%M} UTC" if read_at is not None else ""
    at = f"at head {code(head[:7])}" if head else ""
    return f" · {' '.join(filter(None, [read, at]))}" if read or at else ""


def _section(plan: Plan, when: str, limit: int) -> str | None:
    """One tenant within `limit` units; None where they are too few."""
    ordered = rows(plan)
    findings = grouped(plan.findings)
    end = f"Digest {code(plan.digest.removeprefix('sha256:')[:12])}" if plan.digest is not None else ""
    kind, told = verdict(plan, ordered, apply="merge")
    parts = [
        f"## {_TITLES[kind]} {prose(plan.tenant, 80) if plan.tenant else 'No tenant'}: {prose(told)}",
        _headline(plan, ordered, when),
        *(filter(None, [prose(next_step(plan, ordered))]) if kind is Verdict.REFUSED else ()),
    ]
    left = limit - sum(units(part) + 2 for part in (*parts, end))
    if left < 10 * NOTE_UNITS:
        return None

    def add(text: str) -> None:
        nonlocal left
        if text:
            parts.append(text)
            left -= units(text) + 2

    grave = [group for group in findings if group.severity is Severity.ERROR]
    errors = [one for group in grave for one in (group.each() if len(group.findings) <= _ERRORS_OPEN else (group,))]
    others = [group for group in findings if group.severity is not Severity.ERROR]
    add(fill(errors[:_GROUPS_OPEN], _group, left // 4, "kinds of errors"))
    add(_table(ordered[:_ROWS_OPEN], left // 3))
    fresh = [group for group in others if group.new is not False and group.severity is Severity.WARNING]
    law = prose(law_said(plan)) if plan.calling_hours else ""
    add("\n".join(filter(None, (law, fill(fresh[:3], _group, left // 6, "kinds of warnings")))))
    if len(ordered) > _ROWS_OPEN:
        add(folded(f"{len(ordered) - _ROWS_OPEN} more lines", _table(ordered[_ROWS_OPEN:], left // 4)))
    several = [row for row in ordered if len(row.subjects) > 1]
    add(folded("Schedules of each line", fill(several, _subjects, left // 5, "lines")))
    add(folded("Weeks before and after", _weeks(plan, left // 4)))
    dates, closures = closures_said(plan.closures)
    add(folded(f"Closed in the next four weeks on {dates}", fill(closures, _closure, left // 6, "closures")))
    rest = [*errors[_GROUPS_OPEN:], *fresh[3:], *(group for group in others if group not in fresh)]
    add(folded(_findings_title(rest), fill(rest, _every_finding, left // 3, "kinds of findings")))
    strangers = not_in_git(plan)
    beside = [*map(_webhook, plan.webhooks), *map(_unmanaged, strangers)]
    titles = [
        counted(len(plan.webhooks), "webhook to register", "webhooks to register") if plan.webhooks else "",
        f"{counted(len(strangers), 'schedule')} in CXone that git does not name" if strangers else "",
    ]
    add(folded(", ".join(filter(None, titles)), fill(beside, str, left // 4, "items")))
    add(folded("Every field", _fields(plan.changes, left - 10)))
    return "\n\n".join(filter(None, [*parts, end]))


_TITLES = {Verdict.REFUSED: "🛑", Verdict.CAREFUL: "⚠️", Verdict.CHANGES: "✏️", Verdict.NOTHING: "✅"}


def _headline(plan: Plan, ordered: Sequence[ReviewRow], when: str) -> str:
    told = " · ".join(filter(None, [*summary(plan, ordered, who="this pull request"), words.unread_words([plan])]))
    return f"**{told}**{when}" if told else when.removeprefix(" · ")


def _table(ordered: Sequence[ReviewRow], limit: int) -> str:
    if not ordered:
        return ""
    head = "| Schedule | Today in CXone → after the merge |\n|:--|:--|\n"
    # A note that follows a table without a blank line would become its last row.
    return head + fill(ordered, _row, limit - units(head), "lines", before_note="\n")


_ROW_MARKS = {Gravity.PENDING: "⏳", Gravity.CALENDAR: "📅"}


def _row(row: ReviewRow) -> str:
    own = "➕" if row.action is Action.CREATE else "✏️"
    mark = "🛑" if row.refuses else _ROW_MARKS.get(row.gravity, own if row.gravity is Gravity.ASKED else "⚠️")
    why = f"<br>{row.why}" if row.why else ""
    says = [_said(said, row) for said in row.said[:_LINES_OF_ONE_ROW]]
    if len(row.said) > _LINES_OF_ONE_ROW:
        says.append(f"and {len(row.said) - _LINES_OF_ONE_ROW} more lines, below")
    each = " each" if len(row.subjects) > 1 else ""
    hours = f" ({hours_said(row.hours)}{each})" if row.hours is not None else ""
    return f"| {mark} {_who(row)}{why} | {'<br>'.join(says)}{hours} |"


def _who(row: ReviewRow) -> str:
    if not row.subjects:
        return "*the whole tenant*"
    if len(row.subjects) > 1:
        campaigns = first_of([code(campaign, 60) for campaign in row.campaigns], 3)
        return f"**{len(row.subjects)} schedules** {campaigns}"
    subject = row.subjects[0]
    name, campaign = prose(subject.name, 80), code(subject.campaign_id, 60)
    if row.gravity is not Gravity.ASKED:
        return f"**{name}** {campaign}"
    at = [code(f"{place.file.rpartition('/')[2]}:{place.line}", 80) for place in row.places]
    return " ".join([name, campaign, *at])


def _said(said: Said, row: ReviewRow) -> str:
    what = f"{prose(said.what, 120)} " if said.what else ""
    note = f" {prose(said.note)}" if said.note else ""
    others = f" ({', '.join(prose(other, 120) for other in said.others)})" if said.others else ""
    before, after = (prose(side, 200) if side else "" for side in (said.before, said.after))
    if before and after:
        return f"{what}{before} → **{after}**{note}{others}"
    if before:
        return f"{what}{before} → **nothing**{others}"
    if row.gravity is Gravity.COMES_BACK and not said.what:
        return f"nothing → {after}{note}"
    if row.action is Action.UPDATE:
        return f"{what}nothing → **{after}**{note}{others}"
    return f"{what}**{after}**{note}{others}" if row.gravity is Gravity.LEAVES else f"{what}{after}{note}{others}"


def _group(group: FindingGroup) -> str:
    """Findings of one kind: what, how often, where."""
    first, names = group.findings[0], group.names
    more = f" and {prose(first_of(names[1:], 3), 200)}" if len(names) > 1 and not group.differ else ""
    parts = [
        _MARKS[group.severity],
        "new" if group.new and group.severity is not Severity.ERROR else "",
        f"**{counted(len(group.findings), group.severity.value)}**" if len(group.findings) > 1 else "",
        code(group.code, 60),
        "such as" if group.differ else "",
        f"**{prose(names[0], 80)}**{more}" if names else "",
        code(_place(first)) if first.location is not None else "",
    ]
    return f"- {' '.join(filter(None, parts))}: {prose(group.text)}"


def _place(finding: Finding) -> str:
    location = finding.location
    return f"{location.file}:{location.line}" if location is not None else ""


def _findings_title(groups: Sequence[FindingGroup]) -> str:
    before = sum(len(group.findings) for group in groups if group.new is False)
    count = sum(len(group.findings) for group in groups)
    if before == count:
        return f"{counted(count, 'finding')} that {'was' if count == 1 else 'were'} there before"
    return f"{counted(count, 'more finding')}{f', {before} of them there before' if before else ''}"


def _every_finding(group: FindingGroup) -> str:
    """All findings of a kind, each by its place; their sentence once where it is the same."""
    if len(group.findings) == 1:
        return _group(group)
    places = first_of([code(_place(finding)) for finding in group.findings if finding.location is not None], 20)
    return f"{_group(group)}\n  - {places}" if places else _group(group)


def _subjects(row: ReviewRow) -> str:
    names = first_of([prose(f"{subject.name}", 60) for subject in row.subjects], 400)
    what = row.said[0].words if row.said else ""
    return f"- {prose(what, 120)}: {clip_list(names, 12_000)}"


def _closure(line: str) -> str:
    return f"- {prose(line, 300)}"


def _weeks(plan: Plan, limit: int) -> str:
    """The weeks that change, one for each row."""
    shown = [change for change in plan.changes if diff_strip(change)]
    return fill(shown, _week, limit, "weeks", separator="\n\n")


def _week(change: Change) -> str:
    lines = "\n".join(diff_strip(change))
    return f"{prose(change.name, 80)} {code(change.campaign_id, 60)}\n\n```diff\n{lines}\n```"


def _webhook(webhook: Webhook) -> str:
    return f"- webhook {code(webhook.name)} to {code(webhook.url)}"


def _unmanaged(schedule: Unmanaged) -> str:
    return f"- not in git: {prose(schedule.name, 80)} {code(schedule.campaign_id)} {code(schedule.schedule_id)}"


def _fields(changes: Sequence[Change], limit: int) -> str:
    return fill(changes, _change, limit, "changes", separator="\n\n")


def _change(change: Change) -> str:
    at = f" in {code(words.place(change.source))}" if change.source is not None else ""
    title = f"{change.action} **{prose(change.name, 80)}** {code(change.campaign_id)} {code(change.schedule_id)}{at}"
    lines: Iterator[str] = chain(map(_field, change.fields))
    if change.action is Action.CREATE:
        lines = (f"- {prose(line, 400)}" for line in body_said(change.request.body))
    return "\n".join([title, "", *_bounded(list(lines), _LINES_OF_ONE_CHANGE, "fields")])


def _field(field: FieldChange) -> str:
    sides = f"{code(words.value_words(field.live))} → {code(words.value_words(field.desired))}"
    why = f" — {prose(words.origin_words(field.origin, asked_by=field.asked_by))}" if field.origin is not None else ""
    at = f" ({code(words.place(field.source))})" if field.source is not None else ""
    return f"- {code(field.path)}: {sides}{why}{at}"


def _bounded(lines: Sequence[str], most: int, noun: str) -> Iterator[str]:
    yield from lines[:most]
    if len(lines) > most:
        yield f"- {len(lines) - most} more not shown ({noun})"
