"""What the stages need of a place that holds files (the work tree, or any git revision), and how a file is written.

`desired` knows this protocol only; `reconciler.sources` holds the implementations. Names are relative to the root of the
source, with forward slashes, and "" is the root itself.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple, Protocol

from .findings import Finding

MAX_FILE_BYTES = 5 * 1024 * 1024


class File(NamedTuple):
    """A file under the name that people know it by; `real` is the name without any symlink in it."""

    name: str
    real: str


class Target(NamedTuple):
    """What a PATH of the command line means in a source."""

    name: str
    is_folder: bool


class Listing(NamedTuple):
    """The YAML files below a folder, sorted by name, and why others cannot be read or followed, by their names."""

    files: tuple[File, ...]
    obstacles: Mapping[str, Finding] = MappingProxyType({})


class Source(Protocol):
    """Where files come from."""

    def target(self, path: str) -> Target | None:
        """What PATH (relative to the current directory, or absolute) means here.

        DesiredStateError where it cannot be a source of schedules; None where a past revision just did not have it yet.
        """

    def shown(self, name: str) -> str:
        """A name as users see it: relative to the current directory; for a revision, as if it were in the work tree."""

    def files(self, folder: str) -> Listing:
        """All YAML files below a folder. Names that start with "." or "_" are skipped, links inside the root followed."""

    def file(self, name: str) -> File | Finding | None:
        """The file of that name; None if there is none, a finding if it is a link that must not be followed."""

    def content_id(self, file: File) -> str | None:
        """The name of what a file holds, which no other content has; None where that is not known without reading it."""

    def read(self, files: Iterable[File]) -> Iterator[bytes | Finding]:
        """The bytes of each file in turn, or why they cannot be had."""


def write_whole(path: Path, data: bytes, *, new: bool = False) -> None:
    """Write a whole file or nothing: half of it is never seen, and a failure leaves what was there. OSError;
    FileExistsError where the file should be `new` and is there by now.

    A link is followed, so that it stays one. What is no regular file (a device, a pipe) is written through, because
    putting a file in its place would take it away from everybody else. A new file has the mode that the umask gives, one
    that is replaced keeps its own.
    """
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        mode = None
    if new and mode is not None:
        raise FileExistsError(errno.EEXIST, "the file exists")
    if mode is not None and not stat.S_ISREG(mode):
        with path.open("wb") as device:
            device.write(data)
        return
    real = path.resolve()
    temporary = real.parent / f".{secrets.token_hex(8)}.tmp"  # short, whatever the file's own name is
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666), "wb") as file:
            if mode is not None:
                temporary.chmod(stat.S_IMODE(mode))
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if new:
            _put_new(temporary, real)
        else:
            temporary.replace(real)
    finally:
        temporary.unlink(missing_ok=True)


def _put_new(temporary: Path, path: Path) -> None:
    """Give a file its name; FileExistsError if somebody else was first."""
    try:
        path.hardlink_to(temporary)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if path.exists():
            raise FileExistsError(errno.EEXIST, "the file exists") from None
        temporary.rename(path)
