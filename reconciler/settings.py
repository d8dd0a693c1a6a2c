"""What `tenant.yaml` and the environment say, as values.

A pull request can edit `tenant.yaml`, so nothing here decides where a secret may go: that is `hosts`, from the
environment alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from .findings import Location
from .model import JsonObject, Path

DEFAULT_ID_ENV = "CXONE_CLIENT_ID"
DEFAULT_SECRET_ENV = "CXONE_CLIENT_SECRET"  # noqa: S105 - the name of a variable, not a secret
_KEY_ID_ENV = "CXONE_ACCESS_KEY_ID"
_KEY_SECRET_ENV = "CXONE_ACCESS_KEY_SECRET"  # noqa: S105 - a name too
_ISSUERS = {"password": "https://cxone.niceincontact.com", "accessKey": "https://na1.nice-incontact.com"}
_CAMEL = re.compile(r"_([a-z])")


class RequestLimits(NamedTuple):
    """How requests are made: workers, attempts per request, and times in seconds."""

    concurrency: int = 8
    connect_timeout: float = 10
    read_timeout: float = 30
    attempts: int = 5
    max_retry_after: float = 60


class SafetyLimits(NamedTuple):
    """What apply refuses to exceed; None is no limit; `max_added_dialing_hours` are hours a week over all changes that add
    some; `on_drift` is `apply` or `refuse`."""

    max_changed_percent: float = 30
    min_schedules: int = 10
    max_changes: int | None = None
    max_added_dialing_hours: float | None = None
    on_drift: str = "apply"


class License(NamedTuple):
    """Licensed throughput in calls; None where nothing was licensed separately."""

    calls_per_day: int | None = None
    calls_per_hour: int | None = None


class Capacity(NamedTuple):
    """How calls are held against agents: `basis` is `schedule` or `weekday`, `buffer` a share (0.25 is 25 %)."""

    basis: str = "schedule"
    buffer: float = 0.25
    agents: int | None = None
    tenant: License = License()
    campaigns: Mapping[str, License] = MappingProxyType({})


class AdminSettings(NamedTuple):
    """How a tenant is managed through the Admin API. `sign_in` is `password` or `accessKey`, at the host of `issuer` (a URL).

    `timezone` is the IANA zone that the times of skills are meant in, which the API does not say. Without `partial_week` no
    week with a closed day is sent. The variables hold the access key of the user whose rights count. `place` is where the zone
    stands in the file.
    """

    version: str = "v30.0"
    sign_in: str = "password"
    issuer: str = _ISSUERS["password"]
    timezone: str = ""
    partial_week: bool = False
    page_size: int = 100
    key_id_env: str = _KEY_ID_ENV
    key_secret_env: str = _KEY_SECRET_ENV
    place: Location | None = None


class TenantSettings(NamedTuple):
    """One `tenant.yaml`. `location` is the file, `folder` its folder relative to the source's root.

    `policy_schemas` are the loaded JSON Schemas with their paths; `ignored` and `preserved` are field patterns
    (`("scheduleDetails", "predictiveRate")`); `jurisdictions` is the raw `compliance.jurisdictions`. `admin` is None for the
    dialer's API; with it `base_uri` is empty where discovery is to find it.
    """

    name: str
    base_uri: str
    location: Location
    folder: str
    client_id_env: str = DEFAULT_ID_ENV
    client_secret_env: str = DEFAULT_SECRET_ENV
    webhook_url: str | None = None
    capacity: Capacity = Capacity()
    jurisdictions: Mapping[str, Any] = MappingProxyType({})
    severities: Mapping[str, str] = MappingProxyType({})
    safety: SafetyLimits = SafetyLimits()
    requests: RequestLimits = RequestLimits()
    paths: Mapping[str, str] = MappingProxyType({})
    policy_schemas: tuple[tuple[str, JsonObject], ...] = ()
    preserved: tuple[Path, ...] = ()
    ignored: tuple[Path, ...] = ()
    admin: AdminSettings | None = None

    @property
    def account(self) -> tuple[str, str]:
        """By which two tenants are the same account: where it is, and the variable of who asks."""
        return self.uri.lower(), self.client_id_env if self.admin is None else self.admin.key_id_env

    @property
    def uri(self) -> str:
        """Where the tenant is, for documents: its base URI, or its issuer where discovery is to find the API."""
        return self.base_uri or (self.admin.issuer if self.admin is not None else "")


_Section = TypeVar("_Section", RequestLimits, SafetyLimits, AdminSettings)


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
    sections = {None: capacity, **dict(sorted(capacity.get("campaigns", {}).items()))}
    licensed = {
        name: License(section.get("licensedCallsPerDay"), section.get("licensedCallsPerHour"))
        for name, section in sections.items()
    }
    preserved, ignored = (
        tuple(sorted({tuple(field.split(".")) for field in data.get(key, ())}))
        for key in ("preserveFields", "ignoreFields")
    )
    admin = _admin(data) if data.get("api") == "admin" else None
    return TenantSettings(
        name=data["name"],
        base_uri=data.get("baseUri", "").rstrip("/"),
        location=location,
        folder=folder,
        client_id_env=credentials.get("clientIdEnv", DEFAULT_ID_ENV),
        client_secret_env=credentials.get("clientSecretEnv", DEFAULT_SECRET_ENV),
        webhook_url=data.get("webhook", {}).get("url"),
        capacity=Capacity(**basis, tenant=licensed.pop(None), campaigns=licensed),
        jurisdictions=compliance.get("jurisdictions", {}),
        severities=compliance.get("severities", {}),
        safety=_from(SafetyLimits, data.get("safety", {})),
        requests=_from(RequestLimits, data.get("requests", {})),
        paths=data.get("paths", {}),
        policy_schemas=policy_schemas,
        preserved=preserved,
        ignored=(*ignored, ("name",)) if admin else ignored,  # the name of a skill can only be read
        admin=admin,
    )


def _admin(data: Mapping[str, Any]) -> AdminSettings:
    section, credentials = data.get("admin", {}), data.get("credentials", {})
    admin = _from(AdminSettings, section)
    issuer = section.get("issuer", _ISSUERS[admin.sign_in])
    return admin._replace(
        issuer=issuer_url(issuer),
        key_id_env=credentials.get("accessKeyIdEnv", _KEY_ID_ENV),
        key_secret_env=credentials.get("accessKeySecretEnv", _KEY_SECRET_ENV),
    )


def issuer_url(issuer: str) -> str:
    """The URL of an issuer that may be written as a host alone."""
    return (issuer if "://" in issuer else f"https://{issuer}").rstrip("/")


def _from(kind: type[_Section], data: Mapping[str, Any]) -> _Section:
    """A section of flat values: each field under its name in camel case, or the default."""
    keys = {name: _CAMEL.sub(lambda match: match[1].upper(), name) for name in kind._fields}
    return kind(**{name: data[key] for name, key in keys.items() if key in data})
