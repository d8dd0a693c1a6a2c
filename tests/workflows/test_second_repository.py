"""A repository that holds nothing but schedules, with the README's own workflow: it uses the actions from elsewhere."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.support.pipeline_world import World, campaign
from tests.support.runner import ROOT

FILE = "schedules/cam_001.yaml"
_WORKFLOW = re.compile(r"<!-- workflow -->\n```yaml\n(.*?)```\n<!-- end -->", re.DOTALL)


@pytest.fixture
def workflow(world: World, tmp_path: Path) -> str:
    """The workflow of the README, in a repository that has no program and no lock."""
    match = _WORKFLOW.search((ROOT / "README.md").read_text(encoding="utf-8"))
    assert match is not None
    assert len(match[1].splitlines()) <= 30
    file = tmp_path / "schedules.yml"
    file.write_text(match[1], encoding="utf-8")
    world.commit({".github/requirements/run.txt": None, ".github/requirements/dev.txt": None}, "Schedules only")
    for stage in ("plan", "apply"):
        world.runner.secrets[f"cxone-{stage}"] = world.runner.secrets[f"cxone-{stage}-acme"]
        world.github.environments[f"cxone-{stage}"] = []
    world.github.require_reviewers("cxone-apply")
    return str(file)


def test_a_pull_request_is_planned_and_writes_nothing(world: World, workflow: str) -> None:
    run = world.run(workflow, world.pull_request({FILE: campaign(400)}))
    assert run.results() == {"plan": ["success"], "apply": ["skipped"]}, run.job("plan").log
    assert "400" in run.job("plan").summary
    assert json.loads(run.artifact("plan.json"))["tenant"] == "acme"
    assert "<html" in run.artifact("plan.html")
    assert world.caps() == []


def test_a_refused_plan_is_red(world: World, workflow: str) -> None:
    run = world.run(workflow, world.pull_request({FILE: campaign(-1)}))
    assert run.result("plan") == "failure"
    assert json.loads(run.artifact("plan.json"))["digest"] is None


def test_a_fork_gets_no_credentials(world: World, workflow: str) -> None:
    run = world.run(workflow, world.pull_request({FILE: campaign(400)}, fork=True))
    assert run.results() == {"plan": ["skipped"], "apply": ["skipped"]}
    assert not world.box.log


def test_a_push_is_applied_once_somebody_approves(world: World, workflow: str) -> None:
    world.runner.reviewer = None
    run = world.run(workflow, world.push({FILE: campaign(400)}))
    assert (run.waiting, world.caps()) == ({"cxone-apply"}, [])
    world.runner.approve(run, "cxone-apply")
    assert run.results() == {"plan": ["skipped"], "apply": ["success"]}, run.job("apply").log
    assert world.caps() == [400]
    assert '"action":"RUN_ENDED"' in run.artifact("apply", "apply.log")
    assert run.artifact("apply", "apply.md") in run.job("apply").summary


def test_the_first_push_of_a_branch_has_nothing_before_it(world: World, workflow: str) -> None:
    event = world.push({FILE: campaign(300)})
    event.payload["before"] = "0" * 40
    run = world.run(workflow, event)
    assert run.result("apply") == "success", run.job("apply").log
    assert world.caps() == [300]
