"""Tokens, clients and scopes as RFC 6749 and RFC 6750 ask for."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus

import pytest

from reconciler.sandbox import SCOPES, Sandbox, SandboxOptions

if TYPE_CHECKING:
    from collections.abc import Callable

    import requests

    Launch = Callable[..., Sandbox]
    Connect = Callable[..., requests.Session]

CAMPAIGNS = "/api/v2/dialer/campaigns"
READ = "dialer:campaigns:read"


def ask(client: requests.Session, sandbox: Sandbox, data: Any = None, **options: Any) -> requests.Response:
    form = {"grant_type": "client_credentials", "scope": READ} if data is None else data
    options = {"auth": (sandbox.client_id, sandbox.client_secret)} | options
    return client.post("/oauth/token", data=form, **options)


def basic(text: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(text.encode()).decode()}


def test_a_token_carries_what_was_asked_and_is_not_cached(launch: Launch, connect: Connect) -> None:
    sandbox = launch(options=SandboxOptions(token_lifetime=120))
    answer = ask(connect(sandbox, ""), sandbox)
    assert answer.status_code == 200
    assert answer.json().keys() == {"access_token", "token_type", "expires_in", "scope"}
    assert (answer.json()["token_type"], answer.json()["expires_in"]) == ("Bearer", 120)
    assert answer.json()["scope"] == READ
    assert answer.headers["Cache-Control"] == "no-store"


def test_fewer_scopes_are_granted_and_named(launch: Launch, connect: Connect) -> None:
    sandbox = launch(options=SandboxOptions(grants=(READ, "wfm:schedules:read")))
    client = connect(sandbox, "")
    form = {"grant_type": "client_credentials", "scope": f"webhooks:read {READ}"}
    answer = ask(client, sandbox, form)
    assert answer.json()["scope"] == READ
    client.headers["Authorization"] = "Bearer " + answer.json()["access_token"]
    assert client.get(CAMPAIGNS).status_code == 200
    refused = client.get("/api/v2/webhooks")
    assert refused.status_code == 403
    assert "webhooks:read" in refused.json()["message"]
    assert 'scope="webhooks:read"' in refused.headers["WWW-Authenticate"]


def test_a_strict_tenant_refuses_instead_of_granting_fewer(launch: Launch, connect: Connect) -> None:
    sandbox = launch(options=SandboxOptions(grants=(READ,), strict_scopes=True))
    client = connect(sandbox, "")
    both = {"grant_type": "client_credentials", "scope": f"webhooks:read {READ}"}
    assert ask(client, sandbox, both).json()["error"] == "invalid_scope"
    assert ask(client, sandbox).json()["scope"] == READ


def test_a_tenant_may_leave_the_scopes_unsaid(launch: Launch, connect: Connect) -> None:
    sandbox = launch(options=SandboxOptions(names_scopes=False))
    assert "scope" not in ask(connect(sandbox, ""), sandbox).json()


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"scope": READ}, "invalid_request"),
        ({"grant_type": "password", "scope": READ}, "unsupported_grant_type"),
        ({"grant_type": "client_credentials"}, "invalid_request"),
        ({"grant_type": "client_credentials", "scope": ""}, "invalid_scope"),
        ({"grant_type": "client_credentials", "scope": "admin"}, "invalid_scope"),
        ({"grant_type": "client_credentials", "scope": f'{READ} "\\ü'}, "invalid_scope"),
        ({"grant_type": "client_credentials", "scope": "dialer:campaigns:write"}, "invalid_scope"),
        ([("grant_type", "client_credentials"), ("scope", READ), ("scope", READ)], "invalid_request"),
    ],
)
def test_a_wrong_request_gets_the_error_of_the_rfc(launch: Launch, connect: Connect, form: Any, error: str) -> None:
    sandbox = launch(options=SandboxOptions(grants=(READ,)))
    answer = ask(connect(sandbox, ""), sandbox, form)
    assert (answer.status_code, answer.json()["error"]) == (400, error)
    assert answer.json()["error_description"].isascii()
    assert not set('"\\') & set(answer.json()["error_description"])


def test_only_a_form_is_a_token_request(launch: Launch, connect: Connect) -> None:
    sandbox = launch()
    answer = ask(connect(sandbox, ""), sandbox, "{}", headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        basic("sandbox:wrong"),
        basic("other:secret"),
        basic("sandbox"),
        {"Authorization": "Bearer secret"},
        {"Authorization": "Basic ???"},
    ],
)
def test_a_wrong_client_is_challenged(launch: Launch, connect: Connect, headers: dict[str, str]) -> None:
    sandbox = launch(client_secret="secret")
    answer = ask(connect(sandbox, ""), sandbox, auth=None, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert answer.headers["WWW-Authenticate"].startswith("Basic")


@pytest.mark.parametrize("encoded", [False, True])
def test_a_secret_of_any_characters_works_as_it_is_and_form_encoded(
    launch: Launch, connect: Connect, encoded: bool
) -> None:
    sandbox = launch(client_id="id%2B", client_secret="a+b%20c:ü")
    pair = f"{sandbox.client_id}:{sandbox.client_secret}"
    if encoded:
        pair = f"{quote_plus(sandbox.client_id)}:{quote_plus(sandbox.client_secret)}"
    answer = ask(connect(sandbox, ""), sandbox, auth=None, headers=basic(pair))
    assert answer.status_code == 200


@pytest.mark.parametrize("header", [None, "Bearer", "Bearer nonsense", "Basic c2FuZGJveDo=", "nonsense"])
def test_a_request_without_a_known_token_is_challenged(launch: Launch, connect: Connect, header: str | None) -> None:
    client = connect(launch(), "")
    answer = client.get(CAMPAIGNS, headers={"Authorization": header} if header else {})
    assert answer.status_code == 401
    assert answer.json()["message"]
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_token_ends_with_its_lifetime(launch: Launch, connect: Connect) -> None:
    now = [100.0]
    sandbox = launch(options=SandboxOptions(token_lifetime=60), clock=lambda: now[0])
    client = connect(sandbox)
    now[0] = 159.9
    assert client.get(CAMPAIGNS).status_code == 200
    now[0] = 160.0
    assert client.get(CAMPAIGNS).status_code == 401


def test_a_revoked_token_is_unknown_and_a_new_one_is_not(launch: Launch, connect: Connect) -> None:
    sandbox = launch()
    old = connect(sandbox)
    sandbox.revoke_tokens()
    assert old.get(CAMPAIGNS).status_code == 401
    assert connect(sandbox).get(CAMPAIGNS).status_code == 200


@pytest.mark.parametrize("missing", SCOPES)
def test_each_operation_asks_for_its_own_scope(launch: Launch, connect: Connect, missing: str) -> None:
    sandbox = launch()
    client = connect(sandbox, " ".join(scope for scope in SCOPES if scope != missing))
    requests_by_scope = {
        "dialer:campaigns:read": [
            ("GET", CAMPAIGNS),
            ("GET", f"{CAMPAIGNS}/CAM_001/schedules"),
            ("GET", f"{CAMPAIGNS}/CAM_001/schedules/S1"),
        ],
        "dialer:campaigns:write": [],
        "dialer:schedules:write": [("PUT", f"{CAMPAIGNS}/CAM_001/schedules/S1")],
        "webhooks:read": [("GET", "/api/v2/webhooks")],
        "webhooks:write": [("POST", "/api/v2/webhooks")],
        "wfm:schedules:read": [("GET", "/api/v2/wfm/schedules/active")],
    }
    for scope, calls in requests_by_scope.items():
        for method, path in calls:
            answer = client.request(method, path)
            assert (answer.status_code == 403) == (scope == missing), (method, path, answer.text)
