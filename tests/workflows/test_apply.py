"""apply.yml: a merge is planned afresh, approved, applied, recorded and reported, for each tenant by itself."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from reconciler.sandbox import Fault
from tests.support.github import Hiccup
from tests.support.pipeline_world import READS, World, campaign
from tests.support.runner import Run

FILE = "schedules/cam_001.yaml"
STAGES = ("tenants", "plan", "approve", "apply", "record", "report")
DONE = {name: ["success"] for name in STAGES}


def _plan(run: Run, tenant: str = "acme") -> dict[str, Any]:
    plan: dict[str, Any] = json.loads(run.artifact(f"plan-{tenant}.json"))
    return plan


def test_a_merge_is_planned_then_approved_then_applied_then_recorded(world: World) -> None:
    held: dict[str, list[int]] = {}
    world.runner.reached = lambda name: held.setdefault(name, world.caps())
    event = world.push({FILE: campaign(600)})

    run = world.run("apply.yml", event)

    assert run.results() == DONE
    assert held == {"cxone-plan-acme": [], "cxone-approve-acme": [], "cxone-apply-acme": []}, "approval comes first"
    assert world.caps() == [600]
    plan = _plan(run)
    assert plan["revision"] == event.sha
    assert plan["digest"].removeprefix("sha256:")[:12] in run.job("plan").summary
    assert "<html" in run.artifact("plan-acme.html")
    (comment,) = world.comments()
    assert "### ✅ acme: " in comment
    assert "Approved by carol." in comment
    assert "FORCED" not in comment
    *_, end = world.journal()
    assert (end["revision"], end["actor"], end["approvedBy"], end["digest"]) == (
        event.sha,
        "octocat",
        "carol",
        plan["digest"],
    )
    assert end["runUrl"] == f"{world.github.url}/contact-center/schedules/actions/runs/{run.number}"


def test_the_plan_reads_and_only_apply_may_write(world: World) -> None:
    asked: dict[str, int] = {}
    world.runner.reached = lambda name: asked.setdefault(name, len(world.box.log))

    run = world.run("apply.yml", world.push({FILE: campaign(600)}))

    until = asked["cxone-apply-acme"]
    assert until > 0
    assert all(set(request.scope.split()) <= READS for request in world.box.log[:until])
    assert "dialer:schedules:write" in world.box.log[until].scope
    assert {job.name: job.secrets for job in run.jobs if job.secrets} == {
        "plan": ("CXONE_CLIENT_ID", "CXONE_CLIENT_SECRET"),
        "apply": ("CXONE_CLIENT_ID", "CXONE_CLIENT_SECRET"),
    }


def test_each_tenant_goes_its_own_way(two: World) -> None:
    two.runner.reviewer = None
    run = two.run("apply.yml", two.push({"README.md": "Schedules\n"}))
    assert run.waiting == {"cxone-approve-acme", "cxone-approve-Büro Köln"}

    two.runner.approve(run, "cxone-approve-Büro Köln")

    assert (two.caps(), two.caps("CAM_B", "Büro Köln")) == ([], [900]), "acme still waits, and holds up nobody"
    assert two.applied("Büro Köln") == two.tip
    assert (two.applied("acme"), two.journal("acme")) == (None, [])

    two.runner.reject(run, "cxone-approve-acme")

    assert two.caps() == []
    assert sorted(run.results()["approve"]) == ["failure", "success"]
    comments = "\n".join(two.comments())
    assert "### ✅ Büro Köln: " in comments
    assert "🛑 Not applied to `acme`: not approved" in comments


def test_nobody_is_asked_where_there_is_nothing_to_do(applied: World) -> None:
    reached: list[str] = []
    applied.runner.reached = reached.append

    run = applied.run("apply.yml", applied.push({"README.md": "Our schedules\n"}))

    assert run.results() == {
        "tenants": ["success"],
        "plan": ["success"],
        "approve": ["skipped"],
        "report": ["skipped"],
    }
    assert reached == ["cxone-plan-acme"]
    assert applied.comments() == []


def test_adopted_drift_is_recorded_without_anybody_being_asked(applied: World) -> None:
    applied.hold(450)
    reached: list[str] = []
    applied.runner.reached = reached.append

    run = applied.run("apply.yml", applied.push({FILE: campaign(450)}))

    assert run.green
    assert reached == ["cxone-plan-acme", "cxone-apply-acme"]
    assert applied.applied() == applied.tip, "the next plan compares with what was adopted"
    assert applied.comments() == []


def test_a_failed_apply_is_recorded_and_reported_and_can_be_run_again(world: World) -> None:
    world.box.faults.add(Fault("403", method="PUT"))
    event = world.push({FILE: campaign(600)})

    run = world.run("apply.yml", event)

    assert run.results() == {**DONE, "apply": ["failure"]}
    assert world.caps() == []
    assert [line["status"] for line in world.journal()][:2] == ["PENDING", "FAILED"]
    assert world.applied() is None
    (comment,) = world.comments()
    assert "### 🛑 acme: " in comment
    assert "Re-run all jobs" in comment

    world.box.faults.clear()
    world.runner.again(run)

    assert run.results() == DONE
    assert (world.caps(), world.applied()) == ([600], event.sha)
    (comment,) = world.comments()
    assert "### ✅ acme: " in comment


def test_an_edit_between_plan_and_approval_ends_the_run(applied: World) -> None:
    def while_waiting(name: str) -> None:
        if name == "cxone-apply-acme":
            applied.hold(111)

    applied.runner.reached = while_waiting
    run = applied.run("apply.yml", applied.push({FILE: campaign(700)}))

    assert run.result("apply") == "failure"
    assert applied.caps() == [111], "the edit is not overwritten"
    assert "Re-run all jobs" in applied.comments()[0]
    assert "plan" in run.job("apply").log


def test_force_without_a_tenant_is_refused(world: World) -> None:
    run = world.run("apply.yml", world.by_hand(force="because"))

    assert run.results()["tenants"] == ["failure"]
    assert "name the tenant" in run.job("tenants").log
    assert world.box.log == ()


def test_a_plan_that_cannot_be_made_is_reported_on_the_pull_request(world: World) -> None:
    run = world.run("apply.yml", world.push({FILE: campaign(600).replace("17:00", "08:00")}))

    assert run.results()["plan"] == ["failure"]
    assert run.results()["approve"] == ["skipped"]
    (comment,) = world.comments()
    assert "🛑 Not applied to `acme`: the plan cannot be applied" in comment
    assert "08:00" in comment
    assert world.caps() == []


def test_a_new_branch_has_no_previous_tip(world: World) -> None:
    event = world.push({FILE: campaign(600)})
    parent = event.payload["before"]

    run = world.run("apply.yml", replace(event, payload={"before": "0" * 40}))

    assert _plan(run)["base"] == parent
    assert world.caps() == [600]


def test_a_name_of_a_tenant_is_never_an_option(world: World) -> None:
    run = world.run("apply.yml", world.by_hand(tenant="--path=/etc"))

    assert run.results()["tenants"] == ["failure"]
    assert world.box.log == ()


def test_only_the_default_branch_of_an_enabled_repository_is_applied(world: World) -> None:
    event = world.push({FILE: campaign(600)})

    assert world.run("apply.yml", replace(event, ref="refs/heads/topic")).results()["tenants"] == ["skipped"]
    world.runner.variables = {"CXONE_ENABLED": "false"}
    assert world.run("apply.yml", event).results()["tenants"] == ["skipped"]
    assert world.box.log == ()


def test_a_commit_without_a_pull_request_is_applied_and_reported_nowhere(world: World) -> None:
    run = world.run("apply.yml", world.push({FILE: campaign(600)}, number=None))

    assert run.results() == DONE
    assert world.caps() == [600]
    assert world.github.comments == {}
    assert "no pull request" in run.job("report").log


def test_the_plan_that_was_reviewed_is_recognized(applied: World) -> None:
    files: dict[str, str | None] = {FILE: campaign(600)}
    applied.run("plan.yml", applied.pull_request(files, number=8))
    applied.run("apply.yml", applied.push(files, number=8))

    assert "This is the plan that was shown in pull request 8." in applied.comments(8)[1]

    applied.run("plan.yml", applied.pull_request({FILE: campaign(650)}, number=9))
    applied.hold(333)
    applied.runner.variables["CXONE_APPROVAL"] = "reviewers"
    applied.hold(600)
    applied.run("apply.yml", applied.push({FILE: campaign(651)}, number=9))

    assert "This is another plan than the one that was shown in pull request 9" in applied.comments(9)[1]


@pytest.mark.parametrize("variable", [None, "reviewers", "Merge"])
def test_an_environment_that_asks_nobody_is_refused(variable: str | None, world: World) -> None:
    world.github.environments["cxone-approve-acme"] = []
    if variable is not None:
        world.runner.variables["CXONE_APPROVAL"] = variable

    run = world.run("apply.yml", world.push({FILE: campaign(600)}))

    assert run.results()["approve"] == ["failure"]
    assert world.caps() == []
    assert "CXONE_APPROVAL" in run.job("approve").log
    assert "not approved" in world.comments()[0]


def test_a_merge_is_the_approval_where_the_repository_says_so(world: World) -> None:
    del world.github.environments["cxone-approve-acme"]
    world.runner.variables["CXONE_APPROVAL"] = "merge"
    world.github.reviews[7] = [
        {"user": {"login": "rita"}, "state": "CHANGES_REQUESTED"},
        {"user": {"login": "otto"}, "state": "CHANGES_REQUESTED"},
        {"user": {"login": "rita"}, "state": "APPROVED"},
        {"user": {"login": "rita"}, "state": "COMMENTED"},
    ]

    run = world.run("apply.yml", world.push({FILE: campaign(600)}))

    assert run.results() == DONE
    assert world.caps() == [600]
    assert world.journal()[-1]["approvedBy"] == "rita, mona (merge) of pull request 7"


def test_hiccups_of_github_are_waited_for(world: World) -> None:
    event = world.push({FILE: campaign(600)})
    secondary = json.dumps({"message": "You have exceeded a secondary rate limit."})
    world.github.hiccups += [
        Hiccup("GET", "git/ref/heads/main", 502),
        Hiccup("GET", "environments/cxone-approve-acme", 429),
        Hiccup("GET", "actions/runs/1/approvals", 403, secondary),
        Hiccup("GET", "issues/7/comments", 403, secondary),
        Hiccup("POST", "issues/7/comments", 403, secondary, carried_out=True),
    ]

    run = world.run("apply.yml", event)

    assert run.results() == DONE
    assert world.github.hiccups == []
    assert len(world.comments()) == 1, "what was posted already is not posted again"


def test_a_comment_that_github_refuses_turns_no_good_apply_red(world: World) -> None:
    event = world.push({FILE: campaign(600)})
    world.github.hiccups.append(Hiccup("POST", "issues/7/comments", 422))

    run = world.run("apply.yml", event)

    assert run.results() == DONE
    assert world.caps() == [600]
    assert "::warning::GitHub answered 422" in run.job("report").log


def test_a_first_apply_calls_nothing_recreated(world: World) -> None:
    run = world.run("apply.yml", world.push({"README.md": "Schedules\n"}))

    assert run.green
    assert world.caps() == [500], "the schedule was there before this push, and never applied"
    assert "recreated" not in [finding["code"] for finding in _plan(run)["findings"]]


def test_a_conflict_is_applied_only_by_hand_and_with_a_reason(two: World) -> None:
    assert two.run("apply.yml", two.push({"README.md": "Schedules\n"}, number=1)).green
    two.hold(111)
    files = {"schedules/acme/cam_001.yaml": campaign(700), "schedules/other/cam_b.yaml": campaign(800, "CAM_B")}

    run = two.run("apply.yml", two.push(files, number=8))

    assert sorted(run.results()["plan"]) == ["failure", "success"], "nobody is asked to approve what would be refused"
    assert (two.caps(), two.caps("CAM_B", "Büro Köln")) == ([111], [800])
    assert any("🛑 Not applied to `acme`: the plan cannot be applied" in text for text in two.comments(8))

    two.hold(850, "CAM_B", "Büro Köln")
    reason = "agreed with $(id) `id` the 'dialer' team"
    forced = two.run("apply.yml", two.by_hand(tenant="acme", force=reason))

    assert forced.results() == DONE
    assert forced.title == f"FORCED apply of acme by hubert: {reason}"
    assert (two.caps(), two.caps("CAM_B", "Büro Köln")) == ([700], [850]), "force holds for one tenant"
    end = two.journal()[-1]
    assert (end["force"], end["actor"], end["approvedBy"]) == (reason, "hubert", "carol")
    (comment,) = (text for text in two.comments(8) if "acme: " in text)
    assert "**FORCED** by `hubert`" in comment
    assert "dialer" in comment
    assert "Approved by carol." in comment
