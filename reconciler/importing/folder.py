"""Where import may put files: the folder of new ones, their schema, their names, and a tenant.yaml where there is none."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from .. import hosts, sources
from ..desired.scope import DEFAULTS_FILE, TENANT_FILE, folders_down_to, is_below
from ..errors import DesiredStateError, ReconcilerError, UsageError
from ..files import File, Listing, Source, Target
from ..findings import Finding
from ..pipeline.tenants import BASE_URI_ENV, Options
from ..schema_files import nearest_schema
from . import edit


@dataclass(frozen=True, slots=True)
class Workspace:
    """The files as import finds them. `folder` is the one that PATH names, or lies in, below the `root`.

    `narrow` is what PATH names itself: that folder, or one campaign file. `added` are files that have to be written
    before anything else makes sense.
    """

    root: str
    source: Overlay
    folder: str
    narrow: str
    added: tuple[str, ...] = ()

    def path(self, name: str) -> Path:
        """The absolute path of a name."""
        return Path(self.root, name)

    def covers(self, name: str) -> bool:
        """Whether PATH names this file."""
        return is_below(name, self.narrow)

    def folder_in(self, tenant: str) -> str:
        """The folder of new files of the tenant in a folder: the one of PATH if that lies in it, else the tenant's."""
        return self.folder if self.folder == tenant or self.is_inside(tenant) else tenant

    def is_inside(self, tenant: str) -> bool:
        """Whether PATH is narrower than the tenant in a folder."""
        return self.narrow != tenant and is_below(self.narrow, tenant)

    def schema_for(self, folder: str, kind: str) -> str | None:
        """The path from a folder to the JSON Schema that its files name, None where `init` has placed none."""
        start = self.path(folder)
        schema = nearest_schema(start, Path(self.root), kind)
        return None if schema is None else Path(os.path.relpath(schema, start)).as_posix()

    def names_in(self, folder: str) -> frozenset[str]:
        """The names that are taken in a folder, whatever they stand for."""
        path = self.path(folder)
        return frozenset(entry.name for entry in path.iterdir()) if path.is_dir() else frozenset()


def find_workspace(options: Options) -> Workspace:
    """Look at PATH, which need not exist, and add a tenant.yaml if none is at, above or below it.

    UsageError where that needs a CXONE_BASE_URI that is not there, or may not be used.
    """
    root, missing = _root(options.path)
    base = sources.WorkTree(root)
    source = Overlay(base, {}, missing)
    narrow, folder = _named(source, options.path) if missing is None else (missing, missing)
    workspace = Workspace(root, source, folder, narrow)
    return workspace if _has_tenant(source, folder) else _with_tenant(workspace, options)


def _root(path: str) -> tuple[str, str | None]:
    """The root of the source, and PATH's name below it where it does not exist yet."""
    root = sources.state_of(path).root
    real = Path(os.path.realpath(path))
    if real.exists():
        return root, None
    if real.suffix.lower() in (".yaml", ".yml"):
        raise DesiredStateError(f"{path!r} does not exist", hint="name a folder; import chooses the names of files")
    if not any(Path(root, mark).exists() for mark in (".git", TENANT_FILE)):
        return str(real), ""
    return root, real.relative_to(root).as_posix()


def _named(source: Source, path: str) -> tuple[str, str]:
    """What PATH names, and the folder that it is or lies in."""
    target = source.target(path)
    assert target is not None  # noqa: S101 - only a revision may lack what PATH names
    if target.is_folder:
        return target.name, target.name
    folder, name = posixpath.split(target.name)
    return (folder if name in (TENANT_FILE, DEFAULTS_FILE) else target.name), folder


def _has_tenant(source: Source, folder: str) -> bool:
    above = any(source.file(posixpath.join(above, TENANT_FILE)) is not None for above in folders_down_to(folder))
    return above or any(posixpath.basename(file.name) == TENANT_FILE for file in source.files(folder).files)


def _with_tenant(workspace: Workspace, options: Options) -> Workspace:
    base_uri = options.environ.get(BASE_URI_ENV, "").rstrip("/")
    where = workspace.source.shown(posixpath.join(workspace.folder, TENANT_FILE))
    if not base_uri:
        raise UsageError(
            f"there is no tenant.yaml at, above or below {options.path}, and {BASE_URI_ENV} is not set",
            hint=f"`reconciler init {options.path}` writes one, and a first campaign file; or set {BASE_URI_ENV} to the tenant's "
            f"base URI, and import writes {where}",
        )
    fault = hosts.fault_of(base_uri, hosts.allowed_hosts(options.environ))
    if fault is not None:
        raise UsageError(f"{BASE_URI_ENV}: {fault}")
    if len(options.tenants) > 1:
        raise UsageError(f"{where} does not exist and can name one tenant only", hint="give one --tenant NAME")
    name = next(iter(options.tenants), None) or edit.tenant_name(base_uri)
    schema = workspace.schema_for(workspace.folder, "tenant")
    text = edit.tenant_text(name, base_uri, schema).encode("utf-8")
    added = posixpath.join(workspace.folder, TENANT_FILE)
    return replace(workspace, source=workspace.source.with_texts({added: text}), added=(added,))


class Overlay:
    """A `Source`: `base`, with the content of some files (by their name without links) replaced, and some files more.

    `missing` is the folder that PATH names and that does not exist yet, None if it does.
    """

    def __init__(self, base: Source, texts: Mapping[str, bytes], missing: str | None = None) -> None:
        self._base = base
        self._texts = dict(texts)
        self._missing = missing

    def with_texts(self, texts: Mapping[str, bytes]) -> Overlay:
        """The same with more files."""
        return Overlay(self._base, {**self._texts, **texts}, self._missing)

    def target(self, path: str) -> Target | None:
        """See `Source.target`."""
        try:
            return self._base.target(path)
        except DesiredStateError:
            if self._missing is None:
                raise
            return Target(self._missing, is_folder=True)

    def shown(self, name: str) -> str:
        """See `Source.shown`."""
        return self._base.shown(name)

    def files(self, folder: str) -> Listing:
        """See `Source.files`."""
        there = Listing(()) if folder == self._missing else self._base.files(folder)
        known = {file.real for file in there.files}
        new = [File(name, name) for name in self._texts if name not in known and is_below(name, folder)]
        return Listing(tuple(sorted((*there.files, *new))), there.obstacles)

    def file(self, name: str) -> File | Finding | None:
        """See `Source.file`."""
        return File(name, name) if name in self._texts else self._base.file(name)

    def content_id(self, file: File) -> str | None:
        """See `Source.content_id`."""
        return None if file.real in self._texts else self._base.content_id(file)

    def read(self, files: Iterable[File]) -> Iterator[bytes | Finding]:
        """See `Source.read`."""
        for file in files:
            yield self._texts[file.real] if file.real in self._texts else next(iter(self._base.read((file,))))

    def data(self, name: str) -> bytes:
        """The bytes of one file that is there. ReconcilerError if it cannot be read any more."""
        (data,) = self.read((File(name, name),))
        if isinstance(data, Finding):
            raise ReconcilerError(f"nothing was written: {data.message}")
        return data
