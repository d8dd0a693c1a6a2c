"""What would be sent where that is not what the files say: fields that are left to another system."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import pytest

from reconciler.findings import Finding
from reconciler.model import DesiredSchedule
from reconciler.rules.sent import Sent, check_sent, objection
from reconciler.settings import TenantSettings

Build = Callable[..., DesiredSchedule]
Found = Callable[[Iterable[Finding], DesiredSchedule], list[str]]

Tenant = Callable[..., TenantSettings]

AS_OF = date(2026, 11, 22)
QUIET = {"pauses": ["STATE_SPECIFIC", "TCPA"], "jurisdictions": ["US-NY"]}
NIGHT = {**QUIET, "windows": ["MONDAY 08:00-22:00"]}


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
