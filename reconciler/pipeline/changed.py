"""`plan --changed`: which campaigns have another desired state than at the base, without reading the files that are the base's own.

Git knows which files differ. A file that does not, and over which no other `tenant.yaml` or `defaults.yaml` stands than at the
base, says what it said then; it is needed all the same where it names a campaign that a differing file names too, because
only all entries of a campaign together show which live schedule each of them means. What is loaded in the end is compared
by its values: a comment, or an entry that was moved, changes no desired state.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import chain
from types import MappingProxyType
from typing import Any, NamedTuple

from .. import sources
from ..desired import DesiredTenant
from ..desired.campaign_names import TELLING, first_word, names_in, names_on
from ..desired.scope import Scope, TenantFolder, folders_down_to, scope_of
from ..errors import UsageError
from ..files import File, Source
from ..findings import Finding, Severity
from ..model import DesiredSchedule
from ..phrases import counted
from ..settings import TenantSettings
from ..sources.changes import changes_of
from ..sources.git import GitFailedError
from ..sources.revision import Revision
from .base import EarlierRevisions, revisions_of
from .tenants import Options


class Unread(NamedTuple):
    """What is not looked at. `scopes` are what PATH stands for in the work tree (None) and at the sha of each of the
    `revisions`, less the files that are the same in all of them; `campaigns` those that they name of PATH, by the folder of their
    tenant; `names` likewise, those outside PATH included."""

    revisions: Mapping[str, Revision]
    scopes: Mapping[str | None, Scope] = MappingProxyType({})
    campaigns: Mapping[str, frozenset[str]] = MappingProxyType({})
    names: Mapping[str, frozenset[str]] = MappingProxyType({})


def unread_files(state: sources.RepoState, tree: sources.WorkTree, options: Options) -> Unread:
    """The campaign files below PATH that need not be read. UsageError for a revision that git does not know, or where git
    fails; DesiredStateError as for `desired.load`."""
    revisions = revisions_of(state, options)
    sides = {revision.sha: revision for revision in revisions.values()}
    target = tree.target(options.path)
    if target is None:
        return Unread(revisions)
    now = scope_of(tree, target)
    scopes: dict[str | None, Scope] = {None: now}
    names = _for_git(now)
    try:
        with changes_of(state.root, sides, names, TELLING) as changes:
            for sha, revision in sides.items():
                target = revision.target(options.path)
                if target is None:  # a revision has no such folder: nothing is as it was
                    return Unread(revisions)
                scopes[sha] = scope_of(revision, target)
            unchanged, plain = _campaign_files(now), changes.plain()
            for sha in sides:
                unchanged &= _alike(now, scopes[sha], plain - changes.differing(sha))
            named = _named(changes.found(), tree, unchanged)
    except GitFailedError as error:
        raise UsageError(f"git cannot say what changed ({error})", hint="leave --changed out") from error
    affected: set[str] = set()
    for side, scope in scopes.items() if named else ():
        source: Source = sides[side] if side else tree
        contents = source.read(sorted(_campaign_files(scope) - unchanged))
        affected |= {first_word(name) for data in contents if isinstance(data, bytes) for name in names_in(data)}
    unread = {file: names for file, names in named.items() if affected.isdisjoint(map(first_word, names))}
    left = frozenset(file.name for file in unread)

    def names_of(folder: TenantFolder, *, all_files: bool) -> frozenset[str]:
        files = (file for file in folder.campaigns if file in unread and (all_files or now.covers(file.name)))
        return frozenset(chain.from_iterable(map(unread.__getitem__, files)))

    return Unread(
        revisions,
        {sha: scope.without(left) for sha, scope in scopes.items()},
        {folder.name: names_of(folder, all_files=False) for folder in now.tenants},
        {folder.name: names_of(folder, all_files=True) for folder in now.tenants},
    )


def _campaign_files(scope: Scope) -> set[File]:
    return {file for folder in scope.tenants for file in folder.campaigns}


def _governing(scope: Scope) -> set[File]:
    """The files that have a say in what others mean."""
    return {*scope.shared, *(file for folder in scope.tenants for file in (folder.tenant, *folder.defaults))}


def _for_git(scope: Scope) -> tuple[str, ...]:
    """What git has to look at: the folder of all tenants, and what lies or leads elsewhere."""
    top = posixpath.commonpath([folder.name for folder in scope.tenants]) if scope.tenants else ""
    files = chain.from_iterable((folder.tenant, *folder.defaults, *folder.campaigns) for folder in scope.tenants)
    elsewhere = {file.real for file in scope.shared} | {file.real for file in files if file.real != file.name}
    return (top, *sorted(elsewhere)) if top else (".",)


def _alike(now: Scope, then: Scope, equal: frozenset[str]) -> set[File]:
    """The campaign files that say the same in both; `equal` are the files of which git says so."""
    before, after = _governing(then), _governing(now)
    governing = (before ^ after) | {file for file in after if file.real not in equal}
    folders = {posixpath.dirname(file.name) for file in governing}
    is_governed_alike = cache(lambda folder: folders.isdisjoint(folders_down_to(folder)))
    same = {file for file in _campaign_files(now) & _campaign_files(then) if file.real in equal}
    return {file for file in same if is_governed_alike(posixpath.dirname(file.name))} if folders else same


def _named(
    lines: Mapping[str, Sequence[bytes]], tree: sources.WorkTree, files: Iterable[File]
) -> dict[File, frozenset[str]]:
    """The campaigns that each of these files names."""
    by_lines = {file: names_on(lines.get(file.real, ())) for file in files}
    named = {file: campaigns for file, campaigns in by_lines.items() if campaigns is not None}
    unclear = sorted(by_lines.keys() - named.keys())
    for file, data in zip(unclear, tree.read(unclear), strict=True):
        named[file] = names_in(data) if isinstance(data, bytes) else frozenset()
    return named


def only_changed(tenant: DesiredTenant, earlier: EarlierRevisions, unread: Unread, options: Options) -> DesiredTenant:
    """The tenant with the campaigns whose desired state differs from the base's, and the number of the others."""
    then = earlier.base.of(tenant) if earlier.base is not None else None
    if then is None or not _same(tenant.settings, then.settings):
        kept = frozenset(chain(tenant.campaigns, then.campaigns if then is not None else ()))
    else:
        kept = frozenset(_differing(tenant.schedules, tenant.base or ()))
        kept |= frozenset(tenant.campaigns) ^ frozenset(then.campaigns)
    left = {*tenant.campaigns, *unread.campaigns.get(tenant.settings.folder, ())} - kept
    if options.campaigns:
        left &= options.campaigns
    waiting = sorted(left) if earlier.nothing else []
    if earlier.applied is not None:
        waiting = sorted(left & _differing(tenant.schedules, tenant.applied or ()))
    findings = tenant.findings
    if waiting:
        message = (
            f"{counted(len(waiting), 'campaign')} that --changed does not read "
            f"{'waits' if len(waiting) == 1 else 'wait'} to be applied, so an apply would change more than this plan shows: "
            f"{', '.join(waiting[:5])}{' …' if len(waiting) > 5 else ''}"
        )
        findings = (*findings, Finding(Severity.NOTICE, "pending-not-read", message))
    return tenant._replace(
        schedules=tuple(schedule for schedule in tenant.schedules if schedule.campaign_id in kept),
        campaigns=tuple(name for name in tenant.campaigns if name in kept),
        base=tuple(schedule for schedule in tenant.base or () if schedule.campaign_id in kept),
        findings=findings,
        not_read=len(left),
    )


def _same(now: TenantSettings, then: TenantSettings) -> bool:
    """Whether settings say the same, wherever they stand. Policy schemas change no desired state."""
    there = then._replace(location=now.location, folder=now.folder, policy_schemas=now.policy_schemas)
    if now.admin is not None and there.admin is not None:
        there = there._replace(admin=there.admin._replace(place=now.admin.place))
    return now == there


def _differing(now: Iterable[DesiredSchedule], then: Iterable[DesiredSchedule]) -> set[str]:
    """The campaigns of which the entries do not say the same."""
    after, before = _said(now), _said(then)
    return {name for name in after.keys() | before.keys() if after.get(name) != before.get(name)}


def _said(schedules: Iterable[DesiredSchedule]) -> dict[str, list[tuple[Any, ...]]]:
    """What the entries of each campaign say, whatever file they are in and in whatever order."""
    said: dict[str, list[tuple[Any, ...]]] = {}
    for entry in sorted(schedules, key=lambda schedule: (schedule.name, schedule.pinned_id or "")):
        content = (entry.as_written or entry).content
        parts = (entry.name, entry.pinned_id, content, entry.jurisdictions, entry.exemption, entry.closures)
        said.setdefault(entry.campaign_id, []).append(parts)
    return said
