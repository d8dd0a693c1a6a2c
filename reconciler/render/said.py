"""What a change does, as short sentences about the week: `Mon–Thu 09:00–18:00 → 10:00–19:00`.

A sentence is cut where a format may mark it: what it is about, what was, what will be, and what follows. The texts are other
people's in part; each renderer escapes them for its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from ..canonical import DAY_ORDER, number
from ..model import Change, FieldChange, JsonObject, Origin, gravest
from ..phrases import hours_words, short_time, weekdays
from ..week import Week, read_week
from .words import blackout_line, value_words

if TYPE_CHECKING:
    from .week_changes import WindowChange

_CAPS = {
    "maxCallsPerDay": "calls a day",
    "maxCallsPerHour": "calls an hour",
    "predictiveRate": "predictive rate",
    "maxCallsPerAgentPerDay": "calls an agent a day",
}
_PAUSES = "complianceRules.regulatoryPauses["
_SWITCHES = {
    "complianceRules.agentAvailabilityProjection": ("capacity projection", {True: "counted", False: "left out"}),
    "complianceRules.enableComplianceInjection": ("compliance injection", {True: "on", False: "OFF"}),
    "isScheduled": ("dialing by schedule", {True: "on", False: "OFF"}),
}
_NAMES = {"timezone": "time zone", "name": "name"}


class Said(NamedTuple):
    """One sentence. `before` is empty for what is added, `after` for what goes; `others` are the values of other revisions
    where somebody must choose between them."""

    what: str
    before: str
    after: str
    note: str = ""
    others: tuple[str, ...] = ()
    origin: Origin | None = None

    @property
    def is_of_hours(self) -> bool:
        """Whether hours of the week come, go or move."""
        return "–" in f"{self.before}{self.after}" or self.what.endswith((" until", " from"))

    @property
    def words(self) -> str:
        """The whole sentence as plain text."""
        sides = f"{self.before} → {self.after}" if self.before and self.after else self.after or f"{self.before} goes"
        tail = f" ({', '.join(self.others)})" if self.others else ""
        return " ".join(part for part in (self.what, sides, self.note) if part) + tail


def changes_said(change: Change) -> tuple[Said, ...]:
    """A change in sentences: windows by the calendar, then all else. Of a create its windows and its blackouts."""
    if change.before is None and not change.fields:
        week = read_week(change.request.body)
        if week is None:
            return (Said("body", "", value_words(change.request.body)),)
        windows = (Said("", "", line) for line in windows_said(week))
        return (*windows, *(Said("without", "", blackout_line(blackout)) for blackout in week.blackouts))
    from .week_changes import week_change  # late: what is new has nothing to be paired with

    seen = week_change(change)
    if seen.after is None or (change.before is not None and seen.before is None):
        return tuple(_field(field) for field in change.fields) or (Said("body", "", value_words(change.request.body)),)
    return (*map(_window, seen.windows), *_blackouts(seen.before, seen.after, seen.others), *_others(seen.others))


def body_said(body: JsonObject) -> tuple[str, ...]:
    """A schedule as it is sent or stored, a line each."""
    week = read_week(body)
    return (f"body {value_words(body)}",) if week is None else (*windows_said(week, whole=True), *week_said(week))


def windows_said(week: Week, *, whole: bool = False) -> tuple[str, ...]:
    """The windows of a week, equal days together; the daily cap, or with `whole` every cap."""
    days: dict[str, list[int]] = {}
    for window in week.windows:
        days.setdefault(_hours_and_caps(window, whole=whole), []).append(DAY_ORDER[window["dayOfWeek"]])
    return tuple(f"{weekdays(numbers)} {rest}" for rest, numbers in days.items())


def week_said(week: Week) -> tuple[str, ...]:
    """What of a week is no window: its zone, its blackouts and its rules, a line each."""
    pauses = ", ".join(week.pauses) or "none"
    injection = "on" if week.injection else "OFF"
    projection = "counted in" if week.projection else "left out of"
    rules = f"regulatory pauses {pauses}; compliance injection {injection}; {projection} the capacity projection"
    return (
        week.timezone,
        *(f"blackout {blackout_line(blackout)}" for blackout in week.blackouts),
        *([rules] if week.ruled else []),
    )


def _window(part: WindowChange) -> Said:
    days, origin = weekdays(part.days), part.origin
    old, new = part.before, part.after
    others = tuple(_other_sides(part.fields))
    if old is None or new is None:
        was, will = ("" if window is None else _hours_and_caps(window) for window in (old, new))
        return Said(days, was, will, others=others, origin=origin)
    caps = [cap for cap in _CAPS if old.get(cap) != new.get(cap)]
    if hours_words(old) == hours_words(new):
        hours = f"{days} {hours_words(old)}:"
        if len(caps) == 1 and caps[0] in old and caps[0] in new:
            note = _CAPS[caps[0]]
            return Said(hours, f"{number(old[caps[0]]):,}", f"{number(new[caps[0]]):,}", note, others, origin)
        return Said(hours, _caps(old, caps), _caps(new, caps), "", others, origin)
    if not caps and old["startTime"] == new["startTime"]:
        return Said(f"{days} until", short_time(old["endTime"]), short_time(new["endTime"]), "", others, origin)
    if not caps and old["endTime"] == new["endTime"]:
        return Said(f"{days} from", short_time(old["startTime"]), short_time(new["startTime"]), "", others, origin)
    was, will = (", ".join(filter(None, [hours_words(window), _caps(window, caps)])) for window in (old, new))
    return Said(days, was, will, others=others, origin=origin)


def _hours_and_caps(window: Mapping[str, Any], *, whole: bool = False) -> str:
    return ", ".join(filter(None, [hours_words(window), _caps(window, list(_CAPS) if whole else ["maxCallsPerDay"])]))


def _caps(window: Mapping[str, Any], names: list[str]) -> str:
    parts = []
    for name in names:
        value = f"{number(window[name]):,}" if name in window else "no limit of"
        parts.append(
            f"{_CAPS[name]} {value}" if name == "predictiveRate" and name in window else f"{value} {_CAPS[name]}"
        )
    return ", ".join(parts) if any(name in window for name in names) else ""


def _other_sides(fields: tuple[FieldChange, ...]) -> Iterator[str]:
    """What other revisions say of a field that is in conflict, each once."""
    said: dict[str, str] = {}
    for field in fields:
        if field.origin is Origin.CONFLICT:
            for name, value in (("applied", field.applied), ("base", field.base)):
                if value is not None and value not in (field.live, field.desired):
                    said.setdefault(_side(value), name)
    yield from (f"{name}: {value}" for value, name in said.items())


def _side(value: Any) -> str:
    if isinstance(value, dict) and "startTime" in value and "endTime" in value:
        return blackout_line(value) if "reason" in value else _hours_and_caps(value)
    return short_time(value) if isinstance(value, str) else value_words(value)


def _blackouts(before: Week | None, after: Week, fields: tuple[FieldChange, ...]) -> Iterator[Said]:
    """Blackouts that went are paired with those of the same reason that came."""
    of = [field for field in fields if field.path.startswith("blackoutPeriods")]
    if before is None or not of:
        return
    origin = gravest(field.origin for field in of)
    gone = [blackout for blackout in before.blackouts if blackout not in after.blackouts]
    for new in (blackout for blackout in after.blackouts if blackout not in before.blackouts):
        old = next((blackout for blackout in gone if blackout["reason"] == new["reason"]), None)
        if old is not None:
            gone.remove(old)
        yield Said("blackout", blackout_line(old) if old else "", blackout_line(new), origin=origin)
    yield from (Said("blackout", blackout_line(old), "", origin=origin) for old in gone)


def _others(fields: tuple[FieldChange, ...]) -> Iterator[Said]:
    yield from (_field(field) for field in fields if not field.path.startswith("blackoutPeriods"))


def _field(field: FieldChange) -> Said:
    what, words = _SWITCHES.get(field.path, (_NAMES.get(field.path, field.path), {}))
    if field.path.startswith(_PAUSES):
        what = "regulatory pause"
        was, will = ("" if value is None else str(value) for value in (field.live, field.desired))
    else:
        was, will = (
            words[value] if isinstance(value, bool) and words else value_words(value)
            for value in (field.live, field.desired)
        )
    return Said(what, was, will, others=tuple(_other_sides((field,))), origin=field.origin)
