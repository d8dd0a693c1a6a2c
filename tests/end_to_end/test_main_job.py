"""The main job: plan, apply, plan again, and only the PUTs that are needed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable

from tests.support.builders import blackout, put_body, rules, schedule, window
from tests.support.commands import Ended
from tests.support.tenant_world import World, campaign

Run = Callable[..., Ended]


def _three_schedules(world: World) -> None:
    world.write(
        campaign("CAM_001", schedule("Weekday calling"), schedule("Evening calling")),
        campaign("CAM_002", schedule("Weekday calling")),
    )


def test_first_plan_creates_and_writes_nothing(world: World, reconciler: Run) -> None:
    _three_schedules(world)
    ended = reconciler("plan", "--format", "json", "--detailed-exitcode", **world.env)
    assert ended.code == 2
    assert json.loads(ended.out)["summary"]["create"] == 3
    assert world.puts() == []
    assert world.live() == []


def test_plan_sends_only_get_and_the_token_post_and_asks_for_read_scopes(world: World, reconciler: Run) -> None:
    _three_schedules(world)
    assert reconciler("plan", **world.env).code == 0
    sent = {(seen.method, seen.path) for seen in world.box.log if seen.method != "GET"}
    assert sent == {("POST", "/oauth/token")}
    scopes = {scope for seen in world.box.log for scope in (seen.scope or "").split()}
    assert scopes <= {"dialer:campaigns:read", "wfm:schedules:read"}


def test_minimal_requests(open_world: Callable[..., World], reconciler: Run) -> None:
    world = open_world(page_size=1000)
    _three_schedules(world)
    reconciler("plan", **world.env)
    paths = sorted(seen.path for seen in world.box.log)
    assert paths == [
        "/api/v2/dialer/campaigns/CAM_001/schedules",
        "/api/v2/dialer/campaigns/CAM_002/schedules",
        "/api/v2/wfm/schedules/active",
        "/oauth/token",
    ]


def test_apply_then_nothing_is_left(world: World, reconciler: Run) -> None:
    _three_schedules(world)
    applied = reconciler("apply", "--auto-approve", "--format", "json", **world.env)
    result = json.loads(applied.out)
    assert applied.code == 0
    assert result["converged"] is True
    assert result["summary"]["created"] == 3
    assert len(world.puts()) == 3

    assert reconciler("plan", "--detailed-exitcode", **world.env).code == 0
    again = reconciler("apply", **world.env)
    assert again.code == 0, "nothing to change needs no approval"
    assert len(world.puts()) == 3


def test_one_changed_field_is_one_put(world: World, reconciler: Run) -> None:
    _three_schedules(world)
    reconciler("apply", "--auto-approve", **world.env)
    file = world.folder / "schedules" / "cam_002.yaml"
    text = file.read_text().replace('"maxCallsPerDay": 5000', '"maxCallsPerDay": 4000')
    file.write_text(text)
    line = 1 + text[: text.index('"maxCallsPerDay"')].count("\n")

    [change] = json.loads(reconciler("plan", "--format", "json", **world.env).out)["changes"]
    [field] = change["fields"]
    assert field["path"] == "scheduleDetails[MONDAY 09:00:00].maxCallsPerDay"
    assert (field["live"], field["desired"]) == (5000, 4000)
    assert (field["source"]["file"], field["source"]["line"]) == ("schedules/cam_002.yaml", line)

    before = len(world.puts())
    assert reconciler("apply", "--auto-approve", **world.env).code == 0
    assert world.puts()[before:] == [change["request"]["path"]]
    assert world.live("CAM_002")[0]["scheduleDetails"][0]["maxCallsPerDay"] == 4000


def test_the_body_is_the_contract_field_by_field(world: World, reconciler: Run) -> None:
    pinned = "a1b2c3d4-e5f6-7890-abcd-ef1234567890"
    tutorial = schedule(
        "Monday calling",
        id=pinned,
        scheduleDetails=[window("MONDAY", "09:00:00", "17:00:00", maxCallsPerHour=500)],
        blackoutPeriods=[blackout()],
        complianceRules=rules("NCDOJ", "TCPA"),
    )
    world.write(campaign("CAM_001", tutorial))
    [change] = json.loads(reconciler("plan", "--format", "json", **world.env).out)["changes"]
    assert change["request"] == {
        "method": "PUT",
        "path": f"/api/v2/dialer/campaigns/CAM_001/schedules/{pinned}",
        "body": put_body(pinned, name="Monday calling"),
    }


def test_saved_plan_is_shown_and_applied(world: World, reconciler: Run) -> None:
    _three_schedules(world)
    planned = reconciler("plan", "--out", "plan.json", "--format", "markdown", **world.env)
    assert reconciler("show", "plan.json", "--format", "markdown").out == planned.out
    assert reconciler("apply", "--plan", "plan.json", **world.env).code == 0
    assert len(world.puts()) == 3
    assert reconciler("plan", "--detailed-exitcode", **world.env).code == 0


def test_unmanaged_schedules_are_reported_and_never_touched(world: World, reconciler: Run) -> None:
    world.box.store.put("CAM_001", {**schedule("Made in the console"), "id": "S9", "campaignId": "CAM_001"})
    held = world.live()
    _three_schedules(world)
    planned = json.loads(reconciler("plan", "--format", "json", **world.env).out)
    assert planned["unmanaged"] == [{"campaignId": "CAM_001", "scheduleId": "S9", "name": "Made in the console"}]
    reconciler("apply", "--auto-approve", **world.env)
    assert [schedule for schedule in world.live() if schedule["id"] == "S9"] == held


def test_the_same_bytes_under_any_hash_seed(world: World, reconciler: Run) -> None:
    _three_schedules(world)
    reconciler("apply", "--auto-approve", **world.env)
    world.write(campaign("CAM_001", schedule("Weekday calling", timezone="America/Chicago"), schedule("New")))
    outputs: dict[str, set[str]] = {}
    for seed in ("0", "1", "4711"):
        for form in ("text", "json", "markdown", "html"):
            ended = subprocess.run(
                [sys.executable, "-m", "reconciler", "plan", "--format", form, "--as-of", "2026-11-22"],
                cwd=world.folder,
                env={**os.environ, **world.env, "PYTHONHASHSEED": seed},
                capture_output=True,
                text=True,
                check=True,
            )
            outputs.setdefault(form, set()).add(ended.stdout)
    assert {form: len(texts) for form, texts in outputs.items()} == dict.fromkeys(outputs, 1)
