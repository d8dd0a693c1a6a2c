"""What goes into an apply, and how one write of it ends."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from ..dialect import Dialect
from ..errors import TenantError
from ..model import Change, JsonObject, Location, Path, Plan, Request, WriteResult

Locate = Callable[[Change, str], Location | None]


class JournalPort(Protocol):
    """Where every write is told before it is sent and after it ended."""

    head: str | None

    def append(self, entry: JsonObject) -> None:
        """Flush one line to the disk; JournalUnavailableError if that fails."""

    def prove_intact(self) -> None:
        """JournalUnavailableError where the journal is no longer the file that was opened, as it was written."""


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What the touched campaigns hold after the writes, each schedule by (campaignId, scheduleId).

    `differing` are those that a fresh plan would still change; `twins` those created beside another live schedule of the
    same name, with the id of that one.
    """

    differing: frozenset[tuple[str, str]] = frozenset()
    twins: Mapping[tuple[str, str], str] = field(default_factory=dict)

    @property
    def is_as_planned(self) -> bool:
        """Whether nothing is left to do."""
        return not self.differing and not self.twins


@dataclass(frozen=True, slots=True)
class RunInfo:
    """Who applies, in which run, and why safety limits were lifted, if they were."""

    run_id: str
    actor: str
    force: str | None = None


@dataclass(frozen=True, slots=True)
class WritePolicy:
    """Fields that another system steers, fields that are carried over from live, and how to find a field in the files."""

    ignored: tuple[Path, ...]
    preserved: tuple[Path, ...]
    locate: Locate


@dataclass(frozen=True, slots=True)
class ApplyInput:
    """All that the apply of one plan needs.

    `read_again` reads the touched campaigns after the writes; None where they cannot be read. `stop` is set by an interrupt. `progress` hears how many writes ended, of how many.
    """

    plan: Plan
    dialect: Dialect
    policy: WritePolicy
    journal: JournalPort
    run: RunInfo
    concurrency: int
    webhook_url: str | None
    stop: threading.Event
    read_again: Callable[[], Aftermath | None]
    progress: Callable[[int, int], None]
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WriteEnd:
    """How a write ended: its result, the request that was meant, and what was live right before.

    `stop` is the error after which no other write can succeed (401, 403); `server_failed` counts toward the breaker.
    """

    result: WriteResult
    request: Request
    before: JsonObject | None
    stop: TenantError | None = None
    server_failed: bool = False
