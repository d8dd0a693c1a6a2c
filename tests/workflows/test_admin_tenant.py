"""The workflows with a tenant of the Admin API: its secrets reach every job that needs them, and a merge goes all the way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.sandbox import AdminSandbox
from tests.support.github import GitHub
from tests.support.pipeline_world import World, make_world

KEYS = ("CXONE_ACCESS_KEY_ID", "CXONE_ACCESS_KEY_SECRET", "CXONE_CLIENT_ID", "CXONE_CLIENT_SECRET")
FILE = "schedules/sales.yaml"
SKILLS = """\
campaignId: "1001"
schedules:
  - name: Sales
    id: "4711"
    jurisdictions: [US-NY]
    scheduleDetails:
      - dayOfWeek: [MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY]
        startTime: "09:00"
        endTime: "{end}"
"""


@pytest.fixture
def box() -> Iterator[AdminSandbox]:
    """A tenant with one skill, which dials from 09:00 to 17:00."""
    with AdminSandbox(skills=[("1001", "Sales", "4711")]) as made:
        yield made


@pytest.fixture
def world(tmp_path: Path, program_of_steps: Path, box: AdminSandbox) -> Iterator[World]:
    """A repository that has the skill as it is."""
    with GitHub() as github:
        made = make_world(tmp_path, program_of_steps, github, {"acme": box})
        settings = f"name: acme\napi: admin\nadmin: {{timezone: America/New_York, issuer: '{box.base_uri}'}}\n"
        made.commit({"schedules/tenant.yaml": settings, FILE: SKILLS.format(end="17:00")})
        yield made


def test_a_merge_is_planned_approved_applied_and_recorded(world: World, box: AdminSandbox) -> None:
    plan = world.run("plan.yml", world.pull_request({FILE: SKILLS.format(end="18:00")}))
    assert plan.job("cxone").result == "success"
    (comment,) = world.comments()
    assert "Sales" in comment

    run = world.run("apply.yml", world.push({FILE: SKILLS.format(end="18:00")}))

    assert {state for states in run.results().values() for state in states} == {"success"}
    assert box.store.settings("4711")["mondayEndTime"] == "18:00"
    assert world.applied() == world.tip
    assert {job.name: job.secrets for job in run.jobs if job.secrets} == {"plan": KEYS, "apply": KEYS}
    assert [line["sent"]["scheduleSettings"]["mondayEndTime"] for line in world.journal() if "sent" in line] == [
        "18:00"
    ] * 2


def test_drift_and_a_skill_that_follows_no_schedule_are_reported(world: World, box: AdminSandbox) -> None:
    world.run("apply.yml", world.push({FILE: SKILLS.format(end="18:00")}))
    box.store.edit("4711", isScheduled=False)
    world.run("drift.yml", world.on_time())
    (issue,) = world.github.open_issues()
    assert "take the entry out of git" in issue["body"]
    assert "reconciler import" not in issue["body"]
    box.store.edit("4711", mondayEndTime="12:00")
    world.run("drift.yml", world.on_time())
    (issue,) = world.github.open_issues()
    assert "reconciler import" in issue["body"]
