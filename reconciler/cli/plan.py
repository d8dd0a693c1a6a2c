"""`reconciler plan`: what apply would do, and nothing of it done."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import click

from ..errors import RefusedError, UsageError
from ..files import write_whole
from ..render import PLAN_FORMATS, render_plans
from . import terminal
from .options import FILE, findings_exit_code, form_option, options_of, planning_options, verbose_option
from .terminal import Progress, stopping


@click.command("plan")
@planning_options
@form_option(*PLAN_FORMATS)
@verbose_option
@click.option(
    "--changed",
    is_flag=True,
    help="Read only the campaigns whose desired state differs from the base's. Needs --base.",
)
@click.option("--out", type=FILE, metavar="FILE", help="Save the plan, for show and apply --plan.")
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 2 when there is something to apply.")
@click.option(
    "--fail-on",
    type=click.Choice(["refused"]),
    help="Exit with 4 where apply would refuse: a safety limit, a conflict, drift, a revision that is behind.",
)
def command(
    form: str, out: Path | None, detailed_exitcode: bool, fail_on: str | None, quiet: bool, verbose: bool, **given: Any
) -> int:
    """Read the tenant and print what apply would do. Sends nothing but GET and the request for a token.

    Exits with 0, with 1 when the tenant could not be read, with 3 when the desired state is invalid; with
    --fail-on refused 4 when apply would refuse; with --detailed-exitcode 2 when there is something to apply.

    \b
    Examples:
      reconciler plan --sandbox
      reconciler plan --base origin/main --out plan.json
    """
    if given["changed"] and given["base"] is None:
        raise UsageError("--changed needs --base: without it nobody can say what changed", hint="give --base REF")
    from ..pipeline.plan import plan_all

    stop = threading.Event()
    with Progress(quiet=quiet) as progress, stopping(stop, progress):
        plans = plan_all(options_of(given, progress), stop)
    if out is not None:
        try:
            write_whole(out, render_plans(plans, "json").encode("utf-8"))
        except OSError as error:
            raise UsageError(f"{out} cannot be written: {error.strerror or error}") from None
    terminal.data(render_plans(plans, form, screen=terminal.screen(verbose=verbose)))
    code = findings_exit_code(finding for plan in plans for finding in plan.findings)
    refused = [f"tenant {plan.tenant}: {refusal.reason}" for plan in plans for refusal in plan.refusals]
    if code == 0 and fail_on is not None and refused:
        terminal.error(f"apply would be refused: {'; '.join(refused)}")
        return RefusedError.exit_code
    if code == 0 and detailed_exitcode and any(plan.changes or plan.webhooks for plan in plans):
        return 2
    return code
