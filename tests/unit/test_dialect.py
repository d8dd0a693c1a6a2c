"""What the APIs of CXone differ in stays behind the dialect."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from reconciler import canonical, dialect
from reconciler.findings import Location
from reconciler.settings import parse_tenant
from tests.support.builders import schedule

PACKAGE = Path(__file__).parent.parent.parent / "reconciler"
PLACE = Location("tenant.yaml", 1)
DIALER = {"name": "acme", "baseUri": "https://api.usw2.niceincontact.com"}
ADMIN = {"name": "acme", "api": "admin", "admin": {"timezone": "America/New_York"}}


@pytest.mark.parametrize("room", ["diff.py", "put_body.py", "observe.py", "plan", "apply", "document", "audit"])
def test_a_stage_knows_no_dialect(room: str) -> None:
    files = [PACKAGE / room] if room.endswith(".py") else sorted((PACKAGE / room).rglob("*.py"))
    assert files
    for file in files:
        assert not re.search(r"\.admin\b|is_skill|isScheduled|AdminSettings|skills?\b", file.read_text("utf-8")), file


def body(**changes: Any) -> dict[str, Any]:
    own = schedule()
    fields = {"name", "timezone", "scheduleDetails", "blackoutPeriods", "complianceRules"}
    return {"id": "1", "campaignId": "C", **{name: own[name] for name in own if name in fields}, **changes}


def test_a_body_is_whole_for_the_api_that_carries_it() -> None:
    dialer, admin = (dialect.carried_by(parse_tenant(data, PLACE, "")) for data in (DIALER, ADMIN))
    day = {"dayOfWeek": "MONDAY", "startTime": "09:00:00", "endTime": "17:00:00"}
    skill = canonical.body("C", "1", canonical.skill_content("Sales", "UTC", [day]))
    assert dialer.is_whole(body())
    assert not admin.is_whole(body())
    assert admin.is_whole(skill)
    assert not dialer.is_whole(skill)
    assert not dialer.is_whole(body(scheduleDetails=[day]))
    for wrong in ([], None, [None], [{"dayOfWeek": "MONDAY"}]):
        assert not admin.is_whole({**skill, "scheduleDetails": wrong})


def test_a_skills_content_survives_its_body() -> None:
    day = {"dayOfWeek": "MONDAY", "startTime": "09:00:00", "endTime": "17:00:00"}
    for is_scheduled in (True, False):
        content = canonical.skill_content("Sales", "UTC", [day], is_scheduled=is_scheduled)
        assert canonical.content_of(canonical.body("C", "1", content)) == content
