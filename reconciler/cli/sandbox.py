"""`reconciler sandbox`: the embedded CXone, until it is stopped."""

from __future__ import annotations

import contextlib
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..errors import UsageError
from ..phrases import counted
from . import terminal
from .options import common_options, options_of

if TYPE_CHECKING:
    from ..desired import DesiredTenant
    from ..sandbox import AdminSandbox, Faults, Sandbox, SandboxOptions


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
@click.option(
    "--api",
    type=click.Choice(["dialer", "admin"]),
    help="The API that it speaks; default that of the files' tenants, else the dialer's.",
)
@click.option(
    "--quirk",
    "quirks",
    multiple=True,
    metavar="NAME",
    help="Let the Admin API do as some tenants do, such as seven-days; repeatable. An unknown NAME lists all.",
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

    The campaigns that the files below PATH name exist, empty at first; for the Admin API the skills that they name, open
    from 9 to 5 on every day. Point a command at it with the printed variables.

    \b
    Example:
      reconciler sandbox --latency 0.05
    """
    from ..sandbox import QUIRKS, Faults, SandboxOptions, parse_fault

    if unknown := sorted(set(given["quirks"]) - QUIRKS.keys()):
        known = "; ".join(f"{name} ({words})" for name, words in QUIRKS.items())
        raise UsageError(f"--quirk {unknown[0]!r} is not known", hint=f"one of {known}")
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
    tenants = _tenants(given)
    is_admin = given["api"] == "admin" or (given["api"] is None and any(tenant.settings.admin for tenant in tenants))
    named = tuple(sorted({*extra, *(name for tenant in tenants for name in tenant.campaigns)}))
    box = _admin_box(given, tenants, named, options, injected) if is_admin else _box(given, named, options, injected)
    with contextlib.suppress(KeyboardInterrupt), box:  # being stopped is how it ends, at whatever point
        terminal.data("".join(f"{name}={value}\n" for name, value in box.variables.items()))
        if not quiet:
            terminal.say(f"The sandbox holds {counted(len(named), 'campaign')}; stop it with Ctrl-C.")
        threading.Event().wait()
    return 0


def _box(given: dict[str, Any], campaigns: tuple[str, ...], options: SandboxOptions, faults: Faults) -> Sandbox:
    from ..sandbox import Sandbox

    agents, state = given["agents"], given["state"]
    return Sandbox(campaigns=campaigns, agents=agents, state_file=state, options=options, faults=faults)


def _admin_box(
    given: dict[str, Any],
    tenants: tuple[DesiredTenant, ...],
    campaigns: tuple[str, ...],
    options: SandboxOptions,
    faults: Faults,
) -> AdminSandbox:
    from ..sandbox import AdminSandbox

    skills = [(entry.campaign_id, entry.name, entry.pinned_id) for tenant in tenants for entry in tenant.schedules]
    zone = next((tenant.settings.admin.timezone for tenant in tenants if tenant.settings.admin), "America/New_York")
    return AdminSandbox(
        skills=skills,
        campaigns=campaigns,
        timezone=zone,
        state_file=given["state"],
        options=options,
        quirks=given["quirks"],
        faults=faults,
    )


def _tenants(given: dict[str, Any]) -> tuple[DesiredTenant, ...]:
    """The tenants of the files, where there are any: the sandbox runs without files too."""
    from ..pipeline.check import check_files

    return check_files(options_of(given)).tenants if Path(given["path"]).exists() else ()
