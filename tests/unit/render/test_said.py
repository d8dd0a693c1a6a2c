"""Changes in words of the week."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from reconciler.model import JsonObject
from reconciler.render.said import body_said, changes_said, windows_said
from reconciler.week import Week, read_week
from tests.support import builders
from tests.support.builders import blackout, change_of, put_body, window


def week_of(windows: list[JsonObject], blackouts: list[JsonObject], pauses: list[str], **rules: bool) -> JsonObject:
    return put_body(
        scheduleDetails=windows,
        blackoutPeriods=blackouts,
        complianceRules={"regulatoryPauses": pauses, "agentAvailabilityProjection": True, **rules},
    )


def read(body: JsonObject) -> Week:
    week = read_week(body)
    assert week is not None
    return week


def a_schedule(*windows: JsonObject, **fields: Any) -> JsonObject:
    return builders.schedule(scheduleDetails=list(windows), **{"blackoutPeriods": [], **fields})


NINE_TO_FIVE = a_schedule(window("MONDAY"), window("TUESDAY"))


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (
            a_schedule(window("MONDAY", "10:00", "18:00"), window("TUESDAY", "10:00", "18:00")),
            ["Mon, Tue 09:00–17:00 → 10:00–18:00"],
        ),
        (a_schedule(window("MONDAY", "09:00", "18:00"), window("TUESDAY")), ["Mon until 17:00 → 18:00"]),
        (a_schedule(window("MONDAY", "08:00", "17:00"), window("TUESDAY")), ["Mon from 09:00 → 08:00"]),
        (
            a_schedule(window("MONDAY", maxCallsPerDay=900), window("TUESDAY")),
            ["Mon 09:00–17:00: 5,000 → 900 calls a day"],
        ),
        (
            a_schedule(window("MONDAY", maxCallsPerDay=900, predictiveRate=1), window("TUESDAY")),
            ["Mon 09:00–17:00: 5,000 calls a day, predictive rate 1.2 → 900 calls a day, predictive rate 1"],
        ),
        (
            a_schedule(window("MONDAY", "08:00", "12:00", maxCallsPerHour=9), window("TUESDAY")),
            ["Mon 09:00–17:00, 800 calls an hour → 08:00–12:00, 9 calls an hour"],
        ),
        (a_schedule(window("TUESDAY")), ["Mon 09:00–17:00, 5,000 calls a day goes"]),
        (a_schedule(window("MONDAY"), window("TUESDAY"), window("SUNDAY")), ["Sun 09:00–17:00, 5,000 calls a day"]),
        (
            a_schedule(window("MONDAY"), window("TUESDAY"), blackoutPeriods=[blackout()], timezone="UTC"),
            ["blackout 12:00–13:00 LUNCH_BREAK", "time zone America/New_York → UTC"],
        ),
        (
            a_schedule(
                window("MONDAY"),
                window("TUESDAY"),
                complianceRules=builders.rules("TCPA", enableComplianceInjection=False),
            ),
            ["compliance injection on → OFF", "regulatory pause NCDOJ goes"],
        ),
    ],
)
def test_a_change_is_said_as_people_would(after: JsonObject, said: list[str]) -> None:
    assert [sentence.words for sentence in changes_said(change_of(NINE_TO_FIVE, after))] == said


def test_equal_windows_are_one_line_with_day_ranges() -> None:
    days = [window(day) for day in ("FRIDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY")]
    found = read(week_of([*days, window("SUNDAY", end="12:30:15"), window("MONDAY", "18:00", "19:00")], [], []))
    assert windows_said(found) == (
        "Mon–Fri 09:00–17:00, 5,000 calls a day",
        "Mon 18:00–19:00, 5,000 calls a day",
        "Sun 09:00–12:30:15, 5,000 calls a day",
    )


def test_a_body_is_said_with_all_that_is_sent() -> None:
    some = blackout("15:00", "15:10", "MEETING", appliesToAllDays=False)
    switched_off = {"agentAvailabilityProjection": False, "enableComplianceInjection": False}
    assert body_said(week_of([window()], [blackout(), some], ["TCPA", "NCDOJ"], **switched_off)) == (
        "Mon 09:00–17:00, 5,000 calls a day, 800 calls an hour, predictive rate 1.2, 150 calls an agent a day",
        "America/New_York",
        "blackout 12:00–13:00 LUNCH_BREAK",
        "blackout 15:00–15:10 MEETING (not on all days)",
        "regulatory pauses NCDOJ, TCPA; compliance injection OFF; left out of the capacity projection",
    )
    assert body_said({"id": "x"}) == ('body {"id": "x"}',)


@given(before=builders.schedules(), after=builders.schedules())
def test_every_change_says_something(before: JsonObject, after: JsonObject) -> None:
    change = change_of(before, after)
    assert bool(changes_said(change)) == bool(change.fields)
