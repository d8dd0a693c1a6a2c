"""The order of an import: everything is read, and every text made and proven, before the first file is written."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence

from ... import adopt, desired, hosts, sources
from ...errors import ReconcilerError, UsageError
from ...files import File
from ...findings import in_order
from ...model import Finding
from ..check import CheckedTenant
from ..options import Options
from .notes import note_on_rules, notes_on
from .overlay import Overlay
from .placing import Ground, find_ground
from .results import BlockedError, Imported, ImportedFile, block
from .settling import unsettled
from .state import state_of
from .tenant import Desk, Part, prepare
from .writing import Write, write_all


def run_import(options: Options, *, update: bool, stop: threading.Event) -> Imported:
    """Import the campaigns that `options` select (none: all); `update` writes drift back into files that are there.

    Raises TenantError where a tenant cannot be read, UsageError and DesiredStateError where PATH, or what is selected,
    makes no sense. Invalid files and campaigns that cannot be read completely block.
    """
    ground = find_ground(options)
    try:
        tenants = _tenants(ground, options)
        desk = Desk(ground, options, update, stop)
        parts = [prepare(each, desk, len(tenants)) for each in tenants]
    except BlockedError as error:
        return Imported((), in_order(error.findings), blocked=True)
    reported = [finding for part in parts for finding in notes_on(part)]
    files = {each for part in parts for each in _files(ground, part)}
    _write(ground, parts)
    for part in parts:
        _prove(ground, part)
        schedules = [each.schedule for each in part.settled.after.entries.values()]
        reported += note_on_rules(part.tenant.settings, schedules, options.as_of)
    files |= {ImportedFile(ground.source.shown(name), "created", 0) for name in ground.added}
    return Imported(tuple(sorted(files)), in_order(tuple(reported)))


def _tenants(ground: Ground, options: Options) -> tuple[CheckedTenant, ...]:
    """The selected tenants; of several, with --campaign, those whose files name one of the campaigns."""
    allowed = hosts.allowed_hosts(options.environ)
    loaded = desired.load(ground.source, options.path, desired.Selection(options.tenants), allowed=allowed)
    block(loaded.findings)
    for name in sorted(options.tenants - set(loaded.tenant_names)):
        known = ", ".join(loaded.tenant_names) or "none"
        raise UsageError(f"no tenant.yaml below PATH names the tenant {name!r}", hint=f"known: {known}")
    tenants = tuple(_checked(each, ground, options) for each in loaded.tenants)
    if len(tenants) == 1 or not options.campaigns:
        return tenants
    named = {name for each in tenants for name in each.campaigns}
    for campaign_id in sorted(options.campaigns - named):
        raise UsageError(
            f"{len(tenants)} tenants are selected, and no file tells which of them has campaign {campaign_id!r}",
            hint="say which one with --tenant NAME",
        )
    return tuple(each for each in tenants if options.campaigns & set(each.campaigns))


def _checked(tenant: desired.DesiredTenant, ground: Ground, options: Options) -> CheckedTenant:
    """The whole tenant, however narrow PATH is. Its files must be valid, as far as they may be about what is selected."""
    block(tenant.findings if not options.campaigns else ())
    if not (options.campaigns or ground.is_inside(tenant.settings.folder)):
        return _as_checked(tenant)
    selection = desired.Selection(frozenset({tenant.settings.name}), options.campaigns)
    path = os.fspath(ground.path(tenant.settings.folder))
    loaded = desired.load(ground.source, path, selection, allowed=hosts.allowed_hosts(options.environ))
    block((*loaded.findings, *(finding for each in loaded.tenants for finding in each.findings)))
    (found,) = loaded.tenants
    return _as_checked(found)


def _as_checked(tenant: desired.DesiredTenant) -> CheckedTenant:
    return CheckedTenant(tenant.settings, tenant.schedules, tenant.campaigns, tenant.findings, loadable=True)


def _write(ground: Ground, parts: Sequence[Part]) -> None:
    new = {name for part in parts for name in part.task.create.values()}
    texts = {name: data for part in parts for name, data in part.settled.texts.items()}
    writes = [Write(ground.path(name), _data(ground.source, name), None) for name in ground.added]
    for name, data in sorted(texts.items()):
        before = None if name in new else _data(ground.source, name)
        if data != before:
            writes.append(Write(ground.path(name), data, before))
    write_all(writes)


def _data(source: Overlay, name: str) -> bytes:
    data = next(iter(source.read((File(name, name),))))
    if isinstance(data, Finding):
        raise ReconcilerError(f"nothing was written: {data.message}")
    return data


def _prove(ground: Ground, part: Part) -> None:
    """Load what was written once more, and see that it says what the tenant holds."""
    if not part.settled.texts:
        return
    written = Overlay(sources.WorkTree(ground.root), {})
    if unsettled(part.task, part.settled, state_of(part.task, written)):
        raise ReconcilerError(
            "the files were written, but they do not say what the tenant holds",
            hint="somebody may have changed them at the same time; look at them with git diff, and plan",
        )


def _files(ground: Ground, part: Part) -> Iterator[ImportedFile]:
    for file in part.files():
        shown, count = ground.source.shown(file.name), part.inventory.schedules.get(file.real, 0)
        data = part.settled.texts.get(file.real)
        if data is not None:
            count = sum(len(section.entries) for section in adopt.outline(data.decode("utf-8")))
        if file.real not in part.inventory.schedules:
            yield ImportedFile(shown, "created", count)
        elif data is None or data == _data(ground.source, file.real):
            yield ImportedFile(shown, "unchanged", count)
        else:
            yield ImportedFile(shown, "updated", count)
