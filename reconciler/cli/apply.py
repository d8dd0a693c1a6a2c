"""`reconciler apply`: carries a plan out, after the gate and somebody's approval."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import click

from ..errors import JournalUnavailableError, RefusedError, UsageError
from ..model import Origin, Plan
from ..render import RESULT_FORMATS
from ..render.escape import visible
from . import terminal
from .options import FILE, findings_exit_code, form_option, journal_option, options_of, planning_options, verbose_option
from .terminal import Progress, stopping


@click.command("apply")
@planning_options
@form_option(*RESULT_FORMATS)
@verbose_option
@click.option("--plan", "plan_file", type=FILE, metavar="FILE", help="Apply exactly this saved plan.")
@click.option(
    "--expect-digest",
    "digests",
    multiple=True,
    metavar="[TENANT=]DIGEST",
    help="Refuse unless the fresh plan has this digest; one for each selected tenant.",
)
@click.option("--auto-approve", is_flag=True, help="Do not ask.")
@click.option(
    "--only",
    type=click.Choice(["calendar"]),
    help="Apply what only the date changes (closures), which was approved with the file; refuse any other change. Needs --base.",
)
@click.option("--force", metavar="REASON", help="Lift safety limits and conflicts; the journal keeps the reason.")
@click.option("--keep-going", is_flag=True, help="Leave out campaigns that could not be read, instead of refusing.")
@journal_option
@click.option("--journal-to-stderr", is_flag=True, help="Print each line of the journal when it is written, too.")
@click.option("--approved-by", metavar="NAME", help="Who approved, for the journal; default what the CI says.")
@click.option(
    "--run-url", metavar="URL", help="Where this run can be looked at, for the journal; default as the CI says."
)
def command(**given: Any) -> int:
    """Plan afresh and write what differs, or carry out a saved plan with --plan FILE.

    Asks on a terminal; elsewhere it needs --auto-approve, --plan, --expect-digest or --only calendar. Exits with 0 when all is done, with 1
    when the tenant could not be read, 3 when the desired state is invalid, 4 when refused before the first write, and 5
    when something was not applied.

    \b
    Examples:
      reconciler apply --sandbox
      reconciler apply --plan plan.json
    """
    from .. import render
    from ..apply.gate import GateOptions
    from ..pipeline.apply import ApplyOptions, apply_fresh, apply_saved
    from ..pipeline.ci import run_info
    from ..render.result_text import is_done

    _refuse_nonsense(given)
    stop = threading.Event()
    with Progress(quiet=given["quiet"]) as progress, stopping(stop, progress) as begin:
        options = replace(options_of(given, progress), today=datetime.now(UTC).date())
        only = Origin(given["only"]) if given["only"] is not None else None
        gate = GateOptions(given["force"], given["keep_going"], _expected(given["digests"]), only)
        apply_options = ApplyOptions(
            gate=gate,
            journal=_journal(given["audit_log"]),
            approve=partial(_approve, given, progress),
            say=progress.say,
            stop=stop,
            run=run_info(options.environ, given["force"], given["approved_by"], given["run_url"]),
            begin=begin,
            echo=terminal.say if given["journal_to_stderr"] else None,
        )
        if given["plan_file"] is not None:
            applied = apply_saved(given["plan_file"], options, apply_options)
        else:
            applied = apply_fresh(options, apply_options)
        progress.close()
        plans, results = applied.plans, applied.results
        if applied.blocked:
            terminal.tell(
                render.render_plans(plans, "text", screen=terminal.screen(verbose=given["verbose"], stream=sys.stderr))
            )
            terminal.error("nothing was written: the plan has errors", hint="correct what the findings above say")
            return findings_exit_code(finding for plan in plans for finding in plan.findings) or 1
        terminal.data(
            render.render_results(results, given["form"], screen=terminal.screen(verbose=given["verbose"]), plans=plans)
        )
        return 0 if all(is_done(result) for result in results) else 5


def _approve(given: dict[str, Any], progress: Progress, plans: Sequence[Plan]) -> bool:
    """Show the plans and get somebody's word for them; RefusedError without it. True where somebody was asked."""
    from .. import render

    progress.close()
    if not given["quiet"] and given["plan_file"] is None:
        terminal.tell(
            render.render_plans(plans, "text", screen=terminal.screen(verbose=given["verbose"], stream=sys.stderr))
        )
    if given["auto_approve"] or given["plan_file"] is not None or given["digests"] or given["only"] is not None:
        return False
    if not terminal.is_interactive():
        raise RefusedError(
            "nothing was written: the changes were not approved, and there is no terminal to ask at",
            hint="look at the plan; then give --auto-approve, --expect-digest, or --plan with a saved plan",
        )
    names = ", ".join(plan.tenant for plan in plans)
    try:
        answer = click.prompt(f"Apply this to {visible(names)}? Type yes to write", default="no", err=True)
    except (click.Abort, OSError):  # OSError: the terminal was closed
        raise RefusedError("nothing was written: there was no answer") from None
    if answer.strip() != "yes":
        raise RefusedError("nothing was written: the answer was not yes")
    return True


def _journal(place: str) -> Path:
    """Where the journal is; a folder that is named as one is there from then on."""
    path = Path(place)
    if place.endswith(("/", os.sep)):
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise JournalUnavailableError(
                f"nothing was written: the folder {place} of the journal cannot be made: {error.strerror or error}",
                hint="name another place with --audit-log",
            ) from None
    return path


def _refuse_nonsense(given: dict[str, Any]) -> None:
    if given["plan_file"] is not None:
        for name, option in (
            ("base", "--base"),
            ("applied", "--applied"),
            ("campaigns", "--campaign"),
            ("keep_going", "--keep-going"),
            ("only", "--only"),
        ):
            if given[name]:
                raise UsageError(f"--plan applies exactly the saved plan, so {option} cannot be given with it")
    if given["only"] is not None and given["base"] is None:
        raise UsageError(
            f"--only {given['only']} needs --base: without it nobody can say who asked for a change",
            hint="give the revision that was applied last",
        )
    if given["force"] is not None and not given["force"].strip():
        raise UsageError("--force needs a reason, which the journal keeps", hint="say why, in a few words")


def _expected(digests: Sequence[str]) -> dict[str, str] | None:
    """--expect-digest by tenant name; one without a name stands under the empty name."""
    if not digests:
        return None
    expected: dict[str, str] = {}
    for text in digests:
        name, equals, digest = text.rpartition("=")
        if equals and not name:
            raise UsageError(f"--expect-digest {text} names no tenant before the =")
        if name in expected:
            raise UsageError(f"--expect-digest is given twice for {name or 'the tenant'}")
        expected[name] = digest
    return expected
