"""From a field, as a diff or the tenant names it, to the line of the YAML file that holds it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from reconciler import canonical, desired, sources
from reconciler.diff import place_of_body_field
from reconciler.model import DesiredSchedule, JsonObject

TENANT = "name: acme\nbaseUri: https://api.usw2.niceincontact.com\n"
DEFAULTS = """\
schedule:
  timezone: America/New_York
  complianceRules:
    agentAvailabilityProjection: true
window:
  predictiveRate: 1.2
  maxCallsPerAgentPerDay: 150
"""
CAMPAIGN = """\
campaignId: CAM_001
schedules:
  - name: Weekday calling
    scheduleDetails:
      - dayOfWeek: [TUESDAY, MONDAY]
        startTime: "09:00"
        endTime: "17:00"
        maxCallsPerDay: 5000
        maxCallsPerHour: 800
      - dayOfWeek: MONDAY
        startTime: "18:00"
        endTime: "20:00"
        maxCallsPerDay: 900
        maxCallsPerHour: 800
    blackoutPeriods:
      - {startTime: "15:00", endTime: "15:15", reason: TEA}
      - {startTime: "12:00", endTime: "13:00", reason: LUNCH}
      - startTime: "12:00"
        endTime: "12:30"
        reason: LUNCH
      - {endTime: "15:15", startTime: "15:00", reason: TEA, appliesToAllDays: false}
    complianceRules:
      regulatoryPauses: [TCPA]
"""
FILE = "schedules/cam_001.yaml"


@pytest.fixture
def entry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[[Mapping[str, str]], None]
) -> DesiredSchedule:
    """The schedule of the campaign file above, as the program reads it."""
    write({"schedules/tenant.yaml": TENANT, "schedules/defaults.yaml": DEFAULTS, FILE: CAMPAIGN})
    monkeypatch.chdir(tmp_path)
    loaded = desired.load(sources.WorkTree(str(tmp_path)), "schedules")
    ((schedule,),) = [tenant.schedules for tenant in loaded.tenants]
    return schedule


def _text(tmp_path: Path, entry: DesiredSchedule, path: tuple[str | int, ...]) -> str:
    """What stands at a place, up to the end of its line, with the file where it is not the campaign's."""
    place = entry.place_of(path)
    line = (tmp_path / place.file).read_text().splitlines()[place.line - 1]
    return ("" if place.file == FILE else f"{place.file}: ") + line[place.column - 1 :]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (("name",), "Weekday calling"),
        (("scheduleDetails", "MONDAY 09:00:00", "maxCallsPerDay"), "5000"),
        (("scheduleDetails", "TUESDAY 09:00:00", "maxCallsPerDay"), "5000"),
        (("scheduleDetails", "MONDAY 18:00:00", "maxCallsPerDay"), "900"),
        (("scheduleDetails", "MONDAY 18:00:00"), "dayOfWeek: MONDAY"),
        (("scheduleDetails", "FRIDAY 09:00:00"), "scheduleDetails:"),
        (("scheduleDetails", "FRIDAY 09:00:00", "endTime"), "scheduleDetails:"),
        (("scheduleDetails", "MONDAY 09:00:00", "predictiveRate"), "schedules/defaults.yaml: 1.2"),
        (("timezone",), "schedules/defaults.yaml: America/New_York"),
        (("blackoutPeriods", "15:00:00 TEA", "appliesToAllDays"), "false}"),
        (("blackoutPeriods", "15:00:00 TEA #2", "endTime"), '"15:15", reason: TEA}'),
        (("blackoutPeriods", "12:00:00 LUNCH", "endTime"), '"12:30"'),
        (("blackoutPeriods", "12:00:00 LUNCH #2", "endTime"), '"13:00", reason: LUNCH}'),
        (("blackoutPeriods", "12:00:00 OTHER"), "blackoutPeriods:"),
        (("complianceRules", "regulatoryPauses", "TCPA"), "[TCPA]"),
        (("complianceRules", "regulatoryPauses", "FCC"), "[TCPA]"),
        (("complianceRules", "agentAvailabilityProjection"), "schedules/defaults.yaml: true"),
    ],
)
def test_a_field_is_found_where_it_is_written(
    tmp_path: Path, entry: DesiredSchedule, path: tuple[str | int, ...], text: str
) -> None:
    assert _text(tmp_path, entry, path) == text


@pytest.fixture
def body(entry: DesiredSchedule) -> JsonObject:
    """The body that is sent: in canonical order, so that its first window is Monday's, which the file has second."""
    return canonical.body("CAM_001", "x", entry.content)


@pytest.mark.parametrize(
    ("field", "path"),
    [
        ("timezone", ("timezone",)),
        ("scheduleDetails", ("scheduleDetails",)),
        ("scheduleDetails[0].maxCallsPerDay", ("scheduleDetails", "MONDAY 09:00:00", "maxCallsPerDay")),
        ("scheduleDetails[1].endTime", ("scheduleDetails", "MONDAY 18:00:00", "endTime")),
        ("scheduleDetails.1.endTime", ("scheduleDetails", "MONDAY 18:00:00", "endTime")),
        ("/scheduleDetails/2/endTime", ("scheduleDetails", "TUESDAY 09:00:00", "endTime")),
        ("$.scheduleDetails[2]", ("scheduleDetails", "TUESDAY 09:00:00")),
        ("blackoutPeriods[1].endTime", ("blackoutPeriods", "12:00:00 LUNCH #2", "endTime")),
        ("blackoutPeriods[2]", ("blackoutPeriods", "15:00:00 TEA")),
        ("complianceRules.regulatoryPauses[0]", ("complianceRules", "regulatoryPauses")),
    ],
)
def test_a_field_is_found_as_the_tenant_names_it(
    entry: DesiredSchedule, body: JsonObject, field: str, path: tuple[str | int, ...]
) -> None:
    assert place_of_body_field(entry, body, field) == entry.place_of(path)


@pytest.mark.parametrize(
    "field",
    [
        "",
        "...",
        "nothing",
        "scheduleDetails[3].endTime",
        "scheduleDetails[x]",
        f"scheduleDetails[{'9' * 5000}]",
        "[0]",
    ],
)
def test_a_name_that_leads_nowhere_has_no_place(entry: DesiredSchedule, body: JsonObject, field: str) -> None:
    assert place_of_body_field(entry, body, field) is None
