"""The read-only run: every selected tenant's plan, and nothing sent but GET and the token POST."""

from __future__ import annotations

import threading

from ..errors import TenantError
from ..model import Plan
from ..plan import RevisionInfo, empty_plan
from .check import CheckedTenant, check
from .options import Options
from .planning import plan_tenant, unread_plan
from .target import base_uri_of, open_target, scopes_for


def plan_all(options: Options, stop: threading.Event) -> tuple[Plan, ...]:
    """Plan every selected tenant, sorted by name; one that cannot be read does not hide the others.

    Where the files give no tenant at all there is one plan without a name, which holds the findings.
    """
    checked = check(options)
    uris = [base_uri_of(tenant, options, len(checked.tenants)) for tenant in checked.tenants]
    plans = [
        _plan(tenant, base_uri, checked.revision, options, stop)
        for tenant, base_uri in zip(checked.tenants, uris, strict=True)
    ]
    return tuple(plans) or (empty_plan(options.as_of.isoformat(), checked.revision, checked.findings),)


def _plan(
    tenant: CheckedTenant, base_uri: str, revision: RevisionInfo, options: Options, stop: threading.Event
) -> Plan:
    if not tenant.loadable:
        return unread_plan(tenant, base_uri, revision, options).plan
    try:
        with open_target(tenant, base_uri, scopes_for(tenant, write=False), options, stop) as target:
            return plan_tenant(tenant, target.dialect, base_uri, revision, options).plan
    except TenantError as error:
        return unread_plan(tenant, base_uri, revision, options, error).plan
