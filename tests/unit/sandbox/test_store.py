"""What the tenant holds, as copies."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.sandbox.store import (
    CampaignUnknownError,
    PreconditionFailedError,
    Store,
    default_agents,
    make_record,
)

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
    kept = {k: v for k, v in value.items() if k not in ("version", "selfUri")} if isinstance(value, dict) else value
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


@pytest.fixture
def store() -> Store:
    return Store(campaigns=["C2", "C1"], agents=[{"userId": "U1", "status": "ACTIVE"}])


def test_campaigns_are_sorted_and_made_once(store: Store) -> None:
    store.put("C1", {"id": "S1"})
    store.ensure_campaigns(["C1", "C0"])
    assert store.campaigns == ("C0", "C1", "C2")
    assert [one["id"] for one in store.schedules("C1")] == ["S1"]


def test_what_comes_out_is_a_copy(store: Store) -> None:
    value = {"id": "S1", "scheduleDetails": [{"maxCallsPerDay": 1}]}
    store.put("C1", value)
    value["id"] = "changed"
    store.schedules("C1")[0]["scheduleDetails"].clear()
    store.agents[0]["status"] = "changed"
    assert store.schedules("C1")[0]["scheduleDetails"] == [{"maxCallsPerDay": 1}]
    assert store.schedules("C1")[0]["id"] == "S1"
    assert store.agents[0]["status"] == "ACTIVE"


def test_the_console_stores_anything_and_changes_the_etag(store: Store) -> None:
    store.put("C1", {"id": "S1", "name": None})
    first = store.records("C1")[0].etag
    store.put("C1", store.schedules("C1")[0])
    second = store.records("C1")[0]
    assert (second.version, second.etag == first) == (2, False)
    store.put("NEW", {"name": "without an id"})
    store.put("NEW", "not even an object")
    store.put("NEW", {"id": "other"}, schedule_id="S1")
    assert [record.key for record in store.records("NEW")] == ["unnamed-1", "unnamed-2", "S1"]
    assert store.records("NEW")[1].stored == "not even an object"


def test_a_replaced_schedule_keeps_its_place_and_a_new_one_comes_last(store: Store) -> None:
    for key in ("S2", "S1", "S2", "S0"):
        store.write("C1", key, {"id": key})
    assert [(record.key, record.version) for record in store.records("C1")] == [
        ("S2", 2),
        ("S1", 1),
        ("S0", 1),
    ]


def test_a_deleted_schedule_is_gone(store: Store) -> None:
    store.put("C1", {"id": "S1"})
    store.delete("C1", "S1")
    assert store.find("C1", "S1") is None
    with pytest.raises(KeyError):
        store.delete("C1", "S1")


def test_an_unknown_campaign_is_an_error_of_its_own(store: Store) -> None:
    store.remove_campaign("C2")
    for call in (store.schedules, store.records, store.remove_campaign):
        with pytest.raises(CampaignUnknownError):
            call("C2")
    with pytest.raises(CampaignUnknownError):
        store.write("C2", "S1", {})


def test_a_write_keeps_the_status_that_the_tenant_gave(store: Store) -> None:
    store.put("C1", {"id": "S1", "status": "FAILED", "dialMode": "P"})
    written = store.write("C1", "S1", {"id": "S1", "status": "ACTIVE"})
    assert written.before is not None
    assert store.schedules("C1")[0]["status"] == "FAILED"
    assert "dialMode" not in store.schedules("C1")[0]


def test_a_write_on_a_condition_is_all_or_nothing(store: Store) -> None:
    etag = store.write("C1", "S1", {"id": "S1"}).record.etag
    with pytest.raises(PreconditionFailedError):
        store.write("C1", "S1", {"id": "S1", "a": 1}, accepts=lambda present: present != etag)
    with pytest.raises(PreconditionFailedError):
        store.write("C1", "S2", {"id": "S2"}, accepts=lambda present: present is not None)
    assert [record.etag for record in store.records("C1")] == [etag]


def test_of_writes_on_one_etag_exactly_one_wins(store: Store) -> None:
    etag = store.write("C1", "S1", {"id": "S1"}).record.etag

    def attempt(number: int) -> bool:
        try:
            store.write("C1", "S1", {"id": "S1", "n": number}, accepts=lambda present: present == etag)
        except PreconditionFailedError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(40))) == 1


def test_a_dry_write_looks_the_same_and_stores_nothing(store: Store) -> None:
    dry = store.write("C1", "S1", {"id": "S1"}, dry=True)
    assert store.schedules("C1") == ()
    assert store.write("C1", "S1", {"id": "S1"}) == dry
    hook = store.add_webhook({"name": "W"}, dry=True)
    assert store.webhooks == ()
    assert store.add_webhook({"name": "W"}) == hook


def test_webhooks_get_different_ids_also_after_a_removal(store: Store) -> None:
    for name in "ABC":
        store.add_webhook({"name": name, "id": "mine"})
    store.webhooks = [hook for hook in store.webhooks if hook["name"] != "A"]
    store.add_webhook({"name": "D"})
    ids = [hook["id"] for hook in store.webhooks]
    assert len(set(ids)) == 3
    assert "mine" not in ids


def test_every_change_is_kept_with_a_higher_revision(store: Store) -> None:
    kept: list[int] = []
    store.keep = kept.append
    store.put("C1", {"id": "S1"})
    store.write("C1", "S1", {"id": "S1"})
    store.delete("C1", "S1")
    store.agents = []
    store.webhooks = []
    store.add_webhook({"name": "W"})
    store.ensure_campaigns(["C9"])
    store.remove_campaign("C9")
    store.save()
    assert kept == sorted(set(kept))
    assert len(kept) == 9
    assert store.snapshot().revision == kept[-1]


def test_what_changes_nothing_is_not_kept(store: Store) -> None:
    kept: list[int] = []
    store.keep = kept.append
    store.ensure_campaigns(["C1"])
    store.write("C1", "S1", {}, dry=True)
    assert (store.agents, kept) == (({"userId": "U1", "status": "ACTIVE"},), [])


def test_a_snapshot_restores_everything(store: Store) -> None:
    store.put("C1", {"id": "S1"})
    store.add_webhook({"name": "W"})
    copy = Store()
    copy.restore(store.snapshot())
    assert copy.snapshot().campaigns == store.snapshot().campaigns
    assert (copy.agents, copy.webhooks) == (store.agents, store.webhooks)
