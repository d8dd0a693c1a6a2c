"""Threads that share one piece of work, on a machine that gives only some of them, or none."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator

import pytest

from reconciler.threads import start_threads


@pytest.fixture
def no_threads() -> Iterator[None]:
    """A machine that starts no thread: there is no room for such a stack."""
    usual = threading.stack_size(1 << 46)
    yield
    threading.stack_size(usual)


def test_the_work_is_shared() -> None:
    both = threading.Barrier(2, timeout=60)

    def meet() -> None:
        both.wait()

    threads = start_threads(meet, 2, "share")
    for thread in threads:
        thread.join()
    assert len(threads) == 2
    assert not both.broken


@pytest.mark.usefixtures("no_threads")
def test_without_threads_it_is_done_here() -> None:
    where: deque[threading.Thread] = deque()
    assert start_threads(lambda: where.append(threading.current_thread()), 4, "alone") == ()
    assert list(where) == [threading.current_thread()]


def test_those_that_start_do_all(monkeypatch: pytest.MonkeyPatch) -> None:
    left, done = deque(range(100)), deque[int]()
    start, starts = threading.Thread.start, deque(range(2))

    def start_two(thread: threading.Thread) -> None:
        if not starts:
            raise RuntimeError("can't start new thread")
        starts.pop()
        start(thread)

    def run() -> None:
        while left:
            done.append(left.popleft())

    monkeypatch.setattr(threading.Thread, "start", start_two)
    threads = start_threads(run, 4, "some")
    for thread in threads:
        thread.join()
    assert len(threads) == 2
    assert sorted(done) == list(range(100))
