"""The words that all formats share."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from reconciler.findings import Finding, Location, Severity
from reconciler.model import Action, JsonObject, Origin, Plan, SafetyCheck
from reconciler.render import words
from reconciler.week import Week, read_week
from tests.support.builders import blackout, put_body, window


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "(none)"),
        (True, "true"),
        (5000, "5000"),
        (1.2, "1.2"),
        ("MONDAY", "MONDAY"),
        ("America/New_York", "America/New_York"),
        ("17:00:00", "17:00:00"),
        ("17", '"17"'),
        ("true", '"true"'),
        ("None", '"None"'),
        ("(none)", '"(none)"'),
        ('Weekday "A" \\', '"Weekday \\"A\\" \\\\"'),
        ("", '""'),
        (["b", "a"], '["b", "a"]'),
        ({"b": 1, "a": None}, '{"a": null, "b": 1}'),
        (
            {"startTime": "12:00:00", "endTime": "13:00:00", "reason": "LUNCH", "appliesToAllDays": True},
            "12:00–13:00 LUNCH",
        ),
        ({"reason": "half a blackout"}, '{"reason": "half a blackout"}'),
    ],
)
def test_values_cannot_be_taken_for_something_else(value: Any, shown: str) -> None:
    assert words.value_words(value) == shown


def test_a_whole_window_is_said_in_short(plan: Plan) -> None:
    saturday = plan.changes[0].fields[3]
    assert words.value_words(saturday.live) == "09:00–17:00, 5000/day, 800/hour, rate 1.2, 150/agent"


@pytest.mark.parametrize(
    ("finding", "tenant", "line"),
    [
        (
            Finding(Severity.ERROR, "window-overlap", "two overlap", Location("a/b.yaml", 9, 7)),
            "acme",
            "a/b.yaml:9:7: error: window-overlap: two overlap",
        ),
        (
            Finding(Severity.WARNING, "released", "gone"),
            "acme",
            "tenant acme: warning: released: gone",
        ),
        (Finding(Severity.ERROR, "no-schedules", "none here"), None, "error: no-schedules: none here"),
    ],
)
def test_a_finding_begins_with_its_place(finding: Finding, tenant: str | None, line: str) -> None:
    assert words.finding_line(finding, tenant) == line


def test_the_summary_counts_everything(plan: Plan, empty_plan: Plan) -> None:
    assert words.plan_summary([plan]) == (
        "Plan: 1 to create, 1 to update, 40 unchanged, 1 unmanaged, 1 webhook to register; "
        "0 errors, 1 warning, 1 notice."
    )
    assert words.plan_summary([plan, plan, empty_plan]) == (
        "Plan: 2 to create, 2 to update, 83 unchanged, 2 unmanaged, 2 webhooks to register; "
        "0 errors, 2 warnings, 2 notices."
    )
    assert words.plan_summary([empty_plan]).endswith("; 0 errors, 0 warnings.")


@pytest.mark.parametrize(
    ("check", "shown"),
    [
        (SafetyCheck("maxChangedPercent", 30.0, 45.0, False), "maxChangedPercent 45 % > 30 %"),
        (SafetyCheck("maxChangedPercent", 30, 4.8, True), "maxChangedPercent 4.8 % of at most 30 %"),
        (SafetyCheck("maxChanges", 10, 11.0, False), "maxChanges 11 > 10"),
    ],
)
def test_safety_limits_have_figures_and_units(check: SafetyCheck, shown: str) -> None:
    assert words.safety_words(check) == shown


@pytest.mark.parametrize("action", Action)
def test_origins_name_the_danger_in_words(action: Action) -> None:
    assert words.origin_words(Origin.CHANGE, action) == "asked for by this revision"
    assert words.origin_words(Origin.DRIFT, action).startswith("drift: ")
    assert words.origin_words(Origin.CONFLICT, action).startswith("CONFLICT: ")


def test_where_the_desired_state_comes_from(plan: Plan, empty_plan: Plan) -> None:
    assert words.revision_words(plan) == (
        "revision 1234567890ab with uncommitted changes, base fedcba987654, as of 2026-11-22"
    )
    assert words.revision_words(empty_plan) == "revision none, as of 2026-11-22"


def test_a_missing_digest_says_why(plan: Plan) -> None:
    assert words.digest_words(plan) == plan.digest
    assert words.digest_words(replace(plan, digest=None)) == "none, because the plan has errors"


def test_a_body_that_is_no_schedule_is_shown_as_json(plan: Plan) -> None:
    create = plan.changes[1]
    request = replace(create.request, body={"id": "x"})
    assert list(words.create_lines(replace(create, request=request))) == ['body {"id": "x"}']


def week_of(windows: list[JsonObject], blackouts: list[JsonObject], pauses: list[str], **rules: bool) -> Week:
    whole = put_body(
        scheduleDetails=windows,
        blackoutPeriods=blackouts,
        complianceRules={"regulatoryPauses": pauses, "agentAvailabilityProjection": True, **rules},
    )
    found = read_week(whole)
    assert found is not None
    return found


def test_equal_windows_are_one_line_with_day_ranges() -> None:
    days = [window(day) for day in ("FRIDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY")]
    found = week_of([*days, window("SUNDAY", end="12:30:15"), window("MONDAY", "18:00", "19:00")], [], [])
    caps = "5000/day, 800/hour, rate 1.2, 150/agent"
    assert words.window_lines(found) == (
        f"MONDAY–FRIDAY 09:00–17:00, {caps}",
        f"MONDAY 18:00–19:00, {caps}",
        f"SUNDAY 09:00–12:30:15, {caps}",
    )


def test_blackouts_and_rules() -> None:
    some = blackout("15:00", "15:10", "MEETING", appliesToAllDays=False)
    found = week_of([window()], [blackout(), some], ["TCPA", "NCDOJ"])
    assert words.blackout_lines(found) == ("12:00–13:00 LUNCH_BREAK", "15:00–15:10 MEETING (not on all days)")
    assert words.rules_line(found) == (
        "regulatory pauses NCDOJ, TCPA; compliance injection on; counted in the capacity projection"
    )


def test_switched_off_protections_are_said() -> None:
    found = week_of([], [], [], agentAvailabilityProjection=False, enableComplianceInjection=False)
    assert words.rules_line(found) == (
        "regulatory pauses none; compliance injection OFF; left out of the capacity projection"
    )
