"""Clocks on which nobody waits."""

from __future__ import annotations

import threading
import time

from reconciler.cxone import Clock


class JumpingClock(Clock):
    """A clock that stands still until somebody waits, and then jumps to the end of that wait."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._now = 0.0

    def now(self) -> float:
        """Seconds that were waited so far."""
        with self._lock:
            return self._now

    def wait(self, stop: threading.Event, seconds: float) -> bool:
        """The end of the wait, at once."""
        end = self.now() + seconds
        with self._lock:
            self._now = max(self._now, end)
        return stop.is_set()


class QuickClock(Clock):
    """A clock on which every wait is over at once: it goes on by as much as was waited."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waited = 0.0

    def now(self) -> float:
        """The time of this machine, and all that was waited."""
        with self._lock:
            return time.monotonic() + self._waited

    def wait(self, stop: threading.Event, seconds: float) -> bool:
        """Goes on by `seconds`, unless `stop` is set."""
        if stop.is_set():
            return True
        with self._lock:
            self._waited += seconds
        return False
