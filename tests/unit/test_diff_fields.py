"""The differences within one schedule, and who asked for each."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given

from reconciler import canonical
from reconciler.diff import field_changes
from reconciler.findings import Location
from reconciler.model import WEEKDAYS, FieldChange, JsonObject, Origin
from tests.support.builders import FILE, blackout, content, entry, rules, schedule, schedules, window

ONE, TWO = 100, 200
VALUES = (None, ONE, TWO)  # absent, one value, another value


def compare(work: JsonObject, there: JsonObject, base: Any = ..., applied: Any = ...) -> tuple[FieldChange, ...]:
    """The field changes between raw schedules; None is a schedule that git did not have, `...` no such revision at all."""
    before, then = (content(side) if isinstance(side, dict) else None for side in (base, applied))
    return field_changes(entry(work), content(work), content(there), before, with_base=base is not ..., applied=then)


def shown(changes: tuple[FieldChange, ...]) -> list[tuple[str, Any, Any]]:
    return [(change.path, change.live, change.desired) for change in changes]


def test_one_value_is_one_field_with_the_day_and_the_start_in_its_path() -> None:
    work, there = (schedule(scheduleDetails=[window("SUNDAY"), window(maxCallsPerDay=cap)]) for cap in (4000, 5000))
    assert compare(work, there) == (
        FieldChange(
            path="scheduleDetails[MONDAY 09:00:00].maxCallsPerDay",
            live=5000,
            desired=4000,
            origin=None,
            source=Location(FILE, 4, 4),  # of ("scheduleDetails", 1, "maxCallsPerDay")
        ),
    )


@pytest.mark.parametrize(
    ("work", "there", "field"),
    [
        (schedule("New"), schedule("Old"), ("name", "Old", "New")),
        (schedule(timezone="UTC"), schedule(), ("timezone", "America/New_York", "UTC")),
        (
            schedule(scheduleDetails=[window(predictiveRate=2)]),
            schedule(),
            ("scheduleDetails[MONDAY 09:00:00].predictiveRate", 1.2, 2),
        ),
        (
            schedule(scheduleDetails=[window(), window("TUESDAY")]),
            schedule(),
            ("scheduleDetails[TUESDAY 09:00:00]", None, canonical.window(window("TUESDAY"))),
        ),
        (
            schedule(),
            schedule(scheduleDetails=[window(), window("TUESDAY")]),
            ("scheduleDetails[TUESDAY 09:00:00]", canonical.window(window("TUESDAY")), None),
        ),
        (
            schedule(blackoutPeriods=[blackout(end="12:30")]),
            schedule(),
            ("blackoutPeriods[12:00:00 LUNCH_BREAK].endTime", "13:00:00", "12:30:00"),
        ),
        (
            schedule(blackoutPeriods=[]),
            schedule(),
            ("blackoutPeriods[12:00:00 LUNCH_BREAK]", canonical.blackout(blackout()), None),
        ),
        (
            schedule(complianceRules=rules("NCDOJ")),
            schedule(),
            ("complianceRules.regulatoryPauses[TCPA]", "TCPA", None),
        ),
        (
            schedule(),
            schedule(complianceRules=rules("NCDOJ")),
            ("complianceRules.regulatoryPauses[TCPA]", None, "TCPA"),
        ),
        (
            schedule(),
            schedule(complianceRules=rules("NCDOJ", "TCPA", enableComplianceInjection=False)),
            ("complianceRules.enableComplianceInjection", False, True),
        ),
    ],
)
def test_each_difference_is_one_field(work: JsonObject, there: JsonObject, field: tuple[str, Any, Any]) -> None:
    assert shown(compare(work, there)) == [field]


def test_another_start_is_another_window() -> None:
    moved = compare(schedule(scheduleDetails=[window(start="08:00")]), schedule())
    assert [(field_change.path, field_change.live is None, field_change.desired is None) for field_change in moved] == [
        ("scheduleDetails[MONDAY 08:00:00]", True, False),
        ("scheduleDetails[MONDAY 09:00:00]", False, True),
    ]


def test_fields_are_sorted_by_path_and_windows_by_the_calendar() -> None:
    there = schedule("Old", scheduleDetails=[window(day, end="18:00") for day in WEEKDAYS], blackoutPeriods=[])
    work = schedule("New", scheduleDetails=[window(day) for day in reversed(WEEKDAYS)], timezone="UTC")
    assert [change.path for change in compare(work, there)] == [
        "blackoutPeriods[12:00:00 LUNCH_BREAK]",
        "name",
        *(f"scheduleDetails[{day} 09:00:00].endTime" for day in WEEKDAYS),
        "timezone",
    ]


def _differences(work: Any, there: Any, path: tuple[str, ...] = ()) -> dict[str, tuple[Any, Any]]:
    """The same by a plain walk over both sides."""
    if not (isinstance(work, dict) and isinstance(there, dict)):
        return {} if work == there else {canonical.field_path(path): (there, work)}
    found: dict[str, tuple[Any, Any]] = {}
    for key in {*work, *there}:
        found |= _differences(work.get(key), there.get(key), (*path, key))
    return found


@given(schedules(), schedules())
def test_every_difference_is_found_and_nothing_else(work: JsonObject, there: JsonObject) -> None:
    changes = compare(work, there)
    expected = _differences(canonical.keyed(content(work)), canonical.keyed(content(there)))
    assert {change.path: (change.live, change.desired) for change in changes} == expected
    assert len(changes) == len(expected)


@given(schedules())
def test_equal_schedules_have_no_difference(raw: JsonObject) -> None:
    assert compare(raw, raw, base=None) == ()


def test_sides_that_have_next_to_nothing_in_common_are_still_told_apart_field_by_field() -> None:
    work = schedule(scheduleDetails=[window(day) for day in WEEKDAYS])
    there = schedule(scheduleDetails=[window(day, "10:00") for day in WEEKDAYS])
    assert len(compare(work, there)) == 2 * len(WEEKDAYS)


def test_names_that_python_would_call_private_are_compared() -> None:
    there = schedule(complianceRules=rules("NCDOJ", "TCPA", "__FCC"))
    assert shown(compare(schedule(), there)) == [("complianceRules.regulatoryPauses[__FCC]", "__FCC", None)]


def test_hundreds_of_windows_are_paired_by_their_key() -> None:
    starts = [canonical.clock(60 * minute) for minute in range(300)]
    there = schedule(scheduleDetails=[window(start=start) for start in starts])
    kept = [window(start=start) for start in reversed(starts[1:])]
    work = schedule(scheduleDetails=[{**kept[0], "maxCallsPerDay": 7}, *kept[1:], window("FRIDAY")])
    assert [change.path for change in compare(work, there)] == [
        "scheduleDetails[MONDAY 00:00:00]",
        "scheduleDetails[MONDAY 04:59:00].maxCallsPerDay",
        "scheduleDetails[FRIDAY 09:00:00]",
    ]


def test_keys_with_brackets_quotes_and_blanks_stay_whole() -> None:
    reason = "a']['b\"] #2 é"
    work, there = (schedule(blackoutPeriods=[blackout(end=end, reason=reason)]) for end in ("12:30", "12:45"))
    assert [change.path for change in compare(work, there)] == [f"blackoutPeriods[12:00:00 {reason}].endTime"]


def expected_origin(base: Any, work: Any, there: Any) -> list[Origin]:
    """Each case of who asked; absence is a value."""
    if work == there:
        return []
    if base == there:
        return [Origin.CHANGE]
    return [Origin.DRIFT] if base == work else [Origin.CONFLICT]


def _with_window(value: int | None) -> JsonObject:
    other = window("SUNDAY")
    return schedule(scheduleDetails=[other] if value is None else [other, window(maxCallsPerDay=value)])


def _with_blackout(value: int | None) -> JsonObject:
    pauses = [] if value is None else [blackout(end=canonical.clock(50000 + value))]
    return schedule(blackoutPeriods=[blackout("15:00", "15:15"), *pauses])


def _with_flag(value: int | None) -> JsonObject:
    flag = {} if value is None else {"enableComplianceInjection": value == ONE}
    return schedule(complianceRules=rules(**flag))


COMBINATIONS = list(product(VALUES, repeat=3))


@pytest.mark.parametrize(("base", "work", "there"), COMBINATIONS)
def test_the_origin_of_a_window_for_all_combinations(base: int | None, work: int | None, there: int | None) -> None:
    changes = compare(_with_window(work), _with_window(there), _with_window(base))
    assert [change.origin for change in changes] == expected_origin(base, work, there)
    both = "" if None in (work, there) else ".maxCallsPerDay"
    assert {change.path for change in changes} <= {f"scheduleDetails[MONDAY 09:00:00]{both}"}


@pytest.mark.parametrize(("base", "work", "there"), COMBINATIONS)
def test_the_origin_of_a_blackout_for_all_combinations(base: int | None, work: int | None, there: int | None) -> None:
    changes = compare(_with_blackout(work), _with_blackout(there), _with_blackout(base))
    assert [change.origin for change in changes] == expected_origin(base, work, there)
    both = "" if None in (work, there) else ".endTime"
    assert {change.path for change in changes} <= {f"blackoutPeriods[12:00:00 LUNCH_BREAK]{both}"}


@pytest.mark.parametrize(("base", "work", "there"), COMBINATIONS)
def test_the_origin_of_a_scalar_that_has_a_default_for_all_combinations(
    base: int | None, work: int | None, there: int | None
) -> None:
    changes = compare(_with_flag(work), _with_flag(there), _with_flag(base))
    meant = [value != TWO for value in (base, work, there)]  # absent means true
    assert [change.origin for change in changes] == expected_origin(*meant)


@pytest.mark.parametrize(("base", "work", "there"), list(product((False, True), repeat=3)))
def test_the_origin_of_a_pause_for_all_combinations(*, base: bool, work: bool, there: bool) -> None:
    sides = [schedule(complianceRules=rules("FCC", *(["TCPA"] if has else []))) for has in (base, work, there)]
    changes = compare(sides[1], sides[2], sides[0])
    assert [change.origin for change in changes] == expected_origin(base, work, there)
    assert {change.path for change in changes} <= {"complianceRules.regulatoryPauses[TCPA]"}


@pytest.mark.parametrize(("base", "work", "there"), list(product(("UTC", "America/Denver", "Asia/Tokyo"), repeat=3)))
def test_the_origin_of_a_scalar_for_all_combinations_of_three_values(base: str, work: str, there: str) -> None:
    changes = compare(*(schedule(timezone=zone) for zone in (work, there, base)))
    assert [change.origin for change in changes] == expected_origin(base, work, there)


def test_each_field_has_an_origin_of_its_own() -> None:
    base = schedule(timezone="UTC", scheduleDetails=[window(), window("TUESDAY")], blackoutPeriods=[])
    work = {**base, "scheduleDetails": [window(end="18:00"), window("TUESDAY")], "timezone": "Asia/Tokyo"}
    there = {**base, "blackoutPeriods": [blackout()], "timezone": "America/Denver"}
    assert {change.path: change.origin for change in compare(work, there, base)} == {
        "blackoutPeriods[12:00:00 LUNCH_BREAK]": Origin.DRIFT,
        "scheduleDetails[MONDAY 09:00:00].endTime": Origin.CHANGE,
        "timezone": Origin.CONFLICT,
    }


def test_a_schedule_that_is_new_in_git_but_live_already_is_a_conflict_in_every_field() -> None:
    changes = compare(schedule("New", blackoutPeriods=[]), schedule("Old"), None)
    assert [change.origin for change in changes] == [Origin.CONFLICT, Origin.CONFLICT]


def test_without_a_base_nobody_asked() -> None:
    assert {change.origin for change in compare(schedule("New"), schedule("Old"))} == {None}
