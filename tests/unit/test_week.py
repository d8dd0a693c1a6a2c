"""The week as data: hours and calls, windows that moved, days that change alike; and what is no schedule is not guessed."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given

from reconciler import canonical, week
from reconciler.intervals import length
from reconciler.model import WEEKDAYS, Action, Change, Impact, JsonObject, Origin, Request
from reconciler.render.week_changes import week_change
from tests.support import builders
from tests.support.builders import change_of, content


def window(day: str, start: str = "09:00:00", end: str = "17:00:00", cap: int = 5000) -> JsonObject:
    return {
        "dayOfWeek": day,
        "startTime": start,
        "endTime": end,
        "maxCallsPerDay": cap,
        "maxCallsPerHour": 800,
        "predictiveRate": 1.2,
        "maxCallsPerAgentPerDay": 150,
    }


def body(windows: list[JsonObject], blackouts: tuple[JsonObject, ...] = ()) -> JsonObject:
    rules = {"regulatoryPauses": ["TCPA", "NCDOJ"], "agentAvailabilityProjection": True}
    return canonical.body("C", "i", canonical.content("n", "America/New_York", windows, blackouts, rules))


def read(given_body: JsonObject) -> week.Week:
    found = week.read_week(given_body)
    assert found is not None
    return found


def weekdays(first: int, last: int, start: str, end: str, calls: int = 5000) -> list[JsonObject]:
    return [builders.window(day, start, end, maxCallsPerDay=calls) for day in WEEKDAYS[first:last]]


def a_schedule(*windows: JsonObject, blackouts: list[JsonObject] | None = None) -> JsonObject:
    return builders.schedule(scheduleDetails=list(windows), blackoutPeriods=blackouts or [])


def said(change: Change) -> list[tuple[tuple[int, ...], str | None, str | None, Origin | None]]:
    """Each change of windows as days, hours before, hours after, and who asked."""

    def hours(window: JsonObject | None) -> str | None:
        return None if window is None else f"{window['startTime'][:5]}-{window['endTime'][:5]}"

    return [(one.days, hours(one.before), hours(one.after), one.origin) for one in week_change(change).windows]


def test_a_window_moved_on_four_days_is_one_change() -> None:
    before = a_schedule(*weekdays(0, 4, "09:00", "18:00"), *weekdays(4, 5, "09:00", "17:00"))
    after = a_schedule(*weekdays(0, 4, "10:00", "19:00"), *weekdays(4, 5, "09:00", "17:00"))
    change = change_of(before, after, before)
    assert len(change.fields) == 8
    assert said(change) == [((0, 1, 2, 3), "09:00-18:00", "10:00-19:00", Origin.CHANGE)]
    assert len(week_change(change).windows[0].fields) == 8


def test_windows_that_share_hours_are_paired_and_the_others_come_or_go() -> None:
    before = a_schedule(*weekdays(0, 1, "08:00", "11:00"), *weekdays(0, 1, "13:00", "17:00"))
    after = a_schedule(*weekdays(0, 1, "12:00", "18:00"))
    assert said(change_of(before, after)) == [
        ((0,), "08:00-11:00", None, None),
        ((0,), "13:00-17:00", "12:00-18:00", None),
    ]


def test_days_that_somebody_edited_are_kept_apart_from_those_that_this_revision_changes() -> None:
    base = a_schedule(*weekdays(0, 3, "09:00", "17:00"))
    live = a_schedule(*weekdays(0, 2, "09:00", "17:00"), *weekdays(2, 3, "09:00", "16:00"))
    after = a_schedule(*weekdays(0, 2, "09:00", "18:00"), *weekdays(2, 3, "09:00", "17:00"))
    assert said(change_of(live, after, base)) == [
        ((0, 1), "09:00-17:00", "09:00-18:00", Origin.CHANGE),
        ((2,), "09:00-16:00", "09:00-17:00", Origin.DRIFT),
    ]


def test_what_is_no_window_stands_by_itself() -> None:
    before = a_schedule(*weekdays(0, 1, "09:00", "17:00"))
    after = {**a_schedule(*weekdays(0, 1, "09:00", "17:00"), blackouts=[builders.blackout()]), "timezone": "UTC"}
    change = week_change(change_of(before, after))
    assert change.windows == ()
    assert [field.path for field in change.others] == ["blackoutPeriods[12:00:00 LUNCH_BREAK]", "timezone"]


def test_the_impact_counts_hours_less_blackouts_for_all_days() -> None:
    lunch = [builders.blackout(), builders.blackout("14:00", "15:00", "MEETING", appliesToAllDays=False)]
    before = a_schedule(*weekdays(0, 5, "09:00", "17:00", 1000), blackouts=lunch)
    after = a_schedule(*weekdays(1, 6, "09:00", "17:30", 900), blackouts=lunch)
    update, create = change_of(before, after), change_of(None, before)
    assert week.impact([update]) == Impact(35, 37.5, 5000, 4500, ("SATURDAY",), ("MONDAY",))
    assert week.impact([create]) == Impact(0, 35, 0, 5000, WEEKDAYS[:5], ())
    assert week.impact([update, create]) == Impact(35, 72.5, 5000, 9500, WEEKDAYS[:6], ("MONDAY",))
    assert week.impact([]) == Impact(0, 0, 0, 0, (), ())


def test_a_schedule_without_caps_has_no_calls_and_one_without_blackouts_has_hours() -> None:
    windows = [{"dayOfWeek": "MONDAY", "startTime": "09:00:00", "endTime": "17:00:00"}]
    bare = {"name": "n", "timezone": "UTC", "scheduleDetails": windows, "isScheduled": True}
    create = Change(Action.CREATE, "C", "i", "n", Request("PUT", "/", bare))
    assert week.impact([create]) == Impact(0, 8, None, None, ("MONDAY",), ())


def test_what_one_change_takes_away_does_not_count_against_what_another_adds() -> None:
    long, short = (a_schedule(*weekdays(0, 1, "09:00", end)) for end in ("17:00", "12:00"))
    assert week.added_hours([change_of(short, long), change_of(long, short)]) == 5
    assert week.added_hours([change_of(None, short), change_of(short, long)]) == 8
    assert week.added_hours([change_of(long, short)]) == 0


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


@given(before=builders.schedules(), after=builders.schedules())
def test_hours_are_the_open_seconds_of_the_week(before: JsonObject, after: JsonObject) -> None:
    change = change_of(before, after)
    both = week_change(change)
    assert both.before is not None
    assert both.after is not None
    live, desired = (sum(map(length, side.open_times())) / 3600 for side in (both.before, both.after))
    assert week.impact([change]).live_hours == pytest.approx(live, abs=0.005)
    assert week.added_hours([change]) == pytest.approx(max(0, desired - live))


@pytest.mark.parametrize("wrong", [None, 1, "x", [], {}, [1], [{}], {"dayOfWeek": "MONDAY"}], ids=repr)
def test_what_is_no_schedule_is_none(wrong: object) -> None:
    whole = body([window("MONDAY")])
    assert week.read_week(None) is None
    assert week.read_week({}) is None
    for key in ("scheduleDetails", "blackoutPeriods", "complianceRules"):
        if wrong not in ([], {}) and not (key == "complianceRules" and isinstance(wrong, dict)):
            assert week.read_week({**whole, key: wrong}) is None
    for key, name in product(("startTime", "dayOfWeek"), (wrong, "25:00")):
        assert week.read_week({**whole, "scheduleDetails": [{**window("MONDAY"), key: name}]}) is None
