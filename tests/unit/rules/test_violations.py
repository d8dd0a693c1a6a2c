"""What of a window leaves a rule's hours, on whose clock and when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import pytest

from reconciler.model import WEEKDAYS, DesiredSchedule, Window
from reconciler.rules.hours import allowed_week, bindings
from reconciler.rules.rule_book import shipped
from reconciler.rules.violations import Breach, Violation, nearest, violations

Build = Callable[..., DesiredSchedule]
AS_OF = date(2026, 11, 22)
BOOK = shipped().jurisdictions
HOUR = 3600
EVERY_DAY = "MONDAY TUESDAY WEDNESDAY THURSDAY FRIDAY SATURDAY SUNDAY"


def found(schedule: DesiredSchedule, as_of: date = AS_OF) -> list[Violation]:
    own = schedule.timezone
    bound = bindings(BOOK, as_of, own, schedule.pauses, schedule.jurisdictions)
    closed = schedule.closed_daily
    return list(violations(bound, own, schedule.windows, closed, allowed_week(own, bound), {}))


def breaches(schedule: DesiredSchedule, rule: str = "TCPA") -> list[Breach]:
    every = [breach for violation in found(schedule) for breach in violation.breaches]
    return [breach for breach in every if breach.binding.rule.name == rule]


def names(windows: Sequence[Window]) -> list[str]:
    return [WEEKDAYS[window.weekday] for window in windows]


def test_days_of_one_entry_that_fail_alike_are_one_violation(build: Build) -> None:
    schedule = build(
        [f"{EVERY_DAY} 08:30-21:00"],
        pauses=["STATE_SPECIFIC"],
        jurisdictions=["US-SD"],
        timezone="America/Denver",
    )
    week, sunday = breaches(schedule, "US-SD")
    assert names(week.windows) == EVERY_DAY.split()[:6]
    assert names(sunday.windows) == ["SUNDAY"]
    assert not week.no_calls
    assert sunday.no_calls


def test_a_window_that_blackouts_make_fit_violates_nothing(build: Build) -> None:
    late = {"windows": ["MONDAY 09:00-22:00"], "pauses": ["TCPA"]}
    assert len(found(build(**late))) == 1
    assert found(build(**late, blackouts=["21:00-22:00 EVENING"])) == []
    (left,) = breaches(build(**late, blackouts=["21:00-21:59 EVENING"]))
    assert left.cases[0].parts == ((21 * HOUR + 59 * 60, 22 * HOUR),)


def test_zones_that_fail_alike_are_one_case(build: Build) -> None:
    schedule = build(["MONDAY 09:00-22:00"], pauses=["TCPA"], jurisdictions=["US-NY", "US-MI", "US-IN"])
    (breach,) = breaches(schedule)
    (case,) = breach.cases
    assert case.zones == ("America/Detroit", "America/Indiana/Indianapolis", "America/New_York")
    assert case.always


def test_cases_are_shown_by_their_dates(build: Build) -> None:
    schedule = build(
        ["MONDAY 08:30-20:30"], pauses=["STATE_SPECIFIC"], jurisdictions=["US-WA"], timezone="America/Phoenix"
    )
    (breach,) = breaches(schedule, "US-WA")
    winter, summer = breach.cases
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
    (breach,) = breaches(schedule)
    early, usual, late = breach.cases
    assert [case.lead // HOUR for case in (early, usual, late)] == [3, 4, 2]
    assert [tuple(map(str, run)) for run in usual.runs + late.runs] == [
        ("2027-03-14", "2027-03-14"),
        ("2027-11-07", "2027-11-07"),
    ]
    assert early.always, "the hours of one Sunday cut no span of dates in two"


def test_where_the_wrong_part_lies(build: Build) -> None:
    def ends_late(text: str, *blackouts: str) -> bool:
        schedule = build([text], pauses=["TCPA"], blackouts=blackouts)
        (breach,) = breaches(schedule)
        return breach.at_end_only(schedule.closed_daily)

    assert ends_late("MONDAY 09:00-21:00:01")
    assert not ends_late("MONDAY 07:59:59-21:00")
    assert not ends_late("MONDAY 07:00-22:00")
    assert not ends_late("MONDAY 21:00-22:00")
    assert ends_late("MONDAY 07:00-22:00", "07:00-08:00 EARLY")
    assert not ends_late("MONDAY 07:00-22:00", "21:00-22:00 LATE")


def test_all_rules_that_one_entry_breaks_are_one_violation(build: Build) -> None:
    schedule = build([f"{EVERY_DAY} 07:00-22:00"], jurisdictions=["US-FL", "US-PA"], pauses=["NCDOJ"])
    (now,) = found(schedule)
    assert [breach.binding.rule.name for breach in now.breaches] == [
        "TCPA",
        "NCDOJ",
        "US-FL",
        "US-PA",
        "US-PA",
    ]
    before, later = found(schedule, date(2026, 10, 1))
    assert [breach.binding.rule.name for breach in before.breaches] == ["TCPA", "NCDOJ", "US-FL", "US-PA"]
    assert [breach.binding.rule.name for breach in later.breaches] == ["US-PA", "US-PA"]
    assert (before.begins_later, later.begins_later) == (False, True)


@pytest.mark.parametrize(
    ("window", "field"),
    [
        ("SUNDAY 10:00-12:00", "dayOfWeek"),
        ("SUNDAY MONDAY 10:00-12:00", "dayOfWeek"),
        ("SUNDAY MONDAY 10:00-20:00", "endTime"),
        ("SUNDAY MONDAY 08:00-12:00", "startTime"),
    ],
)
def test_the_value_to_change(window: str, field: str, build: Build) -> None:
    (violation,) = found(build([window], jurisdictions=["US-PA"]))
    assert violation.path(()) == ("scheduleDetails", 0, field)


def near(
    schedule: DesiredSchedule, as_of: date = AS_OF, allowed: tuple[tuple[()], ...] | None = None
) -> tuple[int, int, int] | None:
    own = schedule.timezone
    week = allowed_week(own, bindings(BOOK, as_of, own, schedule.pauses, schedule.jurisdictions))
    closed = schedule.closed_daily
    return nearest(schedule.windows[0], week if allowed is None else allowed, closed)


@pytest.mark.parametrize(
    ("window", "place"),
    [
        ("MONDAY 06:00-22:00", (0, 8, 20)),
        ("MONDAY 19:00-22:00", (0, 19, 20)),
        ("MONDAY 21:00-22:00", (0, 8, 20)),
        ("SUNDAY 09:00-10:00", (5, 8, 20)),
        ("SUNDAY 21:00-22:00", (0, 8, 20)),
    ],
)
def test_the_nearest_window_is_what_is_left_else_the_nearest_of_the_day_else_of_the_week(
    window: str, place: tuple[int, int, int], build: Build
) -> None:
    day, start, end = place
    schedule = build([window], jurisdictions=["US-AL"], timezone="America/Chicago")
    assert near(schedule) == (day, start * HOUR, end * HOUR)


def test_no_window_is_near_where_none_is_allowed(build: Build) -> None:
    assert near(build(["MONDAY 09:00-10:00"]), allowed=((),) * 7) is None
    assert near(build(["MONDAY 09:00-10:00"], blackouts=["00:00-23:59:59 CLOSED"])) is None


def test_the_nearest_window_is_allowed_on_every_coming_day(build: Build) -> None:
    schedule = build(["MONDAY 10:00-22:00"], jurisdictions=["US-PA"])
    assert near(schedule, date(2026, 10, 15)) == (0, 10 * HOUR, 19 * HOUR)


@pytest.mark.parametrize(
    ("window", "blackout", "place"),
    [
        ("MONDAY 08:00-10:00", "09:00-12:00", (12, 20)),
        ("MONDAY 08:00-17:00", "12:00-13:00", (9, 17)),
        ("MONDAY 08:00-12:30", "12:00-13:00", (9, 12)),
        ("MONDAY 08:00-22:00", "19:00-21:00", (9, 19)),
    ],
)
def test_the_nearest_window_dials_after_blackouts(
    window: str, blackout: str, place: tuple[int, int], build: Build
) -> None:
    schedule = build([window], blackouts=[f"{blackout} PAUSE"], jurisdictions=["US-CT"])
    assert near(schedule) == (0, place[0] * HOUR, place[1] * HOUR)


def test_a_few_days_accuse_only_the_weekdays_in_them(build: Build) -> None:
    """Pennsylvania's old hours last from that Thursday to Saturday, so they say nothing of a Sunday."""
    (violation,) = found(build(["SUNDAY 20:00-22:00"], jurisdictions=["US-PA"]), date(2026, 10, 15))[:1]
    assert [breach.binding.rule.name for breach in violation.breaches] == ["TCPA"]
