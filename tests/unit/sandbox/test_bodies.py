"""Bodies are checked as strictly as the contract says, and refusals say why."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from ruamel.yaml import YAML
from werkzeug.exceptions import BadRequest, HTTPException, MethodNotAllowed, NotFound, RequestEntityTooLarge

from reconciler.sandbox import Sandbox
from reconciler.sandbox.bodies import SCHEDULE_SCHEMA, WEBHOOK_SCHEMA, encode, from_http_exception, refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    import requests

    Launch = Callable[..., Sandbox]
    Connect = Callable[..., requests.Session]
    Body = Callable[..., dict[str, Any]]


def test_any_string_survives_as_ascii() -> None:
    for text in ("ü", "\ud800", "\x00\u2028", "🙂", '"\\'):
        assert encode([text]).isascii()
        assert json.loads(encode([text])) == [text]


def test_a_refusal_says_why_and_where() -> None:
    answer = refusal(400, "not valid", errors=[("name", "is required")], headers={"X-Why": "test"})
    assert answer.status_code == 400
    assert answer.headers["X-Why"] == "test"
    assert answer.get_json() == {
        "message": "not valid",
        "errors": [{"field": "name", "message": "is required"}],
    }


def test_a_refusal_without_fields_has_no_errors() -> None:
    assert refusal(404, "gone").get_json() == {"message": "gone"}


@pytest.mark.parametrize(
    ("error", "status", "headers"),
    [
        (NotFound(), 404, {}),
        (BadRequest("no such host"), 400, {}),
        (MethodNotAllowed(["PUT", "GET"]), 405, {"Allow": "GET, PUT"}),
        (RequestEntityTooLarge(), 413, {}),
    ],
)
def test_refusals_of_the_library_are_json_too(error: HTTPException, status: int, headers: dict[str, str]) -> None:
    answer = from_http_exception(error)
    assert (answer.status_code, answer.mimetype) == (status, "application/json")
    assert answer.get_json()["message"]
    assert headers.items() <= dict(answer.headers).items()


CONTRACT = Path(__file__).parents[2] / "contract" / "cxone-dialer.openapi.yaml"
KEYWORDS = ("type", "enum", "minimum", "maximum", "minLength", "minItems")


def shape(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    """A schema with its references resolved and only what decides; server-managed properties left out."""
    if "$ref" in schema:
        return shape(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    found = {keyword: schema[keyword] for keyword in KEYWORDS if keyword in schema}
    if "pattern" in schema:
        found["pattern"] = True
    if "items" in schema:
        found["items"] = shape(schema["items"], schemas)
    if "properties" in schema:
        found["required"] = sorted(schema["required"])
        found["properties"] = {
            name: shape(item, schemas) for name, item in schema["properties"].items() if not item.get("readOnly")
        }
    return found


def test_the_bodies_are_those_of_the_contract() -> None:
    schemas = YAML(typ="safe").load(CONTRACT)["components"]["schemas"]
    assert shape(SCHEDULE_SCHEMA, {}) == shape(schemas["SchedulePut"], schemas)
    assert shape(WEBHOOK_SCHEMA, {}) == shape(schemas["Webhook"], schemas)


def test_a_time_is_matched_to_its_very_end() -> None:
    pattern = SCHEDULE_SCHEMA["properties"]["scheduleDetails"]["items"]["properties"]["startTime"]["pattern"]
    assert all(re.search(pattern, time) for time in ("00:00:00", "09:30:59", "19:00:00", "23:59:59"))
    wrong = ("24:00:00", "9:00:00", "09:60:00", "09:00:60", "09:00", "09:00:00\n", " 09:00:00", "0٩:00:00")
    assert not any(re.search(pattern, time) for time in wrong)


PATH = "/api/v2/dialer/campaigns/CAM_001/schedules/S1"
HOOK = {"name": "WFM_Sync_S1", "url": "https://wfm.example/hook", "events": ["a"], "status": "ENABLED"}


def change(body: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """The body with the value at a dotted path set, or removed where it is ..."""
    *parents, last = (int(part) if part.isdecimal() else part for part in path.split("."))
    place: Any = body
    for part in parents:
        place = place[part]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return body


def fields(answer: requests.Response) -> set[str]:
    assert answer.status_code == 400, answer.text
    assert answer.json()["message"]
    assert all(error["message"] for error in answer.json()["errors"])
    return {error["field"] for error in answer.json()["errors"]}


FAULTS = [
    ("id", "S2", "id"),
    ("id", "", "id"),
    ("id", ..., "id"),
    ("name", "", "name"),
    ("name", None, "name"),
    ("campaignId", "CAM_002", "campaignId"),
    ("timezone", "America/Newyork", "timezone"),
    ("timezone", "america/new_york", "timezone"),
    ("timezone", 5, "timezone"),
    ("scheduleDetails", [], "scheduleDetails"),
    ("scheduleDetails", {}, "scheduleDetails"),
    ("scheduleDetails.0", "MONDAY", "scheduleDetails[0]"),
    ("scheduleDetails.0.dayOfWeek", "monday", "scheduleDetails[0].dayOfWeek"),
    ("scheduleDetails.0.startTime", "09:00", "scheduleDetails[0].startTime"),
    ("scheduleDetails.0.startTime", "09:00:00\n", "scheduleDetails[0].startTime"),
    ("scheduleDetails.0.startTime", "\ud800", "scheduleDetails[0].startTime"),
    ("scheduleDetails.0.endTime", "24:00:00", "scheduleDetails[0].endTime"),
    ("scheduleDetails.0.endTime", "09:00:00", "scheduleDetails[0].endTime"),
    ("scheduleDetails.0.endTime", "08:59:59", "scheduleDetails[0].endTime"),
    ("scheduleDetails.0.maxCallsPerDay", 0, "scheduleDetails[0].maxCallsPerDay"),
    ("scheduleDetails.0.maxCallsPerDay", 100_001, "scheduleDetails[0].maxCallsPerDay"),
    ("scheduleDetails.0.maxCallsPerDay", 10.5, "scheduleDetails[0].maxCallsPerDay"),
    ("scheduleDetails.0.maxCallsPerDay", True, "scheduleDetails[0].maxCallsPerDay"),
    ("scheduleDetails.0.maxCallsPerDay", "10", "scheduleDetails[0].maxCallsPerDay"),
    ("scheduleDetails.0.maxCallsPerDay", 10**400, "scheduleDetails[0].maxCallsPerDay"),
    ("scheduleDetails.0.maxCallsPerHour", 10_001, "scheduleDetails[0].maxCallsPerHour"),
    ("scheduleDetails.0.predictiveRate", 0.09, "scheduleDetails[0].predictiveRate"),
    ("scheduleDetails.0.predictiveRate", 3.01, "scheduleDetails[0].predictiveRate"),
    ("scheduleDetails.0.predictiveRate", ..., "scheduleDetails[0].predictiveRate"),
    ("scheduleDetails.0.maxCallsPerAgentPerDay", 501, "scheduleDetails[0].maxCallsPerAgentPerDay"),
    ("blackoutPeriods", ..., "blackoutPeriods"),
    ("blackoutPeriods.0.reason", "x", "blackoutPeriods[0].reason"),
    ("blackoutPeriods.0.endTime", "11:59:59", "blackoutPeriods[0].endTime"),
    ("blackoutPeriods.0.appliesToAllDays", "yes", "blackoutPeriods[0].appliesToAllDays"),
    ("complianceRules.regulatoryPauses", ["GDPR"], "complianceRules.regulatoryPauses[0]"),
    ("complianceRules.enableComplianceInjection", ..., "complianceRules.enableComplianceInjection"),
]


def test_each_fault_is_refused_at_its_field(launch: Launch, connect: Connect, body: Body) -> None:
    sandbox = launch()
    client = connect(sandbox)
    for path, value, field in FAULTS:
        answer = client.put(PATH, json=change(body(), path, value))
        assert fields(answer) == {field}, (path, value)
    assert sandbox.store.schedules("CAM_001") == ()


def test_all_faults_are_told_at_once_and_in_order(launch: Launch, connect: Connect, body: Body) -> None:
    wrong = body()
    for path, value, _ in [FAULTS[2], FAULTS[6], FAULTS[26], FAULTS[13], FAULTS[30], FAULTS[34]]:
        change(wrong, path, value)
    answer = connect(launch()).put(PATH, json=wrong)
    assert [error["field"] for error in answer.json()["errors"]] == [
        "blackoutPeriods",
        "complianceRules.regulatoryPauses[0]",
        "id",
        "scheduleDetails[0].predictiveRate",
        "scheduleDetails[0].startTime",
        "timezone",
    ]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("scheduleDetails.0.maxCallsPerDay", 100_000),
        ("scheduleDetails.0.maxCallsPerDay", 1),
        ("scheduleDetails.0.maxCallsPerDay", 5000.0),
        ("scheduleDetails.0.predictiveRate", 0.1),
        ("scheduleDetails.0.predictiveRate", 3),
        ("scheduleDetails.0.endTime", "09:00:01"),
        ("scheduleDetails.0.endTime", "23:59:59"),
        ("blackoutPeriods", []),
        ("complianceRules.regulatoryPauses", []),
        ("timezone", "US/Eastern"),
        ("timezone", "UTC"),
        ("name", "Wochentags \ud800 🙂"),
        ("\ud800", 10**400),
        ("dialMode", {"of": ["the", "console"]}),
    ],
)
def test_what_the_contract_allows_is_taken_as_it_is(
    launch: Launch, connect: Connect, body: Body, path: str, value: Any
) -> None:
    sent = change(body(), path, value)
    answer = connect(launch()).put(PATH, json=sent)
    assert answer.status_code == 201, answer.text
    assert answer.json().items() >= sent.items()


@pytest.mark.parametrize(
    "text",
    ["", "{", "{'a': 1}", "[NaN]", '{"a": 1e999}', "\ufeff{}", "[" * 100_000, '{"a": "\x01"}', "1" * 5000],
)
def test_what_is_not_json_is_refused(launch: Launch, connect: Connect, text: str) -> None:
    headers = {"Content-Type": "application/json"}
    answer = connect(launch()).put(PATH, data=text.encode(), headers=headers)
    assert answer.status_code == 400
    assert answer.json()["message"]


@pytest.mark.parametrize("value", [None, [], "text", 5, True])
def test_json_that_is_no_object_is_refused(launch: Launch, connect: Connect, value: Any) -> None:
    client = connect(launch())
    assert client.put(PATH, json=value, headers={"Content-Type": "application/json"}).status_code == 400
    assert (
        client.post(
            "/api/v2/webhooks", data=json.dumps(value), headers={"Content-Type": "application/json"}
        ).status_code
        == 400
    )


def test_only_json_is_a_body(launch: Launch, connect: Connect, body: Body) -> None:
    headers = {"Content-Type": "text/plain"}
    answer = connect(launch()).put(PATH, data=json.dumps(body()), headers=headers)
    assert answer.status_code == 400
    assert "application/json" in answer.json()["message"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("name", ...),
        ("name", 5),
        ("url", "example"),
        ("url", "https://a b"),
        ("url", None),
        ("events", "a"),
        ("events", [1]),
        ("status", "enabled"),
        ("status", ...),
    ],
)
def test_a_wrong_webhook_is_refused_at_its_field(launch: Launch, connect: Connect, name: str, value: Any) -> None:
    sandbox = launch()
    answer = connect(sandbox).post("/api/v2/webhooks", json=change(dict(HOOK), name, value))
    assert {field.partition("[")[0] for field in fields(answer)} == {name}
    assert sandbox.store.webhooks == ()
