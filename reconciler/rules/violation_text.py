"""The sentences of a calling-hours finding: what is not allowed, what each rule allows and its source, both clocks and the
dates where they differ, and the nearest hours that all rules allow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from ..intervals import DAY, Intervals, less, union
from ..phrases import first_of, listing, weekdays
from .hours import Binding, twelve_months
from .reporting import span, time
from .rule_book import NCDOJ, Rule, name_of
from .violations import Breach, Case, Span, Violation

_CASES_SHOWN = 3
_ZONES_SHOWN = 4
_LAST_SECOND = DAY - 1
_SURE = {"M": "medium confidence", "L": "low confidence"}


def violation_text(violation: Violation, own: str, as_of: date) -> str:
    """What of the windows of one entry is not allowed, what each rule that they break allows, on whose clock and when, and
    what all rules together would allow instead."""
    failing = {window.weekday for breach in violation.breaches for window in breach.windows}
    alike: dict[tuple[str, str], list[Binding]] = {}
    for breach in violation.breaches:
        cases = _telling(breach.cases, own)
        key = _allows(cases, _days_of(breach), failing), _where_and_when(cases, breach, own)
        alike.setdefault(key, []).append(breach.binding)
    sources = dict.fromkeys(breach.binding.rule.source for breach in violation.breaches)
    return " ".join(
        [
            f"{_forbidden(violation)} {own} {'will not be' if violation.begins_later else 'is not'} allowed.",
            *(_rules(bindings, *told, as_of) for told, bindings in alike.items()),
            _nearest(violation.nearest, own),
            f"Held against {listing(sources)}, as of {as_of}.",
        ]
    )


def breach_text(breach: Breach, own: str) -> str:
    """The offending part and the name of the rule, in short."""
    parts = union(part for case in breach.cases for part in case.parts)
    return f"{weekdays(_days_of(breach), short=True)} {listing(span(*part) for part in parts)} {own} ({breach.binding.rule.name})"


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
    return "; ".join(f"{weekdays(days, short=True)} {_spans(times)}" for times, days in alike.items())


def _is_plain(case: Case, own: str) -> bool:
    """Whether the schedule's own clock says it all."""
    return case.always and not case.lead and case.zones == (own,)


def _telling(cases: Sequence[Case], own: str) -> tuple[Case, ...]:
    """The cases without those of other zones or dates that forbid nothing beyond what the schedule's own clock does."""
    plain = union(part for case in cases if _is_plain(case, own) for part in case.parts)
    return tuple(case for case in cases if _is_plain(case, own) or less(case.parts, plain))


def _where_and_when(cases: Sequence[Case], breach: Breach, own: str) -> str:
    told = [_case(case, breach, own) for case in cases if not _is_plain(case, own)]
    if len(told) > _CASES_SHOWN:
        told[_CASES_SHOWN:] = [f"{len(told) - _CASES_SHOWN} more combinations of zones and dates"]
    return "; ".join(told)


def _rules(bindings: Sequence[Binding], allows: str, where: str, as_of: date) -> str:
    """Rules that allow the same, where they come from, and what that means for the windows."""
    names = [f"{_name(binding.rule)}{_when(binding, as_of)}" for binding in bindings]
    cited = "; ".join(_cited(binding.rule) for binding in bindings)
    return f"{listing(names)} {'allows' if len(names) == 1 else 'allow'} {allows} ({cited}){f': {where}' if where else ''}."


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
    text = f"{weekdays(indices, short=True)} {_spans(case.parts)} {own}"
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
    return weekdays([index % 7], short=True)


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


def _allows(cases: Iterable[Case], indices: Sequence[int], failing: set[int]) -> str:
    """`09:00–21:00 on Mon–Fri and no calls on Sun`: weekdays are the called party's, and left out where they are those of
    the windows."""
    on: dict[Intervals, set[int]] = {}
    for case in cases:
        for after, allowed in case.allows:
            on.setdefault(allowed, set()).update((index + after) % 7 for index in indices)
    if list(on.values()) == [failing] and all(on):
        return _spans(next(iter(on)))
    return listing(
        f"{_spans(allowed) if allowed else 'no calls'} on {weekdays(which, short=True)}"
        for allowed, which in sorted(on.items(), key=lambda item: min(item[1]))
    )


def _nearest(places: Iterable[Span], own: str) -> str:
    on: dict[tuple[int, int], list[int]] = {}
    for day, start, end in places:
        on.setdefault((start, min(end, _LAST_SECOND)), []).append(day)
    if not on:
        return "No hour of the week is allowed by all of its rules."
    windows = listing(
        f"{weekdays(which, short=True)} {span(*times)}" for times, which in sorted(on.items(), key=lambda item: item[1])
    )
    return f"Allowed by all rules: {windows} {own}."
