"""Walking a tree of files, the same way in the work tree and in a revision: what is skipped, which links are followed,
and the names of files as users see them.

A link may lead anywhere inside the root. One that leaves it would read what the repository does not hold, and one that
leads back to where it stands would never end; both are findings.
"""

from __future__ import annotations

import os
import posixpath
from abc import ABC, abstractmethod
from collections.abc import Iterable
from enum import Enum
from operator import itemgetter
from pathlib import Path

from ..errors import DesiredStateError
from ..files import MAX_FILE_BYTES, File, Listing
from ..findings import Finding, Location, Severity

_MAX_HOPS = 40
_MAX_FOLDER_LINKS = 1000
_SUFFIXES = (".yaml", ".yml")
_SKIPPED = (".", "_")


class EntryKind(Enum):
    """What a name stands for."""

    FILE = "file"
    FOLDER = "folder"
    LINK = "link"
    OTHER = "device, pipe or socket"


_FILE = EntryKind.FILE


class Tree(ABC):
    """What every `Source` of a tree has in common, and the raw tree below its root; names without links in their folders.

    Users see names relative to the current directory, which is the one that was current at first.
    """

    def __init__(self, root: str) -> None:
        self.root = str(Path(root).resolve())
        self._here = Path.cwd().resolve().as_posix()
        base = Path(self.root).as_posix().rstrip("/")
        within = f"{self._here}/".startswith(f"{base}/")
        self._inside = f"{self._here}/"[len(base) + 1 :] if within else None

    def shown(self, name: str) -> str:
        """See `Source.shown`; always printable: bytes that are no text are spelled out."""
        if self._inside is not None and name.startswith(self._inside) and len(name) > len(self._inside):
            relative = name[len(self._inside) :]
        else:
            relative = posixpath.relpath(posixpath.join(Path(self.root).as_posix(), name), self._here)
        return relative if relative.isascii() else os.fsencode(relative).decode("utf-8", "backslashreplace")

    def content_id(self, file: File) -> str | None:  # noqa: ARG002 - a tree that lies on a disk does not know it
        """See `Source.content_id`."""
        return None

    def named(self, path: str) -> str:
        """The name of a path of the command line, links in it resolved. DesiredStateError if it lies outside the root."""
        try:
            name = Path(os.path.realpath(path)).relative_to(self.root).as_posix()
        except ValueError as error:
            raise DesiredStateError(
                f"{path!r} does not lie below {self.root}", hint="name a folder or file inside the repository"
            ) from error
        return "" if name == "." else name

    def full(self, name: str) -> str:
        """The absolute path of a name."""
        return os.path.join(self.root, name)  # noqa: PTH118 - once per file, and five times as fast as pathlib

    def files(self, folder: str) -> Listing:
        """See `Source.files`."""
        files: list[File] = []
        obstacles: dict[str, Finding] = {}
        # Each with the real folders from the start of the walk down to it.
        folders: list[tuple[str, tuple[str, ...]]] = [(folder, (folder,))]
        links = 0
        while folders:
            folder, chain = folders.pop()
            try:
                entries = sorted(self.entries(chain[-1]), key=itemgetter(0))
            except OSError as error:
                message = f"the folder cannot be read: {error.strerror or error}"
                obstacles[folder] = self.finding("file-unreadable", folder, message)
                continue
            above, real_above = (f"{start}/" if start else "" for start in (folder, chain[-1]))
            for entry, kind in entries:
                if entry.startswith(_SKIPPED):
                    continue
                name = above + entry
                if kind is _FILE and entry.endswith(_SUFFIXES):  # nearly all of them
                    files.append(File(name, real_above + entry))
                    continue
                found = self._odd_entry(kind, name, real_above + entry, chain)
                if isinstance(found, File):
                    files.append(found)
                elif isinstance(found, Finding):
                    obstacles[name] = found
                elif found is not None:
                    links += kind is EntryKind.LINK
                    if links <= _MAX_FOLDER_LINKS:
                        folders.append((name, found))
                    else:
                        message = f"more than {_MAX_FOLDER_LINKS} links to folders; this one is not followed"
                        obstacles[name] = self.finding("file-unsafe", name, message)
        return Listing(tuple(sorted(files)), obstacles)

    def _odd_entry(
        self, kind: EntryKind, name: str, real: str, chain: tuple[str, ...]
    ) -> File | tuple[str, ...] | Finding | None:
        """What an entry of a folder is: a YAML file; a folder, as the real folders down to it, where `chain` are those down to
        its holder; why it cannot be read or followed; None for anything else."""
        is_yaml = name.lower().endswith(_SUFFIXES)
        if kind is EntryKind.LINK:
            if not is_yaml and posixpath.splitext(name)[1]:
                return None
            try:
                real, there = follow(self, real)
            except UnsafeLinkError as error:
                return self.finding("file-unsafe", name, f"this symbolic link {error}; it is not followed")
            if there is EntryKind.FOLDER and any(not real or f"{holder}/".startswith(f"{real}/") for holder in chain):
                message = "this symbolic link leads back to a folder that it lies in; it is not followed"
                return self.finding("file-unsafe", name, message)
            if there is None or there is EntryKind.OTHER:
                what = f"a {there.value}" if there else "nothing"
                return self.finding("file-unreadable", name, f"this symbolic link leads to {what}")
            kind = there
        if kind is EntryKind.FOLDER:
            return (*chain, real)
        if kind is EntryKind.FILE:
            return File(name, real) if is_yaml else None
        message = f"this is a {kind.value}, not a regular file"
        return self.finding("file-unreadable", name, message) if is_yaml else None

    def file(self, name: str) -> File | Finding | None:
        """See `Source.file`."""
        try:
            real, kind = follow(self, name)
        except UnsafeLinkError as error:
            return self.finding("file-unsafe", name, f"the path {error}; it is not followed")
        return None if kind in (None, EntryKind.FOLDER) else File(name, real)

    def finding(self, code: str, name: str, message: str) -> Finding:
        """An error about a whole file."""
        return Finding(Severity.ERROR, code, message, Location(self.shown(name), 1, 1))

    def bounded(self, file: File, data: bytes) -> bytes | Finding:
        """What was read of a file, or the error about a file that is not read because of its size."""
        if len(data) <= MAX_FILE_BYTES:
            return data
        limit = MAX_FILE_BYTES // 1024 // 1024
        return self.finding("file-unsafe", file.name, f"the file is larger than {limit} MiB; split it")

    @abstractmethod
    def entries(self, folder: str) -> Iterable[tuple[str, EntryKind]]:
        """Names (not paths) and kinds in a folder; OSError if it cannot be read."""

    @abstractmethod
    def kind(self, name: str) -> EntryKind | None:
        """What is there under a path; None if nothing is."""

    @abstractmethod
    def link_target(self, name: str) -> str:
        """The text of a link; UnsafeLinkError where it cannot be read."""


class UnsafeLinkError(Exception):
    """A link that must not be followed; the text says why."""


def follow(tree: Tree, name: str) -> tuple[str, EntryKind | None]:
    """The path without links that `name` leads to, and what is there. UnsafeLinkError for a loop or a way out."""
    todo = [part for part in reversed(name.split("/")) if part not in ("", ".")]
    real, hops = "", 0
    kind: EntryKind | None = EntryKind.FOLDER
    while todo:
        part = todo.pop()
        if part == "..":
            if not real:
                raise UnsafeLinkError("leads out of the repository")
            real = posixpath.dirname(real)
            continue
        step = f"{real}/{part}" if real else part
        kind = tree.kind(step)
        if kind is not EntryKind.LINK:
            if kind is None or (todo and kind is not EntryKind.FOLDER):
                return step, None
            real = step
            continue
        hops += 1
        target = tree.link_target(step)
        if hops > _MAX_HOPS:
            raise UnsafeLinkError("leads in a circle")
        if target.startswith("/"):
            raise UnsafeLinkError("leads to an absolute path, which is another one on another machine")
        todo += [step for step in reversed(target.split("/")) if step not in ("", ".")]
    return real, tree.kind(real) if real else EntryKind.FOLDER
