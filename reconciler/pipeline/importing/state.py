"""What an import is to do for one tenant, and what its files say at any moment, on disk or before they are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ... import carry, desired, diff
from ...fields import Patterns
from ...files import File
from ...model import CampaignLive, DesiredSchedule, Finding, JsonObject, LiveSchedule, Resolved, Severity
from .overlay import Overlay

Key = tuple[str, str]
"""A schedule: its campaign and its id."""


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be settled: `live` campaigns into new files (`create`) or files that are there (`homes`), by real name.

    `path` is the tenant's folder for the loader, `schema` the path from a new file to its schema. `left` are the
    schedules that are left as they are, with the reason.
    """

    path: str
    tenant: str
    allowed: frozenset[str]
    ignored: Patterns
    live: Mapping[str, CampaignLive]
    create: Mapping[str, str]
    homes: Mapping[str, str]
    left: Mapping[Key, str]
    schema: str | None = None


@dataclass(frozen=True, slots=True)
class State:
    """What the files say of the campaigns of a task: the entries by what they mean, the real names of the files by the
    names that users see, and everything that is wrong."""

    entries: Mapping[Key, Resolved]
    names: Mapping[str, str]
    errors: tuple[Finding, ...]

    def file_of(self, each: Resolved) -> str:
        """The real name of the file that an entry stands in."""
        return self.names[each.schedule.places.locate(()).file]


def state_of(task: Task, source: Overlay) -> State:
    """Load the files and find out which live schedule each entry means."""
    if not task.live:
        return State({}, {}, ())
    selection = desired.Selection(frozenset({task.tenant}), frozenset(task.live))
    loaded = desired.load(source, task.path, selection, allowed=task.allowed)
    findings = [*loaded.findings, *(each for tenant in loaded.tenants for each in tenant.findings)]
    schedules: dict[str, list[DesiredSchedule]] = {}
    for tenant in loaded.tenants:
        for schedule in tenant.schedules:
            schedules.setdefault(schedule.campaign_id, []).append(schedule)
    entries: dict[Key, Resolved] = {}
    for campaign_id, live in task.live.items():
        resolution = diff.resolve(schedules.get(campaign_id, ()), live.schedules)
        findings += resolution.findings
        entries |= {(campaign_id, each.schedule_id): each for each in resolution.resolved}
    target = source.target(task.path)
    files: tuple[File, ...] = source.files(target.name).files if target is not None else ()
    names = {source.shown(each.name): each.real for each in files}
    errors = tuple(
        each for each in findings if each.severity is Severity.ERROR and each.code != "no-schedules"
    )
    return State(entries, names, errors)


def kept_ignored(live: JsonObject, own: JsonObject, ignored: Patterns) -> JsonObject:
    """The live content in which the ignored fields are as git has them."""
    body = carry.update_body(live, LiveSchedule("", "", own), ignored, ())
    return {name: body[name] for name in live}
