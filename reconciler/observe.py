"""Tenant → live: what it holds now, and what of that was read completely.

A campaign is read whole or not at all: half a list would make schedules look deleted or unmanaged. What could not be
read is a finding, so that one broken campaign hides none of the others.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future, as_completed
from functools import partial
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from .dialect import Dialect
from .errors import (
    AlwaysLimitedError,
    NotFoundError,
    ServerFailureError,
    TenantError,
    UnauthorizedError,
    UnreachableError,
)
from .findings import Finding, Location, Severity
from .model import CampaignLive, Live, LiveSchedule, Webhook
from .threads import start_threads

BREAKER = 10
_OUTAGE = (UnreachableError, ServerFailureError, AlwaysLimitedError)

ReadProgress = Callable[[int, int], None]
Value = TypeVar("Value")


class Wanted(NamedTuple):
    """What to read: `campaigns` that the files name, and `released` ones that only the base names.

    `places` says where a campaign stands in the files, for the finding that the tenant does not have it.
    """

    campaigns: tuple[str, ...]
    released: tuple[str, ...] = ()
    agents: bool = False
    webhooks: bool = False
    places: Mapping[str, Location] = MappingProxyType({})


def observe(
    dialect: Dialect, wanted: Wanted, concurrency: int, progress: ReadProgress = lambda _done, _total: None
) -> Live:
    """Read one tenant with at most `concurrency` requests at a time, and fewer where no more threads can be had.

    Raises UnauthorizedError at once: with it every further request fails alike, and repeating it may lock the client
    out. After `BREAKER` outages in a row the rest is not tried. An interrupt does not wait for requests under way.
    """
    reads = _Reads()
    agents = reads.add(dialect.active_agents) if wanted.agents else None
    webhooks = reads.add(dialect.webhooks) if wanted.webhooks else None
    names = (*wanted.campaigns, *wanted.released)
    lists = {name: reads.add(partial(dialect.schedules, name)) for name in names}
    reads.finish(concurrency, progress)
    findings: list[Finding] = []
    campaigns = [_campaign(future, name, wanted, findings) for name, future in lists.items()]
    count = None
    try:
        count = agents.result() if agents is not None else None
    except TenantError as error:
        message = f"the agents, which the capacity projection needs, could not be read completely: {error.advice}"
        findings.append(Finding(Severity.ERROR, "agents-unreadable", message))
    return Live(
        campaigns=tuple(sorted((read for read in campaigns if read), key=lambda read: read.campaign_id)),
        agents=count,
        webhooks=_webhooks(webhooks, findings),
        findings=tuple(findings),
    )


class _Reads:
    """What is to be read, and what came of it."""

    def __init__(self) -> None:
        self._all: list[Future[Any]] = []
        self._left: deque[tuple[Future[Any], Callable[[], Any]]] = deque()
        self._guard = threading.Lock()
        self._outages = 0  # in a row

    def add(self, read: Callable[[], Value]) -> Future[Value]:
        """One thing more to read."""
        future: Future[Value] = Future()
        self._all.append(future)
        self._left.append((future, read))
        return future

    def finish(self, concurrency: int, progress: ReadProgress) -> None:
        """Read everything."""
        threads = start_threads(self._work, min(concurrency, len(self._all)), "read")
        try:
            for done, future in enumerate(as_completed(self._all), start=1):
                error = future.exception()
                if isinstance(error, UnauthorizedError) or (error and not isinstance(error, TenantError)):
                    future.result()  # raises it
                progress(done, len(self._all))
        except Exception:
            self._left.clear()
            for thread in threads:
                thread.join()
            raise
        finally:
            self._left.clear()  # an interrupt leaves something, which is not waited for

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
                future.set_exception(error)
            with self._guard:
                if self._outages < BREAKER:
                    self._outages = self._outages + 1 if is_outage else 0


def _campaign(
    future: Future[tuple[LiveSchedule, ...]], name: str, wanted: Wanted, findings: list[Finding]
) -> CampaignLive | None:
    try:
        return CampaignLive(name, future.result())
    except NotFoundError:
        if name in wanted.campaigns:
            message = (
                f"the tenant has no campaign {name}; correct the campaignId, or create the campaign in the console"
            )
            findings.append(Finding(Severity.ERROR, "campaign-not-found", message, wanted.places.get(name)))
    except TenantError as error:
        message = f"the schedules of campaign {name} could not be read completely: {error.advice}"
        findings.append(Finding(Severity.ERROR, "campaign-unreadable", message))
    return None


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
