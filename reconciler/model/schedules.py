"""What git says and what the tenant holds: desired and live schedules."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from ..findings import Finding, Location
from ..intervals import Intervals, union

if TYPE_CHECKING:  # few schedules have closures, or are exempt from rules
    from .closed import Closure
    from .law import Exemption

JsonObject = dict[str, Any]
Path = tuple[str | int, ...]

WEEKDAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
_NUMBERS = {day: number for number, day in enumerate(WEEKDAYS)}


class Places(Protocol):
    """Where the values of one desired schedule stand, through the cascade of defaults."""

    def locate(self, path: Path = (), *, key: bool = False) -> Location:
        """Place of the value at `path` (or of its key), of its nearest holder where the path does not exist."""


@dataclass(frozen=True, slots=True)
class Window:
    """One window on one weekday. Times in seconds after midnight, half-open.

    `key` is its name in a keyed path, `path` leads to its entry in the file, `content` is the very part of the schedule's
    content that it is.
    """

    key: str
    start: int
    end: int
    path: Path
    content: JsonObject = field(hash=False)

    @property
    def weekday(self) -> int:
        """0 for MONDAY to 6 for SUNDAY."""
        return _NUMBERS[self.content["dayOfWeek"]]

    def cap(self, field: str) -> int:
        """The most calls by one of its caps, such as `maxCallsPerDay`; 0 where the API knows none."""
        return int(self.content.get(field, 0))


class Blackout(NamedTuple):
    """One daily pause. Times in seconds after midnight, half-open; `key`, `path` and `content` as in a `Window`.

    Equal ones of a file are one in the content, and have its key.
    """

    key: str
    start: int
    end: int
    path: Path
    content: JsonObject


class DesiredSchedule(NamedTuple):
    """One entry of a campaign file after the cascade; `pinned_id` is the id that the file gives, if it gives one.

    `content` is what a PUT would send; `windows` and `blackouts` are its parts with their places in the file. `closures`
    are those of all layers, the entry's own first. Where they take something from the week of a day, `as_written` is the
    schedule with the week of the file (see `reconciler.closures`).
    """

    campaign_id: str
    name: str
    pinned_id: str | None
    content: JsonObject
    windows: tuple[Window, ...]
    blackouts: tuple[Blackout, ...]
    jurisdictions: tuple[str, ...]
    places: Places
    exemption: Exemption | None = None
    closures: tuple[Closure, ...] = ()
    as_written: DesiredSchedule | None = None

    @property
    def timezone(self) -> str:
        """The IANA zone in which the windows are meant."""
        return str(self.content["timezone"])

    @property
    def pauses(self) -> tuple[str, ...]:
        """The regulatory pauses, sorted."""
        return tuple(self.content.get("complianceRules", {}).get("regulatoryPauses", ()))

    @property
    def projected(self) -> bool:
        """Whether the capacity projection counts this schedule."""
        return bool(self.content.get("complianceRules", {}).get("agentAvailabilityProjection", False))

    @property
    def closed_daily(self) -> Intervals:
        """The seconds of every day in which blackouts stop the calls. One that does not apply to all days closes nothing,
        because its days are not known: the API has no field for them."""
        return union((pause.start, pause.end) for pause in self.blackouts if pause.content["appliesToAllDays"])

    def path_of(self, path: Path) -> Path | None:
        """The path in the file that a keyed path means; None for a window or blackout that the file does not have. A
        pause has no place but its list's."""
        head, key = path[:1], path[1] if len(path) > 1 else None
        if key is None or head not in (("scheduleDetails",), ("blackoutPeriods",)):
            return path[:2]
        items = self.windows if head == ("scheduleDetails",) else self.blackouts
        entry = next((item.path for item in items if item.key == key), None)
        return None if entry is None else (*entry, *path[2:])

    def place_of(self, path: Path) -> Location:
        """Where the file has the value at a keyed path; for what it does not have, the list that lacks it."""
        own = self.path_of(path)
        return self.places.locate(path[:1], key=True) if own is None else self.places.locate(own)


class PartialSchedule(NamedTuple):
    """An entry of a campaign file of which something is wrong, for checks alone: it is never planned.

    `unknown` are the paths of what the file does not say. In `schedule` stand-ins take their place that no check may
    speak of: no such window or blackout, "" for a time zone or a jurisdiction, 0 for a cap. A list of which something is
    left out is unknown itself; a window with an unknown cap is, by its number.
    """

    schedule: DesiredSchedule
    unknown: frozenset[Path]


class LiveSchedule(NamedTuple):
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

    @property
    def key(self) -> tuple[str, str]:
        """What the tenant finds the schedule by: campaignId, scheduleId."""
        return self.campaign_id, self.schedule_id


class CampaignLive(NamedTuple):
    """A campaign that was read completely."""

    campaign_id: str
    schedules: tuple[LiveSchedule, ...]


class Webhook(NamedTuple):
    """A registration at the tenant; `events` sorted."""

    name: str
    url: str
    events: tuple[str, ...]
    status: str


class Live(NamedTuple):
    """What was read of a tenant. Campaigns that are missing here were not read completely, and a finding says why.

    `agents` is the number of distinct ACTIVE agents, None where it was not asked for or could not be read. `webhooks` is None
    where it was not asked for, or the list could not be read.
    """

    campaigns: tuple[CampaignLive, ...]
    agents: int | None = None
    webhooks: tuple[Webhook, ...] | None = None
    findings: tuple[Finding, ...] = ()
