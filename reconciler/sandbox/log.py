"""What was asked of the sandbox so far, for whoever counts requests afterwards."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass

KEPT = 100_000
"""Requests that are remembered; a sandbox that runs for days forgets the oldest."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One request. `path` is raw (percent-encoded).

    `status`: what was sent, 0 where no answer was (a lost connection, a stall). `decided`: what the tenant itself
    came to, 0 where a fault kept it from acting: a PUT with `decided` 200 or 201 and `status` 0 was written and its
    answer lost. `scope`: the scopes of its token; of a token request those that were asked for. `fault`: the kind
    of fault that it met, or empty.
    """

    method: str
    path: str
    query: str
    status: int
    scope: str
    decided: int
    fault: str


@dataclass(slots=True)
class Visit:
    """A request while it is handled by its one thread; in the log from its arrival on."""

    method: str
    path: str
    query: str
    status: int = 0
    scope: str = ""
    decided: int = 0
    fault: str = ""

    def seen(self) -> Seen:
        """The visit as it stands now."""
        return Seen(self.method, self.path, self.query, self.status, self.scope, self.decided, self.fault)


class Log:
    """Visits in the order of their arrival; thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._visits: deque[Visit] = deque(maxlen=KEPT)

    def arrive(self, visit: Visit) -> None:
        """Adds a visit that has just begun."""
        with self._lock:
            self._visits.append(visit)

    def snapshot(self) -> tuple[Seen, ...]:
        """All visits up to now."""
        with self._lock:
            return tuple(visit.seen() for visit in self._visits)

    def clear(self) -> None:
        """Forgets all visits."""
        with self._lock:
            self._visits.clear()
