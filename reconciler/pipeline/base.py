"""The desired state at `--base`, and what is to be said where it cannot tell who asked for a change."""

from __future__ import annotations

from dataclasses import dataclass

from .. import desired, hosts, sources
from ..model import DesiredSchedule, Finding, Severity
from ..settings import TenantSettings
from .options import Options


@dataclass(frozen=True, slots=True)
class Base:
    """What git held at the revision with this sha."""

    sha: str
    desired: desired.Desired


@dataclass(frozen=True, slots=True)
class TenantBase:
    """One tenant's schedules at the base, and what is wrong with them as a base."""

    schedules: tuple[DesiredSchedule, ...]
    findings: tuple[Finding, ...]


def read_base(root: str, options: Options, selection: desired.Selection) -> Base:
    """The state at `options.base`, from git objects. UsageError for a revision that git does not know."""
    revision = sources.Revision(root, options.base or "")
    allowed = hosts.allowed_hosts(options.environ)
    return Base(revision.sha, desired.load(revision, options.path, selection, allowed=allowed))


def base_of(settings: TenantSettings, base: Base) -> TenantBase:
    """The same tenant at the base: by its name, else, where it was renamed, by where it is."""
    found = _same_name(settings, base) or _same_place(settings, base)
    errors = [
        each
        for each in (*base.desired.findings, *(found.findings if found is not None else ()))
        if each.severity is Severity.ERROR and each.code != "no-schedules"
    ]
    if errors:
        finding = _invalid(base, errors)
        return TenantBase(found.schedules if found is not None else (), (finding,))
    if found is None:
        return TenantBase((), (_absent(settings, base),))
    return TenantBase(found.schedules, ())


def _same_name(settings: TenantSettings, base: Base) -> desired.DesiredTenant | None:
    return next((each for each in base.desired.tenants if each.settings.name == settings.name), None)


def _same_place(settings: TenantSettings, base: Base) -> desired.DesiredTenant | None:
    place = (settings.base_uri, settings.client_id_env)
    return next(
        (
            each
            for each in base.desired.tenants
            if (each.settings.base_uri, each.settings.client_id_env) == place
        ),
        None,
    )


def _invalid(base: Base, errors: list[Finding]) -> Finding:
    first = errors[0]
    where = f"{first.location.file}:{first.location.line}: " if first.location is not None else ""
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return Finding(
        Severity.WARNING,
        "base-invalid",
        f"the files at the base {base.sha[:12]} are not valid: {where}{first.message}{more}; for what they do not tell, "
        "drift and changes cannot be told apart, and schedules taken out of git or deleted in the console go unnoticed",
    )


def _absent(settings: TenantSettings, base: Base) -> Finding:
    return Finding(
        Severity.NOTICE,
        "base-without-tenant",
        f"the base {base.sha[:12]} has no tenant {settings.name} yet, so everything counts as new in this revision, and "
        "what is live already as a conflict where it differs",
    )
