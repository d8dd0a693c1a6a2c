"""`reconciler init`: a folder to begin with."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import UsageError
from . import terminal
from .options import about, path_argument

if TYPE_CHECKING:
    from ..setup.start import FirstTenant, PlacedFile

_USUAL_URI = "https://api.usw2.niceincontact.com"
_USUAL_ZONE = "America/New_York"


@click.command("init")
@path_argument
@click.option("--name", metavar="NAME", help="The tenant's name, as people call it.")
@click.option("--base-uri", metavar="URL", help="The base URI of the tenant's API; default CXONE_BASE_URI.")
@click.option("--timezone", metavar="ZONE", help="The time zone of the first schedule, or of all skills.")
@click.option(
    "--api",
    type=click.Choice(["dialer", "admin"]),
    default="dialer",
    show_default=True,
    help="The API that the tenant is managed through; admin needs no base URI.",
)
@click.option("--schemas", is_flag=True, help="Only bring the schemas for editors up to date with this release.")
@click.option("--quiet", "-q", is_flag=True, help="No remarks, errors only.")
@about
def command(path: str, api: str, schemas: bool, quiet: bool, **answers: str | None) -> int:
    """Start a folder of schedules at PATH: tenant.yaml, a first campaign file, and schemas for editors.

    Asks on a terminal; elsewhere it needs --name and --base-uri, or with --api admin --name and --timezone. Nothing is
    overwritten: what is there is kept.

    \b
    Examples:
      reconciler init --name acme --base-uri https://api.usw2.niceincontact.com --timezone America/Chicago
      reconciler init --api admin --name acme --timezone America/New_York
    """
    from ..setup.start import place_schemas, start, survey

    ground = survey(path)
    if schemas:
        placed = place_schemas(ground, refresh=True)
    else:
        placed = start(ground, None if ground.has_tenant else _tenant(api, **answers))
    if not quiet:
        terminal.data("".join(f"{file.action}  {file.file}\n" for file in placed))
        if words := _next_steps(path, placed, api, schemas=schemas):
            terminal.say(words)
    return 0


def _tenant(api: str, name: str | None, base_uri: str | None, timezone: str | None) -> FirstTenant:
    """What was given and, on a terminal, answered; UsageError for what is missing or wrong."""
    from ..setup import start

    is_admin = api == "admin"
    base_uri = None if is_admin else (base_uri or os.environ.get("CXONE_BASE_URI", "")).rstrip("/") or None
    needed = (("--name", name), ("--timezone", timezone) if is_admin else ("--base-uri", base_uri))
    missing = [option for option, value in needed if value is None]
    asks = terminal.is_interactive()
    if missing and not asks:
        other = "--api admin --name acme" if is_admin else f"--name acme --base-uri {_USUAL_URI}"
        raise UsageError(
            f"init needs {' and '.join(missing)} where it cannot ask",
            hint=f"such as: reconciler init {other} --timezone {_USUAL_ZONE}",
        )
    here = Path.cwd().name
    usual_name = here if start.name_fault(here) is None else "acme"

    def uri_fault(uri: str) -> str | None:
        return start.base_uri_fault(uri, os.environ)

    name = _answer("Name of the tenant", name, usual_name, start.name_fault, asks=asks)
    if not is_admin:
        base_uri = _answer("Base URI of its API", base_uri, _USUAL_URI, uri_fault, asks=asks).rstrip("/")
    question = "Time zone that the times of its skills are in" if is_admin else "Time zone of the first schedule"
    zone = _answer(question, timezone, _usual_zone(), start.timezone_fault, asks=asks)
    return start.FirstTenant(name, base_uri, zone)


def _answer(question: str, value: str | None, usual: str, fault_of: Callable[[str], str | None], *, asks: bool) -> str:
    """The value of an option; without one the answer of whoever sits there, asked again while it is wrong."""
    while value is None and asks:
        answer = click.prompt(question, default=usual, err=True).strip()
        if (fault := fault_of(answer)) is None:
            return str(answer)
        terminal.say(fault)
    value = usual if value is None else value
    if (fault := fault_of(value)) is not None:
        raise UsageError(fault)
    return value


def _usual_zone() -> str:
    """The zone of this machine, where it has one that people live in."""
    from tzlocal import get_localzone_name

    from ..setup.start import timezone_fault

    try:
        zone = get_localzone_name()
    except (LookupError, OSError, ValueError):  # a machine that is set up in an unusual way
        return _USUAL_ZONE
    return zone if "/" in zone and not zone.startswith("Etc/") and timezone_fault(zone) is None else _USUAL_ZONE


def _next_steps(path: str, placed: tuple[PlacedFile, ...], api: str, *, schemas: bool) -> str:
    outdated = [file.file for file in placed if file.outdated]
    place = "" if path == "schedules" else f" {path}"
    if outdated:
        return f"{outdated[0]} is that of another release: `reconciler init{place} --schemas` brings it up to date."
    if schemas or all(file.action == "kept" for file in placed):
        return ""
    keys = "the client and the access key" if api == "admin" else "CXONE_CLIENT_ID and CXONE_CLIENT_SECRET"
    steps = {
        f"validate{place}": "check the files",
        f"plan --sandbox{place}": "what an apply would do, against the embedded CXone; needs no account",
        f"doctor{place}": f"with {keys} set: is all in place for your tenant?",
        f"import --all{place}": "write a file for each campaign that your tenant has",
    }
    shown = list(steps.items())[2 if api == "admin" else 0 :]  # there is no first campaign file to check
    width = max(len(step) for step, _ in shown)
    lines = [f"  reconciler {step:{width}}   {what}" for step, what in shown]
    end = "Keep the folder .reconciler out of git: it holds the journal and what the embedded CXone remembers."
    return "\n".join(["\nNext:", *lines, end])
