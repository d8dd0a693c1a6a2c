"""`reconciler validate`: everything that can be checked without a network."""

from __future__ import annotations

from typing import Any

import click

from . import terminal
from .options import common_options, findings_exit_code, form_option, narrowing, options_of, verbose_option


@click.command("validate")
@common_options
@narrowing
@form_option("text", "json", "github")
@verbose_option
def command(form: str, quiet: bool, verbose: bool, **given: Any) -> int:
    """Check the schedules below PATH: files, calendar, calling hours by law, licensed capacity.

    Exits with 0 when there are no errors, with 3 when there are.

    \b
    Examples:
      reconciler validate
      reconciler validate schedules/acme --format github
    """
    from .. import render
    from ..pipeline.check import check_files

    checked = check_files(options_of(given))
    findings = checked.all_findings
    if not quiet or form != "text" or findings:
        terminal.data(
            render.render_findings(
                findings, checked.files, checked.schedules, form, screen=terminal.screen(verbose=verbose)
            )
        )
    return findings_exit_code(findings)
