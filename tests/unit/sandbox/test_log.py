"""Requests are remembered in order, the newest ones."""

from __future__ import annotations

from reconciler.sandbox.log import KEPT, Log, Seen, Visit


def test_a_visit_is_seen_from_its_arrival_and_as_it_goes_on() -> None:
    log = Log()
    visit = Visit("PUT", "/x", "a=1")
    log.arrive(visit)
    before = log.snapshot()
    visit.status, visit.decided, visit.scope, visit.fault = 200, 201, "a b", "clamp"
    assert before == (Seen("PUT", "/x", "a=1", 0, "", 0, ""),)
    assert log.snapshot() == (Seen("PUT", "/x", "a=1", 200, "a b", 201, "clamp"),)
    log.clear()
    assert log.snapshot() == ()


def test_the_oldest_visits_are_forgotten() -> None:
    log = Log()
    for number in range(KEPT + 2):
        log.arrive(Visit("GET", f"/{number}", ""))
    seen = log.snapshot()
    assert (len(seen), seen[0].path, seen[-1].path) == (KEPT, "/2", f"/{KEPT + 1}")
