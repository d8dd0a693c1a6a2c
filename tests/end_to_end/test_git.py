"""With --base: what a reviewer learns of who asked for what, from a real repository."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.builders import schedule, window
from tests.support.commands import Ended
from tests.support.tenant_world import World, campaign

Run = Callable[..., Ended]


def _commit(git: Callable[..., str]) -> str:
    git("add", "--all", "schedules")
    git("commit", "--quiet", "--allow-empty", "--message", "change")
    return git("rev-parse", "HEAD")


def _edit_console(world: World, **fields: object) -> None:
    [held] = world.live()
    world.box.store.put("CAM_001", {**held, **fields})


def _plan(reconciler: Run, world: World, *arguments: str) -> dict[str, Any]:
    ended = reconciler("plan", "--format", "json", "--base", "HEAD", *arguments, **world.env)
    document: dict[str, Any] = json.loads(ended.out)
    return document


def test_origins_and_the_gate(world: World, reconciler: Run, git: Callable[..., str]) -> None:
    world.write(campaign("CAM_001", schedule()))
    sha = _commit(git)
    reconciler("apply", "--auto-approve", **world.env)

    _edit_console(world, timezone="America/Chicago")
    drift = _plan(reconciler, world)
    assert (drift["revision"], drift["dirty"], drift["base"]) == (sha, False, sha)
    assert [change["origin"] for change in drift["changes"]] == ["drift"]

    world.write(campaign("CAM_001", schedule(timezone="America/Denver")))
    conflict = _plan(reconciler, world)
    assert conflict["dirty"] is True
    assert [change["origin"] for change in conflict["changes"]] == ["conflict"]
    refused = reconciler("apply", "--auto-approve", "--base", "HEAD", **world.env)
    assert refused.code == 4
    assert "--force" in refused.err
    assert world.live()[0]["timezone"] == "America/Chicago"

    assert reconciler("apply", "--auto-approve", "--base", "HEAD", "--force", "agreed", **world.env).code == 0
    assert world.live()[0]["timezone"] == "America/Denver"
    journal = (world.folder / ".reconciler" / "audit.jsonl").read_text().splitlines()
    assert json.loads(journal[-1])["force"] == "agreed"


def test_drift_is_refused_where_the_tenant_says_so(world: World, reconciler: Run, git: Callable[..., str]) -> None:
    tenant = "name: acme\nbaseUri: https://api.usw2.niceincontact.com\nsafety: {onDrift: refuse}\n"
    world.write(campaign("CAM_001", schedule()), tenant=tenant)
    _commit(git)
    reconciler("apply", "--auto-approve", **world.env)
    _edit_console(world, timezone="America/Chicago")
    for arguments in (("--base", "HEAD"), (), ("--base", "HEAD", "--force", "because")):
        ended = reconciler("apply", "--auto-approve", *arguments, **world.env)
        assert ended.code == 4
        assert "onDrift" in ended.err
    assert world.live()[0]["timezone"] == "America/Chicago"


def test_released_and_moved(world: World, reconciler: Run, git: Callable[..., str]) -> None:
    world.write(campaign("CAM_001", schedule("A"), schedule("B")))
    _commit(git)
    reconciler("apply", "--auto-approve", **world.env)
    held = world.live()
    (world.folder / "schedules" / "cam_001.yaml").unlink()
    world.write(campaign("CAM_001", schedule("A")))
    (world.folder / "schedules" / "deep").mkdir()
    (world.folder / "schedules" / "cam_001.yaml").rename(world.folder / "schedules" / "deep" / "moved.yaml")
    document = _plan(reconciler, world)
    assert document["changes"] == []
    findings = document["findings"]
    assert [finding["code"] for finding in findings if finding["severity"] == "warning"] == ["released"]
    reconciler("apply", "--auto-approve", "--base", "HEAD", **world.env)
    assert world.live() == held


@pytest.mark.parametrize(
    ("base", "code"),
    [({}, "base-without-tenant"), ({"schedules/cam_001.yaml": "campaignId: [\n"}, "base-invalid")],
)
def test_a_base_that_cannot_tell_is_told(
    base: dict[str, str], code: str, world: World, reconciler: Run, git: Callable[..., str]
) -> None:
    world.write()
    for name, text in base.items():
        (world.folder / name).write_text(text)
    if not base:
        (world.folder / "schedules" / "tenant.yaml").unlink()
    _commit(git)
    world.write(campaign("CAM_001", schedule()))
    document = _plan(reconciler, world)
    codes = [finding["code"] for finding in document["findings"]]
    assert code in codes
    assert document["digest"] is not None


def test_an_unknown_base(world: World, reconciler: Run, git: Callable[..., str]) -> None:
    world.write(campaign("CAM_001", schedule()))
    _commit(git)
    for ref in ("no-such-branch", "--all", "-n1", ""):
        ended = reconciler("plan", f"--base={ref}", **world.env)
        assert ended.code == 64, ref
        assert ended.out == ""


def test_a_tenant_whose_folder_moved_is_found_by_its_name(
    world: World, reconciler: Run, git: Callable[..., str]
) -> None:
    world.write(campaign("CAM_001", schedule("A")), campaign("CAM_002", schedule("B")))
    _commit(git)
    reconciler("apply", "--auto-approve", **world.env)
    (world.folder / "schedules").rename(world.folder / "moved")
    (world.folder / "moved" / "cam_002.yaml").unlink()
    world.write(campaign("CAM_001", schedule("A", timezone="America/Denver")), below="moved")
    whole = _plan(reconciler, world, "moved")
    assert [change["origin"] for change in whole["changes"]] == ["change"]
    assert [finding["code"] for finding in whole["findings"] if finding["severity"] == "warning"] == ["released"]
    narrow = _plan(reconciler, world, "moved/cam_001.yaml")
    assert [change["origin"] for change in narrow["changes"]] == ["change"]
    assert [finding["code"] for finding in narrow["findings"] if finding["severity"] == "warning"] == []


def test_a_fault_of_git_is_said_and_the_state_is_unknown(
    world: World, reconciler: Run, git: Callable[..., str]
) -> None:
    world.write(campaign("CAM_001", schedule()))
    _commit(git)
    (world.folder / ".git" / "config").write_text("[broken\n")
    ended = reconciler("plan", "--format", "json", **world.env)
    document = json.loads(ended.out)
    assert (ended.code, document["revision"], document["dirty"]) == (0, None, None)
    [finding] = [finding for finding in document["findings"] if finding["code"] == "git-failed"]
    assert "config" in finding["message"]
    assert "revision unknown" in reconciler("plan", **world.env).out
    saved = reconciler("plan", "--out", "plan.json", **world.env)
    assert saved.code == 0
    assert reconciler("show", "plan.json", "--format", "json").out == ended.out
    assert reconciler("apply", "--auto-approve", **world.env).code == 0
    refused = reconciler("plan", "--base", "HEAD", **world.env)
    assert refused.code == 64
    assert "--base needs git" in refused.err


def test_findings_say_whether_this_revision_brought_them(
    world: World, reconciler: Run, git: Callable[..., str]
) -> None:
    """The lines may move: what the base had in the same words was there before."""
    windows = [window("MONDAY", maxCallsPerDay=500, maxCallsPerHour=5)]
    old = schedule("Old", scheduleDetails=windows)
    world.write(campaign("CAM_001", old))
    _commit(git)

    world.write(campaign("CAM_001", schedule("New", scheduleDetails=windows), old))

    found = [finding for finding in _plan(reconciler, world)["findings"] if finding["code"] == "calls-never-reached"]
    assert [(finding["message"].split(" of ")[0], finding["new"]) for finding in found] == [
        ('"New"', True),
        ('"Old"', False),
    ]
    without = json.loads(reconciler("plan", "--format", "json", **world.env).out)
    assert not any("new" in finding for finding in without["findings"])
