"""A week in words: equal windows are one line, and what is no schedule is not guessed at."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler import canonical
from reconciler.model import JsonObject, Plan
from reconciler.render import week


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


def test_equal_windows_are_one_line_with_day_ranges() -> None:
    days = [window(day) for day in ("FRIDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY")]
    found = read(body([*days, window("SUNDAY", end="12:30:15"), window("MONDAY", start="18:00:00", end="19:00:00")]))
    assert week.window_lines(found) == (
        "MONDAY–FRIDAY 09:00–17:00, 5000/day, 800/hour, rate 1.2, 150/agent",
        "MONDAY 18:00–19:00, 5000/day, 800/hour, rate 1.2, 150/agent",
        "SUNDAY 09:00–12:30:15, 5000/day, 800/hour, rate 1.2, 150/agent",
    )


def test_blackouts_and_rules() -> None:
    lunch = {"startTime": "12:00", "endTime": "13:00", "reason": "LUNCH_BREAK"}
    some = {"startTime": "15:00", "endTime": "15:10", "reason": "MEETING", "appliesToAllDays": False}
    found = read(body([window("MONDAY")], (lunch, some)))
    assert week.blackout_lines(found) == ("12:00–13:00 LUNCH_BREAK", "15:00–15:10 MEETING (not on all days)")
    assert week.rules_line(found) == (
        "regulatory pauses NCDOJ, TCPA; compliance injection on; counted in the capacity projection"
    )


def test_switched_off_protections_are_said() -> None:
    given_body = body([])
    given_body["complianceRules"] = {
        "regulatoryPauses": [],
        "agentAvailabilityProjection": False,
        "enableComplianceInjection": False,
    }
    assert week.rules_line(read(given_body)) == (
        "regulatory pauses none; compliance injection OFF; left out of the capacity projection"
    )


@pytest.mark.parametrize("wrong", [None, 1, "x", [], {}, [1], [{}], {"dayOfWeek": "MONDAY"}], ids=repr)
def test_what_is_no_schedule_is_none(wrong: object) -> None:
    whole = body([window("MONDAY")])
    assert week.read_week(None) is None
    assert week.read_week({}) is None
    for key in ("scheduleDetails", "blackoutPeriods", "complianceRules"):
        if wrong not in ([], {}) or key == "complianceRules":
            assert week.read_week({**whole, key: wrong}) is None
    for key, name in product(("startTime", "dayOfWeek"), (wrong, "25:00")):
        assert week.read_week({**whole, "scheduleDetails": [{**window("MONDAY"), key: name}]}) is None


@given(plan=st.from_type(Plan))
def test_any_body_of_a_plan_is_read_or_none(plan: Plan) -> None:
    for change in plan.changes:
        found = week.read_week(change.request.body)
        if found is not None:
            assert all(isinstance(line, str) for line in (*week.window_lines(found), *week.blackout_lines(found)))
