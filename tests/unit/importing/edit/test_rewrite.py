"""A file as a whole: which entries are edited, where new ones go, and what is reported when that cannot be done."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.importing.edit import Goal, outline, rewrite
from tests.support.builders import content, live, schedule, window
from tests.support.pages import CAMPAIGN, entries_of

TWO = CAMPAIGN + "---\n" + CAMPAIGN.replace("CAM_001", "CAM_002")


def test_the_outline_names_campaigns_and_counts_their_entries() -> None:
    assert outline(TWO) == (("CAM_001", 1), ("CAM_002", 1))
    assert outline("campaignId: A\nschedules: []\n") == (("A", 0),)
    assert outline("- a\n") == outline("a: [\n") == outline("") == ()


def test_only_entries_with_a_goal_are_edited(tmp_path: Path) -> None:
    first, _ = sorted(entries_of(tmp_path, TWO), key=lambda entry: entry.campaign_id)
    goal = Goal(first, {**first.content, "timezone": "America/Chicago"})
    outcome = rewrite(TWO, {(3, 5): goal}, {}, ())
    assert outcome.text == TWO.replace("UTC", "America/Chicago", 1)
    assert outcome.failed == {}


@pytest.mark.parametrize(
    ("schedules", "dash", "key"),
    [
        ("schedules:\n- name: A\n  timezone: UTC\n", 0, 2),
        ("schedules:\n    -   name: A\n        timezone: UTC\n", 4, 4),
        ("schedules: []  # none yet\n", 2, 2),
    ],
)
def test_new_schedules_go_to_the_end_of_their_campaign_in_its_layout(schedules: str, dash: int, key: int) -> None:
    text = f"campaignId: A\n{schedules}# end\n---\ncampaignId: B\nschedules: []\n"
    new = [live(schedule(name), name, campaign="A") for name in ("New", "Other")]
    after = rewrite(text, {}, {"A": new}, ()).text
    before, _, behind = after.partition("# end\n")
    assert behind == "---\ncampaignId: B\nschedules: []\n"
    start = f"{' ' * dash}-{' ' * (key - 1)}name: New\n{' ' * (dash + key)}id: New\n"
    assert start in before
    assert f"{' ' * (dash + key)}scheduleDetails:\n{' ' * (2 * dash + key)}-" in before
    assert list(outline(after)) == [
        ("A", schedules.count("name") + 2),
        ("B", 0),
    ]


def test_of_several_documents_of_a_campaign_the_first_takes_what_is_new() -> None:
    text = "campaignId: A\nschedules: []\n---\ncampaignId: A\nschedules: []\n"
    after = rewrite(text, {}, {"A": [live(schedule(), campaign="A")]}, ()).text
    assert outline(after) == (("A", 1), ("A", 0))


def test_what_cannot_be_edited_is_told_and_left_and_the_rest_is_done(tmp_path: Path) -> None:
    text = CAMPAIGN + (
        "  - ? name\n    : B\n    ? timezone\n    : UTC\n    ? scheduleDetails\n    :\n"
        "      - {dayOfWeek: MONDAY, startTime: 09:00, endTime: 10:00, maxCallsPerDay: 1, maxCallsPerHour: 1, "
        "predictiveRate: 1, maxCallsPerAgentPerDay: 1}\n"
    )
    first, second = entries_of(tmp_path, text)
    raw = schedule("B", timezone="UTC", scheduleDetails=[window(maxCallsPerDay=9)])
    goals = {
        (3, 5): Goal(first, {**first.content, "timezone": "America/Chicago"}),
        (13, 5): Goal(second, content(raw)),
    }
    outcome = rewrite(text, goals, {}, ())
    assert outcome.text == text.replace("UTC", "America/Chicago", 1)
    assert list(outcome.failed) == [(13, 5)]


def test_an_entry_that_is_an_alias_is_left(tmp_path: Path) -> None:
    text = CAMPAIGN.replace("  - name", "  - &a\n    name") + "  - *a\n"
    (first,) = entries_of(tmp_path, CAMPAIGN)
    place = (len(text.splitlines()), 5)
    outcome = rewrite(text, {place: Goal(first, {**first.content, "timezone": "America/Chicago"})}, {}, ())
    assert outcome.text == text
    assert outcome.failed == {place: "the entry is written somewhere else"}
