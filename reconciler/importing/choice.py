"""Which campaigns an import is about: those that get a new file, those whose files are edited, those left alone."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from .. import canonical
from ..desired.carried import why_not_carried
from ..desired.reader import schema_problems
from ..desired.scope import DEFAULTS_FILE, TENANT_FILE
from ..files import File, Source
from ..findings import Finding, Severity
from ..model import CampaignLive, LiveSchedule
from ..yaml.scalars import can_be_written
from . import edit
from .folder import Workspace

ScheduleKey = tuple[str, str]
"""A schedule: its campaign and its id."""

_NO_TEXT = "it holds half a character (a lone surrogate), which no file can hold"


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
        campaign_file
        for campaign_file in source.files(folder).files
        if posixpath.basename(campaign_file.name) not in (TENANT_FILE, DEFAULTS_FILE)
    ]
    campaigns: dict[str, list[File]] = {}
    schedules: dict[str, int] = {}
    for file, data in zip(files, source.read(files), strict=True):
        sections = edit.outline(data.decode("utf-8", "replace")) if isinstance(data, bytes) else ()
        schedules[file.real] = sum(count for _, count in sections)
        for campaign_id in {campaign_id for campaign_id, _ in sections}:
            campaigns.setdefault(campaign_id, []).append(file)
    return Inventory({name: tuple(files_of) for name, files_of in campaigns.items()}, schedules)


def choose_all(live: Iterable[str], inventory: Inventory, workspace: Workspace, *, update: bool) -> Choice:
    """`--all`: every campaign of the tenant, and what files below PATH name besides. What only files elsewhere name is
    left out, as always with a narrower PATH; a PATH that is one file takes no new campaign."""
    known, covered = set(live), _covered(inventory, workspace)
    asked = known if workspace.narrow == workspace.folder else known & covered
    choice = choose(asked, inventory, workspace, update=update)
    return replace(choice, outside=(), missing=tuple(sorted(covered - known)))


def choose(asked: Iterable[str], inventory: Inventory, workspace: Workspace, *, update: bool) -> Choice:
    """`--campaign`: exactly these campaigns."""
    wanted = set(asked)
    named = wanted & inventory.campaigns.keys()
    covered = named & _covered(inventory, workspace)
    there = tuple(sorted(covered))
    update_, alone = (there, ()) if update else ((), there)
    return Choice(tuple(sorted(wanted - named)), update_, alone, outside=tuple(sorted(named - covered)))


def _covered(inventory: Inventory, workspace: Workspace) -> set[str]:
    return {name for name, files in inventory.campaigns.items() if any(workspace.covers(file.name) for file in files)}


@dataclass(frozen=True, slots=True)
class NotImportable:
    """Campaigns whose id, and schedules whose content, cannot be written, with the reason."""

    campaigns: Mapping[str, str]
    schedules: Mapping[ScheduleKey, str]


def not_importable(live: Iterable[CampaignLive]) -> NotImportable:
    """Find out by the schema of campaign files itself, and by what an API is known to carry: one schedule that cannot be
    written must not keep the rest of its campaign out."""
    campaigns: dict[str, str] = {}
    schedules: dict[ScheduleKey, str] = {}
    for campaign in live:
        reason = _reason(campaign.campaign_id, ())
        if reason is not None:
            campaigns[campaign.campaign_id] = reason
            continue
        for schedule in campaign.schedules:
            reason = _reason(campaign.campaign_id, (schedule,)) or why_not_carried(schedule.content)
            if reason is not None:
                schedules[campaign.campaign_id, schedule.schedule_id] = reason
    return NotImportable(campaigns, schedules)


def _reason(campaign_id: str, schedules: tuple[LiveSchedule, ...]) -> str | None:
    data = {"campaignId": campaign_id, "schedules": [edit.new_entry(schedule) for schedule in schedules]}
    if not can_be_written(canonical.dumps(data)):
        return _NO_TEXT
    return (
        "; ".join(problem.message.removeprefix("schedules[0].") for problem in schema_problems("campaign", data))
        or None
    )


def blocking(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The errors that keep an import from writing. That there is no campaign file yet is none of them."""
    return tuple(
        finding for finding in findings if finding.severity is Severity.ERROR and finding.code != "no-schedules"
    )
