"""What the sandbox of the Admin API holds survives a restart, and a state that is another's is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from reconciler.errors import ReconcilerError
from reconciler.sandbox import AdminSandbox, Sandbox, weekly_settings
from reconciler.sandbox.skill_store import SkillStore, decode_skills


def test_what_is_there_stays_and_what_is_missing_is_added(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    with AdminSandbox(skills=[("1001", "Sales", None)], timezone="America/Chicago", state_file=state) as box:
        (sales,) = (str(one["skillId"]) for one in box.store.skills)
        box.store.edit(sales, mondayEndTime="12:00")
        before = state.read_bytes()
    wanted = [("1001", "Sales", None), ("1001", "Care", "4711"), ("West", "Other", None)]
    with AdminSandbox(skills=wanted, campaigns=["1002"], timezone="UTC", state_file=state) as box:
        assert box.store.settings(sales)["mondayEndTime"] == "12:00"
        assert box.store.settings("4711") == weekly_settings()
        assert box.store.business_unit["defaultTimeZone"] == "Central Standard Time"
        assert [one["campaignId"] for one in box.store.campaign_records] == [1001, 1002, "West"]
        assert len(box.store.skills) == 3
    assert before.count(b'"skillName"') == 1
    assert decode_skills(json.loads(before)).encoded() == before


def test_the_state_of_another_api_is_refused(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    with Sandbox(campaigns=["CAM_001"], state_file=state):
        pass
    with pytest.raises(ReconcilerError, match="Admin API"), AdminSandbox(state_file=state):
        pass


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        {},
        {"formatVersion": "1", "api": "admin"},
        {"formatVersion": "2", "api": "admin", "skills": [], "campaigns": [], "businessUnit": {}},
        {"formatVersion": "1", "api": "admin", "skills": [{}], "campaigns": [], "businessUnit": {}},
        {"formatVersion": "1", "api": "admin", "skills": [], "campaigns": 5, "businessUnit": {}},
    ],
)
def test_a_state_that_is_none(document: Any) -> None:
    with pytest.raises(ValueError, match=r"version|missing|type"):
        decode_skills(document)


def test_what_goes_in_or_out_is_a_copy() -> None:
    store = SkillStore()
    settings = weekly_settings()
    skill_id = store.add_skill("1001", "Sales", settings=settings)
    settings["mondayEndTime"] = store.settings(skill_id)["mondayEndTime"] = "12:00"
    assert store.settings(skill_id) == weekly_settings()


def body(**fields: Any) -> dict[str, Any]:
    return {"scheduleSettings": {**weekly_settings(), **fields}}


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"scheduleSettings": {}},
        weekly_settings(),
        {**body(), "more": 1},
        body(mondayEndTime="5 pm"),
        body(mondayEndTime="24:00"),
        body(mondayEndTime="12:00:00"),
        body(mondayEndTime=None),
        body(mondayIsActive="True"),
        body(holidayIsActive=True),
        {"scheduleSettings": {name: value for name, value in weekly_settings().items() if name != "isScheduled"}},
    ],
    ids=str,
)
def test_a_write_that_is_not_whole_is_refused(content: Any, tmp_path: Path) -> None:
    assert not list(tmp_path.iterdir())
    with AdminSandbox(skills=[("1001", "Sales", "4711")]) as box:
        answer = put(box, content)
        assert answer.status_code == 400
        assert box.store.settings("4711") == weekly_settings()
        assert put(box, body(mondayEndTime=None, mondayIsActive=False)).status_code == 200


def put(box: AdminSandbox, content: Any) -> requests.Response:
    keys = {"accessKeyId": box.keys.access_key_id, "accessKeySecret": box.keys.access_key_secret}
    signed = requests.post(f"{box.base_uri}/authentication/v1/token/access-key", json=keys, timeout=5)
    headers = {"Authorization": f"Bearer {signed.json()['access_token']}", "Accept": "application/json"}
    url = f"{box.base_uri}/incontactapi/services/v30.0/skills/4711/parameters/schedule-settings"
    return requests.put(url, json=content, headers=headers, timeout=5)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        (lambda headers: headers.update({"Accept": "text/html"}), 400),
        (lambda headers: headers.update({"Authorization": "Bearer unknown"}), 401),
        (lambda headers: headers.pop("Authorization"), 401),
    ],
)
def test_a_request_without_what_it_needs(change: Callable[[dict[str, str]], Any], status: int) -> None:
    with AdminSandbox(skills=[("1001", "Sales", "4711")]) as box:
        keys = {"accessKeyId": box.keys.access_key_id, "accessKeySecret": box.keys.access_key_secret}
        signed = requests.post(f"{box.base_uri}/authentication/v1/token/access-key", json=keys, timeout=5)
        headers = {"Authorization": f"Bearer {signed.json()['access_token']}", "Accept": "application/json"}
        url = f"{box.base_uri}/incontactapi/services/v30.0/skills"
        assert requests.get(url, headers=headers, timeout=5).status_code == 200
        change(headers)
        answer = requests.get(url, headers=headers, timeout=5)
        assert answer.status_code == status
        assert answer.headers["icStatusDescription"]
