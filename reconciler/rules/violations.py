"""What of a schedule's windows leaves the hours of the rules that bind it: which part, on whose clock, on which dates, and
which window would be allowed instead. All of it as data; `violation_text` has the words.

Only windows that are known to fail come here, so this may take its time to be exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ..closures import Closed
from ..intervals import DAY, WEEK, Intervals, WeekHours, common, length, less, of_day, shifted, union
from ..model import Path, Window
from .calendar import open_times
from .hours import Binding, Period, periods
from .reporting import by_entry

Run = tuple[date, date]
Span = tuple[int, int, int]
"""A weekday (0 is MONDAY), and a start and an end in seconds of it."""
_Way = tuple[int, Intervals]


@dataclass(frozen=True, slots=True)
class Case:
    """One way in which a window leaves a rule's hours.

    `parts`: the seconds of the window's own day that do; `lead`: how far the schedule's clock is ahead of the called
    party's then; `allows`: what the rule allows on each called weekday concerned, as (days after the window's own day,
    seconds of that day); `zones`: where; `runs`: when, each to before its second date (both dates are one where it lasts
    for some hours of it); `always`: on every date on which the rule is in force.
    """

    parts: Intervals
    lead: int
    allows: tuple[tuple[int, Intervals], ...]
    zones: tuple[str, ...]
    runs: tuple[Run, ...]
    always: bool


@dataclass(frozen=True, slots=True)
class Breach:
    """Windows of one entry of the file, all weekdays that fail alike, against one rule."""

    binding: Binding
    windows: tuple[Window, ...]
    cases: tuple[Case, ...]

    @property
    def no_calls(self) -> bool:
        """Whether the rule allows no calls at all on the called weekdays concerned."""
        return not any(allowed for case in self.cases for _, allowed in case.allows)

    def at_end_only(self, closed: Intervals) -> bool:
        """Whether the windows begin in time, and only their end is wrong. `closed` is what blackouts close of a day."""
        dials = open_times(self.windows[0].start, self.windows[0].end, closed)
        parts = [part for case in self.cases for part in case.parts]
        return min(parts)[0] > dials[0][0] and max(end for _, end in parts) == dials[-1][1]


@dataclass(frozen=True, slots=True)
class Violation:
    """The windows of one entry of the file and all rules that they break: those in force, or with `begins_later` those to
    come. `nearest` has the allowed window next to each failing one, without those for which there is none."""

    breaches: tuple[Breach, ...]
    nearest: tuple[Span, ...]
    begins_later: bool

    def path(self, closed: Intervals) -> Path:
        """The value that is wrong: the end, the start, or the weekday where no calls are allowed."""
        entry = self.breaches[0].windows[0].path
        partly = [breach for breach in self.breaches if not breach.no_calls]
        hopeless = {window for breach in self.breaches if breach.no_calls for window in breach.windows}
        if hopeless.issuperset(window for breach in partly for window in breach.windows):
            return (*entry, "dayOfWeek")
        at_end_only = all(breach.at_end_only(closed) for breach in partly)
        return (*entry, "endTime" if at_end_only else "startTime")


def violations(
    bound: Sequence[Binding],
    own: str,
    windows: Iterable[Window],
    closed: Intervals,
    allowed: WeekHours,
    dated: Closed,
) -> Iterator[Violation]:
    """The violations of a schedule's windows: for each entry of the file one of the rules in force and one of those that
    begin later.

    `own` is the schedule's zone, `closed` are the seconds of a day that blackouts close, `allowed` is what all rules allow.
    `dated` are closures: what would be wrong on closed dates only is not wrong.
    """
    for entry in by_entry(windows).values():
        breaches = [breach for binding in bound for breach in _breaches(binding, own, entry, closed, dated)]
        for begins_later in (False, True):
            broken = tuple(breach for breach in breaches if breach.binding.begins_later is begins_later)
            failing = {window: None for breach in broken for window in breach.windows}
            places = (nearest(window, allowed, closed) for window in failing)
            if broken:
                yield Violation(broken, tuple(place for place in places if place), begins_later)


def nearest(window: Window, allowed: WeekHours, closed: Intervals) -> Span | None:
    """The allowed window next to this one: what is left of it, else the nearest of its weekday, else the nearest of the
    week; None where the week has no allowed hour that blackouts leave open."""
    day = window.weekday
    left = tuple(_windows_in(allowed[day], closed, ((window.start, window.end),)))
    if left:
        return (day, *max(left, key=lambda span: (length(open_times(*span, closed)), -span[0])))
    start, end = day * DAY + window.start, day * DAY + window.end
    others = [(index, *span) for index in range(7) for span in _windows_in(allowed[index], closed, ((0, DAY),))]
    return min(others, key=lambda other: (other[0] != day, _gap(start, end, other), other), default=None)


def _windows_in(allowed: Intervals, closed: Intervals, limits: Intervals) -> Iterator[tuple[int, int]]:
    """What can be written as one window: calls are allowed in it wherever no blackout stops them, and it begins and ends
    with calls."""
    open_hours = common(less(allowed, closed), limits)
    for span in common(union(allowed, closed), limits):
        inside = common(open_hours, (span,))
        if inside:
            yield inside[0][0], inside[-1][1]


def _gap(start: int, end: int, other: Span) -> int:
    day, first, last = other
    return min((day * DAY + first - end) % WEEK, (start - day * DAY - last) % WEEK)


def _breaches(
    binding: Binding, own: str, entry: Iterable[Window], closed: Intervals, dated: Closed
) -> Iterator[Breach]:
    alike: dict[tuple[Case, ...], list[Window]] = {}
    for window in entry:
        cases = _cases(binding, own, window, closed)
        if dated:
            cases = tuple(case for case in cases if _is_open(case, window.weekday, dated))
        if cases:
            alike.setdefault(cases, []).append(window)
    for cases, failing in alike.items():
        yield Breach(binding, tuple(failing), cases)


def _is_open(case: Case, weekday: int, dated: Closed) -> bool:
    """Whether a case is left on some date of its runs. Its dates may be one off on the window's own clock where the two
    clocks differ; there one date too many is looked at rather than one too few."""
    around = 1 if case.lead else 0
    for begins, ends in case.runs:
        first, last = begins.toordinal() - around, max(ends.toordinal() - 1, begins.toordinal()) + around
        for ordinal in range(first + (weekday + 1 - first) % 7, last + 1, 7):  # ordinal 1 is a MONDAY
            if less(case.parts, dated.get(date.fromordinal(ordinal), ())):
                return True
    return False


def _cases(binding: Binding, own: str, window: Window, closed: Intervals) -> tuple[Case, ...]:
    midnight = window.weekday * DAY
    dials = shifted(open_times(window.start, window.end, closed), midnight)
    zones: dict[tuple[_Way, tuple[Run, ...], bool], list[str]] = {}
    for called in binding.rule.zones:
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
        for ((lead, parts), runs, always), called in zones.items()
    )
    return tuple(sorted(cases, key=lambda case: (case.runs, case.lead, case.zones)))


def _cases_in(
    binding: Binding, own: str, called: str, dials: Intervals
) -> Iterator[tuple[_Way, tuple[Run, ...], bool]]:
    """The ways in which dialing at the week seconds `dials` leaves the hours of one called zone: lead and parts in week
    seconds, dates, and whether it does on every date. Periods that hold none of the dialing say nothing."""
    dialing: list[tuple[Period, _Way]] = []
    for period in periods(own, called, binding.first, binding.until):
        there = common(dials, period.covers)
        if there:
            parts = less(there, shifted(binding.rule.week, period.lead))
            dialing.append((period, (period.lead, parts)))
    for way in dict.fromkeys(way for _, way in dialing):
        if way[1]:
            runs = _runs([(period, other == way) for period, other in dialing])
            yield way, runs, runs == ((dialing[0][0].begins, dialing[-1][0].ends),)


def _runs(dialing: Iterable[tuple[Period, bool]]) -> tuple[Run, ...]:
    """The dates of the failing periods. Those that follow each other are one run, and so are those between which only
    some hours of one date are different."""
    runs: list[Run] = []
    follows = False
    for period, failing in dialing:
        if failing and runs and (follows or runs[-1][1] == period.begins):
            runs[-1] = runs[-1][0], period.ends
        elif failing:
            runs.append((period.begins, period.ends))
        follows = failing
    return tuple(runs)


def _allows(week: Intervals, midnight: int, parts: Intervals, lead: int) -> tuple[tuple[int, Intervals], ...]:
    day = midnight // DAY
    after = sorted(
        {index - day for start, end in parts for index in range((start - lead) // DAY, (end - 1 - lead) // DAY + 1)}
    )
    return tuple((days_after, of_day(week, (day + days_after) % 7)) for days_after in after)
