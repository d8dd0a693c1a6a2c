"""The lines of a journal: what is kept of each write and each registration, and what the lines say of each run.

Every operation has two lines, one before it is sent (`PENDING`) and one when it ended. So a run that stopped half way
shows what is open: the operations whose last line is still `PENDING`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..model import Change, JsonObject, Plan, Request, Webhook
from ..model.results import JournalRun, JournalView, WebhookResult, WriteResult
from .chain import HEALED, read_entries

SCHEDULE_ACTION = "SCHEDULE_WINDOW_UPSERT"
WEBHOOK_ACTION = "WEBHOOK_REGISTER"
PENDING = "PENDING"


@dataclass(frozen=True, slots=True)
class RunInfo:
    """Who applies, in which run, and why safety limits were lifted, if they were; the same for all tenants of a run."""

    run_id: str
    actor: str
    force: str | None = None


@dataclass(frozen=True, slots=True)
class EntryContext:
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

    `request` is what is sent, `before` what it replaces as it was read right before.
    """
    body = request.body
    return {
        **_common(context, SCHEDULE_ACTION, result),
        "campaignId": change.campaign_id,
        "scheduleId": change.schedule_id,
        "name": change.name,
        "timezone": body["timezone"],
        "maxDailyCalls": sum(window["maxCallsPerDay"] for window in body["scheduleDetails"]),
        "complianceRules": sorted(body["complianceRules"]["regulatoryPauses"]),
        "before": before,
        "body": body,
        "webhookSyncUrl": context.webhook_url,
        "responseCode": None if result is None else result.http_status,
        "latencyMs": None if result is None else result.latency_ms,
        "attempts": 0 if result is None else result.attempts,
    }


def webhook_entry(context: EntryContext, webhook: Webhook, result: WebhookResult | None = None) -> JsonObject:
    """The line before (`result` None) or after a webhook's registration; what only a schedule has is null in it, so that
    all lines have the same keys."""
    return {
        **_common(context, WEBHOOK_ACTION, result),
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


def _common(context: EntryContext, action: str, result: WriteResult | WebhookResult | None) -> JsonObject:
    errors = () if result is None else result.errors
    return {
        "action": action,
        "tenant": context.plan.tenant,
        "digest": context.plan.digest,
        "asOf": context.plan.as_of,
        "revision": context.plan.revision,
        "actor": context.run.actor,
        "runId": context.run.run_id,
        "force": context.run.force,
        "status": PENDING if result is None else result.status.value,
        "errors": [{"code": error.code, "message": error.message, "retryable": error.retryable} for error in errors],
    }


def journal_runs(path: Path) -> JournalView:
    """The journal as its runs, in the order of their first lines; JournalBrokenError where its chain does not hold."""
    read = read_entries(path)
    runs: dict[tuple[str, str], list[JsonObject]] = {}
    for entry in read.entries:
        if entry.get("action") != HEALED:
            runs.setdefault((str(entry.get("runId")), str(entry.get("tenant"))), []).append(entry)
    return JournalView(
        runs=tuple(_run(run_id, tenant, entries) for (run_id, tenant), entries in runs.items()),
        lines=len(read.entries),
        healed=sum(entry.get("action") == HEALED for entry in read.entries),
        torn=bool(read.torn),
        head=read.entries[-1]["hash"] if read.entries else None,
    )


def _run(run_id: str, tenant: str, entries: Sequence[JsonObject]) -> JournalRun:
    first = entries[0]
    last_status = {_name(entry): str(entry.get("status")) for entry in entries}
    ends = Counter(status for status in last_status.values() if status != PENDING)
    return JournalRun(
        run_id=run_id,
        tenant=tenant,
        first=str(first.get("timestamp")),
        last=str(entries[-1].get("timestamp")),
        actor=str(first.get("actor")),
        revision=first.get("revision"),
        digest=first.get("digest"),
        force=first.get("force"),
        ends=tuple(sorted(ends.items())),
        pending=tuple(sorted(name for name, status in last_status.items() if status == PENDING)),
        writes=tuple(sorted(last_status.items())),
    )


def _name(entry: JsonObject) -> str:
    if entry.get("scheduleId") is not None:
        return f"{entry.get('campaignId')}/{entry['scheduleId']} {entry.get('name')!r}"
    return f"webhook {entry.get('name')}"
