"""The sandbox of the Admin API is held against its OpenAPI document with generated requests, valid and invalid.

What the document cannot say (a skill exists, a key is right, an open day has times) is put right in the valid ones, so that
each of them must be accepted; the invalid ones must all be refused.
"""

from __future__ import annotations

import base64
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests
import schemathesis
from hypothesis import settings
from schemathesis import AuthContext, Case
from schemathesis.generation import GenerationMode

from reconciler.sandbox import AdminSandbox
from reconciler.sandbox.admin_tokens import TENANT_ID
from reconciler.sandbox.skill_store import SKILL_DAYS

if TYPE_CHECKING:
    from collections.abc import Iterator

CONTRACT = Path(__file__).parents[2] / "contract" / "cxone-admin.openapi.yaml"
QUIRKS = [
    set[str](),
    {"text-numbers", "text-booleans", "seconds", "no-links"},
    {"words-in-body", "no-content"},
    {"bare-word"},
]

schema = schemathesis.openapi.from_path(CONTRACT)


def operation(case: Case[Any]) -> str:
    return str(case.operation.definition.raw["operationId"])


@pytest.fixture(scope="module")
def box() -> Iterator[AdminSandbox]:
    with AdminSandbox(skills=[("1001", "Sales", "4711"), ("1001", "Care", None), ("1002", "Sales", None)]) as sandbox:
        keys = sandbox.keys
        body = {"accessKeyId": keys.access_key_id, "accessKeySecret": keys.access_key_secret}
        url = f"{sandbox.base_uri}/authentication/v1/token/access-key"
        bearer = f"Bearer {requests.post(url, json=body, timeout=5).json()['access_token']}"
        basic = "Basic " + base64.b64encode(f"{keys.client_id}:{keys.client_secret}".encode()).decode()

        @schema.auth(cache_by_key=lambda case, _context: operation(case))
        class _Auth:
            def get(self, case: Case[Any], _context: AuthContext) -> str:
                return basic if operation(case) == "signInByPassword" else bearer

            def set(self, case: Case[Any], data: str, _context: AuthContext) -> None:
                case.headers["Authorization"] = data

        yield sandbox


def put_right(case: Case[Any], box: AdminSandbox) -> None:
    """Makes a valid request one that also makes sense."""
    body: Any = case.body
    match operation(case):
        case "findApi":
            case.query["tenantId"] = TENANT_ID
        case "signInByPassword":
            body |= {"username": box.keys.access_key_id, "password": box.keys.access_key_secret}
        case "signInByAccessKey":
            body |= {"accessKeyId": box.keys.access_key_id, "accessKeySecret": box.keys.access_key_secret}
        case "readScheduleSettings" | "writeScheduleSettings":
            case.path_parameters["skillId"] = "4711"
    if operation(case) == "writeScheduleSettings":
        for day in SKILL_DAYS:
            body["scheduleSettings"] |= {f"{day}StartTime": "09:00", f"{day}EndTime": "17:00"}


@pytest.mark.parametrize("quirks", QUIRKS, ids=lambda quirks: "+".join(sorted(quirks)) or "plain")
@schema.parametrize()
@settings(max_examples=8, derandomize=True, deadline=None, database=None)
def test_sandbox_keeps_the_contract(case: Case[Any], box: AdminSandbox, quirks: set[str]) -> None:
    box.quirks.clear()
    box.quirks.update(quirks)
    if case.meta is not None and case.meta.generation.mode == GenerationMode.POSITIVE:
        put_right(case, box)
    case.call_and_validate(base_url=box.base_uri)
