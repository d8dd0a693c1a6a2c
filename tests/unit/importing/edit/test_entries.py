"""A whole entry made what the tenant holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reconciler.importing.edit import Goal, new_entry
from reconciler.importing.edit.entries import edit_schedule
from reconciler.importing.edit.nodes import MappingNode
from tests.support.builders import content, live, rules, schedule, window
from tests.support.pages import CAMPAIGN, entries_of, list_at, page_of

SAME: dict[str, Any] = {
    "timezone": "UTC",
    "scheduleDetails": [window(), window("TUESDAY")],
    "blackoutPeriods": [],
    "complianceRules": {"regulatoryPauses": [], "agentAvailabilityProjection": False},
}


def edited(
    folder: Path,
    text: str,
    *,
    pin: str | None = None,
    ignored: tuple[tuple[str, ...], ...] = (),
    **fields: Any,
) -> str:
    """The text with its last schedule made what these fields say."""
    page, root = page_of(text)
    node = list_at(root, "schedules").items[-1]
    assert isinstance(node, MappingNode)
    goal = Goal(entries_of(folder, text)[-1], content({"name": "A", **SAME, **fields}), pin)
    edit_schedule(page, node, goal, ignored)
    return page.result()


def test_nothing_is_edited_where_nothing_differs(tmp_path: Path) -> None:
    assert edited(tmp_path, CAMPAIGN) == CAMPAIGN


def test_name_id_and_zone(tmp_path: Path) -> None:
    after = edited(tmp_path, CAMPAIGN, pin="1e3", name="no", timezone="America/Chicago")
    assert after == CAMPAIGN.replace("name: A", 'name: "no"\n    id: "1e3"').replace("UTC", "America/Chicago")


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ("", "    complianceRules:\n      regulatoryPauses: [TCPA]\n"),
        ("    complianceRules: {}\n", "    complianceRules: {regulatoryPauses: [TCPA]}\n"),
        (
            "    complianceRules:\n      agentAvailabilityProjection: false\n",
            "    complianceRules:\n      agentAvailabilityProjection: false\n      regulatoryPauses: [TCPA]\n",
        ),
        (
            "    complianceRules:\n      regulatoryPauses:\n      - FCC  # x\n",
            "    complianceRules:\n      regulatoryPauses:\n      - TCPA\n",
        ),
    ],
)
def test_rules_are_overridden_one_by_one(tmp_path: Path, own: str, expected: str) -> None:
    fields = {**rules("TCPA"), "agentAvailabilityProjection": False}
    assert edited(tmp_path, CAMPAIGN + own, complianceRules=fields) == CAMPAIGN + expected


def test_rules_that_are_shared_are_written_out(tmp_path: Path) -> None:
    text = (
        CAMPAIGN
        + "    complianceRules: &r {regulatoryPauses: [FCC]}\n"
        + CAMPAIGN.split("schedules:\n")[1].replace("name: A", "name: B")
    )
    aliased = text + "    complianceRules: *r\n"
    fields = {**rules("TCPA"), "agentAvailabilityProjection": False}
    assert edited(tmp_path, aliased, complianceRules=fields, name="B") == text + (
        "    complianceRules:\n      regulatoryPauses: [TCPA]\n      agentAvailabilityProjection: false\n"
        "      enableComplianceInjection: true\n"
    )


@pytest.mark.parametrize(
    ("ignored", "fields"),
    [
        (("timezone",), {"timezone": "America/Chicago"}),
        (("name",), {"name": "B"}),
        (("scheduleDetails",), {"scheduleDetails": [window("SUNDAY")]}),
        (
            ("scheduleDetails", "predictiveRate"),
            {"scheduleDetails": [window(predictiveRate=2), window("TUESDAY")]},
        ),
        (("complianceRules",), {"complianceRules": rules("TCPA")}),
    ],
)
def test_ignored_fields_are_left_alone(tmp_path: Path, ignored: tuple[str, ...], fields: dict[str, Any]) -> None:
    assert edited(tmp_path, CAMPAIGN, ignored=(ignored,), **fields) == CAMPAIGN


def test_a_new_entry_says_all_that_defaults_could_change() -> None:
    entry = new_entry(live(schedule("A", **SAME), "x"))
    assert list(entry) == ["name", "id", "timezone", "scheduleDetails", "blackoutPeriods", "complianceRules"]
    assert entry["complianceRules"] == {
        "regulatoryPauses": [],
        "agentAvailabilityProjection": False,
        "enableComplianceInjection": True,
    }
