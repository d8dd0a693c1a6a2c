"""Plans as one page for those who approve them: no script, nothing loaded, readable on paper and in the dark.

The page forbids itself everything but its own style sheet, which the policy names by its hash: even a mistake in the
escaping below could not run or load anything.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files

from ..canonical import seconds
from ..findings import Finding
from ..model import WEEKDAYS, Action, Change, FieldChange, JsonObject, Origin, Plan
from ..phrases import counted
from ..week import Week, read_week
from . import words
from .escape import html_text
from .risks import risks
from .words import blackout_lines, window_lines

_DRAWN = 300
"""Weeks that one page draws; beyond it a browser would feel them."""

_WEEK_FIELDS = ("scheduleDetails", "blackoutPeriods")


@cache
def _style() -> str:
    return files("reconciler.render").joinpath("page.css").read_text("utf-8")


def plans_html(plans: Sequence[Plan]) -> str:
    """One self-contained page of all plans; ends with a newline."""
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    title = html_text(f"Calling schedules: {', '.join(plan.tenant or 'no tenant' for plan in plans[:5])}")
    drawn = sum(len(plan.changes) for plan in plans) <= _DRAWN
    parts = [
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">\n<meta name="referrer" content="no-referrer">',
        f"<title>{title}</title>\n<style>{_style()}</style>\n</head>\n<body>\n<main>",
        "<h1>Calling schedules</h1>",
        *_opening(plans),
        *(line for plan in plans for line in _section(plan, drawn)),
        *([] if drawn else [f"<p>Weeks are drawn for plans of up to {_DRAWN} changes.</p>"]),
        "</main>\n</body>\n</html>\n",
    ]
    return "\n".join(parts)


def _opening(plans: Sequence[Plan]) -> Iterator[str]:
    yield f'<p class="summary">{html_text(words.headline(plans))}</p>'
    dangers = risks(plans)
    if dangers:
        items = "".join(
            f'<li class="{"grave" if risk.grave else "careful"}">{html_text(risk.sentence)}</li>' for risk in dangers
        )
        yield f'<ul class="risks">{items}</ul>'


def _section(plan: Plan, drawn: bool) -> Iterator[str]:
    yield f"<section>\n<h2>{_data(plan.tenant) if plan.tenant else 'No tenant'}</h2>"
    yield '<dl class="facts">'
    if plan.base_uri:
        yield _fact("Base URI", plan.base_uri)
    yield _fact("Desired state", words.revision_words(plan))
    yield _fact("Digest", words.digest_words(plan))
    yield from (
        _fact("Safety" if check.passed else "Would be refused", words.safety_words(check)) for check in plan.safety
    )
    yield f"</dl>\n{_tiles(plan)}"
    if plan.findings:
        yield from _table("Findings", ("Severity", "Message"), map(_finding, plan.findings))
    if plan.changes:
        yield "<h3>Changes</h3>"
        yield from (line for change in plan.changes for line in _change(change, drawn))
    if plan.webhooks:
        rows = (_row(_data(webhook.name), _data(webhook.url)) for webhook in plan.webhooks)
        yield from _table("Webhooks to register", ("Name", "URL"), rows)
    if plan.unmanaged:
        rows = (
            _row(_data(schedule.campaign_id), _data(schedule.name), _data(schedule.schedule_id))
            for schedule in plan.unmanaged
        )
        yield from _table(
            "Unmanaged: live in CXone, not named in git, left as they are", ("Campaign", "Name", "Id"), rows
        )
    yield "</section>"


def _data(text: str) -> str:
    """Other people's text, kept apart so that a right-to-left name does not turn its surroundings round."""
    return f"<bdi>{html_text(text)}</bdi>"


def _fact(term: str, text: str) -> str:
    return f"<div><dt>{term}</dt><dd>{_data(text)}</dd></div>"


def _tiles(plan: Plan) -> str:
    figures = plan.summary
    texts = [
        f"{figures['create']} to create",
        f"{figures['update']} to update",
        f"{figures['unchanged']} unchanged",
        f"{figures['unmanaged']} unmanaged",
        f"{counted(figures['webhooks'], 'webhook')} to register",
        counted(figures["errors"], "error"),
        counted(figures["warnings"], "warning"),
    ]
    items = "".join(f"<li><b>{count}</b> {noun}</li>" for count, noun in (text.split(" ", 1) for text in texts))
    return f'<ul class="tiles">{items}</ul>'


def _table(title: str, heads: Sequence[str], rows: Iterable[str]) -> Iterator[str]:
    cells = "".join(f'<th scope="col">{head}</th>' for head in heads)
    yield f"<h3>{title}</h3>\n<table>\n<thead><tr>{cells}</tr></thead>\n<tbody>"
    yield from rows
    yield "</tbody>\n</table>"


def _row(*cells: str) -> str:
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _finding(finding: Finding) -> str:
    where = words.place(finding.location) if finding.location is not None else "tenant"
    tag = f'<span class="tag {finding.severity}">{finding.severity}</span>'
    return _row(tag, f'{_data(finding.message)}<p class="where">{_data(finding.code)}, {_code(where)}</p>')


def _change(change: Change, drawn: bool) -> Iterator[str]:
    at = f", from {_code(words.place(change.source))}" if change.source is not None else ""
    tag = f'<span class="tag {change.action}">{change.action}</span>'
    yield f'<article class="{change.action}">\n<h4>{tag} {_data(change.name)}</h4>'
    yield f'<p class="where">campaign {_code(change.campaign_id)}, id {_code(change.schedule_id)}{at}</p>'
    if change.action is Action.UPDATE:
        yield _fields(change.fields)
    else:
        if change.origin is not None:
            yield f"<p>{_origin(change.origin, change.action)}</p>"
        yield f"<ul>{''.join(f'<li>{_data(line)}</li>' for line in words.create_lines(change))}</ul>"
    if drawn:
        yield from _drawing(change)
    yield "</article>"


def _code(text: str) -> str:
    return f"<code>{_data(text)}</code>"


def _fields(fields: Sequence[FieldChange]) -> str:
    asked = any(field.origin is not None for field in fields)
    heads = ("Field", "Live", "Desired", *(["Why"] if asked else []))
    cells = "".join(f'<th scope="col">{head}</th>' for head in heads)
    rows = "\n".join(_field(field, asked) for field in fields)
    return f'<table class="fields">\n<thead><tr>{cells}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>'


def _field(field: FieldChange, asked: bool) -> str:
    why = [_origin(field.origin, Action.UPDATE) if field.origin is not None else ""] if asked else []
    at = f'<p class="where">{_code(words.place(field.source))}</p>' if field.source is not None else ""
    path = _code(field.path).replace("].", "].<wbr>")
    return _row(path + at, _data(words.value_words(field.live)), _data(words.value_words(field.desired)), *why)


def _origin(origin: Origin, action: Action) -> str:
    return f'<span class="origin {origin}">{html_text(words.origin_words(origin, action))}</span>'


def _drawing(change: Change) -> Iterator[str]:
    """The week that would be, with the one that is where the two differ; nothing where an update leaves it alone."""
    update = change.action is Action.UPDATE
    week = read_week(change.request.body)
    if week is None or (update and not any(field.path.startswith(_WEEK_FIELDS) for field in change.fields)):
        return
    before = read_week(change.before) if update else None
    moved = before is not None and before.windows != week.windows
    drawing = week_grid(week, before if moved else None)
    if drawing:
        was = "; dashed: live now" if moved else ""
        caption = f"{counted(len(week.windows), 'window')} a week, in {_data(week.timezone)}{was}"
        yield f"<figure>{drawing}<figcaption>{caption}</figcaption></figure>"


_LEFT, _TOP, _ROW, _HOUR = 44, 18, 20, 24
_WIDTH = _LEFT + 24 * _HOUR + 16
_HEIGHT = _TOP + 7 * _ROW + 4
_MOST_WINDOWS = 200


def week_grid(week: Week, before: Week | None = None) -> str:
    """The drawing of `week`, with what was live `before` as dashed outlines; empty for a week too crowded to draw."""
    if len(week.windows) > _MOST_WINDOWS or (before is not None and len(before.windows) > _MOST_WINDOWS):
        return ""
    label = "; ".join(["Week", *window_lines(week), *(f"blackout {line}" for line in blackout_lines(week))])
    return (
        f'<svg class="week" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{html_text(label)}">'
        f"{''.join(_parts(week, before))}</svg>"
    )


def _parts(week: Week, before: Week | None) -> Iterator[str]:
    for hour in range(0, 25, 3):
        x = _LEFT + hour * _HOUR
        yield f'<line class="tick" x1="{x}" y1="{_TOP}" x2="{x}" y2="{_TOP + 7 * _ROW}"/>'
        yield f'<text class="hour" x="{x}" y="{_TOP - 6}">{hour:02d}</text>'
    for number, day in enumerate(WEEKDAYS):
        yield f'<text class="day" x="0" y="{_TOP + number * _ROW + 14}">{day[:3]}</text>'
    for window in week.windows:
        yield _bar("window", window["dayOfWeek"], *_span(window), inset=3)
        for blackout in week.blackouts:
            if blackout["appliesToAllDays"] is not False:
                start, end = _span(blackout)
                opens, closes = _span(window)
                yield _bar("blackout", window["dayOfWeek"], max(start, opens), min(end, closes), inset=3)
    for window in before.windows if before is not None else ():
        yield _bar("was", window["dayOfWeek"], *_span(window), inset=1)


def _span(hours: JsonObject) -> tuple[int, int]:
    return seconds(hours["startTime"]), seconds(hours["endTime"])


def _bar(kind: str, day: str, start: int, end: int, *, inset: int) -> str:
    """A rectangle from `start` to `end`, in seconds after midnight; nothing for an empty span."""
    if end <= start:
        return ""
    x = _LEFT + start * _HOUR / 3600
    width = max((end - start) * _HOUR / 3600, 1)
    y = _TOP + WEEKDAYS.index(day) * _ROW + inset
    return f'<rect class="{kind}" x="{x:.1f}" y="{y}" width="{width:.1f}" height="{_ROW - 2 * inset}" rx="2"/>'
