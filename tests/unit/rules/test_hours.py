"""Which rules bind a schedule, where and when, the hours that they leave, and the combinations of two clocks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest

from reconciler.errors import UsageError
from reconciler.intervals import DAY, WHOLE_WEEK
from reconciler.model import WEEKDAYS
from reconciler.rules.hours import allowed_week, bindings, federal_zones, periods, twelve_months
from reconciler.rules.rule_book import RuleBook, rule_book, shipped
from reconciler.settings import TenantSettings

AS_OF = date(2026, 11, 22)
UNTIL = date(2027, 11, 22)
SHIPPED = shipped().jurisdictions
HOUR = 3600


Tenant = Callable[..., TenantSettings]
Bound = tuple[str, str, str, bool]


def bound(
    pauses: Sequence[str] = (),
    jurisdictions: Sequence[str] = (),
    own: str = "America/Denver",
    as_of: date = AS_OF,
    book: RuleBook = SHIPPED,
) -> list[tuple[str, tuple[str, ...]]]:
    return [(binding.rule.name, binding.rule.zones) for binding in bindings(book, as_of, own, pauses, jurisdictions)]


def spans(code: str, as_of: date, book: RuleBook = SHIPPED) -> list[Bound]:
    return [
        (binding.rule.citation, str(binding.first), str(binding.until), binding.begins_later)
        for binding in bindings(book, as_of, "UTC", (), [code])
        if binding.rule.name == code
    ]


def own_row(**fields: Any) -> dict[str, Any]:
    hours = {day: [{"from": "10:00", "to": "12:00"}] for day in WEEKDAYS}
    return {"hours": hours, "citation": "memo", **fields}


def test_the_federal_hours_bind_whether_a_pause_is_listed_or_not() -> None:
    zones = ("America/Chicago", "America/Los_Angeles", "America/New_York")
    for pauses in ([], ["FCC"], ["FCC", "TCPA"]):
        assert bound(pauses, ["US-TN", "US-CA"]) == [("TCPA", zones)]
        assert bound(pauses) == [("TCPA", ("America/Denver",))]
        assert bound(pauses, own="US/Eastern") == [("TCPA", ("US/Eastern",))]
        assert bound(pauses, own="America/Toronto") == []


def test_jurisdictions_abroad_are_not_held_against_the_federal_hours(tenant: Tenant) -> None:
    book = rule_book(tenant(jurisdictions={"CA-ON": own_row(zones=["America/Toronto"])}))
    assert bound(jurisdictions=["CA-ON"], book=book) == [("CA-ON", ("America/Toronto",))]
    assert bound(jurisdictions=["CA-ON", "US-VT"], book=book) == [
        ("TCPA", ("America/New_York",)),
        ("CA-ON", ("America/Toronto",)),
    ]


def test_without_a_known_jurisdiction_the_schedules_own_zone_counts() -> None:
    assert federal_zones(SHIPPED, "America/Denver", ["US-XX"]) == ("America/Denver",)
    assert federal_zones(SHIPPED, "America/Denver", ["US-XX", "US-CA"]) == ("America/Los_Angeles",)
    assert federal_zones(SHIPPED, "America/Denver", [""]) == ()


def test_a_state_binds_with_its_own_hours_whatever_the_pauses_are() -> None:
    expected = [("TCPA", ("America/Chicago",)), ("US-MS", ("America/Chicago", "Etc/GMT+6"))]
    assert bound([], ["US-MS"]) == bound(["STATE_SPECIFIC", "TCPA"], ["US-MS"]) == expected


def test_north_carolina_binds_once() -> None:
    here = ("America/New_York",)
    assert bound(["NCDOJ"], ["US-CA"]) == [("TCPA", ("America/Los_Angeles",)), ("NCDOJ", here)]
    assert bound(["NCDOJ"], ["US-NC"]) == [("TCPA", here), ("NCDOJ", here)]
    assert bound([], ["US-NC"]) == [("TCPA", here), ("US-NC", here)]


def test_an_unknown_jurisdiction_binds_nothing_but_hides_no_other() -> None:
    assert bound(jurisdictions=["US-XX", "US-WY"]) == [
        ("TCPA", ("America/Denver",)),
        ("US-WY", ("America/Denver",)),
    ]


def test_a_rule_binds_on_the_dates_on_which_it_is_in_force() -> None:
    old, new = "73 P.S. 2245(a)(1)", "73 P.S. 2245(a)(1), Act 47 of 2026"
    assert spans("US-PA", date(2025, 10, 18)) == [(old, "2025-10-18", "2026-10-18", False)]
    assert spans("US-PA", date(2025, 10, 19)) == [
        (old, "2025-10-19", "2026-10-18", False),
        (new, "2026-10-18", "2026-10-19", True),
    ]
    assert spans("US-PA", date(2026, 10, 17)) == [
        (old, "2026-10-17", "2026-10-18", False),
        (new, "2026-10-18", "2027-10-17", True),
    ]
    assert spans("US-PA", date(2026, 10, 18)) == [(new, "2026-10-18", "2027-10-18", False)]


@pytest.mark.parametrize(
    ("rows", "gaps"),
    [
        ([{"effectiveFrom": "2026-01-01"}], []),
        ([{"effectiveFrom": "2027-01-01"}], [("2026-11-22", "2027-01-01", False)]),
        ([{"effectiveTo": "2026-12-31"}], [("2027-01-01", "2027-11-22", True)]),
        ([{"effectiveTo": "2027-11-21"}], []),
        ([{"effectiveTo": "2027-11-20"}], [("2027-11-21", "2027-11-22", True)]),
        ([{"effectiveTo": "9999-12-31"}], []),
        ([{"effectiveTo": "2026-11-21"}], [("2026-11-22", "2027-11-22", False)]),
        (
            [{"effectiveTo": "2026-12-31"}, {"effectiveFrom": "2027-01-02"}],
            [("2027-01-01", "2027-01-02", True)],
        ),
        ([{"effectiveFrom": "2027-02-01"}, {"effectiveTo": "2027-03-01"}], []),
    ],
)
def test_the_days_that_no_row_covers_have_the_federal_hours_and_no_others(
    rows: list[dict[str, str]], gaps: list[tuple[str, str, bool]], tenant: Tenant
) -> None:
    own = [own_row(zones=["America/Toronto"], **row) for row in rows]
    found = spans("CA-ON", AS_OF, rule_book(tenant(jurisdictions={"CA-ON": own})))
    assert [span[1:] for span in found if span[0] != "memo"] == gaps


def test_hours_are_the_strictest_of_all_rules_and_offsets() -> None:
    """Phoenix is an hour ahead of Seattle in winter: of 08–20 there, 09–20 here holds all year."""
    rules = bindings(SHIPPED, AS_OF, "America/Phoenix", (), ["US-WA"])
    assert allowed_week("America/Phoenix", rules) == (((9 * HOUR, 20 * HOUR),),) * 7


def test_hours_to_come_count() -> None:
    rules = bindings(SHIPPED, date(2026, 10, 15), "America/New_York", (), ["US-PA"])
    allowed = allowed_week("America/New_York", rules)
    assert allowed == (*[((9 * HOUR, 19 * HOUR),)] * 6, ())


def test_a_rule_of_some_days_counts_on_their_weekdays_only(tenant: Tenant) -> None:
    rows = [own_row(effectiveTo="2026-11-24"), own_row(effectiveFrom="2027-11-21")]
    rules = bindings(rule_book(tenant(jurisdictions={"US-VT": rows})), AS_OF, "America/New_York", (), ["US-VT"])
    usual, strict = ((8 * HOUR, 21 * HOUR),), ((10 * HOUR, 12 * HOUR),)
    assert allowed_week("America/New_York", rules) == (strict, strict, *[usual] * 4, strict)


def test_the_called_partys_weekday_counts() -> None:
    """No calls on a Utah Sunday: in Manila that is from Sunday afternoon to Monday afternoon."""
    rules = bindings(SHIPPED, AS_OF, "Asia/Manila", (), ["US-UT"])
    monday, *_, sunday = allowed_week("Asia/Manila", rules)
    assert monday == ((23 * HOUR, 24 * HOUR),)
    assert sunday == ((0, 11 * HOUR),)


def test_without_rules_the_whole_week_is_allowed() -> None:
    assert allowed_week("UTC", ()) == (((0, 24 * HOUR),),) * 7


def clocks(own: str, called: str, first: date = AS_OF, until: date = UNTIL) -> list[tuple[float, str, str]]:
    return [(period.lead / HOUR, str(period.begins), str(period.ends)) for period in periods(own, called, first, until)]


def test_two_zones_that_never_differ_are_one_period() -> None:
    assert clocks("America/Detroit", "America/New_York") == [(0, "2026-11-22", "2027-11-22")]


def test_a_zone_without_daylight_saving_has_a_summer_and_a_winter() -> None:
    assert clocks("America/Phoenix", "America/Los_Angeles") == [
        (1, "2026-11-22", "2027-03-14"),
        (0, "2027-03-14", "2027-11-07"),
        (1, "2027-11-07", "2027-11-22"),
    ]


def test_weeks_in_which_only_one_side_has_changed() -> None:
    assert clocks("Europe/London", "America/New_York") == [
        (5, "2026-11-22", "2027-03-14"),
        (4, "2027-03-14", "2027-03-28"),
        (5, "2027-03-28", "2027-10-31"),
        (4, "2027-10-31", "2027-11-07"),
        (5, "2027-11-07", "2027-11-22"),
    ]


def test_the_hours_of_one_sunday_cover_those_hours_only() -> None:
    """New York changes three hours before Los Angeles: between the two they are four, then two hours apart."""
    spring = [
        period for period in periods("America/New_York", "America/Los_Angeles", AS_OF, UNTIL) if period.lead == 4 * HOUR
    ]
    autumn = [
        period for period in periods("America/New_York", "America/Los_Angeles", AS_OF, UNTIL) if period.lead == 2 * HOUR
    ]
    sunday = 6 * DAY
    assert [period.covers for period in spring] == [((sunday + 3 * HOUR, sunday + 6 * HOUR),)]
    assert [period.covers for period in autumn] == [((sunday + 1 * HOUR, sunday + 4 * HOUR),)]


def test_the_turn_of_the_year_is_no_period_of_its_own() -> None:
    late = date(2026, 12, 28)
    assert [period.covers for period in periods("UTC", "America/Phoenix", late, date(2027, 12, 28))] == [WHOLE_WEEK]


def test_a_few_days_hold_their_weekdays_only() -> None:
    (only,) = periods("America/New_York", "America/New_York", date(2026, 10, 17), date(2026, 10, 18))
    assert only.covers == ((5 * DAY, 6 * DAY),)


@pytest.mark.parametrize(
    ("as_of", "until"),
    [
        (date(2026, 11, 22), date(2027, 11, 22)),
        (date(2028, 2, 29), date(2029, 3, 1)),
        (date(2027, 2, 28), date(2028, 2, 28)),
    ],
)
def test_twelve_months_end_on_the_same_day_of_the_next_year(as_of: date, until: date) -> None:
    assert twelve_months(as_of) == until


@pytest.mark.parametrize("year", [1, 1899, 9000, 9999])
def test_a_year_that_cannot_be_meant_is_refused(year: int) -> None:
    with pytest.raises(UsageError, match=f"{year:04d}-01-01"):
        twelve_months(date(year, 1, 1))
