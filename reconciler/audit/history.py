"""What a journal says: its runs, the revision that each tenant was brought to, and the schedules as they were at any time.

A schedule at a time is the last thing that the journal knows of it then. Every write tells two things: what CXone held right
before (`before`), and what it holds since (`body`, where it succeeded). So an edit in the console shows when the next write
reads it, and not earlier; where a later line has read something else than the last write left, both are said.
"""

from __future__ import annotations

import mmap
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from .. import canonical
from ..model import JsonObject
from ..model.journals import HeldSchedule, JournalRun, JournalView
from .chain import HEALED, RUN_END, RUN_ENDED, beginning, instant, sound_entry
from .entries import PENDING, SCHEDULE_ACTION
from .months import JournalFiles, month_files


@dataclass(slots=True)
class _Run:
    """What is kept of a run while its lines are read: the first, without bodies, the line that ends it, and the last
    status of each write."""

    first: JsonObject
    last: str = ""
    ended: JsonObject | None = None
    writes: dict[str, str] = field(default_factory=dict)


def journal_runs(journal: JournalFiles) -> JournalView:
    """The journal as its runs, in the order of their first lines; JournalBrokenError where its chain does not hold."""
    runs: dict[tuple[str, str], _Run] = {}
    lines = healed = 0
    head = None
    for entry in journal.entries():
        lines, head = lines + 1, entry["hash"]
        if entry.get("action") == HEALED:
            healed += 1
            continue
        slim = {key: value for key, value in entry.items() if key not in ("body", "before")}
        run = runs.setdefault((str(entry.get("runId")), str(entry.get("tenant"))), _Run(slim))
        run.last = str(entry.get("timestamp"))
        if entry.get("action") == RUN_ENDED:
            run.ended = slim
        else:
            run.writes[_name(entry)] = str(entry.get("status"))
    return JournalView(
        name=journal.name,
        runs=tuple(_run(run_id, tenant, run) for (run_id, tenant), run in runs.items()),
        lines=lines,
        healed=healed,
        torn=bool(journal.torn),
        head=head,
    )


def _run(run_id: str, tenant: str, run: _Run) -> JournalRun:
    first, end = run.first, run.ended or {}
    ends = Counter(status for status in run.writes.values() if status != PENDING)
    return JournalRun(
        run_id=run_id,
        tenant=tenant,
        first=str(first.get("timestamp")),
        last=run.last,
        actor=str(first.get("actor")),
        revision=first.get("revision"),
        digest=first.get("digest"),
        force=first.get("force"),
        ends=tuple(sorted(ends.items())),
        pending=tuple(sorted(name for name, status in run.writes.items() if status == PENDING)),
        writes=tuple(sorted(run.writes.items())),
        approved_by=first.get("approvedBy"),
        run_url=first.get("runUrl"),
        converged=end.get("converged"),
        dirty=end.get("dirty"),
        narrowed=bool(end.get("narrowed")),
    )


def _name(entry: JsonObject) -> str:
    if entry.get("scheduleId") is not None:
        return f"{entry.get('campaignId')}/{entry['scheduleId']} {entry.get('name')!r}"
    return f"webhook {entry.get('name')}"


def last_applied(journals: Iterable[JournalFiles]) -> dict[str, JsonObject]:
    """By tenant, the line that ended the last run which brought it to a revision: converged, of a clean work tree, and
    with nothing left out. JournalBrokenError where a chain does not hold."""
    applied: dict[str, JsonObject] = {}
    for journal in journals:
        own: dict[str, JsonObject] = {}  # within a journal its order counts, not the clock
        for entry in journal.entries(RUN_END):
            if _brought(entry) and entry.get("dirty") is False and entry.get("revision") is not None:
                own[str(entry.get("tenant"))] = entry
        for tenant, entry in own.items():
            if str(entry["timestamp"]) >= str(applied.get(tenant, entry)["timestamp"]):
                applied[tenant] = entry
    return applied


def _brought(entry: JsonObject) -> bool:
    """Whether the line ends a run that made the whole tenant what the files said."""
    return entry.get("action") == RUN_ENDED and entry.get("converged") is True and entry.get("narrowed") is False


def was_applied(place: Path, tenant: str) -> bool:
    """Whether the journal at `place` has a run that made the whole tenant what the files said. Read from its end, so that
    a journal of many years costs no more than a new one; OSError where it cannot be read."""
    return any(True for _ in _brought_to(place, tenant))


def revision_applied(place: Path, tenant: str) -> str | None:
    """The revision of a clean work tree that the journal at `place` says the tenant was last brought to, None without one.
    Its chain is not checked; OSError where it cannot be read."""
    clean = (entry for entry in _brought_to(place, tenant) if entry.get("dirty") is False and entry.get("revision"))
    return next((str(entry["revision"]) for entry in clean), None)


def _brought_to(place: Path, tenant: str) -> Iterator[JsonObject]:
    """The lines that end the runs which made the whole tenant what the files said, the last first."""
    files = month_files(place) if place.is_dir() else (place,) if place.exists() else ()
    for file in reversed(files):
        for entry in _run_ends(file):
            if _brought(entry) and str(entry.get("tenant")).casefold() == tenant.casefold():
                yield entry


def _run_ends(file: Path) -> Iterator[JsonObject]:
    """The lines that end runs, the last first."""
    if not file.is_file() or not file.stat().st_size:
        return
    with file.open("rb") as lines, mmap.mmap(lines.fileno(), 0, access=mmap.ACCESS_READ) as text:
        end = len(text)
        while (begin := text.rfind(RUN_END, 0, end)) >= 0:
            stop = text.find(b"\n", begin)
            if (begin == 0 or text[begin - 1 : begin] == b"\n") and stop > 0:
                yield sound_entry(text[begin:stop]) or {}
            end = begin


def schedules_at(journals: Iterable[JournalFiles], at: datetime) -> tuple[HeldSchedule, ...]:
    """The schedules as the journals say that CXone held them at a time, sorted by tenant, campaign, name and id.

    JournalBrokenError where a chain does not hold.
    """
    limit = instant(at)
    held: dict[tuple[str, str, str], HeldSchedule] = {}
    later: set[tuple[str, str, str]] = set()
    for entry in (entry for journal in journals for entry in journal.entries(beginning(SCHEDULE_ACTION))):
        key = str(entry.get("tenant")), str(entry.get("campaignId")), str(entry.get("scheduleId"))
        known = held.get(key)
        if str(entry.get("timestamp")) <= limit:
            now = _observed(known, entry)
        elif key in later:
            continue
        else:
            later.add(key)
            now = _read_later(known, entry)
        if now is not None:
            held[key] = now
    order = sorted(held.values(), key=lambda it: (it.tenant, it.campaign_id, it.name, it.schedule_id))
    return tuple(order)


def _observed(known: HeldSchedule | None, entry: JsonObject) -> HeldSchedule | None:
    """What is known of a schedule after one more line."""
    time, status = str(entry["timestamp"]), str(entry.get("status"))
    if status in ("SUCCESS", "UNVERIFIED"):
        return _held(entry, status, entry["body"])
    before = entry.get("before")
    if isinstance(before, dict) and (known is None or not _same(before, known.body)):
        known = _held(entry, "FOUND", before)._replace(edited=time if known is not None else None)
    return known and known._replace(unfinished=time if status == PENDING else None)


def _read_later(known: HeldSchedule | None, entry: JsonObject) -> HeldSchedule | None:
    """What the first line after the time adds: what CXone held right before it."""
    before = entry.get("before")
    if not isinstance(before, dict):
        return known
    if known is None:
        return _held(entry, "FOUND", before)
    return known if _same(before, known.body) else known._replace(edited=str(entry["timestamp"]))


def _held(entry: JsonObject, status: str, body: JsonObject) -> HeldSchedule:
    own = {} if status == "FOUND" else entry  # what was only read, the run did not ask for
    return HeldSchedule(
        tenant=str(entry.get("tenant")),
        campaign_id=str(entry.get("campaignId")),
        schedule_id=str(entry.get("scheduleId")),
        name=str(body.get("name", entry.get("name"))),
        status=status,
        since=str(entry["timestamp"]),
        body=body,
        revision=own.get("revision"),
        actor=own.get("actor"),
        approved_by=own.get("approvedBy"),
        run_id=own.get("runId"),
        run_url=own.get("runUrl"),
        force=own.get("force"),
    )


def _same(one: JsonObject, other: JsonObject) -> bool:
    try:
        return one == other or canonical.content_of(one) == canonical.content_of(other)
    except (KeyError, TypeError, ValueError, AttributeError):
        return one == other
