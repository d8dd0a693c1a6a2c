"""Entries that lose days, gain days, or change."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.importing.edit.nodes import MappingNode
from reconciler.importing.edit.windows import edit_windows
from reconciler.model import JsonObject
from tests.support.builders import content, schedule, window
from tests.support.pages import CAMPAIGN, WINDOW, entries_of, list_at, page_of


def edited(folder: Path, text: str, *windows: JsonObject, ignored: frozenset[str] = frozenset()) -> str:
    """The text with the windows of its first schedule made these."""
    page, root = page_of(text)
    node = list_at(root, "schedules").items[0]
    assert isinstance(node, MappingNode)
    here = entries_of(folder, text)[0].windows
    there = content(schedule(scheduleDetails=list(windows)))["scheduleDetails"]
    edit_windows(page, node, here, there, ignored)
    return page.result()


def entry_text(days: str, start: str = "09:00", cap: int = 5000) -> str:
    """An entry as the file writes it."""
    return WINDOW.replace("[MONDAY, TUESDAY]", days).replace('"09:00"', f'"{start}"').replace("5000", str(cap))


@pytest.mark.parametrize(
    ("windows", "expected"),
    [
        ([window("MONDAY"), window("TUESDAY")], WINDOW),
        ([window("MONDAY")], entry_text("[MONDAY]")),
        ([window("TUESDAY")], entry_text("[TUESDAY]")),
        (
            [window("MONDAY"), window("TUESDAY"), window("WEDNESDAY")],
            entry_text("[MONDAY, TUESDAY, WEDNESDAY]"),
        ),
        (
            [window("MONDAY", maxCallsPerDay=9), window("TUESDAY")],
            entry_text("[TUESDAY]") + entry_text("MONDAY", cap=9),
        ),
        (
            [window("MONDAY", maxCallsPerDay=9), window("TUESDAY", maxCallsPerDay=9)],
            entry_text("[MONDAY, TUESDAY]", cap=9),
        ),
        (
            [window("MONDAY", maxCallsPerDay=9), window("TUESDAY", maxCallsPerDay=8)],
            entry_text("[MONDAY]", cap=9) + entry_text("TUESDAY", cap=8),
        ),
        (
            [window("MONDAY", "08:00"), window("TUESDAY", "08:00")],
            entry_text("[MONDAY, TUESDAY]", start="08:00"),
        ),
        (
            [window("MONDAY"), window("TUESDAY"), window("SUNDAY", maxCallsPerDay=7)],
            WINDOW + entry_text("SUNDAY", cap=7),
        ),
        ([window("SATURDAY", maxCallsPerDay=7)], entry_text("SATURDAY", cap=7)),
    ],
)
def test_each_day_is_where_it_belongs(tmp_path: Path, windows: list[JsonObject], expected: str) -> None:
    assert edited(tmp_path, CAMPAIGN, *windows) == CAMPAIGN.replace(WINDOW, expected)


def test_a_single_day_takes_no_other_day_in(tmp_path: Path) -> None:
    text = CAMPAIGN.replace("[MONDAY, TUESDAY]", "MONDAY")
    after = edited(tmp_path, text, window("MONDAY"), window("TUESDAY"))
    assert after == text + entry_text("TUESDAY")


def test_an_ignored_field_is_neither_compared_nor_written_over(tmp_path: Path) -> None:
    ignored = frozenset({"predictiveRate"})
    windows = [window("MONDAY", predictiveRate=2), window("TUESDAY", predictiveRate=3, maxCallsPerDay=9)]
    assert edited(tmp_path, CAMPAIGN, *windows, ignored=ignored) == CAMPAIGN.replace(
        WINDOW, entry_text("[MONDAY]") + entry_text("TUESDAY", cap=9)
    )


def test_a_list_of_days_that_is_an_alias_is_written_out(tmp_path: Path) -> None:
    first = entry_text("&days [MONDAY, TUESDAY]")
    text = CAMPAIGN.replace(WINDOW, first + entry_text("*days", start="18:00").replace("17:00", "19:00"))
    windows = [window("MONDAY"), window("TUESDAY"), window("MONDAY", "18:00", "19:00")]
    assert edited(tmp_path, text, *windows) == text.replace("dayOfWeek: *days", "dayOfWeek: MONDAY")


def test_an_entry_that_is_an_alias_is_written_out(tmp_path: Path) -> None:
    text = CAMPAIGN.replace("- dayOfWeek", "- &w\n        dayOfWeek") + (
        "  - name: B\n    timezone: UTC\n    scheduleDetails:\n      - *w\n"
    )
    page, root = page_of(text)
    node = list_at(root, "schedules").items[1]
    assert isinstance(node, MappingNode)
    here = entries_of(tmp_path, text)[1].windows
    there = content(schedule(scheduleDetails=[window("MONDAY", maxCallsPerDay=9)]))["scheduleDetails"]
    edit_windows(page, node, here, there, frozenset())
    entry = (
        '- {dayOfWeek: MONDAY, startTime: "09:00", endTime: "17:00", maxCallsPerDay: 9, maxCallsPerHour: 800, '
        "predictiveRate: 1.2, maxCallsPerAgentPerDay: 150}"
    )
    assert page.result() == text.replace("- *w", entry)


BLOCK_DAYS = "\n          # from Monday\n          - MONDAY  # early\n          - TUESDAY  # pay day, busy"
FLOW_DAYS = " [\n          MONDAY,  # early\n          TUESDAY  # pay day, busy\n        ]"


@pytest.mark.parametrize(
    ("days", "left"),
    [
        (BLOCK_DAYS, "\n          # from Monday\n          - MONDAY  # early"),
        (FLOW_DAYS, " [\n          MONDAY  # early\n        ]"),
    ],
)
def test_what_is_said_about_a_day_goes_where_the_day_goes(tmp_path: Path, days: str, left: str) -> None:
    text = CAMPAIGN.replace(" [MONDAY, TUESDAY]", days)
    after = edited(tmp_path, text, window("MONDAY"), window("TUESDAY", maxCallsPerDay=9))
    moved = entry_text("TUESDAY  # pay day, busy", cap=9)
    assert after == CAMPAIGN.replace(" [MONDAY, TUESDAY]", left) + moved


def test_several_days_that_leave_together_keep_their_comments(tmp_path: Path) -> None:
    days = "\n        - MONDAY  # a\n        - TUESDAY\n        - WEDNESDAY  # c\n        - FRIDAY"
    text = CAMPAIGN.replace(" [MONDAY, TUESDAY]", days)
    moved = [window(day, maxCallsPerDay=9) for day in ("MONDAY", "WEDNESDAY")]
    after = edited(tmp_path, text, *moved, window("TUESDAY"), window("FRIDAY"))
    kept = "\n        - TUESDAY\n        - FRIDAY"
    assert after == CAMPAIGN.replace(" [MONDAY, TUESDAY]", kept) + entry_text("[MONDAY, WEDNESDAY]  # a # c", cap=9)


def test_windows_that_are_an_alias_are_written_out(tmp_path: Path) -> None:
    other = CAMPAIGN.replace("scheduleDetails:\n", "scheduleDetails: &w\n")
    text = f"{other}  - name: B\n    timezone: UTC\n    scheduleDetails: *w\n"
    page, root = page_of(text)
    node = list_at(root, "schedules").items[1]
    assert isinstance(node, MappingNode)
    there = content(schedule(scheduleDetails=[window("SUNDAY")]))["scheduleDetails"]
    edit_windows(page, node, entries_of(tmp_path, text)[1].windows, there, frozenset())
    assert page.result() == text.replace("scheduleDetails: *w\n", f"scheduleDetails:\n{entry_text('SUNDAY')}")


def test_a_window_that_is_an_alias_is_written_out_for_the_day_that_differs(tmp_path: Path) -> None:
    other = CAMPAIGN.replace("      - dayOfWeek", "      - &w\n        dayOfWeek")
    text = f"{other}  - name: B\n    timezone: UTC\n    scheduleDetails:\n      - *w\n"
    page, root = page_of(text)
    node = list_at(root, "schedules").items[1]
    assert isinstance(node, MappingNode)
    before = entries_of(tmp_path, text)
    windows = [window("MONDAY"), window("TUESDAY", maxCallsPerDay=9)]
    there = content(schedule(scheduleDetails=windows))["scheduleDetails"]
    edit_windows(page, node, before[1].windows, there, frozenset())
    after = entries_of(tmp_path, page.result())
    assert after[1].content["scheduleDetails"] == there
    assert after[0].content == before[0].content
