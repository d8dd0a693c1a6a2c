"""What the journal keeps of each write (design §6.7): pure functions from a write to its line."""

from __future__ import annotations

from dataclasses import dataclass

from ..model import Change, JsonObject, Plan, Request, Webhook, WebhookResult, WriteError, WriteResult
from .values import RunInfo

SCHEDULE_ACTION = "SCHEDULE_WINDOW_UPSERT"
WEBHOOK_ACTION = "WEBHOOK_REGISTER"
PENDING = "PENDING"
_OF_SCHEDULES = dict.fromkeys(
    (
        "campaignId",
        "scheduleId",
        "timezone",
        "maxDailyCalls",
        "complianceRules",
        "before",
        "responseCode",
        "latencyMs",
        "attempts",
    )
)


@dataclass(frozen=True, slots=True)
class Context:
    """What all lines of one run on one tenant have in common; `webhook_url` is where workforce management listens."""

    plan: Plan
    run: RunInfo
    webhook_url: str | None


def write_entry(
    context: Context,
    change: Change,
    request: Request,
    before: JsonObject | None,
    result: WriteResult | None = None,
) -> JsonObject:
    """The line before a write is sent (`result` None), or after it ended, however it ended.

    `request` is what is sent, `before` what it replaces as it was read right before.
    """
    body = request.body
    return {
        **_common(context, SCHEDULE_ACTION),
        "campaignId": change.campaign_id,
        "scheduleId": change.schedule_id,
        "name": change.name,
        "timezone": body["timezone"],
        "maxDailyCalls": sum(window["maxCallsPerDay"] for window in body["scheduleDetails"]),
        "complianceRules": sorted(body["complianceRules"]["regulatoryPauses"]),
        "before": before,
        "body": body,
        "webhookSyncUrl": context.webhook_url,
        "status": PENDING if result is None else result.status.value,
        "responseCode": None if result is None else result.http_status,
        "latencyMs": None if result is None else result.latency_ms,
        "attempts": 0 if result is None else result.attempts,
        "errors": [] if result is None else [_error(each) for each in result.errors],
    }


def webhook_entry(context: Context, webhook: Webhook, result: WebhookResult | None = None) -> JsonObject:
    """The line before (`result` None) or after a webhook's registration; what only a schedule has is null in it, so that
    all lines have the same keys."""
    return {
        **_common(context, WEBHOOK_ACTION),
        **_OF_SCHEDULES,
        "name": webhook.name,
        "body": {
            "name": webhook.name,
            "url": webhook.url,
            "events": list(webhook.events),
            "status": webhook.status,
        },
        "webhookSyncUrl": webhook.url,
        "status": PENDING if result is None else result.status.value,
        "errors": [] if result is None else [_error(each) for each in result.errors],
    }


def _common(context: Context, action: str) -> JsonObject:
    return {
        "action": action,
        "tenant": context.plan.tenant,
        "digest": context.plan.digest,
        "asOf": context.plan.as_of,
        "revision": context.plan.revision,
        "actor": context.run.actor,
        "runId": context.run.run_id,
        "force": context.run.force,
    }


def _error(error: WriteError) -> JsonObject:
    return {"code": error.code, "message": error.message, "retryable": error.retryable}
