"""What must hold for every desired state: apply then plan is empty, order is irrelevant, two tenants never mix."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.apply.gate import GateOptions
from reconciler.model import WEEKDAYS, JsonObject, Plan
from reconciler.pipeline.apply import ApplyOptions, apply_fresh
from reconciler.pipeline.ci import run_info
from reconciler.pipeline.plan import plan_all
from reconciler.pipeline.tenants import Options
from reconciler.sandbox import Sandbox
from tests.support.builders import blackout, rules, schedule, window

_NAMES = ["Weekday", "Evening", "été ☎", "yes", "1e3", "#", "A/B"]
_CAMPAIGNS = ["CAM_001", "CAM/002", "…"]


@st.composite
def _schedules(draw: st.DrawFn) -> JsonObject:
    """A schedule that breaks no rule: no pauses, no projection, windows within the day."""
    days = draw(st.lists(st.sampled_from(WEEKDAYS), min_size=1, unique=True))
    return schedule(
        draw(st.sampled_from(_NAMES)),
        scheduleDetails=[window(day, "09:00", "17:00", maxCallsPerDay=draw(st.integers(800, 5600))) for day in days],
        blackoutPeriods=draw(st.sampled_from([[], [blackout()], [blackout(), blackout("15:00", "15:30", "BREAK")]])),
        complianceRules=rules(agentAvailabilityProjection=False),
    )


_STATES = st.dictionaries(
    st.sampled_from(_CAMPAIGNS),
    st.lists(_schedules(), max_size=3, unique_by=lambda schedule: str(schedule["name"])),
    min_size=1,
)
State = Mapping[str, Sequence[JsonObject]]


def _write(folder: Path, tenant: str, base_uri: str, state: State) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    credentials = f"{{clientIdEnv: CXONE_{tenant}_ID, clientSecretEnv: CXONE_{tenant}_SECRET}}"
    text = f"name: {tenant}\nbaseUri: {base_uri}\ncredentials: {credentials}\n"
    (folder / "tenant.yaml").write_text(text, encoding="utf-8")
    for number, (campaign_id, schedules) in enumerate(state.items()):
        document = {"campaignId": campaign_id, "schedules": list(schedules)}
        (folder / f"{number}.yaml").write_text(json.dumps(document), encoding="utf-8")


def _options(folder: Path, **boxes: Sandbox) -> Options:
    environ: dict[str, str] = {}
    for tenant, box in boxes.items():
        environ |= {f"CXONE_{tenant}_ID": box.client_id, f"CXONE_{tenant}_SECRET": box.client_secret}
    return Options(path=str(folder / "schedules"), as_of=date(2026, 11, 22), environ=environ)


def _plan(options: Options) -> tuple[Plan, ...]:
    return plan_all(options, threading.Event())


def _apply(folder: Path, options: Options) -> None:
    def approve(_plans: Sequence[Plan]) -> bool:
        return False

    def tell(sentence: str) -> None:
        pytest.fail(sentence)

    journal, run = folder / "audit.jsonl", run_info({})
    applied = apply_fresh(options, ApplyOptions(GateOptions(), journal, approve, tell, threading.Event(), run))
    assert all(result.converged for result in applied.results)
    assert not applied.blocked


def _names(box: Sandbox) -> dict[str, list[Any]]:
    return {name: sorted(schedule["name"] for schedule in box.store.schedules(name)) for name in _CAMPAIGNS}


@settings(max_examples=15)
@given(first=_STATES, second=_STATES)
def test_after_an_apply_a_plan_is_empty(tmp_path_factory: pytest.TempPathFactory, first: State, second: State) -> None:
    folder = tmp_path_factory.mktemp("state")
    with Sandbox(campaigns=_CAMPAIGNS) as box:
        for state in (first, second):
            for old in folder.glob("schedules/*.yaml"):
                old.unlink()
            _write(folder / "schedules", "ONE", box.base_uri, state)
            options = _options(folder, ONE=box)
            _apply(folder, options)
            [plan] = _plan(options)
            assert (plan.changes, plan.unchanged) == ((), sum(map(len, state.values())))


@settings(max_examples=15)
@given(state=_STATES, data=st.data())
def test_the_order_of_the_input_is_irrelevant(
    tmp_path_factory: pytest.TempPathFactory, state: State, data: st.DataObject
) -> None:
    other = {
        campaign_id: [
            {**live, "scheduleDetails": data.draw(st.permutations(live["scheduleDetails"]))}
            for live in data.draw(st.permutations(state[campaign_id]))
        ]
        for campaign_id in data.draw(st.permutations(sorted(state)))
    }
    digests = set()
    with Sandbox(campaigns=_CAMPAIGNS) as box:
        for held in (state, other):
            folder = tmp_path_factory.mktemp("state")
            _write(folder / "schedules", "ONE", box.base_uri, held)
            [plan] = _plan(_options(folder, ONE=box))
            digests.add((plan.digest, tuple(change.schedule_id for change in plan.changes)))
    assert len(digests) == 1


@settings(max_examples=10)
@given(one=_STATES, two=_STATES)
def test_two_tenants_never_mix(tmp_path_factory: pytest.TempPathFactory, one: State, two: State) -> None:
    folder = tmp_path_factory.mktemp("state")
    with Sandbox(campaigns=_CAMPAIGNS) as first, Sandbox(campaigns=_CAMPAIGNS) as second:
        _write(folder / "schedules" / "one", "ONE", first.base_uri, one)
        _write(folder / "schedules" / "two", "TWO", second.base_uri, two)
        _apply(folder, _options(folder, ONE=first, TWO=second))
        for state, box in ((one, first), (two, second)):
            held = _names(box)
            assert held == {name: sorted(live["name"] for live in state.get(name, ())) for name in _CAMPAIGNS}
