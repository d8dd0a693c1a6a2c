"""Results as a JSON document: what an apply did.

The document says which campaigns `--keep-going` left out (`leftOut`) and why a run ended early (`stopped`): a reader of the
document alone must not take such a run for a whole one.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..model import Action, JsonObject
from ..model.results import Result, Status, WebhookResult, WriteError, WriteResult
from .kinds import FLAG, FORMAT_VERSION, OBJECT, TEXT, TEXTS, count, many, optional, record, word

_ERROR = record(WriteError, code=TEXT, message=TEXT, field=optional(TEXT), hint=optional(TEXT), retryable=FLAG)
_WRITE = record(
    WriteResult,
    campaign_id=TEXT,
    schedule_id=TEXT,
    action=word(Action),
    status=word(Status),
    http_status=optional(count()),
    attempts=count(),
    latency_ms=optional(count()),
    live_status=optional(TEXT),
    errors=many(_ERROR),
)
_REGISTERED = record(WebhookResult, name=TEXT, status=word(Status), errors=many(_ERROR))
_RESULT = record(
    Result,
    tenant=TEXT,
    run_id=TEXT,
    digest=optional(TEXT),
    revision=optional(TEXT),
    summary=OBJECT,
    results=many(_WRITE),
    webhooks=many(_REGISTERED),
    latency_ms=OBJECT,
    converged=FLAG,
    interrupted=FLAG,
    journal_head=optional(TEXT),
    left_out=TEXTS,
    stopped=optional(TEXT),
)


def results_document(results: Sequence[Result]) -> JsonObject:
    """One document of all results: of one tenant the result itself, of several `{"formatVersion", "applies"}`."""
    if len(results) == 1:
        return result_document(results[0])
    return {"formatVersion": FORMAT_VERSION, "applies": [result_document(result) for result in results]}


def result_document(result: Result) -> JsonObject:
    """The document of what an apply did to one tenant."""
    return {"formatVersion": FORMAT_VERSION, **_RESULT.to_json(result)}
