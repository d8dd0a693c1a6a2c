"""The order of loading: scope, tenants, what they share, and then each tenant by itself."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable

from ..files import Source
from ..findings import in_order
from ..model import Finding, Location, Severity
from .layers import layer_of
from .origins import Reader, Single
from .scope import Scope, is_below, scope_of
from .tenants import TenantFile, read_tenants, same_tenants
from .territory import Content, read_territory
from .unusable import checkable
from .values import Desired, DesiredTenant, Selection

_ALL = Selection()


def load(
    source: Source, path: str, selection: Selection = _ALL, *, allowed: frozenset[str] = frozenset()
) -> Desired:
    """The desired state below PATH, narrowed by `selection`, with all that is wrong with it.

    `allowed` are the hosts that the environment adds to those which may receive credentials. A tenant whose tenant.yaml
    is invalid gives findings, and what can be checked all the same. DesiredStateError if PATH cannot be a source of schedules at all.
    """
    target = source.target(path)
    if target is None:
        return Desired()
    scope = scope_of(source, target)
    reader = Reader(source)
    tenants = read_tenants(reader, scope.territories, allowed)
    pairs = [
        pair
        for pair in same_tenants(tenants)
        if _is_selected(pair[0], selection) or _is_selected(pair[1], selection)
    ]
    repeated = {pair[1].territory.folder for pair in pairs}
    chosen = [each for each in tenants if _is_selected(each, selection)]
    shared = tuple(reader.singles(scope.shared, "defaults"))
    above = {posixpath.dirname(each.file.name): layer_of(each) for each in shared}
    contents = [
        (each, read_territory(reader, scope, each.territory, above, selection.campaigns)) for each in chosen
    ]
    loose = [*scope.obstacles, *_outside(source, scope), *(pair[2] for pair in pairs)]
    loose += _of_shared(shared, chosen, narrowed=bool(selection.tenants))
    if _is_empty(scope):
        loose.append(_no_schedules(path, scope))
    found, unusable = [], []
    for tenant, content in contents:
        if tenant.findings or tenant.territory.folder in repeated:
            loose += [*tenant.findings, *content.findings]
            unusable.append(checkable(_desired(tenant, content), tenant.hidden))
        else:
            found.append(_desired(tenant, content))
    return Desired(
        tuple(sorted(found, key=lambda each: each.settings.name)),
        tuple(unusable),
        in_order(loose),
        sum(content.files + 1 for _, content in contents) + len(shared) + len(scope.outside),
        tuple(sorted({each.name for each in tenants if each.name is not None})),
        tuple(sorted({name for _, content in contents for name in content.names})),
        scope.narrow is not None,
    )


def _desired(tenant: TenantFile, content: Content) -> DesiredTenant:
    return DesiredTenant(
        tenant.settings,
        content.schedules,
        content.partial,
        content.campaigns,
        in_order(content.findings),
        content.files + 1,
        tenant.origin,
    )


def _is_selected(tenant: TenantFile, selection: Selection) -> bool:
    """A tenant whose name cannot be told may be any of them."""
    return not selection.tenants or tenant.name is None or tenant.name in selection.tenants


def _of_shared(shared: Iterable[Single], chosen: Iterable[TenantFile], *, narrowed: bool) -> list[Finding]:
    folders = [each.territory.folder for each in chosen]
    return [
        finding
        for each in shared
        for finding in each.findings
        if not narrowed or any(is_below(folder, posixpath.dirname(each.file.name)) for folder in folders)
    ]


def _outside(source: Source, scope: Scope) -> list[Finding]:
    message = "this campaign file lies below no tenant.yaml, so it belongs to no CXone account"
    return [
        Finding(Severity.ERROR, "file-outside-tenant", message, Location(source.shown(each.name), 1, 1))
        for each in scope.outside
    ]


def _is_empty(scope: Scope) -> bool:
    files = [
        each for territory in scope.territories for each in territory.campaigns if scope.covers(each.name)
    ]
    blocked = scope.obstacles or any(territory.obstacles for territory in scope.territories)
    return not files and not scope.outside and not blocked


def _no_schedules(path: str, scope: Scope) -> Finding:
    tenant = "" if scope.territories else " and no tenant.yaml"
    message = (
        f"{path} holds no campaign file{tenant}; name the folder that holds them. Files whose name, or whose folder's "
        'name, starts with "." or "_" are skipped'
    )
    return Finding(Severity.ERROR, "no-schedules", message)
