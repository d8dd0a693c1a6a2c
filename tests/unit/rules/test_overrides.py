"""What is wrong with the calling hours that a tenant writes itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from reconciler.model import WEEKDAYS, Location, Path, Severity
from reconciler.rules.overrides import check_jurisdictions, faults
from reconciler.settings import TenantSettings

Tenant = Callable[..., TenantSettings]

WEEK = {day: [{"from": "09:00", "to": "20:00"}] for day in WEEKDAYS}
ROW: dict[str, Any] = {"hours": WEEK, "citation": "counsel's memo of 2026-11-02"}
CANADA = {**ROW, "zones": ["America/Toronto"]}

GOOD: dict[str, dict[str, Any]] = {
    "a shipped jurisdiction needs no zones": {"US-TX": ROW},
    "another one with zones": {"CA-ON": CANADA},
    "several rows": {"US-TX": [{**ROW, "effectiveTo": "2026-12-31"}, {**ROW, "effectiveFrom": "2027-01-01"}]},
    "one day": {"US-TX": {**ROW, "effectiveFrom": "2027-01-01", "effectiveTo": "2027-01-01"}},
    "no calls on a day": {"US-TX": {**ROW, "hours": {**WEEK, "SUNDAY": []}}},
    "the whole day": {"US-TX": {**ROW, "hours": {**WEEK, "SUNDAY": [{"from": "00:00", "to": "24:00"}]}}},
    "every field": {
        "CA-ON": {
            **CANADA,
            "hoursIn": ["Etc/GMT+5"],
            "holidays": "forbidden",
            "effectiveFrom": "2020-01-01",
            "effectiveTo": "9999-12-31",
            "confidence": "L",
            "note": "asked again in March",
        }
    },
}
BAD: dict[str, tuple[dict[str, Any], Path]] = {
    "a code that is none": ({"Texas": ROW}, ("Texas",)),
    "a code with a line end": ({"US-TX\n": CANADA}, ("US-TX\n",)),
    "no rows": ({"US-TX": []}, ("US-TX",)),
    "no citation": ({"US-TX": {"hours": WEEK}}, ("US-TX",)),
    "a weekday left out": ({"US-TX": {**ROW, "hours": {"MONDAY": []}}}, ("US-TX", "hours")),
    "a field nobody knows": ({"US-TX": {**ROW, "hour": 9}}, ("US-TX",)),
    "a time that is none": (
        {"US-TX": {**ROW, "hours": {**WEEK, "MONDAY": [{"from": "9:00", "to": "20:00"}]}}},
        ("US-TX", "hours", "MONDAY", 0, "from"),
    ),
    "an end before its start": (
        {"US-TX": {**ROW, "hours": {**WEEK, "MONDAY": [{"from": "20:00", "to": "09:00"}]}}},
        ("US-TX", "hours", "MONDAY", 0, "to"),
    ),
    "a range of no time": (
        {"US-TX": [ROW, {**ROW, "hours": {**WEEK, "MONDAY": [{"from": "09:00", "to": "09:00"}]}}]},
        ("US-TX", 1, "hours", "MONDAY", 0, "to"),
    ),
    "a new jurisdiction without zones": ({"CA-ON": ROW}, ("CA-ON",)),
    "a zone that is none": ({"CA-ON": {**ROW, "zones": ["UTC", "America/Gotham"]}}, ("CA-ON", "zones", 1)),
    "hours in a zone that is none": ({"US-TX": {**ROW, "hoursIn": ["cst"]}}, ("US-TX", "hoursIn", 0)),
    "a date that is none": ({"US-TX": {**ROW, "effectiveFrom": "2026-02-30"}}, ("US-TX", "effectiveFrom")),
    "never in force": (
        {"US-TX": {**ROW, "effectiveFrom": "2027-01-02", "effectiveTo": "2027-01-01"}},
        ("US-TX", "effectiveTo"),
    ),
}


@pytest.mark.parametrize("case", GOOD)
def test_nothing_is_wrong(case: str) -> None:
    assert faults(GOOD[case]) == ()


@pytest.mark.parametrize("case", BAD)
def test_a_fault_is_found_at_its_place(case: str) -> None:
    jurisdictions, path = BAD[case]
    assert {where for where, _ in faults(jurisdictions)} == {path}


def test_faults_are_schema_errors_at_their_place_in_the_tenant_file(tenant: Tenant) -> None:
    settings = tenant(jurisdictions={"US-TX": {**ROW, "zones": ["America/Chikago"]}})
    findings = check_jurisdictions(settings, lambda path: Location("schedules/tenant.yaml", len(path)))
    assert [(each.severity, each.code, each.location) for each in findings] == [
        (Severity.ERROR, "schema", Location("schedules/tenant.yaml", 5))
    ]
    assert findings[0].message.startswith(
        'compliance.jurisdictions.US-TX.zones[0]: "America/Chikago" is not a time zone of the IANA database. Did you mean '
        "America/Chicago"
    )


def test_without_places_they_point_at_the_tenant_file(tenant: Tenant) -> None:
    settings = tenant(jurisdictions={"US-TX": {}, "CA-ON": ROW})
    assert {each.location for each in check_jurisdictions(settings)} == {settings.location}


def test_a_tenant_without_any_has_no_faults(tenant: Tenant) -> None:
    assert check_jurisdictions(tenant()) == ()
