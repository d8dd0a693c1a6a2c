"""The files as they lie on the disk now."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from ..errors import DesiredStateError
from ..files import MAX_FILE_BYTES, File, Target
from ..findings import Finding
from .tree import EntryKind, Tree, UnsafeLinkError

_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class WorkTree(Tree):
    """A `Source`: everything below `root`, which is absolute (see `state_of`)."""

    def target(self, path: str) -> Target | None:
        """See `Source.target`; never None, because PATH must exist."""
        name = self.named(path)
        kind = self.kind(name) if name else EntryKind.FOLDER
        if kind is None:
            raise DesiredStateError(
                f"{path!r} does not exist",
                hint="name the folder that holds tenant.yaml, or a file below it; `reconciler init` starts a new folder, and "
                "`reconciler plan --sandbox` in a checkout of this project shows its samples",
            )
        if kind not in (EntryKind.FILE, EntryKind.FOLDER):
            raise DesiredStateError(f"{path!r} is neither a folder nor a file that can be read")
        return Target(name, kind is EntryKind.FOLDER)

    def read(self, files: Iterable[File]) -> Iterator[bytes | Finding]:
        """See `Source.read`."""
        for file in files:
            fault, data = "this is not a regular file", None
            try:
                handle = os.open(self.full(file.real), _FLAGS)
                with os.fdopen(handle, "rb", buffering=0) as stream:
                    if stat.S_ISREG(os.fstat(handle).st_mode):
                        data = stream.read(MAX_FILE_BYTES + 1) or b""
            except OSError as error:
                fault = f"the file cannot be read: {error.strerror or error}"
            yield self.finding("file-unreadable", file.name, fault) if data is None else self.bounded(file, data)

    def entries(self, folder: str) -> Iterator[tuple[str, EntryKind]]:
        """See `Tree.entries`."""
        with os.scandir(self.full(folder)) as found:
            for entry in found:
                if entry.is_symlink():
                    kind = EntryKind.LINK
                elif entry.is_file(follow_symlinks=False):
                    kind = EntryKind.FILE
                else:
                    kind = EntryKind.FOLDER if entry.is_dir(follow_symlinks=False) else EntryKind.OTHER
                yield entry.name, kind

    def kind(self, name: str) -> EntryKind | None:
        """See `Tree.kind`."""
        try:
            mode = os.lstat(self.full(name)).st_mode
        except (OSError, ValueError):
            return None
        if stat.S_ISLNK(mode):
            return EntryKind.LINK
        if stat.S_ISREG(mode):
            return EntryKind.FILE
        return EntryKind.FOLDER if stat.S_ISDIR(mode) else EntryKind.OTHER

    def link_target(self, name: str) -> str:
        """See `Tree.link_target`."""
        try:
            return Path(self.full(name)).readlink().as_posix()
        except OSError as error:  # the links of /proc, and one that was removed meanwhile
            raise UnsafeLinkError(f"cannot be read: {error.strerror or error}") from None
