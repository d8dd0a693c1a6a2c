"""A file of lines that are on the disk before anybody goes on: appended whole or not at all, flushed one by one.

The opened file itself is locked, not its name: a symlink, a hard link or a removed lock file leads to no second writer.
Flushes are shared: whoever comes first flushes for all that have written by then, so that many workers wait for the
disk about as long as one.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import threading
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_FLAGS = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
_PROBE = b" " * 4096  # the room that a line needs, roughly


class LineFile:
    """An open file that only grows, by whole lines, and that no other process has open as one; thread-safe.

    All methods raise OSError where the disk says no, BlockingIOError where somebody else has it open.
    """

    def __init__(self, path: Path) -> None:
        created = not path.exists()
        self._path = path
        self._file = os.open(path, _FLAGS, 0o666)
        try:
            _lock(self._file)
            self._refuse_another(path)
        except OSError:
            os.close(self._file)
            raise
        self._size = os.fstat(self._file).st_size
        self._guard = threading.Lock()
        self._flushing = threading.Lock()
        self._flushed = self._size
        self._failure: OSError | None = None
        if created:
            _flush_folder(path.parent)

    def close(self) -> None:
        """Close it; what was appended is on the disk already."""
        os.close(self._file)

    def prove_intact(self) -> None:
        """Find out whether it is still the file at its path, and as long as it was written; OSError where it is not."""
        with self._guard:
            self._refuse_another(self._path)
            if os.fstat(self._file).st_size != self._size:
                raise OSError(errno.ESTALE, "it was cut or changed by another program meanwhile")

    def cut(self, size: int) -> None:
        """Leave only the first `size` bytes."""
        with self._guard:
            os.ftruncate(self._file, size)
            self._size = self._flushed = size

    def prove(self) -> None:
        """Find out, by writing blanks and taking them back, whether there is room for a line."""
        with self._guard:
            self._write_all(_PROBE)
            os.fsync(self._file)
            os.ftruncate(self._file, self._size)

    def write(self, line: bytes) -> int:
        """Write one line with its end; returns the size up to which `flush` makes it safe. Half a line is taken back."""
        with self._guard:
            self._write_all(line)
            self._size += len(line)
            return self._size

    def flush(self, size: int) -> None:
        """Return when everything up to `size` is on the disk."""
        with self._flushing:
            if self._failure is not None:
                raise self._failure  # after a failed flush the system may forget what it did not write
            if self._flushed >= size:
                return
            written = self._size
            try:
                os.fsync(self._file)
            except OSError as error:
                self._failure = error
                raise
            self._flushed = written

    def _refuse_another(self, path: Path) -> None:
        try:
            same = os.path.samestat(os.fstat(self._file), path.stat())
        except FileNotFoundError:
            raise OSError(errno.ESTALE, "it was removed meanwhile") from None
        if not same:
            raise OSError(errno.ESTALE, "another file has taken its place meanwhile")

    def _write_all(self, data: bytes) -> None:
        """Write all of it; after an error nothing of it stays."""
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[os.write(self._file, rest) :]
        except OSError:
            with contextlib.suppress(OSError):  # no regular file: then there is nothing to take back either
                os.ftruncate(self._file, self._size)
            raise


def _lock(file: int) -> None:
    """Keep every other process, and every other opening in this one, from locking the file; the lock ends with the
    opening."""
    if sys.platform == "win32":
        os.lseek(file, 2**40, os.SEEK_SET)  # a byte that no line reaches: others may read what is there
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError as error:
            raise BlockingIOError(*error.args) from None
    else:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _flush_folder(folder: Path) -> None:
    """The name of a new file is on the disk only when its folder is."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
