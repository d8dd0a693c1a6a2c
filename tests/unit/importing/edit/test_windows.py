"""Windows as entries."""

from __future__ import annotations

from reconciler import canonical
from reconciler.importing.edit.windows import window_entries, window_of
from tests.support.builders import content, entry, schedule, window


def test_one_entry_for_all_days_that_are_equal() -> None:
    raw = schedule(scheduleDetails=[window("SUNDAY"), window("MONDAY"), window("TUESDAY", maxCallsPerDay=1)])
    entries = window_entries(content(raw)["scheduleDetails"])
    assert [each["dayOfWeek"] for each in entries] == [["MONDAY", "SUNDAY"], "TUESDAY"]
    assert {**entries[1], "maxCallsPerDay": 5000} == window("TUESDAY")


def test_a_window_of_a_file_has_its_canonical_form() -> None:
    raw = schedule(scheduleDetails=[window(predictiveRate=1.0)])
    (read,) = entry(raw).windows
    assert window_of(read) == canonical.window(raw["scheduleDetails"][0])
