"""A sandbox starts, stops, keeps its state, and says clearly why it cannot."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from reconciler.errors import ReconcilerError
from reconciler.sandbox import Sandbox, SandboxOptions

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import requests

    Launch = Callable[..., Sandbox]
    Connect = Callable[..., requests.Session]
    Body = Callable[..., dict[str, Any]]

LIST = "/api/v2/dialer/campaigns/CAM_001/schedules"


def ids(sandbox: Sandbox) -> set[str]:
    return {schedule["id"] for schedule in sandbox.store.schedules("CAM_001")}


def test_a_new_tenant_has_empty_campaigns_and_200_agents(launch: Launch) -> None:
    sandbox = launch(campaigns=["C2", "C1"])
    assert sandbox.store.campaigns == ("C1", "C2")
    assert not any(sandbox.store.schedules(name) for name in sandbox.store.campaigns)
    assert len(sandbox.store.agents) == 200
    sandbox.store.ensure_campaigns(["C1", "C3"])
    assert sorted(sandbox.store.campaigns) == ["C1", "C2", "C3"]


def test_two_sandboxes_share_nothing(launch: Launch, connect: Connect, body: Body) -> None:
    first, second = launch(), launch()
    assert first.client_secret != second.client_secret
    assert connect(first).put(f"{LIST}/S1", json=body()).status_code == 201
    assert (ids(first), ids(second)) == ({"S1"}, set())
    token = connect(first).headers["Authorization"]
    assert connect(second, "").get(LIST, headers={"Authorization": token}).status_code == 401


def test_it_starts_and_stops_as_often_as_asked(launch: Launch, connect: Connect, body: Body) -> None:
    sandbox = launch()
    connect(sandbox).put(f"{LIST}/S1", json=body())
    sandbox.start()
    sandbox.stop()
    sandbox.stop()
    with pytest.raises(ReconcilerError, match="not running"):
        _ = sandbox.base_uri
    sandbox.start()
    assert [one["id"] for one in connect(sandbox).get(LIST).json()] == ["S1"]


def test_a_port_that_is_taken_is_told(launch: Launch, tmp_path: Path) -> None:
    port = urlsplit(launch().base_uri).port
    state = tmp_path / "state.json"
    second = Sandbox(options=SandboxOptions(port=port or 0), state_file=state)
    with pytest.raises(ReconcilerError, match=f"cannot listen on 127.0.0.1 port {port}: .*in use"):
        second.start()
    launch(state_file=state)  # the failed start has given the state back


def test_a_write_is_in_the_file_before_it_is_answered(
    launch: Launch, connect: Connect, body: Body, tmp_path: Path
) -> None:
    state = tmp_path / "state.json"
    client = connect(launch(state_file=state))
    for number in range(3):
        assert client.put(f"{LIST}/S{number}", json=body(f"S{number}")).status_code == 201
        document = json.loads(state.read_text(encoding="utf-8"))
        assert document["campaigns"][0]["schedules"][-1]["id"] == f"S{number}"


def test_the_state_survives_a_restart(launch: Launch, connect: Connect, body: Body, tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    first = launch(state_file=state, agents=3)
    client = connect(first)
    etag = client.put(f"{LIST}/S1", json=body(dialMode="P")).headers["ETag"]
    hook = {"name": "W", "url": "https://h.example/", "events": [], "status": "ENABLED"}
    client.post("/api/v2/webhooks", json=hook)
    first.store.put("CAM_002", "malformed")
    held = (first.store.snapshot().campaigns, first.store.agents, first.store.webhooks)
    first.stop()
    saved = state.read_bytes()
    second = launch(campaigns=["CAM_001"], state_file=state, agents=9)
    assert (second.store.snapshot().campaigns, second.store.agents, second.store.webhooks) == held
    assert connect(second).get(f"{LIST}/S1").headers["ETag"] == etag
    assert state.read_bytes() == saved
    second.stop()
    third = launch(campaigns=["CAM_003"], state_file=state)
    assert third.store.campaigns == ("CAM_001", "CAM_002", "CAM_003")


def test_writes_at_the_same_time_all_survive(launch: Launch, connect: Connect, body: Body, tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    sandbox = launch(state_file=state)
    clients = [connect(sandbox) for _ in range(8)]

    def put(number: int) -> int:
        name = f"S{number:02}"
        return clients[number % 8].put(f"{LIST}/{name}", json=body(name)).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(put, range(80))) == {201}
    sandbox.stop()
    assert ids(launch(state_file=state)) == {f"S{number:02}" for number in range(80)}


def test_a_state_that_cannot_be_saved_is_a_500(launch: Launch, connect: Connect, body: Body, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    sandbox = launch(state_file=folder / "state.json")
    client = connect(sandbox)
    folder.rename(tmp_path / "away")
    answer = client.put(f"{LIST}/S1", json=body())
    assert answer.status_code == 500
    assert "save" in answer.json()["message"]
    (tmp_path / "away").rename(folder)
    assert client.put(f"{LIST}/S1", json=body()).status_code == 200


def test_a_state_in_use_is_refused_and_names_who_uses_it(launch: Launch, tmp_path: Path) -> None:
    first = launch(state_file=tmp_path / "state.json")
    second = Sandbox(state_file=tmp_path / "state.json")
    with pytest.raises(ReconcilerError, match=first.base_uri):
        second.start()
    first.stop()
    second.start()
    second.stop()
    assert sorted(path.name for path in tmp_path.iterdir()) in (
        ["state.json"],
        ["state.json", "state.json.lock"],
    )


def test_a_broken_state_is_told_and_left_alone(launch: Launch, tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    state.write_text("{}", encoding="utf-8")
    with pytest.raises(ReconcilerError, match="not valid"):
        launch(state_file=state)
    assert state.read_text(encoding="utf-8") == "{}"
    state.unlink()
    launch(state_file=state)


def test_a_state_that_cannot_be_written_is_told_at_the_start(launch: Launch, tmp_path: Path) -> None:
    (tmp_path / "state.json").symlink_to("gone/state.json")
    with pytest.raises(ReconcilerError, match="cannot be written"):
        launch(state_file=tmp_path / "state.json")
