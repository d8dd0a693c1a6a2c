"""The client's id and secret: where they come from, and that no text ever shows the secret."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..errors import CredentialsMissingError, UsageError
from ..settings import TenantSettings


@dataclass(frozen=True, slots=True)
class Credentials:
    """The OAuth 2.0 client of one tenant."""

    client_id: str
    client_secret: str = field(repr=False)


def credentials_from(settings: TenantSettings, environ: Mapping[str, str]) -> Credentials:
    """The credentials in the environment variables that the settings name, less blanks and line ends around them.

    Raises CredentialsMissingError where one is not set or empty, and UsageError for a client id with a colon, which
    the Basic scheme cannot carry (RFC 7617, 2).
    """
    names = (settings.client_id_env, settings.client_secret_env)
    client_id, client_secret = (environ.get(name, "").strip() for name in names)
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
    return Credentials(client_id, client_secret)
