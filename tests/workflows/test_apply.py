"""apply.yml: a merge is planned afresh, approved, applied, journaled and told."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from reconciler.sandbox import Fault
from tests.support.journals import journal_runs
from tests.support.pipeline_world import READS, World, campaign
from tests.support.runner import Run, git

FILE = "schedules/cam_001.yaml"
DONE = {"tenants": ["success"], "plan": ["success"], "changed": ["success"], "apply": ["success"]}
FAILED = {**DONE, "apply": ["failure"]}


def _plan(run: Run, tenant: str = "acme") -> dict[str, object]:
    plan: dict[str, object] = json.loads(run.artifact(f"plan-{tenant}"))
    return plan


def test_a_merge_is_planned_then_approved_then_applied(world: World) -> None:
    held: dict[str, list[int]] = {}
    world.runner.reached = lambda name: held.setdefault(name, world.caps())
    event = world.push({FILE: campaign(600)})

    run = world.run("apply.yml", event)

    assert run.results() == DONE
    assert held == {"cxone-plan-acme": [], "cxone-apply-acme": []}, "nothing is written before the approval"
    assert world.caps() == [600]
    plan = _plan(run)
    assert (plan["revision"], plan["base"]) == (event.sha, event.payload["before"])
    assert str(plan["digest"]) in run.job("plan").summary
    (comment,) = world.comments()
    assert "Applied to `acme`" in comment
    assert "1 created, 0 updated" in comment
    assert "1 created, 0 updated" in run.job("apply").summary
    journal = journal_runs(run.artifacts / "journal-acme-1" / "journal.jsonl")
    assert [(run.digest, run.actor, run.pending) for run in journal.runs] == [(plan["digest"], "octocat", ())]


def test_the_plan_reads_and_only_apply_may_write(world: World) -> None:
    asked: dict[str, int] = {}
    world.runner.reached = lambda name: asked.setdefault(name, len(world.box.log))

    world.run("apply.yml", world.push({FILE: campaign(600)}))

    until = asked["cxone-apply-acme"]
    assert until > 0
    assert all(set(request.scope.split()) <= READS for request in world.box.log[:until])
    assert "dialer:schedules:write" in world.box.log[until].scope


def test_one_run_at_a_time_for_each_tenant(two: World) -> None:
    run = two.run("apply.yml", two.push({"README.md": "Schedules\n"}))

    assert run.results() == {**DONE, "plan": ["success"] * 2, "apply": ["success"] * 2}
    groups = {(job.name, job.matrix["tenant"]): job.concurrency for job in run.jobs if job.matrix}
    assert groups == {(stage, name): f"cxone-{name}" for stage in ("plan", "apply") for name in ("acme", "Büro Köln")}
    assert (two.caps(), two.caps("CAM_B", "Büro Köln")) == ([500], [900])
    assert len(two.comments()) == 2


def test_nobody_is_asked_where_there_is_nothing_to_do(two: World) -> None:
    two.hold(500)
    two.hold(900, "CAM_B", "Büro Köln")
    reached: list[str] = []
    two.runner.reached = reached.append

    run = two.run("apply.yml", two.push({"schedules/acme/cam_001.yaml": campaign(400)}, number=8))

    assert [name for name in reached if "apply" in name] == ["cxone-apply-acme"]
    assert two.caps() == [400]
    assert len(two.comments(8)) == 1
    assert run.artifact_names() == ["journal-acme-1", "plan-Büro Köln", "plan-acme"]

    again = two.run("apply.yml", two.push({"README.md": "Our schedules\n"}))

    assert again.results() == {**DONE, "plan": ["success"] * 2, "apply": ["skipped"]}


def test_a_failed_apply_is_journaled_and_told_and_can_be_run_again(world: World) -> None:
    world.box.faults.add(Fault("403", method="PUT"))
    event = world.push({FILE: campaign(600)})

    run = world.run("apply.yml", event)

    assert run.results() == FAILED
    assert world.caps() == []
    (journal,) = journal_runs(run.artifacts / "journal-acme-1" / "journal.jsonl").runs
    assert dict(journal.ends)["FAILED"] == 1
    (comment,) = world.comments()
    assert "Not, or not completely, applied to `acme`" in comment
    assert "1 failed" in comment

    world.box.faults.clear()
    assert world.run("apply.yml", event).results() == DONE
    assert world.caps() == [600]
    (comment,) = world.comments()
    assert "Applied to `acme`" in comment


def test_an_edit_between_plan_and_approval_refuses_the_plan(world: World) -> None:
    world.hold(500)

    def while_waiting(name: str) -> None:
        if name == "cxone-apply-acme":
            world.hold(111)

    world.runner.reached = while_waiting
    run = world.run("apply.yml", world.push({FILE: campaign(700)}))

    assert run.results() == FAILED
    assert world.caps() == [111], "the edit is not overwritten"
    assert "no longer what the plan saw" in world.comments()[0]
    assert "journal-acme-1" not in run.artifact_names(), "nothing was written, so there is nothing to journal"


def test_a_conflict_is_applied_only_by_hand_and_with_a_reason(world: World) -> None:
    world.hold(111)
    event = world.push({FILE: campaign(700)}, number=8)

    assert world.run("apply.yml", event).results() == FAILED
    assert world.caps() == [111]
    assert "somebody edited in the console what this revision changes too" in world.comments(8)[0]

    reason = "agreed with $(id) `id` the 'dialer' team"
    run = world.run("apply.yml", world.by_hand(force=reason))

    assert run.results() == DONE
    assert world.caps() == [700]
    entries = run.artifact("journal-acme-1").splitlines()
    assert {json.loads(line)["force"] for line in entries} == {reason}


def test_a_plan_that_cannot_be_made_is_told_on_the_pull_request(world: World) -> None:
    run = world.run("apply.yml", world.push({FILE: campaign(600).replace("17:00", "08:00")}))

    assert run.results() == {**DONE, "plan": ["failure"], "apply": ["skipped"]}
    (comment,) = world.comments()
    assert "Not, or not completely, applied to `acme`" in comment
    assert "window-order" in comment
    assert world.caps() == []


def test_a_new_branch_has_no_previous_tip(world: World) -> None:
    event = world.push({FILE: campaign(600)})
    parent = event.payload["before"]

    run = world.run("apply.yml", replace(event, payload={"before": "0" * 40}))

    assert _plan(run)["base"] == parent
    assert f"The previous tip of main is not known; compared with {parent}" in run.job("plan").summary


def test_a_forced_push_to_a_first_commit_is_compared_with_nothing(world: World) -> None:
    git(world.origin, "checkout", "--quiet", "--orphan", "anew")
    sha = world.commit({FILE: campaign(600)})
    git(world.origin, "branch", "--force", "main", sha)
    git(world.origin, "checkout", "--quiet", "main")
    event = replace(world.by_hand(), name="push", payload={"before": "ab" * 20})

    run = world.run("apply.yml", event)

    assert run.results() == DONE
    assert _plan(run)["base"] is None
    assert "compared with no earlier revision" in run.job("plan").summary
    assert world.caps() == [600]


def test_the_base_of_a_run_by_hand_can_be_named(world: World) -> None:
    world.push({FILE: campaign(600)})
    first = git(world.origin, "rev-parse", "main~1")
    world.push({"README.md": "Schedules\n"})

    run = world.run("apply.yml", world.by_hand(base=first))

    assert _plan(run)["base"] == first
    (change,) = json.loads(run.artifact("plan-acme"))["changes"]
    assert change["origin"] == "drift", "the schedule was at that revision already, and never applied"


def test_an_unknown_base_is_refused_and_never_an_option(world: World, tmp_path: Path) -> None:
    stolen = tmp_path / "stolen"

    run = world.run("apply.yml", world.by_hand(base=f"--output={stolen}"))

    assert run.results()["plan"] == ["failure"]
    assert world.caps() == []
    assert not stolen.exists()


def test_only_main_of_an_enabled_repository_is_applied(world: World) -> None:
    event = world.push({FILE: campaign(600)})
    skipped = {name: ["skipped"] for name in DONE}

    assert world.run("apply.yml", replace(event, ref="refs/heads/topic")).results() == skipped
    world.runner.variables = {"CXONE_ENABLED": "false"}
    assert world.run("apply.yml", event).results() == skipped
    assert world.box.log == ()


def test_a_commit_without_a_pull_request_is_applied_and_told_nowhere(world: World) -> None:
    run = world.run("apply.yml", world.push({FILE: campaign(600)}, number=None))

    assert run.results() == DONE
    assert world.caps() == [600]
    assert world.github.comments == {}
    assert "no pull request" in run.job("apply").log
