"""Files written anew."""

from __future__ import annotations

import re

import pytest

from reconciler.desired.tenants import is_tenant_name
from reconciler.importing.edit import campaign_text, tenant_name, tenant_text
from tests.support.builders import blackout, live, schedule, window


def test_schedules_stand_by_name_and_id_whatever_the_order() -> None:
    held = [live(schedule(name), schedule_id) for name, schedule_id in (("B", "1"), ("A", "3"), ("A", "2"))]
    text = campaign_text("CAM_001", held, None)
    assert re.findall("    id: (.*)", text) == ['"2"', '"3"', '"1"']
    assert campaign_text("CAM_001", reversed(held), None) == text


def test_days_with_equal_windows_share_an_entry() -> None:
    windows = [
        window("TUESDAY"),
        window("MONDAY"),
        window("MONDAY", "18:00:30", "19:00"),
        window("FRIDAY", end="16:00"),
    ]
    text = campaign_text("CAM_001", [live(schedule(scheduleDetails=windows))], None)
    assert re.findall("dayOfWeek: (.*)\n +startTime: (.*)\n +endTime: (.*)", text) == [
        ("[MONDAY, TUESDAY]", '"09:00"', '"17:00"'),
        ("MONDAY", '"18:00:30"', '"19:00"'),
        ("FRIDAY", '"09:00"', '"16:00"'),
    ]


def test_only_a_pause_for_some_days_says_so() -> None:
    blackouts = [blackout(), blackout("15:00", "16:00", appliesToAllDays=False)]
    text = campaign_text("CAM_001", [live(schedule(blackoutPeriods=blackouts))], None)
    assert text.count("appliesToAllDays") == 1


def test_the_schema_line_comes_first_where_there_is_a_schema() -> None:
    assert (
        campaign_text("C", [], "../s.json")
        == "# yaml-language-server: $schema=../s.json\ncampaignId: C\nschedules: []\n"
    )


@pytest.mark.parametrize(
    ("base_uri", "name"),
    [
        ("https://api.usw2.niceincontact.com", "api.usw2.niceincontact.com"),
        ("http://127.0.0.1:8080", "127.0.0.1"),
        ("http://[::1]:8080", "1"),
        ("https://" + "a" * 99 + ".niceincontact.com", "a" * 64),
        ("nonsense", "tenant"),
    ],
)
def test_a_tenant_is_named_after_its_host(base_uri: str, name: str) -> None:
    assert tenant_name(base_uri) == name
    assert is_tenant_name(name)


def test_a_tenant_file_has_what_it_must_have() -> None:
    assert tenant_text("acme", "https://x.incontact.com", None) == 'name: acme\nbaseUri: "https://x.incontact.com"\n'
