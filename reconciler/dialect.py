"""What the stages need of a tenant, whichever CXone API it speaks.

`observe` and `apply` know this protocol only; `reconciler.cxone` holds the implementations. Reads repeat safely by
themselves; a write is one attempt, because what to do after one whose outcome is not known is decided by `apply`.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

from .errors import TenantError
from .model import JsonObject, LiveSchedule, Request, Webhook


class ScheduleRead(NamedTuple):
    """One schedule read by itself: None when it is not there, and `gone` where the tenant says that it was; `etag` where
    the tenant gives one."""

    schedule: LiveSchedule | None
    etag: str | None = None
    gone: bool = False


class WriteAnswer(NamedTuple):
    """What the tenant answered to a PUT: the schedule as it says it holds it now."""

    status: int
    schedule: LiveSchedule


class CampaignName(NamedTuple):
    """A campaign of the tenant, for import."""

    campaign_id: str
    name: str | None


class Dialect(Protocol):
    """One tenant's API. Every method that sends something raises `TenantError`s only."""

    def put_request(self, body: JsonObject) -> Request:
        """The write that makes the schedule `body["id"]` of `body["campaignId"]` equal to `body`. Pure."""

    def authorize(self) -> None:
        """Get leave to read, so that a tenant that gives none is reported once and not for each campaign."""

    def campaigns(self) -> tuple[CampaignName, ...]:
        """All campaigns, sorted by id."""

    def schedules(self, campaign_id: str) -> tuple[LiveSchedule, ...]:
        """All schedules of a campaign, all pages, sorted by id; NotFoundError when there is no such campaign.

        AnswerError when one of them lacks what a PUT needs: a campaign is read completely or not at all.
        """

    def schedule(self, campaign_id: str, schedule_id: str) -> ScheduleRead:
        """One schedule, read now."""

    def put(self, request: Request, etag: str | None, *, create: bool = False, renew: bool = True) -> WriteAnswer:
        """One attempt. With `renew` there is a new token after a 401 (`UnauthorizedError.renewed`).

        With an `etag` the schedule must still have it; with `create` there must be none. A tenant may know no conditions
        and ignore them. UnreachableError (but for one that was not sent), AnswerError and ServerFailureError leave open
        what the tenant did. TenantError for a request that is not `put_request` of its own body.
        """

    def pause(self, attempt: int, error: TenantError) -> bool:
        """Wait as the limits of the tenant want after failed attempt number `attempt` (from 1); False: give up."""

    def active_agents(self) -> int:
        """How many distinct agents are ACTIVE."""

    def webhooks(self) -> tuple[Webhook, ...] | None:
        """All webhooks, sorted by name; None where the scope to read them is not to be had."""

    def register(self, webhook: Webhook, *, renew: bool = True) -> None:
        """One attempt to register a webhook; what is open after an error is as for `put`."""
