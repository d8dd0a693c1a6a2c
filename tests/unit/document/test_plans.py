"""Plans and findings as documents: their keys in order, their schema, and nothing lost."""

from __future__ import annotations

import json
from collections.abc import Sequence

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.canonical import dumps
from reconciler.document.finding_document import findings_document
from reconciler.document.plan_document import plan_document, plans_document
from reconciler.document.saved_plans import parse_plans
from reconciler.findings import Finding, Location, Severity
from reconciler.model import JsonObject, Plan
from reconciler.schema_files import load_schema

SCHEMA = load_schema("plan")
PLAN_SCHEMA = jsonschema.Draft202012Validator(SCHEMA)
FINDINGS_SCHEMA = jsonschema.Draft202012Validator(load_schema("validate"))
SEVERAL = st.lists(st.from_type(Plan), max_size=3, unique_by=lambda plan: plan.tenant)


def test_keys_stand_in_their_documented_order(plan: Plan) -> None:
    document = plan_document(plan)
    update, create = document["changes"]
    assert list(document) == [
        "formatVersion",
        "tenant",
        "baseUri",
        "asOf",
        "revision",
        "dirty",
        "base",
        "digest",
        "summary",
        "changes",
        "webhooks",
        "unmanaged",
        "safety",
        "findings",
        "touched",
        "narrowedTo",
        "partial",
        "applied",
        "refusals",
        "callingHours",
        "closures",
        "released",
        "impact",
    ]
    assert list(document["summary"]) == [
        "create",
        "update",
        "unchanged",
        "unmanaged",
        "webhooks",
        "errors",
        "warnings",
    ]
    assert list(update) == (
        [
            "action",
            "origin",
            "campaignId",
            "scheduleId",
            "name",
            "source",
            "fields",
            "request",
            "before",
            "fingerprint",
            "allowedHours",
            "inBase",
            "impact",
        ]
    )
    assert list(update["fields"][0]) == ["path", "live", "desired", "origin", "source"]
    assert list(update["request"]) == ["method", "path", "body"]
    assert list(document["webhooks"][0])[:3] == ["action", "name", "url"]
    assert list(document["unmanaged"][0]) == ["campaignId", "scheduleId", "name"]
    assert list(document["safety"][0]) == ["limit", "allowed", "actual", "passed"]
    assert list(document["findings"][0]) == ["severity", "code", "message", "file", "line", "column"]
    assert list(document["impact"]) == ["dialingHours", "callsPerWeek", "openedDays", "closedDays"]
    assert (create["fields"], create["before"], create["fingerprint"]) == ([], None, None)


def test_values_are_those_of_the_plan(plan: Plan) -> None:
    document = plan_document(plan)
    assert document["formatVersion"] == "1"
    assert document["summary"] == {
        "create": 1,
        "update": 1,
        "unchanged": 40,
        "unmanaged": 1,
        "webhooks": 1,
        "errors": 0,
        "warnings": 1,
    }
    assert document["changes"][0]["origin"] == "conflict"
    assert document["changes"][0]["fields"][2] == {
        "path": "scheduleDetails[MONDAY 09:00:00].maxCallsPerDay",
        "live": 5000,
        "desired": 4000,
        "origin": "change",
        "source": {"file": "schedules/cam_001.yaml", "line": 11, "column": 25},
    }
    assert document["safety"][0] == {
        "limit": "maxChangedPercent",
        "allowed": 30,
        "actual": 45.5,
        "passed": False,
    }
    assert json.dumps(document["safety"][1]["allowed"]) == "9", "a whole number has no fraction"
    assert document["findings"][0]["file"] is None


def test_one_tenant_is_the_object_and_several_are_a_list(plan: Plan, empty_plan: Plan) -> None:
    assert plans_document([plan]) == plan_document(plan)
    both = plans_document([plan, empty_plan])
    assert both == {"formatVersion": "1", "plans": [plan_document(plan), plan_document(empty_plan)]}
    assert plans_document([]) == {"formatVersion": "1", "plans": []}


@given(plans=SEVERAL)
def test_nothing_is_lost_on_the_way_through_the_document(plans: list[Plan]) -> None:
    document = plans_document(plans)
    assert parse_plans(json.dumps(document)) == tuple(plans)
    assert parse_plans(dumps(document)) == tuple(plans)


@given(plans=SEVERAL)
def test_documents_keep_the_schema_and_add_no_key_to_it(plans: list[Plan]) -> None:
    document = plans_document(plans)
    PLAN_SCHEMA.validate(document)
    for plan in document.get("plans", [document]):
        assert_described(plan, SCHEMA["$defs"]["plan"], SCHEMA)


def assert_described(value: object, schema: JsonObject, root: JsonObject) -> None:
    """Every key of `value` is one that `schema` describes."""
    if "$ref" in schema:
        schema = root["$defs"][schema["$ref"].removeprefix("#/$defs/")]
    if isinstance(value, dict) and "oneOf" in schema:
        schema = next(form for form in schema["oneOf"] if form["type"] == "object")
    if isinstance(value, dict) and "properties" in schema:
        assert set(value) <= set(schema["properties"])
        for key, inner in value.items():
            assert_described(inner, schema["properties"][key], root)
    elif isinstance(value, list) and "items" in schema:
        for inner in value:
            assert_described(inner, schema["items"], root)


@pytest.mark.parametrize("key", ["tenant", "digest", "changes", "summary", "findings"])
def test_the_schema_asks_for_every_documented_key(plan: Plan, key: str) -> None:
    document = plan_document(plan)
    del document[key]
    assert not PLAN_SCHEMA.is_valid(document)


def test_the_schema_knows_that_an_update_has_a_fingerprint(plan: Plan) -> None:
    document = plan_document(plan)
    document["changes"][0]["fingerprint"] = None
    assert not PLAN_SCHEMA.is_valid(document)


@given(findings=st.lists(st.from_type(Finding), max_size=4), files=st.integers(0, 9))
def test_findings_are_one_document_with_a_summary(findings: Sequence[Finding], files: int) -> None:
    document = findings_document(findings, files, 7)
    FINDINGS_SCHEMA.validate(document)
    assert list(document) == ["summary", "findings"]
    assert document["summary"] == {
        "files": files,
        "schedules": 7,
        "errors": [finding.severity for finding in findings].count(Severity.ERROR),
        "warnings": [finding.severity for finding in findings].count(Severity.WARNING),
    }
    assert [fault["message"] for fault in document["findings"]] == [finding.message for finding in findings]


def test_a_finding_says_its_place() -> None:
    found = Finding(Severity.ERROR, "window-overlap", "two overlap", Location("a.yaml", 9, 7))
    assert findings_document([found], 1, 1)["findings"] == [
        {
            "severity": "error",
            "code": "window-overlap",
            "message": "two overlap",
            "file": "a.yaml",
            "line": 9,
            "column": 7,
        }
    ]
