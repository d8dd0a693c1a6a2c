"""Two tenants never mix, and what is left out by --tenant or --campaign is neither read, nor written, nor reported."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.sandbox import Sandbox, state_path
from tests.support.builders import schedule
from tests.support.commands import Ended
from tests.support.tenant_world import World, campaign

Run = Callable[..., Ended]


def _tenant(name: str, uri: str = "https://api.usw2.niceincontact.com") -> str:
    variables = f"{{clientIdEnv: CXONE_{name.upper()}_ID, clientSecretEnv: CXONE_{name.upper()}_SECRET}}"
    return f"name: {name}\nbaseUri: {uri}\ncredentials: {variables}\n"


def test_two_tenants_keep_apart(world: World, open_world: Callable[..., World], reconciler: Run) -> None:
    other = open_world(["CAM_001"])
    world.write(campaign("CAM_001", schedule("A")), tenant=_tenant("one", world.box.base_uri), below="schedules/one")
    world.write(campaign("CAM_001", schedule("B")), tenant=_tenant("two", other.box.base_uri), below="schedules/two")
    credentials = {
        "CXONE_ONE_ID": world.box.client_id,
        "CXONE_ONE_SECRET": world.box.client_secret,
        "CXONE_TWO_ID": other.box.client_id,
        "CXONE_TWO_SECRET": other.box.client_secret,
    }
    plans = json.loads(reconciler("plan", "--format", "json", **credentials).out)["plans"]
    assert [(plan["tenant"], plan["baseUri"], plan["changes"][0]["name"]) for plan in plans] == [
        ("one", world.box.base_uri, "A"),
        ("two", other.box.base_uri, "B"),
    ]
    applied = reconciler("apply", "--auto-approve", "--format", "json", **credentials)
    assert applied.code == 0
    assert [result["tenant"] for result in json.loads(applied.out)["applies"]] == ["one", "two"]
    assert [schedule["name"] for schedule in world.live()] == ["A"]
    assert [schedule["name"] for schedule in other.live()] == ["B"]


def test_one_tenant_down_hides_no_other(world: World, reconciler: Run) -> None:
    world.write(campaign("CAM_001", schedule("A")), tenant=_tenant("one", world.box.base_uri), below="schedules/one")
    world.write(campaign("CAM_001", schedule("B")), tenant=_tenant("two"), below="schedules/two")
    ended = reconciler(
        "plan", "--format", "json", CXONE_ONE_ID=world.box.client_id, CXONE_ONE_SECRET=world.box.client_secret
    )
    one, two = json.loads(ended.out)["plans"]
    assert ended.code == 1
    assert one["summary"]["create"] == 1
    assert [finding["code"] for finding in two["findings"] if finding["severity"] == "error"] == ["campaign-unreadable"]
    assert two["digest"] is None


def test_apply_writes_to_no_tenant_when_one_cannot_be_read(world: World, reconciler: Run) -> None:
    world.write(campaign("CAM_001", schedule("A")), tenant=_tenant("one", world.box.base_uri), below="schedules/one")
    world.write(campaign("CAM_001", schedule("B")), tenant=_tenant("two"), below="schedules/two")
    ended = reconciler(
        "apply", "--auto-approve", CXONE_ONE_ID=world.box.client_id, CXONE_ONE_SECRET=world.box.client_secret
    )
    assert ended.code == 1
    assert world.live() == []


def test_narrowing_by_campaign(world: World, reconciler: Run) -> None:
    world.write(campaign("CAM_001", schedule("A")), campaign("CAM_002", {**schedule("B"), "timezone": "Mars/Base"}))
    world.box.store.put("CAM_002", {**schedule("Made in the console"), "id": "S9", "campaignId": "CAM_002"})
    ended = reconciler("apply", "--auto-approve", "--campaign", "CAM_001", "--format", "json", **world.env)
    assert ended.code == 0, ended.err
    assert [result["campaignId"] for result in json.loads(ended.out)["results"]] == ["CAM_001"]
    assert not any("CAM_002" in seen.path for seen in world.box.log)
    assert "CAM_002" not in ended.out


def test_narrowing_by_tenant(world: World, reconciler: Run) -> None:
    world.write(campaign("CAM_001", schedule("A")), tenant=_tenant("one"), below="schedules/one")
    world.write(campaign("CAM_001", schedule("B")), tenant=_tenant("two"), below="schedules/two")
    environment = {
        "CXONE_BASE_URI": world.box.base_uri,
        "CXONE_ONE_ID": world.box.client_id,
        "CXONE_ONE_SECRET": world.box.client_secret,
    }
    ended = reconciler("plan", "--tenant", "one", "--format", "json", **environment)
    assert ended.code == 0
    assert json.loads(ended.out)["tenant"] == "one"
    assert reconciler("plan", **environment).code == 64, "one base URI cannot stand for two tenants"


@pytest.mark.parametrize("arguments", [("--tenant", "onee"), ("--campaign", "CAM_0001")])
def test_narrowing_to_nothing_is_told(arguments: tuple[str, ...], world: World, reconciler: Run) -> None:
    world.write(campaign("CAM_001", schedule("A")), tenant=_tenant("one"))
    ended = reconciler("plan", "--sandbox", *arguments)
    assert ended.code == 64
    assert arguments[1] in ended.err
    assert "did you mean" in ended.err


def test_the_sandbox_keeps_a_state_for_each_tenant(tmp_path: Path, world: World, reconciler: Run) -> None:
    world.write(campaign("CAM_001", schedule("A")), tenant=_tenant("one"), below="schedules/one")
    world.write(campaign("CAM_001", schedule("B")), tenant=_tenant("two"), below="schedules/two")
    assert reconciler("apply", "--sandbox", "--auto-approve").code == 0
    for name, expected in (("one", "A"), ("two", "B")):
        with Sandbox(name=name, state_file=state_path(tmp_path / ".reconciler", name)) as box:
            assert [schedule["name"] for schedule in box.store.schedules("CAM_001")] == [expected]
