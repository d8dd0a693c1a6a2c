"""The order of loading: scope, tenants, what they share, and then each tenant by itself."""

from __future__ import annotations

import posixpath
from typing import NamedTuple

from ..files import Source
from ..findings import Finding, Location, Severity, in_order
from ..settings import TenantSettings
from .campaigns import DesiredTenant, TenantFiles, build_tenant, read_campaigns
from .defaults import defaults_of
from .reader import Known, Reader, Single
from .scope import Scope, is_below, scope_of
from .tenants import TenantFile, read_tenants, same_tenants


class Selection(NamedTuple):
    """`--tenant` and `--campaign`; empty is all."""

    tenants: frozenset[str] = frozenset()
    campaigns: frozenset[str] = frozenset()


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
    """What lies below a PATH, read as YAML: the first half of loading. `tenants` are those of the selection, in the order of
    their folders; `all_tenants` those before it, and `twins` the pairs of tenants that may not be two. `shared` are the
    defaults above the tenants."""

    path: str
    selection: Selection
    reader: Reader
    scope: Scope
    tenants: tuple[TenantFiles, ...]
    all_tenants: tuple[TenantFile, ...]
    twins: tuple[tuple[TenantFile, TenantFile, Finding], ...]
    shared: tuple[Single, ...]

    @property
    def usable(self) -> tuple[TenantFiles, ...]:
        """The tenants whose tenant.yaml is valid, by name."""
        repeated = {second.folder.name for _, second, _ in self.twins}
        valid = (files for files in self.tenants if not files.tenant.findings and files.folder not in repeated)
        return tuple(sorted(valid, key=lambda files: files.tenant.settings.name))


_ALL = Selection()


def load(
    source: Source,
    path: str,
    selection: Selection = _ALL,
    *,
    allowed: frozenset[str] = frozenset(),
    scope: Scope | None = None,
    known: Known | None = None,
) -> Desired:
    """The desired state below PATH, narrowed by `selection`, with all that is wrong with it.

    `allowed` are the hosts that the environment adds to those which may receive credentials. A tenant whose tenant.yaml
    is invalid gives findings, and what can be checked all the same. `scope` is what PATH stands for, where that is known, and
    `known` what was found in the files of other sources. DesiredStateError if PATH cannot be a source of schedules at all.
    """
    files = read_files(source, path, selection, allowed=allowed, scope=scope, known=known)
    return Desired() if files is None else build_desired(files)


def read_files(
    source: Source,
    path: str,
    selection: Selection = _ALL,
    *,
    allowed: frozenset[str] = frozenset(),
    scope: Scope | None = None,
    known: Known | None = None,
) -> Files | None:
    """The first half of `load`, after which it is known what is to be read of the tenants; None where a past revision did not
    have PATH yet."""
    if scope is None:
        target = source.target(path)
        if target is None:
            return None
        scope = scope_of(source, target)
    reader = Reader(source, known or Known())
    tenants = read_tenants(reader, scope.tenants, allowed)
    # A tenant whose name is not known may be any of those that were asked for.
    names = {None, *selection.tenants}
    chosen = [tenant for tenant in tenants if not selection.tenants or tenant.name in names]
    pairs = tuple(pair for pair in same_tenants(tenants) if pair[0] in chosen or pair[1] in chosen)
    shared = tuple(reader.singles(scope.shared, "defaults"))
    above = {posixpath.dirname(single.file.name): defaults_of(single) for single in shared}
    read = tuple(read_campaigns(reader, scope, tenant, above, selection.campaigns) for tenant in chosen)
    reader.known.lines.clear()  # as large as what was read, and of no use any more
    return Files(path, selection, reader, scope, read, tenants, pairs, shared)


def build_desired(files: Files) -> Desired:
    """The second half of `load`: the files against their schema, and what they mean."""
    scope, selection, source = files.scope, files.selection, files.reader.source
    built = {tenant.folder: build_tenant(tenant, files.reader.known) for tenant in files.tenants}
    loose = [*scope.obstacles, *(finding for _, _, finding in files.twins)]
    for file in scope.outside:
        message = "this campaign file lies below no tenant.yaml, so it belongs to no CXone account"
        location = Location(source.shown(file.name), 1, 1)
        loose.append(Finding(Severity.ERROR, "file-outside-tenant", message, location))
    for single in files.shared:
        folder = posixpath.dirname(single.file.name)
        if not selection.tenants or any(is_below(tenant.folder, folder) for tenant in files.tenants):
            loose += single.findings
    campaigns = (*scope.unread, *(file.name for folder in scope.tenants for file in folder.campaigns))
    obstacles = (*scope.obstacles, *(finding for folder in scope.tenants for finding in folder.obstacles))
    if not (scope.outside or obstacles or any(map(scope.covers, campaigns))):
        loose.append(_no_schedules(files.path, scope))
    usable = [tenant.folder for tenant in files.usable]
    for tenant in files.tenants:
        if tenant.folder not in usable:
            loose += [*tenant.tenant.findings, *built[tenant.folder].findings]
    return Desired(
        tuple(built[folder] for folder in usable),
        tuple(tenant for folder, tenant in built.items() if folder not in usable),
        in_order(loose),
        sum(tenant.files for tenant in built.values()) + len(files.shared) + len(scope.outside),
        tuple(sorted({tenant.name for tenant in files.all_tenants if tenant.name is not None})),
        tuple(sorted({name for tenant in files.tenants for name in tenant.names})),
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
    tenants = read_tenants(Reader(source, Known()), scope_of(source, target).tenants, allowed)
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
