"""Each fault at each request of a run, with and without ETags: whatever broke, nothing is lost, doubled or hidden.

A run has 17 requests: a token, the webhooks and two lists to plan; a GET and a PUT for each of a create and two updates; the
webhooks, and after each of two registrations the webhooks again; two lists to see what came of it all. After a fault that was
survived the next apply is the proof that a plan is empty; after one that was not, it does what is left and reads it again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

import pytest

from reconciler.model.results import Result, Status
from reconciler.pipeline.apply import Applied
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

ALL = range(1, 18)
WRITES = (6, 8, 10, 12, 14)  # which of them are PUTs and POSTs of webhooks
FROM_THE_FIRST_WRITE_ON = range(5, 16)  # where an ETag could make a difference
QUICK = {"concurrency": 1, "readTimeout": 0.2}


@dataclass(frozen=True)
class Case:
    """One fault. `survived`: the requests that it may hit without keeping the first apply from doing everything."""

    kind: str
    survived: Collection[int]
    how: dict[str, Any] = field(default_factory=dict)
    sandbox: dict[str, Any] = field(default_factory=dict)
    requests: dict[str, Any] = field(default_factory=lambda: {"concurrency": 1})


CASES = {
    "429": Case("429", ALL),
    "429-retry-after": Case("429", ALL, {"retry_after": "7"}),
    "429-retry-after-too-long": Case("429", (), {"retry_after": "3600"}),
    "429-and-the-token-expires": Case("429", ALL, {"retry_after": "50"}, {"token_lifetime": 40}),
    "500": Case("500", ALL),
    "500-after-commit": Case("500", ALL, {"commit": True}),
    "502": Case("502", ALL),
    "503": Case("503", ALL),
    "503-after-commit": Case("503", ALL, {"commit": True}),
    "504": Case("504", ALL),
    "504-after-commit": Case("504", ALL, {"commit": True}),
    "reset-before": Case("reset-before", ALL),
    "reset-after": Case("reset-after", ALL),
    "truncated": Case("truncated", ALL),
    "html-502": Case("html", ALL),
    "html-200": Case("html", WRITES, {"status": 200}),
    "html-200-after-commit": Case("html", WRITES, {"status": 200, "commit": True}),
    "malformed-json": Case("malformed-json", WRITES),
    "malformed-json-after-commit": Case("malformed-json", WRITES, {"commit": True}),
    "byte-order-mark": Case("byte-order-mark", ALL),
    "not-utf-8": Case("not-utf-8", (5, *WRITES)),
    "nan": Case("nan", (5, *WRITES)),
    "repeated-field": Case("repeated-field", (5, *WRITES)),
    "broken-gzip": Case("broken-gzip", WRITES),
    "no-content": Case("no-content", WRITES),
    "deep": Case("deep", set(ALL) - {3, 4, 7, 9, 16, 17}),  # those that read the schedules
    "weak-etag": Case("weak-etag", ALL),
    "new-etag": Case("new-etag", set(ALL) - {7, 9}),
    "odd-link": Case("odd-link", {1, 5, 7, 9, *WRITES}),
    "redirect": Case("redirect", (), {"location": "https://elsewhere.example.com/"}),
    "401-once": Case("401-once", ALL[1:]),
    "token-revoked": Case("expire-token", ALL),
    "too-slow": Case("stall", ALL, requests=QUICK),
    "too-slow-and-lost": Case("stall", ALL, {"commit": False}, requests=QUICK),
}


@pytest.mark.parametrize("etags", [True, False], ids=["etags", "no-etags"])
@pytest.mark.parametrize("name", sorted(CASES))
def test_a_fault_at_each_request(name: str, *, etags: bool, make_world: Callable[..., World]) -> None:
    case = CASES[name]
    for number in ALL if etags else FROM_THE_FIRST_WRITE_ON:
        world = make_world(etags=etags, **case.sandbox)
        by_hand = world.live("CAM_A", BY_HAND)
        world.tenant(requests=case.requests)
        world.fault(case.kind, nth=number, **case.how)

        first = world.apply()

        where = f"{name} at request {number}"
        assert any(seen.fault for seen in world.box.log), f"{where} was never met"
        _is_honest(world, first, where)
        if number in case.survived:
            assert complete(first.results[0]), where
        world.box.faults.clear()
        world.tenant()
        assert complete(world.result()), f"{where}: the next apply does not converge"
        _is_as_desired(world, where)
        assert world.live("CAM_A", BY_HAND) == by_hand, f"{where}: a schedule that is not ours was changed"
        assert open_writes(world.entries()) == [], f"{where}: the journal has no end of a write"


def _is_honest(world: World, applied: Applied, where: str) -> None:
    """What is said to be done is done, and nothing else is; a run that was kept from starting did nothing."""
    if applied.blocked:
        assert not world.writes(), where
        return
    result: Result = applied.results[0]
    assert {(write.campaign_id, write.schedule_id) for write in result.results} == PLANNED, where
    for write in result.results:
        if write.status is Status.SUCCESS:
            assert world.cap(write.campaign_id, write.schedule_id) == CAP, where
    names = [webhook["name"] for webhook in world.box.store.webhooks]
    for hook in result.webhooks:
        if hook.status is Status.SUCCESS:
            assert names.count(hook.name) == 1, where
    assert complete(result) or not result.converged or not all(_ended(result)), where


def _ended(result: Result) -> list[bool]:
    ends = [*(write.status for write in result.results), *(webhook.status for webhook in result.webhooks)]
    return [end is Status.SUCCESS for end in ends]


def _is_as_desired(world: World, where: str) -> None:
    """The tenant holds what the files say, and each write was carried out once, over all runs."""
    caps = [world.cap("CAM_A", EARLY), world.cap("CAM_A", LATE), world.cap("CAM_B", PINNED)]
    assert caps == [CAP] * 3, where
    wanted = {f"WFM_Sync_{schedule_id}" for schedule_id in (EARLY, LATE, PINNED, QUIET, "of-somebody-else")}
    names = [webhook["name"] for webhook in world.box.store.webhooks]
    assert sorted(names) == sorted(wanted), f"{where}: a webhook is missing or there twice"
    planned = {f"/api/v2/dialer/campaigns/{campaign}/schedules/{schedule_id}": 1 for campaign, schedule_id in PLANNED}
    assert world.writes() == {**planned, "/api/v2/webhooks": 2}, f"{where}: other writes than the plan's"
