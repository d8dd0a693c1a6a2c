"""The checks on an entry of which parts are not known: told is only what no unknown part could change.

Most checks look at single values, and for these the stand-ins of `PartialSchedule` are enough. Some say that something
is not there; they are silent where it may just not be known.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..model import Finding, PartialSchedule, Path
from ..settings import Capacity
from .calendar import check_calendar, check_caps
from .calling_hours import CallingHours
from .capacity import check_license
from .reporting import PAUSES

_RESTS_ON: dict[str, tuple[Path, ...]] = {
    "unknown-timezone": (("timezone",),),
    "blackout-outside-windows": (("scheduleDetails",),),
    "outside-calling-hours": (("blackoutPeriods",), ("exemption",)),
    "outside-calling-hours-from": (("blackoutPeriods",), ("exemption",)),
    "exempt": (("blackoutPeriods",), ("scheduleDetails",)),
    "hours-not-checked": (PAUSES,),
    "pause-not-listed": (PAUSES, ("exemption",)),
    "state-rules-not-listed": (("jurisdictions",), PAUSES, ("exemption",)),
}
"""By code the parts that a finding takes to be known whole."""


def check_partial(
    partial: PartialSchedule, capacity: Capacity, calling_hours: CallingHours
) -> Iterator[Finding]:
    """What is wrong with the known parts of an entry. The tenant's own policies are not asked: they judge whole
    schedules."""
    schedule, unknown = partial.schedule, partial.unknown
    silent = {code for code, parts in _RESTS_ON.items() if not unknown.isdisjoint(parts)}
    capped = tuple(window for window in schedule.windows if window.path not in unknown)
    stand_ins = {
        schedule.places.locate(("jurisdictions", index))
        for index, code in enumerate(schedule.jurisdictions)
        if not code
    }
    found = (
        *check_calendar(schedule),
        *check_caps(replace(schedule, windows=capped)),
        *calling_hours.check(schedule),
        *check_license(capacity, schedule),
    )
    for each in found:
        speaks_of_stand_in = each.code == "unknown-jurisdiction" and each.location in stand_ins
        if each.code not in silent and not speaks_of_stand_in:
            yield each
