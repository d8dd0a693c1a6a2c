"""The hash chain of a journal: each line holds the hash of the one before it (`previous`) and its own (`hash`).

Whoever edits, cuts out or reorders lines breaks the chain from there on. Lines cut off at the end leave it whole: the
result of an apply names the head (`journalHead`), so that this shows too.
"""

from __future__ import annotations

import hashlib
import json
from collections import deque
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from .. import canonical
from ..errors import JournalBrokenError, JournalUnavailableError
from ..model import JsonObject

GENESIS = "sha256:" + "0" * 64
HEALED = "JOURNAL_HEALED"
RUN_ENDED = "RUN_ENDED"
_BEGINNING = b'{"action":"'  # how every line begins, because the keys of a line are sorted
_HASH, _PREVIOUS = b',"hash":"', b',"previous":"'  # a quote within a text has a backslash, so neither is in one
_LENGTH = len(GENESIS)
_SURROGATE = rb"\ud"  # how an escaped half of a character begins
_CHECKED = 2**20  # about 500 lines
_HINT = "trust nothing from this line on; compare with the copy that the pipeline keeps"


def beginning(action: str) -> bytes:
    """How the lines of an action begin."""
    return _BEGINNING + action.encode() + b'"'


RUN_END = beginning(RUN_ENDED)
"""How the line begins with which a run ends."""


def instant(at: datetime) -> str:
    """A time as lines have it, to the millisecond in UTC: such texts sort as the times do."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def sound_entry(line: bytes) -> JsonObject | None:
    """The entry of a line that fits its own hash and is written as the journal writes; None for any other line."""
    return None if _own_hash(line) is None else journal_entry(line)


def journal_entry(line: bytes) -> JsonObject | None:
    """What a line says, whether it fits its hash or not; None where that is no entry."""
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return entry if isinstance(entry, dict) else None


def _own_hash(line: bytes) -> str | None:
    """The hash that a line holds, None where it does not fit.

    It is that of all the other bytes of the line, so a line that says the same in other bytes does not fit either: it may
    say something else to another reader, such as with a key that it repeats. Nothing is decoded for it, because a chain
    of many years is checked from its first line. A line holds no other member of that name behind its own.
    """
    if _SURROGATE in line:
        return _surrogate_hash(line)
    head, _, tail = line.rpartition(_HASH)
    own = tail[:_LENGTH]
    rest = head + tail[_LENGTH + 1 :]
    fits = tail[_LENGTH : _LENGTH + 1] == b'"' and own == b"sha256:" + hashlib.sha256(rest).hexdigest().encode()
    return own.decode() if fits else None


def _surrogate_hash(line: bytes) -> str | None:
    """The same of a line with half a character, for which UTF-8 has no bytes: in the line it is escaped, in what is hashed it
    is not."""
    entry = journal_entry(line)
    if entry is None or line_of(entry) != line:
        return None
    own = entry.pop("hash", None)
    return own if isinstance(own, str) and canonical.digest(entry) == own else None


def line_of(entry: JsonObject) -> bytes:
    """An entry as its line, without the line end."""
    return canonical.dumps(entry).encode("utf-8", "backslashreplace")


def checked(lines: Iterable[bytes], path: Path, previous: str = GENESIS) -> Iterator[tuple[bytes, str]]:
    """The whole lines of a file, one by one, each with its hash; JournalBrokenError at the first that does not hold.

    `previous` is the hash that the first line follows. What comes after the last line end is a torn line, and none of the
    chain.
    """
    for number, line in enumerate(lines, start=1):
        if not line.endswith(b"\n"):
            return
        own = _own_hash(line[:-1])
        if own is None:
            raise JournalBrokenError(
                f"{path}:{number}: the line does not fit its own hash: it was edited, or is no journal line",
                hint=_HINT,
            )
        if not line.rpartition(_PREVIOUS)[2].startswith(f'{previous}"'.encode()):
            what = "lines were cut, added or reordered" if number > 1 else "lines were cut, or a whole file is missing"
            raise JournalBrokenError(
                f"{path}:{number}: the line does not follow the one before it: {what}",
                hint=_HINT,
            )
        previous = own
        yield line, own


class Tail(NamedTuple):
    """`head` is the hash of the last whole line, None in an empty journal; `size` the length of all whole lines of the
    newest file in bytes; `torn` what follows them."""

    head: str | None
    size: int
    torn: bytes


def read_tail(path: Path, *earlier: Path) -> Tail:
    """Where the journal is taken up: after the last whole line of `path`, its newest file; `earlier` are the files before
    it, the newest last. An empty tail where there is no file.

    The chain is checked back to the last line that ends a run, as that run checked what was before it, and no further
    than `_CHECKED` bytes: a journal of many years must not slow an apply down. `audit` checks the whole.
    Raises JournalUnavailableError where this is no journal, or one whose chain is broken: nothing may be cut off there,
    nothing added. OSError where it cannot be read.
    """
    before = read_tail(earlier[-1], *earlier[:-1]).head if earlier else None
    if not path.exists():
        return Tail(before, 0, b"")
    refuse_other_kinds(path)
    lines, whole, torn = last_lines(path)
    start = next((number for number in range(len(lines) - 1, 0, -1) if lines[number].startswith(RUN_END)), 0)
    first = sound_entry(lines[start][:-1]) if lines else None
    previous = before or GENESIS if whole and not start else str((first or {}).get("previous"))
    size = path.stat().st_size - len(torn)
    try:
        head = before
        for _, own in checked(lines[start:], path, previous):
            head = own
    except JournalBrokenError as error:
        raise JournalUnavailableError(
            f"nothing was written: the journal is broken, and nothing is added to it: {_first_fault(path, before) or error}",
            hint=f"check it with `reconciler audit {path.parent if earlier else path}`; move it away, or name another "
            "place with --audit-log",
        ) from None
    # What a killed run may leave in an empty file: the beginning of a first line, or blanks that proved the room.
    begun = torn.startswith(_BEGINNING) or _BEGINNING.startswith(torn) or not torn.strip(b" \0")
    if not lines and not begun:
        raise JournalUnavailableError(
            f"nothing was written: the file {path} is no journal, and nothing is added to it",
            hint=f"`reconciler audit {path}` says more; name another place with --audit-log",
        )
    return Tail(head, size, torn)


def last_lines(path: Path) -> tuple[list[bytes], bool, bytes]:
    """The last whole lines of a file, whether they are all of them, and what follows the last."""
    size = path.stat().st_size
    length = min(size, _CHECKED)
    while True:
        with path.open("rb") as file:
            file.seek(size - length)
            text = file.read(length)
        end = text.rfind(b"\n") + 1
        begin = text.find(b"\n") + 1 if length < size else 0
        if length == size or begin < end:
            lines = [line + b"\n" for line in text[begin:end].split(b"\n")[:-1]]
            return lines, length == size, text[end:]
        length = min(size, 8 * length)  # one line is longer than what was read


def _first_fault(path: Path, before: str | None) -> str:
    """What is wrong with the first line of a file that does not hold, with its number."""
    try:
        with path.open("rb") as file:
            deque(checked(file, path, before or GENESIS), maxlen=0)
    except JournalBrokenError as error:
        return error.message
    return ""


def refuse_other_kinds(path: Path) -> None:
    """JournalUnavailableError where something is there that is no file; to open it could wait for ever, or do harm."""
    if path.exists() and not path.is_file():
        raise JournalUnavailableError(
            f"nothing was written: the journal {path} cannot be written: it is a directory, a pipe or a device, not a file",
            hint="name a file or a folder with --audit-log",
        )
