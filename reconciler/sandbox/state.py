"""The state file: everything one tenant holds, kept between runs as one JSON document.

Written to a temporary file, flushed to disk and renamed over the old one, so that a killed process leaves the old state or the
new one, never half. A lock keeps a second process from working on the same state. One schedule is one line, in a fixed order and
without any clock, so that two states can be compared with diff.

A write is answered only when it is on disk. One save dumps the whole state, so a save for each of N writes would cost N times the
state: whoever comes first saves for all that have changed something by then, and whoever comes meanwhile waits for the next save.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from filelock import FileLock, Timeout

from ..errors import ReconcilerError
from ..files import write_whole
from .bodies import encode
from .store import Record, Snapshot, make_record

STATE_VERSION = "1"
_Read = TypeVar("_Read")
_LONGEST_NAME = 100
_KINDS = {str: "a string", int: "a whole number", list: "a list", object: "a value"}


class GroupCommit:
    """Shares saves. `save` saves all there is and returns the revision that it saved."""

    def __init__(self, save: Callable[[], int]) -> None:
        self._save = save
        self._saved = 0
        self._saving = False
        self._turn = threading.Condition()

    def wait(self, revision: int) -> None:
        """Returns when `revision` is saved. Raises OSError where the save that it led failed."""
        with self._turn:
            self._turn.wait_for(lambda: not self._saving or self._saved >= revision)
            if self._saved >= revision:
                return
            self._saving = True
        saved = 0
        try:
            saved = self._save()
        finally:
            with self._turn:
                self._saving = False
                self._saved = max(self._saved, saved)
                self._turn.notify_all()


def state_path(folder: Path, tenant: str) -> Path:
    """The state file of a tenant in `folder`, one for each name, whatever characters the name has."""
    name = quote(tenant, safe=" ")
    if len(name) > _LONGEST_NAME:
        name = f"{name[:_LONGEST_NAME]}-{hashlib.sha256(tenant.encode()).hexdigest()[:16]}"
    return folder / f"sandbox-{name}.json"


class StateFile:
    """One state file; `acquire` before anything else, `release` in the end."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._holder = path.with_name(path.name + ".holder")
        # Started and stopped by different threads, so the lock belongs to the object.
        self._lock = FileLock(path.with_name(path.name + ".lock"), thread_local=False)

    def acquire(self) -> None:
        """Takes the lock. Raises ReconcilerError, which names the holder, if it is taken or cannot be made."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._lock.acquire(timeout=0)
        except Timeout:
            raise ReconcilerError(
                f"the sandbox state {self.path} is in use by {self._held_by()}",
                hint="wait until it ends, or stop it",
            ) from None
        except OSError as error:
            raise ReconcilerError(
                f"the sandbox state {self.path} cannot be locked: {error.strerror or error}",
                hint="run where the folder can be written",
            ) from error

    def announce(self, base_uri: str) -> None:
        """Leaves word of who holds the lock, for whom it refuses."""
        self._holder.write_text(f"process {os.getpid()} at {base_uri}\n", encoding="utf-8")

    def release(self) -> None:
        """Gives the lock back; once more is no harm."""
        if self._lock.is_locked:
            self._holder.unlink(missing_ok=True)
            self._lock.release()

    def load(self) -> Snapshot | None:
        """What was saved last, or None. Raises ReconcilerError if that cannot be read."""
        return self.read(_decode)

    def read(self, decode: Callable[[Any], _Read]) -> _Read | None:
        """What `decode` makes of the document that was saved last, or None. Raises ReconcilerError where it cannot be
        read, or `decode` raises a ValueError."""
        try:
            return decode(json.loads(self.path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, RecursionError) as error:
            raise ReconcilerError(
                f"the sandbox state {self.path} is not valid: {error}",
                hint="delete the file to start with an empty tenant, or restore it",
            ) from error

    def save(self, snapshot: Snapshot) -> int:
        """Replaces the file as one step; returns the snapshot's revision. Raises OSError."""
        return self.put(_encode(snapshot), snapshot.revision)

    def put(self, document: bytes, revision: int) -> int:
        """Replaces the file as one step; returns the revision that the document is. Raises OSError."""
        write_whole(self.path, document)
        return revision

    def _held_by(self) -> str:
        try:
            return self._holder.read_text(encoding="utf-8").strip() or "another process"
        except (OSError, UnicodeDecodeError):
            return "another process"


def _encode(snapshot: Snapshot) -> bytes:
    campaigns = (
        b'{"id":%b,"schedules":%b}' % (encode(name).encode(), _lines(record.line for record in records))
        for name, records in snapshot.campaigns
    )
    agents, webhooks = ((text.encode() for text in texts) for texts in (snapshot.agents, snapshot.webhooks))
    return b'{"formatVersion":%b,\n"campaigns":%b,\n"agents":%b,\n"webhooks":%b}\n' % (
        encode(STATE_VERSION).encode(),
        _lines(campaigns),
        _lines(agents),
        _lines(webhooks),
    )


def _lines(texts: Iterable[bytes]) -> bytes:
    joined = b",\n".join(texts)
    return b"[\n%b\n]" % joined if joined else b"[]"


def _decode(document: Any) -> Snapshot:
    """The snapshot in a parsed document. Raises ValueError that names the first wrong place."""
    version = _member(document, "formatVersion", str, "the document")
    if version != STATE_VERSION:
        raise ValueError(f"formatVersion is {version!r}, this program reads {STATE_VERSION!r}")
    campaigns = {}
    for index, item in enumerate(_member(document, "campaigns", list, "the document")):
        place = f"campaigns[{index}]"
        name = _member(item, "id", str, place)
        entries = _member(item, "schedules", list, place)
        campaigns[name] = tuple(
            _record(name, entry, f"{place}.schedules[{number}]") for number, entry in enumerate(entries)
        )
    agents = _member(document, "agents", list, "the document")
    webhooks = _member(document, "webhooks", list, "the document")
    return Snapshot(0, tuple(sorted(campaigns.items())), tuple(map(encode, agents)), tuple(map(encode, webhooks)))


def _record(campaign_id: str, entry: Any, place: str) -> Record:
    key, version = _member(entry, "id", str, place), _member(entry, "version", int, place)
    return make_record(campaign_id, key, version, _member(entry, "schedule", object, place))


def _member(value: Any, name: str, kind: type, place: str) -> Any:
    if not isinstance(value, dict) or name not in value or not isinstance(value[name], kind):
        raise ValueError(f"{place} needs {name!r} as {_KINDS[kind]}")
    return value[name]
