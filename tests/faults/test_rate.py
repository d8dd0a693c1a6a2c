"""Many changes against a tenant that allows few requests a second: nothing fails, and few requests are refused."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest

from reconciler.model.results import Status
from tests.support.apply_world import World, complete

CHANGES = 300


def statuses(world: World) -> Counter[int]:
    """How many requests were answered with what."""
    return Counter(seen.status for seen in world.box.log)


@pytest.mark.parametrize("rate", [20, 100])
@pytest.mark.parametrize("live_cap", [None, 400], ids=["creates", "updates"])
def test_all_changes_get_through(make_world: Callable[..., World], rate: int, live_cap: int | None) -> None:
    world = make_world(rate_limit=rate)
    world.tenant(requests={"concurrency": 8})
    world.many(CHANGES, live_cap)

    result = world.result(force="a rehearsal")

    assert complete(result)
    assert len(result.results) == CHANGES + 3
    assert max(write.attempts for write in result.results) < 5
    found = statuses(world)
    accepted = sum(count for status, count in found.items() if status != 429)
    assert found[429] <= 8 + accepted / 20  # the first burst, and then one in twenty at most
    # The tenant accepts a burst of `rate`, then `rate` a second; the clock tells how long that took. It jumps too far where
    # one thread computes a wait while another one jumps, as busy machines do more often.
    assert world.clock.now() <= 3 * (accepted - rate) / rate + 10


def test_a_tenant_that_goes_on_refusing_is_given_up(world: World) -> None:
    world.fault("429", times=None, method="PUT")

    result = world.result()

    assert {write.attempts for write in result.results} == {5}
    assert {write.errors[0].code for write in result.results} == {"RATE_LIMITED"}
    assert world.puts() == 15
    assert not result.converged


@pytest.mark.parametrize("how", [{"method": "PUT"}, {"path": "/CAM_C/"}], ids=["writes", "all"])
def test_many_changes_against_429_for_ever_end_soon(world: World, how: dict[str, str]) -> None:
    """A bound on the whole: a thousand changes do not each wait five times a minute."""
    world.tenant(requests={"concurrency": 8})
    world.many(CHANGES, 400)
    world.fault("429", times=None, retry_after="60", **how)

    applied = world.apply(force="a rehearsal")

    assert applied.blocked is ("path" in how)
    assert world.clock.now() < 3600  # each change by itself: three hours
    assert world.puts() < 100
    if applied.results:
        (result,) = applied.results
        assert not result.converged
        assert any("answered such requests with 429 only" in str(end.errors) for end in result.results)
        assert {end.status for end in result.results if end.attempts == 0} == {Status.NOT_ATTEMPTED}


def test_a_long_wait_is_said(world: World) -> None:
    world.fault("429", retry_after="30", path="CAM_A/schedules$")
    notes: list[str] = []

    applied = world.apply(replace(world.options, note=notes.append))

    assert complete(applied.results[0])
    (note,) = notes
    assert re.match(r"acme: waiting 3[0-3] s, then trying again: could not read the schedules of campaign CAM_A", note)


def test_short_waits_without_an_end_are_said_once_a_minute(world: World) -> None:
    """A person must know why nothing happens, also where each single wait is too short to be worth a word."""
    world.many(CHANGES, 400)
    world.fault("429", times=None, retry_after="2", method="PUT")
    notes: list[str] = []

    applied = world.apply(replace(world.options, note=notes.append), force="a rehearsal")

    assert not applied.results[0].converged
    assert notes
    assert re.fullmatch(
        r"acme: still trying: for 1[0-9] s the tenant has answered 429 \(too many requests\) only", notes[0]
    )
    assert len(notes) <= 2 + world.clock.now() / 60
