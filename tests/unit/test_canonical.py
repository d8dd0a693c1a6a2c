"""The canonical form: one spelling for everything that means the same, and none for what does not."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler import canonical, put_body
from tests.support import builders
from tests.support.builders import blackout, content, live, respelled, rules, schedule, schedules, window

RATE = (("scheduleDetails", "predictiveRate"),)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("00:00", 0), ("09:00", 32400), ("09:00:01", 32401), ("17:30:00", 63000), ("23:59:59", 86399)],
)
def test_a_time_of_day_is_seconds_after_midnight(text: str, seconds: int) -> None:
    assert canonical.seconds(text) == seconds
    assert canonical.seconds(canonical.clock(seconds)) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "9:00",
        "24:00",
        "09:60",
        "09:00:60",
        "09:00\n",
        " 09:00",
        "09:00:00.5",
        "-1:00",
        "٠٩:٠٠",
        "09-00",
        "0900",
    ],
)
def test_anything_else_is_no_time_of_day(text: str) -> None:
    with pytest.raises(ValueError, match="is not a time of day"):
        canonical.seconds(text)


@given(st.integers(0, 86400))
def test_a_clock_shows_every_second_of_the_day(total: int) -> None:
    hours, minutes, rest = (int(part) for part in canonical.clock(total).split(":"))
    assert hours * 3600 + minutes * 60 + rest == total


@pytest.mark.parametrize(("one", "spelled"), [(1.0, "1"), (1.20, "1.2"), (1, "1"), (0.1, "0.1"), (-0.0, "0")])
def test_a_number_has_one_spelling(one: float, spelled: str) -> None:
    assert json.dumps(canonical.number(one)) == spelled


def test_numbers_are_spelled_alike_at_any_depth_and_nothing_else_changes() -> None:
    value = {"a": [1.0, {"b": 2.0}], "c": True, "d": None, "e": "1.0", "f": 1.5}
    assert canonical.dumps(canonical.numbers(value)) == '{"a":[1,{"b":2}],"c":true,"d":null,"e":"1.0","f":1.5}'


@given(st.data())
def test_order_spelling_defaults_and_server_fields_make_no_difference(data: st.DataObject) -> None:
    raw = data.draw(schedules())
    answer = data.draw(respelled(raw))
    assert canonical.dumps(live(answer).content) == canonical.dumps(content(raw))


@given(schedules(), st.randoms(use_true_random=False))
def test_windows_that_only_a_faulty_file_repeats_have_one_order_too(raw: Any, random_: random.Random) -> None:
    again = [{**span, "maxCallsPerDay": span["maxCallsPerDay"] + 1} for span in raw["scheduleDetails"]]
    faulty = {**raw, "scheduleDetails": [*raw["scheduleDetails"], *again]}
    shuffled = {**faulty, "scheduleDetails": random_.sample(faulty["scheduleDetails"], k=len(again) * 2)}
    assert content(shuffled) == content(faulty)


def test_windows_are_in_the_order_of_the_calendar() -> None:
    days = [window("SUNDAY"), window("MONDAY", "13:00"), window("FRIDAY"), window("MONDAY", "08:00")]
    ordered = content(schedule(scheduleDetails=days))["scheduleDetails"]
    assert [canonical.window_key(span) for span in ordered] == [
        "MONDAY 08:00:00",
        "MONDAY 13:00:00",
        "FRIDAY 09:00:00",
        "SUNDAY 09:00:00",
    ]


def test_the_tutorials_example_comes_out_field_by_field_as_the_contract_has_it() -> None:
    raw = schedule(scheduleDetails=[window(maxCallsPerHour=500)], complianceRules=rules("TCPA", "NCDOJ"))
    body = canonical.body("CAM_001", "a1b2c3d4-e5f6-7890-abcd-ef1234567890", content(raw))
    assert json.dumps(body) == json.dumps(builders.put_body("a1b2c3d4-e5f6-7890-abcd-ef1234567890"))


def test_the_derived_id_is_the_uuid5_of_campaign_and_name_in_the_url_namespace() -> None:
    # From: printf 6ba7b8119dad11d180b400c04fd430c8 | xxd -r -p | cat - <(printf 'CAM_001/Weekday calling') | sha1sum,
    # with the bits for version and variant set.
    assert canonical.derived_id("CAM_001", "Weekday calling") == "6703df80-9175-5346-864e-92c72b1345c5"


@given(st.lists(st.builds(blackout, reason=st.sampled_from(["A", "A #2", "A #3", "B"])), max_size=8))
def test_no_two_blackouts_have_one_key(blackouts: list[dict[str, Any]]) -> None:
    keys = canonical.blackout_keys(map(canonical.blackout, blackouts))
    assert len(set(keys)) == len(blackouts)


def test_a_blackout_that_repeats_start_and_reason_gets_a_number() -> None:
    pauses = [blackout(end="12:30"), blackout(end="13:00"), blackout("15:00", "15:15")]
    assert canonical.item_keys("blackoutPeriods", content(schedule(blackoutPeriods=pauses))["blackoutPeriods"]) == [
        "12:00:00 LUNCH_BREAK",
        "12:00:00 LUNCH_BREAK #2",
        "15:00:00 LUNCH_BREAK",
    ]


def test_equal_blackouts_are_one_and_others_stay() -> None:
    pauses = [blackout(), blackout("12:00:00"), blackout(appliesToAllDays=False), blackout(end="12:30")]
    found = content(schedule(blackoutPeriods=pauses))["blackoutPeriods"]
    assert [(item["endTime"], item["appliesToAllDays"]) for item in found] == [
        ("12:30:00", True),
        ("13:00:00", False),
        ("13:00:00", True),
    ]


@given(schedules(), schedules())
def test_keyed_forms_are_equal_just_where_the_contents_are(one: Any, other: Any) -> None:
    other = {**one, "blackoutPeriods": other["blackoutPeriods"]}
    equal = content(one) == content(other)
    assert (canonical.keyed(content(one)) == canonical.keyed(content(other))) is equal


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (("timezone",), "timezone"),
        (("scheduleDetails", "MONDAY 09:00:00"), "scheduleDetails[MONDAY 09:00:00]"),
        (("scheduleDetails", "MONDAY 09:00:00", "endTime"), "scheduleDetails[MONDAY 09:00:00].endTime"),
        (("blackoutPeriods", "12:00:00 LUNCH", "endTime"), "blackoutPeriods[12:00:00 LUNCH].endTime"),
        (("complianceRules", "regulatoryPauses", "TCPA"), "complianceRules.regulatoryPauses[TCPA]"),
        (("complianceRules", "regulatoryPauses", 0), "complianceRules.regulatoryPauses[0]"),
        (("complianceRules", "agentAvailabilityProjection"), "complianceRules.agentAvailabilityProjection"),
    ],
)
def test_a_path_for_people_names_what_it_keys_in_brackets(path: tuple[str | int, ...], text: str) -> None:
    assert canonical.field_path(path) == text


def test_paths_are_sorted_by_name_and_windows_by_the_calendar() -> None:
    ordered = [
        ("blackoutPeriods", "12:00:00 LUNCH"),
        ("name",),
        ("scheduleDetails", "MONDAY 08:00:00"),
        ("scheduleDetails", "MONDAY 09:00:00", "endTime"),
        ("scheduleDetails", "FRIDAY 07:00:00"),
        ("timezone",),
    ]
    assert sorted(set(ordered), key=canonical.path_order) == ordered


def test_a_digest_depends_on_the_value_and_not_on_how_it_is_written() -> None:
    assert canonical.digest({"b": 1, "a": [2]}) == canonical.digest(json.loads('{"a": [2],\n "b": 1}'))
    assert canonical.digest([1, 2]) != canonical.digest([2, 1])
    assert canonical.digest("\ud800").startswith("sha256:")
    with pytest.raises(ValueError, match="JSON"):
        canonical.digest(float("nan"))


@given(st.data())
def test_a_fingerprint_sees_no_spelling_and_no_field_that_the_tenant_manages(data: st.DataObject) -> None:
    raw = data.draw(schedules())
    answer = {**data.draw(respelled(raw)), "name": raw["name"]}
    assert put_body.fingerprint(live(answer), (), ()) == put_body.fingerprint(live(raw), (), ())


@pytest.mark.parametrize(
    "edit",
    [
        {"name": "Renamed"},
        {"timezone": "America/Chicago"},
        {"scheduleDetails": [window(end="18:00")]},
        {"scheduleDetails": [window(maxCallsPerDay=5001)]},
        {"scheduleDetails": [window(), window("TUESDAY")]},
        {"blackoutPeriods": []},
        {"blackoutPeriods": [blackout(appliesToAllDays=False)]},
        {"complianceRules": rules("NCDOJ")},
        {"complianceRules": rules("NCDOJ", "TCPA", enableComplianceInjection=False)},
    ],
)
def test_a_fingerprint_sees_every_edit(edit: dict[str, Any]) -> None:
    before = put_body.fingerprint(live(schedule(), "x"), (), ())
    assert put_body.fingerprint(live(schedule(**edit), "x"), (), ()) != before


def test_a_fingerprint_tells_schedules_and_campaigns_apart() -> None:
    found = {
        put_body.fingerprint(live(schedule(), schedule_id, campaign=campaign), (), ())
        for schedule_id in ("x", "y")
        for campaign in ("CAM_001", "CAM_002")
    }
    assert len(found) == 4


def test_a_fingerprint_leaves_ignored_fields_out() -> None:
    steered = live(schedule(scheduleDetails=[window(predictiveRate=2)]), "x")
    assert put_body.fingerprint(steered, RATE, ()) == put_body.fingerprint(live(schedule(), "x"), RATE, ())
    assert put_body.fingerprint(steered, (), ()) != put_body.fingerprint(live(schedule(), "x"), (), ())


def test_a_fingerprint_sees_preserved_fields_by_value_and_no_other_extra_one() -> None:
    def seen(*, ignored: tuple[tuple[str, ...], ...] = (), **extras: Any) -> str:
        return put_body.fingerprint(live(schedule(), "x", **extras), ignored, (("priority",),))

    assert seen(priority=1) != seen(priority=2)
    assert seen(priority=1) == seen(priority=1.0)
    assert seen(priority=1, wrapUp=5) == seen(priority=1, wrapUp=6)
    assert seen(priority=1, ignored=(("priority",),)) == seen(priority=2, ignored=(("priority",),))
