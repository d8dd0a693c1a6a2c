"""The week of a day: what dated closures leave of a schedule."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.closures import Closed, effective
from reconciler.intervals import DAY, common, length, union
from reconciler.model import WEEKDAYS, JsonObject, Path
from tests.support.builders import blackout, content, entry, schedule, schedules, window

THANKSGIVING = date(2026, 11, 26)
WHOLE = ((0, DAY),)
WORKDAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY")


def _week(closed: Closed, day: date, raw: JsonObject | None = None) -> list[str]:
    """`THURSDAY 09:00-13:00 5000` for each window of the week of a day, less the seconds."""
    week = effective(entry(raw or schedule(scheduleDetails=[window(name) for name in WORKDAYS])), closed, day)
    assert [item.content for item in week.windows] == week.content["scheduleDetails"]
    return [
        f"{item['dayOfWeek']} {item['startTime'][:5]}-{item['endTime'][:5]} {item['maxCallsPerDay']}"
        for item in week.content["scheduleDetails"]
    ]


@pytest.mark.parametrize(
    ("day", "closed"),
    [(date(2026, 11, 19), False), (date(2026, 11, 20), True), (THANKSGIVING, True), (date(2026, 11, 27), False)],
)
def test_a_closure_is_in_the_week_six_days_before_and_gone_the_day_after(day: date, closed: bool) -> None:
    days = [text.partition(" ")[0] for text in _week({THANKSGIVING: WHOLE}, day)]
    assert days == [name for name in WORKDAYS if not closed or name != "THURSDAY"]


def test_a_week_without_a_closure_is_the_very_same_schedule() -> None:
    written = entry(schedule())
    assert effective(written, {}, THANKSGIVING) is written
    assert effective(written, {THANKSGIVING: WHOLE}, THANKSGIVING) is written  # it calls on MONDAY only
    early = {date(2026, 11, 30): ((0, 9 * 3600),)}
    assert effective(written, early, THANKSGIVING) is written  # closed until the window begins


def test_the_week_remembers_the_week_of_the_file() -> None:
    written = entry(schedule())
    week = effective(written, {date(2026, 11, 30): WHOLE}, THANKSGIVING)
    assert week.as_written is written
    assert week.content["scheduleDetails"] == []
    assert effective(week, {date(2026, 11, 30): WHOLE}, THANKSGIVING).as_written is written


def test_a_window_that_is_cut_short_keeps_its_caps() -> None:
    christmas_eve = {date(2026, 12, 24): ((13 * 3600, DAY),)}
    raw = schedule(scheduleDetails=[window("THURSDAY")], blackoutPeriods=[])
    assert _week(christmas_eve, date(2026, 12, 24), raw) == ["THURSDAY 09:00-13:00 5000"]


def test_a_window_that_is_cut_in_two_shares_its_daily_cap_by_the_time_that_it_dials() -> None:
    """09:00 to 17:00 less 11:00 to 12:00 is two hours, and four in which lunch leaves four."""
    raw = schedule(scheduleDetails=[window("THURSDAY")], blackoutPeriods=[blackout("12:00", "13:00")])
    cut = {date(2026, 12, 24): ((11 * 3600, 12 * 3600),)}
    assert _week(cut, date(2026, 12, 24), raw) == ["THURSDAY 09:00-11:00 1666", "THURSDAY 12:00-17:00 3333"]


def test_each_piece_has_at_least_one_call() -> None:
    raw = schedule(scheduleDetails=[window("THURSDAY", maxCallsPerDay=1)], blackoutPeriods=[])
    cut = {date(2026, 12, 24): ((11 * 3600, 12 * 3600),)}
    assert _week(cut, date(2026, 12, 24), raw) == ["THURSDAY 09:00-11:00 1", "THURSDAY 12:00-17:00 1"]


def test_a_piece_that_blackouts_cover_whole_is_left_out_and_the_other_keeps_the_cap() -> None:
    raw = schedule(scheduleDetails=[window("THURSDAY")], blackoutPeriods=[blackout("12:00", "17:00")])
    cut = {date(2026, 12, 24): ((11 * 3600, 12 * 3600),)}
    assert _week(cut, date(2026, 12, 24), raw) == ["THURSDAY 09:00-11:00 5000"]


def test_a_pause_whose_days_are_not_known_covers_nothing() -> None:
    pause = blackout("12:00", "17:00", appliesToAllDays=False)
    raw = schedule(scheduleDetails=[window("THURSDAY")], blackoutPeriods=[pause])
    cut = {date(2026, 12, 24): ((11 * 3600, 12 * 3600),)}
    assert _week(cut, date(2026, 12, 24), raw) == ["THURSDAY 09:00-11:00 1428", "THURSDAY 12:00-17:00 3571"]


_PARTS = st.lists(st.tuples(st.integers(0, DAY), st.integers(0, DAY)), max_size=3).map(union)
_DAYS = st.integers(0, 20).map(lambda days: date(2026, 11, 20) + timedelta(days))
_CLOSED = st.dictionaries(_DAYS, _PARTS | st.just(WHOLE), max_size=8)


def _ordered(raw: JsonObject) -> JsonObject:
    """The schedule with every window's end after its start, and windows of a day that do not overlap."""
    windows: list[JsonObject] = []
    for item in sorted(raw["scheduleDetails"], key=lambda item: (WEEKDAYS.index(item["dayOfWeek"]), item["startTime"])):
        last = windows[-1] if windows and windows[-1]["dayOfWeek"] == item["dayOfWeek"] else None
        if item["startTime"] < item["endTime"] and (last is None or last["endTime"] <= item["startTime"]):
            windows.append(item)
    return {**raw, "scheduleDetails": windows}


@given(schedules().map(_ordered), _CLOSED, _DAYS)
def test_every_date_of_the_week_holds_its_windows_less_its_closures(
    raw: JsonObject, closed: dict[date, tuple[tuple[int, int], ...]], day: date
) -> None:
    written = entry(raw)
    week = effective(written, closed, day)
    for when in (day + timedelta(days) for days in range(7)):
        full = union((item.start, item.end) for item in written.windows if item.weekday == when.weekday())
        left = union((item.start, item.end) for item in week.windows if item.weekday == when.weekday())
        assert common(left, closed.get(when, ())) == ()  # nothing of what is closed is open
        assert common(left, full) == left  # closures never add time
        gone = length(full) - length(left) - length(common(full, closed.get(when, ())))
        pauses = union((item.start, item.end) for item in written.blackouts if item.content["appliesToAllDays"])
        assert gone <= length(common(full, pauses))  # nor take more than the closed time and idle pieces
    rest = {key: value for key, value in week.content.items() if key != "scheduleDetails"}
    assert rest == {key: value for key, value in written.content.items() if key != "scheduleDetails"}


@given(schedules().map(_ordered), _CLOSED, _DAYS)
def test_the_week_is_canonical_and_its_daily_caps_never_grow(
    raw: JsonObject, closed: dict[date, tuple[tuple[int, int], ...]], day: date
) -> None:
    week = effective(entry(raw), closed, day)
    assert week.content == content(week.content)
    caps: dict[tuple[Path, int], list[int]] = {}
    for item in week.windows:
        caps.setdefault((item.path, item.weekday), []).append(item.cap("maxCallsPerDay"))
    for (path, _), shares in caps.items():
        (cap,) = {item.cap("maxCallsPerDay") for item in entry(raw).windows if item.path == path}
        assert sum(shares) <= max(cap, len(shares))
