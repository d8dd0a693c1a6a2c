"""Ctrl-C and SIGTERM: before the first write they end the program, after it they only keep new writes from starting."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType

from . import output


@contextlib.contextmanager
def stopping(stop: threading.Event) -> Iterator[Callable[[], None]]:
    """Within, a signal sets `stop`, so that no wait goes on, and raises KeyboardInterrupt.

    Gives what is to be called before the first write. From then on, until the report is printed, a signal only sets
    `stop`: those writes that are in flight end, and no later signal cuts one in two.
    """
    writing = threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        first = not stop.is_set()
        stop.set()
        if not writing.is_set():
            raise KeyboardInterrupt
        if first:
            with contextlib.suppress(OSError):  # nobody listens any more: the writes end all the same
                output.talk(
                    "Interrupted: no new write starts; waiting for those in flight, then the report follows."
                )

    before = {number: signal.signal(number, on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield writing.set
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
