"""The sentences of a calling-hours finding: the rule and its source, the offending part on both clocks, the dates,
and the nearest window that is allowed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ..model import WEEKDAYS, DesiredSchedule, Finding, Path, Severity
from .bindings import Binding, Hours
from .intervals import DAY, Intervals
from .reporting import day_index, days, listing, report, span, time
from .violations import Case, Run, Violation, nearest

_CASES_SHOWN = 3
_RUNS_SHOWN = 2
_LAST_SECOND = DAY - 1


def violation_finding(
    schedule: DesiredSchedule, violation: Violation, allowed: Hours, closed: Intervals, as_of: date
) -> Finding:
    """The finding at the value that is wrong: the end, the start, or the weekday where no calls are allowed."""
    binding = violation.binding
    indices = [day_index(window) for window in violation.windows]
    cases = [_case(each, indices, schedule.timezone, binding) for each in violation.cases[:_CASES_SHOWN]]
    if len(violation.cases) > _CASES_SHOWN:
        cases.append(f"{len(violation.cases) - _CASES_SHOWN} more combinations of zones and dates")
    week = allowed.now if binding.begins is None else allowed.later
    places = {window: nearest(window, week) for window in violation.windows}
    message = (
        f"{'; '.join(cases)}: outside the calling hours of {_rule(binding, as_of)}, which allows "
        f"{_allows(violation.cases, indices)}. {_nearest(list(places.values()), schedule.timezone)}"
    )
    path: Path = violation.windows[0].path
    if violation.no_calls:
        path = (*path, "dayOfWeek")
    else:
        path = (*path, "endTime" if violation.at_end_only(closed) else "startTime")
    if binding.begins is None:
        return report(schedule, Severity.ERROR, "outside-calling-hours", message, path)
    return report(schedule, Severity.WARNING, "outside-calling-hours-from", message, path)


def _rule(binding: Binding, as_of: date) -> str:
    rule = binding.rule
    sure = f", confidence {rule.confidence}" if rule.confidence else ""
    from_when = f" from {binding.begins} on" if binding.begins else ""
    return f"{rule.name}{from_when} ({rule.citation}{sure}; {rule.source}, as of {as_of})"


def _case(case: Case, indices: Sequence[int], own: str, binding: Binding) -> str:
    here = listing(span(start, end) for start, end in case.parts)
    text = f"{days(indices)} {here} {own}"
    if case.lead or case.zones != (own,):
        there = listing(_there(part, case.lead, indices) for part in case.parts)
        text += f" is {there} {listing(map(_zone, case.zones))}"
    if not case.always:
        return f"{text} {_dates(case.runs)}"
    ends = binding.rule.ends
    if ends is None or ends >= binding.until or binding.begins is not None:
        return text
    return f"{text} until {ends}"


def _there(part: tuple[int, int], lead: int, indices: Sequence[int]) -> str:
    """A part of the window's day on the called party's clock, with its weekday where that is another one."""
    start, end = part[0] - lead, part[1] - lead
    first, last = start // DAY, (end - 1) // DAY
    if first == last:
        return _on_day(first, span(start - first * DAY, end - last * DAY), indices)
    begins, ends = time(start - first * DAY), time(end - last * DAY)
    if len(indices) == 1:
        ends = f"{WEEKDAYS[(indices[0] + last) % 7]} {ends}"
    else:
        ends = _on_day(last, ends, indices)
    return f"{_on_day(first, begins, indices)} to {ends}"


def _on_day(after: int, times: str, indices: Sequence[int]) -> str:
    if after == 0:
        return times
    if len(indices) == 1:
        return f"{WEEKDAYS[(indices[0] + after) % 7]} {times}"
    return f"{times} ({'the day before' if after < 0 else 'the day after'})"


def _zone(name: str) -> str:
    """Zones with a fixed offset have names whose sign reads the wrong way round: Etc/GMT+6 is UTC-6."""
    if name.startswith("Etc/GMT") and name[7:8] in ("+", "-"):
        return f"UTC{'-' if name[7] == '+' else '+'}{name[8:]}"
    return name


def _dates(runs: Sequence[Run]) -> str:
    shown = [f"from {begins} to {ends}" for begins, ends in runs[:_RUNS_SHOWN]]
    more = len(runs) - _RUNS_SHOWN
    return listing([*shown, f"{more} times more"] if more > 0 else shown)


def _allows(cases: Sequence[Case], indices: Sequence[int]) -> str:
    """`09:00–21:00 on MONDAY to FRIDAY and no calls on SUNDAY`: weekdays are the called party's."""
    on: dict[Intervals, set[int]] = {}
    for case in cases:
        for after, allowed in case.allows:
            on.setdefault(allowed, set()).update((index + after) % 7 for index in indices)
    return listing(
        f"{listing(span(*each) for each in allowed) if allowed else 'no calls'} on {days(which)}"
        for allowed, which in sorted(on.items(), key=lambda item: min(item[1]))
    )


def _nearest(places: Sequence[tuple[int, int, int] | None], own: str) -> str:
    on: dict[tuple[int, int], list[int]] = {}
    for place in places:
        if place is None:
            return "No hour of the week is allowed by all of its rules."
        on.setdefault((place[1], min(place[2], _LAST_SECOND)), []).append(place[0])
    windows = listing(
        f"{days(which)} {span(*times)}" for times, which in sorted(on.items(), key=lambda item: item[1])
    )
    return f"Nearest allowed window: {windows} {own}."
