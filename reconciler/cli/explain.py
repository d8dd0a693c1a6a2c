"""`reconciler explain`: what a finding means, why it matters, how to resolve it."""

from __future__ import annotations

import click

from ..errors import UsageError
from ..findings import RENAMED, all_codes
from ..render import codes
from . import terminal
from .options import about, form_option


@click.command("explain")
@click.argument("code", required=False)
@form_option("text", "json")
@click.option("--quiet", "-q", is_flag=True, help="No remarks on stderr.")
@about
def command(code: str | None, form: str, quiet: bool) -> int:
    """Say what the finding CODE means, why it matters and how to resolve it; without CODE, list all codes.

    A plan or a check prints the code of each finding. Reads no files and no tenant.

    \b
    Example:
      reconciler explain outside-calling-hours
    """
    if code is None:
        terminal.data(codes.codes_json() if form == "json" else codes.codes_text())
        return 0
    known = _known(code.strip().lower(), quiet=quiet)
    terminal.data(codes.code_json(known) if form == "json" else codes.code_text(known))
    return 0


def _known(code: str, *, quiet: bool) -> str:
    """The code of the table that is meant; UsageError with the near ones where there is none."""
    if code in RENAMED and not quiet:
        terminal.say(f"{code} is called {RENAMED[code]} now.")
    code = RENAMED.get(code, code)
    if code not in all_codes():
        from difflib import get_close_matches

        near = get_close_matches(code, all_codes(), n=3)
        hint = f"did you mean {' or '.join(near)}?" if near else "`reconciler explain` lists all codes"
        raise UsageError(f"no finding has the code {code!r}", hint=hint)
    return code
