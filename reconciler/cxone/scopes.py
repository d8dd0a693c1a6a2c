"""The scopes of the dialer's API, and what a command asks for: the least that does its work (design §8)."""

from __future__ import annotations

from dataclasses import dataclass

READ = "dialer:campaigns:read"
WRITE = "dialer:schedules:write"
AGENTS = "wfm:schedules:read"
WEBHOOKS_READ = "webhooks:read"
WEBHOOKS_WRITE = "webhooks:write"


@dataclass(frozen=True, slots=True)
class Scopes:
    """What is asked for: without one of `required` nothing is done, without one of `optional` less is known."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """Everything, the required first."""
        return (*self.required, *(scope for scope in self.optional if scope not in self.required))
