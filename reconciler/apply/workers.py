"""Working off a sequence with threads, where every item may be the last one that is started."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
End = TypeVar("End")


def work_off(
    items: Sequence[Item], work: Callable[[Item], End | None], may_start: Callable[[], bool], workers: int
) -> list[End | None]:
    """What `work` made of each item, in their order; None for those not started, because `may_start` said no.

    Items are started in order. What `work` raises is raised here, after everything that was in flight has ended.
    """
    ends: list[End | None] = [None] * len(items)
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
            except BaseException:
                failed.set()
                raise

    if not items:
        return ends
    with ThreadPoolExecutor(max_workers=min(workers, len(items)), thread_name_prefix="write") as pool:
        futures = [pool.submit(run) for _ in range(min(workers, len(items)))]
    for future in futures:
        future.result()
    return ends
