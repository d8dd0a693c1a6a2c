"""Changes of a week as data: windows that moved, days that change alike, and what is no window."""

from __future__ import annotations

from hypothesis import given

from reconciler import canonical
from reconciler.model import WEEKDAYS, Change, JsonObject, Origin
from reconciler.render.week_changes import week_change
from tests.support import builders
from tests.support.builders import change_of, content, week_of, windows_on


def said(change: Change) -> list[tuple[tuple[int, ...], str | None, str | None, Origin | None]]:
    """Each change of windows as days, hours before, hours after, and who asked."""

    def hours(window: JsonObject | None) -> str | None:
        return None if window is None else f"{window['startTime'][:5]}-{window['endTime'][:5]}"

    return [(one.days, hours(one.before), hours(one.after), one.origin) for one in week_change(change).windows]


def test_a_window_moved_on_four_days_is_one_change() -> None:
    before = week_of(*windows_on(0, 4, "09:00", "18:00"), *windows_on(4, 5, "09:00", "17:00"))
    after = week_of(*windows_on(0, 4, "10:00", "19:00"), *windows_on(4, 5, "09:00", "17:00"))
    change = change_of(before, after, before)
    assert len(change.fields) == 8
    assert said(change) == [((0, 1, 2, 3), "09:00-18:00", "10:00-19:00", Origin.CHANGE)]
    assert len(week_change(change).windows[0].fields) == 8


def test_windows_that_share_hours_are_paired_and_the_others_come_or_go() -> None:
    before = week_of(*windows_on(0, 1, "08:00", "11:00"), *windows_on(0, 1, "13:00", "17:00"))
    after = week_of(*windows_on(0, 1, "12:00", "18:00"))
    assert said(change_of(before, after)) == [
        ((0,), "08:00-11:00", None, None),
        ((0,), "13:00-17:00", "12:00-18:00", None),
    ]


def test_days_that_somebody_edited_are_kept_apart_from_those_that_this_revision_changes() -> None:
    base = week_of(*windows_on(0, 3, "09:00", "17:00"))
    live = week_of(*windows_on(0, 2, "09:00", "17:00"), *windows_on(2, 3, "09:00", "16:00"))
    after = week_of(*windows_on(0, 2, "09:00", "18:00"), *windows_on(2, 3, "09:00", "17:00"))
    assert said(change_of(live, after, base)) == [
        ((0, 1), "09:00-17:00", "09:00-18:00", Origin.CHANGE),
        ((2,), "09:00-16:00", "09:00-17:00", Origin.DRIFT),
    ]


def test_what_is_no_window_stands_by_itself() -> None:
    before = week_of(*windows_on(0, 1, "09:00", "17:00"))
    after = {**week_of(*windows_on(0, 1, "09:00", "17:00"), blackouts=[builders.blackout()]), "timezone": "UTC"}
    change = week_change(change_of(before, after))
    assert change.windows == ()
    assert [field.path for field in change.others] == ["blackoutPeriods[12:00:00 LUNCH_BREAK]", "timezone"]


@given(before=builders.schedules(), after=builders.schedules())
def test_every_difference_of_the_windows_is_in_one_change_of_one_day(before: JsonObject, after: JsonObject) -> None:
    change = change_of(before, after)
    was, will = (content(raw)["scheduleDetails"] for raw in (before, after))
    parts = week_change(change).windows
    gone = [{"dayOfWeek": WEEKDAYS[day], **part.before} for part in parts if part.before for day in part.days]
    new = [{"dayOfWeek": WEEKDAYS[day], **part.after} for part in parts if part.after for day in part.days]
    assert sorted(map(canonical.dumps, gone)) == sorted(canonical.dumps(w) for w in was if w not in will)
    assert sorted(map(canonical.dumps, new)) == sorted(canonical.dumps(w) for w in will if w not in was)
    of_windows = [field for field in change.fields if field.path.startswith("scheduleDetails")]
    assert sorted(field.path for part in parts for field in part.fields) == sorted(field.path for field in of_windows)
