"""One mistake hides no other: every fault that can still be told is told at once, and none that is not there."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from reconciler.pipeline.check import Checked, check_files
from reconciler.pipeline.tenants import Options

Run = Callable[[Mapping[str, str]], Checked]

TENANT = "name: acme\nbaseUri: https://api.usw2.niceincontact.com\n"
BROKEN = """\
campaignId: CAM_001
schedules:
  - name: Weekdays
    timezone: Mars/X
    scheduleDetails:
      - dayOfWeek: MONDAY
        startTime: "17:00"
        endTime: "09:00"
        maxCallsPerDay: 0
        maxCallsPerHour: 800
        predictiveRate: 1.2
        maxCallsPerAgentPerDay: 150
"""
SOUND = (
    BROKEN.replace('"17:00"', '"08:00"').replace(": 0", ": 800").replace("Mars/X", "America/New_York")
    + "    complianceRules: {regulatoryPauses: [TCPA]}\n    jurisdictions: [US-VT]\n"
)
LATE = SOUND.replace('"09:00"', '"22:00"').replace("[TCPA]", "[STATE_SPECIFIC, TCPA]").replace("VT", "FL")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Check files in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def check_in(files: Mapping[str, str]) -> Checked:
        for name, text in {"tenant.yaml": TENANT, **files}.items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8")
        return check_files(Options(".", date(2026, 11, 22), {}))

    return check_in


def told(checked: Checked) -> list[str]:
    return [
        f"{finding.location.file}:{finding.location.line} {finding.code}" if finding.location else finding.code
        for finding in checked.all_findings
    ]


def test_a_schema_error_hides_no_other_fault_of_its_schedule(run: Run) -> None:
    checked = run({"x.yaml": BROKEN})
    assert told(checked) == [
        "x.yaml:4 unknown-timezone",
        "x.yaml:8 window-order",
        "x.yaml:9 schema",
    ]
    assert checked.schedules == 1
    assert [(tenant.schedules, tenant.loadable) for tenant in checked.tenants] == [((), False)]


def test_a_missing_field_hides_no_other_fault(run: Run) -> None:
    text = BROKEN.replace("        maxCallsPerDay: 0\n", "").replace("  - name: Weekdays\n", "  - id: one\n")
    assert told(run({"x.yaml": text})) == [
        "x.yaml:3 schema",
        "x.yaml:4 unknown-timezone",
        "x.yaml:6 schema",
        "x.yaml:8 window-order",
    ]


def test_an_unusable_campaign_id_hides_nothing(run: Run) -> None:
    for campaign in ("campaignId: 7", "campaignId: ''", "campaignId: ..", "# none"):
        found = told(run({"x.yaml": BROKEN.replace("campaignId: CAM_001", campaign)}))
        assert found[-3:] == ["x.yaml:4 unknown-timezone", "x.yaml:8 window-order", "x.yaml:9 schema"]
        assert len(found) == 4


def test_another_window_is_judged_by_its_own_caps(run: Run) -> None:
    other = """\
      - dayOfWeek: FRIDAY
        startTime: "08:00"
        endTime: "09:00"
        maxCallsPerDay: 10
        maxCallsPerHour: 20
        predictiveRate: 1.2
        maxCallsPerAgentPerDay: 150
"""
    assert "x.yaml:17 calls-never-reached" in told(run({"x.yaml": BROKEN + other}))


@pytest.mark.parametrize(
    ("defaults", "place"),
    [
        ("window: {predictiveRate: 99}\n", "defaults.yaml:1 schema"),
        ("schedule: {oops: 1}\n", "defaults.yaml:1 schema"),
        ("schedule: 5\n", "defaults.yaml:1 schema"),
        ("- 1\n", "defaults.yaml:1 schema"),
        ("schedule: [\n", "defaults.yaml:2 yaml-syntax"),
        ("", "defaults.yaml:1 schema"),
        ("window: {}\nwindow: {}\n", "defaults.yaml:2 duplicate-key"),
    ],
)
def test_broken_defaults_hide_no_fault_below_them(run: Run, defaults: str, place: str) -> None:
    checked = run({"defaults.yaml": defaults, "x.yaml": BROKEN, "y.yaml": SOUND.replace("001", "002")})
    assert told(checked) == [
        place,
        "x.yaml:4 unknown-timezone",
        "x.yaml:8 window-order",
        "x.yaml:9 schema",
    ]
    assert checked.schedules == 2
    assert checked.tenants[0].schedules == ()
    assert not checked.tenants[0].loadable


def test_defaults_that_cannot_be_read_are_not_taken_for_missing_values(run: Run) -> None:
    bare = "campaignId: C\nschedules:\n  - name: A\n"
    assert told(run({"defaults.yaml": "schedule: [\n", "x.yaml": bare})) == ["defaults.yaml:2 yaml-syntax"]
    assert told(run({"defaults.yaml": "schedule: {timezone: 5}\n", "x.yaml": bare})) == [
        "defaults.yaml:1 schema",
        "x.yaml:3 schema",
    ]


@pytest.mark.parametrize(
    ("tenant", "places"),
    [
        (f"{TENANT}oops: 1\n", ["tenant.yaml:3 schema"]),
        (f"{TENANT}capacity: {{buffer: -1}}\n", ["tenant.yaml:3 schema"]),
        ("name: acme\nbaseUri: https://example.com\n", ["tenant.yaml:2 schema"]),
        ("name: acme\n", ["tenant.yaml:1 schema"]),
        ("name: [\n", ["tenant.yaml:2 yaml-syntax"]),
        ("- 1\n", ["tenant.yaml:1 schema"]),
        (
            f"{TENANT}oops: 1\npolicySchemas: [7, gone.json]\n",
            ["tenant.yaml:3 schema", "tenant.yaml:4 schema", "tenant.yaml:4 file-unreadable"],
        ),
    ],
)
def test_a_broken_tenant_file_hides_no_fault_below_it(run: Run, tenant: str, places: list[str]) -> None:
    checked = run({"tenant.yaml": tenant, "x.yaml": BROKEN})
    assert told(checked) == [
        *places,
        "x.yaml:4 unknown-timezone",
        "x.yaml:8 window-order",
        "x.yaml:9 schema",
    ]
    assert (checked.tenants, checked.schedules) == ((), 1)


def test_two_tenants_of_one_name_hide_nothing(run: Run) -> None:
    found = told(run({"tenant.yaml": TENANT, "in/tenant.yaml": TENANT, "in/x.yaml": BROKEN, "y.yaml": SOUND}))
    assert "in/x.yaml:4 unknown-timezone" in found
    assert "in/tenant.yaml:1 duplicate-tenant" in found


def test_settings_of_a_broken_tenant_file_that_are_valid_count(run: Run) -> None:
    tenant = (
        f"{TENANT}oops: 1\ncapacity: {{licensedCallsPerHour: 7}}\n"
        "compliance: {severities: {licensed-capacity-exceeded: warning}}\npolicySchemas: [policy.json]\n"
    )
    policy = '{"title": "No New York", "properties": {"timezone": {"const": "UTC"}}}'
    checked = run({"tenant.yaml": tenant, "policy.json": policy, "x.yaml": SOUND})
    severities = {finding.code: str(finding.severity) for finding in checked.all_findings}
    assert severities["licensed-capacity-exceeded"] == "warning"
    assert severities["policy"] == "error"


@pytest.mark.parametrize(
    ("compliance", "outside"),
    [
        ("severities: {oops: error}", True),
        ("jurisdictions: {US-TX: {}}", True),
        ("jurisdictions: {US-FL: {}}", False),
        ("jurisdictions: {Florida: {}}", False),
        ("jurisdictions: 3", False),
        ("jurisdiction: {}", False),
    ],
)
def test_hours_that_a_broken_tenant_file_may_change_are_not_judged(run: Run, compliance: str, outside: bool) -> None:
    assert "x.yaml:7 outside-calling-hours" in told(run({"x.yaml": LATE}))
    found = told(run({"tenant.yaml": f"{TENANT}compliance: {{{compliance}}}\n", "x.yaml": LATE}))
    assert ("x.yaml:7 outside-calling-hours" in found) == outside
    assert not any("jurisdiction" in text for text in found)


@pytest.mark.parametrize("sections", ["schedule: {jurisdictions: 5}", "schedule: {jurisdiction: []}"])
def test_broken_jurisdictions_of_the_defaults_are_not_called_missing(run: Run, sections: str) -> None:
    text = SOUND.replace("[TCPA]", "[STATE_SPECIFIC, TCPA]").replace("    jurisdictions: [US-VT]\n", "")
    codes = {line.split()[1] for line in told(run({"defaults.yaml": sections, "x.yaml": text}))}
    assert codes == {"schema"}


WHOLE: dict[str, Any] = {
    "name": "Everything is wrong",
    "timezone": "America/New_York",
    "jurisdictions": ["US-FL", "US-XX", "US-AL"],
    "scheduleDetails": [
        {
            "dayOfWeek": ["MONDAY", "TUESDAY"],
            "startTime": "06:00",
            "endTime": "22:00",
            "maxCallsPerDay": 500,
            "maxCallsPerHour": 800,
            "predictiveRate": 1.2,
            "maxCallsPerAgentPerDay": 150,
        },
        {
            "dayOfWeek": "MONDAY",
            "startTime": "11:00",
            "endTime": "13:00",
            "maxCallsPerDay": 1000,
            "maxCallsPerHour": 800,
            "predictiveRate": 1.2,
            "maxCallsPerAgentPerDay": 150,
        },
    ],
    "blackoutPeriods": [
        {"startTime": "11:00", "endTime": "13:00", "reason": "LUNCH_BREAK"},
        {"startTime": "06:00", "endTime": "09:00", "reason": "EARLY", "appliesToAllDays": True},
        {"startTime": "20:00", "endTime": "23:00", "reason": "LATE", "appliesToAllDays": False},
        {"startTime": "02:00", "endTime": "03:00", "reason": "NIGHT"},
        {"startTime": "05:00", "endTime": "04:00", "reason": "BACK"},
    ],
    "complianceRules": {
        "regulatoryPauses": ["STATE_SPECIFIC", "TCPA"],
        "agentAvailabilityProjection": True,
    },
}
EVENING: dict[str, Any] = {
    **WHOLE,
    "jurisdictions": [],
    "scheduleDetails": [{**WHOLE["scheduleDetails"][0], "startTime": "09:00"}],
    "blackoutPeriods": [{"startTime": "21:00", "endTime": "23:00", "reason": "EVENING"}],
    "complianceRules": {"regulatoryPauses": ["TCPA"]},
}


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    children = value.items() if isinstance(value, dict) else enumerate(value)
    for part, child in children:
        if isinstance(child, dict | list):
            yield from leaves(child, (*path, part))
        else:
            yield (*path, part)


def broken_at(entry: dict[str, Any], path: tuple[str | int, ...], *, misspelled: bool) -> dict[str, Any]:
    """The entry with one value that is none, or one key misspelled; every line of it stays where it was."""
    result = copy.deepcopy(entry)
    holder: Any = result
    for part in path[:-1]:
        holder = holder[part]
    if misspelled:
        renamed = {f"{key}x" if key == path[-1] else key: value for key, value in holder.items()}
        holder.clear()
        holder.update(renamed)
    else:
        holder[path[-1]] = None
    return result


def as_file(entry: dict[str, Any]) -> str:
    return json.dumps({"campaignId": "CAM_001", "schedules": [entry]}, indent=1)


@pytest.mark.parametrize("misspelled", [False, True])
@pytest.mark.parametrize("entry", [WHOLE, EVENING], ids=["whole", "evening"])
def test_breaking_a_value_adds_nothing_but_its_schema_error(run: Run, entry: dict[str, Any], misspelled: bool) -> None:
    before = {text for text in told(run({"x.yaml": as_file(entry)})) if not text.endswith(" schema")}
    kept: set[str] = set()
    for path in leaves(entry):
        if misspelled and isinstance(path[-1], int):
            continue
        found = told(run({"x.yaml": as_file(broken_at(entry, path, misspelled=misspelled))}))
        rest = {line for line in found if not line.endswith(" schema")}
        assert len(rest) < len(found), path
        assert rest <= before, path
        kept |= rest
    assert kept == before
