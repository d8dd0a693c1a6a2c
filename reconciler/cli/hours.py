"""`reconciler hours`: when the law of a place allows sales calls."""

from __future__ import annotations

import os
from datetime import date, datetime

import click

from . import terminal
from .options import about, as_of_option, form_option


@click.command("hours")
@click.argument("codes", nargs=-1, required=True, metavar="CODE...")
@form_option("text", "json")
@click.option(
    "--path", metavar="PATH", help="Show the hours of the tenants below PATH too; default schedules, if it exists."
)
@as_of_option
@click.option("--quiet", "-q", is_flag=True, help="No remarks on stderr.")
@about
def command(
    codes: tuple[str, ...], form: str, path: str | None, as_of: tuple[date, datetime | None], quiet: bool
) -> int:
    """Print the calling hours of each CODE: a jurisdiction such as US-FL, or a pause such as TCPA.

    By weekday, with holidays, source, how sure it is, since when, and what comes next. A tenant.yaml may have other hours
    for a jurisdiction; then both are shown. Reads no tenant.

    \b
    Example:
      reconciler hours US-FL TCPA
    """
    from ..pipeline.hours import hours_of
    from ..render.hours_text import hours_json, hours_text

    report = hours_of(codes, path, as_of[0], os.environ)
    if not quiet:
        for file in report.unusable:
            terminal.say(f"{file} has errors, so hours of its own are not shown; `reconciler validate` says which.")
    terminal.data(hours_json(report) if form == "json" else hours_text(report))
    return 0
