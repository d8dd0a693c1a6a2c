"""The running sandbox is held against the OpenAPI document with generated requests, valid and invalid.

What the document cannot say (a body's ids are those of the path, an end is after its start, a zone exists, a scope is
known) is put right in the valid ones, so that each of them must be accepted; the invalid ones must all be refused.
"""

from __future__ import annotations

import base64
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest
import requests
import schemathesis
from hypothesis import settings
from ruamel.yaml import YAML
from schemathesis import AuthContext, Case
from schemathesis.generation import GenerationMode

from reconciler.sandbox import SCOPES, Sandbox
from reconciler.sandbox.options import ENDPOINTS

if TYPE_CHECKING:
    from collections.abc import Iterator

CONTRACT = Path(__file__).parents[2] / "contract" / "cxone-dialer.openapi.yaml"
CAMPAIGN = "CAM_001"


def credentials(sandbox: Sandbox) -> dict[str, str]:
    """The Authorization header of each operation."""
    client = (sandbox.client_id, sandbox.client_secret)
    form = {"grant_type": "client_credentials", "scope": " ".join(SCOPES)}
    token = requests.post(sandbox.base_uri + "/oauth/token", data=form, auth=client, timeout=5).json()
    basic = "Basic " + base64.b64encode(":".join(client).encode()).decode()
    bearer = "Bearer " + token["access_token"]
    return {one.operation: bearer if one.scope else basic for one in ENDPOINTS}


schema = schemathesis.openapi.from_path(CONTRACT)


@pytest.fixture(scope="module")
def base_uri() -> Iterator[str]:
    with Sandbox(campaigns=[CAMPAIGN]) as sandbox:
        headers = credentials(sandbox)

        @schema.auth(cache_by_key=lambda case, _context: operation(case))
        class _Auth:
            def get(self, case: Case[Any], _context: AuthContext) -> str:
                return headers[operation(case)]

            def set(self, case: Case[Any], data: str, _context: AuthContext) -> None:
                case.headers["Authorization"] = data

        yield sandbox.base_uri


def operation(case: Case[Any]) -> str:
    return str(case.operation.definition.raw["operationId"])


def meant_well(case: Case[Any]) -> bool:
    return case.meta is not None and case.meta.generation.mode == GenerationMode.POSITIVE


def put_right(case: Case[Any]) -> None:
    """Makes a valid request one that also makes sense."""
    body: Any = case.body
    if operation(case) == "issueToken":
        body["scope"] = "webhooks:read wfm:schedules:read"
    if operation(case) == "putSchedule":
        case.path_parameters["campaignId"] = CAMPAIGN
        for condition in ("If-Match", "If-None-Match"):
            case.headers.pop(condition, None)
        schedule_id = unquote(case.path_parameters["scheduleId"])
        body |= {"id": schedule_id, "campaignId": CAMPAIGN, "timezone": "America/New_York"}
        for span in (*body["scheduleDetails"], *body["blackoutPeriods"]):
            span |= {"startTime": "09:00:00", "endTime": "17:00:00"}


@schema.parametrize()
@settings(max_examples=25, derandomize=True, deadline=None, database=None)
def test_sandbox_keeps_the_contract(case: Case[Any], base_uri: str) -> None:
    if meant_well(case):
        put_right(case)
    case.call_and_validate(base_url=base_uri)


def test_the_endpoints_are_those_of_the_contract() -> None:
    document: dict[str, Any] = YAML(typ="safe").load(CONTRACT)
    described = set()
    for path, item in document["paths"].items():
        for method in ("get", "put", "post"):
            if method in item:
                security = item[method]["security"][0]
                scope = next(iter(security["oauth"])) if "oauth" in security else None
                described.add((item[method]["operationId"], method.upper(), path, scope))
    assert {(one.operation, one.method, one.path, one.scope) for one in ENDPOINTS} == described
