"""How time passes while a tenant is waited for, as a value: a rehearsal can wait an hour without taking one."""

from __future__ import annotations

import threading
import time
from typing import Protocol


class Clock(Protocol):
    """Seconds that never go back, and the waiting for them."""

    def now(self) -> float:
        """Seconds since some moment."""

    def wait(self, stop: threading.Event, seconds: float) -> bool:
        """Wait, at most until `stop` is set; returns whether it is set."""


class SystemClock:
    """The time of this machine."""

    def now(self) -> float:
        """Seconds of the monotonic clock."""
        return time.monotonic()

    def wait(self, stop: threading.Event, seconds: float) -> bool:
        """Sleep, at most until `stop` is set; returns whether it is set."""
        return stop.wait(seconds)


SYSTEM: Clock = SystemClock()
