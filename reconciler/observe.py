"""Tenant → live: what it holds now, and what of that was read completely.

A campaign is read whole or not at all: half a list would make schedules look deleted or unmanaged. What could not be
read is a finding, so that one broken campaign hides none of the others.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from typing import Any

from .dialect import Dialect
from .errors import NotFoundError, ServerFailureError, TenantError, UnauthorizedError, UnreachableError
from .model import CampaignLive, Finding, Live, Location, Severity, Webhook

BREAKER = 10
_OUTAGE = (UnreachableError, ServerFailureError)

Progress = Callable[[int, int], None]


def no_progress(_done: int, _total: int) -> None:
    """Progress that nobody sees."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to read: `campaigns` that the files name, and `released` ones that only the base names.

    `places` says where a campaign stands in the files, for the finding that the tenant does not have it.
    """

    campaigns: tuple[str, ...]
    released: tuple[str, ...] = ()
    agents: bool = False
    webhooks: bool = False
    places: Mapping[str, Location] = field(default_factory=dict)


def observe(dialect: Dialect, wanted: Wanted, concurrency: int, progress: Progress = no_progress) -> Live:
    """Read one tenant with at most `concurrency` requests at a time.

    Raises UnauthorizedError at once: with it every further request fails alike, and repeating it may lock the client
    out. After `BREAKER` outages in a row the rest is not tried.
    """
    stop = threading.Event()
    names = (*wanted.campaigns, *wanted.released)
    total = len(names) + wanted.agents + wanted.webhooks
    with ThreadPoolExecutor(max_workers=concurrency, thread_name_prefix="read") as pool:
        try:
            agents = pool.submit(dialect.active_agents) if wanted.agents else None
            webhooks = pool.submit(dialect.webhooks) if wanted.webhooks else None
            lists = {pool.submit(_read, dialect, name, stop): name for name in names}
            others = [each for each in (agents, webhooks) if each is not None]
            failures = 0
            for done, future in enumerate(as_completed([*lists, *others]), start=1):
                _raise_if_refused(future)
                failures = failures + 1 if isinstance(future.exception(), _OUTAGE) else 0
                if failures >= BREAKER:
                    stop.set()
                progress(done, total)
        except BaseException:
            stop.set()
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    findings: list[Finding] = []
    campaigns = [_campaign(future, name, wanted, findings) for future, name in lists.items()]
    return Live(
        campaigns=tuple(sorted((each for each in campaigns if each), key=lambda each: each.campaign_id)),
        agents=_agents(agents, findings),
        webhooks=_webhooks(webhooks, findings),
        findings=tuple(findings),
    )


def _read(dialect: Dialect, campaign_id: str, stop: threading.Event) -> CampaignLive:
    if stop.is_set():
        raise TenantError(f"it was not tried, because the tenant failed {BREAKER} times in a row")
    return CampaignLive(campaign_id, dialect.schedules(campaign_id))


def _raise_if_refused(future: Future[Any]) -> None:
    error = future.exception()
    if isinstance(error, UnauthorizedError) or (error and not isinstance(error, TenantError)):
        raise error


def _campaign(
    future: Future[CampaignLive], name: str, wanted: Wanted, findings: list[Finding]
) -> CampaignLive | None:
    try:
        return future.result()
    except NotFoundError:
        if name in wanted.campaigns:
            message = f"the tenant has no campaign {name}; correct the campaignId, or create the campaign in the console"
            findings.append(Finding(Severity.ERROR, "campaign-not-found", message, wanted.places.get(name)))
    except TenantError as error:
        message = f"the schedules of campaign {name} could not be read completely: {_sentence(error)}"
        findings.append(Finding(Severity.ERROR, "campaign-unreadable", message))
    return None


def _agents(future: Future[int] | None, findings: list[Finding]) -> int | None:
    try:
        return future.result() if future is not None else None
    except TenantError as error:
        message = f"the agents, which the capacity projection needs, could not be read completely: {_sentence(error)}"
        findings.append(Finding(Severity.ERROR, "agents-unreadable", message))
        return None


def _webhooks(
    future: Future[tuple[Webhook, ...] | None] | None, findings: list[Finding]
) -> tuple[Webhook, ...] | None:
    if future is None:
        return None
    try:
        webhooks = future.result()
    except TenantError as error:
        message = f"the list of webhooks could not be read: {_sentence(error)}"
    else:
        if webhooks is not None:
            return webhooks
        message = (
            "the scope webhooks:read was not granted, so nobody can tell which webhooks are there; apply registers "
            "them only for the schedules that it creates"
        )
    findings.append(Finding(Severity.WARNING, "webhooks-unreadable", message))
    return None


def _sentence(error: TenantError) -> str:
    return f"{error.message}; {error.hint}" if error.hint else error.message
