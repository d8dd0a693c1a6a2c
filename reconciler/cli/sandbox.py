"""`reconciler sandbox`: the embedded CXone, until it is stopped."""

from __future__ import annotations

import contextlib
import threading
from pathlib import Path
from typing import Any

import click

from ..errors import UsageError
from ..phrases import counted
from . import terminal
from .options import common_options, options_of


@click.command("sandbox")
@common_options
@click.option("--tenant", "tenants", multiple=True, metavar="NAME", help="Stand in for this tenant.")
@click.option(
    "--campaign",
    "extra",
    multiple=True,
    metavar="ID",
    help="A campaign that exists, beside those of the files.",
)
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port on loopback; default a free one.")
@click.option("--agents", type=click.IntRange(0), default=200, show_default=True, help="Active agents.")
@click.option(
    "--state",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Keep the state in this file; default nowhere.",
)
@click.option("--latency", type=click.FloatRange(0, 60), default=0.0, help="Seconds added to each answer.")
@click.option(
    "--rate-limit",
    type=click.FloatRange(0, min_open=True),
    help="Requests a second, beyond which it answers 429.",
)
@click.option("--failure-rate", type=click.FloatRange(0, 1), default=0.0, help="Share of requests answered 503.")
@click.option("--no-etags", is_flag=True, help="Give no ETag, so that writes are unconditional.")
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="SPEC",
    help="Inject a fault, such as PUT:reset-after:3; repeatable.",
)
def command(quiet: bool, extra: tuple[str, ...], **given: Any) -> int:
    """Run the embedded CXone on loopback until stopped; print its base URI and credentials.

    The campaigns that the files below PATH name exist, empty at first. Point a command at it with the printed variables.
    """
    from ..sandbox import Faults, Sandbox, SandboxOptions, parse_fault

    try:
        injected = Faults(*(parse_fault(spec) for spec in given["faults"]))
        options = SandboxOptions(
            port=given["port"],
            latency=given["latency"],
            rate_limit=given["rate_limit"],
            failure_rate=given["failure_rate"],
            etags=not given["no_etags"],
        )
    except ValueError as error:
        raise UsageError(str(error)) from None
    campaigns = {*extra, *_campaigns(given)}
    box = Sandbox(
        campaigns=sorted(campaigns),
        agents=given["agents"],
        state_file=given["state"],
        options=options,
        faults=injected,
    )
    with contextlib.suppress(KeyboardInterrupt), box:  # being stopped is how it ends, at whatever point
        terminal.data(
            f"CXONE_BASE_URI={box.base_uri}\nCXONE_CLIENT_ID={box.client_id}\nCXONE_CLIENT_SECRET={box.client_secret}\n"
        )
        if not quiet:
            terminal.say(f"The sandbox holds {counted(len(campaigns), 'campaign')}; stop it with Ctrl-C.")
        threading.Event().wait()
    return 0


def _campaigns(given: dict[str, Any]) -> set[str]:
    """The campaigns of the files, where there are any: the sandbox runs without files too."""
    from ..pipeline.check import check_files

    if not Path(given["path"]).exists():
        return set()
    return {name for tenant in check_files(options_of(given)).tenants for name in tenant.campaigns}
