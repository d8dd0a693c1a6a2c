"""The words that all other values use: enumerations, places in files, findings."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

JsonObject = dict[str, Any]
Path = tuple[str | int, ...]

WEEKDAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")


class Severity(StrEnum):
    """How grave a finding is; only errors stop a plan from being applied."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


class Origin(StrEnum):
    """Who asked for a difference, from the least to the most grave (design §5)."""

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


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a file: the file relative to the current directory with forward slashes; line and column from 1."""

    file: str
    line: int
    column: int = 1


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with the files or the plan; `location` is None when it is about the tenant."""

    severity: Severity
    code: str
    message: str
    location: Location | None = None


class Places(Protocol):
    """Where the values of one desired schedule stand, through the cascade of defaults."""

    def locate(self, path: Path = (), *, key: bool = False) -> Location:
        """Place of the value at `path` (or of its key), of its nearest holder where the path does not exist."""
