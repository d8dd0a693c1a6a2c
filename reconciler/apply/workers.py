"""Working off a sequence with threads, where every item may be the last one that is started."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

Item = TypeVar("Item")
End = TypeVar("End")


def work_off(
    items: Sequence[Item], work: Callable[[Item], End | None], may_start: Callable[[], bool], workers: int
) -> list[End | Exception | None]:
    """What `work` made of each item, in their order; None for those not started, because `may_start` said no.

    Items are started in order. The calling thread is one of the workers, so that all is done, slower, where the system
    gives no further threads. An exception of `work`, which is a defect of this program, is the end of its item, and
    none is started after it: those in flight end, and whoever called can still say what became of each.
    """
    ends: list[End | Exception | None] = [None] * len(items)
    guard = threading.Lock()
    numbers = iter(range(len(items)))
    failed = threading.Event()

    def run() -> None:
        while True:
            with guard:
                number = next(numbers, None) if may_start() and not failed.is_set() else None
            if number is None:
                return
            try:
                ends[number] = work(items[number])
            except Exception as error:  # noqa: BLE001 - an apply never ends without its report
                ends[number] = error
                failed.set()

    threads = _started(run, min(workers, len(items)) - 1)
    try:
        run()
    finally:
        for thread in threads:
            thread.join()
    return ends


def _started(run: Callable[[], None], count: int) -> list[threading.Thread]:
    """As many running threads as the system gives, at most `count`."""
    threads: list[threading.Thread] = []
    for number in range(count):
        thread = threading.Thread(target=run, name=f"write-{number}")
        try:
            thread.start()
        except RuntimeError:  # no room for another thread
            break
        threads.append(thread)
    return threads
