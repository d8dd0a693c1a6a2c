"""Files → checked desired state, and the same at `--base`: all that can be known without a network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from .. import desired, hosts, rules, sources
from ..errors import DesiredStateError, UsageError
from ..findings import Finding, Severity, in_order
from ..model import DesiredSchedule
from ..plan import RevisionInfo
from .tenants import Options


@dataclass(frozen=True, slots=True)
class Checked:
    """All selected tenants with a valid tenant.yaml, sorted by name; `findings` are those of no tenant, which each tenant
    holds too: an error that belongs to no tenant stops them all. `schedules` is how many were checked, whole or in part;
    `narrowed` says that PATH leaves a part of a tenant out."""

    tenants: tuple[desired.DesiredTenant, ...]
    findings: tuple[Finding, ...]
    revision: RevisionInfo
    files: int
    schedules: int = 0
    narrowed: bool = False

    @property
    def all_findings(self) -> tuple[Finding, ...]:
        """The findings of all tenants and of none, sorted."""
        return in_order((*self.findings, *(finding for tenant in self.tenants for finding in tenant.findings)))


@dataclass(frozen=True, slots=True)
class _Base:
    """What git held at the revision with this sha: the tenants of PATH, by name and by where they are, and those that PATH
    did not hold then because their folder was moved since."""

    sha: str
    by_name: Mapping[str, desired.DesiredTenant]
    by_place: Mapping[tuple[str, str], desired.DesiredTenant]
    findings: tuple[Finding, ...]
    campaign_names: frozenset[str]


def check_files(options: Options) -> Checked:
    """Load and check everything below PATH; UsageError for a tenant or campaign that no file names."""
    selection = desired.Selection(options.tenants, options.campaigns)
    allowed = hosts.allowed_hosts(options.environ)
    try:
        state = sources.state_of(options.path)
        loaded = desired.load(sources.WorkTree(state.root), options.path, selection, allowed=allowed)
    except DesiredStateError as error:
        return Checked((), (Finding(Severity.ERROR, "no-schedules", error.advice),), RevisionInfo(), 0)
    base = _read_base(state, options, selection, loaded) if options.base is not None else None
    _known(options.tenants, loaded.tenant_names, "tenant")
    unusable = (_by_rules(tenant, options) for tenant in loaded.unusable)
    of_none = (*_of_git(state), *loaded.findings, *(finding for findings in unusable for finding in findings))
    tenants = tuple(_checked(tenant, of_none, base, options) for tenant in loaded.tenants)
    _known(options.campaigns, {*loaded.campaign_names, *(base.campaign_names if base else ())}, "campaign")
    return Checked(
        tenants,
        of_none,
        RevisionInfo(state.sha, state.dirty, base.sha if base else None),
        loaded.files,
        sum(len(tenant.schedules) + len(tenant.partial) for tenant in (*loaded.tenants, *loaded.unusable)),
        loaded.narrowed,
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


def list_tenants(options: Options) -> tuple[tuple[str, ...], tuple[Finding, ...]]:
    """The names of the tenants below PATH, sorted, and what stands in the way of knowing them all."""
    allowed = hosts.allowed_hosts(options.environ)
    state = sources.state_of(options.path)
    selection = desired.Selection(options.tenants)
    loaded = desired.load(sources.WorkTree(state.root), options.path, selection, allowed=allowed)
    _known(options.tenants, loaded.tenant_names, "tenant")
    return tuple(tenant.settings.name for tenant in loaded.tenants), _errors(loaded.findings)


def _errors(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those that say that something is wrong, not that there is nothing."""
    return tuple(
        finding for finding in findings if finding.severity is Severity.ERROR and finding.code != "no-schedules"
    )


def _checked(
    tenant: desired.DesiredTenant, of_none: tuple[Finding, ...], base: _Base | None, options: Options
) -> desired.DesiredTenant:
    closings = rules.closings_of(tenant.settings, options.as_of, options.at)
    findings = (*of_none, *tenant.findings, *_by_rules(tenant, options, closings))
    tenant = replace(tenant, schedules=tuple(map(closings.week, tenant.schedules)))
    if base is None:
        return replace(tenant, findings=findings)
    at_base = base.by_name.get(tenant.settings.name) or base.by_place.get(tenant.settings.account)
    schedules: tuple[DesiredSchedule, ...] = ()
    if at_base is not None:
        closings = rules.closings_of(at_base.settings, options.as_of, options.at)
        schedules = tuple(map(closings.week, at_base.schedules))
    return replace(tenant, findings=(*findings, *_of_base(tenant, at_base, base)), base=schedules)


def _by_rules(
    tenant: desired.DesiredTenant, options: Options, closings: rules.Closings | None = None
) -> tuple[Finding, ...]:
    settings, places = tenant.settings, tenant.places.locate
    return rules.check(settings, tenant.schedules, options.as_of, places, tenant.partial, options.today, closings)


def _known(asked: frozenset[str], names: Iterable[str], kind: str) -> None:
    known = sorted(names)
    for name in sorted(asked - set(known)):
        from difflib import get_close_matches  # only for a name that is wrong

        near = get_close_matches(name, known, n=3)
        hint = f"did you mean {' or '.join(near)}?" if near else f"known: {', '.join(known[:20]) or 'none'}"
        raise UsageError(f"no file below PATH names the {kind} {name!r}", hint=hint)


def _read_base(state: sources.RepoState, options: Options, selection: desired.Selection, now: desired.Desired) -> _Base:
    """The state at `options.base`, from git objects; `now` is that of the work tree.

    UsageError for a revision that git does not know, or where git cannot be asked.
    """
    if state.fault:
        raise UsageError(
            f"--base needs git, which failed in {state.root} ({state.fault})",
            hint="make git work there, or leave --base out",
        )
    from ..sources.revision import Revision  # only with a base

    revision = Revision(state.root, options.base or "")
    allowed = hosts.allowed_hosts(options.environ)
    at_path = desired.load(revision, options.path, selection, allowed=allowed)
    moved = {tenant.settings.name for tenant in now.tenants} - set(at_path.tenant_names)
    elsewhere = desired.Desired()
    if moved:
        of_moved = desired.Selection(frozenset(moved), selection.campaigns)
        elsewhere = desired.load(revision, state.root, of_moved, allowed=allowed)
    tenants = [*(_narrowed(tenant, now) for tenant in elsewhere.tenants), *at_path.tenants]
    return _Base(
        revision.sha,
        {tenant.settings.name: tenant for tenant in tenants},
        {tenant.settings.account: tenant for tenant in at_path.tenants},
        at_path.findings,
        frozenset((*at_path.campaign_names, *elsewhere.campaign_names)),
    )


def _narrowed(tenant: desired.DesiredTenant, now: desired.Desired) -> desired.DesiredTenant:
    """Of a tenant that lay elsewhere, where PATH leaves some of its files out, only the campaigns of now count."""
    names = {name for tenant in now.tenants for name in tenant.campaigns}
    kept = tuple(entry for entry in tenant.schedules if entry.campaign_id in names or not now.narrowed)
    return replace(tenant, schedules=kept)


def _of_base(tenant: desired.DesiredTenant, at_base: desired.DesiredTenant | None, base: _Base) -> tuple[Finding, ...]:
    """What stands in the way of knowing who asked for a change."""
    errors = _errors((*base.findings, *(at_base.findings if at_base is not None else ())))
    if errors:
        first, place = errors[0], errors[0].location
        where = f"{place.file}:{place.line}: " if place is not None else ""
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        message = (
            f"the files at the base {base.sha[:12]} are not valid: {where}{first.message}{more}; for what they do not say, "
            "drift and changes cannot be distinguished, and schedules taken out of git or deleted in the console go unnoticed"
        )
        return (Finding(Severity.WARNING, "base-invalid", message),)
    if at_base is not None:
        return ()
    message = (
        f"the base {base.sha[:12]} has no tenant {tenant.settings.name} yet, so everything counts as new in this revision, "
        "and what is live already as a conflict where it differs"
    )
    return (Finding(Severity.NOTICE, "base-without-tenant", message),)
