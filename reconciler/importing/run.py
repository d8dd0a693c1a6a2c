"""The order of an import: everything is read, and every text made and proven, before the first file is written."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from .. import desired, hosts, sources
from ..desired import DesiredTenant
from ..errors import ReconcilerError, UsageError
from ..files import write_whole
from ..findings import Finding, in_order
from ..pipeline.tenants import Options
from . import edit
from .folder import Overlay, Workspace, find_workspace
from .notes import note_on_rules, notes_on
from .settle import files_state, unsettled
from .tenant import BlockedError, ImportRun, TenantImport, block, prepare


@dataclass(frozen=True, slots=True, order=True)
class ImportedFile:
    """One file, as users name it; `action` is `created`, `updated` or `unchanged`."""

    file: str
    action: str
    schedules: int


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import. `blocked` says that nothing was written; then `reported` says why."""

    files: tuple[ImportedFile, ...]
    reported: tuple[Finding, ...]
    blocked: bool = False


@dataclass(frozen=True, slots=True)
class FileWrite:
    """One file to write: its bytes, and those that it had when it was read, None for a file that must not exist yet."""

    path: Path
    data: bytes
    before: bytes | None


def run_import(options: Options, *, update: bool, stop: threading.Event) -> Imported:
    """Import the campaigns that `options` select (none: all); `update` writes drift back into files that are there.

    Raises TenantError where a tenant cannot be read, UsageError and DesiredStateError where PATH, or what is selected,
    makes no sense. Invalid files and campaigns that cannot be read completely block.
    """
    workspace = find_workspace(options)
    try:
        tenants = _tenants(workspace, options)
        run = ImportRun(workspace, options, update, stop)
        parts = [prepare(tenant, run, len(tenants)) for tenant in tenants]
    except BlockedError as error:
        return Imported((), in_order(error.findings), blocked=True)
    reported = [finding for part in parts for finding in notes_on(part)]
    files = {file for part in parts for file in _files(workspace, part)}
    _write(workspace, parts)
    if any(part.task.schema is None and part.task.create for part in parts):
        options.note(
            "The new files name no schema for editors: run `reconciler init --schemas` before an import, and they do."
        )
    for part in parts:
        _prove(workspace, part)
        schedules = [entry.schedule for entry in part.settled.after.entries.values()]
        reported += note_on_rules(part.tenant.settings, schedules, options.as_of)
    files |= {ImportedFile(workspace.source.shown(name), "created", 0) for name in workspace.added}
    return Imported(tuple(sorted(files)), in_order(tuple(reported)))


def _tenants(workspace: Workspace, options: Options) -> tuple[DesiredTenant, ...]:
    """The selected tenants; of several, with --campaign, those whose files name one of the campaigns."""
    allowed = hosts.allowed_hosts(options.environ)
    loaded = desired.load(workspace.source, options.path, options.tenants, allowed=allowed)
    block(loaded.findings)
    for name in sorted(options.tenants - set(loaded.tenant_names)):
        known = ", ".join(loaded.tenant_names) or "none"
        raise UsageError(f"no tenant.yaml below PATH names the tenant {name!r}", hint=f"known: {known}")
    tenants = tuple(_checked(tenant, workspace, options) for tenant in loaded.tenants)
    if len(tenants) == 1 or not options.campaigns:
        return tenants
    named = {name for tenant in tenants for name in tenant.campaigns}
    for campaign_id in sorted(options.campaigns - named):
        raise UsageError(
            f"{len(tenants)} tenants are selected, and no file says which of them has campaign {campaign_id!r}",
            hint="say which one with --tenant NAME",
        )
    return tuple(tenant for tenant in tenants if options.campaigns & set(tenant.campaigns))


def _checked(tenant: desired.DesiredTenant, workspace: Workspace, options: Options) -> DesiredTenant:
    """The whole tenant, however narrow PATH is. Its files must be valid, as far as they may be about what is selected."""
    block(tenant.findings if not options.campaigns else ())
    if not (options.campaigns or workspace.is_inside(tenant.settings.folder)):
        return tenant
    path, name = os.fspath(workspace.path(tenant.settings.folder)), frozenset({tenant.settings.name})
    allowed = hosts.allowed_hosts(options.environ)
    loaded = desired.load(workspace.source, path, name, options.campaigns, allowed=allowed)
    block((*loaded.findings, *(finding for again in loaded.tenants for finding in again.findings)))
    (whole,) = loaded.tenants
    return whole


def _write(workspace: Workspace, parts: Sequence[TenantImport]) -> None:
    new = {name for part in parts for name in part.task.create.values()}
    texts = {name: data for part in parts for name, data in part.settled.texts.items()}
    writes = [FileWrite(workspace.path(name), workspace.source.data(name), None) for name in workspace.added]
    for name, data in sorted(texts.items()):
        before = None if name in new else workspace.source.data(name)
        if data != before:
            writes.append(FileWrite(workspace.path(name), data, before))
    write_all(writes)


def write_all(writes: Sequence[FileWrite]) -> None:
    """Write all files in turn. ReconcilerError if one of them is not as it was, then before any is written, or if one
    cannot be written, with what was written until then."""
    for write in writes:
        if _present(write.path) != write.before:
            raise ReconcilerError(
                f"nothing was written: {write.path} was changed while import was running", hint="import again"
            )
    for done, write in enumerate(writes):
        try:
            write.path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(write.path, write.data, new=write.before is None)
        except OSError as error:
            raise ReconcilerError(
                f"{write.path} cannot be written: {error.strerror or error}; {done} of {len(writes)} files were written",
                hint="those that were written are whole; remove the cause and import again",
            ) from None


def _present(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ReconcilerError(f"nothing was written: {path} cannot be read: {error.strerror or error}") from None


def _prove(workspace: Workspace, part: TenantImport) -> None:
    """Load what was written once more, and see that it says what the tenant holds."""
    if not part.settled.texts:
        return
    written = Overlay(sources.WorkTree(workspace.root), {})
    if unsettled(part.task, part.settled, files_state(part.task, written)):
        raise ReconcilerError(
            "the files were written, but they do not say what the tenant holds",
            hint="somebody may have changed them at the same time; look at them with git diff, and plan",
        )


def _files(workspace: Workspace, part: TenantImport) -> Iterator[ImportedFile]:
    for file in part.files():
        shown, count = workspace.source.shown(file.name), part.inventory.schedules.get(file.real, 0)
        data = part.settled.texts.get(file.real)
        if data is not None:
            count = sum(schedules for _, schedules in edit.outline(data.decode("utf-8")))
        if file.real not in part.inventory.schedules:
            yield ImportedFile(shown, "created", count)
        elif data is None or data == workspace.source.data(file.real):
            yield ImportedFile(shown, "unchanged", count)
        else:
            yield ImportedFile(shown, "updated", count)
