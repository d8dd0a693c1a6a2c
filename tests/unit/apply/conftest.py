"""A running sandbox with CAM_A, and a tenant connected to it whose clock waits for nothing."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from reconciler import cxone
from reconciler.findings import Location
from reconciler.sandbox import Sandbox, SandboxOptions
from reconciler.settings import RequestLimits, TenantSettings
from tests.support.apply_parts import Tenant
from tests.support.clocks import JumpingClock

SCOPES = (cxone.READ, cxone.WRITE, cxone.WEBHOOKS_WRITE, cxone.WEBHOOKS_READ)


@pytest.fixture
def make_tenant() -> Iterator[Callable[..., Tenant]]:
    """Starts a sandbox with CAM_A and connects to it; keywords are options of the sandbox."""
    with contextlib.ExitStack() as stack:

        def made(**options: Any) -> Tenant:
            box = stack.enter_context(Sandbox(campaigns=["CAM_A"], options=SandboxOptions(**options)))
            settings = TenantSettings(
                "acme", box.base_uri, Location("tenant.yaml", 1), "", requests=RequestLimits(attempts=3)
            )
            stop = threading.Event()
            credentials = cxone.Credentials(box.client_id, box.client_secret)
            dialect = stack.enter_context(
                cxone.connect(settings, credentials, SCOPES, stop=stop, environ={}, clock=JumpingClock())
            )
            return Tenant(box, dialect, stop=stop)

        yield made


@pytest.fixture
def tenant(make_tenant: Callable[..., Tenant]) -> Tenant:
    """One tenant, with ETags."""
    return make_tenant()
