"""The hash chain of a journal: each line holds the hash of the one before it (`previous`) and its own (`hash`).

Whoever edits, cuts out or reorders lines breaks the chain from there on. Lines cut off at the end leave it whole: the
result of an apply names the head (`journalHead`), so that this can be told too.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .. import canonical
from ..errors import JournalBrokenError
from ..model import JsonObject

GENESIS = "sha256:" + "0" * 64
HEALED = "JOURNAL_HEALED"
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
            file.seek(sum(len(line_of(each)) + 1 for each in entries))
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
