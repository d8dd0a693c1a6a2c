"""calendar.yml: what the dates alone change is applied without anybody being asked, and nothing else is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from reconciler.model import WEEKDAYS
from tests.support.pipeline_world import World, campaign

FILE = "schedules/cam_001.yaml"
CLOSED = datetime.now(UTC).date() + timedelta(days=3)
OPEN_DAYS = [day for number, day in enumerate(WEEKDAYS) if number != CLOSED.weekday()]


def _closing(cap: int) -> str:
    """A campaign that calls on every day but one that comes within a week."""
    every_day = campaign(cap).replace("dayOfWeek: MONDAY", f"dayOfWeek: [{', '.join(WEEKDAYS)}]")
    return f"{every_day}    closures:\n      - {{date: {CLOSED}, reason: Stock-taking}}\n"


@pytest.fixture
def due(world: World) -> World:
    """acme was brought to what main says ten days ago, when the closure was no part of the week yet."""
    world.push({FILE: _closing(500)}, number=1)
    world.bring_to_tip(f"--as-of={CLOSED - timedelta(days=13)}")
    assert world.days() == list(WEEKDAYS)
    assert world.applied() == world.tip
    return world


def test_a_closure_that_comes_is_applied_whatever_waits_for_an_approval(due: World) -> None:
    applied, due.runner.reviewer = due.tip, None
    waiting = due.run("apply.yml", due.push({FILE: _closing(600)}))
    assert waiting.waiting == {"cxone-approve-acme"}

    run = due.run("calendar.yml", due.on_time())

    assert run.green, run.results()
    assert run.results()["approve"] == ["skipped"]
    assert (due.days(), due.caps()) == (OPEN_DAYS, [500]), "the closure, and nothing of what waits"
    end = due.journal()[-1]
    assert (end["action"], end["converged"], end["revision"]) == ("RUN_ENDED", True, applied)
    assert due.comments() == []

    again = due.run("calendar.yml", due.on_time())

    assert again.green
    assert again.results() == {
        "tenants": ["success"],
        "plan": ["success"],
        "approve": ["skipped"],
        "report": ["skipped"],
    }


def test_a_closure_beside_an_edit_is_not_applied_and_says_so(due: World) -> None:
    (held,) = due.box.store.schedules("CAM_001")
    held["scheduleDetails"][0]["maxCallsPerDay"] = 111
    due.box.store.put("CAM_001", held)

    run = due.run("calendar.yml", due.on_time())

    assert not run.green
    assert due.days() == list(WEEKDAYS)
    assert run.result("plan") == "failure"
    assert "what the date makes of 1 schedule is not applied" in run.job("plan").log
