"""`reconciler audit`: checks a journal's chain and prints its runs."""

from __future__ import annotations

from pathlib import Path

import click

from . import terminal
from .options import FILE, about, form_option


@click.command("audit")
@click.argument("file", type=FILE)
@form_option("text", "json")
@click.option("--quiet", "-q", is_flag=True, help="Print nothing when the chain holds.")
@about
def command(file: Path, form: str, quiet: bool) -> int:
    """Check the chain of a journal and print its runs: what was written, by whom, when, from which revision.

    Exits with 1 when the chain is broken.
    """
    from ..audit import journal_runs
    from ..render.result_text import journal_json, journal_text

    view = journal_runs(file)
    if not quiet:
        terminal.data(journal_json(view) if form == "json" else journal_text(view, str(file)))
    return 0
