"""drift.yml: one issue for as long as a tenant differs from git."""

from __future__ import annotations

import shlex

import pytest

from reconciler.sandbox import Fault
from tests.support.pipeline_world import READS, World, campaign

SEEN = {"tenants": ["success"], "drift": ["success"]}


@pytest.fixture
def applied(world: World) -> World:
    """acme holds what main says."""
    world.hold(500)
    return world


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
    assert "`111` → `500`" in _body(world)
    assert all(set(request.scope.split()) <= READS for request in world.box.log[asked:])

    world.hold(222)
    world.run("drift.yml", world.on_time())
    assert "`222` → `500`" in _body(world)
    assert len(world.github.issues) == 1

    world.hold(500)
    world.run("drift.yml", world.on_time())
    (issue,) = world.github.issues
    assert (issue["state"], issue["state_reason"]) == ("closed", "completed")
    assert "again" in world.comments(issue["number"])[0]

    world.hold(333)
    world.run("drift.yml", world.on_time())
    assert len(world.github.issues) == 2
    assert "`333` → `500`" in _body(world)


def test_the_issue_names_the_command_that_adopts_the_drift(applied: World) -> None:
    applied.hold(111)
    applied.run("drift.yml", applied.on_time())

    (line,) = (line for line in _body(applied).splitlines() if line.startswith("    reconciler "))
    assert shlex.split(line) == ["reconciler", "import", "--update", "--tenant=acme", "--campaign=CAM_001"]


def test_each_tenant_has_an_issue_of_its_own(two: World) -> None:
    run = two.run("drift.yml", two.on_time())

    assert run.results() == {"tenants": ["success"], "drift": ["success", "success"]}
    titles = sorted(issue["title"] for issue in two.github.open_issues())
    assert titles == ["CXone differs from git: Büro Köln", "CXone differs from git: acme"]


def test_a_tenant_that_cannot_be_read_opens_and_closes_nothing(applied: World) -> None:
    applied.hold(111)
    applied.run("drift.yml", applied.on_time())
    before = _body(applied)
    applied.hold(500)
    applied.box.faults.add(Fault("403", method="GET"))

    run = applied.run("drift.yml", applied.on_time())

    assert run.results() == {"tenants": ["success"], "drift": ["failure"]}
    assert _body(applied) == before
    assert "campaign-unreadable" in run.job("drift").summary


def test_drift_is_looked_for_only_where_it_is_enabled(world: World) -> None:
    world.runner.variables = {}

    run = world.run("drift.yml", world.on_time())

    assert run.results() == {"tenants": ["skipped"], "drift": ["skipped"]}
    assert world.box.log == ()


def test_a_merge_that_was_not_applied_yet_is_drift_too(applied: World) -> None:
    applied.push({"schedules/cam_001.yaml": campaign(400)})

    applied.run("drift.yml", applied.on_time())

    assert "`500` → `400`" in _body(applied)
    assert "an earlier revision was not applied" in _body(applied)
