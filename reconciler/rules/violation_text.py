"""The sentences of a calling-hours finding: the offending part on both clocks, the dates, each rule and its source, and
the nearest window that all of them allow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from ..intervals import DAY, Intervals, union
from ..model import WEEKDAYS
from ..phrases import first_of, listing, weekdays
from .hours import Binding, twelve_months
from .reporting import span, time
from .violations import Breach, Case, Span, Violation

_CASES_SHOWN = 3
_ZONES_SHOWN = 4
_LAST_SECOND = DAY - 1
_SURE = {"M": "medium confidence", "L": "low confidence"}


def violation_text(violation: Violation, own: str, as_of: date) -> str:
    """All rules that the windows of one entry break, on whose clock and when, and what would be allowed instead."""
    broken: dict[str, list[str]] = {}
    for breach in violation.breaches:
        allows = _allows(breach.cases, _days_of(breach))
        rule = f"{_rule(breach.binding, as_of)}, which allows {allows}"
        broken.setdefault(_where_and_when(breach, own), []).append(rule)
    sentences = [f"{cases}: outside the calling hours of {', and of '.join(rules)}." for cases, rules in broken.items()]
    sources = dict.fromkeys(breach.binding.rule.source for breach in violation.breaches)
    return " ".join([*sentences, _nearest(violation.nearest, own), f"Held against {listing(sources)}, as of {as_of}."])


def breach_text(breach: Breach, own: str) -> str:
    """The offending part and the name of the rule, in short."""
    parts = union(part for case in breach.cases for part in case.parts)
    return f"{weekdays(_days_of(breach))} {listing(span(*part) for part in parts)} {own} ({breach.binding.rule.name})"


def _days_of(breach: Breach) -> list[int]:
    return [window.weekday for window in breach.windows]


def _where_and_when(breach: Breach, own: str) -> str:
    cases = [_case(case, breach, own) for case in breach.cases[:_CASES_SHOWN]]
    if len(breach.cases) > _CASES_SHOWN:
        cases.append(f"{len(breach.cases) - _CASES_SHOWN} more combinations of zones and dates")
    return "; ".join(cases)


def _rule(binding: Binding, as_of: date) -> str:
    rule = binding.rule
    ends = binding.until - timedelta(days=1) if binding.until < twelve_months(as_of) else None
    when = ""
    if binding.begins_later:
        when = f" from {binding.first} " + ("on" if ends is None else f"to {ends}")
    elif ends is not None:
        when = f" until {ends}"
    sure = f"; {_SURE[rule.confidence]}" if rule.confidence in _SURE else ""
    return f"{rule.name}{when} ({rule.citation}{sure})"


def _case(case: Case, breach: Breach, own: str) -> str:
    indices = _days_of(breach)
    here = listing(span(*part) for part in case.parts)
    text = f"{weekdays(indices)} {here} {own}"
    if case.lead or case.zones != (own,):
        there = listing(_there(part, case.lead, indices) for part in case.parts)
        zones = list(map(_zone, case.zones))
        text += f" is {there} {listing(zones) if len(zones) <= _ZONES_SHOWN else first_of(zones, _ZONES_SHOWN)}"
    dates = listing(_run(*run, breach.binding) for run in case.runs)
    return text if case.always else f"{text} {dates}"


def _there(part: tuple[int, int], lead: int, indices: Sequence[int]) -> str:
    """A part of the window's day on the called party's clock, with its weekday where that is another one."""
    start, end = part[0] - lead, part[1] - lead
    first, last = start // DAY, (end - 1) // DAY
    if first == last:
        return _on_day(first, span(start - first * DAY, end - last * DAY), indices)
    begins, ends = time(start - first * DAY), time(end - last * DAY)
    ends = f"{WEEKDAYS[(indices[0] + last) % 7]} {ends}" if len(indices) == 1 else _on_day(last, ends, indices)
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


def _run(begins: date, ends: date, binding: Binding) -> str:
    if begins == ends:
        return f"on {begins}"
    if begins == binding.first:
        return f"until {ends}"
    return f"from {begins} on" if ends == binding.until else f"from {begins} to {ends}"


def _allows(cases: Iterable[Case], indices: Sequence[int]) -> str:
    """`09:00–21:00 on MONDAY to FRIDAY and no calls on SUNDAY`: weekdays are the called party's."""
    on: dict[Intervals, set[int]] = {}
    for case in cases:
        for after, allowed in case.allows:
            on.setdefault(allowed, set()).update((index + after) % 7 for index in indices)
    return listing(
        f"{listing(span(*hours) for hours in allowed) if allowed else 'no calls'} on {weekdays(which)}"
        for allowed, which in sorted(on.items(), key=lambda item: min(item[1]))
    )


def _nearest(places: Iterable[Span], own: str) -> str:
    on: dict[tuple[int, int], list[int]] = {}
    for day, start, end in places:
        on.setdefault((start, min(end, _LAST_SECOND)), []).append(day)
    if not on:
        return "No hour of the week is allowed by all of its rules."
    windows = listing(
        f"{weekdays(which)} {span(*times)}" for times, which in sorted(on.items(), key=lambda item: item[1])
    )
    return f"Nearest allowed window: {windows} {own}."
