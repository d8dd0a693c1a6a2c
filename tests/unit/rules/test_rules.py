"""The room as a whole: what its callers see."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from reconciler import rules
from reconciler.errors import UsageError
from reconciler.findings import Finding, Location, Severity
from reconciler.model import WEEKDAYS, DesiredSchedule
from reconciler.rules.reporting import with_severities
from reconciler.settings import Capacity, License, TenantSettings

Build = Callable[..., DesiredSchedule]
Tenant = Callable[..., TenantSettings]

AS_OF = date(2026, 11, 22)
WEEK: dict[str, Any] = {"hours": dict.fromkeys(WEEKDAYS, ()), "citation": "memo"}
ROOT = Path(__file__).parents[3]


def codes(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.code for finding in findings]


def test_every_kind_of_check_is_made_and_all_is_sorted_by_place(build: Build, tenant: Tenant) -> None:
    settings = tenant(
        capacity=Capacity(tenant=License(calls_per_day=100)),
        jurisdictions={"US-TX": {**WEEK, "zones": ["America/Gotham", "US/Nowhere"]}},
        policy_schemas=(("policy/a.json", {"title": "No Sundays", "type": "object", "maxProperties": 1}),),
    )
    first = build(["SUNDAY 07:00-17:00 day=101 hour=200"], pauses=["NCDOJ", "TCPA"], jurisdictions=["US-NC"])
    second = build(["SUNDAY 09:00-17:00 day=80"], timezone="Nowhere/Here")
    findings = rules.check(settings, [second, first], AS_OF)
    assert [
        (finding.location.line, finding.code)
        for finding in findings
        if finding.location and finding.location.file.endswith("1.yaml")
    ] == [
        (1, "policy"),
        (3, "unknown-timezone"),
        (9, "outside-calling-hours"),
        (12, "calls-never-reached"),
        (12, "licensed-capacity-exceeded"),
        (13, "calls-never-reached"),
    ]
    assert codes(tuple(finding for finding in findings if finding.location == settings.location)) == [
        "schema",
        "schema",
    ]


def test_the_places_of_the_tenant_file_are_asked_for(tenant: Tenant) -> None:
    settings = tenant(jurisdictions={"US-TX": {**WEEK, "zones": ["America/Gotham"]}})
    findings = rules.check(settings, [], AS_OF, lambda path: Location("t.yaml", len(path), 1))
    assert {finding.location for finding in findings} == {Location("t.yaml", 5, 1)}


def test_the_order_of_schedules_changes_nothing(build: Build, tenant: Tenant) -> None:
    schedules = [build(["SUNDAY 05:00-06:00"], pauses=["TCPA"], name=name) for name in "ABC"]
    assert rules.check(tenant(), schedules, AS_OF) == rules.check(tenant(), schedules[::-1], AS_OF)


def test_a_date_that_cannot_be_meant_is_refused(build: Build, tenant: Tenant) -> None:
    with pytest.raises(UsageError):
        rules.check(tenant(), [build(pauses=["TCPA"])], date(9999, 12, 31))


def test_capacity_shows_schedules_and_fleet(build: Build, tenant: Tenant) -> None:
    heavy = build(["MONDAY 09:00-17:00 day=500 agent=100"], projection=True)
    light = build(["MONDAY 09:00-17:00 day=200 agent=100"], projection=True)
    findings = rules.check_capacity(tenant(), [(heavy, True), (light, False)], 4)
    assert codes(findings) == ["fleet-capacity-exceeded"]
    findings = rules.check_capacity(tenant(), [(heavy, True), (light, False)], 1)
    assert [(finding.code, finding.severity) for finding in findings] == [
        ("fleet-capacity-exceeded", Severity.WARNING),
        ("capacity-exceeded", Severity.WARNING),
        ("capacity-exceeded", Severity.ERROR),
    ]


@pytest.mark.parametrize(
    ("agents", "projection", "needed"), [(None, True, True), (None, False, False), (7, True, False)]
)
def test_who_needs_to_know_the_agents(
    agents: int | None, projection: bool, needed: bool, build: Build, tenant: Tenant
) -> None:
    settings = tenant(capacity=Capacity(agents=agents))
    assert rules.needs_agents(settings, [build(), build(projection=projection)]) is needed


def test_a_tenant_raises_and_lowers_severities_of_rules_only(tenant: Tenant) -> None:
    settings = tenant(severities={"calls-never-reached": "error", "window-order": "notice", "schema": "notice"})
    findings = (
        Finding(Severity.WARNING, "calls-never-reached", ""),
        Finding(Severity.ERROR, "window-order", ""),
        Finding(Severity.ERROR, "schema", ""),
        Finding(Severity.ERROR, "policy", ""),
    )
    wanted = (Severity.ERROR, Severity.NOTICE, Severity.ERROR, Severity.ERROR)
    assert with_severities(findings, settings) == tuple(
        finding._replace(severity=severity) for finding, severity in zip(findings, wanted, strict=True)
    )
