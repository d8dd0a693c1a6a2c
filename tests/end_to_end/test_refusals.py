"""What apply refuses before its first write, and what it says where it goes on all the same."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from reconciler.sandbox import Fault
from tests.support.builders import schedule
from tests.support.commands import Ended
from tests.support.tenant_world import TENANT, World, campaign

Run = Callable[..., Ended]


def test_a_saved_create_whose_name_is_live_by_now(world: World, reconciler: Run) -> None:
    world.write(campaign("CAM_001", schedule("A")))
    reconciler("plan", "--out", "p.json", **world.env)
    world.box.store.put("CAM_001", {**schedule("A"), "id": "q", "campaignId": "CAM_001"})
    ended = reconciler("apply", "--plan", "p.json", **world.env)
    assert ended.code == 4
    assert world.puts() == []


def test_a_saved_plan_is_refused_after_an_edit_beside_it(world: World, reconciler: Run) -> None:
    world.write(campaign("CAM_001", schedule("A"), schedule("B")))
    reconciler("apply", "--auto-approve", **world.env)
    world.write(campaign("CAM_001", schedule("A", timezone="America/Chicago"), schedule("B")))
    reconciler("plan", "--out", "p.json", **world.env)
    [other] = [live for live in world.live() if live["name"] == "B"]
    world.box.store.put("CAM_001", {**other, "timezone": "America/Denver"})
    ended = reconciler("apply", "--plan", "p.json", "--format", "json", **world.env)
    assert ended.code == 4
    assert "no longer what the plan saw" in ended.err
    assert {live["name"]: live["timezone"] for live in world.live()} == {
        "A": "America/New_York",
        "B": "America/Denver",
    }


@pytest.mark.parametrize("digest", ["", "sha256:00", "acme=", "=sha256:00", "other=sha256:00"])
def test_a_digest_that_is_not_the_plans(digest: str, world: World, reconciler: Run) -> None:
    world.write(campaign("CAM_001", schedule("A")))
    ended = reconciler("apply", "--expect-digest", digest, **world.env)
    assert ended.code == (64 if digest.startswith("=") else 4)
    assert world.puts() == []


def test_the_digest_of_the_plan_approves_it(world: World, reconciler: Run) -> None:
    world.write(campaign("CAM_001", schedule("A")))
    digest = json.loads(reconciler("plan", "--format", "json", **world.env).out)["digest"]
    assert reconciler("apply", "--expect-digest", f"acme={digest}", **world.env).code == 0
    assert len(world.puts()) == 1


def test_an_unequal_digest_is_refused_also_where_nothing_is_to_do(world: World, reconciler: Run) -> None:
    world.write(campaign("CAM_001", schedule("A")))
    reconciler("apply", "--auto-approve", **world.env)
    assert reconciler("apply", "--expect-digest", "sha256:00", **world.env).code == 4


def test_keep_going_leaves_out_what_could_not_be_read(world: World, reconciler: Run) -> None:
    world.write(campaign("CAM_001", schedule("A")), campaign("CAM_002", schedule("B")))
    world.box.faults.add(Fault("500", method="GET", path="CAM_002", times=None))
    tenant = f"{TENANT}requests: {{attempts: 1}}\n"
    (world.folder / "schedules" / "tenant.yaml").write_text(tenant)
    assert reconciler("apply", "--auto-approve", **world.env).code == 1
    assert world.puts() == []
    ended = reconciler("apply", "--auto-approve", "--keep-going", "--format", "json", **world.env)
    result = json.loads(ended.out)
    assert ended.code == 5
    assert result["leftOut"] == ["CAM_002"]
    assert result["digest"].startswith("sha256:")
    assert [live["name"] for live in world.live()] == ["A"]
    assert world.live("CAM_002") == []


def test_a_webhook_that_was_not_registered_is_not_converged(world: World, reconciler: Run) -> None:
    world.write(campaign("CAM_001", schedule("A")), tenant=f"{TENANT}webhook: {{url: https://wfm.example.com/hook}}\n")
    world.box.faults.add(Fault("400", method="POST", path="webhooks", times=None))
    ended = reconciler("apply", "--auto-approve", "--format", "json", **world.env)
    assert ended.code == 5
    assert json.loads(ended.out)["converged"] is False
    assert reconciler("plan", "--detailed-exitcode", **world.env).code == 2


@pytest.mark.parametrize("command", ["validate", "plan"])
def test_a_path_that_is_not_there_is_told_in_the_document(command: str, world: World, reconciler: Run) -> None:
    ended = reconciler(command, "nowhere", "--format", "json", **world.env)
    [finding] = json.loads(ended.out)["findings"]
    assert ended.code == 3
    assert finding["code"] == "no-schedules"
    assert "nowhere" in finding["message"]


@pytest.mark.parametrize("text", ["", "{}", "[", '{"formatVersion": "1", "plans": []}', '{"formatVersion": "2"}'])
def test_a_file_that_is_no_plan(text: str, world: World, reconciler: Run) -> None:
    world.write(campaign("CAM_001", schedule("A")))
    (world.folder / "p.json").write_text(text)
    assert reconciler("show", "p.json").code == 64
    assert reconciler("apply", "--plan", "p.json", **world.env).code == 4
    assert world.puts() == []


def test_candidates_of_an_ambiguous_name_are_not_unmanaged(world: World, reconciler: Run) -> None:
    for schedule_id in ("x1", "x2"):
        world.box.store.put("CAM_001", {**schedule("A"), "id": schedule_id, "campaignId": "CAM_001"})
    world.write(campaign("CAM_001", schedule("A")))
    ended = reconciler("plan", "--format", "json", **world.env)
    document = json.loads(ended.out)
    assert ended.code == 3
    assert document["unmanaged"] == []
    assert "x1" in document["findings"][0]["message"]
    assert "x2" in document["findings"][0]["message"]


@pytest.mark.parametrize("day", ["20261122", "2026-1-1x", "2026-13-01", "22.11.2026"])
def test_a_day_is_year_month_and_day(day: str, world: World, reconciler: Run) -> None:
    world.write(campaign("CAM_001", schedule("A")))
    assert reconciler("validate", "--as-of", day).code == 64
