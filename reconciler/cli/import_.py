"""`reconciler import`: live schedules → campaign files."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from ..errors import UsageError
from ..findings import Severity
from . import terminal
from .options import (
    common_options,
    findings_exit_code,
    form_option,
    narrowing,
    options_of,
    sandbox_option,
    verbose_option,
)
from .terminal import Progress, stopping

if TYPE_CHECKING:
    from ..importing import Imported


@click.command("import")
@common_options
@narrowing
@sandbox_option
@click.option("--all", "everything", is_flag=True, help="Import every campaign of the tenant.")
@click.option("--update", is_flag=True, help="Write what differs back into the files that are there.")
@form_option("text", "json")
@verbose_option
def command(form: str, everything: bool, update: bool, quiet: bool, verbose: bool, **given: Any) -> int:
    """Write the schedules that a tenant holds into campaign files below PATH, so that a plan of them is empty.

    Needs --campaign or --all. Campaigns that files name already are left alone, unless --update is given: then what
    differs is written into these files, and nothing else of them is touched. Without a tenant.yaml one is written from
    CXONE_BASE_URI. Sends nothing but GET and the request for a token.

    Exits with 0 when all is done, with 1 when the tenant could not be read or something was left out, 3 when the files
    are invalid.

    \b
    Examples:
      reconciler import --all
      reconciler import --campaign CAM_001 --update
    """
    from ..importing import run_import

    if everything == bool(given["campaigns"]):
        raise UsageError(
            "import needs either --campaign ID or --all",
            hint="`import --all` writes a file for each campaign of the tenant",
        )
    stop = threading.Event()
    with Progress(quiet=quiet) as progress, stopping(stop, progress):
        imported = run_import(options_of(given, progress), update=update, stop=stop)
    if form == "json":
        terminal.data(_json(imported))
    elif not quiet or imported.reported:
        terminal.data("".join(f"{line}\n" for line in _lines(imported, given["path"], verbose=verbose)))
    if imported.blocked:
        terminal.error("nothing was written", hint="correct what the findings above say")
        return findings_exit_code(imported.reported) or 1
    return 1 if any(finding.severity is Severity.ERROR for finding in imported.reported) else 0


def _json(imported: Imported) -> str:
    from ..document.finding_document import finding_document
    from ..render.escape import json_text

    return json_text(
        {
            "formatVersion": "1",
            "files": [
                {"file": file.file, "action": file.action, "schedules": file.schedules} for file in imported.files
            ],
            "reported": [finding_document(finding) for finding in imported.reported],
        }
    )


def _lines(imported: Imported, path: str, *, verbose: bool) -> Iterator[str]:
    from ..phrases import counted
    from ..render.escape import visible
    from ..render.text import findings_lines

    for file in imported.files:
        yield visible(f"{file.action}  {file.file}  ({counted(file.schedules, 'schedule')})")
    yield from findings_lines(imported.reported, terminal.screen(verbose=verbose))
    if imported.blocked:
        return
    written = sum(file.action != "unchanged" for file in imported.files)
    if written:
        yield visible(f"{counted(written, 'file')} written. Next: look at git diff, then `reconciler plan {path}`.")
    else:
        yield "No file was changed."
