"""A saved plan read back: what apply relies on must be there, and a refusal says what is wrong and where."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.document.plan_document import plan_document, plans_document
from reconciler.document.saved_plans import parse_plans
from reconciler.errors import RefusedError
from reconciler.model import WEEKDAYS, Origin, Plan


def refusal(text: str) -> str:
    with pytest.raises(RefusedError) as caught:
        parse_plans(text)
    assert caught.value.exit_code == 4
    assert "reconciler plan --out" in caught.value.hint
    return str(caught.value)


def read_or_sentence(text: str) -> tuple[Plan, ...] | str:
    """The plans, or the sentence of the refusal."""
    try:
        return parse_plans(text)
    except RefusedError as error:
        return error.message


def places_of(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The ways to everything within a document, less what lies inside the data that apply hands on as it is."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*way, key)
        if key not in ("body", "before", "live", "desired"):
            yield from places_of(inner, (*way, key))


def holder(document: Any, way: tuple[Any, ...]) -> Any:
    for key in way[:-1]:
        document = document[key]
    return document


def test_unknown_keys_are_ignored_everywhere(plan: Plan) -> None:
    document = plan_document(plan)
    for way in [(), *places_of(plan_document(plan))]:
        value = holder(document, (*way, None))
        if isinstance(value, dict) and not {"body", "before", "live", "desired"} & set(way):
            value["fromTheFuture"] = {"a": [1]}
    assert parse_plans(json.dumps(document)) == (plan,)


def test_whatever_is_missing_is_refused_with_its_place_or_means_null(plan: Plan) -> None:
    document = plan_document(plan)
    refused = set()
    for way in places_of(document):
        if isinstance(way[-1], str):
            cut = copy.deepcopy(document)
            del holder(cut, way)[way[-1]]
            found = read_or_sentence(json.dumps(cut))
            if isinstance(found, str):
                refused.add(way[-1])
                assert way[-1] in found or "before and fingerprint" in found or "the origin of changes" in found
    assert refused >= {
        "formatVersion",
        "tenant",
        "baseUri",
        "asOf",
        "dirty",
        "summary",
        "unchanged",
        "changes",
        "webhooks",
        "unmanaged",
        "safety",
        "findings",
    }
    assert refused >= {
        "action",
        "campaignId",
        "scheduleId",
        "name",
        "fields",
        "request",
        "method",
        "path",
        "body",
        "fingerprint",
        "before",
    }
    assert refused >= {
        "severity",
        "code",
        "message",
        "file",
        "line",
        "limit",
        "allowed",
        "actual",
        "passed",
        "url",
    }


@pytest.mark.parametrize("wrong", [None, True, -1, 1.5, "x", [], {}, [1], {"a": 1}], ids=repr)
def test_values_of_another_kind_never_pass_as_the_plan(plan: Plan, wrong: Any) -> None:
    document = plan_document(plan)
    for way in places_of(document):
        bent = copy.deepcopy(document)
        holder(bent, way)[way[-1]] = wrong
        found = read_or_sentence(json.dumps(bent))
        if isinstance(found, str):
            assert found.startswith("the plan file ")
        else:
            known = plan_document(found[0])
            for key in bent:
                if key == "summary":
                    assert bent[key]["unchanged"] == known[key]["unchanged"]
                elif key != "impact":  # which follows from the bodies
                    assert_kept(bent[key], known[key])


def assert_kept(given_value: Any, read: Any) -> None:
    """Nothing was converted: what was read is what stood there (null where it may be missing, a default where it was)."""
    if isinstance(given_value, dict) and isinstance(read, dict):
        for key, inner in given_value.items():
            if key not in ("line", "column", "action", "impact"):
                assert_kept(inner, read.get(key, inner))
    elif isinstance(given_value, list) and isinstance(read, list):
        assert len(given_value) == len(read)
        for one, other in zip(given_value, read, strict=True):
            assert_kept(one, other)
    elif given_value is not None:
        assert given_value == read


@pytest.mark.parametrize(
    ("way", "value", "says"),
    [
        (("tenant",), 7, "tenant must be a text, and is a number"),
        (("asOf",), "2026-1-1", "asOf must be a date, YYYY-MM-DD, and is '2026-1-1'"),
        (("changes", 1, "request", "method"), None, "changes[1].request.method must be a text, and is null"),
        (
            ("changes", 0, "fields", 2, "origin"),
            "me",
            "changes[0].fields[2].origin must be calendar or change or pending or drift or",
        ),
        (("changes", 0, "fields", 2, "source", "line"), 0, "source.line must be a whole number from 1"),
        (("safety", 0, "passed"), "no", "safety[0].passed must be true or false, and is 'no'"),
        (("findings", 0), 3, "findings[0] must be an object, and is a number"),
        (("webhooks",), {}, "webhooks must be a list, and is an object"),
        (("webhooks", 0, "events"), ["a", 1], "webhooks[0].events must be a list of texts"),
    ],
)
def test_a_refusal_says_what_and_where(plan: Plan, way: tuple[Any, ...], value: Any, says: str) -> None:
    document = plan_document(plan)
    holder(document, way)[way[-1]] = value
    assert says in refusal(json.dumps(document))


def test_several_plans_are_named_by_their_number(plan: Plan, empty_plan: Plan) -> None:
    document = plans_document([plan, empty_plan])
    del document["plans"][1]["asOf"]
    assert "plans[1].asOf must be a date, YYYY-MM-DD, and is missing" in refusal(json.dumps(document))


def test_two_plans_of_one_tenant_are_refused(plan: Plan) -> None:
    assert "two plans of one tenant" in refusal(json.dumps(plans_document([plan, plan])))


@pytest.mark.parametrize("version", ["2", 1, None, ["1"]])
def test_another_format_version_is_refused(plan: Plan, version: Any) -> None:
    sentence = refusal(json.dumps({**plan_document(plan), "formatVersion": version}))
    assert 'reads formatVersion "1" only' in sentence
    inner = plans_document([plan, plan])
    inner["plans"][0]["formatVersion"] = version
    assert "plans[0] has" in refusal(json.dumps(inner))


def test_a_change_that_writes_another_schedule_than_it_names_is_refused(plan: Plan) -> None:
    for key in ("scheduleId", "campaignId"):
        document = plan_document(plan)
        document["changes"][0][key] = "another"
        assert "changes[0] would write another schedule than it names" in refusal(json.dumps(document))


def test_an_update_cannot_pass_for_a_create(plan: Plan) -> None:
    """A create is written without reading the schedule again, and the digest does not cover the action."""
    document = plan_document(plan)
    document["changes"][0]["action"] = "create"
    assert "a create has no before and fingerprint" in refusal(json.dumps(document))
    document = plan_document(plan)
    document["changes"][1]["action"] = "update"
    assert "an update needs before and fingerprint" in refusal(json.dumps(document))


def test_two_changes_of_one_schedule_are_refused(plan: Plan) -> None:
    document = plan_document(plan)
    document["changes"].append(document["changes"][0])
    assert "two changes of one schedule" in refusal(json.dumps(document))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "not JSON"),
        ('{"formatVersion": "1",\n "tenant" "x"}', "(line 2, column 11)"),
        ("[]", "not an object"),
        ("null", "not an object"),
        ('{"a": 1, "b": 2, "a": 3}', "repeats the key 'a'"),
        ('{"a": NaN}', "NaN is not a JSON number"),
        ('{"a": 1e999}', "too large"),
        ('{"a": ' + "9" * 5000 + "}", "cannot be read"),
        ('{"a":' * 100_000, "too deep"),
        ("[" * 100_000 + "]" * 100_000, "too deep"),
        ('{"a": ' * 70 + "1" + "}" * 70, "too deep"),
    ],
    ids=lambda value: value[:12],
)
def test_text_that_is_no_plan_is_refused_without_a_crash(text: str, says: str) -> None:
    assert says in refusal(text)


def test_a_byte_order_mark_is_no_fault(plan: Plan) -> None:
    assert parse_plans("\ufeff" + json.dumps(plan_document(plan))) == (plan,)


@given(text=st.text(max_size=60) | st.text('{}[]":,formatVesin1 plans', max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    found = read_or_sentence(text)
    assert isinstance(found, tuple) or found.isprintable()


@given(plan=st.from_type(Plan), cut=st.floats(0, 1, exclude_max=True))
def test_a_file_that_was_cut_short_is_refused(plan: Plan, cut: float) -> None:
    text = json.dumps(plan_document(plan))
    refusal(text[: int(len(text) * cut)])


@pytest.mark.parametrize(
    "hours",
    [
        [],
        {"MONDAY": []},
        {day: [["08:00:00"]] for day in WEEKDAYS},
        {day: [["20:00:00", "08:00:00"]] for day in WEEKDAYS},
        {day: [["08:00:00", "25:00:00"]] for day in WEEKDAYS},
        {day: [[8, 20]] for day in WEEKDAYS},
        dict.fromkeys(WEEKDAYS),
    ],
)
def test_allowed_hours_that_are_none_are_refused(hours: object, plan: Plan) -> None:
    document = plan_document(plan)
    document["changes"][0]["allowedHours"] = hours
    with pytest.raises(RefusedError, match=r"changes\[0\]\.allowedHours must be hours by weekday"):
        parse_plans(json.dumps(document))


@pytest.mark.parametrize("said", [None, "calendar", "change", "pending", "drift"])
@pytest.mark.parametrize("way", ["field", "change", "both"])
def test_a_conflict_that_says_that_it_is_none_is_refused(plan: Plan, said: str | None, way: str) -> None:
    document = plan_document(plan)
    change = document["changes"][0]
    for holder in {"field": [change["fields"][1]], "change": [change], "both": [change, change["fields"][1]]}[way]:
        assert holder["origin"] == "conflict"
        holder["origin"] = said

    assert "origin" in refusal(json.dumps(document))


@pytest.mark.parametrize(("asked_on", "right"), [(None, Origin.DRIFT), ("2026-11-20", Origin.CALENDAR)])
def test_drift_is_the_calendar_where_git_asked_for_it_on_a_day_before(
    asked_on: str | None, right: Origin, plan: Plan
) -> None:
    drift = plan.changes[0].fields[-1]._replace(asked_on=asked_on)
    only = plan.changes[0]._replace(fields=(drift,), origin=Origin.DRIFT)
    for origin in Origin:
        changed = only._replace(fields=(drift._replace(origin=origin),), origin=origin)
        text = json.dumps(plan_document(plan._replace(changes=(changed,))))
        if origin is right:
            assert parse_plans(text)[0].changes == (changed,)
        else:
            assert "origin" in refusal(text)


@pytest.mark.parametrize("key", ["base", "applied"])
def test_a_plan_that_says_it_was_compared_with_nothing_has_no_origins(plan: Plan, key: str) -> None:
    document = plan_document(plan._replace(applied=None))
    document[key] = None if key == "base" else "abc"

    assert "do not fit its base" in refusal(json.dumps(document))
