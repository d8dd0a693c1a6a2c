"""What is found in entries of which parts are not known, and on a second date."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import pytest

from reconciler import rules
from reconciler.findings import Finding
from reconciler.model import DesiredSchedule, PartialSchedule, Path
from reconciler.rules.checks import Checks
from reconciler.settings import Capacity, License, TenantSettings

Build = Callable[..., DesiredSchedule]
Found = Callable[[Iterable[Finding], DesiredSchedule], list[str]]

Tenant = Callable[..., TenantSettings]

AS_OF = date(2026, 11, 22)
HOURS: Path = ("complianceRules", "regulatoryPauses")
QUIET = {"pauses": ["STATE_SPECIFIC", "TCPA"], "jurisdictions": ["US-NY"]}
NIGHT = {**QUIET, "windows": ["MONDAY 08:00-22:00"]}
LATE = "error outside-calling-hours scheduleDetails.0.endTime"


@pytest.mark.parametrize(
    ("fields", "unknown", "expected"),
    [
        (NIGHT, [], [LATE]),
        (NIGHT, [("blackoutPeriods",)], []),
        (NIGHT, [("scheduleDetails",)], [LATE]),
        ({**NIGHT, "jurisdictions": ["", "US-NY"]}, [], [LATE]),
        ({**NIGHT, "jurisdictions": ["", "US-XX"]}, [], ["error unknown-jurisdiction jurisdictions.1"]),
        ({**NIGHT, "jurisdictions": [""]}, [("jurisdictions",)], []),
        ({**NIGHT, "jurisdictions": [""], "pauses": ["TCPA"], "timezone": "UTC"}, [("jurisdictions",)], []),
        ({**NIGHT, "jurisdictions": [""], "timezone": "UTC", "pauses": []}, [("jurisdictions",)], []),
        ({**NIGHT, "pauses": ["NCDOJ"]}, [HOURS], [LATE]),
        ({**NIGHT, "jurisdictions": [], "timezone": "UTC", "pauses": []}, [HOURS], []),
        ({**NIGHT, "exempt": ["US-NY"]}, [], [LATE, "notice exempt exemption"]),
        (NIGHT, [("exemption",)], []),
        ({**QUIET, "exempt": ["US-NY"]}, [("scheduleDetails",)], []),
        ({**QUIET, "pauses": []}, [("exemption",)], []),
        ({**NIGHT, "timezone": ""}, [("timezone",)], []),
        (
            {**QUIET, "blackouts": ["20:00-21:00 LATE"]},
            [],
            ["warning blackout-outside-windows blackoutPeriods.0"],
        ),
        ({**QUIET, "blackouts": ["20:00-21:00 LATE"]}, [("scheduleDetails",)], []),
    ],
)
def test_what_unknown_parts_could_change_is_not_said(
    fields: dict[str, Any],
    unknown: list[Path],
    expected: list[str],
    build: Build,
    found: Found,
    tenant: Tenant,
) -> None:
    schedule = build(**fields)
    partial = PartialSchedule(schedule, frozenset(unknown))
    assert found(Checks(tenant(), AS_OF).partial(partial), schedule) == expected


def test_caps_are_judged_where_they_are_known(build: Build, found: Found, tenant: Tenant) -> None:
    schedule = build(["MONDAY 09:00-10:00 day=0 hour=20", "FRIDAY 09:00-10:00 day=10 hour=20"], **QUIET)
    partial = PartialSchedule(schedule, frozenset({("scheduleDetails", 0)}))
    checks = Checks(tenant(capacity=Capacity(tenant=License(5, 20))), AS_OF)
    assert found(checks.partial(partial), schedule) == [
        "error licensed-capacity-exceeded scheduleDetails.1.maxCallsPerDay",
        "warning calls-never-reached scheduleDetails.1.maxCallsPerHour",
    ]


# --- a second date


def test_the_law_of_today_adds_what_it_forbids_and_nothing_else(build: Build, found: Found, tenant: Tenant) -> None:
    schedule = build(["MONDAY 09:00-20:00", "TUESDAY 09:00-22:00"], **{**QUIET, "jurisdictions": ["US-PA"]})
    before, after = date(2026, 9, 1), date(2026, 11, 22)
    holiday = "warning holiday-not-closed jurisdictions.0"
    as_of = [f"warning outside-calling-hours-from scheduleDetails.{entry}.endTime" for entry in (0, 1)]
    late = "error outside-calling-hours scheduleDetails.1.endTime"
    assert found(rules.check(tenant(), [schedule], before), schedule) == sorted([late, *as_of, holiday])
    assert found(rules.check(tenant(), [schedule], before, today=after), schedule) == sorted(
        [late, late.replace("1", "0"), *as_of, holiday]
    )
    assert rules.check(tenant(), [schedule], after, today=after) == rules.check(tenant(), [schedule], after)
