"""`reconciler show`: a saved plan in another format."""

from __future__ import annotations

from pathlib import Path

import click

from .. import __version__
from ..errors import PlanFileError, UsageError
from . import terminal
from .plan import FORMATS


@click.command("show")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option("--quiet", "-q", is_flag=True, expose_value=False, help="No remarks; show has none.")
@click.option("--debug", is_flag=True, expose_value=False, help="Add a traceback to errors.")
@click.version_option(__version__, prog_name="reconciler")
def command(file: Path, form: str) -> int:
    """Print the plan that `plan --out FILE` saved."""
    from .. import render
    from ..document import read_plans

    try:
        plans = read_plans(file)
    except PlanFileError as error:
        raise UsageError(
            error.message, hint=error.hint or "name a file that `plan --out` has saved"
        ) from None
    terminal.data(render.render_plans(plans, form, color=terminal.color()))
    return 0
