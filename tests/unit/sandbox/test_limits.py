"""The rate limit and the share of failures are exact and repeatable."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.sandbox import Sandbox, SandboxOptions
from reconciler.sandbox.limits import Limits, TokenBucket

if TYPE_CHECKING:
    from collections.abc import Callable

    import requests

    Launch = Callable[..., Sandbox]
    Connect = Callable[..., requests.Session]


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_holds_a_second_of_requests_and_refills() -> None:
    clock = Clock()
    bucket = TokenBucket(4, clock)
    assert [bucket.take() for _ in range(5)] == [0, 0, 0, 0, 0.25]
    clock.now += 0.25
    assert [bucket.take() for _ in range(2)] == [0, 0.25]
    clock.now += 60
    assert [bucket.take() for _ in range(5)] == [0, 0, 0, 0, 0.25]


def test_a_rate_below_one_still_lets_one_through() -> None:
    clock = Clock()
    bucket = TokenBucket(0.5, clock)
    assert [bucket.take() for _ in range(2)] == [0, 2.0]


@given(rate=st.floats(0.5, 500), gaps=st.lists(st.floats(0, 3), max_size=60))
def test_never_more_than_the_rate_and_its_burst(rate: float, gaps: list[float]) -> None:
    clock = Clock()
    bucket = TokenBucket(rate, clock)
    passed = 0
    for gap in gaps:
        clock.now += gap
        passed += bucket.take() == 0
    assert passed <= max(1.0, rate) + sum(gaps) * rate + 1e-6


def outcomes(options: SandboxOptions, count: int = 200) -> list[int]:
    limits = Limits(options, Clock())
    return [response.status_code if (response := limits.refuse()) else 200 for _ in range(count)]


def test_failures_depend_on_the_seed_alone() -> None:
    first = outcomes(SandboxOptions(failure_rate=0.3, seed=7))
    assert first == outcomes(SandboxOptions(failure_rate=0.3, seed=7))
    assert first != outcomes(SandboxOptions(failure_rate=0.3, seed=8))
    assert set(first) == {200, 503}


@pytest.mark.parametrize(("share", "statuses"), [(0.0, {200}), (1.0, {503})])
def test_no_failures_and_nothing_but_failures(share: float, statuses: set[int]) -> None:
    assert set(outcomes(SandboxOptions(failure_rate=share))) == statuses


def test_beyond_the_rate_the_tenant_says_when_to_come_back(launch: Launch, connect: Connect) -> None:
    clock = Clock()
    sandbox = launch(options=SandboxOptions(rate_limit=3), clock=clock)
    client = connect(sandbox)  # its token is the first of three requests
    answers = [client.get("/api/v2/dialer/campaigns") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].headers["Retry-After"] == "1"
    assert answers[2].json()["message"]
    clock.now += 1
    assert client.get("/api/v2/dialer/campaigns").status_code == 200
