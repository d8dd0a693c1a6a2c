"""The desired state at `--base`, and what is to be said where it cannot tell who asked for a change."""

from __future__ import annotations

from dataclasses import dataclass, replace

from .. import desired, hosts, sources
from ..errors import UsageError
from ..model import DesiredSchedule, Finding, Severity
from ..settings import TenantSettings
from .options import Options


@dataclass(frozen=True, slots=True)
class Base:
    """What git held at the revision with this sha: at PATH, and of the tenants that PATH does not hold there elsewhere in
    the repository, because their folder was moved since."""

    sha: str
    at_path: desired.Desired
    elsewhere: desired.Desired

    @property
    def campaign_names(self) -> frozenset[str]:
        """All campaigns of these tenants, before narrowing."""
        return frozenset((*self.at_path.campaign_names, *self.elsewhere.campaign_names))


@dataclass(frozen=True, slots=True)
class TenantBase:
    """One tenant's schedules at the base, and what is wrong with them as a base."""

    schedules: tuple[DesiredSchedule, ...]
    findings: tuple[Finding, ...]


def read_base(
    state: sources.RepoState, options: Options, selection: desired.Selection, now: desired.Desired
) -> Base:
    """The state at `options.base`, from git objects; `now` is that of the work tree.

    UsageError for a revision that git does not know, or where git cannot be asked.
    """
    if state.fault:
        raise UsageError(
            f"--base needs git, which failed in {state.root} ({state.fault})",
            hint="make git work there, or leave --base out",
        )
    revision = sources.Revision(state.root, options.base or "")
    allowed = hosts.allowed_hosts(options.environ)
    at_path = desired.load(revision, options.path, selection, allowed=allowed)
    moved = {tenant.settings.name for tenant in now.tenants} - set(at_path.tenant_names)
    if not moved:
        return Base(revision.sha, at_path, desired.Desired())
    of_moved = desired.Selection(frozenset(moved), selection.campaigns)
    return Base(revision.sha, at_path, desired.load(revision, state.root, of_moved, allowed=allowed))


def base_of(tenant: desired.DesiredTenant, base: Base, *, narrowed: bool) -> TenantBase:
    """The same tenant at the base: by its name, wherever it lay; else, where it was renamed, by where it is.

    `narrowed` says that PATH leaves files of the tenant out: of one that lay elsewhere only its campaigns of now count.
    """
    settings = tenant.settings
    found = _same_name(settings, base.at_path)
    if found is None:
        found = _same_name(settings, base.elsewhere)
        if found is not None and narrowed:
            kept = tuple(each for each in found.schedules if each.campaign_id in tenant.campaigns)
            found = replace(found, schedules=kept)
    if found is None:
        found = _same_place(settings, base.at_path)
    errors = [
        finding
        for finding in (*base.at_path.findings, *(found.findings if found is not None else ()))
        if finding.severity is Severity.ERROR and finding.code != "no-schedules"
    ]
    if errors:
        return TenantBase(found.schedules if found is not None else (), (_invalid(base, errors),))
    if found is None:
        return TenantBase((), (_absent(settings, base),))
    return TenantBase(found.schedules, ())


def _same_name(settings: TenantSettings, at_base: desired.Desired) -> desired.DesiredTenant | None:
    return next((tenant for tenant in at_base.tenants if tenant.settings.name == settings.name), None)


def _same_place(settings: TenantSettings, at_base: desired.Desired) -> desired.DesiredTenant | None:
    place = (settings.base_uri, settings.client_id_env)
    return next(
        (
            tenant
            for tenant in at_base.tenants
            if (tenant.settings.base_uri, tenant.settings.client_id_env) == place
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
