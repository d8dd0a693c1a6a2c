"""When no further write is started: an interrupt, or what would make everything further fail alike (design §6.5)."""

from __future__ import annotations

import threading

from ..errors import TenantError
from ..model import WriteError
from .faults import INTERRUPTED, not_attempted

BREAKER = 3  # server failures of whole writes in a row after which no other write is started


class Halt:
    """The brake of one run; thread-safe. `reason` is the sentence that says why it was pulled, None while it is not;
    `stop` is set by an interrupt."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop
        self._guard = threading.Lock()
        self._failures = 0
        self.reason: str | None = None

    def may_start(self) -> bool:
        """Whether another write may be started."""
        return not self._stop.is_set() and self.reason is None

    def why_not(self) -> WriteError:
        """The error of a write that was not started."""
        return not_attempted(self.reason or INTERRUPTED)

    def pull(self, reason: str) -> None:
        """No write is started from now on; the first reason counts."""
        with self._guard:
            self.reason = self.reason or reason

    def account(self, stop: TenantError | None, *, server_failed: bool) -> None:
        """Hear how one write ended: `stop` is the error after which all further ones would fail alike."""
        with self._guard:
            self._failures = self._failures + 1 if server_failed else 0
            broken = self._failures >= BREAKER
        if stop is not None:
            self.pull(f"every further write would fail alike: {stop.message}")
        elif broken:
            self.pull(
                f"{BREAKER} server failures in a row: the tenant is failing, and is not pressed any further"
            )
