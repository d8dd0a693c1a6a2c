"""Several faults in one run, with one worker and with several: the same is true as for each fault by itself."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reconciler.model.results import Status
from reconciler.sandbox import Fault
from tests.support.apply_world import (
    BY_HAND,
    CAP,
    EARLY,
    LATE,
    PINNED,
    PLANNED,
    QUIET,
    World,
    complete,
    open_writes,
)

PLAIN = (
    "429",
    "500",
    "502",
    "503",
    "504",
    "reset-before",
    "reset-after",
    "truncated",
    "html",
    "malformed-json",
)
ACTS = ("500", "503", "504", "html", "malformed-json")
FAULTS = st.one_of(
    st.builds(Fault, st.sampled_from(PLAIN), nth=st.integers(1, 25), times=st.integers(1, 3)),
    st.builds(Fault, st.sampled_from(ACTS), nth=st.integers(1, 25), commit=st.just(True)),
    st.builds(Fault, st.sampled_from(PLAIN), method=st.just("PUT"), nth=st.integers(1, 4), times=st.integers(1, 7)),
    st.builds(Fault, st.just("429"), nth=st.integers(1, 25), retry_after=st.sampled_from(["0", "5", "9999"])),
    st.builds(Fault, st.sampled_from(["expire-token", "401-once"]), nth=st.integers(1, 25)),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(st.lists(FAULTS, min_size=2, max_size=6), st.sampled_from([1, 4]), st.booleans())
def test_several_faults(make_world: Callable[..., World], faults: list[Fault], concurrency: int, etags: bool) -> None:
    world = make_world(etags=etags)
    world.tenant(requests={"concurrency": concurrency, "attempts": 3})
    by_hand = world.live("CAM_A", BY_HAND)
    world.box.faults.add(*faults)

    applied = world.apply()

    if applied.blocked:
        assert not world.writes()
    else:
        for result in applied.results[0].results:
            assert result.status is not Status.SUCCESS or world.cap(result.campaign_id, result.schedule_id) == CAP
    world.box.faults.clear()
    assert complete(world.result())
    assert [world.cap("CAM_A", EARLY), world.cap("CAM_A", LATE), world.cap("CAM_B", PINNED)] == [CAP] * 3
    assert world.live("CAM_A", BY_HAND) == by_hand
    names = sorted(webhook["name"] for webhook in world.box.store.webhooks)
    assert names == sorted(
        f"WFM_Sync_{schedule_id}" for schedule_id in (EARLY, LATE, PINNED, QUIET, "of-somebody-else")
    )
    planned = {f"/api/v2/dialer/campaigns/{campaign}/schedules/{schedule_id}": 1 for campaign, schedule_id in PLANNED}
    assert world.writes() == {**planned, "/api/v2/webhooks": 2}
    assert open_writes(world.entries()) == []
