"""Many changes against a tenant that allows few requests a second: nothing fails, and few requests are refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from tests.faults.world import World, complete

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
    assert max(each.attempts for each in result.results) < 5
    found = statuses(world)
    accepted = sum(count for status, count in found.items() if status != 429)
    assert found[429] <= 8 + accepted / 20  # the first burst, and then one in twenty at most
    # The tenant accepts a burst of `rate`, then `rate` a second; the clock tells how long that took.
    assert world.clock.now() <= 1.5 * (accepted - rate) / rate + 5


def test_a_tenant_that_goes_on_refusing_is_given_up(world: World) -> None:
    world.fault("429", times=None, method="PUT")

    result = world.result()

    assert {each.attempts for each in result.results} == {5}
    assert {each.errors[0].code for each in result.results} == {"RATE_LIMITED"}
    assert world.puts() == 15
    assert not result.converged
