"""Where a tenant is, when the environment says so."""

from __future__ import annotations

from datetime import date

import pytest

from reconciler.errors import UsageError
from reconciler.findings import Location
from reconciler.pipeline.tenants import Options, base_uri_of
from reconciler.settings import TenantSettings

SETTINGS = TenantSettings("acme", "https://api.niceincontact.com", Location("tenant.yaml", 1), "")


def base_uri(override: str, selected: int = 1) -> str:
    environ = {"CXONE_BASE_URI": override}
    return base_uri_of(SETTINGS, Options("schedules", date(2026, 11, 25), environ), selected)


@pytest.mark.parametrize("override", ["https://eu1.incontact.com/eu", "https://eu1.incontact.com/eu/"])
def test_the_base_uri_of_the_environment_counts(override: str) -> None:
    assert base_uri(override) == "https://eu1.incontact.com/eu"
    assert base_uri("") == SETTINGS.base_uri


@pytest.mark.parametrize(
    "override",
    [
        "http://api.niceincontact.com",
        "https://evil.example",
        "https://niceincontact.com.evil.example",
        "https://user:pass@api.niceincontact.com",
        "https://api.niceincontact.com/?x=1",
        "ftp://api.niceincontact.com",
        "not a url",
    ],
)
def test_a_forbidden_host_of_the_environment_is_wrong_usage(override: str) -> None:
    with pytest.raises(UsageError, match="CXONE_BASE_URI: "):
        base_uri(override)


def test_it_can_stand_for_one_tenant_only() -> None:
    with pytest.raises(UsageError, match="one tenant only"):
        base_uri("https://eu1.incontact.com", selected=2)
