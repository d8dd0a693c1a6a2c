"""The calling hours of a code, for people who ask: what is in force on a date, what was before, what comes next."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ..intervals import WHOLE_WEEK, Intervals, WeekHours, common, of_day
from ..model.law import KnownHours, LegalHours
from ..settings import TenantSettings
from .hours import is_american
from .rule_book import FEDERAL, NCDOJ, STATE_RULE, Jurisdiction, Rule, name_of, rule_book, shipped

_FEDERAL_NAME = "federal hours of the United States"
_PAUSES = {
    FEDERAL: _FEDERAL_NAME,
    "FCC": f"{_FEDERAL_NAME}, another name of TCPA",
    NCDOJ: "North Carolina Department of Justice",
    STATE_RULE: "the own hours of each jurisdiction that a schedule lists",
}
_ALSO_CALLED = {"UK": "GB", "GREAT BRITAIN": "GB", "ENGLAND": "GB", "HOLLAND": "NL"}
_LONGEST = 64
_OF_JURISDICTIONS = "this pause has no hours by itself: ask for those of the jurisdictions, such as US-FL"


def known_hours(code: str, as_of: date, settings: TenantSettings | None = None) -> KnownHours | None:
    """What is known of a pause or a jurisdiction on a date; None for an unknown code. With `settings` only the rows that
    this tenant has instead of the shipped ones."""
    data = shipped()
    if settings is not None:
        own = rule_book(settings).get(code) if code in settings.jurisdictions else None
        return None if own is None else _known(code, name_of(code), own, as_of, settings.name)
    if code in _PAUSES:
        rules = {FEDERAL: (data.federal,), "FCC": (data.federal,), NCDOJ: (data.ncdoj,)}.get(code, ())
        note = _OF_JURISDICTIONS if code == STATE_RULE else ""
        zones = data.ncdoj.zones if code == NCDOJ else ()
        return _known(code, _PAUSES[code], Jurisdiction(zones, rules, note=note), as_of)
    place = data.jurisdictions.get(code)
    return None if place is None else _known(code, name_of(code), place, as_of)


def near_codes(wrong: str) -> tuple[str, ...]:
    """Up to three codes that `wrong` may mean, the likeliest first: by name, by the end of a code, by spelling, and of an
    unknown part of a country the country."""
    from difflib import get_close_matches

    asked = " ".join(wrong[:_LONGEST].upper().replace("_", "-").split())
    country = asked.partition("-")[0]
    codes = {code: code for code in (*_PAUSES, *shipped().jurisdictions)}
    if asked in codes:
        return (asked,)
    by_name = {name_of(code).upper(): code for code in shipped().jurisdictions} | _ALSO_CALLED
    ending = f"-{asked.removeprefix('US').lstrip('- ')}"
    likely = [
        *((by_name[asked],) if asked in by_name else ()),
        *(code for code in codes if code.endswith(ending)),
        *(by_name[name] for name in get_close_matches(asked, by_name, cutoff=0.75)),
        *((country,) if country in codes and country != asked else ()),
        *get_close_matches(asked, codes, cutoff=0.7),
    ]
    return tuple(dict.fromkeys(likely))[:3]


def _known(code: str, name: str, place: Jurisdiction, as_of: date, tenant: str | None = None) -> KnownHours:
    """The rules of a place by date. In the United States the federal hours hold as well, elsewhere where all rows have
    lapsed or none has begun (see `hours`)."""
    in_force = [rule for rule in place.rules if _began(rule, as_of) and not _ended(rule, as_of)]
    federal = shipped().federal if is_american(code) or code == NCDOJ or (place.rules and not in_force) else None
    binding = [*in_force, *([federal] if federal is not None else [])]
    return KnownHours(
        code=code,
        name=name,
        zones=place.zones,
        own=tuple(map(_legal, in_force)),
        later=_by_date(rule for rule in place.rules if not _began(rule, as_of)),
        earlier=_by_date(rule for rule in place.rules if _ended(rule, as_of)),
        federal=None if federal is None else _legal(federal),
        allowed=_allowed(binding) if binding else None,
        tenant=tenant,
        confidence=place.confidence,
        note=place.note,
    )


def _began(rule: Rule, as_of: date) -> bool:
    return rule.begins is None or rule.begins <= as_of


def _ended(rule: Rule, as_of: date) -> bool:
    return rule.ends is not None and rule.ends < as_of


def _by_date(rules: Iterable[Rule]) -> tuple[LegalHours, ...]:
    ordered = sorted(rules, key=lambda rule: (rule.begins or date.min, rule.ends or date.max))
    return tuple(map(_legal, ordered))


def _legal(rule: Rule) -> LegalHours:
    return LegalHours(
        week=_days(rule.week),
        zones=rule.zones,
        holidays_forbidden=rule.holidays_forbidden,
        citation=rule.citation,
        confidence=rule.confidence,
        note=rule.note,
        begins=rule.begins,
        ends=rule.ends,
    )


def _allowed(rules: Iterable[Rule]) -> WeekHours:
    week: Intervals = WHOLE_WEEK
    for rule in rules:
        week = common(week, rule.week)
    return _days(week)


def _days(week: Intervals) -> WeekHours:
    return tuple(of_day(week, day) for day in range(7))
