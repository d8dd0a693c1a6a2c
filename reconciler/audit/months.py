"""Where a journal is: one file, or a folder with a file a month (`2026-11.jsonl`), the chain going on from file to file."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from ..errors import JournalBrokenError
from ..model import JsonObject
from .chain import GENESIS, checked, journal_entry, last_lines, sound_entry

_MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])\.jsonl", re.ASCII)


def month_files(folder: Path) -> tuple[Path, ...]:
    """The files of a journal that is a folder, the oldest first; other files in the folder are none of it."""
    return tuple(sorted(path for path in folder.iterdir() if _MONTH.fullmatch(path.name)))


class JournalFiles(NamedTuple):
    """The files of one journal, in the order of its chain."""

    files: tuple[Path, ...]

    def entries(self, beginning: bytes = b"") -> Iterator[JsonObject]:
        """The entries of its lines that begin so, in order, read one by one; JournalBrokenError at the first line of all that
        does not hold."""
        previous = GENESIS
        for file in self.files:
            try:
                with file.open("rb") as lines:
                    for line, own in checked(lines, file, previous):
                        previous = own
                        if line.startswith(beginning):
                            yield _entry(line, file)
            except OSError as error:
                raise unreadable(file, error) from None
            if file != self.files[-1] and _torn(file).strip():
                raise JournalBrokenError(f"{file}: the last line is torn, and another file follows: lines were cut")

    @property
    def name(self) -> str:
        """Where it is, for people: a file, or the folder of its months."""
        last = self.files[-1]
        return str(last.parent if _MONTH.fullmatch(last.name) and len(self.files) > 1 else last)

    @property
    def torn(self) -> str:
        """What follows the last whole line."""
        return _torn(self.files[-1]).decode("utf-8", "replace")


def find_journals(places: Sequence[Path]) -> tuple[JournalFiles, ...]:
    """The journals at these places, files and folders: a file goes on with the journal whose last line it follows.

    Files of months are taken in the order of their names, whatever the order and the folders in which they are named.
    JournalBrokenError where a file cannot be read, or follows none of the files before it.
    """
    files: dict[Path, Path] = {}
    for place in places:
        try:
            for file in month_files(place) if place.is_dir() else (place,):
                files.setdefault(file.resolve(), file)
        except (OSError, RuntimeError) as error:
            raise unreadable(place, error) from None
    chains: list[list[Path]] = []
    heads: list[str] = []
    for file in sorted(files.values(), key=lambda file: file.name if _MONTH.fullmatch(file.name) else ""):
        previous, head = _ends(file)
        if previous is None:  # it has no whole line yet
            number = next((n for n, chain in enumerate(chains) if chain[-1].parent == file.parent), None)
        else:
            number = heads.index(previous) if previous in heads else None
        if number is not None:
            chains[number].append(file)
            heads[number] = head or heads[number]
        elif previous in (None, GENESIS):
            chains.append([file])
            heads.append(head)
        else:
            for chain in chains:  # what is wrong with one of them says more
                deque(JournalFiles(tuple(chain)).entries(), maxlen=0)
            raise JournalBrokenError(
                f"{file}:1: the line follows no other here: lines were cut, or a whole file is missing",
                hint="name all files of the journal, or its folder; compare with the copy that the pipeline keeps",
            )
    return tuple(JournalFiles(tuple(chain)) for chain in chains)


def unreadable(path: Path, error: Exception) -> JournalBrokenError:
    """The error of a journal that the disk does not give."""
    reason = (error.strerror if isinstance(error, OSError) else None) or error
    return JournalBrokenError(f"the journal {path} cannot be read: {reason}")


def _ends(file: Path) -> tuple[str | None, str]:
    """What the first whole line of a file follows, None without one, and the hash of the last; whether they hold is
    found out when they are read."""
    if file.exists() and not file.is_file():  # to open it could wait for ever
        raise unreadable(file, ValueError("it is a pipe or a device, not a file"))
    try:
        with file.open("rb") as lines:
            first = lines.readline()
        if not first.endswith(b"\n"):
            return None, ""
        last, _, _ = last_lines(file)
    except OSError as error:
        raise unreadable(file, error) from None
    begin, end = (sound_entry(line[:-1]) or {} for line in (first, last[-1]))
    return str(begin.get("previous", GENESIS)), str(end.get("hash", ""))


def _entry(line: bytes, file: Path) -> JsonObject:
    entry = journal_entry(line)
    if entry is None:  # its hash fits, so somebody made it
        raise JournalBrokenError(f"{file}: no journal line: {line[:60]!r}")
    return entry


def _torn(file: Path) -> bytes:
    return last_lines(file)[2]
