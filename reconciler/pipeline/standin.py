"""The embedded CXone as the tenant of `--sandbox`: what the files name exists, and its state is kept between runs."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from .. import cxone
from ..desired import DesiredTenant
from ..sandbox import AdminSandbox, Sandbox, state_path
from ..settings import TenantSettings


def stand_in(tenant: DesiredTenant, folder: Path, stack: ExitStack) -> tuple[TenantSettings, cxone.Credentials]:
    """Start the sandbox of a tenant until `stack` is closed. Returns the settings that lead to it, and the credentials."""
    settings = tenant.settings._replace(paths={})
    name = settings.name
    if settings.admin is None:
        state = state_path(folder, name)
        box = stack.enter_context(Sandbox(name=name, campaigns=tenant.campaigns, state_file=state))
        return settings._replace(base_uri=box.base_uri), cxone.Credentials(box.client_id, box.client_secret)
    skills = [(schedule.campaign_id, schedule.name, schedule.pinned_id) for schedule in tenant.schedules]
    state = state_path(folder / "admin", name)
    zone = settings.admin.timezone
    admin_box = stack.enter_context(AdminSandbox(name=name, skills=skills, timezone=zone, state_file=state))
    keys, uri = admin_box.keys, admin_box.base_uri
    credentials = cxone.Credentials(keys.client_id, keys.client_secret, (), keys.access_key_id, keys.access_key_secret)
    return settings._replace(base_uri=uri, admin=settings.admin._replace(issuer=uri)), credentials
