"""What is to be done, and how that was found: resolved entries, changes, plans."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from ..findings import Finding, Location, Severity
from ..intervals import WeekHours
from .schedules import DesiredSchedule, JsonObject, LiveSchedule, Webhook

if TYPE_CHECKING:  # few plans have closures
    from .closed import ClosedDay


class Origin(StrEnum):
    """Who asked for a difference, from the least to the most grave: nobody, for the date moved; this revision; an earlier one
    that was not applied; somebody who edited the tenant; both git and somebody."""

    CALENDAR = "calendar"
    CHANGE = "change"
    PENDING = "pending"
    DRIFT = "drift"
    CONFLICT = "conflict"


def gravest(origins: Iterable[Origin | None]) -> Origin | None:
    """The gravest of these: they stand in the order of their gravity. None where there is none."""
    present = set(origins)
    return next((origin for origin in reversed(Origin) if origin in present), None)


class Action(StrEnum):
    """What a change does to one schedule."""

    CREATE = "create"
    UPDATE = "update"


class Request(NamedTuple):
    """One write, as data: method, path below the base URI, and the schedule as `body`; `sent` is the JSON that is sent for it,
    where an API wants another form than the body itself."""

    method: str
    path: str
    body: JsonObject
    sent: JsonObject | None = None


class FieldChange(NamedTuple):
    """One difference within a schedule; a side that has no such field is None. `origin` is None without a base.

    `base` and `applied` are the values at these revisions, or the live one where there is no such revision; `asked_by` is
    the commit that asked for a pending difference, where git could say. `asked_on` is the last date before on which git
    asked for the live value, where that is why nobody is taken to have edited it.
    """

    path: str
    live: Any
    desired: Any
    origin: Origin | None = None
    source: Location | None = None
    base: Any = None
    applied: Any = None
    asked_by: str | None = None
    asked_on: str | None = None


class Change(NamedTuple):
    """A create or an update of one schedule; `before` and `fingerprint` are None for a create. `allowed_hours` are those of
    the schedule's own clock that the law allows on every date, None where no law is known.

    `in_base` and `in_applied` say whether git had the schedule at the base and at the applied revision, None without such a
    revision; `asked_by` is the commit that asked for a pending create, where git could say.
    """

    action: Action
    campaign_id: str
    schedule_id: str
    name: str
    request: Request
    fields: tuple[FieldChange, ...] = ()
    before: JsonObject | None = None
    fingerprint: str | None = None
    origin: Origin | None = None
    source: Location | None = None
    allowed_hours: WeekHours | None = None
    in_base: bool | None = None
    in_applied: bool | None = None
    asked_by: str | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What the tenant finds the schedule by: campaignId, scheduleId."""
        return self.campaign_id, self.schedule_id


class Impact(NamedTuple):
    """What changes do to the dialing: hours and calls a week, live and desired, and the weekdays that start or stop to
    call. Calls are None where a window has no cap."""

    live_hours: float
    desired_hours: float
    live_calls: int | None
    desired_calls: int | None
    opened_days: tuple[str, ...]
    closed_days: tuple[str, ...]


class Unmanaged(NamedTuple):
    """A live schedule that git does not name: reported, never touched."""

    campaign_id: str
    schedule_id: str
    name: str


class Released(NamedTuple):
    """A live schedule that this revision takes out of git: nothing is deleted, so it goes on dialing as `body` says."""

    campaign_id: str
    schedule_id: str
    name: str
    body: JsonObject


class Resolved(NamedTuple):
    """An entry with its id; `live` is None for a create, `adopted` says that only its name led to it."""

    schedule: DesiredSchedule
    schedule_id: str
    live: LiveSchedule | None
    adopted: bool = False


class CampaignDiff(NamedTuple):
    """What one campaign needs. `changed` are the entries of `changes`, in the same order; `released` are live schedules
    that the base names and the work tree does not (they are among `unmanaged` too)."""

    changes: tuple[Change, ...]
    changed: tuple[Resolved, ...]
    unchanged: tuple[Resolved, ...]
    unmanaged: tuple[LiveSchedule, ...]
    released: tuple[LiveSchedule, ...] = ()


class Touched(NamedTuple):
    """A campaign that a plan writes to, with the fingerprint of all that it held when the plan was made."""

    campaign_id: str
    fingerprint: str


class SafetyCheck(NamedTuple):
    """One safety limit against what the plan would do; percentages for `maxChangedPercent`, else counts."""

    limit: str
    allowed: float
    actual: float
    passed: bool


class Refusal(NamedTuple):
    """A reason for which apply would refuse a plan; `liftable` ones are lifted by `--force`."""

    reason: str
    liftable: bool


class HeldHours(NamedTuple):
    """Against which calling hours the schedules of a tenant were held: the version of the rule data, how many schedules, and
    the rules by their codes (TCPA, US-FL), sorted, those before all that have a country."""

    rule_data: str
    schedules: int
    rules: tuple[str, ...]


class Plan(NamedTuple):
    """All that apply would do to one tenant, and all that was found, as data.

    `dirty` is None where git could not say whether the work tree is that of `revision`. The plan of no tenant, which only
    holds the findings of files that name none, has an empty `tenant` and `base_uri`. `touched` are the campaigns of the
    changes; `narrowed_to` the campaigns that `--campaign` named, none for all of them; `partial` says that these or PATH left
    a part of the tenant out. `calling_hours` is None where no schedule was held against any. `closures` are the dates of
    the next weeks on which closures take dialing hours. `base` is the sha that `--base` named, `applied` the one that
    `--applied` named, or `none`.
    `refusals` are the reasons for which apply would refuse, besides errors. `not_read` is how many campaigns were left out,
    because their desired state is the base's; None where that was not asked for.
    """

    as_of: str
    tenant: str = ""
    base_uri: str = ""
    revision: str | None = None
    dirty: bool | None = False
    base: str | None = None
    digest: str | None = None
    unchanged: int = 0
    changes: tuple[Change, ...] = ()
    webhooks: tuple[Webhook, ...] = ()
    unmanaged: tuple[Unmanaged, ...] = ()
    safety: tuple[SafetyCheck, ...] = ()
    findings: tuple[Finding, ...] = ()
    touched: tuple[Touched, ...] = ()
    narrowed_to: tuple[str, ...] = ()
    partial: bool = False
    applied: str | None = None
    refusals: tuple[Refusal, ...] = ()
    calling_hours: HeldHours | None = None
    closures: tuple[ClosedDay, ...] = ()
    released: tuple[Released, ...] = ()
    not_read: int | None = None

    @property
    def summary(self) -> dict[str, int]:
        """The figures of the document: how many changes do what, and how many findings are how grave."""
        actions = Counter(change.action for change in self.changes)
        severities = Counter(finding.severity for finding in self.findings)
        return {
            "create": actions[Action.CREATE],
            "update": actions[Action.UPDATE],
            "unchanged": self.unchanged,
            "unmanaged": len(self.unmanaged),
            "webhooks": len(self.webhooks),
            "errors": severities[Severity.ERROR],
            "warnings": severities[Severity.WARNING],
            **({} if self.not_read is None else {"notRead": self.not_read}),
        }

    def is_of_a_part(self, check: SafetyCheck) -> bool:
        """Whether a limit is on a share of the tenant's schedules and some of its campaigns were not read: then nobody can say
        whether an apply, which reads all, would pass it."""
        return bool(self.not_read) and check.limit == "maxChangedPercent"
