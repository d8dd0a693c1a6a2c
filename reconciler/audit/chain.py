"""The hash chain of a journal: each line holds the hash of the one before it (`previous`) and its own (`hash`).

Whoever edits, cuts out or reorders lines breaks the chain from there on. Lines cut off at the end leave it whole: the
result of an apply names the head (`journalHead`), so that this can be told too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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


def is_sound(entry: Any) -> bool:
    """Whether a parsed line fits its own hash."""
    if not isinstance(entry, dict) or not isinstance(entry.get("hash"), str):
        return False
    rest = {key: value for key, value in entry.items() if key != "hash"}
    try:
        return bool(canonical.digest(rest) == entry["hash"])
    except (ValueError, RecursionError):
        return False


def read_entries(path: Path) -> Entries:
    """Read a journal and check its chain; JournalBrokenError names the first line that does not hold."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise JournalBrokenError(f"the journal {path} cannot be read: {error.strerror or error}") from None
    lines = data.split(b"\n")
    torn = lines.pop()
    return Entries(tuple(_checked(lines, path)), torn.decode("utf-8", "replace"))


def _checked(lines: list[bytes], path: Path) -> Iterator[JsonObject]:
    previous = GENESIS
    for number, line in enumerate(lines, start=1):
        entry = _parsed(line)
        if not is_sound(entry):
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


def _parsed(line: bytes) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None
