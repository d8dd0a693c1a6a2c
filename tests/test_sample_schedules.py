"""The sample in `schedules/`, as people meet it first: it must be legal, and show what the README says."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from reconciler import canonical, desired, rules
from reconciler.findings import Severity
from reconciler.model import DesiredSchedule
from reconciler.schema_files import load_schema
from reconciler.sources import WorkTree
from tests.support.builders import put_body

_ROOT = Path(__file__).parent.parent


@pytest.fixture
def sample(monkeypatch: pytest.MonkeyPatch) -> desired.DesiredTenant:
    monkeypatch.chdir(_ROOT)
    loaded = desired.load(WorkTree(str(_ROOT)), "schedules")
    assert loaded.findings == ()
    (tenant,) = loaded.tenants
    assert tenant.findings == ()
    return tenant


def _of(sample: desired.DesiredTenant, campaign_id: str) -> list[DesiredSchedule]:
    return [schedule for schedule in sample.schedules if schedule.campaign_id == campaign_id]


def test_three_campaigns_and_more_than_five_schedules(sample: desired.DesiredTenant) -> None:
    assert sample.campaigns == ("CAM_001", "CAM_002", "CAM_003")
    assert len(sample.schedules) >= 5


def test_the_first_schedule_is_the_known_example_field_by_field(sample: desired.DesiredTenant) -> None:
    (schedule,) = _of(sample, "CAM_001")
    assert schedule.pinned_id is None
    derived = canonical.derived_id("CAM_001", "Monday calling")
    assert derived == "eb703d08-85e4-5e57-ab3e-85cff8d5baa9"
    assert canonical.body("CAM_001", derived, schedule.content) == put_body(derived, name="Monday calling")


@pytest.mark.parametrize("as_of", [date(2026, 1, 1), date(2026, 7, 1), date(2026, 11, 22)])
def test_its_only_warning_is_the_cap_that_is_never_reached(sample: desired.DesiredTenant, as_of: date) -> None:
    found = rules.check(sample.settings, sample.schedules, as_of)
    told = [(item.severity, item.code, item.location and item.location.line) for item in found]
    assert told == [
        (Severity.NOTICE, "called-zone-assumed", 7),
        (Severity.WARNING, "calls-never-reached", 13),
    ]


def test_two_hundred_agents_carry_it(sample: desired.DesiredTenant) -> None:
    assert rules.check_capacity(sample.settings, [(schedule, True) for schedule in sample.schedules], 200) == ()


@pytest.mark.parametrize("path", sorted(_ROOT.glob("schedules/*.yaml")), ids=lambda path: path.name)
def test_editors_find_the_schema(path: Path) -> None:
    first = path.read_text("utf-8").splitlines()[0]
    name = path.stem if path.stem in ("tenant", "defaults") else "campaign"
    assert first == f"# yaml-language-server: $schema=../schemas/{name}.schema.json"
    assert (path.parent / first.split("=")[1]).is_file()


def test_the_tenant_schema_knows_every_row() -> None:
    shipped = json.loads((_ROOT / "reconciler" / "rules" / "data" / "calling_hours.schema.json").read_text("utf-8"))
    row, rule = shipped["$defs"]["row"], load_schema("tenant")["$defs"]["rule"]
    assert set(rule["properties"]) == set(row["properties"])
    assert set(rule["required"]) == set(row["required"])
