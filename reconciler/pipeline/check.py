"""Files → checked desired state, and the same at `--base`: all that can be known without a network."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from .. import desired, hosts, rules, sources
from ..errors import DesiredStateError, UsageError
from ..findings import in_order
from ..model import DesiredSchedule, Finding, Severity
from ..plan import RevisionInfo
from ..settings import TenantSettings
from .options import Options


@dataclass(frozen=True, slots=True)
class Checked:
    """All selected tenants with a valid tenant.yaml, sorted by name; `findings` are those of no tenant, which each tenant
    holds too: an error that belongs to no tenant stops them all. `schedules` is how many were checked, whole or in part."""

    tenants: tuple[desired.DesiredTenant, ...]
    findings: tuple[Finding, ...]
    revision: RevisionInfo
    files: int
    schedules: int = 0

    @property
    def all_findings(self) -> tuple[Finding, ...]:
        """The findings of all tenants and of none, sorted."""
        return in_order(
            (*self.findings, *(finding for tenant in self.tenants for finding in tenant.findings))
        )


@dataclass(frozen=True, slots=True)
class _Base:
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
class _TenantBase:
    """One tenant's schedules at the base, and what is wrong with them as a base."""

    schedules: tuple[DesiredSchedule, ...]
    findings: tuple[Finding, ...]


def check(options: Options) -> Checked:
    """Load and check everything below PATH; UsageError for a tenant or campaign that no file names."""
    selection = desired.Selection(options.tenants, options.campaigns)
    allowed = hosts.allowed_hosts(options.environ)
    try:
        state = sources.state_of(options.path)
        loaded = desired.load(sources.WorkTree(state.root), options.path, selection, allowed=allowed)
    except DesiredStateError as error:
        return _nothing(error)
    base = _read_base(state, options, selection, loaded) if options.base is not None else None
    _known(options.tenants, loaded.tenant_names, "tenant")
    unusable = (_by_rules(tenant, options) for tenant in loaded.unusable)
    of_none = (*_of_git(state), *loaded.findings, *(finding for findings in unusable for finding in findings))
    tenants = tuple(
        _checked(tenant, of_none, base, options, narrowed=loaded.narrowed) for tenant in loaded.tenants
    )
    _known(
        options.campaigns,
        {*loaded.campaign_names, *(base.campaign_names if base else ())},
        "campaign",
    )
    return Checked(
        tenants,
        of_none,
        RevisionInfo(state.sha, state.dirty, base.sha if base else None),
        loaded.files,
        sum(len(tenant.schedules) + len(tenant.partial) for tenant in (*loaded.tenants, *loaded.unusable)),
    )


def _of_git(state: sources.RepoState) -> tuple[Finding, ...]:
    """That the files lie in a repository which git cannot read: their revision is not known then."""
    if not state.fault:
        return ()
    message = (
        f"git cannot say which revision the files below {state.root} are ({state.fault}), so the plan and the journal "
        "name none"
    )
    return (Finding(Severity.WARNING, "git-failed", message),)


def _nothing(error: DesiredStateError) -> Checked:
    """What is checked where PATH leads to nothing that could be schedules."""
    sentence = f"{error.message}; {error.hint}" if error.hint else error.message
    return Checked((), (Finding(Severity.ERROR, "no-schedules", sentence),), RevisionInfo(), 0)


def list_tenants(options: Options) -> tuple[tuple[str, ...], tuple[Finding, ...]]:
    """The names of the tenants below PATH, sorted, and what stands in the way of knowing them all."""
    allowed = hosts.allowed_hosts(options.environ)
    state = sources.state_of(options.path)
    selection = desired.Selection(options.tenants)
    loaded = desired.load(sources.WorkTree(state.root), options.path, selection, allowed=allowed)
    _known(options.tenants, loaded.tenant_names, "tenant")
    errors = tuple(
        finding
        for finding in loaded.findings
        if finding.severity is Severity.ERROR and finding.code != "no-schedules"
    )
    return tuple(tenant.settings.name for tenant in loaded.tenants), errors


def _checked(
    tenant: desired.DesiredTenant,
    of_none: tuple[Finding, ...],
    base: _Base | None,
    options: Options,
    *,
    narrowed: bool,
) -> desired.DesiredTenant:
    at_base = _base_of(tenant, base, narrowed=narrowed) if base is not None else None
    of_base = at_base.findings if at_base is not None else ()
    return replace(
        tenant,
        findings=(*of_none, *of_base, *tenant.findings, *_by_rules(tenant, options)),
        base=at_base.schedules if at_base is not None else None,
    )


def _by_rules(tenant: desired.DesiredTenant, options: Options) -> tuple[Finding, ...]:
    places = tenant.places.locate
    found = rules.check(
        tenant.settings, tenant.schedules, options.as_of, places, tenant.partial, today=options.today
    )
    return rules.with_severities(found, tenant.settings)


def _known(asked: frozenset[str], names: Iterable[str], kind: str) -> None:
    known = sorted(names)
    for name in sorted(asked - set(known)):
        from difflib import get_close_matches  # only for a name that is wrong

        near = get_close_matches(name, known, n=3)
        hint = f"did you mean {' or '.join(near)}?" if near else f"known: {', '.join(known[:20]) or 'none'}"
        raise UsageError(f"no file below PATH names the {kind} {name!r}", hint=hint)


def _read_base(
    state: sources.RepoState, options: Options, selection: desired.Selection, now: desired.Desired
) -> _Base:
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
        return _Base(revision.sha, at_path, desired.Desired())
    of_moved = desired.Selection(frozenset(moved), selection.campaigns)
    return _Base(revision.sha, at_path, desired.load(revision, state.root, of_moved, allowed=allowed))


def _base_of(tenant: desired.DesiredTenant, base: _Base, *, narrowed: bool) -> _TenantBase:
    """The same tenant at the base: by its name, wherever it lay; else, where it was renamed, by where it is.

    `narrowed` says that PATH leaves files of the tenant out: of one that lay elsewhere only its campaigns of now count.
    """
    settings = tenant.settings
    found = _same_name(settings, base.at_path)
    if found is None:
        found = _same_name(settings, base.elsewhere)
        if found is not None and narrowed:
            kept = tuple(schedule for schedule in found.schedules if schedule.campaign_id in tenant.campaigns)
            found = replace(found, schedules=kept)
    if found is None:
        found = _same_place(settings, base.at_path)
    errors = [
        finding
        for finding in (*base.at_path.findings, *(found.findings if found is not None else ()))
        if finding.severity is Severity.ERROR and finding.code != "no-schedules"
    ]
    if errors:
        return _TenantBase(found.schedules if found is not None else (), (_invalid(base, errors),))
    if found is None:
        return _TenantBase((), (_absent(settings, base),))
    return _TenantBase(found.schedules, ())


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


def _invalid(base: _Base, errors: list[Finding]) -> Finding:
    first = errors[0]
    where = f"{first.location.file}:{first.location.line}: " if first.location is not None else ""
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return Finding(
        Severity.WARNING,
        "base-invalid",
        f"the files at the base {base.sha[:12]} are not valid: {where}{first.message}{more}; for what they do not say, "
        "drift and changes cannot be told apart, and schedules taken out of git or deleted in the console go unnoticed",
    )


def _absent(settings: TenantSettings, base: _Base) -> Finding:
    return Finding(
        Severity.NOTICE,
        "base-without-tenant",
        f"the base {base.sha[:12]} has no tenant {settings.name} yet, so everything counts as new in this revision, and "
        "what is live already as a conflict where it differs",
    )
