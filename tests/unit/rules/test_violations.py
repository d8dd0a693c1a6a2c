"""What of a window leaves a rule's hours, on whose clock and when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from reconciler.model import DesiredSchedule
from reconciler.rules.bindings import bindings, hours
from reconciler.rules.calendar import closed_daily
from reconciler.rules.jurisdictions import RuleBook
from reconciler.rules.violations import Violation, nearest, violations

Build = Callable[..., DesiredSchedule]
AS_OF = date(2026, 11, 22)
BOOK = RuleBook({})
HOUR = 3600
EVERY_DAY = "MONDAY TUESDAY WEDNESDAY THURSDAY FRIDAY SATURDAY SUNDAY"


def found(schedule: DesiredSchedule) -> list[Violation]:
    own = schedule.timezone
    bound = tuple(bindings(BOOK, AS_OF, own, schedule.pauses, schedule.jurisdictions))
    return list(violations(bound, own, schedule.windows, closed_daily(schedule.blackouts)))


def names(windows: Sequence[object]) -> list[str]:
    return [getattr(window, "day") for window in windows]  # noqa: B009 - windows are told by their day only


def test_days_of_one_entry_that_fail_alike_are_one_violation(build: Build) -> None:
    schedule = build(
        [f"{EVERY_DAY} 08:30-21:00"],
        pauses=["STATE_SPECIFIC"],
        jurisdictions=["US-SD"],
        timezone="America/Denver",
    )
    week, sunday = found(schedule)
    assert names(week.windows) == EVERY_DAY.split()[:6]
    assert names(sunday.windows) == ["SUNDAY"]
    assert not week.no_calls
    assert sunday.no_calls


def test_a_window_that_blackouts_make_fit_violates_nothing(build: Build) -> None:
    late = {"windows": ["MONDAY 09:00-22:00"], "pauses": ["TCPA"]}
    assert len(found(build(**late))) == 1
    assert found(build(**late, blackouts=["21:00-22:00 EVENING"])) == []
    (left,) = found(build(**late, blackouts=["21:00-21:59 EVENING"]))
    assert left.cases[0].parts == ((21 * HOUR + 59 * 60, 22 * HOUR),)


def test_zones_that_fail_alike_are_one_case(build: Build) -> None:
    schedule = build(["MONDAY 09:00-22:00"], pauses=["TCPA"], jurisdictions=["US-NY", "US-MI", "US-IN"])
    (violation,) = found(schedule)
    (case,) = violation.cases
    assert case.zones == ("America/Detroit", "America/Indiana/Indianapolis", "America/New_York")
    assert case.always


def test_cases_are_told_by_their_dates(build: Build) -> None:
    schedule = build(
        ["MONDAY 08:30-20:30"], pauses=["STATE_SPECIFIC"], jurisdictions=["US-WA"], timezone="America/Phoenix"
    )
    (violation,) = found(schedule)
    winter, summer = violation.cases
    assert winter.lead == HOUR
    assert [tuple(map(str, run)) for run in winter.runs] == [
        ("2026-11-22", "2027-03-14"),
        ("2027-11-07", "2027-11-22"),
    ]
    assert winter.parts == ((8 * HOUR + 1800, 9 * HOUR),)
    assert summer.lead == 0
    assert [tuple(map(str, run)) for run in summer.runs] == [("2027-03-14", "2027-11-07")]
    assert summer.parts == ((20 * HOUR, 20 * HOUR + 1800),)


def test_the_hours_in_which_one_side_has_changed_the_clock_accuse_no_other_weekday(build: Build) -> None:
    """For three hours of one Sunday Los Angeles is two hours behind New York, not three: 23:59 here is never 21:59 there."""
    monday = build(["MONDAY 11:00-23:59:59"], pauses=["TCPA"], jurisdictions=["US-CA"])
    assert found(monday) == []


def test_hours_in_which_one_side_has_changed_the_clock_count_where_they_are(build: Build) -> None:
    """On that Sunday 03:30 in New York is 01:30 in Los Angeles; a rule for the small hours would see it."""
    schedule = build(["SUNDAY 01:00-03:59:59"], pauses=["TCPA"], jurisdictions=["US-CA"])
    (violation,) = found(schedule)
    assert {case.lead // HOUR for case in violation.cases} == {2, 3, 4}


def test_where_the_wrong_part_lies(build: Build) -> None:
    def ends_late(text: str, *blackouts: str) -> bool:
        schedule = build([text], pauses=["TCPA"], blackouts=blackouts)
        (violation,) = found(schedule)
        return violation.at_end_only(closed_daily(schedule.blackouts))

    assert ends_late("MONDAY 09:00-21:00:01")
    assert not ends_late("MONDAY 07:59:59-21:00")
    assert not ends_late("MONDAY 07:00-22:00")
    assert not ends_late("MONDAY 21:00-22:00")
    assert ends_late("MONDAY 07:00-22:00", "07:00-08:00 EARLY")
    assert not ends_late("MONDAY 07:00-22:00", "21:00-22:00 LATE")


def test_the_nearest_window_is_what_is_left_else_the_nearest_of_the_day_else_of_the_week(
    build: Build,
) -> None:
    bound = bindings(BOOK, AS_OF, "America/Chicago", ["STATE_SPECIFIC"], ["US-AL"])
    week = hours("America/Chicago", bound).now

    def near(text: str) -> tuple[int, int, int] | None:
        return nearest(build([text]).windows[0], week)

    assert near("MONDAY 06:00-22:00") == (0, 8 * HOUR, 20 * HOUR)
    assert near("MONDAY 19:00-22:00") == (0, 19 * HOUR, 20 * HOUR)
    assert near("MONDAY 21:00-22:00") == (0, 8 * HOUR, 20 * HOUR)
    assert near("SUNDAY 09:00-10:00") == (5, 8 * HOUR, 20 * HOUR)
    assert near("SUNDAY 21:00-22:00") == (0, 8 * HOUR, 20 * HOUR)
    assert nearest(build(["MONDAY 09:00-10:00"]).windows[0], ((),) * 7) is None
