"""From a field of a schedule, as a diff or the tenant names it, to the place in the file that holds it."""

from __future__ import annotations

import re

from .. import canonical
from ..fields import KEYED_LISTS
from ..model import DesiredSchedule, JsonObject, Location, Path

_STEP = re.compile(r"[A-Za-z_]\w*|\d+", re.ASCII)
_INDEX = re.compile(r"\d{1,6}", re.ASCII)


def place_of(entry: DesiredSchedule, path: Path) -> Location:
    """The place of a keyed path; for what the file does not have, the list or mapping that lacks it."""
    head, *rest = path
    if head in KEYED_LISTS and rest:
        item = _window_path(entry, rest[0]) if head == "scheduleDetails" else _blackout_path(entry, rest[0])
        if item is None:
            return entry.places.locate((head,), key=True)
        return entry.places.locate((*item, *rest[1:]))
    return entry.places.locate(path[:2])


def place_of_body_field(entry: DesiredSchedule, body: JsonObject, field: str) -> Location | None:
    """The place of a field as a tenant's 400 names it (`scheduleDetails[0].predictiveRate`, `/scheduleDetails/0`).

    None where the name leads nowhere in the body that was sent.
    """
    head, *rest = _STEP.findall(field) or ("",)
    if head not in body:
        return None
    if head not in KEYED_LISTS or not rest:
        return place_of(entry, (head, *rest[:1]))
    items = body[head]
    if not _INDEX.fullmatch(rest[0]) or int(rest[0]) >= len(items):
        return None
    return place_of(entry, (head, canonical.item_keys(head, items)[int(rest[0])], *rest[1:2]))


def _window_path(entry: DesiredSchedule, key: str | int) -> Path | None:
    day, _, clock = str(key).partition(" ")
    start = canonical.seconds(clock)
    return next((each.path for each in entry.windows if (each.day, each.start) == (day, start)), None)


def _blackout_path(entry: DesiredSchedule, key: str | int) -> Path | None:
    pauses = entry.content["blackoutPeriods"]
    wanted = dict(zip(canonical.blackout_keys(pauses), pauses, strict=True)).get(str(key))
    if wanted is None:
        return None
    start, end = canonical.seconds(wanted["startTime"]), canonical.seconds(wanted["endTime"])
    pause = start, end, wanted["reason"], wanted["appliesToAllDays"]
    same = (
        each
        for each in entry.blackouts
        if pause == (each.start, each.end, each.reason, each.applies_to_all_days)
    )
    return next((each.path for each in same), None)
