"""The figures behind the safety limits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.findings import Finding, Severity
from reconciler.model import Action, Change, JsonObject, Origin, Plan, Request, SafetyCheck
from reconciler.plan import safety_checks
from reconciler.settings import SafetyLimits
from tests.support.builders import put_body, window


def a_plan(*, unchanged: int = 0, updates: int = 0, creates: int = 0, recreated: int = 0) -> Plan:
    """`recreated` are creates too."""
    actions = [Action.UPDATE] * updates + [Action.CREATE] * (creates + recreated)
    return Plan(
        "2026-11-22",
        unchanged=unchanged,
        changes=tuple(
            Change(action, "CAM_001", str(number), "n", Request("PUT", "/", {}))
            for number, action in enumerate(actions)
        ),
        findings=tuple(Finding(Severity.WARNING, "recreated", str(number)) for number in range(recreated)),
    )


@pytest.mark.parametrize(
    ("plan", "actual", "passed"),
    [
        (a_plan(unchanged=10), 0, True),
        (a_plan(unchanged=7, updates=3), 30, True),
        (a_plan(unchanged=69, updates=31), 31, False),
        (a_plan(unchanged=40, updates=2, creates=1), 4.8, True),
        (a_plan(unchanged=10, creates=500), 0, True),
        (a_plan(unchanged=10, recreated=3), 30, True),
        (a_plan(unchanged=10, recreated=4), 40, False),
        (a_plan(unchanged=8, updates=2, recreated=2), 40, False),
        (a_plan(unchanged=10, recreated=30), 300, False),
        (a_plan(updates=10), 100, False),
        (
            a_plan(unchanged=6999, updates=3001),
            30.01,
            False,
        ),  # not 30.0, which would read as if it were within
    ],
)
def test_the_share_of_updated_and_recreated_among_those_that_git_names_and_live_holds(
    plan: Plan, actual: float, *, passed: bool
) -> None:
    assert safety_checks(plan, SafetyLimits()) == (SafetyCheck("maxChangedPercent", 30, actual, passed),)


@pytest.mark.parametrize(
    "plan",
    [a_plan(updates=9), a_plan(recreated=50), a_plan(unchanged=4, updates=5, recreated=50, creates=50)],
)
def test_the_share_is_not_checked_for_a_few_schedules(plan: Plan) -> None:
    assert safety_checks(plan, SafetyLimits()) == ()


def test_the_fewest_schedules_can_be_set_and_none_at_all_have_no_share() -> None:
    limits = SafetyLimits(min_schedules=0)
    assert safety_checks(a_plan(creates=3, recreated=3), limits) == ()
    assert safety_checks(a_plan(updates=1), limits) == (SafetyCheck("maxChangedPercent", 30, 100, passed=False),)


@pytest.mark.parametrize(("most", "passed"), [(6, True), (5, False), (0, False)])
def test_the_count_of_changes_counts_creates_too(most: int, *, passed: bool) -> None:
    plan = a_plan(updates=1, creates=3, recreated=2)
    assert safety_checks(plan, SafetyLimits(max_changes=most)) == (SafetyCheck("maxChanges", most, 6, passed),)


def test_both_limits_at_once() -> None:
    limits = SafetyLimits(max_changed_percent=0, min_schedules=1, max_changes=1)
    assert safety_checks(a_plan(unchanged=3, updates=1), limits) == (
        SafetyCheck("maxChangedPercent", 0, 25, passed=False),
        SafetyCheck("maxChanges", 1, 1, passed=True),
    )


@given(st.integers(0, 300), st.integers(0, 300), st.floats(0, 100))
def test_the_figure_is_on_the_same_side_of_the_limit_as_the_verdict(unchanged: int, updates: int, most: float) -> None:
    limits = SafetyLimits(max_changed_percent=most, min_schedules=0)
    for check in safety_checks(a_plan(unchanged=unchanged, updates=updates), limits):
        assert (check.actual <= check.allowed) is check.passed
        assert check.actual == pytest.approx(100 * updates / (unchanged + updates), abs=0.06)


def _a_day(end: str) -> JsonObject:
    return put_body(scheduleDetails=[window("MONDAY", "09:00", end)], blackoutPeriods=[])


@pytest.mark.parametrize(("most", "passed"), [(3, True), (2.9, False), (0, False)])
def test_the_hours_that_are_added_are_those_of_the_changes_that_add(most: float, *, passed: bool) -> None:
    longer = Change(Action.UPDATE, "C", "1", "n", Request("PUT", "/", _a_day("12:00")), before=_a_day("10:00"))
    shorter = Change(Action.UPDATE, "C", "2", "n", Request("PUT", "/", _a_day("10:00")), before=_a_day("20:00"))
    new = Change(Action.CREATE, "C", "3", "n", Request("PUT", "/", _a_day("10:00")))
    plan = a_plan()._replace(changes=(longer, shorter, new))
    limits = SafetyLimits(max_added_dialing_hours=most)
    assert safety_checks(plan, limits) == (SafetyCheck("maxAddedDialingHours", most, 3, passed),)


def test_what_only_the_date_changes_counts_in_no_limit() -> None:
    longer = Change(Action.UPDATE, "C", "1", "n", Request("PUT", "/", _a_day("20:00")), before=_a_day("10:00"))
    reopened = longer._replace(schedule_id="2", origin=Origin.CALENDAR)
    limits = SafetyLimits(max_changed_percent=40, min_schedules=1, max_changes=0, max_added_dialing_hours=0)

    def actual(*changes: Change) -> list[float]:
        return [check.actual for check in safety_checks(a_plan()._replace(changes=changes), limits)]

    assert actual(reopened) == [0, 0, 0]
    assert all(check.passed for check in safety_checks(a_plan()._replace(changes=(reopened,)), limits))
    assert actual(longer, reopened) == [50, 1, 10]
    assert actual(longer, reopened._replace(origin=Origin.DRIFT)) == [100, 2, 20]
