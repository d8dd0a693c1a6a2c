"""The values that the stages hand to each other (design §1 and §2).

All of them are frozen and hold tuples, so that a stage cannot change what another one still uses. Two conventions that
the type system does not say:

* `content` is a schedule's canonical content (see `canonical.content`): the PUT body less `id` and `campaignId`, as
  plain dicts and lists. Nobody changes it in place.
* A `Path` in a campaign file is as the file has it (`("scheduleDetails", 0, "endTime")`); a keyed path names windows,
  blackouts and pauses by their key (`("scheduleDetails", "MONDAY 09:00:00", "endTime")`, see `canonical.keyed`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

JsonObject = dict[str, Any]
Path = tuple[str | int, ...]

WEEKDAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")


class Severity(StrEnum):
    """How grave a finding is; only errors stop a plan from being applied."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


class Origin(StrEnum):
    """Who asked for a difference, from the least to the most grave (design §5)."""

    CHANGE = "change"
    DRIFT = "drift"
    CONFLICT = "conflict"


class Action(StrEnum):
    """What a change does to one schedule."""

    CREATE = "create"
    UPDATE = "update"


class Status(StrEnum):
    """How one write ended."""

    SUCCESS = "SUCCESS"
    FAILED = "FAILED"
    STALE = "STALE"
    UNVERIFIED = "UNVERIFIED"
    NOT_ATTEMPTED = "NOT_ATTEMPTED"


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a file: the file relative to the current directory with forward slashes; line and column from 1."""

    file: str
    line: int
    column: int = 1


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with the files or the plan; `location` is None when it is about the tenant."""

    severity: Severity
    code: str
    message: str
    location: Location | None = None


class Places(Protocol):
    """Where the values of one desired schedule stand, through the cascade of defaults."""

    def locate(self, path: Path = (), *, key: bool = False) -> Location:
        """Place of the value at `path` (or of its key), of its nearest holder where the path does not exist."""


@dataclass(frozen=True, slots=True)
class Window:
    """One window on one weekday. Times in seconds after midnight, half-open; `path` leads to its entry in the file."""

    day: str
    start: int
    end: int
    max_calls_per_day: int
    max_calls_per_hour: int
    predictive_rate: float
    max_calls_per_agent_per_day: int
    path: Path


@dataclass(frozen=True, slots=True)
class Blackout:
    """One daily pause. Times in seconds after midnight, half-open; `path` leads to its entry in the file."""

    start: int
    end: int
    reason: str
    applies_to_all_days: bool
    path: Path


@dataclass(frozen=True, slots=True)
class DesiredSchedule:
    """One entry of a campaign file after the cascade; `pinned_id` is the id that the file gives, if it gives one."""

    campaign_id: str
    name: str
    pinned_id: str | None
    content: JsonObject
    windows: tuple[Window, ...]
    blackouts: tuple[Blackout, ...]
    jurisdictions: tuple[str, ...]
    places: Places

    @property
    def timezone(self) -> str:
        """The IANA zone in which the windows are meant."""
        return str(self.content["timezone"])

    @property
    def pauses(self) -> tuple[str, ...]:
        """The regulatory pauses, sorted."""
        return tuple(self.content["complianceRules"]["regulatoryPauses"])

    @property
    def projected(self) -> bool:
        """Whether the capacity projection counts this schedule."""
        return bool(self.content["complianceRules"]["agentAvailabilityProjection"])


@dataclass(frozen=True, slots=True)
class LiveSchedule:
    """One schedule as the tenant holds it; `extras` are the fields that are not part of a PUT, by keyed path, sorted."""

    campaign_id: str
    schedule_id: str
    content: JsonObject
    status: str | None = None
    extras: tuple[tuple[Path, Any], ...] = ()

    @property
    def name(self) -> str:
        """The name shown in the console."""
        return str(self.content["name"])


@dataclass(frozen=True, slots=True)
class CampaignLive:
    """A campaign that was read completely."""

    campaign_id: str
    schedules: tuple[LiveSchedule, ...]


@dataclass(frozen=True, slots=True)
class Webhook:
    """A registration at the tenant; `events` sorted."""

    name: str
    url: str
    events: tuple[str, ...]
    status: str


@dataclass(frozen=True, slots=True)
class Live:
    """What was read of a tenant. Campaigns that are missing here were not read completely, and a finding says why.

    `agents` is the number of distinct ACTIVE agents, None where nobody asked or it could not be read. `webhooks` is None
    where nobody asked, or the list could not be read.
    """

    campaigns: tuple[CampaignLive, ...]
    agents: int | None = None
    webhooks: tuple[Webhook, ...] | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """One write, as data: method, path below the base URI, JSON body."""

    method: str
    path: str
    body: JsonObject


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One difference within a schedule; a side that has no such field is None. `origin` is None without a base."""

    path: str
    live: Any
    desired: Any
    origin: Origin | None = None
    source: Location | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A create or an update of one schedule; `before` and `fingerprint` are None for a create."""

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


@dataclass(frozen=True, slots=True, order=True)
class Unmanaged:
    """A live schedule that git does not name: reported, never touched."""

    campaign_id: str
    schedule_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Resolved:
    """An entry with its id; `live` is None for a create, `adopted` says that only the name told."""

    schedule: DesiredSchedule
    schedule_id: str
    live: LiveSchedule | None
    adopted: bool = False


@dataclass(frozen=True, slots=True)
class CampaignDiff:
    """What one campaign needs. `changed` are the entries of `changes`, in the same order; `released` are live schedules
    that the base names and the work tree does not (they are among `unmanaged` too)."""

    changes: tuple[Change, ...]
    changed: tuple[Resolved, ...]
    unchanged: tuple[Resolved, ...]
    unmanaged: tuple[LiveSchedule, ...]
    released: tuple[LiveSchedule, ...] = ()


@dataclass(frozen=True, slots=True)
class SafetyCheck:
    """One safety limit against what the plan would do; percentages for `maxChangedPercent`, else counts."""

    limit: str
    allowed: float
    actual: float
    passed: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """All that apply would do to one tenant, and all that was found, as data (design §5)."""

    tenant: str
    base_uri: str
    as_of: str
    revision: str | None
    dirty: bool
    base: str | None
    digest: str | None
    unchanged: int
    changes: tuple[Change, ...]
    webhooks: tuple[Webhook, ...]
    unmanaged: tuple[Unmanaged, ...]
    safety: tuple[SafetyCheck, ...]
    findings: tuple[Finding, ...]

    def count(self, severity: Severity) -> int:
        """How many findings of this severity there are."""
        return sum(finding.severity is severity for finding in self.findings)

    def count_action(self, action: Action) -> int:
        """How many changes do this."""
        return sum(change.action is action for change in self.changes)


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


@dataclass(frozen=True, slots=True)
class WebhookResult:
    """How one registration ended."""

    name: str
    status: Status
    errors: tuple[WriteError, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """What an apply did to one tenant (design §6).

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


@dataclass(frozen=True, slots=True)
class JournalRun:
    """One run on one tenant. `ends` counts the last status of each write; `pending` names the writes without an end."""

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


@dataclass(frozen=True, slots=True)
class JournalView:
    """The runs in the order in which they began, how many lines there are, how often a torn line was healed, whether
    the last line is torn now, and the head of the chain (None for an empty journal)."""

    runs: tuple[JournalRun, ...]
    lines: int
    healed: int
    torn: bool
    head: str | None
