"""Pieces of sentences that every room needs: counts with their plural, lists, weekdays and hours, shortened values."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # the command line starts without the model
    from .model import Change

SHOWN = 80
"""Characters of a value that a message quotes."""


def counted(count: int, noun: str, plural: str | None = None) -> str:
    """`1 error`, `2 errors`, `0 errors`, `1,000 errors`."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def listing(items: Iterable[str], *, last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    parts = list(items)
    return f" {last} ".join([*([", ".join(parts[:-1])] if parts[:-1] else []), *parts[-1:]])


def first_of(items: Sequence[str], most: int) -> str:
    """At most `most` of the items, and how many more there are: `a, b and 3 more`."""
    more = f" and {len(items) - most} more" if len(items) > most else ""
    return ", ".join(items[:most]) + more


def weekdays(days: Iterable[int]) -> str:
    """Weekdays, 0 for MONDAY, in calendar order and each once: `Mon–Fri`, `Mon, Sun`, all seven `daily`. A run of three or
    more is written by its ends."""
    from .model import WEEKDAYS  # late: the command line starts without the model

    runs: list[list[str]] = []
    last = -2
    for day in sorted(set(days)):
        if day != last + 1:
            runs.append([])
        runs[-1].append(WEEKDAYS[day][:3].capitalize())
        last = day
    if runs and len(runs[0]) == len(WEEKDAYS):
        return "daily"
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(run) for run in runs)


def on_days(days: Iterable[int]) -> str:
    """Weekdays within a sentence: `on Mon–Fri`, `every day`."""
    text = weekdays(days)
    return "every day" if text == "daily" else f"on {text}"


def hours_words(span: Mapping[str, Any]) -> str:
    """The hours of a window or a blackout, `09:00–17:00`; seconds only where there are some."""
    return f"{short_time(span['startTime'])}–{short_time(span['endTime'])}"


def short_time(text: str) -> str:
    """`HH:MM:SS` without seconds that are zero."""
    return text.removesuffix(":00") if len(text) == len("HH:MM:SS") else text


def shorten(text: str, limit: int = SHOWN) -> str:
    """`text`, cut with an ellipsis to at most `limit` characters."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def quote(value: Any, limit: int = SHOWN) -> str:
    """A value as JSON, shortened."""
    return shorten(json.dumps(value, ensure_ascii=False), limit)


def named_schedules(changes: Sequence[Change]) -> str:
    """The first few schedules of these changes, by name and campaign."""
    return first_of([f"{change.name!r} of {change.campaign_id}" for change in changes], 5)
