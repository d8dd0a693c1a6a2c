"""The hash chain of a journal: each line holds the hash of the one before it (`previous`) and its own (`hash`).

Whoever edits, cuts out or reorders lines breaks the chain from there on. Lines cut off at the end leave it whole: the
result of an apply names the head (`journalHead`), so that this shows too.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .. import canonical
from ..errors import JournalBrokenError, JournalUnavailableError
from ..model import JsonObject

GENESIS = "sha256:" + "0" * 64
HEALED = "JOURNAL_HEALED"
_BEGINNING = b'{"action":"'  # how every line begins, because the keys of a line are sorted
_HINT = "trust nothing from this line on; compare with the copy that the pipeline kept as an artifact"


@dataclass(frozen=True, slots=True)
class Entries:
    """A journal whose chain holds: its entries in order, and the torn text after the last whole line."""

    entries: tuple[JsonObject, ...]
    torn: str


def sound_entry(line: bytes) -> JsonObject | None:
    """The entry of a line that fits its own hash and is written as the journal writes; None for any other line.

    A line that says the same in other bytes is not sound: it may say something else to another reader, such as with a
    key that it repeats.
    """
    try:
        entry = json.loads(line)
        if not isinstance(entry, dict) or line_of(entry) != line:
            return None
        rest = {key: value for key, value in entry.items() if key != "hash"}
        return entry if canonical.digest(rest) == entry.get("hash") else None
    except (ValueError, RecursionError):
        return None


def line_of(entry: JsonObject) -> bytes:
    """An entry as its line, without the line end."""
    return canonical.dumps(entry).encode("utf-8", "backslashreplace")


def read_entries(path: Path) -> Entries:
    """Read a journal and check its chain; JournalBrokenError names the first line that does not hold."""
    try:
        with path.open("rb") as file:
            entries = tuple(checked(file, path))
            file.seek(sum(len(line_of(entry)) + 1 for entry in entries))
            return Entries(entries, file.read().decode("utf-8", "replace"))
    except OSError as error:
        raise JournalBrokenError(f"the journal {path} cannot be read: {error.strerror or error}") from None


def checked(lines: Iterable[bytes], path: Path) -> Iterator[JsonObject]:
    """The entries of the whole lines of a journal, one by one; JournalBrokenError at the first that does not hold.

    What follows the last line end is a torn line, and none of the chain.
    """
    previous = GENESIS
    for number, line in enumerate(lines, start=1):
        if not line.endswith(b"\n"):
            return
        entry = sound_entry(line[:-1])
        if entry is None:
            raise JournalBrokenError(
                f"{path}:{number}: the line does not fit its own hash: it was edited, or is no journal line",
                hint=_HINT,
            )
        if entry.get("previous") != previous:
            raise JournalBrokenError(
                f"{path}:{number}: the line does not follow the one before it: lines were cut, added or reordered",
                hint=_HINT,
            )
        previous = entry["hash"]
        yield entry


@dataclass(frozen=True, slots=True)
class Tail:
    """`head` is the hash of the last whole line, None in an empty journal; `size` the length of all whole lines in
    bytes; `torn` what follows them."""

    head: str | None
    size: int
    torn: bytes


def read_tail(path: Path) -> Tail:
    """Where the journal at `path` is taken up: after its last whole line; an empty tail where there is no file.

    The whole chain is checked, not just its end: a line added to a broken chain would lend its soundness to what was edited.
    Raises JournalUnavailableError where this is no journal, or one whose chain is broken: nothing may be cut off there,
    nothing added. OSError where it cannot be read.
    """
    if not path.exists():
        return Tail(None, 0, b"")
    refuse_other_kinds(path)
    head, size = None, 0
    with path.open("rb") as file:
        try:
            for entry in checked(file, path):
                head, size = str(entry["hash"]), size + len(line_of(entry)) + 1
        except JournalBrokenError as error:
            raise JournalUnavailableError(
                f"nothing was written: the journal is broken, and nothing is added to it: {error.message}",
                hint=f"check it with `reconciler audit {path}`; move it away, or name another file with --audit-log",
            ) from None
        file.seek(size)
        torn = file.read()
    # What a killed run may leave in an empty file: the beginning of a first line, or blanks that proved the room.
    begun = torn.startswith(_BEGINNING) or _BEGINNING.startswith(torn) or not torn.strip(b" \0")
    if head is None and not begun:
        raise JournalUnavailableError(
            f"nothing was written: the file {path} is no journal, and nothing is added to it",
            hint=f"`reconciler audit {path}` says more; name another file with --audit-log",
        )
    return Tail(head, size, torn)


def refuse_other_kinds(path: Path) -> None:
    """JournalUnavailableError where something is there that is no file; to open it could wait for ever, or do harm."""
    if path.exists() and not path.is_file():
        raise JournalUnavailableError(
            f"nothing was written: the journal {path} cannot be written: it is a directory, a pipe or a device, not a file",
            hint="name a file with --audit-log",
        )
