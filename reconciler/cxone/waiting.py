"""How long to wait, and how often to ask again.

A request is repeated a bounded number of times, after a wait that is jittered or at the tenant's word. All workers of a
tenant share one pace, so that a limit which one of them meets slows all of them: nothing is held back until the first 429.
That one stops everybody for as long as the tenant asks, and from then on requests start at even distances, at nine tenths of
what the tenant has just been seen to accept. The pace recovers with time, slowly where that figure was measured well, and by
doubling each second while it is a guess (the first second, or too few requests). A later 429 lowers it again, to half at most.

The arithmetic of the pace takes the time as an argument, so that it can be tried against a simulated tenant.
"""

from __future__ import annotations

import math
import random
import re
import threading
import time
from collections import deque
from collections.abc import Callable
from datetime import UTC
from typing import TypeVar

from ..errors import (
    AlwaysLimitedError,
    RateLimitedError,
    RefusalError,
    ServerFailureError,
    TenantError,
    UnreachableError,
)
from ..settings import RequestLimits

_FIRST = 0.5  # seconds: the longest wait after the first attempt; it doubles with each further one
_LONGEST = 20.0
_WORTH_SAYING = 5.0  # seconds of waiting that a person should hear of
_WORTH_WONDERING = 10.0  # seconds of nothing but 429, in waits that are short by themselves
_SAID_AGAIN = 60.0
_REPEATABLE = (RateLimitedError, ServerFailureError, UnreachableError)
_SECONDS = re.compile(r"[0-9]+(?:\.[0-9]+)?", re.ASCII)
LONGEST_ASKED = 1e9  # seconds, thirty years: whoever asks for more asks for this, so that no sum overflows
_DICE = random.SystemRandom()  # so that clients which start together do not wait alike
T = TypeVar("T")
_WINDOW = 1.0  # seconds over which accepted requests are counted
_SHORTEST = 0.1  # seconds that a count stands for at least, when the window has only begun
_ENOUGH = 10  # accepted requests in a window that make its count a measurement
_KEEP = 0.9  # share of the accepted rate that is kept after a 429
_GUESS = 8.0  # requests a second after a 429 of which nothing better is known
_LEAST = 0.2  # requests a second that are always allowed
_HOLD = 0.25  # seconds that a 429 without Retry-After holds everybody
_RECOVERY, _ACCELERATION = 0.005, 0.002  # growth: exp(0.005 t + 0.002 t²), 5 % after 4 s and 30 % after 10 s
_MOST_GROWTH = 20.0  # exponent beyond which no pace is felt


class Clock:
    """Seconds that never go back, and the waiting for them: those of this machine, or of a subclass."""

    def now(self) -> float:
        """Seconds since some moment."""
        return time.monotonic()

    def wait(self, stop: threading.Event, seconds: float) -> bool:
        """Wait, at most until `stop` is set; returns whether it is set."""
        return stop.wait(seconds)


SYSTEM = Clock()


def retry_after_seconds(header: str | None, date: str | None = None) -> float | None:
    """`Retry-After` in seconds from now (RFC 9110, 10.2.3), at most LONGEST_ASKED; None where there is none that can be
    read, such as a negative one.

    A date is taken relative to the answer's own `Date`, so that a wrong clock on either side does no harm.
    """
    if header is None:
        return None
    text = header.strip()
    if _SECONDS.fullmatch(text):
        return min(float(text), LONGEST_ASKED)
    until, now = _timestamp(text), _timestamp(date or "")
    if until is None:
        return None
    return min(max(0.0, until - (time.time() if now is None else now)), LONGEST_ASKED)


def _timestamp(text: str) -> float | None:
    from email.utils import parsedate_to_datetime  # slow to load, and few answers have a date to read

    try:
        moment = parsedate_to_datetime(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


class Retry:
    """The patience with one tenant. `jitter(low, high)` draws a number between the two; `note` hears of long waits."""

    def __init__(
        self,
        limits: RequestLimits,
        stop: threading.Event,
        jitter: Callable[[float, float], float] = _DICE.uniform,
        clock: Clock = SYSTEM,
        note: Callable[[str], None] = lambda _text: None,
    ) -> None:
        self._limits = limits
        self._stop = stop
        self._jitter = jitter
        self._clock = clock
        self._note = note
        self._lock = threading.Lock()
        self._said_until = -math.inf

    def run(self, action: Callable[[], T | TenantError]) -> T:
        """What `action` returns in the end. An error that it returns is repeated where that is safe and may help;
        one that it raises is not."""
        attempt = 0
        while True:
            attempt += 1
            outcome = action()
            if not isinstance(outcome, TenantError):
                return outcome
            if not isinstance(outcome, _REPEATABLE) or not self.pause(attempt, outcome):
                if attempt > 1:
                    outcome.message = f"{outcome.message} (tried {attempt} times)"
                    outcome.args = (outcome.message,)
                raise outcome

    def pause(self, attempt: int, error: TenantError) -> bool:
        """Wait after failed attempt number `attempt` (from 1); False where there is to be no further one: attempts
        used up, a Retry-After beyond the limit, or `stop` set before or while waiting."""
        if attempt >= self._limits.attempts or isinstance(error, AlwaysLimitedError) or self._stop.is_set():
            return False
        seconds = self.delay(attempt, error)
        if seconds is None:
            return False
        self._say(seconds, error)
        return not self.rest(seconds)

    def rest(self, seconds: float) -> bool:
        """Wait; whether the run is being stopped."""
        return self._clock.wait(self._stop, seconds)

    def _say(self, seconds: float, error: TenantError) -> None:
        """That there is a wait, where a person would begin to wonder, and once for all who wait at the same time."""
        until = self._clock.now() + seconds
        with self._lock:
            if seconds < _WORTH_SAYING or until < self._said_until + _WORTH_SAYING:
                return
            self._said_until = until
        self._note(f"waiting {seconds:.0f} s, then trying again: {error.message}")

    def say_limited(self, seconds: float) -> None:
        """That for `seconds` the tenant has answered nothing but 429, where it is long and was not just said."""
        now = self._clock.now()
        with self._lock:
            if seconds < _WORTH_WONDERING or now < self._said_until + _SAID_AGAIN:
                return
            self._said_until = now
        self._note(f"still trying: for {seconds:.0f} s the tenant has answered 429 (too many requests) only")

    def delay(self, attempt: int, error: TenantError) -> float | None:
        """Seconds to wait after failed attempt number `attempt`; None where the tenant asks for too many."""
        asked = error.retry_after if isinstance(error, RefusalError) else None
        if asked is None:
            return self._jitter(0.0, min(_LONGEST, _FIRST * 2.0 ** min(attempt - 1, 16)))
        if asked > self._limits.max_retry_after:
            return None
        return asked + self._jitter(0.0, asked / 10)


class Pace:
    """When the next request may start; thread-safe. Times are seconds of a clock that never goes back."""

    def __init__(self, clock: Clock = SYSTEM) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._base: float | None = None  # requests a second right after the last 429, None before the first
        self._guessed = True
        self._began: float | None = None
        self._cut = -math.inf  # when the last 429 changed the pace
        self._held = -math.inf  # before this nothing starts
        self._next = -math.inf  # before this the next request does not start
        self._epoch = 0  # counts 429s, which make all earlier reservations void
        self._accepted: deque[float] = deque()
        self._refusals: dict[str, tuple[float, float]] = {}  # first and last 429 since anything else, by kind

    def turn(self, stop: threading.Event) -> float:
        """Wait for a turn, or until `stop` is set; returns when the request starts."""
        while True:
            now = self._clock.now()
            epoch, start = self.reserve(now)
            if start <= now or self._clock.wait(stop, start - now) or self.holds(epoch):
                return self._clock.now()

    def reserve(self, now: float) -> tuple[int, float]:
        """Takes the next free start at or after `now`; returns it after the epoch that it belongs to."""
        with self._lock:
            if self._began is None:
                self._began = now
            start = max(now, self._next, self._held)
            self._next = start if self._base is None else start + 1 / self._rate(start)
            return self._epoch, start

    def holds(self, epoch: int) -> bool:
        """Whether a reservation still holds; after a 429 it must be made anew."""
        with self._lock:
            return epoch == self._epoch

    def starved(self, kind: str) -> float:
        """For how many seconds requests of a kind have been answered with nothing but 429."""
        with self._lock:
            first, last = self._refusals.get(kind, (0.0, 0.0))
            return last - first

    def accepted(self, now: float, kind: str = "") -> None:
        """A request was answered with anything but 429."""
        with self._lock:
            self._refusals.pop(kind, None)
            self._accepted.append(now)
            while self._accepted[0] < now - _WINDOW:
                self._accepted.popleft()

    def refused(self, now: float, started: float, retry_after: float | None, kind: str = "") -> None:
        """A request that started at `started` was answered with 429; `retry_after` in seconds. Requests of a `kind` share
        their limit at the tenant."""
        with self._lock:
            first, _ = self._refusals.get(kind, (now, now))
            self._refusals[kind] = (first, now)
            rate = self._rate(now)
            self._held = max(self._held, now + (_HOLD if retry_after is None else retry_after))
            if started >= self._cut:  # those that were under way at the last 429 say nothing new
                self._slow_down(now, rate)
            self._next = max(now, self._held)
            self._epoch += 1

    def _slow_down(self, now: float, rate: float) -> None:
        accepted = sum(at >= now - _WINDOW for at in self._accepted)
        span = now - (now if self._began is None else self._began)
        seen = _KEEP * accepted / min(_WINDOW, max(_SHORTEST, span))
        if self._base is None:
            self._guessed = span < _WINDOW or accepted < _ENOUGH
            base = max(seen, _GUESS) if self._guessed else seen
        else:
            self._guessed = self._guessed and span < _WINDOW
            base = min(max(seen, self._base / 2), _KEEP * rate)
        self._base = max(_LEAST, base)
        self._cut = now

    def _rate(self, now: float) -> float:
        if self._base is None:
            return math.inf
        age = max(0.0, now - max(self._cut, self._held))
        growth = age * math.log(2) if self._guessed else _RECOVERY * age + _ACCELERATION * age * age
        return self._base * math.exp(min(growth, _MOST_GROWTH))
