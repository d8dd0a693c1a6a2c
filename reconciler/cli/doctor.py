"""`reconciler doctor`: is everything in place?"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from . import terminal
from .options import common_options, form_option, journal_option, narrowing, options_of
from .terminal import Progress, stopping

if TYPE_CHECKING:
    from ..setup.doctor import Check


@click.command("doctor")
@common_options
@narrowing
@form_option("text", "json")
@journal_option
@click.option("--write", is_flag=True, help="Ask for the right to write too; nothing is written.")
@click.option("--github", "with_github", is_flag=True, help="Look at the settings of the repository on GitHub too.")
def command(form: str, quiet: bool, audit_log: str, write: bool, with_github: bool, **given: Any) -> int:
    """Check the set-up for the schedules below PATH, and change nothing.

    Looks at the files, the credentials, the way to each tenant, its token, one read of each list that a plan needs, and
    the place of the journal. With --github also at the environments and the rules of the repository, which needs
    GITHUB_TOKEN (and GITHUB_REPOSITORY, where the checkout has no origin on GitHub).

    Exits with 1 where something is wrong. What cannot be said for sure is `unsure`.

    \b
    Example:
      CXONE_CLIENT_ID=... CXONE_CLIENT_SECRET=... reconciler doctor --write
    """
    from ..setup.doctor import WRONG, Examination, examine

    stop = threading.Event()
    with Progress(quiet=quiet) as progress, stopping(stop, progress):
        options = options_of(given, progress)
        checks = list(examine(options, Examination(Path(audit_log), write, stop)))
        if with_github:
            from ..setup.repository import examine_github

            checks += examine_github(options)
    wrong = [check for check in checks if check.state == WRONG]
    if form == "json":
        terminal.data(_json(checks))
    else:
        terminal.data("".join(f"{line}\n" for line in map(_line, wrong if quiet else checks)))
    return 1 if wrong else 0


def _line(check: Check) -> str:
    from ..render.escape import visible

    whose = f"{check.tenant}: " if check.tenant is not None else ""
    advice = f"; {check.advice}" if check.advice else ""
    return visible(f"{check.state:<8}{whose}{check.name}: {check.message}{advice}")


def _json(checks: Iterable[Check]) -> str:
    from ..render.escape import json_text

    return json_text({"formatVersion": "1", "checks": [check._asdict() for check in checks]})
