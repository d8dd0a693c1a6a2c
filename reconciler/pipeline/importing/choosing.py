"""Which campaigns an import is about: those that get a new file, those whose files are edited, those left alone."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ... import adopt
from ...desired.scope import DEFAULTS, TENANT
from ...files import File, Source
from .placing import Ground


@dataclass(frozen=True, slots=True)
class Inventory:
    """What the files of a tenant name: the files of each campaign, and how many schedules each file (by real name) has."""

    campaigns: Mapping[str, tuple[File, ...]]
    schedules: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Choice:
    """Campaigns, sorted: for `create` no file is there; `update` and `alone` are named by files that PATH covers,
    `outside` by others only; `missing` are named by files and not known to the tenant."""

    create: tuple[str, ...] = ()
    update: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def read(self) -> tuple[str, ...]:
        """The campaigns that have to be read."""
        return tuple(sorted((*self.create, *self.update)))


def take_stock(source: Source, folder: str) -> Inventory:
    """Look through all campaign files below a tenant's folder."""
    files = [
        each for each in source.files(folder).files if posixpath.basename(each.name) not in (TENANT, DEFAULTS)
    ]
    campaigns: dict[str, list[File]] = {}
    schedules: dict[str, int] = {}
    for file, data in zip(files, source.read(files), strict=True):
        sections = adopt.outline(data.decode("utf-8", "replace")) if isinstance(data, bytes) else ()
        schedules[file.real] = sum(len(each.entries) for each in sections)
        for campaign_id in {each.campaign_id for each in sections}:
            campaigns.setdefault(campaign_id, []).append(file)
    return Inventory({name: tuple(found) for name, found in campaigns.items()}, schedules)


def choose_all(live: Iterable[str], inventory: Inventory, ground: Ground, *, update: bool) -> Choice:
    """`--all`: every campaign of the tenant, and what files below PATH name besides. What only files elsewhere name is
    left out, as always with a narrower PATH; a PATH that is one file takes no new campaign."""
    known = set(live)
    covered = _covered(inventory, ground)
    there = tuple(sorted(known & covered))
    return Choice(
        create=tuple(sorted(known - inventory.campaigns.keys())) if ground.narrow == ground.folder else (),
        update=there if update else (),
        alone=() if update else there,
        missing=tuple(sorted(covered - known)),
    )


def choose(asked: Iterable[str], inventory: Inventory, ground: Ground, *, update: bool) -> Choice:
    """`--campaign`: exactly these campaigns."""
    wanted = set(asked)
    named = wanted & inventory.campaigns.keys()
    covered = named & _covered(inventory, ground)
    return Choice(
        create=tuple(sorted(wanted - named)),
        update=tuple(sorted(covered)) if update else (),
        alone=() if update else tuple(sorted(covered)),
        outside=tuple(sorted(named - covered)),
    )


def _covered(inventory: Inventory, ground: Ground) -> set[str]:
    return {
        name for name, files in inventory.campaigns.items() if any(ground.covers(each.name) for each in files)
    }
