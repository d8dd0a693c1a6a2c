"""The journal: every write before it is sent and after it ended, so that no apply can stop half way in silence.

JSON lines, each with the hash of the one before it and its own (`previous`, `hash`), appended under a lock and flushed
to the disk one by one. Whoever cuts, edits or reorders lines breaks the chain from there on.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import IO

from filelock import FileLock, Timeout

from .. import canonical
from ..errors import JournalUnavailableError
from ..model import JsonObject
from .chain import GENESIS, HEALED, is_sound


class Journal:
    """An open journal; a context manager. `on_heal` hears the sentence about a torn last line.

    Raises JournalUnavailableError where the file cannot be opened, locked, read or written.
    """

    def __init__(self, path: Path, on_heal: Callable[[str], None] | None = None) -> None:
        self._path = path
        self._on_heal = on_heal
        self._guard = threading.Lock()
        self._lock = FileLock(str(path) + ".lock")
        self._file: IO[bytes] | None = None
        self.head: str | None = None

    def __enter__(self) -> Journal:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._lock.acquire(timeout=0)
        except Timeout:
            raise JournalUnavailableError(
                f"another apply is writing the journal {self._path}",
                hint="wait until it has ended, or name another file with --audit-log",
            ) from None
        except OSError as error:
            raise _unavailable(self._path, error) from None
        try:
            torn = self._mend()
            self._file = self._path.open("ab")
            if torn is not None:
                self.append({"action": HEALED, "torn": torn})
        except OSError as error:
            self._release()
            raise _unavailable(self._path, error) from None
        except BaseException:
            self._release()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._release()

    def _release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
        self._lock.release()

    def append(self, entry: JsonObject) -> None:
        """Add one line and flush it to the disk; JournalUnavailableError if that fails."""
        with self._guard:
            if self._file is None:
                raise JournalUnavailableError(f"the journal {self._path} is not open")
            line = {"timestamp": _now(), **entry, "previous": self.head or GENESIS}
            line["hash"] = canonical.digest(line)
            try:
                self._file.write(canonical.dumps(line).encode("utf-8", "backslashreplace") + b"\n")
                self._file.flush()
                os.fsync(self._file.fileno())
            except OSError as error:
                raise _unavailable(self._path, error) from None
            self.head = line["hash"]

    def _tell(self, sentence: str) -> None:
        if self._on_heal is not None:
            self._on_heal(sentence)

    def _mend(self) -> str | None:
        """Take up the chain; a torn last line, left by a killed run, is cut off and returned."""
        if not self._path.exists():
            return None
        with self._path.open("r+b") as file:
            good, line, torn = _tail(file)
            if line is not None:
                self.head = _head_of(line, self._path)
            if torn:
                file.truncate(good)
                file.flush()
                os.fsync(file.fileno())
                self._tell(
                    f"the last line of the journal {self._path} was torn, so an earlier apply was killed while it wrote; "
                    "the line was taken out and its text kept in a JOURNALHEALED line"
                )
                return torn.decode("utf-8", "replace")
        return None


def _tail(file: IO[bytes]) -> tuple[int, bytes | None, bytes]:
    """Length of the whole lines, the last whole line, and the torn rest, reading from the end."""
    file.seek(0, os.SEEK_END)
    position, data = file.tell(), b""
    while position > 0 and data.count(b"\n") < 2:
        step = min(65536, position)
        position -= step
        file.seek(position)
        data = file.read(step) + data
    whole, _, torn = data.rpartition(b"\n")
    good = position + len(data) - len(torn)
    last = whole.rpartition(b"\n")[2] if whole else None
    return good, last, torn


def _head_of(line: bytes, path: Path) -> str:
    try:
        entry = json.loads(line)
        if is_sound(entry):
            return str(entry["hash"])
    except (ValueError, TypeError, KeyError, RecursionError):
        pass
    raise JournalUnavailableError(
        f"the last line of the journal {path} does not hold together, so it was edited or is no journal",
        hint=f"check it with `reconciler audit {path}`; move it away, or name another file with --audit-log",
    )


def _unavailable(path: Path, error: OSError) -> JournalUnavailableError:
    return JournalUnavailableError(
        f"the journal {path} cannot be written: {error.strerror or error}",
        hint="nothing is written to a tenant without a journal; free the place, or name another file with --audit-log",
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
