"""One tenant of an import: what to read, and the texts that its files should have."""

from __future__ import annotations

import os
import posixpath
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial

from .. import cxone, hosts, identity
from ..canonical import UNSAID
from ..desired import DesiredTenant
from ..dialect import Dialect
from ..files import File
from ..findings import Finding, Location, Severity
from ..model import Live
from ..observe import UNREAD, Wanted, observe
from ..pipeline.plan import by_campaign
from ..pipeline.tenants import Options, base_uri_of, open_target
from ..rules.closing import closings_of
from . import edit
from .choice import Choice, Inventory, NotImportable, blocking, choose, choose_all, not_importable, take_stock
from .folder import Workspace
from .settle import ImportTask, Resolve, Settled, files_state, settle
from .written_week import without_closures

_GONE = "the tenant lists it, and answered 404 when its schedules were read; import again if it should be there"


class BlockedError(Exception):
    """Nothing may be written; `findings` say why."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("nothing was written")
        self.findings = findings


def block(findings: Iterable[Finding]) -> None:
    """Raise BlockedError if there are errors that keep an import from writing."""
    errors = blocking(findings)
    if errors:
        raise BlockedError(errors)


@dataclass(frozen=True, slots=True)
class TenantImport:
    """What is to be done for one tenant, and what it rests on; `findings` are those of reading it."""

    tenant: DesiredTenant
    inventory: Inventory
    choice: Choice
    refused: NotImportable
    task: ImportTask
    settled: Settled
    findings: tuple[Finding, ...]

    def files(self) -> Iterator[File]:
        """The files of the chosen campaigns, new ones too."""
        names = (*self.choice.update, *self.choice.alone)
        yield from {file for name in names for file in self.inventory.campaigns[name]}
        yield from (File(name, name) for name in self.task.create.values() if name in self.settled.texts)


@dataclass(frozen=True, slots=True)
class ImportRun:
    """What all tenants of one import share."""

    workspace: Workspace
    options: Options
    update: bool
    stop: threading.Event


def prepare(tenant: DesiredTenant, run: ImportRun, selected: int) -> TenantImport:
    """Read what is needed and make the texts; `selected` is how many tenants there are. Raises TenantError, and
    BlockedError where the tenant cannot be read completely, or the files do not say which schedules they mean."""
    workspace = run.workspace
    inventory = take_stock(workspace.source, tenant.settings.folder)
    base_uri = base_uri_of(tenant.settings, run.options, selected)
    target = open_target(tenant.settings, base_uri, (cxone.READ,), run.options, run.stop, tenant)
    with ExitStack() as stack:
        choice, live, resolve, unread = _read(tenant, run, inventory, partial(stack.enter_context, target))
        refused = not_importable(live.campaigns)
        gone = sorted(set(choice.read) - {campaign.campaign_id for campaign in live.campaigns})
        refused = replace(refused, campaigns={**refused.campaigns, **dict.fromkeys(gone, _GONE)})
        task = replace(_task(tenant, run, choice, inventory, live, refused), resolve=resolve)
        before = files_state(task, workspace.source)
    block((*unread, *before.errors))
    closings = closings_of(tenant.settings, run.options.as_of, run.options.at)
    before, task_live, unclear = without_closures(before, task.live, task.ignored, closings)
    settled = settle(replace(task, live=task_live), workspace.source, before, unclear)
    return TenantImport(tenant, inventory, choice, refused, replace(task, live=task_live), settled, live.findings)


def _read(
    tenant: DesiredTenant, run: ImportRun, inventory: Inventory, connect: Callable[[], Dialect]
) -> tuple[Choice, Live, Resolve, tuple[Finding, ...]]:
    """The chosen campaigns, with what is to be said of them, how entries are matched with them, and why some could not be read. A
    tenant that has nothing to say is not asked."""
    choice = None
    if run.options.campaigns:
        choice = choose(run.options.campaigns, inventory, run.workspace, update=run.update)
        if not choice.read:
            return choice, Live(()), identity.resolve, ()
    dialect = connect()
    if choice is None:
        names = [campaign.campaign_id for campaign in dialect.campaigns()]
        choice = choose_all(names, inventory, run.workspace, update=run.update)
    live = _observe(dialect, tenant, run, choice, inventory)
    asked = bool(run.options.campaigns)  # else nobody wrote the id of a campaign that is gone by now: it is left out
    unread = blocking(finding for finding in live.findings if asked or finding.code != "campaign-not-found")
    errors = (finding._replace(severity=Severity.ERROR) for finding in live.findings if finding.code == UNREAD)
    said = () if unread else dialect.findings(())
    return choice, live._replace(findings=(*errors, *said)), dialect.resolve, unread


def _observe(dialect: Dialect, tenant: DesiredTenant, run: ImportRun, choice: Choice, inventory: Inventory) -> Live:
    shown = run.workspace.source.shown
    places = {name: Location(shown(inventory.campaigns[name][0].name), 1) for name in choice.update}
    what = f"reading {tenant.settings.name}"
    return observe(
        dialect,
        Wanted(choice.read, places=places, entries=by_campaign(tenant.schedules)),
        tenant.settings.requests.concurrency,
        lambda done, total: run.options.progress(what, done, total),
    )


def _task(
    tenant: DesiredTenant,
    run: ImportRun,
    choice: Choice,
    inventory: Inventory,
    live: Live,
    refused: NotImportable,
) -> ImportTask:
    workspace, settings = run.workspace, tenant.settings
    folder = workspace.folder_in(settings.folder)
    taken = set(workspace.names_in(folder))
    create: dict[str, str] = {}
    for campaign_id in choice.create:
        if campaign_id not in refused.campaigns:
            name = edit.file_name(campaign_id, taken)
            taken.add(name)
            create[campaign_id] = posixpath.join(folder, name)
    homes = {}
    for name in choice.update:
        files = inventory.campaigns[name]
        homes[name] = next(file.real for file in files if workspace.covers(file.name))
    return ImportTask(
        path=os.fspath(workspace.path(settings.folder)),
        tenant=settings.name,
        allowed=hosts.allowed_hosts(run.options.environ),
        ignored=(*settings.ignored, *((field,) for field in UNSAID)),
        live={
            campaign.campaign_id: campaign
            for campaign in live.campaigns
            if campaign.campaign_id not in refused.campaigns
        },
        create=create,
        homes=homes,
        left=refused.schedules,
        schema=workspace.schema_for(folder, "campaign" if settings.admin is None else "admin-campaign"),
    )
