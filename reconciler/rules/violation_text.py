"""The sentence of a calling-hours finding: what is not allowed, the hours of each rule and its source, both clocks and the
dates where they differ, and the nearest hours that all rules allow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from ..intervals import DAY, Intervals, less, union
from ..phrases import first_of, listing, on_days, weekdays
from .hours import Binding, twelve_months
from .reporting import span, time
from .rule_book import NCDOJ, Rule, name_of
from .violations import Breach, Case, Span, Violation

_CASES_SHOWN = 3
_ZONES_SHOWN = 4
_LAST_SECOND = DAY - 1
_SURE = {"M": "medium confidence", "L": "low confidence"}


class _Hours(NamedTuple):
    """What a rule says: its verb, and its hours in words."""

    order: int
    verb: str
    words: str


def violation_text(violation: Violation, own: str, as_of: date) -> str:
    """What of the windows of one entry is not allowed, the hours of each rule that they break, on whose clock and when, and
    what all rules together would allow instead."""
    failing = {window.weekday for breach in violation.breaches for window in breach.windows}
    told: dict[str, dict[Binding, list[Breach]]] = {}
    for breach in violation.breaches:
        telling = replace(breach, cases=_telling(breach.cases, own))
        told.setdefault(_where_and_when(telling, own), {}).setdefault(breach.binding, []).append(telling)
    rules = [
        f"{_rules(of_rule, failing, as_of, plain=not where)}{f': {where}' if where else ''}."
        for where, of_rule in told.items()
    ]
    sources = dict.fromkeys(breach.binding.rule.source for breach in violation.breaches)
    return " ".join(
        [
            f"{_forbidden(violation)} {'will not be' if violation.begins_later else 'is not'} allowed:",
            *rules,
            _nearest(violation.nearest, own, failing),
            f"Held against {listing(sources)}, as of {as_of}.",
        ]
    )


def breach_text(breach: Breach, own: str) -> str:
    """The offending part and the name of the rule, in short."""
    parts = union(part for case in breach.cases for part in case.parts)
    return f"{weekdays(_days_of(breach))} {listing(span(*part) for part in parts)} {own} ({breach.binding.rule.name})"


def _days_of(breach: Breach) -> list[int]:
    return [window.weekday for window in breach.windows]


def _forbidden(violation: Violation) -> str:
    """All that one rule or another does not allow, equal days together."""
    parts: dict[int, Intervals] = {}
    for breach in violation.breaches:
        forbidden = tuple(part for case in breach.cases for part in case.parts)
        for window in breach.windows:
            parts[window.weekday] = union((*parts.get(window.weekday, ()), *forbidden))
    alike: dict[Intervals, list[int]] = {}
    for day in sorted(parts):
        alike.setdefault(parts[day], []).append(day)
    return "; ".join(f"{weekdays(days)} {_spans(times)}" for times, days in alike.items())


def _is_plain(case: Case, own: str) -> bool:
    """Whether the schedule's own clock says it all."""
    return case.always and not case.lead and case.zones == (own,)


def _telling(cases: Sequence[Case], own: str) -> tuple[Case, ...]:
    """The cases without those of other zones or dates that forbid nothing beyond what the schedule's own clock does."""
    plain = union(part for case in cases if _is_plain(case, own) for part in case.parts)
    return tuple(case for case in cases if _is_plain(case, own) or less(case.parts, plain))


def _where_and_when(breach: Breach, own: str) -> str:
    told = [_case(case, breach, own) for case in breach.cases if not _is_plain(case, own)]
    if len(told) > _CASES_SHOWN:
        told[_CASES_SHOWN:] = [f"{len(told) - _CASES_SHOWN} more combinations of zones and dates"]
    return "; ".join(told)


def _rules(of_rule: Mapping[Binding, Sequence[Breach]], failing: set[int], as_of: date, *, plain: bool) -> str:
    """`Florida ends at 20:00 (…); TCPA and North Carolina at 21:00 (…; …)`: those of the same hours together, the earliest end
    and the latest start first."""
    alike: dict[_Hours, list[Binding]] = {}
    for binding, breaches in of_rule.items():
        hours = (_limit(breaches, failing) if plain else None) or _Hours(0, "allow", _allows(breaches, failing))
        alike.setdefault(hours, []).append(binding)
    texts = []
    said = ""
    for hours, bindings in sorted(alike.items(), key=lambda item: item[0].order):
        dates = [_when(binding, as_of) for binding in bindings]
        names = [f"{_name(binding.rule)}{when}" for binding, when in zip(bindings, dates, strict=True)]
        verb = hours.verb if len(names) > 1 else f"{hours.verb}s"
        does = "" if hours.verb == said and not any(dates) else f" {verb}"
        cited = "; ".join(_cited(binding.rule) for binding in bindings)
        texts.append(f"{listing(names)}{does} {hours.words} ({cited})")
        said = hours.verb
    return "; ".join(texts)


def _limit(breaches: Iterable[Breach], failing: set[int]) -> _Hours | None:
    """The start or the end of a rule's day, where only that is passed, on the schedule's own clock."""
    cases = [case for breach in breaches for case in breach.cases]
    allowed = {hours for case in cases for _, hours in case.allows}
    days = {day for breach in breaches for day in _days_of(breach)}
    if len(allowed) != 1 or len(*allowed) != 1:
        return None
    (((first, last),),) = allowed
    on = "" if days == failing else f" {on_days(days)}"
    parts = [part for case in cases for part in case.parts]
    if all(start >= last for start, _ in parts):
        return _Hours(last, "end", f"at {time(last)}{on}")
    return _Hours(-first, "begin", f"at {time(first)}{on}") if all(end <= first for _, end in parts) else None


def _name(rule: Rule) -> str:
    return name_of("US-NC" if rule.name == NCDOJ else rule.name)


def _when(binding: Binding, as_of: date) -> str:
    ends = binding.until - timedelta(days=1) if binding.until < twelve_months(as_of) else None
    if binding.begins_later:
        return f" from {binding.first} " + ("on" if ends is None else f"to {ends}")
    return f" until {ends}" if ends is not None else ""


def _cited(rule: Rule) -> str:
    code = f"{rule.name}: " if _name(rule) != rule.name else ""
    return f"{code}{rule.citation}{f'; {_SURE[rule.confidence]}' if rule.confidence in _SURE else ''}"


def _spans(times: Intervals) -> str:
    return listing(span(*part) for part in times)


def _case(case: Case, breach: Breach, own: str) -> str:
    indices = _days_of(breach)
    text = f"{weekdays(indices)} {_spans(case.parts)} {own}"
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
    ends = f"{_day(indices[0] + last)} {ends}" if len(indices) == 1 else _on_day(last, ends, indices)
    return f"{_on_day(first, begins, indices)} to {ends}"


def _on_day(after: int, times: str, indices: Sequence[int]) -> str:
    if after == 0:
        return times
    if len(indices) == 1:
        return f"{_day(indices[0] + after)} {times}"
    return f"{times} ({'the day before' if after < 0 else 'the day after'})"


def _day(index: int) -> str:
    return weekdays([index % 7])


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


def _allows(breaches: Iterable[Breach], failing: set[int]) -> str:
    """`09:00–21:00 on Mon–Fri and no calls on Sun`: weekdays are the called party's, and left out where they are those of
    the windows."""
    on: dict[Intervals, set[int]] = {}
    for breach in breaches:
        for after, allowed in (allows for case in breach.cases for allows in case.allows):
            on.setdefault(allowed, set()).update((index + after) % 7 for index in _days_of(breach))
    if list(on.values()) == [failing] and all(on):
        return _spans(next(iter(on)))
    return listing(
        f"{_spans(allowed) if allowed else 'no calls'} {on_days(which)}"
        for allowed, which in sorted(on.items(), key=lambda item: min(item[1]))
    )


def _nearest(places: Iterable[Span], own: str, failing: set[int]) -> str:
    """`Allowed by all: 09:00–20:00 America/New_York.`; the days only where they are not those that fail."""
    on: dict[tuple[int, int], list[int]] = {}
    for day, start, end in places:
        on.setdefault((start, min(end, _LAST_SECOND)), []).append(day)
    if not on:
        return f"No hour of the week in {own} is allowed by all of its rules."
    if [set(which) for which in on.values()] == [failing]:
        return f"Allowed by all: {span(*next(iter(on)))} {own}."
    windows = listing(
        f"{weekdays(which)} {span(*times)}" for times, which in sorted(on.items(), key=lambda item: item[1])
    )
    return f"Allowed by all: {windows} {own}."
