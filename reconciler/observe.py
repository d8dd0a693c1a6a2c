"""Tenant → live: what it holds now, and what of that was read completely.

A campaign is read whole or not at all: half a list would make schedules look deleted or unmanaged. What could not be
read is a finding, so that one broken campaign hides none of the others.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, as_completed
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from .errors import (
    AlwaysLimitedError,
    NotFoundError,
    ServerFailureError,
    TenantError,
    UnauthorizedError,
    UnreachableError,
)
from .findings import Finding, Location, Severity
from .model import CampaignLive, DesiredSchedule, Live, Webhook
from .threads import start_threads

if TYPE_CHECKING:
    from .dialect import Dialect, UnreadSchedule

BREAKER = 10
UNREAD = "schedule-unreadable"
"""The code of a schedule that could not be read, and that the files cannot mean."""
_OUTAGE = (UnreachableError, ServerFailureError, AlwaysLimitedError)

ReadProgress = Callable[[int, int], None]
Look = Callable[[CampaignLive], CampaignLive]
Value = TypeVar("Value")


class Wanted(NamedTuple):
    """What to read: `campaigns` that the files name, and `released` ones that only the base names.

    `places` says where a campaign stands in the files, for the finding that the tenant does not have it; `entries` are what
    the files have of each campaign.
    """

    campaigns: tuple[str, ...]
    released: tuple[str, ...] = ()
    agents: bool = False
    webhooks: bool = False
    places: Mapping[str, Location] = MappingProxyType({})
    entries: Mapping[str, Sequence[DesiredSchedule]] = MappingProxyType({})


def observe(
    dialect: Dialect, wanted: Wanted, concurrency: int, progress: ReadProgress = lambda _done, _total: None
) -> Live:
    """Read one tenant with at most `concurrency` requests at a time, and fewer where no more threads can be had.

    Raises UnauthorizedError at once: with it every further request fails alike, and repeating it may lock the client
    out. After `BREAKER` outages in a row the rest is not tried. An interrupt does not wait for requests under way.
    """
    return Reading(dialect, concurrency).finish(wanted, progress)


class Reading:
    """One tenant that is being read: `finish` waits, and `begin` before it sends what is known by then to be wanted, while
    its caller does something else; `begun` is what."""

    def __init__(self, dialect: Dialect, concurrency: int) -> None:
        self.dialect = dialect
        self._concurrency = concurrency
        self.begun = Wanted(())
        self._leave: Future[None] | None = None
        self._all: dict[str | tuple[str], Future[Any]] = {}
        self._left: deque[tuple[Future[Any], Callable[[], Any]]] = deque()
        self._threads: tuple[threading.Thread, ...] = ()
        self._guard = threading.Lock()
        self._outages = 0  # in a row
        self._refused = False

    def begin(self, wanted: Wanted) -> None:
        """Ask for leave, and then for all that is `wanted`, without waiting for anything."""
        self.begun, self._leave = wanted, Future()
        self._add(wanted)
        start_threads(self._lead, 1, "read")

    def drop(self) -> None:
        """Send nothing more; what is under way is not waited for."""
        self._left.clear()

    def finish(self, wanted: Wanted, progress: ReadProgress, look: Look = lambda campaign: campaign) -> Live:
        """What the tenant holds, once all that is `wanted` was read; it holds what reading began with. `look` gets each campaign
        when it comes, and returns what is kept of it: an equal one."""
        if self._leave is not None:
            self._leave.result()
        self._add(wanted)
        self._start()
        self._wait(progress, look)
        findings: list[Finding] = []
        names = (*wanted.campaigns, *wanted.released)
        unread = self.dialect.unread
        campaigns = [_campaign(self._all[(name,)], name, wanted, unread.get(name, ()), findings) for name in names]
        for read in campaigns if unread else ():
            if read is not None and unread.get(read.campaign_id):
                look(read)  # only now it is known that nothing is missing which the files mean
        count = None
        try:
            count = self._all["agents"].result() if wanted.agents else None
        except TenantError as error:
            message = f"the agents, which the capacity projection needs, could not be read completely: {error.advice}"
            findings.append(Finding(Severity.ERROR, "agents-unreadable", message))
        return Live(
            campaigns=tuple(sorted((read for read in campaigns if read), key=lambda read: read.campaign_id)),
            agents=count,
            webhooks=_webhooks(self._all["webhooks"], findings) if wanted.webhooks else None,
            findings=tuple(findings),
        )

    def _add(self, wanted: Wanted) -> None:
        """Put what is wanted, and not yet asked for, into the queue."""
        reads: dict[str | tuple[str], Callable[[], Any]] = {}
        if wanted.agents:
            reads["agents"] = self.dialect.active_agents
        if wanted.webhooks:
            reads["webhooks"] = self.dialect.webhooks
        for name in (*wanted.campaigns, *wanted.released):
            reads[(name,)] = partial(self._read, name)
        for what, read in () if self._refused else reads.items():
            if what not in self._all:
                self._all[what] = Future()
                self._left.append((self._all[what], read))

    def _lead(self) -> None:
        """Get leave, and then read with the others."""
        assert self._leave is not None  # noqa: S101 - `begin` made it
        try:
            self.dialect.authorize()
        except Exception as error:  # noqa: BLE001 - `finish` raises it
            self.drop()
            self._leave.set_exception(error)
            return
        self._start()
        self._leave.set_result(None)

    def _start(self) -> None:
        """Have as many threads at work as there is work for."""
        busy = tuple(thread for thread in self._threads if thread.is_alive())
        count = min(self._concurrency - len(busy), len(self._left))
        self._threads = busy + (start_threads(self._work, count, "read") if count > 0 else ())

    def _read(self, campaign_id: str) -> CampaignLive:
        return CampaignLive(campaign_id, self.dialect.schedules(campaign_id))

    def _wait(self, progress: ReadProgress, look: Look) -> None:
        """Until everything was read."""
        try:
            for done, future in enumerate(as_completed(self._all.values()), start=1):
                error = future.exception()
                if isinstance(error, UnauthorizedError) or (error and not isinstance(error, TenantError)):
                    future.result()  # raises it
                read = future.result() if error is None else None
                if isinstance(read, CampaignLive) and not self.dialect.unread.get(read.campaign_id):
                    self._all[(read.campaign_id,)] = kept = Future[Any]()
                    kept.set_result(look(read))
                progress(done, len(self._all))
        except Exception:
            self.drop()
            for thread in self._threads:
                thread.join()
            raise
        finally:
            self.drop()  # an interrupt leaves something, which is not waited for

    def _work(self) -> None:
        while True:
            try:
                future, read = self._left.popleft()
            except IndexError:
                return
            is_outage = False
            try:
                if self._outages < BREAKER:
                    future.set_result(read())
                else:
                    message = f"it was not tried, because the tenant failed {BREAKER} times in a row"
                    future.set_exception(TenantError(message))
            except Exception as error:  # noqa: BLE001 - whoever waits for the future raises it
                is_outage = isinstance(error, _OUTAGE)
                if isinstance(error, UnauthorizedError):  # now, for whoever waits may be busy with something else
                    self._refused = True
                    self.drop()
                future.set_exception(error)
            with self._guard:
                if self._outages < BREAKER:
                    self._outages = self._outages + 1 if is_outage else 0


def _campaign(
    future: Future[CampaignLive],
    name: str,
    wanted: Wanted,
    unread: Sequence[UnreadSchedule],
    findings: list[Finding],
) -> CampaignLive | None:
    try:
        live = future.result()
        if unread:
            findings += _left_out(live, unread, wanted.entries.get(name, ()))
    except NotFoundError:
        if name in wanted.campaigns:
            message = (
                f"the tenant has no campaign {name}; correct the campaignId, or create the campaign in the console"
            )
            findings.append(Finding(Severity.ERROR, "campaign-not-found", message, wanted.places.get(name)))
    except TenantError as error:
        message = f"the schedules of campaign {name} could not be read completely: {error.advice}"
        findings.append(Finding(Severity.ERROR, "campaign-unreadable", message))
    else:
        return live
    return None


def _left_out(
    live: CampaignLive, unread: Sequence[UnreadSchedule], entries: Sequence[DesiredSchedule]
) -> list[Finding]:
    """What is said of schedules that could not be read and are nobody's. TenantError where entries may mean some of them."""
    reasons = []
    for schedule in unread:
        meant = next((entry for entry in entries if schedule.may_be(entry, live.schedules)), None)
        if meant is not None and schedule.schedule_id is not None:
            reasons.append(schedule.why)
        elif meant is not None:
            pin = "" if meant.pinned_id else "; with its number in the file as `id:` it need not wait for the others"
            reasons.append(f"schedule {meant.name!r} of the files may mean one that {schedule.why}{pin}")
    if reasons:
        raise TenantError("; ".join(reasons))
    return [
        Finding(
            Severity.WARNING,
            UNREAD,
            f"schedule {schedule.name!r} ({schedule.schedule_id}) of {live.campaign_id} could not be read: {schedule.why}; git does not name "
            "it, so the rest of the campaign does not wait for it",
        )
        for schedule in unread
        if schedule.schedule_id is not None
    ]


def _webhooks(future: Future[tuple[Webhook, ...] | None] | None, findings: list[Finding]) -> tuple[Webhook, ...] | None:
    if future is None:
        return None
    try:
        webhooks = future.result()
    except TenantError as error:
        message = f"the list of webhooks could not be read: {error.advice}"
    else:
        if webhooks is not None:
            return webhooks
        message = (
            "the scope webhooks:read was not granted, so it is not known which webhooks are there; apply registers "
            "them only for the schedules that it creates"
        )
    findings.append(Finding(Severity.WARNING, "webhooks-unreadable", message))
    return None
