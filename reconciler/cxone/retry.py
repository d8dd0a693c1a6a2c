"""When a request is made again, and how long to wait before: bounded, jittered, at the tenant's word (design §6.3)."""

from __future__ import annotations

import random
import re
import threading
import time
from collections.abc import Callable
from datetime import UTC
from email.utils import parsedate_to_datetime
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
from .clock import SYSTEM, Clock

_FIRST = 0.5  # seconds: the longest wait after the first attempt; it doubles with each further one
_LONGEST = 20.0
_WORTH_SAYING = 5.0  # seconds of waiting that a person should hear of
_REPEATABLE = (RateLimitedError, ServerFailureError, UnreachableError)
_SECONDS = re.compile(r"[0-9]+(?:\.[0-9]+)?", re.ASCII)
LONGEST_ASKED = (
    1e9  # seconds, some thirty years: whoever asks for more asks for this, so that no arithmetic overflows
)

_DICE = random.SystemRandom()  # so that clients which start together do not wait alike

T = TypeVar("T")


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
        self._said_until = 0.0

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
                raise _counted(outcome, attempt)

    def pause(self, attempt: int, error: TenantError) -> bool:
        """Wait after failed attempt number `attempt` (from 1); False where there is to be no further one: attempts
        used up, a Retry-After beyond the limit, or `stop` set before or while waiting."""
        if attempt >= self._limits.attempts or isinstance(error, AlwaysLimitedError) or self._stop.is_set():
            return False
        seconds = self.delay(attempt, error)
        if seconds is None:
            return False
        self._say(seconds, error)
        return not self._clock.wait(self._stop, seconds)

    def _say(self, seconds: float, error: TenantError) -> None:
        """That there is a wait, where a person would begin to wonder, and once for all who wait at the same time."""
        until = self._clock.now() + seconds
        with self._lock:
            if seconds < _WORTH_SAYING or until < self._said_until + _WORTH_SAYING:
                return
            self._said_until = until
        self._note(f"waiting {seconds:.0f} s, then trying again: {error.message}")

    def delay(self, attempt: int, error: TenantError) -> float | None:
        """Seconds to wait after failed attempt number `attempt`; None where the tenant asks for too many."""
        asked = error.retry_after if isinstance(error, RefusalError) else None
        if asked is None:
            return self._jitter(0.0, min(_LONGEST, _FIRST * 2.0 ** min(attempt - 1, 16)))
        if asked > self._limits.max_retry_after:
            return None
        return asked + self._jitter(0.0, asked / 10)


def _counted(error: TenantError, attempts: int) -> TenantError:
    if attempts > 1:
        error.message = f"{error.message} (tried {attempts} times)"
        error.args = (error.message,)
    return error
