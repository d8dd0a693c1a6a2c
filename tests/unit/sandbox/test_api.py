"""Each operation over HTTP: what is answered, and what the tenant then holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from reconciler.sandbox import Sandbox, SandboxOptions

if TYPE_CHECKING:
    from collections.abc import Callable

    import requests

    Launch = Callable[..., Sandbox]
    Connect = Callable[..., requests.Session]
    Body = Callable[..., dict[str, Any]]

CAMPAIGNS = "/api/v2/dialer/campaigns"
LIST = f"{CAMPAIGNS}/CAM_001/schedules"
S1 = f"{LIST}/S1"


def test_a_put_creates_then_replaces_and_answers_what_is_held(
    launch: Launch, connect: Connect, body: Body
) -> None:
    sandbox = launch()
    client = connect(sandbox)
    created = client.put(S1, json=body(dialMode="PREVIEW"))
    replaced = client.put(S1, json=body(name="Other"))
    assert (created.status_code, replaced.status_code) == (201, 200)
    assert created.json().items() >= body(dialMode="PREVIEW").items()
    assert {"status": "ACTIVE", "version": 1}.items() <= created.json().items()
    assert replaced.json()["version"] == 2
    assert "dialMode" not in replaced.json()
    assert client.get(S1).json() == replaced.json()
    assert client.get(LIST).json() == [replaced.json()]
    assert sandbox.store.schedules("CAM_001") == (replaced.json(),)


def test_the_same_put_twice_is_the_same_schedule(launch: Launch, connect: Connect, body: Body) -> None:
    client = connect(launch())
    first, second = (client.put(S1, json=body()).json() for _ in range(2))
    assert {**first, "version": 0} == {**second, "version": 0}
    assert len(client.get(LIST).json()) == 1


def test_ids_of_any_characters_are_one_schedule_each(launch: Launch, connect: Connect, body: Body) -> None:
    sandbox = launch(campaigns=["a/b ü"])
    client = connect(sandbox)
    segments = {"x/y": "x%2Fy", "x%2Fy": "x%252Fy", "ü?#": "%C3%BC%3F%23", "x y": "x%20y"}
    for schedule_id, segment in segments.items():
        path = f"{CAMPAIGNS}/a%2Fb%20%C3%BC/schedules/{segment}"
        assert client.put(path, json=body(schedule_id, campaignId="a/b ü")).status_code == 201
        assert client.get(path).json()["id"] == schedule_id
    assert [one["id"] for one in sandbox.store.schedules("a/b ü")] == list(segments)


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_an_unknown_campaign_is_not_found(launch: Launch, connect: Connect, body: Body, method: str) -> None:
    sandbox = launch()
    answer = connect(sandbox).request(
        method, f"{CAMPAIGNS}/CAM_9/schedules/S1", json=body(campaignId="CAM_9")
    )
    assert answer.status_code == 404
    assert "CAM_9" in answer.json()["message"]
    assert sandbox.store.campaigns == ("CAM_001",)


def test_an_unknown_schedule_or_path_is_not_found(launch: Launch, connect: Connect) -> None:
    client = connect(launch())
    assert "S1" in client.get(S1).json()["message"]
    for path in (S1, f"{CAMPAIGNS}/CAM_9/schedules", "/", "/api/v2/nothing"):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/json")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", S1, {"GET", "HEAD", "PUT"}),
        ("GET", "/oauth/token", {"POST"}),
        ("PUT", "/api/v2/webhooks", {"GET", "HEAD", "POST"}),
    ],
)
def test_a_wrong_method_is_told_the_right_ones(
    launch: Launch, connect: Connect, method: str, path: str, allowed: set[str]
) -> None:
    answer = connect(launch()).request(method, path)
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == allowed
    assert answer.json()["message"]


def test_a_write_on_an_old_etag_is_refused(launch: Launch, connect: Connect, body: Body) -> None:
    sandbox = launch()
    client = connect(sandbox)
    etag = client.put(S1, json=body()).headers["ETag"]
    assert client.get(S1).headers["ETag"] == etag
    assert etag.startswith('"')
    sandbox.store.put("CAM_001", body(name="edited"))
    for condition in (etag, '"nothing"', f"W/{client.get(S1).headers['ETag']}", ""):
        answer = client.put(S1, json=body(), headers={"If-Match": condition})
        assert answer.status_code == 412, condition
        assert answer.json()["message"]
    assert sandbox.store.schedules("CAM_001")[0]["name"] == "edited"


@pytest.mark.parametrize("form", ["{}", '"other", {}', "*"])
def test_a_write_on_the_present_etag_is_taken(
    launch: Launch, connect: Connect, body: Body, form: str
) -> None:
    client = connect(launch())
    etag = client.put(S1, json=body()).headers["ETag"]
    answer = client.put(S1, json=body(name="new"), headers={"If-Match": form.format(etag)})
    assert answer.status_code == 200
    assert answer.headers["ETag"] != etag


@pytest.mark.parametrize("condition", ['"a"', "*"])
def test_a_condition_on_a_schedule_that_is_not_there_is_refused(
    launch: Launch, connect: Connect, body: Body, condition: str
) -> None:
    sandbox = launch()
    assert connect(sandbox).put(S1, json=body(), headers={"If-Match": condition}).status_code == 412
    assert sandbox.store.schedules("CAM_001") == ()


@pytest.mark.parametrize(("condition", "status"), [("*", 412), ('"other"', 200)])
def test_a_create_replaces_nothing_where_none_is_asked_for(
    launch: Launch, connect: Connect, body: Body, condition: str, status: int
) -> None:
    sandbox = launch()
    client = connect(sandbox)
    headers = {"If-None-Match": condition}
    assert client.put(S1, json=body(), headers=headers).status_code == 201
    assert client.put(S1, json=body(name="new"), headers=headers).status_code == status
    assert sandbox.store.schedules("CAM_001")[0]["name"] == ("new" if status == 200 else body()["name"])


def test_a_tenant_without_etags_knows_no_conditions(launch: Launch, connect: Connect, body: Body) -> None:
    client = connect(launch(options=SandboxOptions(etags=False)))
    answers = [
        client.put(S1, json=body(), headers={"If-Match": '"old"'}),
        client.put(S1, json=body(), headers={"If-None-Match": "*"}),
        client.get(S1),
    ]
    assert [answer.status_code for answer in answers] == [201, 200, 200]
    assert not any("ETag" in answer.headers for answer in answers)


def test_a_body_is_judged_before_its_condition(launch: Launch, connect: Connect, body: Body) -> None:
    client = connect(launch())
    assert client.put(S1, json=body(name=""), headers={"If-Match": '"old"'}).status_code == 400


def test_agents_are_listed(launch: Launch, connect: Connect) -> None:
    sandbox = launch(agents=2)
    client = connect(sandbox)
    assert [one["status"] for one in client.get("/api/v2/wfm/schedules/active").json()] == [
        "ACTIVE",
        "ACTIVE",
    ]
    sandbox.store.agents = [{"userId": "U1", "status": "ON_LEAVE"}]
    assert client.get("/api/v2/wfm/schedules/active").json() == [{"userId": "U1", "status": "ON_LEAVE"}]


def test_a_webhook_is_registered_under_an_id_of_the_tenant(launch: Launch, connect: Connect) -> None:
    sandbox = launch()
    client = connect(sandbox)
    sent = {"name": "W", "url": "https://h.example/x", "events": ["a", "b"], "status": "ENABLED", "extra": 1}
    answer = client.post("/api/v2/webhooks", json=sent | {"id": "mine"})
    assert answer.status_code == 201
    assert answer.json() == sent | {"id": answer.json()["id"]}
    assert answer.json()["id"] != "mine"
    assert client.get("/api/v2/webhooks").json() == [answer.json()]
    assert sandbox.store.webhooks == (answer.json(),)


def test_malformed_live_data_is_answered_as_it_is(launch: Launch, connect: Connect) -> None:
    sandbox = launch()
    sandbox.store.put("CAM_001", {"id": 7, "scheduleDetails": None})
    sandbox.store.put("CAM_001", ["no", "object"])
    assert connect(sandbox).get(LIST).json()[0].items() >= {"id": 7, "scheduleDetails": None}.items()
    assert connect(sandbox).get(LIST).json()[1] == ["no", "object"]


def test_a_tenant_with_other_paths(launch: Launch, connect: Connect, body: Body) -> None:
    paths = {"putSchedule": "/v3/{campaignId}/plans/{scheduleId}", "listSchedules": "/v3/{campaignId}/plans"}
    client = connect(launch(options=SandboxOptions(paths=paths)))
    assert client.put("/v3/CAM_001/plans/S1", json=body()).status_code == 201
    assert [one["id"] for one in client.get("/v3/CAM_001/plans").json()] == ["S1"]
    assert client.put(S1, json=body()).status_code == 405
    assert client.get(LIST).status_code == 404
