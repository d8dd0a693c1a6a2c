"""Who asked for a difference, for every way in which four sides can be equal or not."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tests.support.plans  # noqa: F401 - registers the strategy of any plan
from reconciler.model import Action, Change, Origin, Plan, gravest
from reconciler.origins import NOWHERE, Earlier, create_origin, field_origin, origins_of
from tests.support.builders import schedule, window
from tests.unit.test_diff_fields import compare

CHANGE, PENDING, DRIFT, CONFLICT = Origin.CHANGE, Origin.PENDING, Origin.DRIFT, Origin.CONFLICT

# Live is always 1 and git asks for 2; the base and the applied revision say 1, 2, or something else.
TABLE = {
    # base, applied: whose
    (1, 1): CHANGE,
    (2, 1): PENDING,
    (3, 1): CHANGE,
    (1, 2): CHANGE,
    (2, 2): DRIFT,
    (3, 2): CONFLICT,
    (1, 3): CHANGE,
    (2, 3): DRIFT,
    (3, 3): CONFLICT,
    (3, 4): CONFLICT,
    (1, NOWHERE): CHANGE,
    (2, NOWHERE): DRIFT,
    (3, NOWHERE): CONFLICT,
    (NOWHERE, 1): CHANGE,
    (NOWHERE, 2): CONFLICT,
    (NOWHERE, 3): CONFLICT,
    (NOWHERE, NOWHERE): CONFLICT,
}


@pytest.mark.parametrize(("sides", "origin"), TABLE.items())
def test_every_combination(sides: tuple[Any, Any], origin: Origin) -> None:
    assert field_origin(1, 2, *sides) is origin


VALUES = st.none() | st.integers(0, 2) | st.sampled_from(["a", {"x": 1}])


@given(live=VALUES, desired=VALUES, base=VALUES | st.just(NOWHERE), applied=VALUES | st.just(NOWHERE))
def test_only_which_sides_are_equal_counts(live: Any, desired: Any, base: Any, applied: Any) -> None:
    if live == desired:
        return
    names: list[Any] = [live, desired]
    for side in (base, applied):
        if side is not NOWHERE and side not in names:
            names.append(side)
    first, second = (side if side is NOWHERE else names.index(side) + 1 for side in (base, applied))

    assert field_origin(live, desired, base, applied) is TABLE[first, second]


@pytest.mark.parametrize(("in_base", "in_applied"), list(product((None, False, True), repeat=2)))
def test_a_create_was_there_at_the_base_or_not(in_base: bool | None, in_applied: bool | None) -> None:
    expected = None if in_base is None else DRIFT if in_base else CHANGE
    if in_base and in_applied is False:
        expected = PENDING

    assert create_origin(in_base, in_applied) is expected


def test_the_order_of_gravity() -> None:
    assert [*Origin] == [Origin.CALENDAR, CHANGE, PENDING, DRIFT, CONFLICT]
    assert gravest([CHANGE, None, DRIFT, PENDING]) is DRIFT


def test_what_git_had_at_a_revision() -> None:
    earlier = Earlier({"a": {}}, {})

    assert earlier.knew("a") == (True, False)
    assert earlier.knew("b") == (False, False)
    assert Earlier().knew("a") == (None, None)


def a_cap(value: int | None) -> dict[str, Any]:
    """A schedule with or without a window on Monday, of this cap."""
    windows = [window("SUNDAY")] if value is None else [window("SUNDAY"), window(maxCallsPerDay=value)]
    return schedule(scheduleDetails=windows)


@pytest.mark.parametrize(("applied", "base", "work", "there"), list(product((None, 1, 2, 3), repeat=4)))
def test_a_window_of_four_schedules(applied: int | None, base: int | None, work: int | None, there: int | None) -> None:
    fields = compare(a_cap(work), a_cap(there), a_cap(base), a_cap(applied))

    assert len(fields) == (work != there)
    for field in fields:
        assert field.origin is field_origin(there, work, base, applied)
        whole = field.path == "scheduleDetails[MONDAY 09:00:00]"  # the cap alone where both have the window
        assert (None in (work, there)) is whole
        if not whole:
            assert (field.base, field.applied) == (base, applied)


def test_a_schedule_that_was_nowhere_is_no_value() -> None:
    """A new window is no change of this revision alone where the schedule itself is new in git and live already."""
    (field,) = compare(a_cap(1), a_cap(None), None, None)

    assert (field.origin, field.base, field.applied) == (CONFLICT, None, None)


@given(st.from_type(Plan))
def test_a_plan_says_what_its_values_say(plan: Plan) -> None:
    for change in plan.changes:
        own, *fields = origins_of(change)
        assert (own, fields) == (change.origin, [field.origin for field in change.fields])


def test_without_a_base_nobody_asked(plan: Plan) -> None:
    for change in plan.changes:
        unasked = change._replace(in_base=None, in_applied=True)
        assert set(origins_of(unasked)) == {None}


def test_an_update_without_fields_has_no_origin(plan: Plan) -> None:
    change: Change = plan.changes[0]._replace(fields=())

    assert change.action is Action.UPDATE
    assert origins_of(change) == (None,)


@pytest.mark.parametrize(
    ("live", "desired", "base", "applied", "origin"),
    [
        (1, 2, 2, NOWHERE, Origin.CALENDAR),
        (1, 2, 2, 2, Origin.CALENDAR),
        (1, 2, 2, 3, Origin.PENDING),  # an earlier revision asked for something else there
        (1, 2, 3, NOWHERE, Origin.CHANGE),  # this revision asks for it, and the date moved as well
        (1, 2, 1, NOWHERE, Origin.CHANGE),
        (1, 2, NOWHERE, NOWHERE, Origin.CONFLICT),  # new in git: no day before says what was meant
    ],
)
def test_where_the_date_moved_nobody_edited(live: int, desired: int, base: Any, applied: Any, origin: Origin) -> None:
    assert field_origin(live, desired, base, applied, moved=True) is origin
