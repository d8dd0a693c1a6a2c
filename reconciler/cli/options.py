"""The options that commands share, and how they become the pipeline's `Options`."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from .. import __version__

if TYPE_CHECKING:
    from ..findings import Finding
    from ..pipeline.tenants import Options
    from .terminal import Progress

Command = TypeVar("Command", bound=Callable[..., Any])
FILE = click.Path(path_type=Path)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})", re.ASCII)


def _as_of(_context: click.Context, _parameter: click.Parameter, value: str | None) -> tuple[date, datetime | None]:
    """The date in UTC that counts as today, and the instant that counts as now, None where only the date is known."""
    with suppress(ValueError, OverflowError):
        if value is not None and _DATE.fullmatch(value):
            return date.fromisoformat(value), None
        if value is None or _INSTANT.fullmatch(value):
            now = datetime.now(UTC) if value is None else datetime.fromisoformat(value).astimezone(UTC)
            return now.date(), now
    raise click.BadParameter(
        f"{value!r} is not a date, nor an instant; write YYYY-MM-DD, or a time with its offset such as "
        "2026-11-27T00:30:00+00:00"
    )


def _path(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    if not value:
        raise click.BadParameter("PATH is empty; name the folder of the schedules, or . for this one")
    return value


def _together(*decorators: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """Several options as one; the help shows them in this order."""

    def decorate(command: Command) -> Command:
        for decorator in reversed(decorators):
            command = decorator(command)
        return command

    return decorate


def form_option(*forms: str) -> Callable[[Command], Command]:
    """--format, by default the first of the forms."""
    return click.option("--format", "form", type=click.Choice(forms), default=forms[0], show_default=True)


about = _together(
    click.option("--debug", is_flag=True, expose_value=False, help="Add a traceback to errors."),
    click.version_option(__version__, prog_name="reconciler"),
)
"""The options that every command has."""
as_of_option = click.option(
    "--as-of",
    metavar="DATE",
    callback=_as_of,
    help="The day that counts as today, YYYY-MM-DD, or an instant with its offset; default now.",
)


path_argument = click.argument("path", default="schedules", callback=_path)
common_options = _together(
    path_argument,
    as_of_option,
    click.option("--quiet", "-q", is_flag=True, help="No progress and no remarks, errors only."),
    about,
)
"""PATH and the options that every command on schedules has."""
verbose_option = click.option("--verbose", is_flag=True, help="In text, every field and every finding.")
tenant_option = click.option("--tenant", "tenants", multiple=True, metavar="NAME", help="Only this tenant; repeatable.")
sandbox_option = click.option(
    "--sandbox",
    is_flag=True,
    help="Use the embedded CXone; needs no credentials, keeps its state in .reconciler/.",
)

journal_option = click.option(
    "--audit-log",
    default=".reconciler/audit.jsonl",
    show_default=True,
    metavar="PLACE",
    help="The journal: a file, or a folder (one that exists, or a name that ends in /), which gets a file a month.",
)


narrowing = _together(
    tenant_option,
    click.option("--campaign", "campaigns", multiple=True, metavar="ID", help="Only this campaign; repeatable."),
)
"""--tenant and --campaign: what is left out is neither read, nor written, nor reported."""
planning_options = _together(
    common_options,
    narrowing,
    click.option("--base", metavar="REF", help="Compare with this git revision too, to say who asked for each change."),
    click.option(
        "--applied",
        metavar="REF|none",
        help="The revision that was applied last, or none: shows what an earlier one asked for and was not applied.",
    ),
    sandbox_option,
)
"""What plan and apply have in common."""


def options_of(given: dict[str, Any], progress: Progress | None = None) -> Options:
    """The pipeline's options from a command's parameters."""
    from ..pipeline.tenants import Options  # a command that reads no schedules needs none

    as_of, at = given["as_of"]
    options = Options(
        path=given["path"],
        as_of=as_of,
        at=at,
        environ=os.environ,
        tenants=frozenset(given.get("tenants", ())),
        campaigns=frozenset(given.get("campaigns", ())),
        base=given.get("base"),
        applied=given.get("applied"),
        changed=given.get("changed", False),
        sandbox=given.get("sandbox", False),
    )
    return options if progress is None else replace(options, progress=progress, note=progress.note)


def findings_exit_code(findings: Iterable[Finding]) -> int:
    """3 where the desired state is invalid, 1 where only reading the tenant failed, 0 without errors."""
    from ..findings import Severity  # a command that says only what there is finds nothing

    codes = {finding.code for finding in findings if finding.severity is Severity.ERROR}
    unread = {"campaign-unreadable", "agents-unreadable"}
    if codes - unread:
        return 3
    return 1 if codes else 0
