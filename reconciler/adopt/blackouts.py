"""The blackout periods of a schedule in a file, made those that the tenant holds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .. import canonical
from ..model import Blackout, JsonObject
from .edits import Page
from .fields import replace_item, set_field, time_text
from .pairing import pair
from .sequences import change_items
from .tree import Mapping, Sequence

KEY = "blackoutPeriods"
ORDER = ("startTime", "endTime", "reason", "appliesToAllDays")


def blackout_entries(blackouts: Iterable[JsonObject]) -> list[JsonObject]:
    """Canonical blackouts as entries of a file."""
    return [_entry(each) for each in blackouts]


def blackout_of(blackout: Blackout) -> JsonObject:
    """A blackout of a file in canonical form."""
    return {
        "startTime": canonical.clock(blackout.start),
        "endTime": canonical.clock(blackout.end),
        "reason": blackout.reason,
        "appliesToAllDays": blackout.applies_to_all_days,
    }


def edit_blackouts(
    page: Page,
    schedule: Mapping,
    here: tuple[Blackout, ...],
    there: list[JsonObject],
    ignored: frozenset[str],
    order: tuple[str, ...],
) -> None:
    """Make the blackouts `here`, which the file gives to the schedule, those that are `there`, less `ignored` fields."""
    sequence = schedule.value(KEY)
    if not isinstance(sequence, Sequence):
        set_field(page, schedule, KEY, blackout_entries(there), order)
        return
    fields = [name for name in ORDER if name not in ignored]
    before = [blackout_of(each) for each in here]
    found, new = pair(
        before,
        there,
        (
            lambda each: tuple(each[name] for name in fields),
            lambda each: (each["startTime"], each["reason"]),
            lambda each: each["reason"],
            lambda each: each["startTime"],
        ),
    )
    removed = []
    for blackout, old, target in zip(here, before, found, strict=True):
        number = int(blackout.path[1])
        if target is None:
            removed.append(number)
        else:
            _edit(page, sequence, number, old, target, fields)
    added: list[tuple[int, Any]] = [(-1, _entry(each)) for each in new]
    if removed or added:
        change_items(page, schedule, KEY, removed, added)


def _edit(
    page: Page, sequence: Sequence, number: int, old: JsonObject, target: JsonObject, fields: list[str]
) -> None:
    changed = [name for name in fields if old[name] != target[name]]
    node = sequence.items[number]
    if not isinstance(node, Mapping):
        if changed:
            replace_item(page, sequence, number, _entry(target))
        return
    for name in changed:
        set_field(page, node, name, target[name], ORDER)


def _entry(blackout: JsonObject) -> JsonObject:
    """One entry; what no defaults.yaml can change and the API takes for granted is left out."""
    entry = {**blackout, **{name: time_text(blackout[name]) for name in ORDER[:2]}}
    if entry["appliesToAllDays"]:
        del entry["appliesToAllDays"]
    return entry
