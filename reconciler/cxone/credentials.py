"""The client's id and secret: where they come from, and that no text ever shows the secret."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..errors import CredentialsMissingError, UsageError
from ..settings import TenantSettings

_PLACEHOLDER = re.compile(r"\$\{.*\}|\$\(.*\)|\{\{.*\}\}|<.*>|%\w+%|\$\w+")


@dataclass(frozen=True, slots=True)
class Credentials:
    """The OAuth 2.0 client of one tenant. `doubts` says what is strange about the variables, and never what they hold."""

    client_id: str
    client_secret: str = field(repr=False)
    doubts: tuple[str, ...] = field(default=(), compare=False)


def credentials_from(settings: TenantSettings, environ: Mapping[str, str]) -> Credentials:
    """The credentials in the environment variables that the settings name, less blanks and line ends around them.

    Raises CredentialsMissingError where one is not set or empty, and UsageError for a client id with a colon, which
    the Basic scheme cannot carry (RFC 7617, 2).
    """
    names = (settings.client_id_env, settings.client_secret_env)
    values = tuple(environ.get(name, "") for name in names)
    client_id, client_secret = (value.strip() for value in values)
    if missing := [name for name, value in zip(names, (client_id, client_secret), strict=True) if not value]:
        variables, verb = " and ".join(missing), "is" if len(missing) == 1 else "are"
        raise CredentialsMissingError(
            f"tenant {settings.name}: no credentials, because {variables} {verb} not set in the environment",
            hint=f"set {variables} to the client of this tenant (or name other variables in {settings.location.file} "
            "below credentials), or try it out with --sandbox",
        )
    if ":" in client_id:
        raise UsageError(
            f"tenant {settings.name}: the client id in {names[0]} holds a colon, so it cannot be a client id",
            hint=f"set {names[0]} to the client id alone and {names[1]} to the secret",
        )
    doubts = (
        f"{name} {doubt}" for name, value in zip(names, values, strict=True) if (doubt := _doubt(value))
    )
    return Credentials(client_id, client_secret, tuple(doubts))


def _doubt(value: str) -> str:
    """What about the value of a variable is not as a client id or secret usually is; empty where nothing is."""
    core = value.strip()
    checks = (
        (core[0] in "\"'`" and core[0] == core[-1], "is in quotation marks"),
        (core.endswith(("\\n", "\\r")), "ends with a backslash and a letter, where a line end may be meant"),
        (_PLACEHOLDER.fullmatch(core) is not None, "looks like a placeholder that was not filled in"),
        (len(core.split()) > 1, "has a blank or a line end inside"),
        (
            not all("!" <= char <= "~" for char in "".join(core.split())),
            "has an invisible or a special character",
        ),
        (core != value, "has a blank or a line end around it, which was left out"),
    )
    return next((words for holds, words in checks if holds), "")
