"""The words that all formats share."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.findings import Finding, Location, Severity
from reconciler.model import Action, Origin, Plan, SafetyCheck
from reconciler.render import words
from reconciler.render.text import plans_text


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
        "Plan: 1 to create, 1 to update, 40 unchanged, 1 unmanaged, 1 webhook to register; 1 warning, 1 notice."
    )
    assert words.plan_summary([plan, plan, empty_plan]) == (
        "Plan: 2 to create, 2 to update, 83 unchanged, 2 unmanaged, 2 webhooks to register; 2 warnings, 2 notices."
    )
    assert words.plan_summary([empty_plan]) == "Plan: 3 unchanged."


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
    assert f"\nDigest: {plan.digest}\n" in plans_text([plan])
    assert "\nDigest: none, because the plan has errors\n" in plans_text([plan._replace(digest=None)])
