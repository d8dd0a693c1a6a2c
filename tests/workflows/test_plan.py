"""plan.yml: what reviewers of a pull request see, what its one required check says, and what nobody else's code gets."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.sandbox import Sandbox
from tests.support.github import GitHub
from tests.support.pipeline_world import READS, World, campaign, make_world, tenant

FILE = "schedules/cam_001.yaml"
JOBS = ("tenants", "validate", "plan", "comment", "cxone")
GREEN = {name: ["success"] for name in JOBS}
UNPLANNED = {**GREEN, "plan": ["skipped"], "comment": ["skipped"]}


@pytest.fixture
def three(tmp_path: Path, program_of_steps: Path) -> Iterator[World]:
    """Three tenants that hold nothing yet."""
    names = ("acme", "beta", "gamma")
    with (
        GitHub() as github,
        Sandbox(campaigns=["C1"]) as a,
        Sandbox(campaigns=["C2"]) as b,
        Sandbox(campaigns=["C3"]) as c,
    ):
        boxes = dict(zip(names, (a, b, c), strict=True))
        made = make_world(tmp_path, program_of_steps, github, boxes)
        files = {f"schedules/{name}/tenant.yaml": tenant(name, box) for name, box in boxes.items()}
        made.commit(files | {f"schedules/{name}/c.yaml": campaign(500, f"C{n}") for n, name in enumerate(names, 1)})
        yield made


@pytest.fixture
def pair(tmp_path: Path, program_of_steps: Path) -> Iterator[World]:
    """A tenant that holds the two campaigns that main has, and a console in which somebody edited the second one."""
    with GitHub() as github, Sandbox(campaigns=["CAM_001", "CAM_002"]) as box:
        made = make_world(tmp_path, program_of_steps, github, {"acme": box})
        files = {f"schedules/cam_00{n}.yaml": campaign(500, f"CAM_00{n}") for n in (1, 2)}
        made.commit({"schedules/tenant.yaml": tenant("acme", box), **files})
        made.bring_to_tip()
        made.hold(444, "CAM_002")
        box.clear_log()
        yield made


def test_only_what_the_pull_request_changes_is_read(pair: World) -> None:
    files: dict[str, str | None] = {FILE: campaign(400)}
    run = pair.run("plan.yml", pair.pull_request(files))

    assert run.results() == GREEN
    plan = json.loads(run.artifact("plan-acme.json"))
    assert [change["campaignId"] for change in plan["changes"]] == ["CAM_001"]
    assert plan["summary"]["notRead"] == 1
    assert {seen.path.split("/")[-2] for seen in pair.box.log if seen.path.endswith("/schedules")} == {"CAM_001"}
    (comment,) = pair.comments()
    assert "1 campaign not read" in comment

    pair.run("apply.yml", pair.push(files))  # reads all, as those see who approve
    assert (pair.caps("CAM_001"), pair.caps("CAM_002")) == ([400], [500])
    assert "which read only what the pull request changes" in pair.comments()[1]


def test_where_the_merge_is_the_approval_the_reviewers_see_all(pair: World) -> None:
    pair.runner.variables["CXONE_APPROVAL"] = "merge"
    run = pair.run("plan.yml", pair.pull_request({FILE: campaign(400)}))

    plan = json.loads(run.artifact("plan-acme.json"))
    assert [change["campaignId"] for change in plan["changes"]] == ["CAM_001", "CAM_002"]
    assert "notRead" not in plan["summary"]


def test_the_comment_is_made_once_and_marked_as_outdated_and_updated_after(world: World) -> None:
    first = world.run("plan.yml", world.pull_request({FILE: campaign(400)}))

    assert first.results() == GREEN
    (comment,) = world.comments()
    assert comment.splitlines()[0].startswith("<!-- ")
    plan = json.loads(first.artifact("plan-acme.json"))
    assert "<!-- digests {" in comment
    assert plan["digest"] in comment
    assert plan["base"] == world.tip
    assert plan["dirty"] is False
    assert world.caps() == []
    head = first.event.payload["pull_request"]["head"]["sha"]
    assert head[:7] in comment
    assert f"/actions/runs/{first.number}/artifacts/" in comment
    assert "<html" in first.artifact("plan-acme.html")

    seen: list[str] = []
    world.runner.reached = lambda _name: seen.extend(world.comments())
    second = world.run("plan.yml", world.pull_request({FILE: campaign(300)}))

    assert "**Outdated.**" in seen[0]
    assert "<!-- digests" not in seen[0], "nobody takes an outdated plan for the reviewed one"
    (updated,) = world.comments()
    assert json.loads(second.artifact("plan-acme.json"))["digest"] in updated
    assert plan["digest"] not in updated
    assert "Outdated" not in updated


def test_plan_tells_the_pull_request_from_what_was_there_before(applied: World) -> None:
    asked = len(applied.box.log)
    run = applied.run("plan.yml", applied.pull_request({FILE: campaign(400)}))

    (change,) = json.loads(run.artifact("plan-acme.json"))["changes"]
    assert [(field["live"], field["desired"], field["origin"]) for field in change["fields"]] == [(500, 400, "change")]
    seen = applied.box.log[asked:]
    assert {request.method for request in seen if not request.path.endswith("/token")} == {"GET"}
    assert all(set(request.scope.split()) <= READS for request in seen)


def test_a_typo_in_the_readme_makes_no_comment(applied: World) -> None:
    run = applied.run("plan.yml", applied.pull_request({"README.md": "Typo\n"}))

    assert run.results() == GREEN
    assert applied.comments() == []
    assert not [line for line in applied.github.asked if line.startswith("POST issues/7/")]


def test_a_comment_that_is_there_says_when_nothing_changes_any_more(applied: World) -> None:
    applied.run("plan.yml", applied.pull_request({FILE: campaign(400)}))
    before = applied.comments()

    applied.run("plan.yml", applied.pull_request({"README.md": "Typo\n"}))

    assert len(applied.comments()) == 1
    assert applied.comments() != before
    assert "Outdated" not in applied.comments()[0]


def test_three_tenants_make_one_comment(three: World) -> None:
    event = three.pull_request({"schedules/acme/c.yaml": campaign(400, "C1")})

    for _ in range(2):
        run = three.run("plan.yml", event)
        assert run.results() == {**GREEN, "plan": ["success"] * 3}

    (comment,) = three.comments()
    assert all(name in comment for name in ("acme", "beta", "gamma"))


def test_errors_are_annotations_and_replace_an_older_plan(world: World) -> None:
    world.run("plan.yml", world.pull_request({FILE: campaign(400)}))

    run = world.run("plan.yml", world.pull_request({FILE: campaign(400).replace("17:00", "08:00")}))

    assert run.results() == {**GREEN, "validate": ["failure"], "plan": ["failure"], "cxone": ["failure"]}
    assert "::error file=schedules/cam_001.yaml,line=8," in run.job("validate").log
    (comment,) = world.comments()
    assert "08:00" in comment
    assert "08:00" in run.job("plan").summary


def test_a_tenant_that_refuses_the_credentials_is_said_in_the_comment(world: World) -> None:
    world.runner.secrets["cxone-plan-acme"] = {"CXONE_CLIENT_ID": "sandbox", "CXONE_CLIENT_SECRET": "hunter2-wrong"}

    run = world.run("plan.yml", world.pull_request({FILE: campaign(400)}))

    assert run.results() == {**GREEN, "plan": ["failure"], "cxone": ["failure"]}
    (comment,) = world.comments()
    assert "1 campaign could not be read in CXone" in comment
    assert "hunter2" not in comment + run.job("plan").log + run.artifact("plan-acme.json")


def test_a_plan_without_a_result_is_said_in_the_comment(world: World) -> None:
    world.runner.loses = lambda title, step: (title, step) == ("plan (acme)", "state")

    run = world.run("plan.yml", world.pull_request({FILE: campaign(400)}))

    assert run.results() == {**GREEN, "plan": ["failure"], "cxone": ["failure"]}
    assert "There is no plan of `acme`" in world.comments()[0]


def test_a_fork_gets_validation_and_a_result_and_nothing_else(world: World) -> None:
    reached: list[str] = []
    world.runner.reached = reached.append

    run = world.run("plan.yml", world.pull_request({FILE: campaign(400)}, fork=True))

    assert run.results() == UNPLANNED
    assert reached == []
    assert all(job.secrets == () for job in run.jobs)
    assert world.github.asked == []
    assert world.box.log == ()
    assert run.artifact_names() == []


def test_a_fork_that_had_variables_gets_no_more(world: World) -> None:
    event = world.pull_request({FILE: campaign(400)}, fork=True)
    trusted = type(event)(event.name, event.sha, event.ref, event.payload, fork=False)

    assert world.run("plan.yml", trusted).results() == UNPLANNED


def test_dependabot_gets_validation_and_a_result(world: World) -> None:
    event = world.pull_request({"README.md": "Newer\n"}, actor="dependabot[bot]")

    run = world.run("plan.yml", event)

    assert run.results() == UNPLANNED
    assert world.github.asked == []
    assert world.box.log == ()


def test_an_invalid_file_from_a_fork_makes_the_check_red(world: World) -> None:
    broken = {FILE: campaign(400).replace("17:00", "08:00")}

    run = world.run("plan.yml", world.pull_request(broken, fork=True))

    assert run.results() == {**UNPLANNED, "validate": ["failure"], "cxone": ["failure"]}


def test_nothing_is_read_where_the_pipelines_are_not_enabled(world: World) -> None:
    world.runner.variables = {}

    run = world.run("plan.yml", world.pull_request({FILE: campaign(400)}))

    assert run.results() == UNPLANNED
    assert world.box.log == ()


def test_schedules_without_any_tenant_have_a_result(world: World) -> None:
    gone = {FILE: None, "schedules/tenant.yaml": None}

    run = world.run("plan.yml", world.pull_request(gone))

    assert run.results()["plan"] == ["skipped"]
    assert run.results()["cxone"] != ["skipped"]


@pytest.mark.parametrize("live", [111], ids=["a conflict"])
def test_a_plan_that_would_be_refused_makes_the_check_red(live: int, applied: World) -> None:
    applied.hold(live)

    run = applied.run("plan.yml", applied.pull_request({FILE: campaign(400)}))

    assert run.results() == {**GREEN, "plan": ["failure"], "cxone": ["failure"]}
    (comment,) = applied.comments()
    assert "refused" in comment


def test_a_merge_group_has_a_result_and_no_comment(applied: World) -> None:
    event = applied.merge_group(applied.pull_request({FILE: campaign(400)}))

    run = applied.run("plan.yml", event)

    assert run.results() == {**GREEN, "comment": ["skipped"]}
    (change,) = json.loads(run.artifact("plan-acme.json"))["changes"]
    assert change["origin"] == "change"
    assert applied.comments() == []

    applied.hold(111)
    assert applied.run("plan.yml", event).results() == {
        **GREEN, "plan": ["failure"], "comment": ["skipped"], "cxone": ["failure"]
    }  # fmt: skip
