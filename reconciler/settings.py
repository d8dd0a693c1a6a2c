"""What `tenant.yaml` and the environment say, as values.

A pull request can edit `tenant.yaml`, so nothing here decides where a secret may go: that is `hosts`, from the
environment alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

from .model import JsonObject, Location, Path

DEFAULT_ID_ENV = "CXONE_CLIENT_ID"
DEFAULT_SECRET_ENV = "CXONE_CLIENT_SECRET"  # noqa: S105 - the name of a variable, not a secret
_CAMEL = re.compile(r"_([a-z])")


@dataclass(frozen=True, slots=True)
class RequestLimits:
    """How requests are made: workers, attempts per request, and times in seconds."""

    concurrency: int = 8
    connect_timeout: float = 10
    read_timeout: float = 30
    attempts: int = 5
    max_retry_after: float = 60


@dataclass(frozen=True, slots=True)
class SafetyLimits:
    """What apply refuses to exceed; None is no limit; `max_added_dialing_hours` are hours a week over all changes that add
    some; `on_drift` is `apply` or `refuse`."""

    max_changed_percent: float = 30
    min_schedules: int = 10
    max_changes: int | None = None
    max_added_dialing_hours: float | None = None
    on_drift: str = "apply"


@dataclass(frozen=True, slots=True)
class License:
    """Licensed throughput in calls; None where nothing was licensed separately."""

    calls_per_day: int | None = None
    calls_per_hour: int | None = None


@dataclass(frozen=True, slots=True)
class Capacity:
    """How calls are held against agents: `basis` is `schedule` or `weekday`, `buffer` a share (0.25 is 25 %)."""

    basis: str = "schedule"
    buffer: float = 0.25
    agents: int | None = None
    tenant: License = License()
    campaigns: Mapping[str, License] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TenantSettings:
    """One `tenant.yaml`. `location` is the file, `folder` its folder relative to the source's root.

    `policy_schemas` are the loaded JSON Schemas with their paths; `ignored` and `preserved` are field patterns
    (`("scheduleDetails", "predictiveRate")`); `jurisdictions` is the raw `compliance.jurisdictions`.
    """

    name: str
    base_uri: str
    location: Location
    folder: str
    client_id_env: str = DEFAULT_ID_ENV
    client_secret_env: str = DEFAULT_SECRET_ENV
    webhook_url: str | None = None
    capacity: Capacity = Capacity()
    jurisdictions: Mapping[str, Any] = field(default_factory=dict)
    severities: Mapping[str, str] = field(default_factory=dict)
    safety: SafetyLimits = SafetyLimits()
    requests: RequestLimits = RequestLimits()
    paths: Mapping[str, str] = field(default_factory=dict)
    policy_schemas: tuple[tuple[str, JsonObject], ...] = ()
    preserved: tuple[Path, ...] = ()
    ignored: tuple[Path, ...] = ()


_Section = TypeVar("_Section", RequestLimits, SafetyLimits)


def parse_tenant(
    data: Mapping[str, Any],
    location: Location,
    folder: str,
    policy_schemas: tuple[tuple[str, JsonObject], ...] = (),
) -> TenantSettings:
    """Settings from a `tenant.yaml` that the schema has accepted."""
    credentials = data.get("credentials", {})
    compliance = data.get("compliance", {})
    capacity = data.get("capacity", {})
    basis = {name: capacity[name] for name in ("basis", "buffer", "agents") if name in capacity}
    campaigns = {name: _license(licensed) for name, licensed in sorted(capacity.get("campaigns", {}).items())}
    preserved, ignored = (
        tuple(sorted({tuple(field.split(".")) for field in data.get(key, ())}))
        for key in ("preserveFields", "ignoreFields")
    )
    return TenantSettings(
        name=data["name"],
        base_uri=data["baseUri"].rstrip("/"),
        location=location,
        folder=folder,
        client_id_env=credentials.get("clientIdEnv", DEFAULT_ID_ENV),
        client_secret_env=credentials.get("clientSecretEnv", DEFAULT_SECRET_ENV),
        webhook_url=data.get("webhook", {}).get("url"),
        capacity=Capacity(**basis, tenant=_license(capacity), campaigns=campaigns),
        jurisdictions=compliance.get("jurisdictions", {}),
        severities=compliance.get("severities", {}),
        safety=_from(SafetyLimits, data.get("safety", {})),
        requests=_from(RequestLimits, data.get("requests", {})),
        paths=data.get("paths", {}),
        policy_schemas=policy_schemas,
        preserved=preserved,
        ignored=ignored,
    )


def _license(data: Mapping[str, Any]) -> License:
    return License(data.get("licensedCallsPerDay"), data.get("licensedCallsPerHour"))


def _from(kind: type[_Section], data: Mapping[str, Any]) -> _Section:
    """A section of flat values: each field under its name in camel case, or the default."""
    keys = {field.name: _CAMEL.sub(lambda match: match[1].upper(), field.name) for field in fields(kind)}
    return kind(**{name: data[key] for name, key in keys.items() if key in data})
