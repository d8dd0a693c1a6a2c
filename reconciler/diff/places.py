"""From a field of a schedule, as a diff or the tenant names it, to the place in the file that holds it."""

from __future__ import annotations

import re

from .. import canonical
from ..model import DesiredSchedule, JsonObject, Location, Path

_STEP = re.compile(r"[A-Za-z_]\w*|\d+", re.ASCII)


def place_of(entry: DesiredSchedule, path: Path) -> Location:
    """The place of a keyed path; for what the file does not have, the list or mapping that lacks it."""
    head, rest = path[0], path[1:]
    if head == "scheduleDetails" and rest:
        for window in entry.windows:
            if f"{window.day} {canonical.clock(window.start)}" == rest[0]:
                return entry.places.locate((*window.path, *rest[1:]))
        return entry.places.locate((head,), key=True)
    if head == "blackoutPeriods" and rest:
        raw = _blackout_path(entry, str(rest[0]))
        return (
            entry.places.locate((head,), key=True) if raw is None else entry.places.locate((*raw, *rest[1:]))
        )
    return entry.places.locate(path[:2])


def place_of_body_field(entry: DesiredSchedule, body: JsonObject, field: str) -> Location | None:
    """The place of a field as a tenant's 400 names it (`scheduleDetails[0].predictiveRate`, `/scheduleDetails/0`).

    None where the name leads nowhere in the body that was sent.
    """
    steps = _STEP.findall(field)
    if not steps or steps[0] not in body:
        return None
    if steps[0] in ("scheduleDetails", "blackoutPeriods") and len(steps) > 1:
        items = body[steps[0]]
        if not steps[1].isdigit() or int(steps[1]) >= len(items):
            return None
        keys = canonical.item_keys(steps[0], items)
        return place_of(entry, (steps[0], keys[int(steps[1])], *steps[2:3]))
    return place_of(entry, tuple(steps[:2]))


def _blackout_path(entry: DesiredSchedule, key: str) -> Path | None:
    pauses = entry.content["blackoutPeriods"]
    for name, pause in zip(canonical.blackout_keys(pauses), pauses, strict=True):
        if name != key:
            continue
        for blackout in entry.blackouts:
            times = (canonical.clock(blackout.start), blackout.reason, canonical.clock(blackout.end))
            if times == (pause["startTime"], pause["reason"], pause["endTime"]):
                return blackout.path
    return None
