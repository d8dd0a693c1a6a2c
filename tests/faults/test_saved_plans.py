"""`apply --plan FILE` carries out exactly that plan on exactly what it saw, or refuses and writes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reconciler.document.saved_plans import parse_plans
from reconciler.plan import plan_digest
from reconciler.sandbox import Store
from tests.support.apply_world import BY_HAND, CAP, EARLY, LATE, PINNED, QUIET, World, schedule, webhook
from tests.support.commands import Ended

Command = Callable[..., Ended]
Change = Callable[[dict[str, Any]], None]


@pytest.fixture
def saved(world: World, command: Command) -> Path:
    """A plan that was saved a moment ago."""
    file = world.root / "plan.json"
    assert command("plan", "--out", str(file)).code == 0
    world.box.clear_log()
    return file


def rewrite(file: Path, change: Change, *, sign: bool = False) -> None:
    """Change the plan in a file; `sign` gives it the digest of its new content."""
    content = json.loads(file.read_text(encoding="utf-8"))
    change(content)
    if sign:
        plan = parse_plans(json.dumps(content))[0]
        content["digest"] = plan_digest(plan, ())
    file.write_text(json.dumps(content), encoding="utf-8")


def is_refused(world: World, ended: Ended, *words: str) -> None:
    """Exit 4 with these words, no write, and no line in the journal."""
    assert ended.code == 4, ended.err
    for word in words:
        assert word in ended.err
    assert world.writes() == {}
    assert world.entries() == ()


def test_it_is_carried_out_once(world: World, command: Command, saved: Path) -> None:
    ended = command("apply", "--plan", str(saved), "--format", "json")

    assert ended.code == 0, ended.err
    result = json.loads(ended.out)
    assert result["digest"] == json.loads(saved.read_text(encoding="utf-8"))["digest"]
    assert (result["summary"]["created"], result["summary"]["updated"]) == (1, 2)
    assert [world.cap("CAM_A", EARLY), world.cap("CAM_A", LATE), world.cap("CAM_B", PINNED)] == [CAP] * 3
    writes = world.writes()
    lines = world.entries()
    again = command("apply", "--plan", str(saved))
    assert again.code == 4
    assert "no longer what the plan saw" in again.err
    assert world.writes() == writes
    assert world.entries() == lines


def test_the_files_may_have_moved_on(world: World, command: Command, saved: Path) -> None:
    world.edit("a.yaml", "maxCallsPerDay: 500", "maxCallsPerDay: 600")

    assert command("apply", "--plan", str(saved)).code == 0
    assert world.cap("CAM_A", LATE) == CAP


def test_files_that_have_become_wrong_keep_it_from_being_carried_out(
    world: World, command: Command, saved: Path
) -> None:
    world.edit("a.yaml", 'endTime: "17:00"', 'endTime: "08:00"')

    ended = command("apply", "--plan", str(saved))

    assert ended.code == 3
    assert "window-order" in ended.err
    assert world.writes() == {}


def _body_of_late(plan: dict[str, Any]) -> dict[str, Any]:
    body: dict[str, Any] = next(change for change in plan["changes"] if change["scheduleId"] == LATE)["request"]["body"]
    return body


def _raise_cap(plan: dict[str, Any]) -> None:
    _body_of_late(plan)["scheduleDetails"][0]["maxCallsPerDay"] = 5000


def _drop_change(plan: dict[str, Any]) -> None:
    plan["changes"].pop()


def _other_url(plan: dict[str, Any]) -> None:
    plan["webhooks"][0]["url"] = "https://thief.example.com"


def _other_fingerprint(plan: dict[str, Any]) -> None:
    plan["changes"][-1]["fingerprint"] = "sha256:0"


def _no_digest(plan: dict[str, Any]) -> None:
    plan["digest"] = None


@pytest.mark.parametrize("change", [_raise_cap, _drop_change, _other_url, _other_fingerprint, _no_digest])
def test_a_changed_file(world: World, command: Command, saved: Path, change: Change) -> None:
    rewrite(saved, change)

    is_refused(world, command("apply", "--plan", str(saved)), "digest")


def _other_path(plan: dict[str, Any]) -> None:
    for change in plan["changes"]:
        change["request"]["path"] = change["request"]["path"].replace("/schedules/", "/elsewhere/")


def _other_method(plan: dict[str, Any]) -> None:
    plan["changes"][0]["request"]["method"] = "DELETE"


def _half_a_body(plan: dict[str, Any]) -> None:
    del _body_of_late(plan)["timezone"]


def _no_windows(plan: dict[str, Any]) -> None:
    _body_of_late(plan)["scheduleDetails"] = []


def _no_id(plan: dict[str, Any]) -> None:
    del _body_of_late(plan)["id"]


@pytest.mark.parametrize("change", [_other_path, _other_method, _half_a_body, _no_windows, _no_id])
def test_a_changed_file_whose_digest_was_changed_too(
    world: World, command: Command, saved: Path, change: Change
) -> None:
    rewrite(saved, change, sign=True)

    is_refused(world, command("apply", "--plan", str(saved)), "plan again")


def test_the_digest_that_was_agreed_finds_a_signed_change(world: World, command: Command, saved: Path) -> None:
    agreed = json.loads(saved.read_text(encoding="utf-8"))["digest"]
    rewrite(saved, _raise_cap, sign=True)

    is_refused(world, command("apply", "--plan", str(saved), "--expect-digest", agreed), "digest")


def test_a_value_that_the_tenant_refuses_is_shown_with_its_line(world: World, command: Command, saved: Path) -> None:
    def too_fast(plan: dict[str, Any]) -> None:
        for change in plan["changes"]:
            change["request"]["body"]["scheduleDetails"][0]["predictiveRate"] = 9.5

    rewrite(saved, too_fast, sign=True)

    ended = command("apply", "--plan", str(saved), "--format", "json")

    assert ended.code == 5
    result = json.loads(ended.out)
    errors = {write["scheduleId"]: write["errors"][0] for write in result["results"]}
    assert {write["status"] for write in result["results"]} == {"FAILED"}
    assert errors[LATE]["code"] == "BAD_REQUEST"
    assert errors[LATE]["field"] == "scheduleDetails[0].predictiveRate"
    assert errors[LATE]["message"] == "9.5 is above 3.0"
    assert "a.yaml, line 11" in errors[LATE]["hint"]
    assert "b.yaml, line 12" in errors[PINNED]["hint"]
    assert result["summary"]["failed"] == 3
    assert {entry["responseCode"] for entry in world.entries() if entry["status"] == "FAILED"} == {400}


def _edited(world: World) -> None:
    world.box.store.put("CAM_A", schedule("CAM_A", LATE, "Late", 401))


def _deleted(world: World) -> None:
    world.box.store.delete("CAM_B", PINNED)


def _created(world: World) -> None:
    world.box.store.put("CAM_A", schedule("CAM_A", EARLY, "Early", 5))


@pytest.mark.parametrize("move", [_edited, _deleted, _created])
def test_live_that_has_moved(world: World, command: Command, saved: Path, move: Callable[[World], None]) -> None:
    move(world)
    before = [world.box.store.schedules(campaign_id) for campaign_id in ("CAM_A", "CAM_B")]

    is_refused(world, command("apply", "--plan", str(saved)), "no longer what the plan saw")
    assert [world.box.store.schedules(campaign_id) for campaign_id in ("CAM_A", "CAM_B")] == before


@pytest.mark.parametrize(
    ("move", "words"),
    [
        (
            lambda store: store.put("CAM_B", schedule("CAM_B", QUIET, "Quiet", 9)),
            "CAM_B, a schedule that the plan",
        ),
        (lambda store: store.delete("CAM_A", BY_HAND), "CAM_A, a schedule that the plan leaves alone"),
        (
            lambda store: store.put("CAM_A", schedule("CAM_A", "new", "Early")),
            "a name that schedule new has by now",
        ),
        (
            lambda store: store.put("CAM_B", schedule("CAM_B", "new", "Another")),
            "CAM_B, a schedule that the plan",
        ),
    ],
    ids=["edited", "deleted", "same name", "created"],
)
def test_a_schedule_beside_those_of_the_plan_that_has_moved(
    world: World, command: Command, saved: Path, move: Callable[[Store], None], words: str
) -> None:
    move(world.box.store)

    is_refused(world, command("apply", "--plan", str(saved)), "no longer what the plan saw", words)


def test_an_edit_beside_it_during_the_apply_is_not_hidden(world: World, command: Command, saved: Path) -> None:
    world.fault(
        "edit-before",
        edit=lambda store: store.put("CAM_B", schedule("CAM_B", QUIET, "Quiet", 9)),
        method="PUT",
        path=f"/{LATE}$",
    )

    ended = command("apply", "--plan", str(saved))

    assert "NOT converged" in ended.out
    assert ended.code == 5
    assert world.cap("CAM_B", QUIET) == 9


def _older(plan: dict[str, Any]) -> None:
    del plan["touched"], plan["narrowedTo"]


def _fewer_touched(plan: dict[str, Any]) -> None:
    plan["touched"].pop()


def _other_touched(plan: dict[str, Any]) -> None:
    plan["touched"][0]["campaignId"] = "CAM_C"


def _no_day(plan: dict[str, Any]) -> None:
    plan["asOf"] = "x"


def _narrowed(plan: dict[str, Any]) -> None:
    plan["narrowedTo"] = ["CAM_B"]


def test_a_plan_of_no_day(world: World, command: Command, saved: Path) -> None:
    rewrite(saved, _no_day)

    is_refused(world, command("apply", "--plan", str(saved)), "asOf must be a date")


@pytest.mark.parametrize("change", [_older, _fewer_touched, _other_touched, _narrowed])
def test_a_plan_that_does_not_say_what_it_is_for(
    world: World, command: Command, reconciler: Command, saved: Path, change: Change
) -> None:
    rewrite(saved, change)

    is_refused(world, command("apply", "--plan", str(saved)), "plan again")
    assert reconciler("show", str(saved)).code == 0


def test_a_plan_of_one_campaign_whatever_is_wrong_with_another(world: World, command: Command) -> None:
    file = world.root / "plan.json"
    world.edit("b.yaml", 'endTime: "17:00"', 'endTime: "08:00"')
    assert command("plan", "--campaign", "CAM_A", "--out", str(file)).code == 0

    ended = command("apply", "--plan", str(file))

    assert ended.code == 0, ended.err
    assert [world.cap("CAM_A", EARLY), world.cap("CAM_A", LATE), world.cap("CAM_B", PINNED)] == [
        CAP,
        CAP,
        400,
    ]


def test_another_base_uri(world: World, command: Command, saved: Path, make_world: Callable[..., World]) -> None:
    other = make_world()

    ended = command("apply", "--plan", str(saved), **other.environ)

    is_refused(world, ended, world.box.base_uri, other.box.base_uri)
    assert other.writes() == {}


def test_another_tenant(world: World, command: Command, saved: Path) -> None:
    world.tenant(name="other")

    is_refused(world, command("apply", "--plan", str(saved)), "'acme'")


def test_a_tenant_that_the_file_does_not_plan(world: World, command: Command, saved: Path) -> None:
    rewrite(saved, lambda plan: plan.update(tenant="other"))

    is_refused(world, command("apply", "--plan", str(saved), "--tenant", "acme"), "no plan for tenant acme")


def test_a_plan_with_errors(world: World, command: Command) -> None:
    file = world.root / "plan.json"
    world.fault("500", path="CAM_B/schedules", times=5)
    world.tenant(requests={"concurrency": 1, "attempts": 1})
    assert command("plan", "--out", str(file)).code == 1
    world.box.faults.clear()
    world.box.clear_log()

    is_refused(world, command("apply", "--plan", str(file)), "has errors")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"formatVersion": "2"}', '{"formatVersion": "1"}', "\x00"])
def test_a_file_that_is_no_plan(world: World, command: Command, text: str) -> None:
    file = world.root / "plan.json"
    file.write_text(text, encoding="utf-8")

    is_refused(world, command("apply", "--plan", str(file)))


def test_a_file_that_is_not_there(world: World, command: Command) -> None:
    is_refused(world, command("apply", "--plan", "nowhere.json"), "nowhere.json")


@pytest.mark.parametrize("option", [("--base", "HEAD"), ("--campaign", "CAM_A"), ("--keep-going",)])
def test_nothing_else_can_be_asked_for(world: World, command: Command, saved: Path, option: tuple[str, ...]) -> None:
    assert command("apply", "--plan", str(saved), *option).code == 64
    assert world.writes() == {}


def test_a_safety_limit_holds_for_it_too(world: World, command: Command, saved: Path) -> None:
    world.tenant(safety={"maxChanges": 2})

    is_refused(world, command("apply", "--plan", str(saved)), "safety.maxChanges")


def test_webhooks_that_are_there_by_now_are_not_registered_twice(world: World, command: Command) -> None:
    command("apply", "--auto-approve")
    world.box.store.webhooks = [webhook for webhook in world.box.store.webhooks if QUIET not in webhook["name"]]
    file = world.root / "plan.json"
    command("plan", "--out", str(file))

    for _ in range(2):
        ended = command("apply", "--plan", str(file))

        assert ended.code == 0, ended.err
        names = [webhook["name"] for webhook in world.box.store.webhooks]
        assert names.count(webhook(QUIET)["name"]) == 1


def test_a_campaign_that_cannot_be_read_any_more(world: World, command: Command, saved: Path) -> None:
    world.tenant(requests={"concurrency": 1, "attempts": 1})
    world.fault("500", path="CAM_A/schedules$", times=None)

    ended = command("apply", "--plan", str(saved))

    assert ended.code == 1
    assert "CAM_A" in ended.err
    assert world.writes() == {}
