"""A second process for half of a long piece of work, which the interpreter's threads cannot share.

It is a fork, so that it knows all that the work needs, and it may fail at any time: then its half is done here. So what comes
out never depends on it.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import TypeVar

_ENDING = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


def in_two_processes(work: Callable[[Sequence[_Item]], Iterable[_Result]], items: Sequence[_Item]) -> Iterator[_Result]:
    """What `work` makes of the items, one result each, in their order; results must be values that can be pickled. It raises
    what `work` raises.

    All is done here where a fork is not safe (other systems than Linux, a program with threads) or brings nothing.
    """
    if sys.platform != "linux" or threading.active_count() > 1 or len(os.sched_getaffinity(0)) < 2:
        yield from work(items)
        return
    fork = multiprocessing.get_context("fork")
    receiver, sender = fork.Pipe(duplex=False)
    middle = len(items) // 2
    other = fork.Process(target=_send, args=(work, items[middle:], receiver, sender), daemon=True)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)  # or the other one says that it was interrupted
    try:
        other.start()
    except OSError:  # the limit of processes is reached
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        yield from work(items)
        return
    try:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        sender.close()
        yield from work(items[:middle])
        try:
            results: Iterable[_Result] = receiver.recv()
        except (EOFError, OSError):  # it failed, perhaps within its message
            results = work(items[middle:])
        yield from results
    finally:
        other.kill()
        other.join()
        receiver.close()


def _send(
    work: Callable[[Sequence[_Item]], Iterable[_Result]],
    items: Sequence[_Item],
    receiver: Connection,
    sender: Connection,
) -> None:
    """In the other process: do the work and send the results, or nothing."""
    receiver.close()  # or this process, left alone, would wait for itself
    for number in _ENDING:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
    with suppress(Exception):  # whoever waits does the work then, and meets it there
        sender.send(list(work(items)))
