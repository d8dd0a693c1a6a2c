"""What the stages need of a tenant, whichever CXone API it speaks.

`observe` and `apply` know this protocol only; `reconciler.cxone` holds the implementations. Reads repeat safely by
themselves; a write is one attempt, because what to do after one whose outcome is not known is decided by `apply`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from .errors import TenantError
from .findings import Finding
from .identity import Resolution
from .model import CampaignDiff, DesiredSchedule, JsonObject, LiveSchedule, Request, Webhook
from .settings import TenantSettings


class Carried(NamedTuple):
    """The fields that an API carries: of a schedule, in canonical form, and of its windows."""

    schedule: tuple[str, ...]
    window: tuple[str, ...]

    def is_whole(self, body: JsonObject) -> bool:
        """Whether a PUT body has all of them, and a window at least."""
        windows = body.get("scheduleDetails")
        return (
            all(field in body for field in self.schedule)
            and isinstance(windows, list)
            and len(windows) > 0
            and all(isinstance(window, dict) and all(field in window for field in self.window) for window in windows)
        )


_TIMES = ("dayOfWeek", "startTime", "endTime")
_DIALER = Carried(
    ("name", "timezone", "scheduleDetails", "blackoutPeriods", "complianceRules"),
    (*_TIMES, "maxCallsPerDay", "maxCallsPerHour", "predictiveRate", "maxCallsPerAgentPerDay"),
)
_ADMIN = Carried(("name", "timezone", "scheduleDetails", "isScheduled"), _TIMES)


def carried_by(settings: TenantSettings) -> Carried:
    """What the API of a tenant carries."""
    return _DIALER if settings.admin is None else _ADMIN


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


class UnreadSchedule(NamedTuple):
    """A schedule of a campaign that could not be read by itself, and why; without id and name any that the tenant may hold
    beside those that it listed."""

    why: str
    schedule_id: str | None = None
    name: str | None = None

    def may_be(self, entry: DesiredSchedule, live: Sequence[LiveSchedule]) -> bool:
        """Whether an entry of the files may mean it; `live` are those that were read. Of a name that was read once, another one
        may not have come."""
        if self.schedule_id is None:
            pin = entry.pinned_id
            named = sum(one.name == entry.name if pin is None else one.schedule_id == pin for one in live)
            return named < (2 if pin is None else 1)
        return self.schedule_id == entry.pinned_id or (entry.pinned_id is None and self.name == entry.name)


class CampaignName(NamedTuple):
    """A campaign of the tenant, for import; `skills` is how many it has that can be managed, where a schedule is a skill."""

    campaign_id: str
    name: str | None
    skills: int = 0


class Dialect(Protocol):
    """One tenant's API. Every method that sends something raises `TenantError`s only."""

    @property
    def unread(self) -> Mapping[str, Sequence[UnreadSchedule]]:
        """By campaign what `schedules` left out, where an API gives each schedule by itself."""

    def put_request(self, body: JsonObject) -> Request:
        """The write that makes the schedule `body["id"]` of `body["campaignId"]` equal to `body`. Pure."""

    def authorize(self) -> None:
        """Get leave to read, so that a tenant that gives none is reported once and not for each campaign."""

    def campaigns(self) -> tuple[CampaignName, ...]:
        """All campaigns, sorted by id."""

    def schedules(self, campaign_id: str) -> tuple[LiveSchedule, ...]:
        """All schedules of a campaign, all pages, sorted by id; NotFoundError when there is no such campaign.

        AnswerError when one of them lacks what a PUT needs, or it is in `unread`: a campaign is read completely or not at all.
        """

    def schedule(self, campaign_id: str, schedule_id: str) -> ScheduleRead:
        """One schedule, read now."""

    def put(self, request: Request, etag: str | None, *, create: bool = False, renew: bool = True) -> WriteAnswer:
        """One attempt. With `renew` there is a new token after a 401 (`UnauthorizedError.renewed`).

        With an `etag` the schedule must still have it; with `create` there must be none. A tenant may know no conditions
        and ignore them. UnreachableError (but for one that was not sent), AnswerError and ServerFailureError leave open
        what the tenant did. TenantError for a request that is not `put_request` of its own body.
        """

    def resolve(self, entries: Sequence[DesiredSchedule], live: Sequence[LiveSchedule]) -> Resolution:
        """Which live schedule each entry of one campaign means, after `schedules` of that campaign. Where the tenant has to be
        asked why an entry means none, and does not answer, a finding says so."""

    def findings(self, diffs: Sequence[CampaignDiff]) -> tuple[Finding, ...]:
        """What only this API tells of the schedules that git manages, and what of the changes it cannot carry."""

    def pause(self, attempt: int, error: TenantError) -> bool:
        """Wait as the limits of the tenant want after failed attempt number `attempt` (from 1); False: give up."""

    def active_agents(self) -> int:
        """How many distinct agents are ACTIVE."""

    def webhooks(self) -> tuple[Webhook, ...] | None:
        """All webhooks, sorted by name; None where the scope to read them is not to be had."""

    def register(self, webhook: Webhook, *, renew: bool = True) -> None:
        """One attempt to register a webhook; what is open after an error is as for `put`."""
