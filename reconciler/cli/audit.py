"""`reconciler audit`: checks a journal's chain and prints its runs, what was applied last, or the schedules at a time."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import click

from ..errors import UsageError
from . import terminal
from .options import FILE, about, form_option


def _instant(_context: click.Context, _parameter: click.Parameter, value: str | None) -> datetime | None:
    """A date is its end, so that all of that day counts; a time without an offset is UTC."""
    if value is None:
        return None
    with suppress(ValueError, OverflowError):
        at = datetime.fromisoformat(value)
        if len(value) <= len("2026-11-22"):
            at = datetime.combine(at, time.max)
        return (at if at.tzinfo is not None else at.replace(tzinfo=UTC)).astimezone(UTC)
    raise click.BadParameter(f"{value!r} is no time; write 2026-11-22, or 2026-11-22T09:00:00Z")


@click.command("audit")
@click.argument("places", metavar="FILE...", nargs=-1, required=True, type=FILE)
@form_option("text", "json")
@click.option("--tenant", metavar="NAME", help="Only this tenant.")
@click.option("--last-applied", is_flag=True, help="Print the revision that each tenant was brought to last.")
@click.option(
    "--at",
    metavar="TIME",
    callback=_instant,
    help="Print the schedules as they were then: a date (its end, in UTC), or a time such as 2026-11-22T09:00:00Z.",
)
@click.option("--campaign", "campaigns", multiple=True, metavar="ID", help="With --at: only this campaign; repeatable.")
@click.option("--quiet", "-q", is_flag=True, help="Print nothing when the chain holds.")
@about
def command(places: Sequence[Path], form: str, quiet: bool, **given: Any) -> int:
    """Check the chain of a journal and print its runs: what was written, by whom, when, from which revision.

    A journal may be a file, or a folder with a file a month; several files of one journal are put in order. Exits with 1
    when the chain is broken.

    --last-applied prints TENANT<TAB>REVISION lines, with --tenant the revision alone, and nothing where there is none.

    \b
    Example:
      reconciler audit .reconciler/audit.jsonl
    """
    if given["last_applied"] and given["at"] is not None:
        raise UsageError("--last-applied and --at ask for different things; give one of them")
    if given["campaigns"] and given["at"] is None:
        raise UsageError("--campaign is for --at")
    text = _text(places, form, **given)
    if not quiet:
        terminal.data(text)
    return 0


def _text(
    places: Sequence[Path],
    form: str,
    tenant: str | None,
    last_applied: bool,
    at: datetime | None,
    campaigns: Sequence[str],
) -> str:
    from ..audit import history
    from ..audit.chain import instant
    from ..audit.months import find_journals
    from ..render import journal_text as render

    def wanted(name: str) -> bool:
        return tenant is None or name.casefold() == tenant.casefold()

    if last_applied:  # where a journal has not begun, nothing was applied
        lines = history.last_applied(find_journals([place for place in places if place.exists()]))
        applied = {name: line for name, line in lines.items() if wanted(name)}
        return (
            render.applied_json(applied) if form == "json" else render.applied_text(applied, alone=tenant is not None)
        )
    journals = find_journals(places)
    if at is not None:
        held = [
            schedule
            for schedule in history.schedules_at(journals, at)
            if wanted(schedule.tenant) and (not campaigns or schedule.campaign_id in campaigns)
        ]
        return (render.schedules_json if form == "json" else render.schedules_text)(held, instant(at))
    views = [history.journal_runs(journal) for journal in journals]
    views = [view._replace(runs=tuple(run for run in view.runs if wanted(run.tenant))) for view in views]
    return (render.runs_json if form == "json" else render.runs_text)(views)
