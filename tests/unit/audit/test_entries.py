"""What the journal keeps of each write."""

from __future__ import annotations

from reconciler.audit.entries import EntryContext, RunInfo, webhook_entry, write_entry
from reconciler.model import Action, Change, Request
from reconciler.model.results import Status, WebhookResult, WriteError, WriteResult
from tests.support.apply_parts import EVENTS, HOOK, plan, webhook
from tests.support.apply_world import schedule

BODY = schedule("CAM_A", "S1", "Weekday", 500)
BODY["scheduleDetails"] = [BODY["scheduleDetails"][0], {**BODY["scheduleDetails"][0], "dayOfWeek": "FRIDAY"}]
BODY["complianceRules"]["regulatoryPauses"] = ["TCPA", "NCDOJ"]
REQUEST = Request("PUT", "/api/v2/dialer/campaigns/CAM_A/schedules/S1", BODY)
CHANGE = Change(Action.UPDATE, "CAM_A", "S1", "Weekday", REQUEST)
CONTEXT = EntryContext(plan(CHANGE), RunInfo("run-1", "anna", "because", "ben", "https://ci/1"), HOOK)
ERROR = WriteError("SERVER_FAILED", "down", None, "try again", True)
COMMON = {
    "tenant": "acme",
    "digest": "sha256:abc",
    "asOf": "2026-11-22",
    "revision": "0123456789abcdef0123456789abcdef01234567",
    "actor": "anna",
    "runId": "run-1",
    "force": "because",
    "approvedBy": "ben",
    "runUrl": "https://ci/1",
    "webhookSyncUrl": HOOK,
}


def test_the_line_before_a_write() -> None:
    assert write_entry(CONTEXT, CHANGE, REQUEST, {"name": "Before"}) == {
        **COMMON,
        "action": "SCHEDULE_WINDOW_UPSERT",
        "campaignId": "CAM_A",
        "scheduleId": "S1",
        "name": "Weekday",
        "timezone": "America/New_York",
        "maxDailyCalls": 1000,
        "complianceRules": ["NCDOJ", "TCPA"],
        "before": {"name": "Before"},
        "body": BODY,
        "status": "PENDING",
        "responseCode": None,
        "latencyMs": None,
        "attempts": 0,
        "errors": [],
    }


def test_the_line_after_a_write() -> None:
    result = WriteResult("CAM_A", "S1", Action.UPDATE, Status.FAILED, 503, 5, 1234, None, (ERROR,))

    entry = write_entry(CONTEXT, CHANGE, REQUEST, None, result)

    ended = {"status": "FAILED", "responseCode": 503, "latencyMs": 1234, "attempts": 5}
    assert ended.items() <= entry.items()
    assert entry["errors"] == [{"code": "SERVER_FAILED", "message": "down", "retryable": True}]
    assert entry.keys() == write_entry(CONTEXT, CHANGE, REQUEST, None).keys()


def test_the_lines_of_a_webhook() -> None:
    pending = webhook_entry(CONTEXT, webhook("S1"))
    ended = webhook_entry(CONTEXT, webhook("S1"), WebhookResult("WFM_Sync_S1", Status.FAILED, (ERROR,)))

    assert pending == {
        **COMMON,
        "action": "WEBHOOK_REGISTER",
        "name": "WFM_Sync_S1",
        "body": {"name": "WFM_Sync_S1", "url": HOOK, "events": [*EVENTS], "status": "ENABLED"},
        **dict.fromkeys(("campaignId", "scheduleId", "timezone", "maxDailyCalls", "complianceRules", "before"), None),
        **dict.fromkeys(("responseCode", "latencyMs", "attempts"), None),
        "status": "PENDING",
        "errors": [],
    }
    assert pending.keys() == write_entry(CONTEXT, CHANGE, REQUEST, None).keys()
    assert ended == {
        **pending,
        "status": "FAILED",
        "errors": [{"code": "SERVER_FAILED", "message": "down", "retryable": True}],
    }
