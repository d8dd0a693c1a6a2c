"""The values that the stages hand to each other.

All of them are frozen and hold tuples, so that a stage cannot change what another one still uses. What only some commands
need is imported from its module: `results`, `law`, `closed`. Two conventions that the type system does not say:

* `content` is a schedule's canonical content (see `canonical.content`): the PUT body less `id` and `campaignId`, as
  plain dicts and lists. Nobody changes it in place.
* A `Path` in a campaign file is as the file has it (`("scheduleDetails", 0, "endTime")`); a keyed path names windows,
  blackouts and pauses by their key (`("scheduleDetails", "MONDAY 09:00:00", "endTime")`, see `canonical.keyed`).
"""

from .plans import (
    Action,
    CampaignDiff,
    Change,
    FieldChange,
    HeldHours,
    Impact,
    Origin,
    Plan,
    Refusal,
    Released,
    Request,
    Resolved,
    SafetyCheck,
    Touched,
    Unmanaged,
    gravest,
)
from .schedules import (
    WEEKDAYS,
    Blackout,
    CampaignLive,
    DesiredSchedule,
    JsonObject,
    Live,
    LiveSchedule,
    PartialSchedule,
    Path,
    Places,
    Webhook,
    Window,
)

__all__ = [
    "WEEKDAYS",
    "Action",
    "Blackout",
    "CampaignDiff",
    "CampaignLive",
    "Change",
    "DesiredSchedule",
    "FieldChange",
    "HeldHours",
    "Impact",
    "JsonObject",
    "Live",
    "LiveSchedule",
    "Origin",
    "PartialSchedule",
    "Path",
    "Places",
    "Plan",
    "Refusal",
    "Released",
    "Request",
    "Resolved",
    "SafetyCheck",
    "Touched",
    "Unmanaged",
    "Webhook",
    "Window",
    "gravest",
]
