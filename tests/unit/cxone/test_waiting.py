"""How long is waited, how often it is asked again, and one pace for all."""

from __future__ import annotations

import heapq
import math
import random
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

import pytest

from reconciler.cxone import SYSTEM
from reconciler.cxone.waiting import LONGEST_ASKED, Clock, Pace, Retry, retry_after_seconds
from reconciler.errors import (
    AlwaysLimitedError,
    AnswerError,
    BadRequestError,
    NotFoundError,
    RateLimitedError,
    ServerFailureError,
    TenantError,
    UnreachableError,
)
from reconciler.settings import RequestLimits
from tests.support.clocks import QuickClock

if TYPE_CHECKING:
    from collections.abc import Callable


def test_time_goes_on() -> None:
    assert SYSTEM.now() <= SYSTEM.now()


def test_a_wait_says_whether_it_was_stopped() -> None:
    stop = threading.Event()
    assert not SYSTEM.wait(stop, 0)
    stop.set()
    assert SYSTEM.wait(stop, 3600)


def patience(
    attempts: int = 5, stop: threading.Event | None = None, *, longest: bool = False
) -> tuple[Retry, RequestLimits]:
    """A Retry whose dice always fall on the lowest (or the highest) number."""
    limits = RequestLimits(attempts=attempts, max_retry_after=60)
    return Retry(limits, stop or threading.Event(), lambda low, high: high if longest else low), limits


def busy(retry_after: float | None = None) -> RateLimitedError:
    return RateLimitedError("busy", status=429, retry_after=retry_after)


def test_waits_grow_twofold_up_to_a_bound_and_anywhere_below() -> None:
    retry, _ = patience(longest=True)
    assert [retry.delay(n, UnreachableError("x")) for n in range(1, 8)] == [0.5, 1, 2, 4, 8, 16, 20]
    assert retry.delay(10_000, UnreachableError("x")) == 20
    assert patience()[0].delay(5, UnreachableError("x")) == 0


def test_the_tenant_s_word_is_the_least_to_wait() -> None:
    assert patience()[0].delay(1, busy(30.0)) == 30
    assert patience(longest=True)[0].delay(1, busy(30.0)) == 33
    assert patience(longest=True)[0].delay(4, busy(0.0)) == 0
    assert patience()[0].delay(1, ServerFailureError("x", status=503, retry_after=7.0)) == 7


def test_a_wait_beyond_the_limit_is_not_waited() -> None:
    retry, _ = patience()
    assert retry.delay(1, busy(60.0)) == 60
    assert retry.delay(1, busy(60.1)) is None
    assert not retry.pause(1, busy(3600.0))


def test_attempts_are_bounded() -> None:
    retry, _ = patience(attempts=3)
    assert [retry.pause(n, busy(0.0)) for n in (1, 2, 3, 4)] == [True, True, False, False]


def test_a_stopped_run_waits_for_nothing() -> None:
    stop = threading.Event()
    stop.set()
    assert not patience(stop=stop, longest=True)[0].pause(1, busy(50.0))


def test_a_stop_ends_a_wait_that_has_begun() -> None:
    stop = threading.Event()
    retry, _ = patience(stop=stop)
    ended: list[bool] = []
    waiting = threading.Thread(target=lambda: ended.append(retry.pause(1, busy(60.0))))
    waiting.start()
    stop.set()
    waiting.join(30)
    assert ended == [False]


@pytest.mark.parametrize(
    "error", [busy(0.0), ServerFailureError("down", status=503, retry_after=0.0), UnreachableError("lost")]
)
def test_what_may_pass_is_repeated(error: TenantError) -> None:
    outcomes: list[TenantError | str] = [error, error, "done", "never"]
    assert patience()[0].run(lambda: outcomes.pop(0)) == "done"
    assert outcomes == ["never"]


@pytest.mark.parametrize(
    "error",
    [BadRequestError("no", status=400), NotFoundError("none", status=404), AnswerError("a page")],
)
def test_what_cannot_pass_is_not_repeated(error: TenantError) -> None:
    outcomes = [error, error]
    with pytest.raises(type(error)) as caught:
        patience()[0].run(lambda: outcomes.pop(0))
    assert (caught.value.message, len(outcomes)) == (error.message, 1)


def test_the_last_error_says_how_often_it_was_tried() -> None:
    with pytest.raises(UnreachableError) as caught:
        patience(attempts=4)[0].run(lambda: UnreachableError("no connection"))
    assert str(caught.value) == caught.value.message == "no connection (tried 4 times)"


def test_an_error_that_is_raised_is_final() -> None:
    calls = []

    def action() -> str:
        calls.append(1)
        raise UnreachableError("repeated already")

    with pytest.raises(UnreachableError, match=r"^repeated already$"):
        patience()[0].run(action)
    assert calls == [1]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0),
        ("120", 120),
        (" 7 ", 7),
        ("1.5", 1.5),
        (None, None),
        ("", None),
        ("-1", None),
        ("soon", None),
        ("١٢", None),
        ("1e3", None),
        ("-9" + "9" * 400, None),
        ("1" * 400 + "x", None),
        ("999999999", 999_999_999),
        ("1000000001", LONGEST_ASKED),
        ("9" * 400, LONGEST_ASKED),
        ("9" * 400 + ".5", LONGEST_ASKED),
        ("0." + "0" * 400, 0),
        ("0" * 400 + "7", 7),
        ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST_ASKED),
        ("Fri, 99 Xxx 2026 99:99:99 GMT", None),
    ],
)
def test_retry_after_in_seconds_or_not_at_all(header: str | None, seconds: float | None) -> None:
    assert retry_after_seconds(header) == seconds


def test_retry_after_as_a_date_counts_from_the_date_of_the_answer() -> None:
    until = "Wed, 21 Oct 2026 07:28:30 GMT"
    assert retry_after_seconds(until, "Wed, 21 Oct 2026 07:28:00 GMT") == 30
    assert retry_after_seconds(until, "Wed, 21 Oct 2026 09:00:00 GMT") == 0


def test_retry_after_as_a_date_counts_from_now_where_the_answer_has_none() -> None:
    in_an_hour = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    seconds = retry_after_seconds(in_an_hour, "no date")
    assert seconds is not None
    assert 3000 < seconds < 4000


def test_a_long_wait_is_said_once_for_all_who_wait() -> None:
    said: list[str] = []
    clock = QuickClock()
    limits = RequestLimits(attempts=5, max_retry_after=60)
    retry = Retry(limits, threading.Event(), lambda low, _high: low, clock, said.append)
    retry.pause(1, busy(4.0))
    assert said == []
    retry.pause(1, busy(30.0))
    assert said == ["waiting 30 s, then trying again: busy"]
    retry.pause(2, busy(60.0))
    assert len(said) == 2


def test_several_who_wait_at_the_same_time_say_it_once() -> None:
    said: list[str] = []
    retry = Retry(RequestLimits(), threading.Event(), lambda low, _high: low, _Still(), said.append)
    for _ in range(8):
        retry.pause(1, busy(30.0))
    assert len(said) == 1


class _Still(Clock):
    """A clock on which no time passes."""

    def now(self) -> float:
        return 0.0

    def wait(self, _stop: threading.Event, _seconds: float) -> bool:
        return False


def test_what_is_not_sent_any_more_is_not_repeated() -> None:
    error = AlwaysLimitedError("did not read it", status=429)
    assert not patience()[0].pause(1, error)


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


class Interrupted(Clock):
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
