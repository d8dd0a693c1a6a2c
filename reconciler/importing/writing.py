"""Files of the repository that import writes: each whole or not at all, and none that somebody else has changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import ReconcilerError
from ..files import write_whole


@dataclass(frozen=True, slots=True)
class FileWrite:
    """One file to write: its bytes, and those that it had when it was read, None for a file that must not exist yet."""

    path: Path
    data: bytes
    before: bytes | None


def write_all(writes: Sequence[FileWrite]) -> None:
    """Write all files in turn. ReconcilerError if one of them is not as it was, then before any is written, or if one
    cannot be written, with what was written until then."""
    for write in writes:
        if _present(write.path) != write.before:
            raise ReconcilerError(
                f"nothing was written: {write.path} was changed while import was running", hint="import again"
            )
    for done, write in enumerate(writes):
        try:
            write.path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(write.path, write.data, new=write.before is None)
        except OSError as error:
            raise ReconcilerError(
                f"{write.path} cannot be written: {error.strerror or error}; {done} of {len(writes)} files were written",
                hint="those that were written are whole; remove the cause and import again",
            ) from None


def _present(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ReconcilerError(f"nothing was written: {path} cannot be read: {error.strerror or error}") from None
