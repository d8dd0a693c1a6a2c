"""plan.yml: what reviewers of a pull request see, and what nobody else's code gets."""

from __future__ import annotations

import json

from tests.support.pipeline_world import READS, World, campaign

FILE = "schedules/cam_001.yaml"


def test_the_comment_is_made_once_and_updated_after(world: World) -> None:
    first = world.run("plan.yml", world.pull_request({FILE: campaign(400)}))

    assert first.results() == {"validate": ["success"], "plan": ["success"]}
    (comment,) = world.comments()
    assert "1 to create" in comment
    assert comment.splitlines()[0].startswith("<!-- ")
    plan = json.loads(first.artifact("plan-acme"))
    assert plan["digest"] in comment
    assert plan["digest"] in first.job("plan").summary
    assert plan["base"] == world.tip
    assert plan["dirty"] is False
    assert world.caps() == []

    second = world.run("plan.yml", world.pull_request({FILE: campaign(300)}))

    (updated,) = world.comments()
    assert json.loads(second.artifact("plan-acme"))["digest"] in updated
    assert plan["digest"] not in updated


def test_plan_tells_the_pull_request_from_what_was_there_before(world: World) -> None:
    world.hold(500)

    run = world.run("plan.yml", world.pull_request({FILE: campaign(400)}))

    (change,) = json.loads(run.artifact("plan-acme"))["changes"]
    assert [(field["live"], field["desired"], field["origin"]) for field in change["fields"]] == [(500, 400, "change")]
    seen = world.box.log
    assert {request.method for request in seen if not request.path.endswith("/token")} == {"GET"}
    assert all(set(request.scope.split()) <= READS for request in seen)


def test_a_fork_gets_validation_and_nothing_else(world: World) -> None:
    reached: list[str] = []
    world.runner.reached = reached.append

    run = world.run("plan.yml", world.pull_request({FILE: campaign(400)}, fork=True))

    assert run.results() == {"validate": ["success"], "plan": ["skipped"]}
    assert reached == []
    assert all(job.secrets == () for job in run.jobs)
    assert world.github.asked == []
    assert world.box.log == ()
    assert run.artifact_names() == []


def test_a_fork_that_had_variables_gets_no_more(world: World) -> None:
    event = world.pull_request({FILE: campaign(400)}, fork=True)
    world.runner.variables = {"CXONE_ENABLED": "true"}
    trusted = type(event)(event.name, event.sha, event.ref, event.payload, fork=False)

    assert world.run("plan.yml", trusted).results()["plan"] == ["skipped"]


def test_nothing_is_read_where_the_pipelines_are_not_enabled(world: World) -> None:
    world.runner.variables = {}

    run = world.run("plan.yml", world.pull_request({FILE: campaign(400)}))

    assert run.results() == {"validate": ["success"], "plan": ["skipped"]}
    assert world.box.log == ()


def test_errors_are_annotations_and_replace_an_older_plan(world: World) -> None:
    world.run("plan.yml", world.pull_request({FILE: campaign(400)}))

    run = world.run("plan.yml", world.pull_request({FILE: campaign(400).replace("17:00", "08:00")}))

    assert run.results() == {"validate": ["failure"], "plan": ["failure"]}
    assert "::error file=schedules/cam_001.yaml,line=8," in run.job("validate").log
    (comment,) = world.comments()
    assert "window-order" in comment
    assert "cannot be applied" in comment
    assert "window-order" in run.job("plan").summary


def test_a_tenant_that_refuses_the_credentials_is_told_in_the_comment(world: World) -> None:
    world.runner.environments = {
        "cxone-plan-acme": {"CXONE_CLIENT_ID": "sandbox", "CXONE_CLIENT_SECRET": "hunter2-wrong"}
    }

    run = world.run("plan.yml", world.pull_request({FILE: campaign(400)}))

    assert run.results() == {"validate": ["success"], "plan": ["failure"]}
    (comment,) = world.comments()
    assert "campaign-unreadable" in comment
    assert "hunter2" not in comment + run.job("plan").log + run.artifact("plan-acme")


def test_each_tenant_has_a_comment_of_its_own(two: World) -> None:
    event = two.pull_request({"schedules/acme/cam_001.yaml": campaign(400)})

    for _ in range(2):
        run = two.run("plan.yml", event)
        assert run.results() == {"validate": ["success"], "plan": ["success", "success"]}

    first, second = two.comments()
    assert ("`acme`" in first, "`Büro Köln`" in first) != ("`acme`" in second, "`Büro Köln`" in second)
    assert run.artifact_names() == ["plan-Büro Köln", "plan-acme"]


def test_schedules_without_any_tenant_need_no_plan(world: World) -> None:
    gone = {FILE: None, "schedules/tenant.yaml": None}

    run = world.run("plan.yml", world.pull_request(gone))

    assert run.results()["plan"] == ["skipped"]
