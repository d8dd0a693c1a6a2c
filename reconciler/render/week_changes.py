"""What a change does to the windows of a week, in terms that people use.

The fields of a change say that `scheduleDetails[MONDAY 09:00:00]` went and `scheduleDetails[MONDAY 10:00:00]` came, five
times over. What happened is that Monday to Friday begin an hour later. So the windows that a day loses are paired with
those that it gains, the nearest first, and days that change alike are one change. A plan's readers see this, and the
fields below it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import NamedTuple

from .. import canonical
from ..canonical import seconds
from ..model import WEEKDAYS, Change, FieldChange, JsonObject, Origin, gravest
from ..week import Week, read_week

_PAIRED = 40_000
"""More pairs of windows of one day are not compared: no schedule has them, but a plan file may."""


class WindowChange(NamedTuple):
    """What happens to one window of each of these days (0 is MONDAY): `before` and `after` are canonical windows, without
    their day, None where there is none. `fields` are the exact differences, `origin` the gravest of theirs."""

    days: tuple[int, ...]
    before: JsonObject | None
    after: JsonObject | None
    fields: tuple[FieldChange, ...] = ()

    @property
    def origin(self) -> Origin | None:
        """Who asked for it; None without a base."""
        return gravest(field.origin for field in self.fields)


class WeekChange(NamedTuple):
    """A change as its readers see it. `before` is None for a create; both are None where the plan holds no schedule of
    the known shape. `others` are the fields that are no window: blackouts, pauses, the zone, the name."""

    before: Week | None
    after: Week | None
    windows: tuple[WindowChange, ...]
    others: tuple[FieldChange, ...]


def week_change(change: Change) -> WeekChange:
    """What a change does to the week."""
    after = read_week(change.request.body)
    before = read_week(change.before)
    if after is None or (before is None and change.before is not None):
        return WeekChange(before, after, (), change.fields)
    windows, others = _fields_of_windows(change.fields)
    return WeekChange(before, after, tuple(_window_changes(before, after, windows)), others)


def _fields_of_windows(fields: Sequence[FieldChange]) -> tuple[dict[str, list[FieldChange]], tuple[FieldChange, ...]]:
    """The fields of each window by its key, and the fields that are of no window."""
    windows: dict[str, list[FieldChange]] = {}
    others = []
    for field in fields:
        head, bracket, rest = field.path.partition("[")
        key, closing, _ = rest.partition("]")
        if head == "scheduleDetails" and bracket and closing:
            windows.setdefault(key, []).append(field)
        else:
            others.append(field)
    return windows, tuple(others)


def _window_changes(
    before: Week | None, after: Week, fields: Mapping[str, Sequence[FieldChange]]
) -> Iterator[WindowChange]:
    """By the first of their days, then by time."""
    alike: dict[str, tuple[list[int], JsonObject | None, JsonObject | None, list[FieldChange]]] = {}
    for day, name in enumerate(WEEKDAYS):
        was, will = (
            [window for window in week.windows if window["dayOfWeek"] == name] if week is not None else []
            for week in (before, after)
        )
        for old, new in _pairs(was, will):
            keys = dict.fromkeys(canonical.window_key(window) for window in (old, new) if window is not None)
            own = [field for key in keys for field in fields.get(key, ())]
            asked = [[field.path.replace(name, "", 1), field.origin] for field in own]
            look = canonical.dumps([_timeless(old), _timeless(new), asked])
            days, _, _, all_fields = alike.setdefault(look, ([], _timeless(old), _timeless(new), []))
            days.append(day)
            all_fields.extend(own)
    yield from (WindowChange(tuple(days), old, new, tuple(own)) for days, old, new, own in alike.values())


def _timeless(window: JsonObject | None) -> JsonObject | None:
    return None if window is None else {key: value for key, value in window.items() if key != "dayOfWeek"}


def _pairs(
    before: Sequence[JsonObject], after: Sequence[JsonObject]
) -> Iterator[tuple[JsonObject | None, JsonObject | None]]:
    """The windows of one day that differ, each with the one that takes its place, by time. Those that share the most
    hours belong together, then those that are nearest."""
    gone = [window for window in before if window not in after]
    new = [window for window in after if window not in before]
    pairs: list[tuple[JsonObject | None, JsonObject | None]] = []
    if len(gone) * len(new) <= _PAIRED:
        free = set(range(len(gone))), set(range(len(new)))
        for i, j in sorted(
            product(*map(range, map(len, (gone, new)))), key=lambda pair: _apart(gone[pair[0]], new[pair[1]])
        ):
            if i in free[0] and j in free[1]:
                free[0].remove(i)
                free[1].remove(j)
                pairs.append((gone[i], new[j]))
        gone, new = [gone[i] for i in sorted(free[0])], [new[j] for j in sorted(free[1])]
    pairs += [*((window, None) for window in gone), *((None, window) for window in new)]
    yield from sorted(pairs, key=lambda pair: min(window["startTime"] for window in pair if window is not None))


def _apart(old: JsonObject, new: JsonObject) -> tuple[int, int]:
    """How badly two windows fit: the hours that they share, counted down, then how far their starts are apart."""
    start, end, begin, stop = (seconds(window[at]) for window in (old, new) for at in ("startTime", "endTime"))
    return -max(0, min(end, stop) - max(start, begin)), abs(start - begin)
