"""Working off a sequence: in order, bounded, stoppable at each item, and never without an end for each."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.apply.workers import work_off


def always() -> bool:
    """No reason not to start."""
    return True


@given(st.lists(st.integers()), st.integers(1, 9))
def test_every_item_has_its_end_in_its_place(items: list[int], workers: int) -> None:
    assert work_off(items, lambda item: item * 2, always, workers) == [item * 2 for item in items]


@given(st.integers(0, 20), st.integers(0, 20))
def test_nothing_is_started_after_the_answer_is_no(count: int, allowed: int) -> None:
    done: list[int] = []

    def work(item: int) -> int:
        done.append(item)
        return item

    ends = work_off(range(count), work, lambda: len(done) < allowed, 1)

    assert ends == [*range(min(count, allowed))] + [None] * max(0, count - allowed)


def test_no_more_than_the_workers_are_under_way() -> None:
    gate = threading.Barrier(3)  # passes only when three are under way together
    under_way: list[int] = []
    most: list[int] = []

    def work(item: int) -> int:
        under_way.append(item)
        most.append(len(under_way))
        gate.wait(60)
        under_way.remove(item)
        return item

    assert work_off(range(9), work, always, 3) == [*range(9)]
    assert max(most) == 3


def test_a_defect_is_the_end_of_its_item_and_nothing_is_started_after_it() -> None:
    def work(item: int) -> int:
        if item == 2:
            raise ZeroDivisionError("two")
        return item

    ends = work_off(range(5), work, always, 1)

    assert ends[:2] == [0, 1]
    assert isinstance(ends[2], ZeroDivisionError)
    assert ends[3:] == [None, None]


def test_what_is_in_flight_at_a_defect_ends() -> None:
    broken = threading.Event()

    def work(item: int) -> int:
        if item == 0:
            broken.set()
            raise ZeroDivisionError
        assert broken.wait(60)
        return item

    ends = work_off(range(2), work, always, 2)

    assert isinstance(ends[0], ZeroDivisionError)
    assert ends[1] in (1, None)  # ended, or not started at all


def test_no_items_need_no_workers() -> None:
    assert work_off([], pytest.fail, always, 4) == []


@pytest.mark.parametrize("given_threads", [0, 1, 2])
def test_all_is_done_by_the_threads_that_could_be_started(
    monkeypatch: pytest.MonkeyPatch, given_threads: int
) -> None:
    """A container may allow only so many."""
    start = threading.Thread.start
    started: list[str] = []

    def refusing(thread: threading.Thread) -> None:
        if len(started) >= given_threads:
            raise RuntimeError("can't start new thread")
        started.append(thread.name)
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", refusing)

    assert work_off(range(20), lambda item: item * 2, always, 4) == [item * 2 for item in range(20)]
    assert len(started) == given_threads
