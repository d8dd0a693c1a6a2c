"""What a journal says: its runs, what each tenant was brought to, and the schedules as they were."""

from __future__ import annotations

from typing import NamedTuple

from .schedules import JsonObject


class JournalRun(NamedTuple):
    """One run on one tenant. `ends` counts the last status of each write; `pending` names the writes without an end.

    `converged` is None where the line is missing that ends a run: it was killed, or an older version wrote it. `narrowed`
    says that a part of the tenant was left out.
    """

    run_id: str
    tenant: str
    first: str
    last: str
    actor: str
    revision: str | None
    digest: str | None
    force: str | None
    ends: tuple[tuple[str, int], ...]
    pending: tuple[str, ...]
    writes: tuple[tuple[str, str], ...]
    approved_by: str | None = None
    run_url: str | None = None
    converged: bool | None = None
    dirty: bool | None = None
    narrowed: bool = False


class JournalView(NamedTuple):
    """The runs in the order in which they began, how many lines there are, how often a torn line was healed, whether
    the last line is torn now, and the head of the chain (None for an empty journal). `name` is where the journal is."""

    name: str
    runs: tuple[JournalRun, ...]
    lines: int
    healed: int
    torn: bool
    head: str | None


class HeldSchedule(NamedTuple):
    """A schedule as CXone held it at some time, by the journal.

    `status` is that of the write which `body` is from: `SUCCESS`, `UNVERIFIED`, or `FOUND` where no write of the journal made
    it so, but a later one read it. `since` is when that was written or read. `unfinished` is when a write began of which the
    journal knew no end at that time; `edited` when something else was read than the last write had left.
    """

    tenant: str
    campaign_id: str
    schedule_id: str
    name: str
    status: str
    since: str
    body: JsonObject
    revision: str | None
    actor: str | None
    approved_by: str | None
    run_id: str | None
    run_url: str | None
    force: str | None
    unfinished: str | None = None
    edited: str | None = None
