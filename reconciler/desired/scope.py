"""Which files belong to which tenant, before any of them is read.

To a tenant belong the files in the folder of its `tenant.yaml` and below. Where PATH is narrower, all of them are read all
the same, because only all entries together show which live schedule each of them means.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

from ..errors import DesiredStateError
from ..files import File, Listing, Source, Target
from ..findings import Finding

TENANT_FILE = "tenant.yaml"
DEFAULTS_FILE = "defaults.yaml"
_CAMPAIGN = "*.yaml"


class TenantFolder(NamedTuple):
    """A folder with a tenant.yaml and the files in it; `inside` is the folder of the tenant that it wrongly lies in."""

    name: str
    tenant: File
    defaults: tuple[File, ...]
    campaigns: tuple[File, ...]
    obstacles: tuple[Finding, ...]
    inside: str | None = None


class Scope(NamedTuple):
    """All that PATH stands for. `narrow` is the folder or file that PATH names below the only tenant's folder.

    `shared` are the defaults above the tenants' folders that cascade into them; `outside` are campaign files of no tenant;
    `unread` the names of those that are there and are not looked at.
    """

    tenants: tuple[TenantFolder, ...]
    shared: tuple[File, ...]
    outside: tuple[File, ...]
    obstacles: tuple[Finding, ...]
    narrow: str | None = None
    unread: frozenset[str] = frozenset()

    def without(self, names: frozenset[str]) -> Scope:
        """The same, with the campaign files of these names unread."""
        tenants = (
            folder._replace(campaigns=tuple(file for file in folder.campaigns if file.name not in names))
            for folder in self.tenants
        )
        return self._replace(tenants=tuple(tenants), unread=names)

    def covers(self, name: str) -> bool:
        """Whether PATH names this file."""
        return self.narrow is None or is_below(name, self.narrow)


def scope_of(source: Source, target: Target) -> Scope:
    """Find the tenants at, below and above a PATH, and all files of theirs. DesiredStateError for a file that cannot be one
    of schedules."""
    folder = narrow = target.name
    if not target.is_folder:
        folder, name = posixpath.split(target.name)
        if name in (TENANT_FILE, DEFAULTS_FILE):  # they stand for their folder
            narrow = folder
        elif name.startswith((".", "_")) or not name.lower().endswith((".yaml", ".yml")):
            raise DesiredStateError(
                f"{source.shown(target.name)} is not a campaign file",
                hint='name a folder, or a .yaml or .yml file whose name does not start with "." or "_"',
            )
    obstacles: dict[str, Finding] = {}
    tenants = _present(source, TENANT_FILE, folders_down_to(folder), obstacles)
    if tenants:
        base = posixpath.dirname(tenants[0].name)
        listing = source.files(base)
    elif narrow == folder:
        base, listing = folder, source.files(folder)
    else:
        base, listing = folder, Listing((File(target.name, target.name),))
    above = _present(source, DEFAULTS_FILE, folders_down_to(base)[:-1], obstacles)
    listed = Listing(listing.files, {**obstacles, **listing.obstacles})
    return _divided(listed, above, narrow if narrow != base else None)


def is_below(name: str, folder: str) -> bool:
    """Whether a name is the folder (or file) itself or lies below it."""
    return not folder or name == folder or name.startswith(f"{folder}/")


def folders_down_to(folder: str) -> tuple[str, ...]:
    """The root, and every folder from there down to `folder`."""
    folders = [folder]
    while folder:
        folder = posixpath.dirname(folder)
        folders.append(folder)
    return tuple(reversed(folders))


def _present(source: Source, name: str, folders: Iterable[str], obstacles: dict[str, Finding]) -> tuple[File, ...]:
    """The files of this name in these folders; links that must not be followed become obstacles."""
    present = []
    for folder in folders:
        wanted = posixpath.join(folder, name)
        file = source.file(wanted)
        if isinstance(file, File):
            present.append(file)
        elif file is not None:
            obstacles[wanted] = file
    return tuple(present)


def _divided(listing: Listing, above: tuple[File, ...], narrow: str | None) -> Scope:
    """Every file goes to the deepest folder above it that has a tenant.yaml."""
    named = [(*file.name.rpartition("/"), file) for file in listing.files]
    tenants = {folder: file for folder, _, name, file in named if name == TENANT_FILE}
    owner = cache(lambda folder: _owner(folder, tenants))
    files: dict[tuple[str | None, str], list[File]] = {}
    obstacles: dict[str | None, list[Finding]] = {}
    for folder, _, name, file in named:
        kind = name if name in (TENANT_FILE, DEFAULTS_FILE) else _CAMPAIGN
        files.setdefault((owner(folder), kind), []).append(file)
    for name, finding in listing.obstacles.items():
        obstacles.setdefault(owner(posixpath.dirname(name)), []).append(finding)
    folders = tuple(
        TenantFolder(
            folder,
            tenant,
            tuple(files.get((folder, DEFAULTS_FILE), ())),
            tuple(files.get((folder, _CAMPAIGN), ())),
            tuple(obstacles.get(folder, ())),
            owner(posixpath.dirname(folder)) if folder else None,
        )
        for folder, tenant in sorted(tenants.items())
    )
    shared = (*above, *files.get((None, DEFAULTS_FILE), ()))
    outside = tuple(files.get((None, _CAMPAIGN), ()))
    return Scope(folders, shared, outside, tuple(obstacles.get(None, ())), narrow)


def _owner(folder: str, tenants: Mapping[str, File]) -> str | None:
    """The deepest folder that has a tenant.yaml, of this one and those above it."""
    return next((above for above in reversed(folders_down_to(folder)) if above in tenants), None)
