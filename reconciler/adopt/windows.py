"""Windows as the entries of a file: one entry for all days whose windows are equal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .. import canonical
from ..model import JsonObject, Window
from .fields import time_text

KEY = "scheduleDetails"
FIELDS = (
    "startTime",
    "endTime",
    "maxCallsPerDay",
    "maxCallsPerHour",
    "predictiveRate",
    "maxCallsPerAgentPerDay",
)
ORDER = ("dayOfWeek", *FIELDS)
Shape = tuple[tuple[str, Any], ...]


def window_entries(windows: Iterable[JsonObject]) -> list[JsonObject]:
    """Canonical windows, sorted, as entries of a file: one for all days whose windows are equal."""
    groups: dict[Shape, list[JsonObject]] = {}
    for window in windows:
        groups.setdefault(shape_of(window), []).append(window)
    return [entry_of(group) for group in groups.values()]


def window_of(window: Window) -> JsonObject:
    """A window of a file in canonical form."""
    return {
        "dayOfWeek": window.day,
        "startTime": canonical.clock(window.start),
        "endTime": canonical.clock(window.end),
        "maxCallsPerDay": window.max_calls_per_day,
        "maxCallsPerHour": window.max_calls_per_hour,
        "predictiveRate": canonical.number(window.predictive_rate),
        "maxCallsPerAgentPerDay": window.max_calls_per_agent_per_day,
    }


def entry_of(group: list[JsonObject]) -> JsonObject:
    """One entry for equal windows."""
    first = group[0]
    times = {name: time_text(first[name]) for name in FIELDS[:2]}
    return {
        "dayOfWeek": days_of([each["dayOfWeek"] for each in group]),
        **times,
        **{name: first[name] for name in FIELDS[2:]},
    }


def days_of(days: list[str]) -> str | list[str]:
    """Days as `dayOfWeek` has them: one alone, or a list."""
    return days[0] if len(days) == 1 else days


def shape_of(window: JsonObject, ignored: frozenset[str] = frozenset()) -> Shape:
    """What a window says, but for its day and the ignored fields."""
    return tuple((name, window[name]) for name in FIELDS if name not in ignored)
