"""`reconciler import`: live schedules → campaign files."""

from __future__ import annotations

from typing import Any

import click

from ..errors import UsageError
from .common import common, narrowing, sandbox_option


@click.command("import")
@common
@narrowing
@sandbox_option
@click.option("--all", "everything", is_flag=True, help="Import every campaign of the tenant.")
@click.option("--update", is_flag=True, help="Write drift back into the files that are there.")
def command(**_given: Any) -> int:
    """Write the schedules that a tenant holds into campaign files. Not available in this version."""
    raise UsageError(
        "import is not available in this version", hint="write the campaign files by hand, and plan them"
    )
