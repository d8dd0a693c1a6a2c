"""What the journal keeps of each write (design §6.7): pure functions from a write to its line."""

from __future__ import annotations

from dataclasses import dataclass

from ..model import Change, JsonObject, Plan, Request, Webhook, WebhookResult, WriteError, WriteResult

SCHEDULE_ACTION = "SCHEDULE_WINDOW_UPSERT"
WEBHOOK_ACTION = "WEBHOOK_REGISTER"
PENDING = "PENDING"


@dataclass(frozen=True, slots=True)
class RunInfo:
    """Who applies, in which run, and why safety limits were lifted, if they were."""

    run_id: str
    actor: str
    force: str | None = None


def pending_entry(
    plan: Plan,
    run: RunInfo,
    change: Change,
    request: Request,
    before: JsonObject | None,
    webhook_url: str | None,
) -> JsonObject:
    """The line before a write is sent."""
    return {
        **_schedule(plan, run, change, request, before, webhook_url),
        "status": PENDING,
        "responseCode": None,
        "latencyMs": None,
        "attempts": 0,
        "errors": [],
    }


def end_entry(
    plan: Plan,
    run: RunInfo,
    change: Change,
    request: Request,
    before: JsonObject | None,
    webhook_url: str | None,
    result: WriteResult,
) -> JsonObject:
    """The line after a write ended, however it ended."""
    return {
        **_schedule(plan, run, change, request, before, webhook_url),
        "status": result.status.value,
        "responseCode": result.http_status,
        "latencyMs": result.latency_ms,
        "attempts": result.attempts,
        "errors": [_error(each) for each in result.errors],
    }


def webhook_entry(plan: Plan, run: RunInfo, webhook: Webhook, result: WebhookResult | None) -> JsonObject:
    """The line before (`result` None) or after a webhook's registration."""
    return {
        **_common(plan, run, WEBHOOK_ACTION),
        "name": webhook.name,
        "webhookSyncUrl": webhook.url,
        "status": PENDING if result is None else result.status.value,
        "errors": [_error(each) for each in result.errors] if result is not None else [],
    }


def _common(plan: Plan, run: RunInfo, action: str) -> JsonObject:
    return {
        "action": action,
        "tenant": plan.tenant,
        "digest": plan.digest,
        "revision": plan.revision,
        "actor": run.actor,
        "runId": run.run_id,
        "force": run.force,
    }


def _schedule(
    plan: Plan,
    run: RunInfo,
    change: Change,
    request: Request,
    before: JsonObject | None,
    webhook_url: str | None,
) -> JsonObject:
    body = request.body
    return {
        **_common(plan, run, SCHEDULE_ACTION),
        "campaignId": change.campaign_id,
        "scheduleId": change.schedule_id,
        "timezone": body["timezone"],
        "maxDailyCalls": sum(window["maxCallsPerDay"] for window in body["scheduleDetails"]),
        "complianceRules": sorted(body["complianceRules"]["regulatoryPauses"]),
        "before": before,
        "body": body,
        "webhookSyncUrl": webhook_url,
    }


def _error(error: WriteError) -> JsonObject:
    return {"code": error.code, "message": error.message, "retryable": error.retryable}
