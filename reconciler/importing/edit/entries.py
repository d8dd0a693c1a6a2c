"""One schedule of the tenant as an entry of a campaign file: written anew, or an entry that is there made to say it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ... import canonical
from ...model import Blackout, DesiredSchedule, JsonObject, LiveSchedule
from ...put_body import Patterns, without
from .lists import change_items, pair
from .nodes import MappingNode, Node, SequenceNode, text_of
from .page import EditByHandError, Page
from .values import BLACKOUT_FIELDS, RULE_FIELDS, replace_item, set_field, time_text
from .windows import WINDOWS, edit_windows, window_entries

_BLACKOUTS = "blackoutPeriods"
_RULES = "complianceRules"
_PAUSES = "regulatoryPauses"


@dataclass(frozen=True, slots=True)
class Goal:
    """What an entry of a file is to say: canonical content, and the id to pin where the name no longer leads there."""

    entry: DesiredSchedule
    content: JsonObject
    pin: str | None = None


def new_entry(live: LiveSchedule) -> JsonObject:
    """An entry for a schedule that no file names, its id pinned.

    Everything that a defaults.yaml could change is written out, so that none does, today or later.
    """
    content = live.content
    if canonical.is_skill(content):
        return {"name": content["name"], "id": live.schedule_id, WINDOWS: window_entries(content[WINDOWS])}
    return {
        "name": content["name"],
        "id": live.schedule_id,
        "timezone": content["timezone"],
        WINDOWS: window_entries(content[WINDOWS]),
        _BLACKOUTS: [_blackout_entry(blackout) for blackout in content[_BLACKOUTS]],
        _RULES: {name: content[_RULES][name] for name in RULE_FIELDS},
    }


def new_entries(schedules: Iterable[LiveSchedule]) -> list[JsonObject]:
    """Entries for schedules that no file names, by name and id."""
    return [
        new_entry(schedule)
        for schedule in sorted(schedules, key=lambda schedule: (schedule.name, schedule.schedule_id))
    ]


def edit_schedule(page: Page, node: Node, goal: Goal, ignored: Patterns) -> None:
    """Edit an entry until it says what the goal says, less `ignored` fields. EditByHandError where that cannot be done."""
    if not isinstance(node, MappingNode):
        raise EditByHandError("the entry is written somewhere else")
    here = without(goal.entry.content, ignored)
    there = without(goal.content, ignored)
    if goal.pin is not None:
        set_field(page, node, "id", goal.pin)
    for name in ("name", "timezone"):
        if name in there and here[name] != there[name]:
            set_field(page, node, name, there[name])
    if here.get(WINDOWS) != there.get(WINDOWS):
        edit_windows(page, node, goal.entry.windows, goal.content[WINDOWS], _below(WINDOWS, ignored))
    if here.get(_BLACKOUTS) != there.get(_BLACKOUTS):
        edit_blackouts(page, node, goal.entry.blackouts, goal.content[_BLACKOUTS], _below(_BLACKOUTS, ignored))
    if here.get(_RULES) != there.get(_RULES):
        _edit_rules(page, node, here[_RULES], there[_RULES])


def _below(name: str, ignored: Patterns) -> frozenset[str]:
    return frozenset(str(path[1]) for path in ignored if len(path) > 1 and path[0] == name)


def _edit_rules(page: Page, schedule: MappingNode, here: JsonObject, there: JsonObject) -> None:
    changed = {name: there[name] for name in RULE_FIELDS if name in there and here[name] != there[name]}
    rules = schedule.value(_RULES)
    if rules is None:
        # what a merge key gives is replaced as a whole, what a defaults.yaml gives is only overridden
        merges = any(text_of(key) == "<<" for key, _ in schedule.pairs)
        set_field(page, schedule, _RULES, there if merges else changed)
        return
    if not isinstance(rules, MappingNode):
        set_field(page, schedule, _RULES, there)
        return
    for name, value in changed.items():
        own = rules.value(name)
        if isinstance(own, SequenceNode):
            _edit_pauses(page, rules, own, value)
        else:
            set_field(page, rules, name, value)


def _edit_pauses(page: Page, rules: MappingNode, own: SequenceNode, pauses: list[Any]) -> None:
    old = [text_of(item) for item in own.items]
    removed = [index for index, name in enumerate(old) if name not in pauses]
    change_items(page, rules, _PAUSES, removed, [(-1, name) for name in pauses if name not in old])


def edit_blackouts(
    page: Page,
    schedule: MappingNode,
    here: tuple[Blackout, ...],
    there: list[JsonObject],
    ignored: frozenset[str],
) -> None:
    """Make the blackouts `here`, which the file gives to the schedule, those that are `there`, less `ignored` fields."""
    sequence = schedule.value(_BLACKOUTS)
    if not isinstance(sequence, SequenceNode):
        set_field(page, schedule, _BLACKOUTS, [_blackout_entry(blackout) for blackout in there])
        return
    fields = [name for name in BLACKOUT_FIELDS if name not in ignored]
    before = [blackout.content for blackout in here]
    counterparts, new = pair(
        before,
        there,
        (
            lambda blackout: tuple(blackout[name] for name in fields),
            lambda blackout: (blackout["startTime"], blackout["reason"]),
            lambda blackout: blackout["reason"],
            lambda blackout: blackout["startTime"],
        ),
    )
    removed = []
    for blackout, old, target in zip(here, before, counterparts, strict=True):
        number = int(blackout.path[1])
        if target is None:
            removed.append(number)
        else:
            _edit_blackout(page, sequence, number, old, target, fields)
    added: list[tuple[int, Any]] = [(-1, _blackout_entry(new_item)) for new_item in new]
    if removed or added:
        change_items(page, schedule, _BLACKOUTS, removed, added)


def _edit_blackout(
    page: Page, sequence: SequenceNode, number: int, old: JsonObject, target: JsonObject, fields: list[str]
) -> None:
    changed = [name for name in fields if old[name] != target[name]]
    node = sequence.items[number]
    if not isinstance(node, MappingNode):
        if changed:
            replace_item(page, sequence, number, _blackout_entry(target))
        return
    for name in changed:
        set_field(page, node, name, target[name])


def _blackout_entry(blackout: JsonObject) -> JsonObject:
    """One entry; what no defaults.yaml can change and the API takes for granted is left out."""
    entry = {**blackout, **{name: time_text(blackout[name]) for name in BLACKOUT_FIELDS[:2]}}
    if entry["appliesToAllDays"]:
        del entry["appliesToAllDays"]
    return entry
