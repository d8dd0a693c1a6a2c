"""`reconciler audit`: checks a journal's chain and prints its runs."""

from __future__ import annotations

from pathlib import Path

import click

from .. import __version__
from . import terminal


@click.command("audit")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--quiet", "-q", is_flag=True, help="Print nothing when the chain holds.")
@click.option("--debug", is_flag=True, expose_value=False, help="Add a traceback to errors.")
@click.version_option(__version__, prog_name="reconciler")
def command(file: Path, form: str, quiet: bool) -> int:
    """Check the chain of a journal and print its runs: what was written, by whom, when, from which revision.

    Exits with 1 when the chain is broken.
    """
    from ..audit import journal_runs
    from ..render.journal_text import journal_json, journal_text

    view = journal_runs(file)
    if not quiet:
        terminal.data(journal_json(view) if form == "json" else journal_text(view, str(file)))
    return 0
