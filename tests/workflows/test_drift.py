"""drift.yml: one issue for as long as a tenant differs from git, another one while it cannot be read."""

from __future__ import annotations

import shlex

from reconciler.sandbox import Fault
from tests.support.pipeline_world import READS, World, campaign

SEEN = {"tenants": ["success"], "drift": ["success"]}
FILE = "schedules/cam_001.yaml"


def _body(world: World) -> str:
    (issue,) = world.github.open_issues()
    return str(issue["body"])


def test_the_issue_is_opened_updated_and_closed(applied: World) -> None:
    world = applied
    assert world.run("drift.yml", world.on_time()).results() == SEEN
    assert world.github.issues == []

    world.hold(111)
    asked = len(world.box.log)
    assert world.run("drift.yml", world.on_time()).results() == SEEN
    assert "111" in _body(world)
    assert world.github.issues[0]["title"] == "CXone differs from git: acme"
    assert "somebody edited 1 schedule in CXone" in _body(world)
    assert all(set(request.scope.split()) <= READS for request in world.box.log[asked:])

    world.hold(222)
    world.run("drift.yml", world.on_time())
    assert "222" in _body(world)
    assert len(world.github.issues) == 1

    world.hold(500)
    world.run("drift.yml", world.on_time())
    (issue,) = world.github.issues
    assert (issue["state"], issue["state_reason"]) == ("closed", "completed")
    assert "again" in world.comments(issue["number"])[0]

    world.hold(333)
    world.run("drift.yml", world.on_time())
    assert len(world.github.issues) == 2
    assert "333" in _body(world)


def test_the_issue_names_the_command_that_adopts_the_drift(applied: World) -> None:
    applied.hold(111)
    applied.run("drift.yml", applied.on_time())

    (line,) = (line for line in _body(applied).splitlines() if line.startswith("    reconciler "))
    assert shlex.split(line) == ["reconciler", "import", "--update", "--tenant=acme", "--campaign=CAM_001"]


def test_each_tenant_has_an_issue_of_its_own(two: World) -> None:
    run = two.run("drift.yml", two.on_time())

    assert run.results() == {"tenants": ["success"], "drift": ["success", "success"]}
    titles = sorted(issue["title"].rpartition(": ")[2] for issue in two.github.open_issues())
    assert titles == ["Büro Köln", "acme"]


def test_a_tenant_that_cannot_be_read_has_another_issue(applied: World) -> None:
    applied.hold(111)
    applied.run("drift.yml", applied.on_time())
    before = _body(applied)
    applied.hold(500)
    applied.box.faults.add(Fault("403", method="GET", times=None))

    for _ in range(2):
        assert applied.run("drift.yml", applied.on_time()).results() == {"tenants": ["success"], "drift": ["failure"]}

    drift, unreadable = applied.github.open_issues()
    assert drift["body"] == before, "an unreadable tenant is neither drift nor the end of it"
    assert unreadable["title"].startswith("CXone cannot be checked since 20")
    assert unreadable["title"].endswith(": acme")

    applied.box.faults.clear()
    applied.run("drift.yml", applied.on_time())

    assert applied.github.open_issues() == []


def test_drift_is_looked_for_in_the_tenants_turn(applied: World) -> None:
    applied.runner.held.add("acme / write / record")
    applying = applied.run("apply.yml", applied.push({FILE: campaign(400)}))
    drift = applied.run("drift.yml", applied.on_time())

    assert (applying.result("apply"), drift.result("drift")) == ("success", "")

    applied.runner.held.clear()
    applied.runner.advance()

    assert drift.results() == SEEN
    assert applied.github.issues == []


def test_drift_is_looked_for_only_where_it_is_enabled(world: World) -> None:
    world.runner.variables = {}

    run = world.run("drift.yml", world.on_time())

    assert run.results() == {"tenants": ["skipped"], "drift": ["skipped"]}
    assert world.box.log == ()


def test_what_waits_for_approval_is_named_with_its_run(applied: World) -> None:
    applied.runner.reviewer = None
    run = applied.run("apply.yml", applied.push({FILE: campaign(400)}))

    applied.run("drift.yml", applied.on_time())

    (issue,) = applied.github.open_issues()
    assert issue["title"] == "Not applied yet: acme"
    assert f"[run {run.number}]({applied.github.runs[run.number]['html_url']}) waits for an approval" in issue["body"]
    assert "somebody edited" not in issue["body"]

    applied.runner.approve(run, "cxone-approve-acme")
    applied.run("drift.yml", applied.on_time())

    assert applied.github.open_issues() == []
