"""A file of lines that are on the disk before anybody goes on: appended whole or not at all, flushed one by one.

Flushes are shared: whoever comes first flushes for all that have written by then, so that many workers wait for the
disk about as long as one.
"""

from __future__ import annotations

import contextlib
import os
import threading
from pathlib import Path

_FLAGS = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
_PROBE = b" " * 4096  # the room that a line needs, roughly


class LineFile:
    """An open file that only grows, by whole lines; thread-safe. All methods raise OSError where the disk says no."""

    def __init__(self, path: Path) -> None:
        created = not path.exists()
        self._file = os.open(path, _FLAGS, 0o666)
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


def _flush_folder(folder: Path) -> None:
    """The name of a new file is on the disk only when its folder is."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
