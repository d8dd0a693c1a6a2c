"""`reconciler show`: a saved plan in another format."""

from __future__ import annotations

from pathlib import Path

import click

from ..errors import RefusedError, UsageError
from ..render import PLAN_FORMATS, render_plans
from . import terminal
from .options import FILE, about, form_option, verbose_option


@click.command("show")
@click.argument("file", type=FILE)
@form_option(*PLAN_FORMATS)
@verbose_option
@click.option("--quiet", "-q", is_flag=True, expose_value=False, help="No remarks; show has none.")
@about
def command(file: Path, form: str, verbose: bool) -> int:
    """Print the plan that `plan --out FILE` saved.

    \b
    Example:
      reconciler show plan.json --format html > plan.html
    """
    from ..document.saved_plans import read_plans

    try:
        plans = read_plans(file)
    except RefusedError as error:
        raise UsageError(error.message, hint=error.hint or "name a file that `plan --out` has saved") from None
    terminal.data(render_plans(plans, form, screen=terminal.screen(verbose=verbose, quoting=False)))
    return 0
