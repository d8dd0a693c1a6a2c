"""Entries that come to one identity whatever the tenant holds; the rest needs the tenant and is `diff`'s."""

from __future__ import annotations

from collections.abc import Iterable

from ..model import DesiredSchedule, Finding, Severity


def duplicates(schedules: Iterable[DesiredSchedule]) -> tuple[Finding, ...]:
    """One finding at each entry that repeats the pinned id, or without one the name, of an entry before it.

    `schedules` come in the order of their places, so that it is the later one that is told.
    """
    first: dict[tuple[str, bool, str], DesiredSchedule] = {}
    found = []
    for schedule in schedules:
        pinned = schedule.pinned_id is not None
        key = schedule.campaign_id, pinned, schedule.pinned_id or schedule.name
        other = first.setdefault(key, schedule)
        if other is not schedule:
            found.append(_duplicate(other, schedule))
    return tuple(found)


def _duplicate(first: DesiredSchedule, second: DesiredSchedule) -> Finding:
    place = first.places.locate()
    if second.pinned_id is not None:
        same, advice = f"the pinned id {second.pinned_id}", "keep one of them, or pin another id"
    else:
        same, advice = (
            f"the name {second.name!r} and no pinned id",
            "keep one of them, rename one, or pin their ids",
        )
    return Finding(
        Severity.ERROR,
        "duplicate-schedule",
        f"this schedule of {second.campaign_id} has {same}, and so has the one at {place.file}:{place.line}:"
        f"{place.column}; {advice}",
        second.places.locate(),
    )
