"""What a PUT carries over from live, and whether live holds what was sent."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler import canonical, put_body
from reconciler.cxone.codec import decode
from reconciler.model import LiveSchedule, Path
from tests.support.builders import blackout, content, live, respelled, rules, schedule, schedules, window

RATE = (("scheduleDetails", "predictiveRate"),)


def _body(desired: dict[str, Any], held: LiveSchedule, *, ignored: Any = (), preserved: Any = ()) -> dict[str, Any]:
    return put_body.update_body(content(desired), held, ignored, preserved)


def _windows(body: dict[str, Any], name: str) -> dict[str, Any]:
    return {canonical.window_key(span): span.get(name) for span in body["scheduleDetails"]}


@given(schedules(), schedules())
def test_a_body_is_what_git_says_under_the_live_id(desired: dict[str, Any], held: dict[str, Any]) -> None:
    body = _body(desired, live(held, "x"))
    assert body == canonical.body("CAM_001", "x", content(desired))


def test_an_ignored_field_takes_the_live_value_window_by_window() -> None:
    desired = schedule(scheduleDetails=[window("MONDAY"), window("TUESDAY"), window("FRIDAY", "10:00")])
    held = live(
        schedule(
            scheduleDetails=[
                window("FRIDAY", "09:00", predictiveRate=3),
                window("TUESDAY", end="20:00", predictiveRate=2.5),
                window("MONDAY", predictiveRate=2),
            ]
        )
    )
    body = _body(desired, held, ignored=RATE)
    assert _windows(body, "predictiveRate") == {
        "MONDAY 09:00:00": 2,
        "TUESDAY 09:00:00": 2.5,
        "FRIDAY 10:00:00": 1.2,  # live has no such window, so git's value stays
    }
    assert _windows(body, "endTime")["TUESDAY 09:00:00"] == "17:00:00"


@pytest.mark.parametrize(
    ("ignored", "where"),
    [
        (("timezone",), ("timezone",)),
        (("name",), ("name",)),
        (("blackoutPeriods",), ("blackoutPeriods",)),
        (("scheduleDetails",), ("scheduleDetails",)),
        (("complianceRules",), ("complianceRules",)),
        (("complianceRules", "regulatoryPauses"), ("complianceRules", "regulatoryPauses")),
        (("complianceRules", "enableComplianceInjection"), ("complianceRules", "enableComplianceInjection")),
        (("blackoutPeriods", "endTime"), ("blackoutPeriods", 0, "endTime")),
    ],
)
def test_any_field_can_be_ignored_and_no_other_one_is_touched(ignored: Path, where: Path) -> None:
    desired = schedule()
    held = live(
        schedule(
            "Renamed",
            timezone="UTC",
            scheduleDetails=[window(end="20:00")],
            blackoutPeriods=[blackout(end="12:30")],
            complianceRules=rules("FCC", enableComplianceInjection=False),
        )
    )
    body = _body(desired, held, ignored=(ignored,))
    plain = _body(desired, held)
    theirs = _at(put_body.live_body(held), where)
    assert _at(body, where) == theirs != _at(plain, where)
    _at(plain, where[:-1])[where[-1]] = theirs
    assert body == plain


def _at(value: Any, path: Path) -> Any:
    for part in path:
        value = value[part]
    return value


def test_preserved_fields_are_carried_over_from_every_place() -> None:
    held = live(
        schedule(
            scheduleDetails=[window(wrapUp=30), window("SUNDAY", wrapUp=90)],
            blackoutPeriods=[blackout(label="lunch"), blackout("15:00", "15:15", label="tea")],
            complianceRules=rules("TCPA", consent="written"),
        ),
        routing={"profile": "gold", "queue": 7.0},
        priority=3,
        other="lost",
    )
    preserved = (
        ("blackoutPeriods", "label"),
        ("complianceRules", "consent"),
        ("routing", "queue"),
        ("priority",),
        ("scheduleDetails", "wrapUp"),
    )
    desired = schedule(scheduleDetails=[window(), window("TUESDAY")])
    body = _body(desired, held, preserved=preserved)
    assert json.dumps(body["routing"]) == '{"queue": 7}'
    assert body["priority"] == 3
    assert "other" not in body
    assert body["complianceRules"]["consent"] == "written"
    assert _windows(body, "wrapUp") == {"MONDAY 09:00:00": 30, "TUESDAY 09:00:00": None}
    assert [pause.get("label") for pause in body["blackoutPeriods"]] == ["lunch"]


def test_a_preserved_field_leads_to_the_right_one_of_blackouts_that_look_alike() -> None:
    pauses = [blackout(end="12:30"), blackout(end="13:00")]
    held = live(schedule(blackoutPeriods=[{**pauses[1], "label": "late"}, {**pauses[0], "label": "early"}]))
    body = _body(schedule(blackoutPeriods=pauses), held, preserved=(("blackoutPeriods", "label"),))
    assert {pause["endTime"]: pause["label"] for pause in body["blackoutPeriods"]} == {
        "12:30:00": "early",
        "13:00:00": "late",
    }


def test_an_ignored_field_that_git_does_not_know_is_carried_over_too() -> None:
    held = live(schedule(scheduleDetails=[window(pace=4)]), pacing={"mode": "auto"})
    body = _body(schedule(), held, ignored=(("pacing",), ("scheduleDetails", "pace")))
    assert body["pacing"] == {"mode": "auto"}
    assert _windows(body, "pace") == {"MONDAY 09:00:00": 4}


def test_right_before_the_put_a_body_takes_the_ignored_values_as_they_are_now() -> None:
    ignored, preserved = (*RATE, ("pacing",)), (("priority",),)
    planned = _body(
        schedule(),
        live(schedule(scheduleDetails=[window(predictiveRate=2)]), pacing="auto", priority=3),
        ignored=ignored,
        preserved=preserved,
    )
    now = live(schedule(scheduleDetails=[window(predictiveRate=2.5)]), priority=3)
    body = put_body.refreshed_body(planned, now, ignored, preserved)
    assert _windows(body, "predictiveRate") == {"MONDAY 09:00:00": 2.5}
    assert body["priority"] == 3
    assert "pacing" not in body, "nobody wants back what the other system took away"


@given(schedules(), schedules(), st.integers())
def test_a_body_that_carries_nothing_new_stays_as_it_was_planned(
    desired: dict[str, Any], raw: dict[str, Any], priority: int
) -> None:
    held = live(raw, priority=priority)
    planned = _body(desired, held, ignored=RATE, preserved=(("priority",),))
    assert put_body.refreshed_body(planned, held, RATE, (("priority",),)) == planned


def test_what_a_put_would_replace_holds_all_but_what_the_tenant_manages() -> None:
    held = live(
        schedule(scheduleDetails=[window(wrapUp=30, modifiedDate="x")]),
        status="ACTIVE",
        version=7,
        createdBy="console",
        routing="gold",
    )
    body = put_body.live_body(held)
    assert body["routing"] == "gold"
    assert _windows(body, "wrapUp") == {"MONDAY 09:00:00": 30}
    assert "modifiedDate" not in body["scheduleDetails"][0]
    assert not {"status", "version", "createdBy"} & body.keys()


@given(st.data())
def test_a_tenant_that_holds_what_was_sent_may_spell_it_as_it_likes(data: st.DataObject) -> None:
    raw = data.draw(schedules())
    sent = _body(raw, live(raw, "x"))
    answer = {**data.draw(respelled(raw)), "id": "x", "campaignId": "CAM_001"}
    assert put_body.differing_fields(sent, decode(answer, "CAM_001")) == ()


@pytest.mark.parametrize(
    ("held", "differing"),
    [
        (schedule(timezone="UTC"), ("timezone",)),
        (schedule("Other"), ("name",)),
        (schedule(scheduleDetails=[]), ("scheduleDetails[MONDAY 09:00:00]",)),
        (
            schedule(scheduleDetails=[window("FRIDAY"), window("TUESDAY"), window(maxCallsPerDay=4000)]),
            (
                "scheduleDetails[MONDAY 09:00:00].maxCallsPerDay",
                "scheduleDetails[TUESDAY 09:00:00]",
                "scheduleDetails[FRIDAY 09:00:00]",
            ),
        ),
        (schedule(blackoutPeriods=[]), ("blackoutPeriods[12:00:00 LUNCH_BREAK]",)),
        (
            schedule(complianceRules=rules("FCC", "TCPA")),
            ("complianceRules.regulatoryPauses[FCC]", "complianceRules.regulatoryPauses[NCDOJ]"),
        ),
    ],
)
def test_what_a_tenant_dropped_changed_or_added_is_named(held: dict[str, Any], differing: tuple[str, ...]) -> None:
    sent = _body(schedule(), live(schedule(), "x"))
    assert put_body.differing_fields(sent, live(held, "x")) == differing


def test_a_preserved_field_that_the_tenant_dropped_is_named_and_its_own_fields_are_not() -> None:
    preserved = (("priority",), ("scheduleDetails", "wrapUp"))
    held = live(schedule(scheduleDetails=[window(wrapUp=30)]), "x", priority=3)
    sent = _body(schedule(), held, preserved=preserved)
    answer = live(schedule(), "x", status="ACTIVE", wrapUp=1)
    assert put_body.differing_fields(sent, answer) == ("priority", "scheduleDetails[MONDAY 09:00:00].wrapUp")
    assert put_body.differing_fields(sent, held) == ()


def test_an_ignored_field_may_differ() -> None:
    sent = _body(schedule(), live(schedule(), "x"))
    steered = live(schedule(scheduleDetails=[window(predictiveRate=3, end="18:00")]), "x")
    assert put_body.differing_fields(sent, steered, RATE) == ("scheduleDetails[MONDAY 09:00:00].endTime",)
