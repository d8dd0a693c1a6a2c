"""The contract over HTTP, in pages and within limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.sandbox import Sandbox, SandboxOptions
from reconciler.sandbox.api import Limits, TokenBucket

if TYPE_CHECKING:
    from collections.abc import Callable

    import requests

    Launch = Callable[..., Sandbox]
    Connect = Callable[..., requests.Session]
    Body = Callable[..., dict[str, Any]]


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_holds_a_second_of_requests_and_refills() -> None:
    clock = Clock()
    bucket = TokenBucket(4, clock)
    assert [bucket.take() for _ in range(5)] == [0, 0, 0, 0, 0.25]
    clock.now += 0.25
    assert [bucket.take() for _ in range(2)] == [0, 0.25]
    clock.now += 60
    assert [bucket.take() for _ in range(5)] == [0, 0, 0, 0, 0.25]


def test_a_rate_below_one_still_lets_one_through() -> None:
    clock = Clock()
    bucket = TokenBucket(0.5, clock)
    assert [bucket.take() for _ in range(2)] == [0, 2.0]


@given(rate=st.floats(0.5, 500), gaps=st.lists(st.floats(0, 3), max_size=60))
def test_never_more_than_the_rate_and_its_burst(rate: float, gaps: list[float]) -> None:
    clock = Clock()
    bucket = TokenBucket(rate, clock)
    passed = 0
    for gap in gaps:
        clock.now += gap
        passed += bucket.take() == 0
    assert passed <= max(1.0, rate) + sum(gaps) * rate + 1e-6


def outcomes(options: SandboxOptions, count: int = 200) -> list[int]:
    limits = Limits(options, Clock())
    return [response.status_code if (response := limits.refuse()) else 200 for _ in range(count)]


def test_failures_depend_on_the_seed_alone() -> None:
    first = outcomes(SandboxOptions(failure_rate=0.3, seed=7))
    assert first == outcomes(SandboxOptions(failure_rate=0.3, seed=7))
    assert first != outcomes(SandboxOptions(failure_rate=0.3, seed=8))
    assert set(first) == {200, 503}


@pytest.mark.parametrize(("share", "statuses"), [(0.0, {200}), (1.0, {503})])
def test_no_failures_and_nothing_but_failures(share: float, statuses: set[int]) -> None:
    assert set(outcomes(SandboxOptions(failure_rate=share))) == statuses


def test_beyond_the_rate_the_tenant_says_when_to_come_back(launch: Launch, connect: Connect) -> None:
    clock = Clock()
    sandbox = launch(options=SandboxOptions(rate_limit=3), clock=clock)
    client = connect(sandbox)  # its token is the first of three requests
    answers = [client.get("/api/v2/dialer/campaigns") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].headers["Retry-After"] == "1"
    assert answers[2].json()["message"]
    clock.now += 1
    assert client.get("/api/v2/dialer/campaigns").status_code == 200


PATH = "/api/v2/dialer/campaigns/CAM%2F1/schedules"


def pages(client: requests.Session, path: str, base_uri: str) -> list[list[Any]]:
    found = []
    while path:
        answer = client.get(path)
        assert answer.status_code == 200
        found.append(answer.json())
        path = answer.links.get("next", {}).get("url", "").removeprefix(base_uri)
        assert not path.startswith("http")
    return found


@pytest.mark.parametrize(("count", "sizes"), [(0, [0]), (1, [1]), (3, [3]), (4, [3, 1]), (6, [3, 3]), (7, [3, 3, 1])])
def test_every_item_is_on_one_page_in_order(launch: Launch, connect: Connect, count: int, sizes: list[int]) -> None:
    sandbox = launch(campaigns=["CAM/1"], options=SandboxOptions(page_size=3))
    for number in range(count):
        sandbox.store.put("CAM/1", {"id": f"S{9 - number}"})
    found = pages(connect(sandbox), PATH, sandbox.base_uri)
    assert [len(page) for page in found] == sizes
    assert [item["id"] for page in found for item in page] == [f"S{9 - number}" for number in range(count)]


def test_all_lists_have_pages(launch: Launch, connect: Connect) -> None:
    sandbox = launch(campaigns=["C3", "C1", "C2"], agents=5, options=SandboxOptions(page_size=2))
    sandbox.store.webhooks = [{"name": str(number)} for number in range(3)]
    client = connect(sandbox)
    campaigns = pages(client, "/api/v2/dialer/campaigns", sandbox.base_uri)
    assert [item["id"] for page in campaigns for item in page] == ["C1", "C2", "C3"]
    agents = pages(client, "/api/v2/wfm/schedules/active", sandbox.base_uri)
    assert [len(page) for page in agents] == [2, 2, 1]
    hooks = pages(client, "/api/v2/webhooks", sandbox.base_uri)
    assert [item["name"] for page in hooks for item in page] == ["0", "1", "2"]


def test_the_next_page_keeps_the_origin_and_the_query_that_was_asked(launch: Launch, connect: Connect) -> None:
    sandbox = launch(campaigns=["C1", "C2"], options=SandboxOptions(page_size=1))
    answer = connect(sandbox).get("/api/v2/dialer/campaigns?a=1&b=%26", headers={"Host": "localhost:8080"})
    assert answer.headers["Link"] == '<http://localhost:8080/api/v2/dialer/campaigns?a=1&b=%26&page=2>; rel="next"'


@pytest.mark.parametrize("page", ["0", "-1", "x", "1.5", "", "٣", "9" * 40])
def test_a_page_that_is_no_number_is_refused(launch: Launch, connect: Connect, page: str) -> None:
    answer = connect(launch()).get("/api/v2/dialer/campaigns", params={"page": page})
    assert answer.status_code == 400


def test_a_page_past_the_end_is_empty(launch: Launch, connect: Connect) -> None:
    answer = connect(launch()).get("/api/v2/dialer/campaigns?page=9")
    assert (answer.json(), "Link" in answer.headers) == ([], False)


CAMPAIGNS = "/api/v2/dialer/campaigns"
LIST = f"{CAMPAIGNS}/CAM_001/schedules"
S1 = f"{LIST}/S1"


def test_a_put_creates_then_replaces_and_answers_what_is_held(launch: Launch, connect: Connect, body: Body) -> None:
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
    answer = connect(sandbox).request(method, f"{CAMPAIGNS}/CAM_9/schedules/S1", json=body(campaignId="CAM_9"))
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
def test_a_write_on_the_present_etag_is_taken(launch: Launch, connect: Connect, body: Body, form: str) -> None:
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
