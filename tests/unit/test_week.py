"""The week as data: hours and calls; and what is no schedule is not guessed."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given

from reconciler import canonical, week
from reconciler.intervals import length
from reconciler.model import WEEKDAYS, Action, Change, Impact, JsonObject, Request
from tests.support import builders
from tests.support.builders import change_of, week_of, windows_on


def window(day: str, start: str = "09:00:00", end: str = "17:00:00", cap: int = 5000) -> JsonObject:
    return {
        "dayOfWeek": day,
        "startTime": start,
        "endTime": end,
        "maxCallsPerDay": cap,
        "maxCallsPerHour": 800,
        "predictiveRate": 1.2,
        "maxCallsPerAgentPerDay": 150,
    }


def body(windows: list[JsonObject], blackouts: tuple[JsonObject, ...] = ()) -> JsonObject:
    rules = {"regulatoryPauses": ["TCPA", "NCDOJ"], "agentAvailabilityProjection": True}
    return canonical.body("C", "i", canonical.content("n", "America/New_York", windows, blackouts, rules))


def read(given_body: JsonObject) -> week.Week:
    found = week.read_week(given_body)
    assert found is not None
    return found


def impact_of(*changes: Change) -> Impact:
    return week.impact([week.effect_of(change) for change in changes])


def test_the_impact_counts_hours_less_blackouts_for_all_days() -> None:
    lunch = [builders.blackout(), builders.blackout("14:00", "15:00", "MEETING", appliesToAllDays=False)]
    before = week_of(*windows_on(0, 5, "09:00", "17:00", 1000), blackouts=lunch)
    after = week_of(*windows_on(1, 6, "09:00", "17:30", 900), blackouts=lunch)
    update, create = change_of(before, after), change_of(None, before)
    assert impact_of(update) == Impact(35, 37.5, 5000, 4500, ("SATURDAY",), ("MONDAY",))
    assert impact_of(create) == Impact(0, 35, 0, 5000, WEEKDAYS[:5], ())
    assert impact_of(update, create) == Impact(35, 72.5, 5000, 9500, WEEKDAYS[:6], ("MONDAY",))
    assert impact_of() == Impact(0, 0, 0, 0, (), ())


def test_a_schedule_without_caps_has_no_calls_and_one_without_blackouts_has_hours() -> None:
    windows = [{"dayOfWeek": "MONDAY", "startTime": "09:00:00", "endTime": "17:00:00"}]
    bare = {"name": "n", "timezone": "UTC", "scheduleDetails": windows, "isScheduled": True}
    create = Change(Action.CREATE, "C", "i", "n", Request("PUT", "/", bare))
    assert impact_of(create) == Impact(0, 8, None, None, ("MONDAY",), ())


def test_what_one_change_takes_away_does_not_count_against_what_another_adds() -> None:
    long, short = (week_of(*windows_on(0, 1, "09:00", end)) for end in ("17:00", "12:00"))
    assert week.added_hours([change_of(short, long), change_of(long, short)]) == 5
    assert week.added_hours([change_of(None, short), change_of(short, long)]) == 8
    assert week.added_hours([change_of(long, short)]) == 0


@given(before=builders.schedules(), after=builders.schedules())
def test_hours_are_the_open_seconds_of_the_week(before: JsonObject, after: JsonObject) -> None:
    change = change_of(before, after)
    weeks = (week.read_week(side) for side in (change.before, change.request.body))
    live, desired = (sum(map(length, side.open_times)) / 3600 for side in weeks if side is not None)
    assert impact_of(change).live_hours == pytest.approx(live, abs=0.005)
    assert week.added_hours([change]) == pytest.approx(max(0, desired - live))


@pytest.mark.parametrize("wrong", [None, 1, "x", [], {}, [1], [{}], {"dayOfWeek": "MONDAY"}], ids=repr)
def test_what_is_no_schedule_is_none(wrong: object) -> None:
    whole = body([window("MONDAY")])
    assert week.read_week(None) is None
    assert week.read_week({}) is None
    for key in ("scheduleDetails", "blackoutPeriods", "complianceRules"):
        if wrong not in ([], {}) and not (key == "complianceRules" and isinstance(wrong, dict)):
            assert week.read_week({**whole, key: wrong}) is None
    for key, name in product(("startTime", "dayOfWeek"), (wrong, "25:00")):
        assert week.read_week({**whole, "scheduleDetails": [{**window("MONDAY"), key: name}]}) is None
