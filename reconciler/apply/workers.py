"""Working off a sequence with threads, where every item may be the last one that is started."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

from ..threads import start_threads

Item = TypeVar("Item")
End = TypeVar("End")


def work_off(
    items: Sequence[Item], work: Callable[[Item], End | None], may_start: Callable[[], bool], workers: int
) -> list[End | Exception | None]:
    """What `work` made of each item, in their order; None for those not started, because `may_start` said no.

    Items are started in order. Where the system gives fewer threads, those that started do it all. An exception of `work`, which is a defect of this program, is the end of its item, and
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

    for thread in start_threads(run, min(workers, len(items)), "write"):
        thread.join()
    return ends
