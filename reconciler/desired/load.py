"""The order of loading: scope, tenants, what they share, and then each tenant by itself."""

from __future__ import annotations

import posixpath
from typing import NamedTuple

from ..files import Source
from ..findings import Finding, Location, Severity, in_order
from ..settings import TenantSettings
from .campaigns import DesiredTenant, TenantFiles, build_tenant, read_campaigns
from .defaults import defaults_of
from .reader import Reader, Single
from .scope import Scope, is_below, scope_of
from .tenants import TenantFile, read_tenants, same_tenants


class Desired(NamedTuple):
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


class Files(NamedTuple):
    """What lies below a PATH, read as YAML: the first half of loading. `asked` are the names of the tenants that were asked
    for, none for all; `tenants` are these, in the order of their folders, `usable` those whose tenant.yaml is valid, by name.
    `all_tenants` are all that there are, `twins` the pairs of them that may not be two. `shared` are the defaults above the
    tenants."""

    path: str
    asked: frozenset[str]
    source: Source
    reader: Reader
    scope: Scope
    tenants: tuple[TenantFiles, ...]
    usable: tuple[TenantFiles, ...]
    all_tenants: tuple[TenantFile, ...]
    twins: tuple[tuple[TenantFile, TenantFile, Finding], ...]
    shared: tuple[Single, ...]


def load(
    source: Source,
    path: str,
    tenants: frozenset[str] = frozenset(),
    campaigns: frozenset[str] = frozenset(),
    *,
    allowed: frozenset[str] = frozenset(),
    scope: Scope | None = None,
    reader: Reader | None = None,
) -> Desired:
    """The desired state below PATH, with all that is wrong with it; `tenants` and `campaigns` narrow it, empty is all.

    `allowed` are the hosts that the environment adds to those which may receive credentials. A tenant whose tenant.yaml
    is invalid gives findings, and what can be checked all the same. `scope` is what PATH stands for, where that is known, and
    `reader` one that has read other sources. DesiredStateError if PATH cannot be a source of schedules at all.
    """
    files = read_files(source, path, tenants, campaigns, allowed=allowed, scope=scope, reader=reader)
    return Desired() if files is None else build_desired(files)


def read_files(
    source: Source,
    path: str,
    tenants: frozenset[str] = frozenset(),
    campaigns: frozenset[str] = frozenset(),
    *,
    allowed: frozenset[str] = frozenset(),
    scope: Scope | None = None,
    reader: Reader | None = None,
) -> Files | None:
    """The first half of `load`, after which it is known what is to be read of the tenants; None where a past revision did not
    have PATH yet."""
    if scope is None:
        target = source.target(path)
        if target is None:
            return None
        scope = scope_of(source, target)
    reader = reader or Reader()
    found = read_tenants(reader, source, scope.tenants, allowed)
    # A tenant whose name is not known may be any of those that were asked for.
    names = {None, *tenants}
    chosen = [tenant for tenant in found if not tenants or tenant.name in names]
    twins = tuple(pair for pair in same_tenants(found) if pair[0] in chosen or pair[1] in chosen)
    shared = tuple(reader.singles(source, scope.shared, "defaults"))
    above = {posixpath.dirname(single.file.name): defaults_of(single) for single in shared}
    read = tuple(read_campaigns(reader, source, scope, tenant, above, campaigns) for tenant in chosen)
    reader.lines.clear()  # as large as what was read, and of no use any more
    later = [second.folder for _, second, _ in twins]
    valid = (files for files in read if not files.tenant.findings and files.tenant.folder not in later)
    usable = tuple(sorted(valid, key=lambda files: files.tenant.settings.name))
    return Files(path, tenants, source, reader, scope, read, usable, found, twins, shared)


def build_desired(files: Files) -> Desired:
    """The second half of `load`: the files against their schema, and what they mean."""
    scope = files.scope
    built = {part.tenant.folder.name: build_tenant(part, files.reader) for part in files.tenants}
    loose = [*scope.obstacles, *(finding for _, _, finding in files.twins)]
    for file in scope.outside:
        message = "this campaign file lies below no tenant.yaml, so it belongs to no CXone account"
        location = Location(files.source.shown(file.name), 1, 1)
        loose.append(Finding(Severity.ERROR, "file-outside-tenant", message, location))
    for single in files.shared:
        folder = posixpath.dirname(single.file.name)
        if not files.asked or any(is_below(name, folder) for name in built):
            loose += single.findings
    campaigns = (*scope.unread, *(file.name for folder in scope.tenants for file in folder.campaigns))
    obstacles = (*scope.obstacles, *(finding for folder in scope.tenants for finding in folder.obstacles))
    if not (scope.outside or obstacles or any(map(scope.covers, campaigns))):
        loose.append(_no_schedules(files.path, scope))
    usable = [part.tenant.folder.name for part in files.usable]
    for part in files.tenants:
        if (name := part.tenant.folder.name) not in usable:
            loose += [*part.tenant.findings, *built[name].findings]
    return Desired(
        tuple(built[name] for name in usable),
        tuple(tenant for name, tenant in built.items() if name not in usable),
        in_order(loose),
        sum(tenant.files for tenant in built.values()) + len(files.shared) + len(scope.outside),
        tuple(sorted({tenant.name for tenant in files.all_tenants if tenant.name is not None})),
        tuple(sorted({name for part in files.tenants for name in part.names})),
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
    tenants = read_tenants(Reader(), source, scope_of(source, target).tenants, allowed)
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
