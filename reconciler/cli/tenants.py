"""`reconciler tenants`: the tenants below PATH, for a pipeline's matrix."""

from __future__ import annotations

import json
from typing import Any

import click

from ..render.escape import visible
from . import terminal
from .options import common_options, form_option, options_of, tenant_option


@click.command("tenants")
@common_options
@tenant_option
@form_option("text", "json")
def command(form: str, **given: Any) -> int:
    """Print the names of the tenants below PATH, one a line or as a JSON array.

    \b
    Example:
      reconciler tenants --format json
    """
    from .. import render
    from ..pipeline.check import list_tenants

    names, findings = list_tenants(options_of(given))
    if findings:
        terminal.say(render.render_findings(findings, 0, 0, "text"))
    terminal.data(json.dumps(names) if form == "json" else "".join(f"{visible(name)}\n" for name in names))
    return 3 if findings else 0
