"""Ctrl-C and SIGTERM while writes are in flight: no new one starts, those under way end and are journalled."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from . import output


@contextmanager
def deferred(stop: threading.Event) -> Iterator[None]:
    """Within, the first signal sets `stop`; further ones change nothing, so that no write is cut in two."""

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        if not stop.is_set():
            stop.set()
            output.talk(
                "Interrupted: no new write starts; waiting for those in flight, then the report follows."
            )

    before = {number: signal.signal(number, on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
