"""A company's own JSON Schemas over each schedule's canonical body."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from reconciler.findings import Finding
from reconciler.model import DesiredSchedule
from reconciler.rules.policy import policies_of
from reconciler.settings import TenantSettings

Build = Callable[..., DesiredSchedule]
Found = Callable[[Iterable[Finding], DesiredSchedule], list[str]]
Tenant = Callable[..., TenantSettings]


def window_rule(**rule: Any) -> dict[str, Any]:
    return {"properties": {"scheduleDetails": {"items": {"properties": rule}}}}


NO_SUNDAYS = {"title": "No calls on Sundays", **window_rule(dayOfWeek={"not": {"const": "SUNDAY"}})}
GENTLE = {"title": "House rules", **window_rule(predictiveRate={"title": "Dial gently", "maximum": 1.1})}
REFERRING = {
    "title": "House rules",
    "$defs": {"gentle": {"title": "Dial gently", "maximum": 1.1}},
    **window_rule(predictiveRate={"$ref": "#/$defs/gentle"}),
}
REFERRING_WITH_A_TITLE = {
    "title": "House rules",
    "$defs": {"gentle": {"maximum": 1.1}},
    **window_rule(predictiveRate={"title": "Dial gently", "$ref": "#/$defs/gentle"}),
}
LUNCH = {
    "title": "Lunch is an hour",
    "properties": {"blackoutPeriods": {"contains": {"properties": {"reason": {"const": "LUNCH"}}}}},
}
REASONS = {
    "title": "Reasons in capitals",
    "properties": {"blackoutPeriods": {"items": {"properties": {"reason": {"pattern": "^[A-Z_]+$"}}}}},
}
NO_FCC = {
    "title": "TCPA is enough",
    "properties": {"complianceRules": {"properties": {"regulatoryPauses": {"items": {"not": {"const": "FCC"}}}}}},
}


@pytest.fixture
def broken(tenant: Tenant) -> Callable[..., list[Finding]]:
    """What a schedule breaks of some schemas."""

    def check(schedule: DesiredSchedule, *schemas: dict[str, Any]) -> list[Finding]:
        named = tuple((f"policy/{number}.json", schema) for number, schema in enumerate(schemas, 1))
        return [
            violation
            for policy in policies_of(tenant(policy_schemas=named))
            for violation in policy.violations(schedule)
        ]

    return check


def test_a_body_that_satisfies_all_is_silent(build: Build, broken: Callable[..., list[Finding]]) -> None:
    assert broken(build(["MONDAY 09:00-17:00"]), NO_SUNDAYS, LUNCH | {"properties": {}}) == []


def test_a_violation_says_title_field_and_value_at_the_value(
    build: Build, broken: Callable[..., list[Finding]], found: Found
) -> None:
    """Canonical windows stand by weekday: the entry at fault is the first of the file and the last of the body."""
    schedule = build(["SATURDAY SUNDAY 10:00-12:00", "MONDAY 09:00-17:00"])
    findings = broken(schedule, NO_SUNDAYS)
    assert found(findings, schedule) == ["error policy scheduleDetails.0.dayOfWeek"]
    assert findings[0].message == (
        '"Weekday calling" of CAM_001: No calls on Sundays: scheduleDetails[SUNDAY 10:00:00].dayOfWeek is "SUNDAY" '
        "(policy/1.json)."
    )


@pytest.mark.parametrize("schema", [GENTLE, REFERRING, REFERRING_WITH_A_TITLE])
def test_the_innermost_title_is_the_message(
    schema: dict[str, Any], build: Build, broken: Callable[..., list[Finding]]
) -> None:
    (finding,) = broken(build(), schema)
    assert "Dial gently: scheduleDetails[MONDAY 09:00:00].predictiveRate is 1.2" in finding.message


def test_a_schema_without_a_title_says_what_is_wrong(build: Build, broken: Callable[..., list[Finding]]) -> None:
    (finding,) = broken(build(), window_rule(predictiveRate={"maximum": 1}))
    assert "1.2 is greater than the maximum of 1" in finding.message


def test_every_violation_of_every_schema_is_shown(
    build: Build, broken: Callable[..., list[Finding]], found: Found
) -> None:
    schedule = build(["SUNDAY 10:00-12:00", "SUNDAY 13:00-14:00"])
    assert found(broken(schedule, NO_SUNDAYS, GENTLE), schedule) == [
        "error policy scheduleDetails.0.dayOfWeek",
        "error policy scheduleDetails.0.predictiveRate",
        "error policy scheduleDetails.1.dayOfWeek",
        "error policy scheduleDetails.1.predictiveRate",
    ]


def test_weekdays_that_share_an_entry_share_its_fault(build: Build, broken: Callable[..., list[Finding]]) -> None:
    (finding,) = broken(build(["FRIDAY MONDAY SUNDAY 10:00-12:00"]), GENTLE)
    assert "scheduleDetails[MONDAY 10:00:00].predictiveRate (and 2 more of this entry) is 1.2" in finding.message


def test_blackouts_that_are_repeated_are_found_in_the_file(
    build: Build, broken: Callable[..., list[Finding]], found: Found
) -> None:
    """Equal blackouts are one in the canonical body, and all are sorted by their start."""
    schedule = build(blackouts=["15:00-15:30 tea", "15:00-15:30 tea", "12:00-13:00 Lunch"])
    findings = broken(schedule, REASONS)
    assert found(findings, schedule) == [
        "error policy blackoutPeriods.0.reason",
        "error policy blackoutPeriods.2.reason",
    ]
    assert 'blackoutPeriods[15:00:00 tea].reason is "tea"' in findings[1].message


def test_a_missing_part_points_at_what_lacks_it(
    build: Build, broken: Callable[..., list[Finding]], found: Found
) -> None:
    schedule = build(blackouts=["15:00-15:30 TEA"])
    assert found(broken(schedule, LUNCH), schedule) == ["error policy blackoutPeriods"]


def test_a_pause_points_at_the_list(build: Build, broken: Callable[..., list[Finding]], found: Found) -> None:
    schedule = build(pauses=["TCPA", "FCC"])
    findings = broken(schedule, NO_FCC)
    assert found(findings, schedule) == ["error policy complianceRules.regulatoryPauses"]
    assert "complianceRules.regulatoryPauses[FCC] is " in findings[0].message


def test_the_body_carries_ids_and_defaults(build: Build, broken: Callable[..., list[Finding]]) -> None:
    whole = {
        "title": "The body is whole",
        "required": [
            "id",
            "name",
            "campaignId",
            "timezone",
            "scheduleDetails",
            "blackoutPeriods",
            "complianceRules",
        ],
        "properties": {
            "id": {"pattern": "^[0-9a-f-]{36}$"},
            "campaignId": {"const": "CAM_001"},
            "complianceRules": {"required": ["enableComplianceInjection"]},
        },
    }
    assert broken(build(), whole) == []
    assert broken(build(pinned="a1b2c3d4-e5f6-7890-abcd-ef1234567890"), whole) == []
    (finding,) = broken(build(pinned="OURS"), whole)
    assert 'The body is whole: id is "OURS"' in finding.message


def test_a_pattern_that_would_take_for_ever_does_not(build: Build, broken: Callable[..., list[Finding]]) -> None:
    endless = {"title": "Plain names", "properties": {"name": {"pattern": "^(?=(a+)+$)(a|a)+$"}}}
    (finding,) = broken(build(name="a" * 60 + "!"), endless)
    assert "Plain names: name is " in finding.message
