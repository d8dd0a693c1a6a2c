"""Several runs of apply.yml: older ones, ones at once, ones that were rejected, lost or never began."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reconciler.sandbox import Fault, Store
from tests.support.pipeline_world import World, campaign
from tests.support.runner import Run, git

FILE = "schedules/cam_001.yaml"
APPROVE = "cxone-approve-acme"


def _fields(run: Run) -> list[tuple[Any, Any, str]]:
    """What a run's plan would change: live, desired, origin."""
    plan = json.loads(run.artifact("plan-acme.json"))
    return [
        (field["live"], field["desired"], field["origin"]) for change in plan["changes"] for field in change["fields"]
    ]


def _writes(world: World) -> list[int]:
    """The caps that were put, in order."""
    return [
        line["body"]["scheduleDetails"][0]["maxCallsPerDay"]
        for line in world.journal()
        if line.get("status") == "SUCCESS"
    ]


def test_an_older_run_again_writes_nothing_and_says_so(applied: World) -> None:
    older = applied.run("apply.yml", applied.push({FILE: campaign(600)}))
    newer = applied.run("apply.yml", applied.push({FILE: campaign(700)}, number=8))
    assert (older.green, newer.green, _writes(applied)) == (True, True, [500, 600, 700])
    asked = len(applied.box.log)

    applied.runner.again(older)

    assert older.green
    assert older.results()["approve"] == ["skipped"]
    assert len(applied.box.log) == asked, "the tenant is not even read"
    assert (applied.caps(), applied.applied()) == ([700], newer.event.sha)
    (comment,) = applied.comments()
    assert "⏭️ Not applied to `acme`: a newer revision takes over" in comment
    assert newer.event.sha[:12] in comment


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["older first", "newer first"])
def test_two_merges_within_a_minute_both_end_well(order: tuple[int, int], applied: World) -> None:
    applied.runner.reviewer = None
    runs = [
        applied.run("apply.yml", applied.push({FILE: campaign(600)}, number=7)),
        applied.run("apply.yml", applied.push({FILE: campaign(700)}, number=8)),
    ]

    for number in order:
        applied.runner.approve(runs[number], APPROVE)

    assert all(run.green for run in runs), [run.results() for run in runs]
    assert (applied.caps(), _writes(applied)) == ([700], [500, 700])
    assert applied.applied() == applied.tip
    assert "a newer revision takes over" in applied.comments(7)[0]
    assert "### ✅ acme: " in applied.comments(8)[0]


def test_a_merge_while_another_is_written_waits_for_its_record(applied: World) -> None:
    runs: list[Run] = []

    def merge(_store: Store) -> None:
        runs.append(applied.run("apply.yml", applied.push({FILE: campaign(700)}, number=8)))

    event = applied.push({FILE: campaign(600)})
    applied.box.faults.add(Fault("edit-before", method="PUT", edit=merge))
    applied.runner.held.add("acme / write / record")
    older = applied.run("apply.yml", event)

    (newer,) = runs
    assert older.result("apply") == "success"
    assert newer.results()["plan"] == [""], "no plan is made while the journal lacks what was written"

    applied.runner.held.clear()
    applied.runner.advance()

    assert (older.green, newer.green) == (True, True)
    assert (applied.caps(), _writes(applied)) == ([700], [500, 600, 700])
    assert _fields(newer) == [(600, 700, "change")]


def test_a_run_that_nobody_approves_blocks_nobody(applied: World) -> None:
    applied.runner.reviewer = None
    forgotten = applied.run("apply.yml", applied.push({FILE: campaign(600)}))

    fix = applied.run("apply.yml", applied.push({FILE: campaign(100)}, number=8))
    applied.runner.approve(fix, APPROVE)

    assert (fix.green, applied.caps()) == (True, [100])
    assert forgotten.waiting == {APPROVE}

    applied.runner.approve(forgotten, APPROVE)

    assert (forgotten.green, applied.caps()) == (True, [100]), "approved too late, it rolls nothing back"


def test_the_runner_would_see_a_lock_that_is_taken_before_the_approval(applied: World, monkeypatch: Any) -> None:
    from tests.support import runner

    read = runner._read

    def with_a_lock(file: str) -> dict[str, Any]:
        workflow = read(file)
        if file == "tenant.yml":
            workflow["jobs"]["approve"]["concurrency"] = {"group": "approvals", "queue": "max"}
        return workflow

    monkeypatch.setattr(runner, "_read", with_a_lock)
    applied.runner.reviewer = None
    applied.run("apply.yml", applied.push({FILE: campaign(600)}))
    blocked = applied.run("apply.yml", applied.push({FILE: campaign(100)}, number=8))

    assert blocked.waiting == set(), "its reviewers are not even asked"


def test_a_rejected_change_of_the_same_field_is_no_conflict(applied: World) -> None:
    applied.runner.reviewer = None
    rejected = applied.run("apply.yml", applied.push({FILE: campaign(600)}))
    applied.runner.reject(rejected, APPROVE)
    assert (rejected.result("approve"), applied.caps()) == ("failure", [500])

    run = applied.run("apply.yml", applied.push({FILE: campaign(700)}, number=8))

    assert _fields(run) == [(500, 700, "change")]
    applied.runner.approve(run, APPROVE)
    assert (run.green, applied.caps()) == (True, [700])


def test_a_rejected_change_keeps_its_name_in_the_next_merge(applied: World) -> None:
    applied.runner.reviewer = None
    rejected = applied.run("apply.yml", applied.push({FILE: campaign(600)}))
    applied.runner.reject(rejected, APPROVE)

    event = applied.pull_request({"README.md": "Our schedules\n"}, number=8)
    review = applied.run("plan.yml", event)
    run = applied.run("apply.yml", applied.push({"README.md": "Our schedules\n"}, number=8))

    for plan in (review, run):
        assert _fields(plan) == [(500, 600, "pending")]
        assert rejected.event.sha[:7] in plan.artifact("plan-acme.json")
    assert "not applied yet" in run.job("plan").summary
    applied.runner.approve(run, APPROVE)
    assert (run.green, applied.caps(), applied.applied()) == (True, [600], run.event.sha)


def test_a_console_edit_of_what_waits_is_shown_as_an_edit(applied: World) -> None:
    applied.runner.reviewer = None
    rejected = applied.run("apply.yml", applied.push({FILE: campaign(600)}))
    applied.runner.reject(rejected, APPROVE)
    applied.hold(111)

    run = applied.run("apply.yml", applied.push({"README.md": "Our schedules\n"}, number=8))

    assert _fields(run) == [(111, 600, "drift")]
    assert (run.waiting, applied.caps()) == ({APPROVE}, [111]), (
        "nobody's edit is reverted without an approval that names it"
    )


def test_a_forced_push_is_refused_until_somebody_forces_it(applied: World) -> None:
    old = applied.applied()
    git(applied.origin, "commit", "--quiet", "--amend", "--message", "Rewritten")
    event = applied.push({FILE: campaign(700)})
    event.payload["before"] = old

    run = applied.run("apply.yml", event)

    assert run.result("plan") == "failure"
    assert applied.caps() == [500]
    assert "drift" not in json.dumps(_fields(run))

    forced = applied.run("apply.yml", applied.by_hand(tenant="acme", force="main was rewritten"))

    assert (forced.green, applied.caps(), applied.applied()) == (True, [700], event.sha)


def test_a_push_that_starts_no_run_is_pending_and_applied_with_the_next(applied: World) -> None:
    skipped = applied.push({FILE: campaign(600)}, message="Raise the cap [skip ci]")

    applied.run("drift.yml", applied.on_time())

    (issue,) = applied.github.open_issues()
    assert issue["title"] == "Not applied yet: acme"
    assert "no run waits" in issue["body"]

    run = applied.run("apply.yml", applied.push({"README.md": "Our schedules\n"}, number=8))

    assert _fields(run) == [(500, 600, "pending")]
    assert skipped.sha[:7] in run.artifact("plan-acme.json")
    assert (run.green, applied.caps()) == (True, [600])


def test_a_commit_that_starts_no_run_takes_over_from_nobody(applied: World) -> None:
    applied.runner.reviewer = None
    run = applied.run("apply.yml", applied.push({FILE: campaign(600)}))
    applied.push({"README.md": "Bumped\n"}, message="Bump [skip ci]", number=None)

    applied.runner.approve(run, APPROVE)

    assert (run.green, applied.caps(), applied.applied()) == (True, [600], run.event.sha)


def test_a_lost_machine_loses_no_line_and_the_next_run_knows(applied: World) -> None:
    applied.runner.loses = lambda title, step: (title, step) == ("acme / write / apply", "apply")
    run = applied.run("apply.yml", applied.push({FILE: campaign(600)}))

    assert (run.result("apply"), run.result("record")) == ("failure", "success"), run.job("record").log
    assert "apply-acme" not in run.artifact_names()
    assert run.job("apply").log.count('{"action":"SCHEDULE_WINDOW_UPSERT"') == 2
    assert (applied.caps(), applied.applied(), _writes(applied)) == ([600], run.event.sha, [500, 600])

    applied.runner.loses = lambda _title, _step: False
    later = applied.run("apply.yml", applied.push({FILE: campaign(700)}, number=8))

    assert _fields(later) == [(600, 700, "change")]
    assert (later.green, applied.caps()) == (True, [700])


def test_a_machine_that_is_lost_before_it_wrote_is_said(applied: World) -> None:
    applied.runner.loses = lambda title, step: (title, step) == ("acme / write / apply", "state")

    run = applied.run("apply.yml", applied.push({FILE: campaign(600)}))

    assert (run.result("apply"), run.result("record")) == ("failure", "failure")
    assert "no line of the journal" in run.job("record").log
    assert "Not, or not completely, applied" in applied.comments()[0]


def test_a_race_of_pushes_to_the_journal_is_run_again(applied: World) -> None:
    def meanwhile() -> None:
        applied.github.before_push = lambda: None
        git(applied.origin, "worktree", "add", "--quiet", "../race", "cxone-journal/acme")
        race = applied.origin.parent / "race"
        (race / "NOTE.md").write_text("somebody was faster\n", encoding="utf-8")
        git(race, "add", "--all")
        git(race, "commit", "--quiet", "--message", "A note")
        git(applied.origin, "worktree", "remove", "../race")  # git refuses to push to a branch that is checked out

    applied.github.before_push = meanwhile
    run = applied.run("apply.yml", applied.push({FILE: campaign(600)}))

    assert run.green, run.job("record").log
    assert applied.applied() == run.event.sha
    assert "NOTE.md" in git(applied.origin, "ls-tree", "--name-only", "cxone-journal/acme").splitlines()


def test_the_journal_that_somebody_edited_stops_every_run(applied: World) -> None:
    git(applied.origin, "worktree", "add", "--quiet", "../edit", "cxone-journal/acme")
    folder = applied.origin.parent / "edit"
    (file,) = folder.glob("*.jsonl")
    file.write_text(file.read_text(encoding="utf-8").replace("carol", "mallory"), encoding="utf-8")
    git(folder, "commit", "--quiet", "--all", "--message", "Nobody will see")
    git(applied.origin, "worktree", "remove", "../edit")

    run = applied.run("apply.yml", applied.push({FILE: campaign(600)}))

    assert run.result("plan") == "failure"
    assert "does not fit its own hash" in run.job("plan").log
    assert applied.caps() == [500]
