"""What apply did, as a document: their keys in order, their schema, and honest figures."""

from __future__ import annotations

from dataclasses import replace

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.document.result_document import result_document, results_document
from reconciler.model import Action
from reconciler.model.results import Result, Status, WriteResult
from reconciler.schema_files import load_schema

SCHEMA = jsonschema.Draft202012Validator(load_schema("result"))


def test_keys_stand_in_their_documented_order(result: Result) -> None:
    document = result_document(result)
    assert list(document) == [
        "formatVersion",
        "tenant",
        "runId",
        "digest",
        "revision",
        "summary",
        "results",
        "webhooks",
        "latencyMs",
        "converged",
        "interrupted",
        "journalHead",
        "leftOut",
        "stopped",
    ]
    assert list(document["summary"]) == (
        ["created", "updated", "failed", "stale", "unverified", "notAttempted", "webhooks"]
    )
    assert list(document["results"][0]) == (
        [
            "campaignId",
            "scheduleId",
            "action",
            "status",
            "httpStatus",
            "attempts",
            "latencyMs",
            "liveStatus",
            "errors",
        ]
    )
    assert list(document["results"][0]["errors"][0]) == ["code", "message", "field", "hint", "retryable"]
    assert list(document["webhooks"][0]) == ["name", "status", "errors"]
    assert list(document["latencyMs"]) == ["p50", "p95", "max"]


def test_a_bad_day_is_told_as_it_was(result: Result) -> None:
    document = result_document(result)
    assert document["summary"] == {
        "created": 1,
        "updated": 0,
        "failed": 1,
        "stale": 0,
        "unverified": 0,
        "notAttempted": 1,
        "webhooks": 0,
    }
    assert (document["converged"], document["interrupted"]) == (False, True)
    assert document["leftOut"] == ["CAM_009"]
    assert document["stopped"] == "five server failures in a row"
    assert document["results"][2]["latencyMs"] is None


@given(statuses=st.lists(st.tuples(st.sampled_from(Action), st.sampled_from(Status)), max_size=12))
def test_every_write_is_counted_once(statuses: list[tuple[Action, Status]]) -> None:
    writes = tuple(WriteResult("c", str(n), action, status) for n, (action, status) in enumerate(statuses))
    empty = Result("t", "r", None, None, writes, (), True, False, None)
    summary = result_document(empty)["summary"]
    assert summary.pop("webhooks") == 0
    assert sum(summary.values()) == len(statuses)
    assert summary["created"] == statuses.count((Action.CREATE, Status.SUCCESS))
    assert summary["updated"] == statuses.count((Action.UPDATE, Status.SUCCESS))


@pytest.mark.parametrize(
    ("measured", "p50", "p95", "most"),
    [
        ([], None, None, None),
        ([7], 7, 7, 7),
        ([9, 1], 1, 9, 9),
        ([3, 1, 2], 2, 3, 3),
        (list(range(1, 101)), 50, 95, 100),
        (list(range(20, 0, -1)), 10, 19, 20),
        (list(range(1, 22)), 11, 20, 21),
    ],
)
def test_percentiles_are_nearest_rank_over_what_was_sent(
    converged_result: Result, measured: list[int], p50: int | None, p95: int | None, most: int | None
) -> None:
    sent = [WriteResult("c", "s", Action.UPDATE, Status.SUCCESS, latency_ms=figure) for figure in measured]
    unsent = WriteResult("c", "n", Action.UPDATE, Status.NOT_ATTEMPTED)
    document = result_document(replace(converged_result, results=(*sent, unsent)))
    assert document["latencyMs"] == {"p50": p50, "p95": p95, "max": most}


@given(results=st.lists(st.from_type(Result), max_size=3))
def test_documents_keep_the_schema(results: list[Result]) -> None:
    document = results_document(results)
    SCHEMA.validate(document)
    if len(results) == 1:
        assert document == result_document(results[0])
    else:
        assert document == {"formatVersion": "1", "applies": [result_document(result) for result in results]}


def test_the_schema_asks_for_every_documented_key(result: Result) -> None:
    document = result_document(result)
    for key in set(document) - {"leftOut", "stopped"}:
        assert not SCHEMA.is_valid({name: value for name, value in document.items() if name != key}), key
