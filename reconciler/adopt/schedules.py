"""One schedule of the tenant as an entry of a campaign file: written anew, or an entry that is there made to say it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ..fields import Patterns, without
from ..model import DesiredSchedule, JsonObject, LiveSchedule
from .blackouts import KEY as BLACKOUTS
from .blackouts import blackout_entries, edit_blackouts
from .edits import Page
from .fields import set_field
from .sequences import change_items
from .tree import Mapping, Sequence, text_of
from .window_edits import edit_windows
from .windows import KEY as WINDOWS
from .windows import window_entries

RULES = "complianceRules"
PAUSES = "regulatoryPauses"
ORDER = ("name", "id", "timezone", "jurisdictions", WINDOWS, BLACKOUTS, RULES)
_RULES_ORDER = (PAUSES, "agentAvailabilityProjection", "enableComplianceInjection")


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
    return {
        "name": content["name"],
        "id": live.schedule_id,
        "timezone": content["timezone"],
        WINDOWS: window_entries(content[WINDOWS]),
        BLACKOUTS: blackout_entries(content[BLACKOUTS]),
        RULES: {name: content[RULES][name] for name in _RULES_ORDER},
    }


def new_entries(schedules: Iterable[LiveSchedule]) -> list[JsonObject]:
    """Entries for schedules that no file names, by name and id."""
    return [new_entry(each) for each in sorted(schedules, key=lambda each: (each.name, each.schedule_id))]


def edit_schedule(page: Page, node: Mapping, goal: Goal, ignored: Patterns) -> None:
    """Edit an entry until it says what the goal says, less `ignored` fields. NeedsAHandError where that cannot be done."""
    here = without(goal.entry.content, ignored)
    there = without(goal.content, ignored)
    if goal.pin is not None:
        set_field(page, node, "id", goal.pin, ORDER)
    for name in ("name", "timezone"):
        if name in there and here[name] != there[name]:
            set_field(page, node, name, there[name], ORDER)
    if here.get(WINDOWS) != there.get(WINDOWS):
        edit_windows(page, node, goal.entry.windows, goal.content[WINDOWS], _below(WINDOWS, ignored), ORDER)
    if here.get(BLACKOUTS) != there.get(BLACKOUTS):
        edit_blackouts(
            page, node, goal.entry.blackouts, goal.content[BLACKOUTS], _below(BLACKOUTS, ignored), ORDER
        )
    if here.get(RULES) != there.get(RULES):
        _edit_rules(page, node, here[RULES], there[RULES])


def _below(name: str, ignored: Patterns) -> frozenset[str]:
    return frozenset(str(path[1]) for path in ignored if len(path) > 1 and path[0] == name)


def _edit_rules(page: Page, schedule: Mapping, here: JsonObject, there: JsonObject) -> None:
    changed = {name: there[name] for name in _RULES_ORDER if name in there and here[name] != there[name]}
    rules = schedule.value(RULES)
    if rules is None:
        set_field(page, schedule, RULES, _inherited(schedule, there, changed), ORDER)
        return
    if not isinstance(rules, Mapping):
        set_field(page, schedule, RULES, there, ORDER)
        return
    for name, value in changed.items():
        own = rules.value(name)
        if isinstance(own, Sequence):
            _edit_pauses(page, rules, own, value)
        else:
            set_field(page, rules, name, value, _RULES_ORDER)


def _inherited(schedule: Mapping, there: JsonObject, changed: JsonObject) -> JsonObject:
    """The rules to write where the entry has none of its own: what a merge key gives is replaced as a whole, what a
    defaults.yaml gives is only overridden."""
    merges = any(text_of(key) == "<<" for key, _ in schedule.pairs)
    return there if merges else changed


def _edit_pauses(page: Page, rules: Mapping, own: Sequence, pauses: list[Any]) -> None:
    old = [text_of(each) for each in own.items]
    removed = [index for index, name in enumerate(old) if name not in pauses]
    change_items(page, rules, PAUSES, removed, [(-1, name) for name in pauses if name not in old])
