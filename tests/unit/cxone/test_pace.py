"""The pace against a simulated tenant with a token bucket, in simulated time: nothing here waits."""

from __future__ import annotations

import heapq
import math
import random
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from reconciler.cxone.pace import Pace

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass
class Tenant:
    """Allows `rate` requests a second and `burst` at once; beyond it 429, with Retry-After in whole seconds or none."""

    rate: float
    burst: float
    says_when: bool
    filled: float = 0.0
    at: float = 0.0

    def __post_init__(self) -> None:
        self.filled = self.burst

    def accepts(self, now: float) -> tuple[bool, float | None]:
        """Whether a request is accepted, and the Retry-After if it is not."""
        self.filled = min(self.burst, self.filled + (now - self.at) * self.rate)
        self.at = now
        if self.filled >= 1:
            self.filled -= 1
            return True, None
        return False, float(max(1, math.ceil((1 - self.filled) / self.rate))) if self.says_when else None


@dataclass
class Outcome:
    """What a run came to; `seconds` of simulated time."""

    done: int = 0
    refused: int = 0
    most_attempts: int = 0
    seconds: float = 0.0


def _dice(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311  # a simulation is repeatable, not secret


def simulate(tenant: Tenant, requests: int, workers: int, latency: float, seed: int = 1) -> Outcome:
    """Sends `requests` by `workers`, each of which repeats its own after a 429, as `Retry` does."""
    dice, pace, outcome, left = _dice(seed), Pace(), Outcome(), requests
    events: list[tuple[float, int, Callable[[float], None]]] = []

    def at(moment: float, what: Callable[[float], None]) -> None:
        heapq.heappush(events, (moment, next(count), what))

    def want(now: float, attempt: int) -> None:
        epoch, start = pace.reserve(now)
        at(start, lambda then: send(then, attempt) if pace.holds(epoch) else want(then, attempt))

    def send(now: float, attempt: int) -> None:
        accepted, wait = tenant.accepts(now)
        at(now + latency * dice.uniform(0.5, 1.5), lambda then: answer(then, attempt, accepted, now, wait))

    def answer(now: float, attempt: int, accepted: bool, started: float, wait: float | None) -> None:
        nonlocal left
        outcome.most_attempts = max(outcome.most_attempts, attempt)
        if not accepted:
            outcome.refused += 1
            pace.refused(now, started, wait)
            delay = dice.uniform(0, 0.5 * 2 ** (attempt - 1)) if wait is None else wait
            at(now + delay, lambda then: want(then, attempt + 1))
            return
        pace.accepted(now)
        outcome.done, outcome.seconds = outcome.done + 1, now
        if left:
            left -= 1
            want(now, 1)

    count = iter(range(10**9))
    for _ in range(min(workers, requests)):
        left -= 1
        want(0.0, 1)
    while events:
        moment, _, what = heapq.heappop(events)
        what(moment)
    return outcome


@pytest.mark.parametrize("says_when", [True, False])
@pytest.mark.parametrize("workers", [8, 16])
@pytest.mark.parametrize(("rate", "burst"), [(10, 10), (50, 50), (50, 5), (100, 100), (20, 100)])
def test_a_thousand_writes_come_through_near_the_time_that_the_limit_allows(
    rate: float, burst: float, workers: int, says_when: bool
) -> None:
    outcome = simulate(Tenant(rate, burst, says_when), 1000, workers, latency=0.02)
    assert outcome.done == 1000
    assert outcome.most_attempts <= 5
    assert outcome.refused <= 50
    assert outcome.seconds <= 1.45 * (1000 - burst) / rate


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("rate", [1.0, 3.0])
def test_a_very_slow_tenant_uses_up_nobody_s_attempts(rate: float, seed: int) -> None:
    outcome = simulate(Tenant(rate, max(1.0, rate), says_when=True), 60, 8, latency=0.02, seed=seed)
    assert (outcome.done, outcome.most_attempts <= 5) == (60, True)


def test_nothing_is_held_back_before_the_first_429() -> None:
    pace = Pace()
    starts = [pace.reserve(5.0)[1] for _ in range(1000)]
    assert starts == [5.0] * 1000


def test_one_429_holds_everybody_for_as_long_as_the_tenant_asks_and_then_keeps_a_distance() -> None:
    pace = Pace()
    pace.reserve(0.0)
    pace.refused(0.5, started=0.0, retry_after=7.0)
    starts = [pace.reserve(0.6)[1] for _ in range(3)]
    assert starts[0] == 7.5
    assert starts[0] < starts[1] < starts[2] < 8.0


def test_reservations_from_before_a_429_are_void() -> None:
    pace = Pace()
    epoch, _ = pace.reserve(0.0)
    assert pace.holds(epoch)
    pace.refused(0.1, started=0.0, retry_after=None)
    assert not pace.holds(epoch)


def test_requests_under_way_at_a_429_do_not_slow_the_pace_again() -> None:
    once, often = Pace(), Pace()
    for pace in (once, often):
        pace.reserve(0.0)
        pace.refused(0.2, started=0.1, retry_after=1.0)
    for _ in range(10):
        often.refused(0.2, started=0.1, retry_after=1.0)
    assert [often.reserve(1.2)[1] for _ in range(5)] == [once.reserve(1.2)[1] for _ in range(5)]


def test_a_single_429_early_in_a_run_is_soon_forgotten() -> None:
    pace = Pace()
    pace.reserve(0.0)
    pace.refused(0.0, started=0.0, retry_after=0.0)
    starts = [pace.reserve(0.0)[1] for _ in range(100)]
    assert starts[10] < 1.0
    assert starts[-1] < 4.0


class Interrupted:
    """A clock on which another worker meets a 429 while the first wait lasts."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.meanwhile: list[Callable[[], None]] = []

    def now(self) -> float:
        """The seconds that were waited."""
        return self.seconds

    def wait(self, _stop: threading.Event, seconds: float) -> bool:
        """Over at once."""
        if self.meanwhile:
            self.meanwhile.pop()()
        self.seconds += seconds
        return False


def test_whoever_waits_for_a_turn_waits_on_when_another_meets_a_429() -> None:
    clock = Interrupted()
    pace = Pace(clock)
    pace.refused(0.0, started=0.0, retry_after=1.0)
    clock.meanwhile = [lambda: pace.refused(0.5, started=0.5, retry_after=9.0)]
    assert pace.turn(threading.Event()) == 9.5


def test_a_turn_is_given_at_once_when_the_run_is_stopped() -> None:
    pace, stop = Pace(), threading.Event()
    started = pace.turn(stop)
    pace.refused(started, started, retry_after=20.0)
    stop.set()
    assert pace.turn(stop) - started < 15  # not after all that the tenant asked for
