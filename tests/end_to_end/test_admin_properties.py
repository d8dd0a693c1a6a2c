"""What must hold for every week of a skill: apply then plan is empty, a closed day keeps its times, import says what is live."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.importing.run import run_import
from reconciler.model import WEEKDAYS, JsonObject
from reconciler.pipeline.plan import plan_all
from reconciler.pipeline.tenants import Options
from tests.support.admin_world import AdminWorld, admin_world

QUIRKS = ["text-numbers", "text-booleans", "seconds", "no-links", "no-content", "words-in-body", "bare-word"]


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


@st.composite
def _live(draw: st.DrawFn) -> JsonObject:
    """The settings of a skill that can be read."""
    fields: JsonObject = {"isScheduled": draw(st.booleans())}
    for day in map(str.lower, WEEKDAYS):
        start = draw(st.integers(1, 1437))
        fields[f"{day}IsActive"] = draw(st.booleans())
        fields[f"{day}StartTime"], fields[f"{day}EndTime"] = _clock(start), _clock(draw(st.integers(start + 1, 1438)))
    return fields


@st.composite
def _wanted(draw: st.DrawFn) -> list[JsonObject]:
    """The days of an entry, at hours that are legal everywhere."""
    days = draw(st.lists(st.sampled_from(WEEKDAYS), min_size=1, unique=True))
    return [
        {
            "dayOfWeek": day,
            "startTime": _clock(draw(st.integers(600, 780))),
            "endTime": _clock(draw(st.integers(781, 1020))),
        }
        for day in days
    ]


def _options(world: AdminWorld, **more: Any) -> Options:
    return Options(str(world.root / "schedules"), date(2026, 11, 22), world.env, clock=world.clock, **more)


@settings(max_examples=15)
@given(
    live=st.dictionaries(st.sampled_from(["Sales", "été ☎", "#1: yes"]), _live(), min_size=1),
    wanted=_wanted(),
    quirks=st.sets(st.sampled_from(QUIRKS)),
)
def test_after_an_apply_a_plan_is_empty(
    tmp_path_factory: pytest.TempPathFactory,
    live: Mapping[str, JsonObject],
    wanted: list[JsonObject],
    quirks: set[str],
) -> None:
    world = admin_world(tmp_path_factory.mktemp("world"), quirks)
    with world.box:
        ids = {name: world.box.store.add_skill("1001", name, settings=held) for name, held in live.items()}
        world.tenant(admin={"partialWeek": True}, safety={"maxChangedPercent": 100})
        world.campaign("1001", *({"name": name, "scheduleDetails": wanted} for name in live))

        assert world.result().converged

        (plan,) = plan_all(_options(world), world.stop)
        assert plan.changes == ()
        for name, before in live.items():
            held = world.box.store.settings(ids[name])
            assert held["isScheduled"] is True
            open_days = {window["dayOfWeek"].lower(): window for window in wanted}
            for day in map(str.lower, WEEKDAYS):
                source = open_days.get(day, {})
                assert held[f"{day}IsActive"] is bool(source)
                assert held[f"{day}StartTime"] == source.get("startTime", before[f"{day}StartTime"])
                assert held[f"{day}EndTime"] == source.get("endTime", before[f"{day}EndTime"])


@settings(max_examples=15)
@given(live=st.lists(_live(), min_size=1, max_size=4), quirks=st.sets(st.sampled_from(QUIRKS)))
def test_what_import_writes_plans_as_empty(
    tmp_path_factory: pytest.TempPathFactory, live: list[JsonObject], quirks: set[str]
) -> None:
    world = admin_world(tmp_path_factory.mktemp("world"), quirks)
    with world.box:
        for number, held in enumerate(live):
            held["isScheduled"], held["mondayIsActive"] = True, True  # a week without a day cannot be written
            world.box.store.add_skill(str(1001 + number % 2), f"Skill {number}", settings=held)
        world.tenant(compliance={"severities": {"outside-calling-hours": "notice"}})

        imported = run_import(_options(world), update=False, stop=world.stop)

        assert not imported.blocked
        (plan,) = plan_all(_options(world), world.stop)
        assert [finding.message for finding in plan.findings if finding.severity == "error"] == []
        assert (plan.changes, plan.unmanaged) == ((), ())
        assert plan.unchanged == len(live)
