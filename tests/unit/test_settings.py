from __future__ import annotations

import pytest

from reconciler.findings import Location
from reconciler.schema_files import load_schema
from reconciler.settings import Capacity, License, RequestLimits, SafetyLimits, TenantSettings, parse_tenant

_PLACE = Location("s/tenant.yaml", 1, 1)
_LEAST = {"name": "acme", "baseUri": "https://incontact.com/"}


def test_what_needs_no_file() -> None:
    settings = parse_tenant(_LEAST, _PLACE, "s")
    assert settings == TenantSettings("acme", "https://incontact.com", _PLACE, "s")
    assert (settings.client_id_env, settings.client_secret_env) == ("CXONE_CLIENT_ID", "CXONE_CLIENT_SECRET")


def test_every_field() -> None:
    data = {
        **_LEAST,
        "credentials": {"clientIdEnv": "CXONE_A", "clientSecretEnv": "CXONE_B"},
        "webhook": {"url": "https://wfm.example.com"},
        "capacity": {
            "basis": "weekday",
            "buffer": 0,
            "agents": 7,
            "licensedCallsPerDay": 1,
            "licensedCallsPerHour": 2,
            "campaigns": {"B": {"licensedCallsPerHour": 4}, "A": {"licensedCallsPerDay": 3}},
        },
        "compliance": {
            "jurisdictions": {"US-NC": {"citation": "x"}},
            "severities": {"window-overlap": "notice"},
        },
        "safety": {
            "maxChangedPercent": 5,
            "minSchedules": 0,
            "maxChanges": 9,
            "maxAddedDialingHours": 2.5,
            "onDrift": "refuse",
        },
        "requests": {
            "concurrency": 1,
            "connectTimeout": 2,
            "readTimeout": 3,
            "attempts": 4,
            "maxRetryAfter": 5,
        },
        "paths": {"token": "/t"},
        "preserveFields": ["b", "a.c", "b"],
        "ignoreFields": ["scheduleDetails.predictiveRate"],
    }
    settings = parse_tenant(data, _PLACE, "s", (("p.json", {"title": "P"}),))
    assert settings == TenantSettings(
        name="acme",
        base_uri="https://incontact.com",
        location=_PLACE,
        folder="s",
        client_id_env="CXONE_A",
        client_secret_env="CXONE_B",
        webhook_url="https://wfm.example.com",
        capacity=Capacity("weekday", 0, 7, License(1, 2), {"A": License(3), "B": License(None, 4)}),
        jurisdictions={"US-NC": {"citation": "x"}},
        severities={"window-overlap": "notice"},
        safety=SafetyLimits(5, 0, 9, 2.5, "refuse"),
        requests=RequestLimits(1, 2, 3, 4, 5),
        paths={"token": "/t"},
        policy_schemas=(("p.json", {"title": "P"}),),
        preserved=(("a", "c"), ("b",)),
        ignored=(("scheduleDetails", "predictiveRate"),),
    )


@pytest.mark.parametrize(
    ("section", "value"),
    [("safety", SafetyLimits()), ("requests", RequestLimits()), ("capacity", Capacity())],
)
def test_the_schema_shows_the_defaults_that_hold(section: str, value: SafetyLimits | RequestLimits | Capacity) -> None:
    fields = load_schema("tenant")["properties"][section]["properties"]
    shown = {name: field["default"] for name, field in fields.items() if "default" in field}
    held = {_camel(name): held for name, held in value._asdict().items()}
    assert shown
    assert {name: held[name] for name in shown} == shown


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
