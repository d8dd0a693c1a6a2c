"""A journal as its runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reconciler.audit.journal import Journal
from reconciler.errors import JournalBrokenError
from tests.support.journals import journal_runs


def line(run: str, name: str, status: str, tenant: str = "acme", **more: Any) -> dict[str, Any]:
    """What an apply tells of one write."""
    return {
        "action": "SCHEDULE_WINDOW_UPSERT",
        "runId": run,
        "tenant": tenant,
        "campaignId": "CAM_A",
        "scheduleId": name,
        "name": name.upper(),
        "status": status,
        "actor": "anna",
        "revision": "abc",
        "digest": "sha256:d",
        "force": None,
        **more,
    }


def journal(path: Path, *lines: dict[str, Any]) -> Path:
    """A journal of these lines."""
    with Journal(path / "audit.jsonl") as file:
        for record in lines:
            file.append(record)
    return path / "audit.jsonl"


def test_each_write_has_its_last_status(tmp_path: Path) -> None:
    view = journal_runs(
        journal(
            tmp_path,
            line("r1", "s1", "PENDING"),
            line("r1", "s2", "PENDING"),
            line("r1", "s2", "SUCCESS"),
            line("r1", "s1", "SUCCESS"),
            line("r1", "s2", "UNVERIFIED"),
            line("r1", "s3", "PENDING"),
        )
    )

    (run,) = view.runs
    assert run.ends == (("SUCCESS", 1), ("UNVERIFIED", 1))
    assert run.pending == ("CAM_A/s3 'S3'",)
    assert run.writes == (
        ("CAM_A/s1 'S1'", "SUCCESS"),
        ("CAM_A/s2 'S2'", "UNVERIFIED"),
        ("CAM_A/s3 'S3'", "PENDING"),
    )
    assert (run.actor, run.revision, run.digest, run.force) == ("anna", "abc", "sha256:d", None)
    assert run.first <= run.last
    assert view.lines == 6


def test_runs_and_tenants_keep_apart_in_the_order_of_their_beginning(tmp_path: Path) -> None:
    view = journal_runs(
        journal(
            tmp_path,
            line("r2", "s1", "SUCCESS", "bolt"),
            line("r2", "s1", "SUCCESS", "acme"),
            line("r1", "s1", "SUCCESS", force="why not"),
            line("r2", "s2", "FAILED", "bolt"),
        )
    )

    assert [(run.run_id, run.tenant) for run in view.runs] == [
        ("r2", "bolt"),
        ("r2", "acme"),
        ("r1", "acme"),
    ]
    assert view.runs[0].ends == (("FAILED", 1), ("SUCCESS", 1))
    assert view.runs[2].force == "why not"


def test_webhooks_are_named(tmp_path: Path) -> None:
    hook = {
        "action": "WEBHOOK_REGISTER",
        "name": "WFM_Sync_s1",
        "status": "PENDING",
        "runId": "r1",
        "tenant": "acme",
    }

    view = journal_runs(journal(tmp_path, hook))

    assert view.runs[0].pending == ("webhook WFM_Sync_s1",)


def test_an_empty_journal_has_no_runs(tmp_path: Path) -> None:
    view = journal_runs(journal(tmp_path))

    assert (view.runs, view.lines, view.healed, view.torn, view.head) == ((), 0, 0, False, None)


def test_torn_and_healed_lines_are_counted_and_are_no_runs(tmp_path: Path) -> None:
    path = journal(tmp_path, line("r1", "s1", "SUCCESS"))
    with path.open("ab") as file:
        file.write(b'{"action":"SCH')
    assert journal_runs(path).torn

    journal(tmp_path, line("r2", "s1", "SUCCESS"))

    view = journal_runs(path)
    assert (view.torn, view.healed, view.lines) == (False, 1, 3)
    assert [run.run_id for run in view.runs] == ["r1", "r2"]
    assert view.head is not None


def test_a_broken_chain_has_no_runs(tmp_path: Path) -> None:
    path = journal(tmp_path, line("r1", "s1", "SUCCESS"), line("r1", "s2", "FAILED"))
    path.write_bytes(path.read_bytes().replace(b"FAILED", b"STALE!"))

    with pytest.raises(JournalBrokenError, match=r"audit\.jsonl:2"):
        journal_runs(path)
