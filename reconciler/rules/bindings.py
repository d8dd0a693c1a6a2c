"""Which rules bind a schedule, where, and from when to when; and the hours that they leave on the schedule's own
clock.

Ten thousand schedules share a few dozen combinations of zone, pauses and jurisdictions, so the hours are worked out
once for each: what is left to do for a window is to look whether it lies within them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from .intervals import WHOLE_WEEK, Intervals, common, of_day, shifted, union, without
from .jurisdictions import STATE_RULE, RuleBook
from .offsets import periods, twelve_months
from .rule_data import Rule, shipped

FEDERAL = ("TCPA", "FCC")
Week = tuple[Intervals, ...]


@dataclass(frozen=True, slots=True)
class Binding:
    """A rule that binds a schedule, read in `zones`, on the dates from `first` to before `until`.

    `begins` is the date on which a rule comes into force that is not in force yet, else None.
    """

    rule: Rule
    zones: tuple[str, ...]
    first: date
    until: date
    begins: date | None


@dataclass(frozen=True, slots=True)
class Hours:
    """What a combination of zone, pauses and jurisdictions comes to. `now`: for each weekday of the schedule's zone
    the seconds that all rules in force allow on every date; `later`: the same with the rules that begin within twelve
    months.
    """

    bindings: tuple[Binding, ...]
    now: Week
    later: Week


def called_zones(book: RuleBook, own: str, jurisdictions: Sequence[str]) -> tuple[str, ...]:
    """Where the called people are: in the zones of the jurisdictions, else in the schedule's own, if that is a
    zone of a US state; empty where nobody can tell."""
    if jurisdictions:
        return tuple(sorted({zone for code in jurisdictions for zone in book.zones(code)}))
    return (own,) if own in shipped().us_zones else ()


def bindings(
    book: RuleBook, as_of: date, own: str, pauses: Sequence[str], jurisdictions: Sequence[str]
) -> Iterator[Binding]:
    """The bindings of a schedule in the zone `own`, by pause and then by jurisdiction, as they are given."""
    for pause in pauses:
        rule = shipped().regulations.get(pause)
        if rule is not None:
            zones = called_zones(book, own, jurisdictions) if pause in FEDERAL else rule.hours_in
            yield from _bound(rule, zones, as_of)
        elif pause == STATE_RULE:
            for code in dict.fromkeys(jurisdictions):
                for each in state_rules(book, code, as_of):
                    yield from _bound(each, each.hours_in, as_of)


def state_rules(book: RuleBook, code: str, as_of: date) -> tuple[Rule, ...]:
    """The rules of a jurisdiction for the twelve months from `as_of`. Where its rows leave dates without a rule, the
    federal hours hold: no row is not the same as no limit."""
    rules = book.rules(code)
    until = twelve_months(as_of)
    days = [
        as_of,
        *(each.ends + timedelta(days=1) for each in rules if each.ends and as_of <= each.ends < until),
    ]
    if rules and not all(any(rule.in_force(day) for rule in rules) for day in days):
        zones = book.zones(code)
        federal = replace(shipped().regulations["TCPA"], name=rules[0].name, zones=zones, hours_in=zones)
        rules = (federal, *rules)
    return tuple(rule for rule in rules if _span(rule, as_of) is not None)


def hours(own: str, bound: Iterable[Binding]) -> Hours:
    """The hours that all bindings together leave in the zone `own`; KeyError if the IANA database has none."""
    bound = tuple(bound)
    now = WHOLE_WEEK
    for each in bound:
        if each.begins is None:
            now = common(now, _allowed(each, own))
    later = now
    for each in bound:
        if each.begins is not None:
            later = common(later, _allowed(each, own))
    return Hours(bound, _by_day(now), _by_day(later))


def _bound(rule: Rule, zones: tuple[str, ...], as_of: date) -> Iterator[Binding]:
    span = _span(rule, as_of)
    if span is not None and zones:
        yield Binding(rule, zones, *span, begins=span[0] if span[0] > as_of else None)


def _span(rule: Rule, as_of: date) -> tuple[date, date] | None:
    """From when to before when a rule is in force within the twelve months from `as_of`; one that begins on the day on
    which they end counts, so that it is told a whole year ahead."""
    last = twelve_months(as_of)
    first = as_of if rule.begins is None else max(as_of, rule.begins)
    if first > last:
        return None
    until = max(last, first + timedelta(days=1))
    if rule.ends is not None and rule.ends < until:
        until = rule.ends + timedelta(days=1)
    return (first, until) if first < until else None


def _by_day(week: Intervals) -> Week:
    return tuple(of_day(week, day) for day in range(7))


def _allowed(binding: Binding, own: str) -> Intervals:
    allowed = WHOLE_WEEK
    for called in binding.zones:
        allowed = common(allowed, _allowed_in(binding.rule.week, own, called, binding.first, binding.until))
    return allowed


@lru_cache(maxsize=16_384)
def _allowed_in(week: Intervals, own: str, called: str, first: date, until: date) -> Intervals:
    """Week seconds on the own clock that the hours of the called clock allow, whichever offsets are in force."""
    allowed = WHOLE_WEEK
    for period in periods(own, called, first, until):
        elsewhere = without(WHOLE_WEEK, period.covers)
        allowed = common(allowed, union(shifted(week, period.lead), elsewhere))
    return allowed
