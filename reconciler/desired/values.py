"""What loading takes and gives: the narrowing, and the desired state of each tenant."""

from __future__ import annotations

from dataclasses import dataclass

from ..model import DesiredSchedule, Finding, PartialSchedule, Places
from ..settings import TenantSettings


@dataclass(frozen=True, slots=True)
class Selection:
    """`--tenant` and `--campaign`; empty is all."""

    tenants: frozenset[str] = frozenset()
    campaigns: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class DesiredTenant:
    """One tenant.

    `schedules` are sorted by campaign, then by place, and are those that nothing is wrong with; `partial` is what can be
    checked of the others, and of nothing else may be made. `campaigns` are the ids
    that files name, sorted, also where their list is empty or invalid. `files` is how many files were looked at.
    `places` knows where each value of the tenant.yaml stands.
    """

    settings: TenantSettings
    schedules: tuple[DesiredSchedule, ...]
    partial: tuple[PartialSchedule, ...]
    campaigns: tuple[str, ...]
    findings: tuple[Finding, ...]
    files: int
    places: Places


@dataclass(frozen=True, slots=True)
class Desired:
    """What the files say: the tenants by name, and the findings that belong to none of them.

    `tenants` are those whose tenant.yaml is valid. `unusable` are the others, in the order of their folders: their
    settings are what the file tells, their schedules can be checked and nothing more, and their findings are among those
    of none.
    `narrowed` says that PATH leaves a part of a tenant's files out.
    `tenant_names` and `campaign_names` are those before narrowing, for a "did you mean".
    """

    tenants: tuple[DesiredTenant, ...] = ()
    unusable: tuple[DesiredTenant, ...] = ()
    findings: tuple[Finding, ...] = ()
    files: int = 0
    tenant_names: tuple[str, ...] = ()
    campaign_names: tuple[str, ...] = ()
    narrowed: bool = False
