"""What an apply did, for a pull request's comment or a job's summary: what is live now, what is not done, what to do."""

from __future__ import annotations

from collections.abc import Sequence

from ..model import Change, Plan
from ..model.results import Result, Status, WebhookResult, WriteResult
from ..phrases import counted
from ..week import read_week
from . import words
from .comment_size import LIMIT, fill, folded, units
from .escape import code, prose
from .result_text import is_done, what_to_do
from .said import windows_said

_MARKS = {Status.SUCCESS: "✅", Status.NOT_ATTEMPTED: "⏸️"}
_LINES = 6


def results_markdown(results: Sequence[Result], plans: Sequence[Plan] = ()) -> str:
    """GitHub-flavored Markdown of at most 65,536 characters; names and weeks come from `plans`. Ends with a newline."""
    changes = {(plan.tenant, *change.key): change for plan in plans for change in plan.changes}
    left = LIMIT
    sections = []
    for number, result in enumerate(results):
        section = _section(result, changes, left // (len(results) - number) - 2)
        if len(section) > left:
            break
        sections.append(section)
        left -= units(section) + 2
    if len(sections) < len(results):
        sections.append(f"{len(results) - len(sections)} more not shown (tenants)")
    return "\n\n".join(sections) + "\n"


def _section(result: Result, changes: dict[tuple[str, str, str], Change], limit: int) -> str:
    done = is_done(result)
    live = [write for write in result.results if write.status is Status.SUCCESS]
    title = f"{counted(len(live), 'schedule')} live" if live else "nothing was written"
    parts = [f"### {'✅' if done else '🛑'} {prose(result.tenant, 80)}: {title}{'' if done else ', NOT complete'}"]
    parts += [f"- {prose(line)}" for line in what_to_do(result)]
    left = limit - sum(units(part) + 2 for part in parts)
    rows = sorted(result.results, key=lambda write: write.status is Status.SUCCESS)
    if rows:
        head = "| Schedule | What is live now |\n|:--|:--|\n"

        def row(write: WriteResult) -> str:
            return _row(write, changes.get((result.tenant, *write.key)))

        parts.append(head + fill(rows, row, max(left // 2, 600), "schedules", before_note="\n"))
    parts += [_webhook(webhook) for webhook in result.webhooks[:20] if webhook.status is not Status.SUCCESS]
    parts.append(folded("Details", _details(result, max(left // 4, 600))))
    return "\n\n".join(filter(None, parts))


def _row(write: WriteResult, change: Change | None) -> str:
    name = f"**{prose(change.name, 80)}** " if change is not None else ""
    mark = _MARKS.get(write.status, "🛑")
    who = f"{mark} {name}{code(write.campaign_id, 60)}"
    if write.status is not Status.SUCCESS:
        errors = "<br>".join(prose(error.message, 300) for error in write.errors[:3])
        return f"| {who} | **{write.status.replace('_', ' ').lower()}**{': ' if errors else ''}{errors} |"
    week = read_week(change.request.body) if change is not None else None
    if week is None:
        return f"| {who} | written |"
    lines = windows_said(week)
    more = [f"and {len(lines) - _LINES} more lines"] if len(lines) > _LINES else []
    hours = f" ({week.hours:g} h a week)"
    return f"| {who} | {'<br>'.join([*map(prose, lines[:_LINES]), *more])}{hours} |"


def _webhook(webhook: WebhookResult) -> str:
    errors = "; ".join(error.message for error in webhook.errors)
    return f"- 🛑 webhook {code(webhook.name)} is not registered: {prose(errors or 'nothing was sent', 300)}"


def _details(result: Result, limit: int) -> str:
    latency = result.latency_ms
    lines = [
        f"- run {code(result.run_id)}, revision {code((result.revision or 'none')[:12])}",
        f"- digest {code(result.digest or 'none')}",
        f"- journal head {code(result.journal_head or 'none')}",
    ]
    if latency["max"] is not None:
        lines.append(
            f"- a write took {latency['p50']} ms (p50), {latency['p95']} ms (p95), {latency['max']} ms at most"
        )
    return "\n".join([*lines, fill(result.results, _detail, limit, "writes")])


def _detail(write: WriteResult) -> str:
    how = f"HTTP {write.http_status}" if write.http_status is not None else "nothing was sent"
    at = words.id_words(write.schedule_id)
    return f"- {write.action} {code(write.campaign_id, 60)} {code(at, 80)}: {write.status}, {how}"
