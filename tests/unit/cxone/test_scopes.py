"""What is asked for, in which order."""

from __future__ import annotations

from reconciler.cxone import READ, WEBHOOKS_READ, Scopes


def test_asks_for_the_required_first_and_for_nothing_twice() -> None:
    assert Scopes((READ,), (WEBHOOKS_READ, READ)).all == (READ, WEBHOOKS_READ)
