"""Windows as entries."""

from __future__ import annotations

from reconciler.importing.edit.windows import window_entries
from tests.support.builders import content, schedule, window


def test_one_entry_for_all_days_that_are_equal() -> None:
    raw = schedule(scheduleDetails=[window("SUNDAY"), window("MONDAY"), window("TUESDAY", maxCallsPerDay=1)])
    entries = window_entries(content(raw)["scheduleDetails"])
    assert [entry["dayOfWeek"] for entry in entries] == [["MONDAY", "SUNDAY"], "TUESDAY"]
    assert {**entries[1], "maxCallsPerDay": 5000} == window("TUESDAY")
