"""Files → checked desired state: all that can be known without a network."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .. import desired, hosts, rules, sources
from ..errors import DesiredStateError, UsageError
from ..findings import in_order
from ..model import DesiredSchedule, Finding, Severity
from ..plan import RevisionInfo
from ..settings import TenantSettings
from .base import Base, base_of, read_base
from .options import Options


@dataclass(frozen=True, slots=True)
class CheckedTenant:
    """One tenant's desired state with everything found wrong with it.

    `loadable` is False where an entry could not be read: then nobody can tell which live schedules git names. `base` is
    the desired state at `--base`, empty where the base does not have this tenant, None without a base.
    """

    settings: TenantSettings
    schedules: tuple[DesiredSchedule, ...]
    campaigns: tuple[str, ...]
    findings: tuple[Finding, ...]
    loadable: bool
    base: tuple[DesiredSchedule, ...] | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """All selected tenants with a valid tenant.yaml, sorted by name; `findings` are those of no tenant, which each tenant
    holds too: an error that nobody can place stops them all. `schedules` is how many were checked, whole or in part."""

    tenants: tuple[CheckedTenant, ...]
    findings: tuple[Finding, ...]
    revision: RevisionInfo
    files: int
    schedules: int = 0

    @property
    def all_findings(self) -> tuple[Finding, ...]:
        """The findings of all tenants and of none, sorted."""
        return in_order((*self.findings, *(each for tenant in self.tenants for each in tenant.findings)))


def check(options: Options) -> Checked:
    """Load and check everything below PATH; UsageError for a tenant or campaign that no file names."""
    selection = desired.Selection(options.tenants, options.campaigns)
    allowed = hosts.allowed_hosts(options.environ)
    try:
        state = sources.state_of(options.path)
        loaded = desired.load(sources.WorkTree(state.root), options.path, selection, allowed=allowed)
    except DesiredStateError as error:
        return _nothing(error)
    base = read_base(state, options, selection, loaded) if options.base is not None else None
    _known(options.tenants, loaded.tenant_names, "tenant")
    unusable = (_by_rules(tenant, options) for tenant in loaded.unusable)
    of_none = (*_of_git(state), *loaded.findings, *(each for findings in unusable for each in findings))
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
        sum(len(each.schedules) + len(each.partial) for each in (*loaded.tenants, *loaded.unusable)),
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
        each for each in loaded.findings if each.severity is Severity.ERROR and each.code != "no-schedules"
    )
    return tuple(tenant.settings.name for tenant in loaded.tenants), errors


def _checked(
    tenant: desired.DesiredTenant,
    of_none: tuple[Finding, ...],
    base: Base | None,
    options: Options,
    *,
    narrowed: bool,
) -> CheckedTenant:
    at_base = base_of(tenant, base, narrowed=narrowed) if base is not None else None
    return CheckedTenant(
        settings=tenant.settings,
        schedules=tenant.schedules,
        campaigns=tenant.campaigns,
        findings=(
            *of_none,
            *(at_base.findings if at_base else ()),
            *tenant.findings,
            *_by_rules(tenant, options),
        ),
        loadable=not tenant.partial and not any(each.severity is Severity.ERROR for each in tenant.findings),
        base=at_base.schedules if at_base is not None else None,
    )


def _by_rules(tenant: desired.DesiredTenant, options: Options) -> tuple[Finding, ...]:
    places = tenant.places.locate
    found = rules.check(tenant.settings, tenant.schedules, options.as_of, places, tenant.partial)
    return rules.with_severities(found, tenant.settings)


def _known(asked: frozenset[str], names: Iterable[str], kind: str) -> None:
    known = sorted(names)
    for name in sorted(asked - set(known)):
        from difflib import get_close_matches  # only for a name that is wrong

        near = get_close_matches(name, known, n=3)
        hint = f"did you mean {' or '.join(near)}?" if near else f"known: {', '.join(known[:20]) or 'none'}"
        raise UsageError(f"no file below PATH names the {kind} {name!r}", hint=hint)
