"""A stored schedule is answered with what the tenant adds, and stored without."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.sandbox.records import default_agents, make_record

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def test_what_the_tenant_adds_is_answered_and_not_stored() -> None:
    record = make_record("CAM/1", "S 1", 3, {"id": "S 1", "version": 99, "selfUri": "x", "dialMode": "P"})
    assert record.stored == {"id": "S 1", "dialMode": "P"}
    assert json.loads(record.served) == {
        "id": "S 1",
        "dialMode": "P",
        "status": "ACTIVE",
        "version": 3,
        "selfUri": "/api/v2/dialer/campaigns/CAM%2F1/schedules/S%201",
    }


def test_a_status_that_was_stored_is_answered() -> None:
    assert json.loads(make_record("C", "S", 1, {"status": "FAILED"}).served)["status"] == "FAILED"


@given(value=values)
def test_any_json_is_stored_as_it_is(value: Any) -> None:
    record = make_record("C", "S", 1, value)
    kept = (
        {k: v for k, v in value.items() if k not in ("version", "selfUri")}
        if isinstance(value, dict)
        else value
    )
    assert record.stored == kept
    assert isinstance(value, dict) or json.loads(record.served) == value


@pytest.mark.parametrize("other", [("C", "S", 2, {"a": 1}), ("C", "S", 1, {"a": 2}), ("C", "T", 1, {"a": 1})])
def test_another_content_or_version_has_another_etag(other: tuple[str, str, int, Any]) -> None:
    first = make_record("C", "S", 1, {"a": 1})
    assert first.etag == make_record("C", "S", 1, {"a": 1}).etag
    assert first.etag != make_record(*other).etag


def test_the_agents_are_active_and_different() -> None:
    agents = default_agents(200)
    assert len({agent["userId"] for agent in agents}) == 200
    assert {agent["status"] for agent in agents} == {"ACTIVE"}
