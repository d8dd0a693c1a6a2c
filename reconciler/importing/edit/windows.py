"""The windows of a schedule in a file, made those that the tenant holds.

Why this is more than a list of differences: CXone knows one window a day, and people write one entry for all days that are
alike. A change of one day therefore splits an entry, a change of all its days edits it in place, and a day that comes to
equal its neighbors joins them. To write the windows anew would be simple, and would lose comments, order and the grouping
that somebody chose. So each live window is first paired with the one of the file that it most likely was (the same, else
the same day and start, else the same day). Then each entry keeps the days that did not change, or the largest group that
changed alike; the others leave it together, group by group, for entries that are written like the one they leave.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ... import canonical
from ...model import JsonObject, Window
from . import nodes
from .lists import change_items, pair
from .nodes import MappingNode, ScalarNode, SequenceNode, text_of
from .page import Page, Raw, flow_text
from .values import TIMES, WINDOW_FIELDS, copied_entry, replace_item, set_field, time_text


@dataclass(slots=True)
class _Item:
    """One entry of the file: its days, what it says of each of them, and the windows that it is to stand for.

    `leaving` are groups of equal windows that need an entry of their own.
    """

    days: list[str]
    before: JsonObject
    staying: list[JsonObject]
    leaving: list[list[JsonObject]] = field(default_factory=list)


def edit_windows(
    page: Page,
    schedule: MappingNode,
    here: tuple[Window, ...],
    there: list[JsonObject],
    ignored: frozenset[str],
) -> None:
    """Make the windows `here`, which the file gives to the schedule, those that are `there`, less `ignored` fields."""
    sequence = schedule.value(WINDOWS)
    if not isinstance(sequence, SequenceNode):
        set_field(page, schedule, WINDOWS, window_entries(there))
        return
    windows = [window.content for window in here]
    counterparts, new = pair(
        windows,
        there,
        (
            lambda window: (window["dayOfWeek"], shape_of(window, ignored)),
            canonical.window_key,
            lambda window: window["dayOfWeek"],
        ),
    )
    items: dict[int, _Item] = {}
    for number in range(len(sequence.items)):
        members = [index for index, window in enumerate(here) if window.path == (WINDOWS, number)]
        items[number] = _divide(
            [windows[index] for index in members], [counterparts[index] for index in members], ignored
        )
    added = _place_new(sequence, items, new, ignored)
    removed = []
    for number, item in items.items():
        if not item.staying:
            removed.append(number)
        else:
            _edit_item(page, sequence, number, item, ignored)
        added += [(number, _leaving(page, sequence, number, item, group, ignored)) for group in item.leaving]
    if removed or added:
        change_items(page, schedule, WINDOWS, removed, sorted(added, key=lambda place: place[0] % len(sequence.items)))


def _divide(here: list[JsonObject], there: list[JsonObject | None], ignored: frozenset[str]) -> _Item:
    """Which of the windows of an entry stay in it: those that did not change, else the largest group."""
    groups: dict[Shape, list[JsonObject]] = {}
    for window in there:
        if window is not None:
            groups.setdefault(shape_of(window, ignored), []).append(window)
    own = shape_of(here[0], ignored)
    kept = own if own in groups else max(groups, key=lambda shape: len(groups[shape]), default=None)
    staying = groups.pop(kept) if kept is not None else []
    return _Item([item["dayOfWeek"] for item in here], here[0], staying, list(groups.values()))


def _place_new(
    sequence: SequenceNode, items: dict[int, _Item], new: list[JsonObject], ignored: frozenset[str]
) -> list[tuple[int, Any]]:
    """New windows join an entry with a list of days that says the same; entries for those that find none."""
    left = []
    for window in new:
        shape = shape_of(window, ignored)
        alike = (
            item
            for number, item in items.items()
            if item.staying and shape_of(item.staying[0], ignored) == shape and _has_day_list(sequence, number)
        )
        home = next(alike, None)
        if home is not None:
            home.staying.append(window)
        else:
            left.append(window)
    return [(-1, entry) for entry in window_entries(left)]


def _has_day_list(sequence: SequenceNode, number: int) -> bool:
    node = sequence.items[number]
    return isinstance(node, MappingNode) and not isinstance(node.value("dayOfWeek"), ScalarNode)


def _edit_item(page: Page, sequence: SequenceNode, number: int, item: _Item, ignored: frozenset[str]) -> None:
    after = item.staying[0]
    changed = [name for name in WINDOW_FIELDS if name not in ignored and item.before.get(name) != after.get(name)]
    days = [window["dayOfWeek"] for window in item.staying]
    node = sequence.items[number]
    if not changed and set(days) == set(item.days):
        return
    if not isinstance(node, MappingNode):
        replace_item(page, sequence, number, entry_of(item.staying))
        return
    for name in changed:
        set_field(page, node, name, after[name])
    if set(days) != set(item.days):
        _edit_days(page, node, days)


def _edit_days(page: Page, node: MappingNode, days: list[str]) -> None:
    present = node.value("dayOfWeek")
    days = sorted(days, key=canonical.DAY_ORDER.__getitem__)
    if not isinstance(present, SequenceNode):
        set_field(page, node, "dayOfWeek", day_or_days(days))
        return
    old = [str(text_of(item)) for item in present.items]
    added = []
    for day in days:
        if day not in old:
            earlier = [i for i, name in enumerate(old) if canonical.DAY_ORDER[name] < canonical.DAY_ORDER[day]]
            added.append((earlier[-1] if earlier else -1, day))
    change_items(page, node, "dayOfWeek", [i for i, day in enumerate(old) if day not in days], added)


def _leaving(
    page: Page,
    sequence: SequenceNode,
    number: int,
    item: _Item,
    group: list[JsonObject],
    ignored: frozenset[str],
) -> JsonObject:
    """The entry for days that leave theirs: written like it, with what differs."""
    node = sequence.items[number]
    if not isinstance(node, MappingNode):
        return entry_of(group)
    values = {
        name: group[0][name]
        for name in WINDOW_FIELDS
        if name not in ignored and group[0].get(name) != item.before.get(name)
    }
    return copied_entry(page, node, {"dayOfWeek": _days_with_comments(page, node, group), **values})


def _days_with_comments(page: Page, node: MappingNode, group: list[JsonObject]) -> Any:
    """The days that leave an entry, as a value for another one; what was said about each on its own line goes with it."""
    days = [window["dayOfWeek"] for window in group]
    listed = node.value("dayOfWeek")
    if node.flow or not isinstance(listed, SequenceNode):
        return day_or_days(days)
    comments = [nodes.own_comment(page.text, item) for item in listed.items if text_of(item) in days]
    said = " ".join(comment for comment in comments if comment)
    return Raw(f"{flow_text(day_or_days(days))}  {said}") if said else day_or_days(days)


WINDOWS = "scheduleDetails"
Shape = tuple[tuple[str, Any], ...]


def window_entries(windows: Iterable[JsonObject]) -> list[JsonObject]:
    """Canonical windows, sorted, as entries of a file: one for all days whose windows are equal."""
    groups: dict[Shape, list[JsonObject]] = {}
    for window in windows:
        groups.setdefault(shape_of(window), []).append(window)
    return [entry_of(group) for group in groups.values()]


def entry_of(group: list[JsonObject]) -> JsonObject:
    """One entry for equal windows."""
    first = group[0]
    fields = {name: time_text(first[name]) if name in TIMES else first[name] for name in WINDOW_FIELDS if name in first}
    return {"dayOfWeek": day_or_days([window["dayOfWeek"] for window in group]), **fields}


def day_or_days(days: list[str]) -> str | list[str]:
    """Days as `dayOfWeek` has them: one alone, or a list."""
    return days[0] if len(days) == 1 else days


def shape_of(window: JsonObject, ignored: frozenset[str] = frozenset()) -> Shape:
    """What a window says, but for its day and the ignored fields."""
    return tuple((name, window.get(name)) for name in WINDOW_FIELDS if name not in ignored)
