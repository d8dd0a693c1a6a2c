"""`reconciler calendar`: what the dates will change."""

from __future__ import annotations

from typing import Any

import click

from ..errors import UsageError
from . import terminal
from .options import common_options, findings_exit_code, form_option, narrowing, options_of

_LONGEST = 3660


@click.command("calendar")
@common_options
@narrowing
@form_option("text", "json")
@click.option("--days", type=int, default=90, show_default=True, metavar="N", help="How many days, from today on.")
def command(form: str, days: int, quiet: bool, **given: Any) -> int:
    """Print what the dates will change: each closure with the schedules and the hours that it takes, and holidays on which
    the law forbids calls and no closure covers. Reads no tenant.

    Exits with 3 when the desired state is invalid.

    \b
    Example:
      reconciler calendar --days 30
    """
    from ..findings import Severity
    from ..phrases import counted
    from ..pipeline.calendar import calendar_of
    from ..render.calendar_text import calendar_json, calendar_text

    if not 1 <= days <= _LONGEST:
        raise UsageError(f"--days is {days}, but must be from 1 to {_LONGEST}")
    report, findings = calendar_of(options_of(given), days)
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    if errors and not quiet:
        terminal.say(
            f"The files have {counted(errors, 'error')}, so dates may be missing; `reconciler validate` shows them."
        )
    terminal.data(calendar_json(report) if form == "json" else calendar_text(report))
    return findings_exit_code(findings)
