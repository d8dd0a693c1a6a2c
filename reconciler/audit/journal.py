"""Writing the journal: under a lock, hash-chained, every line on the disk before anybody goes on."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from .. import canonical
from ..errors import JournalUnavailableError
from ..model import JsonObject
from .chain import GENESIS, HEALED, line_of, read_tail, refuse_other_kinds
from .line_file import LineFile


class Journal:
    """An open journal, inside `with`; thread-safe. `say` gets the sentence about a torn last line.

    Entering raises JournalUnavailableError where the file cannot be opened, locked, read or written, or is no journal.
    `head` is the hash of the last line, None while there is none.
    """

    def __init__(self, path: Path, say: Callable[[str], None] | None = None) -> None:
        self._path = path
        self._say = say
        self._guard = threading.Lock()
        self._file: LineFile | None = None
        self.head: str | None = None

    def __enter__(self) -> Journal:
        with ExitStack() as undo:
            undo.callback(self._close)
            try:
                self._open()
            except BlockingIOError:
                raise JournalUnavailableError(
                    f"nothing was written: another apply is writing the journal {self._path}",
                    hint="wait until it has ended, or name another file with --audit-log",
                ) from None
            except OSError as error:
                raise _unavailable(self._path, error) from None
            undo.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def append(self, entry: JsonObject) -> None:
        """Add one line; on return it is on the disk. JournalUnavailableError if that fails."""
        file = self._file
        if file is None:
            raise JournalUnavailableError(f"the journal {self._path} is not open")
        try:
            with self._guard:
                file.prove_intact()
                now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
                line = {"timestamp": now, **entry, "previous": self.head or GENESIS}
                line["hash"] = canonical.digest(line)
                size = file.write(line_of(line) + b"\n")
                self.head = line["hash"]
            file.flush(size)
        except OSError as error:
            raise _unavailable(self._path, error) from None

    def prove_intact(self) -> None:
        """JournalUnavailableError where the file was removed, replaced, cut or changed since it was opened."""
        try:
            if self._file is not None:
                self._file.prove_intact()
        except OSError as error:
            raise _unavailable(self._path, error) from None

    def _open(self) -> None:
        """Take up the chain; a torn last line is cut off, and its text kept in a line of its own."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        refuse_other_kinds(self._path)
        self._file = LineFile(self._path)
        tail = read_tail(self._path)
        self.head = tail.head
        if tail.torn:
            self._file.cut(tail.size)
        self._file.prove()
        if torn := tail.torn.strip(b" \0"):
            self.append({"action": HEALED, "torn": torn.decode("utf-8", "replace")})
            if self._say is not None:
                with suppress(Exception):  # what is only said stops nothing
                    self._say(
                        f"The last line of the journal {self._path} was torn, so an earlier apply was killed while it wrote. "
                        f"The line was taken out, and its text kept in a {HEALED} line."
                    )

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


def _unavailable(path: Path, error: OSError) -> JournalUnavailableError:
    return JournalUnavailableError(
        f"the journal {path} cannot be written: {error.strerror or error}",
        hint="nothing is written to a tenant without a journal; free the place, or name another file with --audit-log",
    )
