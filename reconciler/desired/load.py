"""The order of loading: scope, tenants, what they share, and then each tenant by itself."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass

from ..files import Source
from ..findings import Finding, Location, Severity, in_order
from ..settings import TenantSettings
from .campaigns import DesiredTenant, read_campaigns
from .defaults import defaults_of
from .reader import Reader
from .scope import Scope, is_below, scope_of
from .tenants import read_tenants, same_tenants


@dataclass(frozen=True, slots=True)
class Selection:
    """`--tenant` and `--campaign`; empty is all."""

    tenants: frozenset[str] = frozenset()
    campaigns: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Desired:
    """What the files say: the tenants by name, and the findings that belong to none of them.

    `tenants` are those whose tenant.yaml is valid. `unusable` are the others, in the order of their folders: their
    settings are what the file says, their schedules can be checked and nothing more, and their findings are among those
    of none. `files` is how many files were looked at. `narrowed` says that PATH leaves a part of a tenant's files out.
    `tenant_names` and `campaign_names` are those before narrowing, for a "did you mean".
    """

    tenants: tuple[DesiredTenant, ...] = ()
    unusable: tuple[DesiredTenant, ...] = ()
    findings: tuple[Finding, ...] = ()
    files: int = 0
    tenant_names: tuple[str, ...] = ()
    campaign_names: tuple[str, ...] = ()
    narrowed: bool = False


_ALL = Selection()


def load(source: Source, path: str, selection: Selection = _ALL, *, allowed: frozenset[str] = frozenset()) -> Desired:
    """The desired state below PATH, narrowed by `selection`, with all that is wrong with it.

    `allowed` are the hosts that the environment adds to those which may receive credentials. A tenant whose tenant.yaml
    is invalid gives findings, and what can be checked all the same. DesiredStateError if PATH cannot be a source of schedules at all.
    """
    target = source.target(path)
    if target is None:
        return Desired()
    scope = scope_of(source, target)
    reader = Reader(source)
    tenants = read_tenants(reader, scope.tenants, allowed)
    # A tenant whose name is not known may be any of those that were asked for.
    names = {None, *selection.tenants}
    chosen = [tenant for tenant in tenants if not selection.tenants or tenant.name in names]
    pairs = [pair for pair in same_tenants(tenants) if pair[0] in chosen or pair[1] in chosen]
    repeated = {second.folder.name for _, second, _ in pairs}
    shared = tuple(reader.singles(scope.shared, "defaults"))
    above = {posixpath.dirname(single.file.name): defaults_of(single) for single in shared}
    read = [(file, read_campaigns(reader, scope, file, above, selection.campaigns)) for file in chosen]
    loose = [*scope.obstacles, *(finding for _, _, finding in pairs)]
    for file in scope.outside:
        message = "this campaign file lies below no tenant.yaml, so it belongs to no CXone account"
        location = Location(source.shown(file.name), 1, 1)
        loose.append(Finding(Severity.ERROR, "file-outside-tenant", message, location))
    for single in shared:
        folder = posixpath.dirname(single.file.name)
        if not selection.tenants or any(is_below(tenant.folder.name, folder) for tenant in chosen):
            loose += single.findings
    campaigns = (file for folder in scope.tenants for file in folder.campaigns)
    obstacles = (*scope.obstacles, *(finding for folder in scope.tenants for finding in folder.obstacles))
    if not (scope.outside or obstacles or any(scope.covers(file.name) for file in campaigns)):
        loose.append(_no_schedules(path, scope))
    usable, unusable = [], []
    for tenant_file, tenant in read:
        if tenant_file.findings or tenant_file.folder.name in repeated:
            loose += [*tenant_file.findings, *tenant.findings]
            unusable.append(tenant)
        else:
            usable.append(tenant)
    return Desired(
        tuple(sorted(usable, key=lambda tenant: tenant.settings.name)),
        tuple(unusable),
        in_order(loose),
        sum(tenant.files for _, tenant in read) + len(shared) + len(scope.outside),
        tuple(sorted({file.name for file in tenants if file.name is not None})),
        tuple(sorted({name for _, tenant in read for name in tenant.names})),
        scope.narrow is not None,
    )


def load_settings(
    source: Source, path: str, *, allowed: frozenset[str] = frozenset()
) -> tuple[tuple[TenantSettings, ...], tuple[str, ...]]:
    """Only what the tenant.yaml files below PATH say: the settings of the valid ones by name, and the names of the files of
    the others. DesiredStateError as for `load`."""
    target = source.target(path)
    if target is None:
        return (), ()
    tenants = read_tenants(Reader(source), scope_of(source, target).tenants, allowed)
    valid = sorted((tenant.settings for tenant in tenants if not tenant.findings), key=lambda settings: settings.name)
    return tuple(valid), tuple(tenant.location.file for tenant in tenants if tenant.findings)


def _no_schedules(path: str, scope: Scope) -> Finding:
    tenant = "" if scope.tenants else " and no tenant.yaml"
    beginning = (
        "`reconciler import --all` writes one for each campaign" if scope.tenants else "`reconciler init` writes both"
    )
    message = (
        f"{path} holds no campaign file{tenant}; name the folder that holds them, or begin: {beginning}. Files whose name, or "
        'whose folder\'s name, starts with "." or "_" are skipped'
    )
    return Finding(Severity.ERROR, "no-schedules", message)
