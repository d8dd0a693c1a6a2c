"""Each fault at each request of a run through the Admin API: whatever broke, nothing is lost, doubled or hidden.

A run finds the sign-in and the API, reads skills, their schedules and the business unit, writes two skills (a GET, a PUT and a
GET each), and reads again what came of it. After a fault that was survived the next apply is the proof that a plan is empty;
after one that was not, it does what is left and reads it again.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from reconciler.model.results import Status
from reconciler.pipeline.apply import Applied
from tests.support.admin_world import BY_HAND, EARLY, END, LATE, PLANNED, QUIET, AdminWorld, admin_world, fill
from tests.support.apply_world import complete, open_writes

CASES: dict[str, tuple[str, bool, dict[str, Any]]] = {
    "429": ("429", True, {}),
    "429-retry-after": ("429", True, {"retry_after": "7"}),
    "429-retry-after-too-long": ("429", False, {"retry_after": "3600"}),
    "500": ("500", True, {}),
    "500-after-commit": ("500", True, {"commit": True}),
    "503": ("503", True, {}),
    "504-after-commit": ("504", True, {"commit": True}),
    "reset-before": ("reset-before", True, {}),
    "reset-after": ("reset-after", True, {}),
    "truncated": ("truncated", True, {}),
    "html-502": ("html", True, {}),
    "html-200": ("html", False, {"status": 200}),
    "html-200-after-commit": ("html", False, {"status": 200, "commit": True}),
    "malformed-json": ("malformed-json", False, {}),
    "malformed-json-after-commit": ("malformed-json", False, {"commit": True}),
    "not-utf-8": ("not-utf-8", False, {}),
    "repeated-field": ("repeated-field", False, {}),
    "broken-gzip": ("broken-gzip", False, {}),
    "no-content": ("no-content", False, {}),
    "redirect": ("redirect", False, {"location": "https://elsewhere.example.com/"}),
    "400": ("400", False, {}),
    "403": ("403", False, {}),
    "404": ("404", False, {}),
    "409": ("409", False, {}),
    "401-once": ("401-once", False, {}),
    "token-revoked": ("expire-token", True, {}),
    "drop": ("drop", False, {}),
    "clamp": ("clamp", False, {}),
}
"""By name the fault, whether a run survives it at every request, and how it happens."""


@pytest.fixture
def make_world(tmp_path: Path) -> Iterator[Callable[[], AdminWorld]]:
    """Makes a world in a folder of its own."""
    with contextlib.ExitStack() as stack:
        count = iter(range(1_000_000))

        def made() -> AdminWorld:
            world = admin_world(tmp_path / f"world{next(count)}")
            stack.enter_context(world.box)
            fill(world)
            return world

        yield made


@pytest.fixture
def requests_of_a_run(make_world: Callable[[], AdminWorld]) -> int:
    """How many requests a run without a fault has."""
    world = make_world()
    assert complete(world.result())
    _is_as_desired(world, "a run without a fault")
    return len(world.box.log)


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_fault_at_each_request(name: str, requests_of_a_run: int, make_world: Callable[[], AdminWorld]) -> None:
    kind, survived, how = CASES[name]
    assert requests_of_a_run > 15
    for number in range(1, requests_of_a_run + 1):
        world = make_world()
        by_hand = world.box.store.settings(BY_HAND)
        world.fault(kind, nth=number, **how)

        first = world.apply()

        where = f"{name} at request {number}"
        assert any(seen.fault for seen in world.box.log), f"{where} was never met"
        _is_honest(world, first, where)
        if survived:
            assert first.results, where
            assert complete(first.results[0]), where
        world.box.faults.clear()
        assert complete(world.result()), f"{where}: the next apply does not converge"
        _is_as_desired(world, where)
        assert world.box.store.settings(BY_HAND) == by_hand, f"{where}: a skill that is not ours was changed"
        assert open_writes(world.entries()) == [], f"{where}: the journal has no end of a write"


def _is_honest(world: AdminWorld, applied: Applied, where: str) -> None:
    """What is said to be done is done, and nothing else is; a run that was kept from starting did nothing."""
    if applied.blocked:
        assert not world.puts(), where
        return
    result = applied.results[0]
    assert {write.key for write in result.results} == PLANNED, where
    for write in result.results:
        if write.status is Status.SUCCESS:
            assert world.ends(write.schedule_id) == {END}, where
    assert complete(result) or not result.converged, where


def _is_as_desired(world: AdminWorld, where: str) -> None:
    """The tenant holds what the files say, and nothing was written but what the files ask for."""
    assert all(world.ends(skill_id) == {END} for skill_id in (EARLY, LATE, QUIET)), where
    written = {path.split("/")[5] for path in world.writes()}
    assert written == {EARLY, LATE}, where
