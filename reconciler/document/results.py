"""What an apply did, as a JSON document with the keys in the order of design §6.

Beyond the design's keys it holds `leftOut` (campaigns that `--keep-going` left out) and `stopped` (why the run ended
early): a reader of the document alone must not take such a run for a whole one.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from ..model import Action, JsonObject, Result, Status, WebhookResult, WriteError, WriteResult
from .plans import FORMAT_VERSION


def results_document(results: Sequence[Result]) -> JsonObject:
    """One document of all results: of one tenant the result itself, of several `{"formatVersion", "applies"}`."""
    if len(results) == 1:
        return result_document(results[0])
    return {"formatVersion": FORMAT_VERSION, "applies": [result_document(result) for result in results]}


def result_document(result: Result) -> JsonObject:
    """The document of what an apply did to one tenant (design §6)."""
    return {
        "formatVersion": FORMAT_VERSION,
        "tenant": result.tenant,
        "runId": result.run_id,
        "digest": result.digest,
        "revision": result.revision,
        "summary": counts(result),
        "results": [_write(each) for each in result.results],
        "webhooks": [_webhook(each) for each in result.webhooks],
        "latencyMs": latencies(result),
        "converged": result.converged,
        "interrupted": result.interrupted,
        "journalHead": result.journal_head,
        "leftOut": list(result.left_out),
        "stopped": result.stopped,
    }


def counts(result: Result) -> dict[str, int]:
    """How many writes ended how; `webhooks` are those that were registered."""
    done = [each.action for each in result.results if each.status is Status.SUCCESS]
    ended = [each.status for each in result.results]
    return {
        "created": done.count(Action.CREATE),
        "updated": done.count(Action.UPDATE),
        "failed": ended.count(Status.FAILED),
        "stale": ended.count(Status.STALE),
        "unverified": ended.count(Status.UNVERIFIED),
        "notAttempted": ended.count(Status.NOT_ATTEMPTED),
        "webhooks": sum(each.status is Status.SUCCESS for each in result.webhooks),
    }


def latencies(result: Result) -> dict[str, int | None]:
    """Nearest-rank percentiles in milliseconds over the writes that were sent; None where none was."""
    measured = sorted(each.latency_ms for each in result.results if each.latency_ms is not None)
    return {
        "p50": _nearest_rank(measured, 50),
        "p95": _nearest_rank(measured, 95),
        "max": measured[-1] if measured else None,
    }


def _nearest_rank(ordered: Sequence[int], percent: int) -> int | None:
    return ordered[ceil(percent * len(ordered) / 100) - 1] if ordered else None


def _write(each: WriteResult) -> JsonObject:
    return {
        "campaignId": each.campaign_id,
        "scheduleId": each.schedule_id,
        "action": each.action.value,
        "status": each.status.value,
        "httpStatus": each.http_status,
        "attempts": each.attempts,
        "latencyMs": each.latency_ms,
        "liveStatus": each.live_status,
        "errors": [_error(error) for error in each.errors],
    }


def _webhook(each: WebhookResult) -> JsonObject:
    return {
        "name": each.name,
        "status": each.status.value,
        "errors": [_error(error) for error in each.errors],
    }


def _error(error: WriteError) -> JsonObject:
    return {
        "code": error.code,
        "message": error.message,
        "field": error.field,
        "hint": error.hint,
        "retryable": error.retryable,
    }
