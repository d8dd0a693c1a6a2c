"""Writes at the same time share a save, and none returns before its state is saved."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from reconciler.sandbox.durable import GroupCommit


class Disk:
    """Saves a counter; the first save waits until it is let go."""

    def __init__(self) -> None:
        self.state = 0
        self.saved: list[int] = []
        self.busy = threading.Event()
        self.go = threading.Event()

    def save(self) -> int:
        state = self.state
        self.busy.set()
        assert self.go.wait(5)
        self.saved.append(state)
        return state


def test_writes_that_come_during_a_save_share_the_next_one() -> None:
    disk = Disk()
    commit = GroupCommit(disk.save)
    with ThreadPoolExecutor(20) as pool:
        disk.state = 1
        first = pool.submit(commit.wait, 1)
        assert disk.busy.wait(5)
        disk.state = 20
        others = [pool.submit(commit.wait, revision) for revision in range(2, 21)]
        disk.go.set()
        for done in (first, *others):
            done.result(5)
    assert disk.saved == [1, 20]


def test_nothing_returns_before_its_state_is_saved() -> None:
    disk = Disk()
    commit = GroupCommit(disk.save)
    with ThreadPoolExecutor(1) as pool:
        disk.state = 1
        waiting = pool.submit(commit.wait, 1)
        assert disk.busy.wait(5)
        assert not waiting.done()
        disk.go.set()
        waiting.result(5)


def test_what_is_saved_already_saves_nothing() -> None:
    disk = Disk()
    disk.go.set()
    disk.state = 5
    commit = GroupCommit(disk.save)
    for revision in (5, 4, 5, 1):
        commit.wait(revision)
    assert disk.saved == [5]


def test_a_failed_save_is_told_and_the_next_one_tries_again() -> None:
    full = [True]

    def save() -> int:
        if full.pop():
            full.append(False)
            raise OSError(28, "No space left on device")
        return 2

    commit = GroupCommit(save)
    with pytest.raises(OSError, match="No space"):
        commit.wait(1)
    commit.wait(2)
    commit.wait(1)
