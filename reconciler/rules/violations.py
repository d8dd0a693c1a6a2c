"""What of a window leaves the hours of a rule: which part, on whose clock, on which dates.

Only windows that are known to fail come here, so this may take its time to be exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ..model import Window
from .bindings import Binding, Week
from .calendar import open_times
from .intervals import DAY, WEEK, Intervals, common, of_day, shifted, without
from .offsets import Period, periods
from .reporting import by_entry, day_index

Run = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Case:
    """One way in which a window leaves a rule's hours.

    `parts`: the seconds of the window's own day that do; `lead`: how far the schedule's clock is ahead of the called
    party's then; `allows`: what the rule allows on each called weekday concerned, as (days after the window's own
    day, seconds of that day); `zones`: where; `runs`: when, each to before its second date; `always`: on every date
    on which the rule is in force.
    """

    parts: Intervals
    lead: int
    allows: tuple[tuple[int, Intervals], ...]
    zones: tuple[str, ...]
    runs: tuple[Run, ...]
    always: bool


@dataclass(frozen=True, slots=True)
class Violation:
    """Windows of one entry of the file (all weekdays that fail alike) against one rule."""

    binding: Binding
    windows: tuple[Window, ...]
    cases: tuple[Case, ...]

    @property
    def no_calls(self) -> bool:
        """Whether the rule allows no calls at all on the called weekdays concerned."""
        return not any(allowed for case in self.cases for _, allowed in case.allows)

    def at_end_only(self, closed: Intervals) -> bool:
        """Whether the windows begin in time, and only their end is wrong."""
        dials = open_times(self.windows[0].start, self.windows[0].end, closed)
        parts = [part for case in self.cases for part in case.parts]
        return min(parts)[0] > dials[0][0] and max(end for _, end in parts) == dials[-1][1]


def violations(
    bindings: Sequence[Binding], own: str, windows: Iterable[Window], closed: Intervals
) -> Iterator[Violation]:
    """The violations of a schedule's windows: one for each binding and entry of the file, or several where its
    weekdays fail in different ways. `closed` are the seconds of a day that blackouts close."""
    for entry in by_entry(windows).values():
        for binding in bindings:
            alike: dict[tuple[Case, ...], list[Window]] = {}
            for window in entry:
                cases = _cases(binding, own, window, closed)
                if cases:
                    alike.setdefault(cases, []).append(window)
            for cases, failing in alike.items():
                yield Violation(binding, tuple(failing), cases)


def nearest(window: Window, allowed: Week) -> tuple[int, int, int] | None:
    """The allowed window next to this one, as (weekday from 0, start, end): what is left of it, else the nearest
    of its weekday, else the nearest of the week; None where the week has no allowed hour."""
    day = day_index(window)
    left = common(((window.start, window.end),), allowed[day])
    if left:
        return (day, *max(left, key=lambda each: (each[1] - each[0], -each[0])))
    start, end = day * DAY + window.start, day * DAY + window.end
    others = [(index, *each) for index in range(7) for each in allowed[index]]
    return min(others, key=lambda each: (each[0] != day, _gap(start, end, each), each), default=None)


def _gap(start: int, end: int, other: tuple[int, int, int]) -> int:
    day, first, last = other
    return min((day * DAY + first - end) % WEEK, (start - day * DAY - last) % WEEK)


def _cases(binding: Binding, own: str, window: Window, closed: Intervals) -> tuple[Case, ...]:
    midnight = day_index(window) * DAY
    dials = shifted(open_times(window.start, window.end, closed), midnight)
    zones: dict[tuple[int, Intervals, tuple[Run, ...], bool], list[str]] = {}
    for called in binding.zones:
        for case in _cases_in(binding, own, called, dials):
            zones.setdefault(case, []).append(called)
    cases = (
        Case(
            parts=tuple((start - midnight, end - midnight) for start, end in parts),
            lead=lead,
            allows=_allows(binding.rule.week, midnight, parts, lead),
            zones=tuple(called),
            runs=runs,
            always=always,
        )
        for (lead, parts, runs, always), called in zones.items()
    )
    return tuple(sorted(cases, key=lambda each: (each.runs, each.lead, each.zones)))


def _cases_in(
    binding: Binding, own: str, called: str, dials: Intervals
) -> Iterator[tuple[int, Intervals, tuple[Run, ...], bool]]:
    """The ways in which dialing at the week seconds `dials` leaves the hours of one called zone: lead, parts in week
    seconds, dates, and whether it does on every date. Periods that hold none of the dialing say nothing."""
    stretch: list[Period] = []
    ways: list[tuple[int, Intervals]] = []
    for period in periods(own, called, binding.first, binding.until):
        there = common(dials, period.covers)
        if there:
            stretch.append(period)
            ways.append((period.lead, without(there, shifted(binding.rule.week, period.lead))))
    for way in dict.fromkeys(ways):
        lead, parts = way
        if parts:
            fails = [each == way for each in ways]
            yield lead, parts, _runs(stretch, fails), all(fails)


def _runs(stretch: Sequence[Period], fails: Sequence[bool]) -> tuple[Run, ...]:
    """The dates of the failing periods; periods that follow each other are one run."""
    runs: list[Run] = []
    follows = False
    for period, failing in zip(stretch, fails, strict=True):
        if failing and follows:
            runs[-1] = runs[-1][0], period.ends
        elif failing:
            runs.append((period.begins, period.ends))
        follows = failing
    return tuple(runs)


def _allows(week: Intervals, midnight: int, parts: Intervals, lead: int) -> tuple[tuple[int, Intervals], ...]:
    day = midnight // DAY
    after = sorted(
        {
            index - day
            for start, end in parts
            for index in range((start - lead) // DAY, (end - 1 - lead) // DAY + 1)
        }
    )
    return tuple((each, of_day(week, (day + each) % 7)) for each in after)
