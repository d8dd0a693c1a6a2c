"""A journal as its runs: what was written, by whom, when, from which revision, and what never ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from ..model import JournalRun, JournalView, JsonObject
from .chain import HEALED, read_entries

_PENDING = "PENDING"


def journal_runs(path: Path) -> JournalView:
    """Read a journal; JournalBrokenError where its chain does not hold."""
    read = read_entries(path)
    groups: dict[tuple[str, str], list[JsonObject]] = {}
    for entry in read.entries:
        if entry.get("action") != HEALED:
            groups.setdefault((str(entry.get("runId")), str(entry.get("tenant"))), []).append(entry)
    return JournalView(
        runs=tuple(_run(run_id, tenant, entries) for (run_id, tenant), entries in groups.items()),
        lines=len(read.entries),
        healed=sum(entry.get("action") == HEALED for entry in read.entries),
        torn=bool(read.torn),
        head=read.entries[-1]["hash"] if read.entries else None,
    )


def _run(run_id: str, tenant: str, entries: Sequence[JsonObject]) -> JournalRun:
    last: dict[str, str] = {}
    for entry in entries:
        last[_name(entry)] = str(entry.get("status"))
    ends = Counter(status for status in last.values() if status != _PENDING)
    return JournalRun(
        run_id=run_id,
        tenant=tenant,
        first=str(entries[0].get("timestamp")),
        last=str(entries[-1].get("timestamp")),
        actor=str(entries[0].get("actor")),
        revision=entries[0].get("revision"),
        digest=entries[0].get("digest"),
        force=entries[0].get("force"),
        ends=tuple(sorted(ends.items())),
        pending=tuple(sorted(name for name, status in last.items() if status == _PENDING)),
        writes=tuple(sorted(last.items())),
    )


def _name(entry: JsonObject) -> str:
    if entry.get("scheduleId") is not None:
        return f"{entry.get('campaignId')}/{entry['scheduleId']} {entry.get('name')!r}"
    return f"webhook {entry.get('name')}"
