"""A schedule is read strictly, and anything doubtful is named."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler import canonical
from reconciler.cxone import codec
from reconciler.cxone.codec import decode, decode_all
from reconciler.errors import AnswerError
from reconciler.model import WEEKDAYS, LiveSchedule

if TYPE_CHECKING:
    from collections.abc import Callable


def test_the_tables_are_the_put_body(body: Callable[..., dict[str, Any]]) -> None:
    put = body()
    assert codec.SCHEDULE_FIELDS.keys() == put.keys()
    assert codec.WINDOW.keys() == put["scheduleDetails"][0].keys()
    assert codec.BLACKOUT.keys() == put["blackoutPeriods"][0].keys()
    assert codec.RULES.keys() == put["complianceRules"].keys()


def test_a_flag_is_no_number_and_a_number_no_flag() -> None:
    kinds = {name: types for name, (types, _) in {**codec.WINDOW, **codec.BLACKOUT}.items()}
    assert bool not in kinds["maxCallsPerDay"]
    assert int not in kinds["appliesToAllDays"]


Body = dict[str, Any]

times = st.integers(0, 86399).map(canonical.clock)
numbers = st.one_of(st.integers(1, 100_000), st.floats(0.1, 3.0))
windows = st.lists(
    st.fixed_dictionaries(
        {
            "dayOfWeek": st.sampled_from(WEEKDAYS),
            "startTime": times,
            "endTime": times,
            "maxCallsPerDay": numbers,
            "maxCallsPerHour": numbers,
            "predictiveRate": numbers,
            "maxCallsPerAgentPerDay": numbers,
        }
    ),
    max_size=5,
    unique_by=canonical.window_key,
)
blackouts = st.lists(
    st.fixed_dictionaries(
        {"startTime": times, "endTime": times, "reason": st.sampled_from(["LUNCH", "TEAM"])},
        optional={"appliesToAllDays": st.booleans()},
    ),
    max_size=4,
)
schedules = st.fixed_dictionaries(
    {
        "id": st.text(min_size=1, max_size=5),
        "name": st.text(max_size=5),
        "campaignId": st.just("CAM_001"),
        "timezone": st.text(max_size=5),
        "scheduleDetails": windows,
        "complianceRules": st.fixed_dictionaries(
            {
                "regulatoryPauses": st.lists(st.sampled_from(["TCPA", "FCC", "NCDOJ"]), max_size=4),
                "agentAvailabilityProjection": st.booleans(),
            },
            optional={"enableComplianceInjection": st.booleans()},
        ),
    },
    optional={"blackoutPeriods": blackouts},
)


@settings(max_examples=40)
@given(schedules)
def test_what_was_read_reads_the_same_again(raw: Body) -> None:
    live = decode(raw, "CAM_001")
    sent = json.loads(json.dumps(canonical.body("CAM_001", live.schedule_id, live.content)))
    assert decode(sent, "CAM_001", raw["id"]) == live


@settings(max_examples=40)
@given(st.data(), schedules)
def test_order_and_spelling_change_nothing(data: st.DataObject, raw: Body) -> None:
    other = copy.deepcopy(raw)
    for name in ("scheduleDetails", "blackoutPeriods"):
        if name in other:
            other[name] = data.draw(st.permutations(other[name]))
            for entry in other[name]:
                for field in ("startTime", "endTime"):
                    entry[field] = entry[field].removesuffix(":00") if len(entry[field]) == 8 else entry[field]
    pauses = other["complianceRules"]["regulatoryPauses"]
    other["complianceRules"]["regulatoryPauses"] = data.draw(st.permutations(pauses + pauses[:1]))
    shuffled = dict(data.draw(st.permutations(list(other.items()))))
    for window in shuffled["scheduleDetails"]:
        window["maxCallsPerDay"] = float(window["maxCallsPerDay"])
    assert decode(shuffled, "CAM_001") == decode(raw, "CAM_001")


@settings(max_examples=40)
@given(st.data(), schedules, st.dictionaries(st.sampled_from(["status", "x", "updatedAt"]), st.integers()))
def test_fields_that_are_no_part_of_a_put_change_no_content(
    data: st.DataObject, raw: Body, more: dict[str, int]
) -> None:
    other = copy.deepcopy(raw)
    nodes = [other, other["complianceRules"], *other["scheduleDetails"], *other.get("blackoutPeriods", ())]
    data.draw(st.sampled_from(nodes)).update(more)
    live, plain = decode(other, "CAM_001"), decode(raw, "CAM_001")
    assert (live.content, live.schedule_id) == (plain.content, plain.schedule_id)
    assert plain.extras == ()
    assert sorted(str(path[-1]) for path, _ in live.extras) == sorted(more)
    assert list(live.extras) == sorted(live.extras, key=lambda extra: extra[0])


def every_field() -> list[tuple[str, tuple[Any, ...], frozenset[type]]]:
    """The place of each known field, as words and as a path into a body, and its types."""
    tables: dict[tuple[Any, ...], codec.Fields] = {
        (): codec.SCHEDULE_FIELDS,
        ("scheduleDetails", 0): codec.WINDOW,
        ("blackoutPeriods", 0): codec.BLACKOUT,
        ("complianceRules",): codec.RULES,
    }
    return [
        (canonical.field_path((*holder, name)), (*holder, name), types)
        for holder, fields in tables.items()
        for name, (types, _) in fields.items()
    ]


def changed(raw: Body, path: tuple[Any, ...], value: Any) -> Body:
    """A copy with another value at `path`; Ellipsis takes the field away."""
    result = copy.deepcopy(raw)
    node: Any = result
    for part in path[:-1]:
        node = node[part]
    if value is ...:
        del node[path[-1]]
    else:
        node[path[-1]] = value
    return result


@pytest.mark.parametrize("missing", [..., None])
def test_a_missing_field_is_told_unless_there_is_a_default(missing: Any, body: Callable[..., Body]) -> None:
    defaulted = []
    for place, path, _ in every_field():
        raw, name = changed(body(), path, missing), path[-1]
        if name in codec.WIRE_DEFAULTS:
            defaulted.append(name)
            assert (
                decode(raw, "CAM_001").content
                == decode(changed(body(), path, codec.WIRE_DEFAULTS[name]), "CAM_001").content
            )
            continue
        with pytest.raises(AnswerError) as caught:
            decode(raw, "CAM_001")
        assert f"has no {place}" in caught.value.message
        assert "campaign CAM_001" in caught.value.message
        assert "'S1'" in caught.value.message or name == "id"
    assert defaulted == ["blackoutPeriods", "appliesToAllDays", "enableComplianceInjection"]


def test_a_field_of_another_type_is_told(body: Callable[..., Body]) -> None:
    for place, path, types in every_field():
        others: tuple[Any, ...] = ("9", 9, 9.5, True, [], {}, ["x"])
        for value in others:
            if type(value) in types:
                continue
            with pytest.raises(AnswerError, match=rf"as {place}, where".replace("[", r"\[")):
                decode(changed(body(), path, value), "CAM_001")


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (("id",), "", "an empty id"),
        (("campaignId",), "CAM_002", "the campaignId 'CAM_002', and 'CAM_001' was asked for"),
        (("scheduleDetails", 0), "MONDAY", "'MONDAY' as scheduleDetails[0], where an object"),
        (("scheduleDetails", 0, "dayOfWeek"), "Monday", "'Monday' as scheduleDetails[0].dayOfWeek"),
        (("scheduleDetails", 0, "startTime"), "9:00", "'9:00' as scheduleDetails[0].startTime"),
        (("scheduleDetails", 0, "endTime"), "24:00:00", "'24:00:00' as scheduleDetails[0].endTime"),
        (("scheduleDetails", 0, "endTime"), "17:00:00\n", "scheduleDetails[0].endTime"),
        (("blackoutPeriods", 0), None, "None as blackoutPeriods[0]"),
        (("blackoutPeriods", 0, "startTime"), "noon", "'noon' as blackoutPeriods[0].startTime"),
        (("complianceRules", "regulatoryPauses"), ["TCPA", 5], "regulatoryPauses that are not all strings"),
    ],
)
def test_what_has_no_meaning_is_told(path: tuple[Any, ...], value: Any, told: str, body: Callable[..., Body]) -> None:
    with pytest.raises(AnswerError) as caught:
        decode(changed(body(), path, value), "CAM_001")
    assert told in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize("raw", [None, [], "S1", 5, True])
def test_what_is_no_object_is_no_schedule(raw: Any) -> None:
    with pytest.raises(AnswerError, match="a schedule without id of campaign CAM_001"):
        decode(raw, "CAM_001")


def test_another_schedule_than_asked_for_is_told(body: Callable[..., Body]) -> None:
    with pytest.raises(AnswerError, match="the id 'S1', and 'S2' was asked for"):
        decode(body("S1"), "CAM_001", "S2")


@pytest.mark.parametrize("start", ["09:00", "09:00:00"])
def test_two_windows_of_one_key_cannot_be_told_apart(start: str, body: Callable[..., Body]) -> None:
    window = body()["scheduleDetails"][0]
    raw = body(scheduleDetails=[window, window | {"startTime": start, "endTime": "12:00:00"}])
    with pytest.raises(AnswerError, match="more than one window that starts on MONDAY 09:00:00"):
        decode(raw, "CAM_001")


def test_values_out_of_range_are_read_as_they_are(body: Callable[..., Body]) -> None:
    window = body()["scheduleDetails"][0] | {"maxCallsPerDay": -5, "predictiveRate": 99.5}
    content = decode(body(scheduleDetails=[window], timezone="Mars/Olympus"), "CAM_001").content
    assert content["scheduleDetails"][0]["maxCallsPerDay"] == -5
    assert content["timezone"] == "Mars/Olympus"


def test_extras_have_keyed_paths_and_are_sorted(body: Callable[..., Body]) -> None:
    window = body()["scheduleDetails"][0] | {"startTime": "09:00", "windowId": 7}
    lunch = body()["blackoutPeriods"][0]
    raw = body(
        status="PAUSED",
        selfUri="/x",
        scheduleDetails=[window],
        blackoutPeriods=[
            lunch | {"endTime": "12:30:00", "color": "blue"},
            lunch | {"color": "red"},
            lunch | {"color": "green"},
        ],
        complianceRules=body()["complianceRules"] | {"auditId": "A"},
    )
    live = decode(raw, "CAM_001")
    assert decode(raw | {"blackoutPeriods": raw["blackoutPeriods"][::-1]}, "CAM_001") == live
    assert live.status == "PAUSED"
    assert live.extras == (
        (("blackoutPeriods", "12:00:00 LUNCH_BREAK", "color"), "blue"),
        (("blackoutPeriods", "12:00:00 LUNCH_BREAK #2", "color"), "green"),
        (("complianceRules", "auditId"), "A"),
        (("scheduleDetails", "MONDAY 09:00:00", "windowId"), 7),
        (("selfUri",), "/x"),
        (("status",), "PAUSED"),
    )


@pytest.mark.parametrize(
    ("status", "told"), [(None, None), ("", ""), (5, "5"), (False, "false"), (["ACTIVE"], '["ACTIVE"]')]
)
def test_a_status_that_is_no_text_is_told_as_its_json(status: Any, told: str | None, body: Callable[..., Body]) -> None:
    assert decode(body(status=status), "CAM_001").status == told


def nested(levels: int) -> Any:
    """A list within a list, and so on."""
    value: Any = {"deep": None}
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (("custom",), "custom"),
        (("status",), "status"),
        (("complianceRules", "custom"), r"complianceRules\.custom"),
        (("scheduleDetails", 0, "custom"), r"scheduleDetails\[MONDAY 09:00:00\]\.custom"),
    ],
)
def test_a_field_that_is_nested_too_deep_is_named(path: tuple[Any, ...], name: str, body: Callable[..., Body]) -> None:
    assert codec.decode(changed(body(), path, nested(90)), "CAM_001").schedule_id == "S1"
    deep = changed(body(), path, nested(5000))
    with pytest.raises(AnswerError, match=f"more than 100 levels below {name}"):
        codec.decode(deep, "CAM_001")
    assert codec.decode(deep, "CAM_001", is_written=True) == codec.decode(body(), "CAM_001")


def test_a_list_is_sorted_and_what_a_page_repeats_counts_once(body: Callable[..., Body]) -> None:
    found = decode_all([body("S2"), body("S1"), body("S2", blackoutPeriods=body()["blackoutPeriods"] * 2)], "CAM_001")
    assert [type(item) for item in found] == [LiveSchedule, LiveSchedule]
    assert [item.schedule_id for item in found] == ["S1", "S2"]


@pytest.mark.parametrize("change", [{"name": "Other"}, {"version": 2}])
def test_one_id_with_two_contents_is_told(change: Body, body: Callable[..., Body]) -> None:
    with pytest.raises(AnswerError, match=r"'S1' of campaign CAM_001 .* twice"):
        decode_all([body("S1"), body("S1", **change)], "CAM_001")


def test_one_bad_schedule_spoils_the_list(body: Callable[..., Body]) -> None:
    with pytest.raises(AnswerError, match="'S2'"):
        decode_all([body("S1"), body("S2", name=None), body("S3")], "CAM_001")


def test_messages_stay_short(body: Callable[..., Body]) -> None:
    with pytest.raises(AnswerError) as caught:
        decode(body("S" * 5000, name=["x" * 100_000]), "CAM_001")
    assert len(caught.value.message) < 300
