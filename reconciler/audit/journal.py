"""Writing the journal: under a lock, hash-chained, every line on the disk before anybody goes on."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from .. import canonical
from ..errors import JournalUnavailableError
from ..model import JsonObject
from .chain import GENESIS, HEALED, instant, line_of, read_tail, refuse_other_kinds
from .line_file import LineFile
from .months import month_files


def _now() -> datetime:
    return datetime.now(UTC)


def _in_silence(_text: str) -> None:
    """Hears and says nothing."""


class Journal:
    """An open journal, inside `with`; thread-safe. `path` is a file, or a folder that exists and gets a file a month.

    All lines of a run are in the file of the month in which it began, or in a newer one that is there already, as where
    the clock was set back: the order of the files is that of the chain. `say` gets the sentence about a torn last line,
    `echo` each line when it is written, as JSON in ASCII. `clock` gives the time of a line.

    Entering raises JournalUnavailableError where the file cannot be opened, locked, read or written, or is no journal.
    `head` is the hash of the last line, None while there is none.
    """

    def __init__(
        self,
        path: Path,
        say: Callable[[str], None] = _in_silence,
        echo: Callable[[str], None] | None = None,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self._clock = clock
        self._path = path
        self._say = say
        self._echo = echo
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
                    hint="wait until it has ended, or name another place with --audit-log",
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
                line = {"timestamp": instant(self._clock()), **entry, "previous": self.head or GENESIS}
                line["hash"] = canonical.digest(line)
                size = file.write(line_of(line) + b"\n")
                self.head = line["hash"]
                if self._echo is not None:
                    with suppress(Exception):  # what is only said stops nothing
                        self._echo(_plain(line))
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
        if not self._path.is_dir():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = _locked(self._path)
            self._take_up(self._file, self._path)
            return
        month = self._path / f"{self._clock():%Y-%m}.jsonl"
        while True:
            files = month_files(self._path) or (month,)
            file = self._file = _locked(files[-1])
            if month_files(self._path)[-1:] == files[-1:]:
                break
            self._close()  # somebody began another file meanwhile
        self._take_up(file, files[-1], *files[:-1])
        if month > files[-1]:
            self._file = _locked(month)
            file.close()  # only now: whoever opens the journal meanwhile finds one of the two locked
            self._file.prove()

    def _take_up(self, file: LineFile, path: Path, *earlier: Path) -> None:
        """Go on after the last whole line of `path`, which follows the files before it."""
        tail = read_tail(path, *earlier)
        self.head = tail.head
        if tail.torn:
            file.cut(tail.size)
        file.prove()
        if torn := tail.torn.strip(b" \0"):
            self.append({"action": HEALED, "torn": torn.decode("utf-8", "replace")})
            with suppress(Exception):  # what is only said stops nothing
                self._say(
                    f"The last line of the journal {path} was torn, so an earlier apply was killed while it wrote. "
                    f"The line was taken out, and its text kept in a {HEALED} line."
                )

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


def _plain(line: JsonObject) -> str:
    """A line that a log takes as it is: ASCII, and without what is a command to a build's runner (`##[`)."""
    return json.dumps(line, sort_keys=True, separators=(",", ":")).replace("#", r"\u0023")


def _locked(path: Path) -> LineFile:
    refuse_other_kinds(path)
    return LineFile(path)


def _unavailable(path: Path, error: OSError) -> JournalUnavailableError:
    return JournalUnavailableError(
        f"the journal {path} cannot be written: {error.strerror or error}",
        hint="nothing is written to a tenant without a journal; free the place, or name another place with --audit-log",
    )
