"""Where a journal that is there is taken up: after its last whole line, if all of them hold together.

The whole chain is checked, not just its end: a line added to a broken chain would lend its soundness to what was edited.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..errors import JournalBrokenError, JournalUnavailableError
from .chain import checked, line_of

_BEGINNING = b'{"action":"'  # how every line begins, because the keys of a line are sorted


@dataclass(frozen=True, slots=True)
class Tail:
    """`head` is the hash of the last whole line, None in an empty journal; `size` the length of all whole lines in
    bytes; `torn` what follows them."""

    head: str | None
    size: int
    torn: bytes


def read_tail(path: Path) -> Tail:
    """The end of the journal at `path`; an empty one where there is no file.

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
    if head is None and torn and not _may_be_torn(torn):
        raise JournalUnavailableError(
            f"nothing was written: the file {path} is no journal, and nothing is added to it",
            hint=f"`reconciler audit {path}` tells more; name another file with --audit-log",
        )
    return Tail(head, size, torn)


def refuse_other_kinds(path: Path) -> None:
    """JournalUnavailableError where something is there that is no file; to open it could wait for ever, or do harm."""
    if path.exists() and not path.is_file():
        raise JournalUnavailableError(
            f"nothing was written: the journal {path} cannot be written: it is a directory, a pipe or a device, not a file",
            hint="name a file with --audit-log",
        )


def _may_be_torn(text: bytes) -> bool:
    """Whether this may be all that a killed run wrote: the beginning of a first line, or blanks that proved the room."""
    return text.startswith(_BEGINNING) or _BEGINNING.startswith(text) or not text.strip(b" \0")
