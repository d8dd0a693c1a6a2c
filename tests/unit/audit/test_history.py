"""What a journal says of the past: the revision that was applied last, and the schedules at a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from reconciler.audit.history import last_applied, schedules_at, was_applied
from reconciler.audit.journal import Journal
from reconciler.audit.months import find_journals
from reconciler.model.journals import HeldSchedule
from tests.support.apply_world import schedule

START = datetime(2026, 9, 28, 12, tzinfo=UTC)


class Past:
    """A folder journal whose lines are a day apart each, beginning on 28 September 2026."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.day = 0

    def add(self, *lines: dict[str, Any]) -> Past:
        """Write these lines, each by an apply of its own."""
        for line in lines:
            with Journal(self.folder, clock=lambda: START + timedelta(days=self.day)) as journal:
                journal.append(line)
            self.day += 1
        return self

    def at(self, day: float) -> tuple[HeldSchedule, ...]:
        """The schedules so many days after the first line."""
        return schedules_at(find_journals([self.folder]), START + timedelta(days=day))

    def cap(self, day: float) -> int:
        """The daily cap of the only schedule."""
        (held,) = self.at(day)
        return int(held.body["scheduleDetails"][0]["maxCallsPerDay"])

    @property
    def applied(self) -> dict[str, str]:
        """The revision that each tenant was brought to."""
        lines = last_applied(find_journals([self.folder]))
        return {tenant: line["revision"] for tenant, line in lines.items()}


@pytest.fixture
def past(tmp_path: Path) -> Past:
    """A journal that has not begun."""
    return Past(tmp_path)


def end(revision: str | None = "r1", tenant: str = "acme", **more: Any) -> dict[str, Any]:
    """The line that ends a run."""
    usual = {"converged": True, "dirty": False, "narrowed": False}
    return {"action": "RUN_ENDED", "tenant": tenant, "revision": revision, **usual, **more}


def write(status: str, cap: int, before: int | None = None, **more: Any) -> dict[str, Any]:
    """A line of a write."""
    return {
        "action": "SCHEDULE_WINDOW_UPSERT",
        "tenant": "acme",
        "campaignId": "CAM_A",
        "scheduleId": "S1",
        "name": "Weekday",
        "status": status,
        "body": schedule("CAM_A", "S1", "Weekday", cap),
        "before": None if before is None else schedule("CAM_A", "S1", "Weekday", before),
        "revision": f"r{cap}",
        "actor": "anna",
        "approvedBy": "ben",
        "runId": f"run {cap}",
        "runUrl": "https://ci/1",
        **more,
    }


def test_the_revision_of_the_last_run_that_converged(past: Past) -> None:
    past.add(end("r1"), end("r2"), end("r9", "bolt"), end("r3", converged=False))

    assert past.applied == {"acme": "r2", "bolt": "r9"}


@pytest.mark.parametrize(
    "line",
    [
        end("r2", converged=False),
        end("r2", dirty=True),
        end("r2", dirty=None),
        end("r2", narrowed=True),
        end(None),
        write("SUCCESS", 2, 1),
    ],
    ids=["not converged", "dirty", "unknown", "narrowed", "no revision", "a write"],
)
def test_what_brings_a_tenant_to_no_revision(past: Past, line: dict[str, Any]) -> None:
    assert past.add(line).applied == {}
    assert past.add(end("r1"), line).applied == {"acme": "r1"}


def test_an_older_revision_that_was_applied_again_is_the_last(past: Past) -> None:
    assert past.add(end("r1"), end("r2"), end("r1")).applied == {"acme": "r1"}


def test_whether_anything_was_applied_is_read_from_the_end(past: Past) -> None:
    assert not was_applied(past.folder / "nowhere", "acme")
    assert not was_applied(past.folder, "acme")
    past.add(end("r1", "bolt"), end("r2", converged=False), end("r3", narrowed=True), write("SUCCESS", 2, 1))
    assert not was_applied(past.folder, "acme")
    assert was_applied(past.folder, "bolt")
    past.add(end(None, dirty=None), *[write("SUCCESS", 2, 1)] * 8)  # without git it is a run all the same
    assert was_applied(past.folder, "Acme")
    assert was_applied(past.folder / "2026-10.jsonl", "acme")
    assert not was_applied(past.folder / "2026-09.jsonl", "acme")


def test_a_text_that_reads_like_the_end_of_a_run_is_none(past: Past) -> None:
    past.add({"action": "TEST", "name": '\n{"action":"RUN_ENDED"', "tenant": "acme"})

    assert not was_applied(past.folder, "acme")


def test_a_schedule_at_each_time(past: Past) -> None:
    past.add(
        write("PENDING", 200, 100), write("SUCCESS", 200, 100), write("PENDING", 300, 200), write("SUCCESS", 300, 200)
    )

    assert [past.cap(day) for day in (-1, 0, 0.5, 1, 1.5, 2, 2.5, 3, 400)] == [100] * 3 + [200] * 4 + [300] * 2
    (before,), (under_way,), (written,) = past.at(-1), past.at(0.5), past.at(1.5)
    assert (before.status, before.revision, before.actor) == ("FOUND", None, None)
    assert (under_way.status, under_way.unfinished) == ("FOUND", "2026-09-28T12:00:00.000Z")
    assert (written.status, written.since) == ("SUCCESS", "2026-09-29T12:00:00.000Z")
    assert (written.revision, written.actor, written.approved_by) == ("r200", "anna", "ben")
    assert (written.run_id, written.run_url, written.edited) == ("run 200", "https://ci/1", None)


def test_a_schedule_that_was_created_later_is_not_there(past: Past) -> None:
    past.add(end(), write("PENDING", 200), write("SUCCESS", 200))

    assert past.at(0.5) == ()
    assert past.cap(2) == 200


def test_a_write_that_failed_changes_nothing(past: Past) -> None:
    past.add(write("SUCCESS", 200, 100), write("PENDING", 300, 200), write("FAILED", 300, 200))

    (held,) = past.at(5)
    assert (past.cap(5), held.revision, held.unfinished) == (200, "r200", None)


def test_an_edit_in_the_console_shows_when_it_is_read(past: Past) -> None:
    past.add(write("SUCCESS", 200, 100), write("PENDING", 300, 250), write("STALE", 300, 250))

    (unread,), (read,) = past.at(0.5), past.at(2)
    assert past.cap(0.5) == 200
    assert unread.edited == "2026-09-29T12:00:00.000Z"
    assert (past.cap(2), read.status, read.revision) == (250, "FOUND", None)
    assert read.edited == "2026-09-29T12:00:00.000Z"


def test_what_was_not_verified_is_said(past: Past) -> None:
    past.add(write("SUCCESS", 200, 100), write("UNVERIFIED", 200, 100))

    assert [held.status for held in past.at(5)] == ["UNVERIFIED"]


def test_tenants_and_campaigns_keep_apart(past: Past) -> None:
    past.add(
        write("SUCCESS", 200, tenant="bolt"),
        write("SUCCESS", 300, campaignId="CAM_B"),
        write("SUCCESS", 400),
    )

    keys = [(held.tenant, held.campaign_id, held.revision) for held in past.at(9)]
    assert keys == [("acme", "CAM_A", "r400"), ("acme", "CAM_B", "r300"), ("bolt", "CAM_A", "r200")]
