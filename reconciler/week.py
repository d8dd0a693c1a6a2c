"""A schedule's week for those who run it: how long it calls, how many calls that is, and what a change does to it.

The fields of a change say that `scheduleDetails[MONDAY 09:00:00]` went and `scheduleDetails[MONDAY 10:00:00]` came, five
times over. What happened is that Monday to Friday begin an hour later. So the windows that a day loses are paired with
those that it gains, the nearest first, and days that change alike are one change. A plan's readers see this, and the
fields below it.

A saved plan may hold a body that is no schedule: then `read_week` returns None, and nothing here guesses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, NamedTuple

from . import canonical
from .canonical import CAPS, seconds
from .intervals import Intervals, length, less, union
from .model import WEEKDAYS, Change, FieldChange, Impact, JsonObject, Origin, gravest

_PAIRED = 40_000
"""More pairs of windows of one day are not compared: no schedule has them, but a plan file may."""


@dataclass(frozen=True, slots=True)
class Week:
    """What a body says of the week; windows and blackouts in canonical form and order. `ruled` says whether it has compliance
    rules at all."""

    timezone: str
    windows: tuple[JsonObject, ...]
    blackouts: tuple[JsonObject, ...]
    pauses: tuple[str, ...]
    projection: bool
    injection: bool
    ruled: bool = True

    def of_day(self, day: int) -> tuple[JsonObject, ...]:
        """The windows of one weekday, 0 for MONDAY."""
        return tuple(window for window in self.windows if window["dayOfWeek"] == WEEKDAYS[day])

    def open_times(self) -> tuple[Intervals, ...]:
        """For each weekday, MONDAY first, the seconds after midnight in which it calls: its windows less the blackouts
        that apply to all days."""
        closed = union(_span(pause) for pause in self.blackouts if pause["appliesToAllDays"] is not False)
        spans: dict[str, list[tuple[int, int]]] = {day: [] for day in WEEKDAYS}
        for window in self.windows:
            spans[window["dayOfWeek"]].append(_span(window))
        return tuple(less(union(of_day), closed) for of_day in spans.values())

    @property
    def hours(self) -> float:
        """Hours of dialing a week."""
        return _hours(sum(_open_seconds(self)))

    @property
    def calls(self) -> int | None:
        """The most calls in one week: the sum of the daily caps. None where a window has no cap."""
        caps = [window.get("maxCallsPerDay") for window in self.windows]
        return None if None in caps else int(sum(filter(None, caps)))


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


def read_week(body: Mapping[str, Any] | None) -> Week | None:
    """The week of a PUT body or of what was live before; None where it is not a schedule of a known shape. Caps, blackouts
    and compliance rules may be missing: not every API of CXone has them."""
    if body is None:
        return None
    try:
        rules = body.get("complianceRules", {})
        pauses = {
            canonical.blackout_order(pause): pause for pause in map(canonical.blackout, body.get("blackoutPeriods", ()))
        }
        return Week(
            timezone=str(body["timezone"]),
            windows=tuple(sorted(map(_window, body["scheduleDetails"]), key=canonical.window_order)),
            blackouts=tuple(pauses[key] for key in sorted(pauses)),
            pauses=tuple(sorted(map(str, rules.get("regulatoryPauses", ())))),
            projection=bool(rules.get("agentAvailabilityProjection", False)),
            injection=bool(rules.get("enableComplianceInjection", True)),
            ruled="complianceRules" in body,
        )
    except (KeyError, ValueError, TypeError, AttributeError):
        return None


def _window(raw: Mapping[str, Any]) -> JsonObject:
    caps = {cap: canonical.number(raw[cap]) for cap in CAPS if cap in raw}
    if not all(isinstance(cap, (int, float)) and not isinstance(cap, bool) for cap in caps.values()):
        raise TypeError("a cap is no number")
    start, end = (canonical.clock(seconds(raw[key])) for key in ("startTime", "endTime"))
    return {"dayOfWeek": WEEKDAYS[canonical.DAY_ORDER[raw["dayOfWeek"]]], "startTime": start, "endTime": end, **caps}


def week_change(change: Change) -> WeekChange:
    """What a change does to the week."""
    after = read_week(change.request.body)
    before = read_week(change.before)
    if after is None or (before is None and change.before is not None):
        return WeekChange(before, after, (), change.fields)
    windows, others = _fields_of_windows(change.fields)
    return WeekChange(before, after, tuple(_window_changes(before, after, windows)), others)


def impact(changes: Iterable[Change]) -> Impact:
    """What these changes do to the dialing together: hours and calls a week, and the days on which one of them starts or
    stops to call. A schedule that cannot be read counts nothing."""
    live = desired = 0
    live_calls: list[int | None] = []
    desired_calls: list[int | None] = []
    opened: set[int] = set()
    closed: set[int] = set()
    for change in changes:
        before, after = _dialed(change.before), _dialed(change.request.body)
        was, will = (_open_seconds(week) for week in (before, after))
        live, desired = live + sum(was), desired + sum(will)
        live_calls.append(before.calls if before is not None else 0)
        desired_calls.append(after.calls if after is not None else 0)
        opened.update(day for day in range(7) if will[day] and not was[day])
        closed.update(day for day in range(7) if was[day] and not will[day])
    capped = None not in live_calls and None not in desired_calls
    calls = [sum(filter(None, side)) if capped else None for side in (live_calls, desired_calls)]
    return Impact(_hours(live), _hours(desired), calls[0], calls[1], _names(opened), _names(closed))


def added_hours(changes: Iterable[Change]) -> float:
    """The hours a week that these changes add, without what others of them take away."""
    totals = ((_dialed(change.before), _dialed(change.request.body)) for change in changes)
    gains = (sum(_open_seconds(after)) - sum(_open_seconds(before)) for before, after in totals)
    return sum(gain for gain in gains if gain > 0) / 3600


def _dialed(body: Mapping[str, Any] | None) -> Week | None:
    """The week in which a schedule calls; None where the tenant does not follow it (`isScheduled` is false)."""
    return None if body is not None and body.get("isScheduled") is False else read_week(body)


def _open_seconds(week: Week | None) -> list[int]:
    """Of each weekday."""
    return [0] * 7 if week is None else [length(spans) for spans in week.open_times()]


def _hours(total: int) -> float:
    return round(total / 3600, 2)


def _names(days: Iterable[int]) -> tuple[str, ...]:
    return tuple(WEEKDAYS[day] for day in sorted(days))


def _span(hours: Mapping[str, Any]) -> tuple[int, int]:
    return seconds(hours["startTime"]), seconds(hours["endTime"])


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
        was = before.of_day(day) if before is not None else ()
        for old, new in _pairs(was, after.of_day(day)):
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
    (start, end), (begin, stop) = _span(old), _span(new)
    return -max(0, min(end, stop) - max(start, begin)), abs(start - begin)
