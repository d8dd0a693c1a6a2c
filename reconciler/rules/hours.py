"""Which rules bind a schedule, on which dates, and the hours that they leave on the schedule's own clock.

A schedule is a week in its own zone, a rule is a week in the zone of the called party. Between the two stands the
difference of the two clocks, and it changes when either side changes its clocks: for months (Phoenix against Seattle),
for weeks (London against New York), or for the few hours of one Sunday in which one side has changed and the other has
not. So the twelve months fall into *periods* of one difference each. In a period both weeks are circles, one turned
against the other, and comparing them is exact, as long as a period of less than a week is held only against the part of
the week that occurs in it. The same holds for a rule that is in force for a few days only.

Ten thousand schedules share a few dozen combinations of zone, pauses and jurisdictions, so the hours are worked out
once for each: what is left to do for a window is to look whether it lies within them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from ..errors import UsageError
from ..intervals import (
    DAY,
    WHOLE_WEEK,
    Intervals,
    WeekHours,
    around_the_week,
    common,
    less,
    of_day,
    shifted,
    union,
)
from .rule_book import NCDOJ, Rule, RuleBook, shipped
from .zones import midnight, offset, offset_changes, zone

_EPOCH_WEEKDAY = 3  # 1970-01-01 was a THURSDAY
_YEARS = range(1900, 9000)
_ONE_DAY = timedelta(days=1)


class Binding(NamedTuple):
    """A rule that binds a schedule, on the dates from `first` to before `until` of the rule's zones. `begins_later` says
    that it is not in force yet."""

    rule: Rule
    first: date
    until: date
    begins_later: bool


class Period(NamedTuple):
    """A stretch of time in which the schedule's clock reads `lead` seconds more than the called party's.

    Dates are those of the clock that changes then; `ends` is the date on which the next period begins. `covers` is the
    part of the week, on the schedule's clock, that occurs in it.
    """

    lead: int
    begins: date
    ends: date
    covers: Intervals


def twelve_months(as_of: date) -> date:
    """The date twelve months after `as_of` (1 March after 29 February), which is the first that is no longer looked at;
    UsageError for a year that cannot be meant."""
    if as_of.year not in _YEARS:
        raise UsageError(f"the rules cannot be held against the date {as_of}", hint="give a date of our time")
    if (as_of.month, as_of.day) == (2, 29):
        return date(as_of.year + 1, 3, 1)
    return as_of.replace(year=as_of.year + 1)


def is_american(code: str) -> bool:
    """Whether a jurisdiction is the United States, or a part of them."""
    return code == "US" or code.startswith("US-")


def federal_zones(book: RuleBook, own: str, jurisdictions: Sequence[str]) -> tuple[str, ...]:
    """Where the federal hours are read: in the zones of the American jurisdictions; without a known jurisdiction in the
    schedule's own zone, if that is one of the United States; else nowhere.

    A code that is "" stands for a jurisdiction that cannot be read, so the schedule's own zone proves nothing.
    """
    known = {code: place for code in jurisdictions if (place := book.get(code)) is not None}
    if known or not all(jurisdictions):
        american = (place.zones for code, place in known.items() if is_american(code))
        return tuple(sorted({name for zones in american for name in zones}))
    return (own,) if own in shipped().us_zones else ()


def bindings(
    book: RuleBook, as_of: date, own: str, pauses: Sequence[str], jurisdictions: Sequence[str]
) -> tuple[Binding, ...]:
    """All rules that bind a schedule in the zone `own` within the twelve months from `as_of`: the federal hours, North
    Carolina's where NCDOJ is listed, and those of each jurisdiction, whether a pause asks for them or not. A statute that
    is reached in two ways binds once."""
    federal = shipped().federal
    rules = [federal._replace(zones=federal_zones(book, own, jurisdictions))]
    if NCDOJ in pauses:
        rules.append(shipped().ncdoj)
    for code in dict.fromkeys(jurisdictions):
        place = book.get(code)
        if place is not None:
            rules += place.rules
            if place.rules and not is_american(code):  # there the federal hours bind on every date
                here = federal._replace(name=code, zones=place.zones)
                gaps = _gaps(place.rules, as_of)
                rules += (here._replace(begins=first, ends=until - _ONE_DAY) for first, until in gaps)
    bound: dict[tuple[object, ...], Binding] = {}
    for rule in rules:
        span = in_force(rule, as_of)
        if span is not None and rule.zones:
            key = rule.citation, rule.week, rule.zones, span
            bound.setdefault(key, Binding(rule, *span, begins_later=span[0] > as_of))
    return tuple(bound.values())


def in_force(rule: Rule, as_of: date) -> tuple[date, date] | None:
    """From when to before when a rule is in force within the twelve months; None where it is not."""
    until = twelve_months(as_of)
    first = as_of if rule.begins is None else max(as_of, rule.begins)
    if rule.ends is not None and rule.ends < until:
        until = rule.ends + _ONE_DAY
    return (first, until) if first < until else None


def allowed_week(own: str, bound: Iterable[Binding]) -> WeekHours:
    """For each weekday of the zone `own` the seconds that all bindings allow on every date on which they bind, those
    that begin later included; KeyError if the IANA database has no such zone."""
    allowed = WHOLE_WEEK
    for binding in bound:
        for called in binding.rule.zones:
            allowed = common(allowed, _allowed(binding.rule.week, own, called, binding.first, binding.until))
    return tuple(of_day(allowed, day) for day in range(7))


@lru_cache(maxsize=16_384)
def periods(own: str, called: str, first: date, until: date) -> tuple[Period, ...]:
    """The periods from `first` to before `until` (dates of the called zone), in order; KeyError for an unknown zone."""
    start, end = midnight(called, first), midnight(called, until)
    years = range(datetime.fromtimestamp(start, UTC).year, datetime.fromtimestamp(end, UTC).year + 1)
    changes = {
        at: datetime.fromtimestamp(at, zone(name)).date()
        for name in (own, called)
        for year in years
        for at in offset_changes(name, year)
        if start < at < end
    }
    cuts = [(start, first), *sorted(changes.items()), (end, until)]
    result: list[Period] = []
    for (begin, begins), (stop, ends) in pairwise(cuts):
        lead = offset(own, begin) - offset(called, begin)
        local = begin + offset(own, begin) + _EPOCH_WEEKDAY * DAY
        covers = around_the_week(local, local + stop - begin)
        if result and result[-1].lead == lead:
            last = result.pop()
            begins, covers = last.begins, union(last.covers, covers)
        result.append(Period(lead, begins, ends, covers))
    return tuple(result)


def _gaps(rules: Iterable[Rule], as_of: date) -> Iterator[tuple[date, date]]:
    """The dates of the twelve months that no rule covers: there the federal hours hold, because no row is not the same
    as no limit."""
    covered = as_of
    end = twelve_months(as_of)
    for first, until in sorted(span for rule in rules if (span := in_force(rule, as_of)) is not None):
        if covered < first:
            yield covered, first
        covered = max(covered, until)
    if covered < end:
        yield covered, end


@lru_cache(maxsize=16_384)
def _allowed(week: Intervals, own: str, called: str, first: date, until: date) -> Intervals:
    """Week seconds on the own clock that the hours of the called clock allow, whichever offsets are in force."""
    allowed = WHOLE_WEEK
    for period in periods(own, called, first, until):
        elsewhere = less(WHOLE_WEEK, period.covers)
        allowed = common(allowed, union(shifted(week, period.lead), elsewhere))
    return allowed
