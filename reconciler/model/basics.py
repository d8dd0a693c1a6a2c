"""The words that all other values use: enumerations, paths, places."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Protocol

from ..findings import Location

JsonObject = dict[str, Any]
Path = tuple[str | int, ...]

WEEKDAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")


class Origin(StrEnum):
    """Who asked for a difference, from the least to the most grave."""

    CHANGE = "change"
    DRIFT = "drift"
    CONFLICT = "conflict"


class Action(StrEnum):
    """What a change does to one schedule."""

    CREATE = "create"
    UPDATE = "update"


class Status(StrEnum):
    """How one write ended."""

    SUCCESS = "SUCCESS"
    FAILED = "FAILED"
    STALE = "STALE"
    UNVERIFIED = "UNVERIFIED"
    NOT_ATTEMPTED = "NOT_ATTEMPTED"


class Places(Protocol):
    """Where the values of one desired schedule stand, through the cascade of defaults."""

    def locate(self, path: Path = (), *, key: bool = False) -> Location:
        """Place of the value at `path` (or of its key), of its nearest holder where the path does not exist."""
