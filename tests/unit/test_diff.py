"""The changes of a campaign: creates, updates, and what is left alone."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler import canonical, put_body
from reconciler.diff import diff_campaign
from reconciler.findings import Location
from reconciler.identity import resolve
from reconciler.model import Action, CampaignDiff, CampaignLive, DesiredSchedule, JsonObject, LiveSchedule, Origin
from reconciler.origins import Earlier
from tests.support.builders import (
    FILE,
    SETTINGS,
    blackout,
    content,
    entry,
    live,
    put_request,
    respelled,
    schedule,
    schedules,
    window,
)

ROOT = Path(__file__).parents[3]
RATE = (("scheduleDetails", "predictiveRate"),)


def compare(
    work: list[DesiredSchedule],
    there: list[LiveSchedule],
    base: list[DesiredSchedule] | None = None,
    *,
    ignored: Any = (),
    preserved: Any = (),
) -> CampaignDiff:
    """All sides resolved against the same live state, as the pipeline does it."""
    before = None
    if base is not None:
        before = {entry.schedule_id: entry.schedule.content for entry in resolve(base, there).resolved}
    campaign = CampaignLive("CAM_001", tuple(sorted(there, key=lambda held: held.schedule_id)))
    settings = SETTINGS._replace(ignored=ignored, preserved=preserved)
    return diff_campaign(resolve(work, there).resolved, campaign, Earlier(before), settings, put_request)


def test_a_create_sends_what_git_says_under_the_id_that_was_found() -> None:
    diff = compare([entry(schedule(), pinned="x", line=7)], [])
    (change,) = diff.changes
    assert (change.action, change.campaign_id, change.schedule_id) == (Action.CREATE, "CAM_001", "x")
    assert (change.name, change.source) == ("Weekday calling", Location(FILE, 7, 1))
    assert change.request == put_request(canonical.body("CAM_001", "x", content(schedule())))
    assert (change.fields, change.before, change.fingerprint, change.origin) == ((), None, None, None)


def test_an_update_says_what_was_there_and_what_is_sent() -> None:
    held = live(schedule(timezone="UTC"), "x", status="ACTIVE", routing="gold")
    (change,) = compare([entry(schedule(), pinned="x", line=7)], [held], preserved=(("routing",),)).changes
    assert (change.action, change.schedule_id, change.source) == (Action.UPDATE, "x", Location(FILE, 7, 1))
    assert [(field.path, field.live, field.desired) for field in change.fields] == [
        ("timezone", "UTC", "America/New_York")
    ]
    assert change.request.body == {**canonical.body("CAM_001", "x", content(schedule())), "routing": "gold"}
    assert change.before == {**change.request.body, "timezone": "UTC"}
    assert change.fingerprint == put_body.fingerprint(held, (), (("routing",),))


@given(st.data())
def test_a_schedule_that_only_looks_different_is_no_change(data: st.DataObject) -> None:
    raw = data.draw(schedules())
    answer = {**data.draw(respelled(raw)), "name": raw["name"]}
    diff = compare([entry(raw)], [live(answer)], data.draw(st.sampled_from([None, []])))
    assert diff.changes == ()
    assert [matched.schedule.name for matched in diff.unchanged] == [raw["name"]]


@given(schedules(), schedules())
def test_a_schedule_that_is_written_as_planned_is_no_change_any_more(work: JsonObject, there: JsonObject) -> None:
    held = live(there, "x", priority=3, pace=1)
    options: Any = {"ignored": (*RATE, ("timezone",), ("pace",)), "preserved": (("priority",),)}
    changes = compare([entry(work, pinned="x")], [held], **options).changes
    for change in changes:
        written = live(change.request.body, "x")
        assert compare([entry(work, pinned="x")], [written], **options).changes == ()
        assert dict(written.extras) == {("pace",): 1, ("priority",): 3}
        assert written.content["timezone"] == there["timezone"]


def test_a_field_that_is_ignored_makes_no_change_and_shows_in_none() -> None:
    held = live(schedule(scheduleDetails=[window(predictiveRate=3), window("FRIDAY", predictiveRate=2)]))
    work = schedule(scheduleDetails=[window(), window("FRIDAY")])
    assert compare([entry(work)], [held], ignored=RATE).changes == ()

    (change,) = compare([entry({**work, "timezone": "UTC"})], [held], [entry(work)], ignored=RATE).changes
    assert [field.path for field in change.fields] == ["timezone"]
    rates = [span["predictiveRate"] for span in change.request.body["scheduleDetails"]]
    assert rates == [3, 2]

    (change,) = compare([entry(schedule())], [held], ignored=RATE).changes
    assert "predictiveRate" not in change.fields[0].live


def test_a_create_carries_gits_value_of_an_ignored_field() -> None:
    (change,) = compare([entry(schedule())], [], ignored=RATE).changes
    assert change.request.body["scheduleDetails"][0]["predictiveRate"] == 1.2


def test_what_git_does_not_name_is_unmanaged_and_in_no_change() -> None:
    there = [live(schedule("Console only"), "a"), live(schedule("Other"), "b")]
    diff = compare([entry(schedule("Mine"))], there)
    assert [held.schedule_id for held in diff.unmanaged] == ["a", "b"]
    assert {change.name for change in diff.changes} == {"Mine"}
    assert diff.released == ()


def test_entries_of_changes_and_changes_are_in_the_same_order() -> None:
    work = [entry(schedule(name), pinned=pinned) for name, pinned in (("A", "z"), ("B", "y"), ("C", "x"))]
    diff = compare(work, [live(schedule("Old"), "y")])
    assert (
        [matched.schedule_id for matched in diff.changed]
        == [change.schedule_id for change in diff.changes]
        == ["x", "y", "z"]
    )


VALUES = (None, "UTC", "Asia/Tokyo")  # no such schedule, one, one that says something else


@pytest.mark.parametrize("pinned", [None, "x"])
@pytest.mark.parametrize(("base", "work", "there"), list(product(VALUES, repeat=3)))
def test_the_origin_of_a_schedule_for_all_combinations(
    base: str | None, work: str | None, there: str | None, pinned: str | None
) -> None:
    def desired(zone: str | None) -> list[DesiredSchedule]:
        return [] if zone is None else [entry(schedule(timezone=zone), pinned=pinned)]

    held = [] if there is None else [live(schedule(timezone=there), pinned)]
    diff = compare(desired(work), held, desired(base))

    found = [(change.action, change.origin, tuple(field.origin for field in change.fields)) for change in diff.changes]
    if work is None or work == there:
        assert found == []
    elif there is None:
        assert found == [(Action.CREATE, Origin.DRIFT if base else Origin.CHANGE, ())]
    else:
        origin = Origin.CHANGE if base == there else Origin.DRIFT if base == work else Origin.CONFLICT
        assert found == [(Action.UPDATE, origin, (origin,))]
    gone = work is None and there is not None
    assert [unmanaged.schedule_id for unmanaged in diff.unmanaged] == [there.schedule_id for there in held if gone]
    assert diff.released == (diff.unmanaged if base is not None else ())


def test_the_gravest_field_is_the_origin_of_the_change() -> None:
    base, there = schedule(), schedule(timezone="UTC", blackoutPeriods=[])
    for work, origin in (
        (schedule(timezone="UTC"), Origin.DRIFT),
        (schedule(timezone="UTC", blackoutPeriods=[], scheduleDetails=[window(end="18:00")]), Origin.CHANGE),
        (schedule(scheduleDetails=[window(end="18:00")]), Origin.DRIFT),
        (schedule(timezone="Asia/Tokyo", scheduleDetails=[window(end="18:00")]), Origin.CONFLICT),
    ):
        (change,) = compare([entry(work)], [live(there)], [entry(base)]).changes
        assert change.origin is origin


def test_a_rename_by_pinned_id_is_a_change_of_the_name() -> None:
    (change,) = compare(
        [entry(schedule("New"), pinned="x")],
        [live(schedule("Old"), "x")],
        [entry(schedule("Old"), pinned="x")],
    ).changes
    assert [(field.path, field.origin) for field in change.fields] == [("name", Origin.CHANGE)]


def test_a_rename_with_the_pin_added_is_the_same_schedule_on_both_sides() -> None:
    there = [live(schedule("Old"), "x")]
    (change,) = compare([entry(schedule("New"), pinned="x")], there, [entry(schedule("Old"))]).changes
    assert change.action is Action.UPDATE
    assert [(field.path, field.origin) for field in change.fields] == [("name", Origin.CHANGE)]


def test_a_rename_in_the_console_is_drift() -> None:
    there = [live(schedule("Renamed"), canonical.derived_id("CAM_001", "Mine"))]
    (change,) = compare([entry(schedule("Mine"))], there, [entry(schedule("Mine"))]).changes
    assert [(field.path, field.live, field.origin) for field in change.fields] == [("name", "Renamed", Origin.DRIFT)]


def test_a_rename_without_a_pin_is_a_new_schedule_and_a_released_one() -> None:
    there = [live(schedule("Old"))]
    diff = compare([entry(schedule("New"))], there, [entry(schedule("Old"))])
    assert [(change.action, change.name, change.origin) for change in diff.changes] == [
        (Action.CREATE, "New", Origin.CHANGE)
    ]
    assert [held.name for held in diff.released] == ["Old"]


def test_an_adopted_schedule_that_git_had_before_is_compared_with_what_git_had() -> None:
    there = [live(schedule(timezone="UTC"), "x")]
    (change,) = compare([entry(schedule())], there, [entry(schedule(timezone="UTC"))]).changes
    assert [(field.path, field.origin) for field in change.fields] == [("timezone", Origin.CHANGE)]


def test_ignored_fields_have_no_say_in_the_origin() -> None:
    base, there = schedule(scheduleDetails=[window(predictiveRate=2)]), schedule(scheduleDetails=[])
    (change,) = compare([entry(schedule())], [live(there)], [entry(base)], ignored=RATE).changes
    assert [(field.path, field.origin) for field in change.fields] == [
        ("scheduleDetails[MONDAY 09:00:00]", Origin.DRIFT)
    ]


@given(st.lists(schedules(), max_size=3, unique_by=lambda raw: raw["name"]), st.randoms(use_true_random=False))
def test_the_order_of_the_input_is_irrelevant(raws: list[JsonObject], order: Any) -> None:
    there = [live({**raw, "blackoutPeriods": [blackout()]}) for raw in raws]
    work = [entry(raw) for raw in raws]
    assert compare(order.sample(work, len(work)), order.sample(there, len(there)), work) == compare(work, there, work)


UNCHANGED = """
import sys
from reconciler.diff import diff_campaign
from reconciler.origins import Earlier
from reconciler.identity import resolve
from reconciler.model import CampaignLive
from tests.support.builders import SETTINGS, entry, live, put_request, schedule
names = [f"schedule {number}" for number in range(int(sys.argv[1]))]
there = tuple(live(schedule(name)) for name in names)
work = resolve([entry(schedule(name)) for name in names], there).resolved
diff = diff_campaign(work, CampaignLive("CAM_001", there), None, SETTINGS, put_request)
print(len(diff.unchanged), len(diff.changes), "deepdiff" in sys.modules)
"""


def test_ten_thousand_unchanged_schedules_do_not_even_load_what_compares_fields() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", UNCHANGED, "10000"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ended.stdout.split() == ["10000", "0", "False"]
