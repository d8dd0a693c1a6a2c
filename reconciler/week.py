"""A schedule's week for those who run it: how long it calls, how many calls that is, and what changes do to that.

A saved plan may hold a body that is no schedule: then `read_week` returns None, and nothing here guesses.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from . import canonical
from .canonical import seconds
from .intervals import WeekHours, length, less, union
from .model import WEEKDAYS, Change, Impact, JsonObject


class Week(NamedTuple):
    """What a body says of the week; windows and blackouts in canonical form and order. `open_times` are for each weekday,
    MONDAY first, the seconds after midnight in which it calls: its windows less the blackouts that apply to all days;
    `calls` the most in one week, the sum of the daily caps, None where a window has no cap. `ruled` says whether it has compliance
    rules at all."""

    timezone: str
    windows: tuple[JsonObject, ...]
    blackouts: tuple[JsonObject, ...]
    pauses: tuple[str, ...]
    projection: bool
    injection: bool
    open_times: WeekHours
    calls: int | None
    ruled: bool = True

    @property
    def hours(self) -> float:
        """Hours of dialing a week."""
        return round(sum(map(length, self.open_times)) / 3600, 2)


def read_week(body: Mapping[str, Any] | None) -> Week | None:
    """The week of a PUT body or of what was live before; None where it is not a schedule of a known shape. Caps, blackouts
    and compliance rules may be missing: not every API of CXone has them."""
    if body is None:
        return None
    try:
        rules = body.get("complianceRules", {})
        windows = sorted(map(canonical.window, body["scheduleDetails"]), key=canonical.window_order)
        if not {type(cap) for window in windows for cap in list(window.values())[3:]} <= {int, float}:
            return None
        pauses = {
            canonical.blackout_order(pause): pause for pause in map(canonical.blackout, body.get("blackoutPeriods", ()))
        }
        spans = tuple((window["dayOfWeek"], window["startTime"], window["endTime"]) for window in windows)
        whole_days = (pause for pause in pauses.values() if pause["appliesToAllDays"] is not False)
        closed = tuple((pause["startTime"], pause["endTime"]) for pause in whole_days)
        caps = [window.get("maxCallsPerDay") for window in windows]
        return Week(
            timezone=str(body["timezone"]),
            windows=tuple(windows),
            blackouts=tuple(pauses[key] for key in sorted(pauses)),
            pauses=tuple(sorted(map(str, rules.get("regulatoryPauses", ())))),
            projection=bool(rules.get("agentAvailabilityProjection", False)),
            injection=bool(rules.get("enableComplianceInjection", True)),
            open_times=_open_times(spans, closed),
            calls=None if None in caps else int(sum(filter(None, caps))),
            ruled="complianceRules" in body,
        )
    except (KeyError, ValueError, TypeError, AttributeError):
        return None


class Effect(NamedTuple):
    """What one change does: the seconds of each weekday in which the schedule calls, before it and after, and its calls a week."""

    was: tuple[int, ...]
    will: tuple[int, ...]
    calls_before: int | None
    calls_after: int | None


def effect_of(change: Change) -> Effect:
    """What a change does; a schedule that cannot be read counts nothing."""
    (was, calls_before), (will, calls_after) = _dialed(change.before), _dialed(change.request.body)
    return Effect(was, will, calls_before, calls_after)


def impact(effects: Sequence[Effect]) -> Impact:
    """What changes do to the dialing together: hours and calls a week, and the days on which one of the schedules starts or
    stops to call."""
    live = sum(sum(effect.was) for effect in effects)
    desired = sum(sum(effect.will) for effect in effects)
    sides = [effect.calls_before for effect in effects], [effect.calls_after for effect in effects]
    capped = all(None not in side for side in sides)
    calls = [sum(filter(None, side)) if capped else None for side in sides]
    opened: set[str] = set()
    closed: set[str] = set()
    for effect in effects:
        for day, was, will in zip(WEEKDAYS, effect.was, effect.will, strict=True):
            if bool(was) is not bool(will):
                (opened if will else closed).add(day)
    days = [tuple(day for day in WEEKDAYS if day in side) for side in (opened, closed)]
    return Impact(round(live / 3600, 2), round(desired / 3600, 2), calls[0], calls[1], days[0], days[1])


def added_hours(changes: Iterable[Change]) -> float:
    """The hours a week that these changes add, without what others of them take away."""
    gains = (sum(_dialed(change.request.body)[0]) - sum(_dialed(change.before)[0]) for change in changes)
    return sum(gain for gain in gains if gain > 0) / 3600


def _dialed(body: Mapping[str, Any] | None) -> tuple[tuple[int, ...], int | None]:
    """The seconds of each weekday in which a schedule calls, and its calls a week; none of it where the tenant does not
    follow the schedule (`isScheduled` is false)."""
    week = None if body is not None and body.get("isScheduled") is False else read_week(body)
    return ((0,) * 7, 0) if week is None else (tuple(map(length, week.open_times)), week.calls)


@lru_cache(maxsize=4096)
def _open_times(windows: tuple[tuple[str, str, str], ...], pauses: tuple[tuple[str, str], ...]) -> WeekHours:
    """For each weekday the windows less the pauses; many schedules have the same."""
    closed = union((seconds(start), seconds(end)) for start, end in pauses)
    spans: dict[str, list[tuple[int, int]]] = {day: [] for day in WEEKDAYS}
    for day, start, end in windows:
        spans[day].append((seconds(start), seconds(end)))
    return tuple(less(union(of_day), closed) for of_day in spans.values())
