"""The brake of a run: an interrupt, an error that all would share, a row of server failures."""

from __future__ import annotations

import threading

from hypothesis import given
from hypothesis import strategies as st

from reconciler.apply.halting import BREAKER, Halt
from reconciler.errors import UnauthorizedError

REFUSED = UnauthorizedError("the tenant refuses the client", status=401)


def test_an_interrupt_needs_no_reason() -> None:
    stop = threading.Event()
    halt = Halt(stop)
    assert halt.may_start()

    stop.set()

    assert not halt.may_start()
    assert halt.reason is None
    assert "interrupted" in halt.why_not().message


def test_the_first_reason_counts() -> None:
    halt = Halt(threading.Event())

    halt.pull("first")
    halt.pull("second")

    assert not halt.may_start()
    assert (halt.reason, halt.why_not().message) == ("first", "first")
    assert halt.why_not().retryable


def test_an_error_that_all_would_share_stops_at_once() -> None:
    halt = Halt(threading.Event())

    halt.account(REFUSED, server_failed=False)

    assert not halt.may_start()
    assert halt.reason is not None
    assert REFUSED.message in halt.reason


@given(st.lists(st.booleans(), max_size=12))
def test_the_breaker_opens_at_the_last_of_a_row(failures: list[bool]) -> None:
    halt = Halt(threading.Event())
    row = 0
    for failed in failures:
        row = row + 1 if failed else 0
        halt.account(None, server_failed=failed)
        if row == BREAKER:
            break

    assert halt.may_start() == (row < BREAKER)
