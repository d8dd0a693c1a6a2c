"""The combinations of two clocks in the twelve months from a date."""

from __future__ import annotations

from datetime import date

import pytest

from reconciler.errors import UsageError
from reconciler.rules.intervals import DAY, WHOLE_WEEK
from reconciler.rules.offsets import periods, twelve_months

AS_OF = date(2026, 11, 22)
UNTIL = date(2027, 11, 22)
HOUR = 3600


def told(own: str, called: str, first: date = AS_OF, until: date = UNTIL) -> list[tuple[float, str, str]]:
    return [
        (each.lead / HOUR, str(each.begins), str(each.ends)) for each in periods(own, called, first, until)
    ]


def test_two_zones_that_never_differ_are_one_period() -> None:
    assert told("America/Detroit", "America/New_York") == [(0, "2026-11-22", "2027-11-22")]


def test_a_zone_without_daylight_saving_has_a_summer_and_a_winter() -> None:
    assert told("America/Phoenix", "America/Los_Angeles") == [
        (1, "2026-11-22", "2027-03-14"),
        (0, "2027-03-14", "2027-11-07"),
        (1, "2027-11-07", "2027-11-22"),
    ]


def test_weeks_in_which_only_one_side_has_changed() -> None:
    assert told("Europe/London", "America/New_York") == [
        (5, "2026-11-22", "2027-03-14"),
        (4, "2027-03-14", "2027-03-28"),
        (5, "2027-03-28", "2027-10-31"),
        (4, "2027-10-31", "2027-11-07"),
        (5, "2027-11-07", "2027-11-22"),
    ]


def test_the_hours_of_one_sunday_cover_those_hours_only() -> None:
    """New York changes three hours before Los Angeles: between the two they are four, then two hours apart."""
    spring = [
        each
        for each in periods("America/New_York", "America/Los_Angeles", AS_OF, UNTIL)
        if each.lead == 4 * HOUR
    ]
    autumn = [
        each
        for each in periods("America/New_York", "America/Los_Angeles", AS_OF, UNTIL)
        if each.lead == 2 * HOUR
    ]
    sunday = 6 * DAY
    assert [each.covers for each in spring] == [((sunday + 3 * HOUR, sunday + 6 * HOUR),)]
    assert [each.covers for each in autumn] == [((sunday + 1 * HOUR, sunday + 4 * HOUR),)]


def test_the_turn_of_the_year_is_no_period_of_its_own() -> None:
    late = date(2026, 12, 28)
    assert [each.covers for each in periods("UTC", "America/Phoenix", late, date(2027, 12, 28))] == [
        WHOLE_WEEK
    ]


def test_less_than_a_week_is_widened_to_every_weekday() -> None:
    (only,) = periods("America/New_York", "America/New_York", date(2026, 10, 17), date(2026, 10, 18))
    assert only.covers == WHOLE_WEEK
    assert str(only.ends) == "2026-10-24"


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
def test_a_year_nobody_means_is_refused(year: int) -> None:
    with pytest.raises(UsageError, match=f"{year:04d}-01-01"):
        twelve_months(date(year, 1, 1))
