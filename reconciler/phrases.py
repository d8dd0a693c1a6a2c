"""Pieces of sentences that every room needs: counts with their plural, lists, weekdays, shortened values."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
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


def weekdays(days: Iterable[int], *, short: bool = False) -> str:
    """Weekdays, 0 for MONDAY, in calendar order and each once: `MONDAY–FRIDAY`, `MONDAY and SUNDAY`. A run of three or
    more is written by its ends. With `short` they are `Mon–Fri`, and all seven `daily`."""
    from .model import WEEKDAYS

    runs: list[list[int]] = []
    for day in sorted(set(days)):
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    of_days = [day[:3].capitalize() for day in WEEKDAYS] if short else WEEKDAYS
    names: list[str] = []
    for run in runs:
        if len(run) > 2:
            names.append(f"{of_days[run[0]]}–{of_days[run[-1]]}")
        else:
            names += [of_days[day] for day in run]
    if short:
        return "daily" if names == ["Mon–Sun"] else ", ".join(names)
    return listing(names)


def shorten(text: str, limit: int = SHOWN) -> str:
    """`text`, cut with an ellipsis to at most `limit` characters."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def quote(value: Any, limit: int = SHOWN) -> str:
    """A value as JSON, shortened."""
    return shorten(json.dumps(value, ensure_ascii=False), limit)


def named_schedules(changes: Sequence[Change]) -> str:
    """The first few schedules of these changes, by name and campaign."""
    return first_of([f"{change.name!r} of {change.campaign_id}" for change in changes], 5)
