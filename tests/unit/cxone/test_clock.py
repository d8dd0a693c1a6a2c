"""The clock of this machine: it goes on, and a stop ends a wait."""

from __future__ import annotations

import threading

from reconciler.cxone import SYSTEM


def test_time_goes_on() -> None:
    assert SYSTEM.now() <= SYSTEM.now()


def test_a_wait_says_whether_it_was_stopped() -> None:
    stop = threading.Event()
    assert not SYSTEM.wait(stop, 0)
    stop.set()
    assert SYSTEM.wait(stop, 3600)
