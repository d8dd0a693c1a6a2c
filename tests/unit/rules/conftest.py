"""What the tests of the checks share; `tests/support/short_schedules.py` says how schedules are written in short."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from reconciler.findings import Finding, Location
from reconciler.model import DesiredSchedule
from reconciler.settings import TenantSettings
from tests.support.short_schedules import places_found, short_schedule


@pytest.fixture(scope="session")
def build() -> Callable[..., DesiredSchedule]:
    """Makes a schedule."""
    return short_schedule


@pytest.fixture(scope="session")
def found() -> Callable[[Iterable[Finding], DesiredSchedule], list[str]]:
    """Tells findings of one schedule in short."""
    return places_found


@pytest.fixture(scope="session")
def tenant() -> Callable[..., TenantSettings]:
    """Settings of the tenant acme; fields of `TenantSettings` by name."""
    base = TenantSettings("acme", "https://api.niceincontact.com", Location("schedules/tenant.yaml", 1), "schedules")
    return lambda **fields: base._replace(**fields)
