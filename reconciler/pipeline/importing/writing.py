"""Files of the repository that import writes: each whole or not at all, and none that somebody else has changed."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ...errors import ReconcilerError


@dataclass(frozen=True, slots=True)
class Write:
    """One file to write: its bytes, and those that it had when it was read, None for a file that must not exist yet."""

    path: Path
    data: bytes
    before: bytes | None


def write_all(writes: Sequence[Write]) -> None:
    """Write all files in turn. ReconcilerError if one of them is not as it was, then before any is written, or if one
    cannot be written, with what was written until then."""
    for each in writes:
        if _present(each.path) != each.before:
            raise ReconcilerError(
                f"nothing was written: {each.path} was changed while import was running", hint="import again"
            )
    for done, each in enumerate(writes):
        try:
            _write(each)
        except OSError as error:
            raise ReconcilerError(
                f"{each.path} cannot be written: {error.strerror or error}; {done} of {len(writes)} files were written",
                hint="those that were written are whole; mend the cause and import again",
            ) from None


def _present(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ReconcilerError(
            f"nothing was written: {path} cannot be read: {error.strerror or error}"
        ) from None


def _write(write: Write) -> None:
    folder = write.path.parent
    folder.mkdir(parents=True, exist_ok=True)
    temporary = (
        folder / f".{secrets.token_hex(8)}.tmp"
    )  # short, whatever the file's own name; the loader skips it
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666), "wb") as file:
            if write.before is not None:
                temporary.chmod(write.path.stat().st_mode & 0o777)
            file.write(write.data)
            file.flush()
            os.fsync(file.fileno())
        if write.before is None:
            _put_new(temporary, write.path)
        else:
            temporary.replace(write.path)
    finally:
        temporary.unlink(missing_ok=True)


def _put_new(temporary: Path, path: Path) -> None:
    """Give a file its name; FileExistsError if somebody else was first."""
    try:
        path.hardlink_to(temporary)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if path.exists():
            raise FileExistsError(17, "the file exists") from None
        temporary.rename(path)
