"""The bad day that options ask for: a limit on the rate of requests, and a share of requests that fail."""

from __future__ import annotations

import math
import random
import threading
from typing import TYPE_CHECKING

from .answers import refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug import Response

    from .options import SandboxOptions


class TokenBucket:
    """Allows `rate` requests a second and as many at once (at least one)."""

    def __init__(self, rate: float, clock: Callable[[], float]) -> None:
        self._rate = rate
        self._burst = max(1.0, rate)
        self._clock = clock
        self._filled = self._burst
        self._at = clock()

    def take(self) -> float:
        """Takes one and returns 0, or takes none and returns the seconds until there will be one."""
        now = self._clock()
        self._filled = min(self._burst, self._filled + (now - self._at) * self._rate)
        self._at = now
        if self._filled < 1:
            return (1 - self._filled) / self._rate
        self._filled -= 1
        return 0.0


class Limits:
    """Both limits of one tenant; thread-safe. The n-th request fails or not by the seed alone."""

    def __init__(self, options: SandboxOptions, clock: Callable[[], float]) -> None:
        self._bucket = TokenBucket(options.rate_limit, clock) if options.rate_limit else None
        self._share = options.failure_rate
        self._dice = random.Random(options.seed)  # noqa: S311  # a rehearsal is repeatable, not secret
        self._lock = threading.Lock()

    def refuse(self) -> Response | None:
        """The 503 or 429 for the next request, or None where it may pass."""
        with self._lock:
            fails = self._dice.random() < self._share
            wait = self._bucket.take() if self._bucket and not fails else 0.0
        if fails:
            return refusal(503, "the service is unavailable for a moment")
        if wait:
            seconds = str(max(1, math.ceil(wait)))
            return refusal(
                429, f"too many requests, try again in {seconds} s", headers={"Retry-After": seconds}
            )
        return None
