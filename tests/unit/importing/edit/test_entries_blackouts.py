"""Pauses that come, go and change."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.importing.edit.entries import edit_blackouts
from reconciler.importing.edit.nodes import MappingNode
from reconciler.model import JsonObject
from tests.support.builders import blackout, content, schedule
from tests.support.pages import CAMPAIGN, entries_of, list_at, page_of

LUNCH = "      - {startTime: 12:00, endTime: 13:00, reason: LUNCH_BREAK}  # noon\n"
TEA = "      - startTime: '15:00'\n        endTime: '15:15'\n        reason: Tea\n        appliesToAllDays: false\n"
BOTH = CAMPAIGN + "    blackoutPeriods:\n" + LUNCH + TEA
HELD = (blackout(), blackout("15:00", "15:15", "Tea", appliesToAllDays=False))


def edited(folder: Path, text: str, *blackouts: JsonObject, ignored: frozenset[str] = frozenset()) -> str:
    """The text with the blackouts of its schedule made these."""
    page, root = page_of(text)
    node = list_at(root, "schedules").items[0]
    assert isinstance(node, MappingNode)
    here = entries_of(folder, text)[0].blackouts
    there = content(schedule(blackoutPeriods=list(blackouts)))["blackoutPeriods"]
    edit_blackouts(page, node, here, there, ignored)
    return page.result()


@pytest.mark.parametrize(
    ("blackouts", "expected"),
    [
        (HELD, BOTH),
        ((HELD[0],), BOTH.replace(TEA, "")),
        ((HELD[1],), BOTH.replace(LUNCH, "")),
        ((), CAMPAIGN + "    blackoutPeriods: []\n"),
        ((blackout("12:30"), HELD[1]), BOTH.replace("12:00", "12:30")),
        (
            (blackout(appliesToAllDays=False), HELD[1]),
            BOTH.replace("BREAK}", "BREAK, appliesToAllDays: false}"),
        ),
        ((HELD[0], blackout("15:00", "15:15", "Tea")), BOTH.replace("Days: false", "Days: true")),
        (
            (HELD[0], blackout("15:00", "15:15", "Coffee", appliesToAllDays=False)),
            BOTH.replace("Tea", "Coffee"),
        ),
        (
            (*HELD, blackout("18:00", "18:05", "no")),
            BOTH + '      - startTime: "18:00"\n        endTime: "18:05"\n        reason: "no"\n',
        ),
    ],
)
def test_each_pause_is_what_the_tenant_holds(tmp_path: Path, blackouts: tuple[JsonObject, ...], expected: str) -> None:
    assert edited(tmp_path, BOTH, *blackouts) == expected


def test_pauses_that_the_file_does_not_name_are_added_as_a_whole(tmp_path: Path) -> None:
    assert edited(tmp_path, CAMPAIGN, blackout()) == (
        CAMPAIGN + '    blackoutPeriods:\n      - {startTime: "12:00", endTime: "13:00", reason: LUNCH_BREAK}\n'
    )


def test_an_ignored_field_is_left_alone(tmp_path: Path) -> None:
    moved = blackout("12:00", "14:00"), HELD[1]
    assert edited(tmp_path, BOTH, *moved, ignored=frozenset({"endTime"})) == BOTH


def test_a_pause_that_is_written_twice_needs_one_counterpart_only(tmp_path: Path) -> None:
    twice = BOTH.replace(TEA, LUNCH)
    assert edited(tmp_path, twice, blackout("12:00", "12:30")) == BOTH.replace(TEA, "").replace("13:00", "12:30")


def test_a_pause_that_is_an_alias_is_written_out_where_it_differs(tmp_path: Path) -> None:
    text = f"{CAMPAIGN}    blackoutPeriods:\n{LUNCH.replace('- {', '- &lunch {')}{TEA}"
    text += (
        text.partition("schedules:\n")[2]
        .replace("name: A", "name: B")
        .replace(LUNCH.replace("- {", "- &lunch {"), "      - *lunch  # as above\n")
    )
    page, root = page_of(text)
    node = list_at(root, "schedules").items[1]
    assert isinstance(node, MappingNode)
    there = content(schedule(blackoutPeriods=[blackout("12:00", "12:45"), HELD[1]]))["blackoutPeriods"]
    edit_blackouts(page, node, entries_of(tmp_path, text)[1].blackouts, there, frozenset())
    assert page.result() == text.replace("*lunch  #", '{startTime: "12:00", endTime: "12:45", reason: LUNCH_BREAK}  #')
