"""What is found in entries of which parts are not known, in what would be sent, and on a second date."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import pytest

from reconciler import rules
from reconciler.findings import Finding
from reconciler.model import DesiredSchedule, PartialSchedule, Path
from reconciler.rules.checks import Checks
from reconciler.rules.sent import Sent, check_sent, objection
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


# --- what would be sent


def evening(schedule: DesiredSchedule, **fields: Any) -> dict[str, Any]:
    """The content of a schedule as CXone holds it: windows that end at 23:00."""
    windows = [{**window, "endTime": "23:00:00", **fields} for window in schedule.content["scheduleDetails"]]
    return {**schedule.content, "scheduleDetails": windows}


@pytest.mark.parametrize(("changed", "severity"), [(True, "error"), (False, "warning")])
def test_what_would_be_sent_is_judged_where_the_file_has_it(
    changed: bool, severity: str, build: Build, found: Found, tenant: Tenant
) -> None:
    schedule = build(["MONDAY 09:00-17:00", "TUESDAY 09:00-17:00"], blackouts=["12:00-13:00 LUNCH"], **QUIET)
    sent = Sent(schedule, evening(schedule), changed)
    findings = check_sent(tenant(), [sent, Sent(schedule, schedule.content)], AS_OF)
    assert found(findings, schedule) == [
        f"{severity} outside-calling-hours scheduleDetails.{entry}.endTime" for entry in (0, 1)
    ]
    assert all(finding.message.endswith("which ignoreFields keeps.") for finding in findings)


def test_what_the_file_says_already_is_not_said_again(build: Build, tenant: Tenant) -> None:
    schedule = build(**NIGHT)
    assert check_sent(tenant(), [Sent(schedule, evening(schedule))], AS_OF) == ()


def test_what_the_file_does_not_have_stands_at_the_list(build: Build, found: Found, tenant: Tenant) -> None:
    schedule = build(**QUIET)
    pauses = [{"startTime": "20:00:00", "endTime": "21:00:00", "reason": "LATE", "appliesToAllDays": True}]
    content = {**evening(schedule, dayOfWeek="SUNDAY"), "blackoutPeriods": pauses}
    findings = check_sent(tenant(), [Sent(schedule, content)], AS_OF)
    assert found(findings, schedule) == ["error outside-calling-hours scheduleDetails"]


@pytest.mark.parametrize("ignored", [True, False])
def test_why_a_body_must_not_be_sent(ignored: bool, build: Build, tenant: Tenant) -> None:
    settings = tenant(ignored=(("scheduleDetails", "endTime"),) if ignored else ())
    schedule = build(**QUIET)
    body = {"id": "S1", "campaignId": "CAM_001", **evening(schedule), "priority": 5}
    reason = objection(settings, schedule, body, AS_OF)
    assert (reason is not None) == ignored
    assert reason is None or "Mon 21:00–23:00 is not allowed:" in reason
    assert objection(settings, schedule, {**body, **schedule.content}, AS_OF) is None
    assert objection(settings, None, body, AS_OF) is None


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
