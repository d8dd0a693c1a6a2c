"""What was done: the result of an apply."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from math import ceil

from .plans import Action


class Status(StrEnum):
    """How one write ended."""

    SUCCESS = "SUCCESS"
    FAILED = "FAILED"
    STALE = "STALE"
    UNVERIFIED = "UNVERIFIED"
    NOT_ATTEMPTED = "NOT_ATTEMPTED"


@dataclass(frozen=True, slots=True)
class WriteError:
    """One reason why a write did not succeed; `message` is the tenant's own words where it had any."""

    code: str
    message: str
    field: str | None = None
    hint: str | None = None
    retryable: bool = False


@dataclass(frozen=True, slots=True)
class WriteResult:
    """How one change ended; latency over all attempts in milliseconds, None where nothing was sent."""

    campaign_id: str
    schedule_id: str
    action: Action
    status: Status
    http_status: int | None = None
    attempts: int = 0
    latency_ms: int | None = None
    live_status: str | None = None
    errors: tuple[WriteError, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """What the tenant finds the schedule by: campaignId, scheduleId."""
        return self.campaign_id, self.schedule_id


@dataclass(frozen=True, slots=True)
class WebhookResult:
    """How one registration ended."""

    name: str
    status: Status
    errors: tuple[WriteError, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """What an apply did to one tenant.

    `converged` is True only if a fresh plan would be empty for the touched campaigns; `stopped` is the sentence that
    says why the run ended early, if it did.
    """

    tenant: str
    run_id: str
    digest: str | None
    revision: str | None
    results: tuple[WriteResult, ...]
    webhooks: tuple[WebhookResult, ...]
    converged: bool
    interrupted: bool
    journal_head: str | None
    left_out: tuple[str, ...] = ()
    stopped: str | None = None

    @property
    def summary(self) -> dict[str, int]:
        """How many writes ended how; `webhooks` are those that were registered."""
        done = Counter(write.action for write in self.results if write.status is Status.SUCCESS)
        ended = Counter(write.status for write in self.results)
        return {
            "created": done[Action.CREATE],
            "updated": done[Action.UPDATE],
            "failed": ended[Status.FAILED],
            "stale": ended[Status.STALE],
            "unverified": ended[Status.UNVERIFIED],
            "notAttempted": ended[Status.NOT_ATTEMPTED],
            "webhooks": sum(webhook.status is Status.SUCCESS for webhook in self.webhooks),
        }

    @property
    def latency_ms(self) -> dict[str, int | None]:
        """Nearest-rank percentiles over the writes that were sent, in milliseconds; None where none was."""
        measured = sorted(write.latency_ms for write in self.results if write.latency_ms is not None)
        if not measured:
            return {"p50": None, "p95": None, "max": None}
        p50, p95 = (measured[ceil(percent * len(measured) / 100) - 1] for percent in (50, 95))
        return {"p50": p50, "p95": p95, "max": measured[-1]}
