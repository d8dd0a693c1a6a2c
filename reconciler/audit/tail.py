"""The end of a journal, without reading all of it: its last whole line, and what a killed run left behind it."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from ..errors import JournalUnavailableError
from .chain import is_sound

_BEGINNING = b'{"action":"'  # how every line begins, because the keys of a line are sorted
_STEP = 65536


@dataclass(frozen=True, slots=True)
class Tail:
    """`head` is the hash of the last whole line, None in an empty journal; `size` the length of all whole lines in
    bytes; `torn` what follows them."""

    head: str | None
    size: int
    torn: bytes


def read_tail(path: Path) -> Tail:
    """The end of the journal at `path`; an empty one where there is no file.

    Raises JournalUnavailableError where the end is none of a journal: nothing may be cut off there, nothing added.
    """
    if not path.exists():
        return Tail(None, 0, b"")
    with path.open("rb") as file:
        size, last, torn = _split(file)
    if last is None and torn and not _may_be_torn(torn):
        raise _no_journal(path)
    return Tail(None if last is None else _head(last, path), size, torn)


def _split(file: IO[bytes]) -> tuple[int, bytes | None, bytes]:
    """Length of the whole lines, the last of them, and the rest, reading from the end."""
    position, data = file.seek(0, os.SEEK_END), b""
    while position > 0 and data.count(b"\n") < 2:
        step = min(_STEP, position)
        position -= step
        file.seek(position)
        data = file.read(step) + data
    whole, end, torn = data.rpartition(b"\n")
    if not end:
        return 0, None, torn
    return position + len(whole) + 1, whole.rpartition(b"\n")[2], torn


def _may_be_torn(text: bytes) -> bool:
    """Whether this may be all that a killed run wrote: the beginning of a first line, or blanks that proved the room."""
    return text.startswith(_BEGINNING) or _BEGINNING.startswith(text) or not text.strip(b" \0")


def _head(line: bytes, path: Path) -> str:
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        entry = None
    if not is_sound(entry):
        raise _no_journal(path)
    return str(entry["hash"])


def _no_journal(path: Path) -> JournalUnavailableError:
    return JournalUnavailableError(
        f"the last line of the journal {path} does not hold together, so it was edited or is no journal",
        hint=f"check it with `reconciler audit {path}`; move it away, or name another file with --audit-log",
    )
