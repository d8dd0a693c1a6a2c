"""One tenant of an import: what to read, and the texts that its files should have."""

from __future__ import annotations

import os
import posixpath
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ... import adopt, cxone, hosts
from ...dialect import Dialect
from ...files import File
from ...model import Live, Location
from ...observe import Wanted, observe
from ..check import CheckedTenant
from ..options import Options
from ..target import base_uri_of, open_target
from .choosing import Choice, Inventory, choose, choose_all, take_stock
from .placing import Ground
from .refusing import Refused, refuse
from .results import block
from .settling import Settled, settle
from .state import Task, state_of


@dataclass(frozen=True, slots=True)
class Part:
    """What is to be done for one tenant, and what it rests on."""

    tenant: CheckedTenant
    inventory: Inventory
    choice: Choice
    refused: Refused
    task: Task
    settled: Settled

    def files(self) -> Iterator[File]:
        """The files of the chosen campaigns, new ones too."""
        names = (*self.choice.update, *self.choice.alone)
        yield from {file for name in names for file in self.inventory.campaigns[name]}
        yield from (File(name, name) for name in self.task.create.values() if name in self.settled.texts)


@dataclass(frozen=True, slots=True)
class Desk:
    """What all tenants of one import share."""

    ground: Ground
    options: Options
    update: bool
    stop: threading.Event


def prepare(tenant: CheckedTenant, desk: Desk, selected: int) -> Part:
    """Read what is needed and make the texts; `selected` is how many tenants there are. Raises TenantError, and
    BlockedError where the tenant cannot be read completely, or the files do not say which schedules they mean."""
    ground = desk.ground
    inventory = take_stock(ground.source, tenant.settings.folder)
    choice, live = _read(tenant, desk, inventory, base_uri_of(tenant, desk.options, selected))
    refused = refuse(live.campaigns)
    task = _task(tenant, desk, choice, inventory, live, refused)
    before = state_of(task, ground.source)
    block(before.errors)
    return Part(tenant, inventory, choice, refused, task, settle(task, ground.source, before))


def _read(tenant: CheckedTenant, desk: Desk, inventory: Inventory, base_uri: str) -> tuple[Choice, Live]:
    """The chosen campaigns, completely. Nothing is asked of a tenant that has nothing to tell."""
    asked = desk.options.campaigns
    if asked:
        choice = choose(asked, inventory, desk.ground, update=desk.update)
        if not choice.read:
            return choice, Live(())
        with _opened(tenant, desk, base_uri) as dialect:
            return choice, _observe(dialect, tenant, desk, choice, inventory)
    with _opened(tenant, desk, base_uri) as dialect:
        names = [each.campaign_id for each in dialect.campaigns()]
        choice = choose_all(names, inventory, desk.ground, update=desk.update)
        return choice, _observe(dialect, tenant, desk, choice, inventory)


@contextmanager
def _opened(tenant: CheckedTenant, desk: Desk, base_uri: str) -> Iterator[Dialect]:
    scopes = cxone.Scopes((cxone.READ,))
    with open_target(tenant, base_uri, scopes, desk.options, desk.stop) as target:
        yield target.dialect


def _observe(
    dialect: Dialect, tenant: CheckedTenant, desk: Desk, choice: Choice, inventory: Inventory
) -> Live:
    shown = desk.ground.source.shown
    places = {name: Location(shown(inventory.campaigns[name][0].name), 1) for name in choice.update}
    what = f"reading {tenant.settings.name}"
    live = observe(
        dialect,
        Wanted(choice.read, places=places),
        tenant.settings.requests.concurrency,
        lambda done, total: desk.options.progress(what, done, total),
    )
    block(live.findings)
    return live


def _task(
    tenant: CheckedTenant, desk: Desk, choice: Choice, inventory: Inventory, live: Live, refused: Refused
) -> Task:
    ground, settings = desk.ground, tenant.settings
    folder = ground.folder_in(settings.folder)
    taken = set(ground.names_in(folder))
    create: dict[str, str] = {}
    for campaign_id in choice.create:
        if campaign_id not in refused.campaigns:
            name = adopt.file_name(campaign_id, taken)
            taken.add(name)
            create[campaign_id] = posixpath.join(folder, name)
    homes = {}
    for name in choice.update:
        files = inventory.campaigns[name]
        homes[name] = next(each.real for each in files if ground.covers(each.name))
    return Task(
        path=os.fspath(ground.path(settings.folder)),
        tenant=settings.name,
        allowed=hosts.allowed_hosts(desk.options.environ),
        ignored=settings.ignored,
        live={each.campaign_id: each for each in live.campaigns if each.campaign_id not in refused.campaigns},
        create=create,
        homes=homes,
        left=refused.schedules,
        schema=ground.schema_for(folder, "campaign"),
    )
