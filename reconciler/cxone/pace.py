"""One pace for all workers of a tenant, so that a limit which one of them meets slows all of them (design §6.3).

Nothing is held back until the first 429. That one stops everybody for as long as the tenant asks, and from then on
requests start at even distances: at nine tenths of what the tenant has just been seen to accept. The pace recovers with
time, slowly where that figure was measured well, and by doubling each second while it is a guess (the first second, or
too few requests). A later 429 lowers it again, to half at most.

The arithmetic takes the time as an argument, so that it can be tried against a simulated tenant.
"""

from __future__ import annotations

import math
import threading
from collections import deque

from .clock import SYSTEM, Clock

_WINDOW = 1.0  # seconds over which accepted requests are counted
_SHORTEST = 0.1  # seconds that a count stands for at least, when the window has only begun
_ENOUGH = 10  # accepted requests in a window that make its count a measurement
_KEEP = 0.9  # share of the accepted rate that is kept after a 429
_GUESS = 8.0  # requests a second after a 429 of which nothing better is known
_LEAST = 0.2  # requests a second that are always allowed
_HOLD = 0.25  # seconds that a 429 without Retry-After holds everybody
_RECOVERY, _ACCELERATION = 0.005, 0.002  # growth: exp(0.005 t + 0.002 t²), 5 % after 4 s and 30 % after 10 s
_MOST_GROWTH = 20.0  # exponent beyond which no pace is felt


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
        self._refusals: dict[
            str, tuple[float, float]
        ] = {}  # the first and the last 429 since anything else, by kind

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
            self._next = start + 1 / self._rate(start)
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
            self._forget(now)

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
        self._forget(now)
        span = now - (now if self._began is None else self._began)
        seen = _KEEP * len(self._accepted) / min(_WINDOW, max(_SHORTEST, span))
        if self._base is None:
            self._guessed = span < _WINDOW or len(self._accepted) < _ENOUGH
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

    def _forget(self, now: float) -> None:
        while self._accepted and self._accepted[0] < now - _WINDOW:
            self._accepted.popleft()
