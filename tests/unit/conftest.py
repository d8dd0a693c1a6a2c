"""One readable plan and one readable result, for everyone who tests what is done with them; `tests/support/plans.py`
gives any."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, settings

from reconciler import canonical
from reconciler.findings import Finding, Location, Severity
from reconciler.model import (
    WEEKDAYS,
    Action,
    Change,
    FieldChange,
    JsonObject,
    Origin,
    Plan,
    Request,
    SafetyCheck,
    Unmanaged,
    Webhook,
)
from reconciler.model.results import Result, Status, WebhookResult, WriteError, WriteResult
from tests.support.builders import put_body
from tests.support.plans import make_content, make_window

settings.register_profile(
    "unit",
    max_examples=30,
    deadline=None,  # no test fails because a machine is slow
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("unit")


WEEKDAY_ID, WEEKEND_ID = "a1b2c3d4-e5f6-7890-abcd-ef1234567890", "0fd0a6a6-52ab-5b0c-9c1e-3c6a0d2f8b11"
FILE = "schedules/cam_001.yaml"


def _request(schedule_id: str, content: JsonObject) -> Request:
    path = f"/api/v2/dialer/campaigns/CAM_001/schedules/{schedule_id}"
    return Request("PUT", path, canonical.body("CAM_001", schedule_id, content))


def _weekend() -> Change:
    content = make_content("Weekend", [make_window(day) for day in WEEKDAYS[5:]], "LUNCH_BREAK", ["TCPA"])
    return Change(
        Action.CREATE,
        "CAM_001",
        WEEKEND_ID,
        "Weekend",
        _request(WEEKEND_ID, content),
        origin=Origin.DRIFT,
        source=Location(FILE, 30, 5),
        in_base=True,
    )


def _weekdays() -> Change:
    desired = make_content(
        "Weekday calling",
        [make_window(day, end=66600, cap=4000) for day in WEEKDAYS[:5]],
        "LUNCH_BREAK",
        ["NCDOJ", "TCPA"],
    )
    live = make_content("Weekday", [make_window(day) for day in WEEKDAYS[:6]], "LUNCH_BREAK", ["NCDOJ", "TCPA"])
    monday = "scheduleDetails[MONDAY 09:00:00]"
    fields = (
        FieldChange("name", "Weekday", "Weekday calling", Origin.CHANGE, Location(FILE, 4, 11), "Weekday"),
        FieldChange(f"{monday}.endTime", "17:00:00", "18:30:00", Origin.CONFLICT, Location(FILE, 10, 18), "17:30:00"),
        FieldChange(f"{monday}.maxCallsPerDay", 5000, 4000, Origin.CHANGE, Location(FILE, 11, 25), 5000),
        FieldChange(
            "scheduleDetails[SATURDAY 09:00:00]",
            make_window("SATURDAY"),
            None,
            Origin.DRIFT,
            Location(FILE, 8, 5),
        ),
    )
    return Change(
        Action.UPDATE,
        "CAM_001",
        WEEKDAY_ID,
        "Weekday calling",
        _request(WEEKDAY_ID, desired),
        fields,
        canonical.body("CAM_001", WEEKDAY_ID, live),
        "sha256:" + "cd" * 32,
        Origin.CONFLICT,
        Location(FILE, 4, 5),
        in_base=True,
    )


@pytest.fixture
def plan() -> Plan:
    """A plan that has one of everything."""
    hook = f"WFM_Sync_{WEEKEND_ID}"
    return Plan(
        tenant="acme",
        base_uri="https://api.usw2.niceincontact.com",
        as_of="2026-11-22",
        revision="1234567890abcdef1234567890abcdef12345678",
        dirty=True,
        base="fedcba9876543210fedcba9876543210fedcba98",
        digest="sha256:" + "ab" * 32,
        unchanged=40,
        changes=(_weekdays(), _weekend()),
        webhooks=(Webhook(hook, "https://wfm.example.com/hook", ("campaign.schedule.updated",), "ENABLED"),),
        unmanaged=(Unmanaged("CAM_001", "7d3e", "Console only"),),
        safety=(SafetyCheck("maxChangedPercent", 30, 45.5, False), SafetyCheck("maxChanges", 9.0, 2, True)),
        findings=(
            Finding(
                Severity.NOTICE,
                "unmanaged-field",
                "2 live schedules hold the field 'wrapUp', which an update loses",
            ),
            Finding(
                Severity.WARNING,
                "recreated",
                "schedule 'Weekend' was there before and is gone",
                Location(FILE, 30, 5),
            ),
        ),
    )


@pytest.fixture
def empty_plan() -> Plan:
    """A plan that has nothing to do."""
    return Plan(
        tenant="quiet",
        base_uri="sandbox",
        as_of="2026-11-22",
        revision=None,
        dirty=False,
        base=None,
        digest="sha256:" + "00" * 32,
        unchanged=3,
        changes=(),
        webhooks=(),
        unmanaged=(),
        safety=(),
        findings=(),
    )


@pytest.fixture
def result() -> Result:
    """The result of `plan` on a bad day."""
    refused = WriteError(
        "BAD_REQUEST",
        "must be at most 3",
        "scheduleDetails[0].predictiveRate",
        f"correct the value in {FILE}, line 12, then apply again",
    )
    return Result(
        tenant="acme",
        run_id="2026-11-22T08:00:00Z-1",
        digest="sha256:" + "ab" * 32,
        revision="1234567890abcdef1234567890abcdef12345678",
        results=(
            WriteResult("CAM_001", WEEKDAY_ID, Action.UPDATE, Status.FAILED, 400, 1, 21, None, (refused,)),
            WriteResult("CAM_001", WEEKEND_ID, Action.CREATE, Status.SUCCESS, 201, 2, 340, "ACTIVE"),
            WriteResult("CAM_002", "x", Action.UPDATE, Status.NOT_ATTEMPTED),
        ),
        webhooks=(
            WebhookResult(
                f"WFM_Sync_{WEEKEND_ID}",
                Status.FAILED,
                (WriteError("SERVER_FAILED", "the tenant answered 503", retryable=True),),
            ),
        ),
        converged=False,
        interrupted=True,
        journal_head="sha256:" + "ef" * 32,
        left_out=("CAM_009",),
        stopped="five server failures in a row",
    )


@pytest.fixture
def converged_result() -> Result:
    """A result in which all went well."""
    return Result(
        tenant="acme",
        run_id="2026-11-22T09:00:00Z-2",
        digest="sha256:" + "ab" * 32,
        revision=None,
        results=(WriteResult("CAM_001", WEEKEND_ID, Action.CREATE, Status.SUCCESS, 201, 1, 34, "ACTIVE"),),
        webhooks=(WebhookResult(f"WFM_Sync_{WEEKEND_ID}", Status.SUCCESS),),
        converged=True,
        interrupted=False,
        journal_head="sha256:" + "ef" * 32,
    )


@pytest.fixture
def body() -> Callable[..., JsonObject]:
    """Makes a valid PUT body."""
    return put_body
