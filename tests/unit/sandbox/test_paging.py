"""Every item of a list is on exactly one page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from reconciler.sandbox import Sandbox, SandboxOptions

if TYPE_CHECKING:
    from collections.abc import Callable

    import requests

    Launch = Callable[..., Sandbox]
    Connect = Callable[..., requests.Session]

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


@pytest.mark.parametrize(
    ("count", "sizes"), [(0, [0]), (1, [1]), (3, [3]), (4, [3, 1]), (6, [3, 3]), (7, [3, 3, 1])]
)
def test_every_item_is_on_one_page_in_order(
    launch: Launch, connect: Connect, count: int, sizes: list[int]
) -> None:
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


def test_the_next_page_keeps_the_origin_and_the_query_that_was_asked(
    launch: Launch, connect: Connect
) -> None:
    sandbox = launch(campaigns=["C1", "C2"], options=SandboxOptions(page_size=1))
    answer = connect(sandbox).get("/api/v2/dialer/campaigns?a=1&b=%26", headers={"Host": "localhost:8080"})
    assert (
        answer.headers["Link"]
        == '<http://localhost:8080/api/v2/dialer/campaigns?a=1&b=%26&page=2>; rel="next"'
    )


@pytest.mark.parametrize("page", ["0", "-1", "x", "1.5", "", "٣", "9" * 40])
def test_a_page_that_is_no_number_is_refused(launch: Launch, connect: Connect, page: str) -> None:
    answer = connect(launch()).get("/api/v2/dialer/campaigns", params={"page": page})
    assert answer.status_code == 400


def test_a_page_past_the_end_is_empty(launch: Launch, connect: Connect) -> None:
    answer = connect(launch()).get("/api/v2/dialer/campaigns?page=9")
    assert (answer.json(), "Link" in answer.headers) == ([], False)
