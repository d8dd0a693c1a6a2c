"""From a `tenant.yaml` that fits its schema to settings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from reconciler.model import Location
from reconciler.settings import Capacity, Licence, RequestLimits, SafetyLimits, TenantSettings, parse_tenant

PLACE = Location("schedules/tenant.yaml", 1)
SCHEMA = json.loads((Path(__file__).parents[2] / "schemas/tenant.schema.json").read_text(encoding="utf-8"))
LEAST = {"name": "acme", "baseUri": "https://api.usw2.niceincontact.com"}
FULL: dict[str, Any] = {
    **LEAST,
    "credentials": {"clientIdEnv": "CXONE_ACME_ID", "clientSecretEnv": "CXONE_ACME_SECRET"},
    "webhook": {"url": "https://wfm.example.com/hook"},
    "capacity": {
        "basis": "weekday",
        "buffer": 0.5,
        "agents": 40,
        "licensedCallsPerDay": 9000,
        "campaigns": {"CAM_001": {"licensedCallsPerHour": 300}},
    },
    "compliance": {"severities": {"called-zone-assumed": "error"}},
    "safety": {"maxChangedPercent": 5.5, "minSchedules": 0, "maxChanges": 0, "onDrift": "refuse"},
    "requests": {
        "concurrency": 2,
        "connectTimeout": 1,
        "readTimeout": 2.5,
        "attempts": 1,
        "maxRetryAfter": 0,
    },
    "paths": {"schedules": "/v3/campaigns/{campaignId}/schedules"},
    "preserveFields": ["routing.profile", "priority", "routing.profile.name"],
    "ignoreFields": ["scheduleDetails.predictiveRate"],
}


def parse(data: dict[str, Any]) -> TenantSettings:
    return parse_tenant(data, PLACE, "schedules")


def test_everything_but_name_and_address_has_a_default() -> None:
    assert parse(LEAST) == TenantSettings(
        name="acme",
        base_uri="https://api.usw2.niceincontact.com",
        location=PLACE,
        folder="schedules",
        client_id_env="CXONE_CLIENT_ID",
        client_secret_env="CXONE_CLIENT_SECRET",
        webhook_url=None,
        capacity=Capacity("schedule", 0.25, None, Licence(None, None), {}),
        safety=SafetyLimits(max_changed_percent=30, min_schedules=10, max_changes=None, on_drift="apply"),
        requests=RequestLimits(
            concurrency=8, connect_timeout=10, read_timeout=30, attempts=5, max_retry_after=60
        ),
    )


def test_everything_that_is_said_is_taken_also_where_it_is_zero() -> None:
    settings = parse(FULL)
    assert (settings.client_id_env, settings.client_secret_env) == ("CXONE_ACME_ID", "CXONE_ACME_SECRET")
    assert settings.webhook_url == "https://wfm.example.com/hook"
    assert settings.capacity == Capacity(
        "weekday", 0.5, 40, Licence(9000, None), {"CAM_001": Licence(None, 300)}
    )
    assert settings.severities == {"called-zone-assumed": "error"}
    assert settings.safety == SafetyLimits(5.5, 0, 0, "refuse")
    assert settings.requests == RequestLimits(2, 1, 2.5, 1, 0)
    assert settings.paths == {"schedules": "/v3/campaigns/{campaignId}/schedules"}
    assert settings.preserved == (("priority",), ("routing", "profile"), ("routing", "profile", "name"))
    assert settings.ignored == (("scheduleDetails", "predictiveRate"),)


def test_the_address_ends_without_a_slash() -> None:
    assert parse({**LEAST, "baseUri": "https://api.usw2.niceincontact.com//"}).base_uri == LEAST["baseUri"]


@pytest.mark.parametrize("data", [LEAST, FULL])
def test_the_examples_above_fit_the_schema(data: dict[str, Any]) -> None:
    jsonschema.validate(data, SCHEMA)


@pytest.mark.parametrize(
    "field",
    [
        *("id", "campaignId", "scheduleDetails.dayOfWeek", "scheduleDetails.startTime"),
        *("blackoutPeriods.startTime", "blackoutPeriods.reason"),
    ],
)
def test_what_tells_schedules_windows_and_blackouts_apart_cannot_be_ignored(field: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**LEAST, "ignoreFields": [field]}, SCHEMA)
