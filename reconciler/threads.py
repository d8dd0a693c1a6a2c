"""Threads that share one piece of work, as many as the machine allows: a container may allow fewer than were asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable


def start_threads(run: Callable[[], None], count: int, name: str) -> tuple[threading.Thread, ...]:
    """Starts up to `count` threads that each call `run`, which takes what is left of the work until nothing is.

    Returns those that could be started; none of them keeps the program alive, so join those that must end. Where not even
    one could be, `run` is called here, and all is done on return.
    """
    started: list[threading.Thread] = []
    for number in range(count):
        thread = threading.Thread(target=run, name=f"{name}-{number}", daemon=True)
        try:
            thread.start()
        except RuntimeError:  # the limit of processes is reached
            break
        started.append(thread)
    if not started:
        run()
    return tuple(started)
