"""The lines of a journal: what is kept of each write, of each registration, and of each run when it ends.

Every operation has two lines, one before it is sent (`PENDING`) and one when it ended. So a run that stopped half way
shows what is open: the operations whose last line is still `PENDING`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .chain import RUN_ENDED

if TYPE_CHECKING:  # whoever reads a journal needs no plan and no result
    from ..model import Change, JsonObject, Plan, Request, Webhook
    from ..model.results import Result, WebhookResult, WriteResult

SCHEDULE_ACTION = "SCHEDULE_WINDOW_UPSERT"
WEBHOOK_ACTION = "WEBHOOK_REGISTER"
PENDING = "PENDING"


class RunInfo(NamedTuple):
    """Who applies, in which run, why safety limits were lifted, if they were, who approved, and where the run can be looked
    at; the same for all tenants of a run."""

    run_id: str
    actor: str
    force: str | None = None
    approved_by: str | None = None
    run_url: str | None = None


class EntryContext(NamedTuple):
    """What all lines of one run on one tenant have in common; `webhook_url` is where workforce management listens."""

    plan: Plan
    run: RunInfo
    webhook_url: str | None


def write_entry(
    context: EntryContext,
    change: Change,
    request: Request,
    before: JsonObject | None,
    result: WriteResult | None = None,
) -> JsonObject:
    """The line before a write is sent (`result` None), or after it ended, however it ended.

    `request` is what is sent, `before` what it replaces as it was read right before; `sent` is there where an API wants another
    form than the schedule itself.
    """
    body = request.body
    return {
        **_common(context, SCHEDULE_ACTION),
        **_end(result),
        "campaignId": change.campaign_id,
        "scheduleId": change.schedule_id,
        "name": change.name,
        "timezone": body["timezone"],
        "maxDailyCalls": sum(window.get("maxCallsPerDay", 0) for window in body["scheduleDetails"]) or None,
        "complianceRules": sorted(body.get("complianceRules", {}).get("regulatoryPauses", ())),
        "before": before,
        "body": body,
        **({} if request.sent is None else {"sent": request.sent}),
        "webhookSyncUrl": context.webhook_url,
        "responseCode": None if result is None else result.http_status,
        "latencyMs": None if result is None else result.latency_ms,
        "attempts": 0 if result is None else result.attempts,
    }


def webhook_entry(context: EntryContext, webhook: Webhook, result: WebhookResult | None = None) -> JsonObject:
    """The line before (`result` None) or after a webhook's registration; what only a schedule has is null in it, so that
    all lines have the same keys."""
    return {
        **_common(context, WEBHOOK_ACTION),
        **_end(result),
        **dict.fromkeys(("campaignId", "scheduleId", "timezone", "maxDailyCalls", "complianceRules")),
        **dict.fromkeys(("before", "responseCode", "latencyMs", "attempts")),
        "name": webhook.name,
        "body": {
            "name": webhook.name,
            "url": webhook.url,
            "events": list(webhook.events),
            "status": webhook.status,
        },
        "webhookSyncUrl": webhook.url,
    }


def run_entry(context: EntryContext, result: Result) -> JsonObject:
    """The line that ends a run which passed the gate, whether there was anything to write or not.

    It is the state across runs: the revision of the last one that converged, was neither dirty nor narrowed, is the one
    that the tenant was brought to (`applied_revisions`).
    """
    plan = context.plan
    return {
        **_common(context, RUN_ENDED),
        **dict.fromkeys(("campaignId", "scheduleId", "status")),
        "baseUri": plan.base_uri,
        "dirty": plan.dirty,
        "narrowed": plan.partial,
        "campaigns": list(plan.narrowed_to),
        "base": plan.base,
        "summary": {**result.summary, "unchanged": plan.unchanged},
        "converged": result.converged,
        "interrupted": result.interrupted,
        "stopped": result.stopped,
        "leftOut": list(result.left_out),
    }


def _common(context: EntryContext, action: str) -> JsonObject:
    return {
        "action": action,
        "tenant": context.plan.tenant,
        "digest": context.plan.digest,
        "asOf": context.plan.as_of,
        "revision": context.plan.revision,
        "actor": context.run.actor,
        "runId": context.run.run_id,
        "force": context.run.force,
        "approvedBy": context.run.approved_by,
        "runUrl": context.run.run_url,
    }


def _end(result: WriteResult | WebhookResult | None) -> JsonObject:
    errors = () if result is None else result.errors
    return {
        "status": PENDING if result is None else result.status.value,
        "errors": [{"code": error.code, "message": error.message, "retryable": error.retryable} for error in errors],
    }
