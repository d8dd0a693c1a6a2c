"""From `tenant.yaml` to settings: its schema, where credentials may go, the policy schemas it names."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .. import canonical
from ..files import Source
from ..hosts import fault_of
from ..model import Finding, JsonObject, Location, Severity
from ..settings import TenantSettings, parse_tenant
from .cascade import Origin
from .documents import Document, Fault
from .known import UNKNOWN, known, without_unknown
from .origins import Reader, Single
from .policies import load_policy
from .scope import Territory
from .unusable import Hidden, hidden_hours


@dataclass(frozen=True, slots=True)
class TenantFile:
    """A tenant.yaml as read; with findings it must not be used. `name` is None where it cannot be told.

    `settings` are what the file tells, with the usual values for what it does not; `hidden` are the jurisdictions whose
    hours it fails to tell (see `unusable`).
    """

    territory: Territory
    name: str | None
    settings: TenantSettings
    hidden: Hidden
    findings: tuple[Finding, ...]
    location: Location
    origin: Origin


def read_tenants(
    reader: Reader, territories: tuple[Territory, ...], allowed: frozenset[str]
) -> tuple[TenantFile, ...]:
    """Read the tenant.yaml of each territory; `allowed` are hosts named by the environment."""
    files = reader.singles((each.tenant for each in territories), "tenant")
    return tuple(
        _tenant(reader.source, territory, single, allowed)
        for territory, single in zip(territories, files, strict=True)
    )


def _tenant(source: Source, territory: Territory, single: Single, allowed: frozenset[str]) -> TenantFile:
    shown = source.shown(territory.tenant.name)
    first = Location(shown, 1, 1)
    origin = single.origin or Origin(shown, Document(None, array("Q", [0])))
    problems = single.problems
    data = known(origin.document.data, problems) if problems is not None else {}
    findings = single.findings
    if territory.inside is not None:
        findings = (*findings, _nested(source, territory, first))
    raw = origin.document.data if isinstance(origin.document.data, dict) else {}
    name = raw.get("name")
    policies, of_policies = _policies(source, origin, territory.folder, data)
    hidden = hidden_hours(problems)
    return TenantFile(
        territory,
        name if isinstance(name, str) else None,
        parse_tenant(_told(data, hidden), origin.locate(()), territory.folder, policies),
        hidden,
        (*findings, *_host(origin, raw.get("baseUri"), allowed), *of_policies),
        origin.locate(("name",)) if isinstance(name, str) else first,
        origin,
    )


def _told(data: Any, hidden: Hidden) -> JsonObject:
    """What a tenant.yaml tells for certain, as plain values."""
    told: JsonObject = {
        "name": "",
        "baseUri": "",
        **(_plain(without_unknown(data)) if data is not UNKNOWN else {}),
    }
    compliance = told.get("compliance", {})
    hours = compliance.get("jurisdictions", {})
    sure = {code: each for code, each in hours.items() if hidden is not None and code not in hidden}
    return {**told, "compliance": {**compliance, "jurisdictions": sure}}


def same_tenants(tenants: Iterable[TenantFile]) -> tuple[tuple[TenantFile, TenantFile, Finding], ...]:
    """Pairs of tenants that share their name, or base URI and client; each later one is told once."""
    found = []
    earlier: list[TenantFile] = []
    for each in tenants:
        for other in earlier:
            same = _shared(other, each)
            if same:
                where = f"{other.location.file}:{other.location.line}"
                message = f"this tenant has the same {same} as the one at {where}; every account needs one tenant.yaml"
                found.append(
                    (other, each, Finding(Severity.ERROR, "duplicate-tenant", message, each.location))
                )
                break
        earlier.append(each)
    return tuple(found)


def _shared(first: TenantFile, second: TenantFile) -> str:
    if first.name is not None and first.name == second.name:
        return f"name {first.name!r}"
    if not first.findings and not second.findings and _account(first.settings) == _account(second.settings):
        return "base URI and client id variable"
    return ""


def _account(settings: TenantSettings) -> tuple[str, str]:
    return settings.base_uri.lower(), settings.client_id_env


def _nested(source: Source, territory: Territory, location: Location) -> Finding:
    outer = source.shown(f"{territory.inside}/tenant.yaml" if territory.inside else "tenant.yaml")
    message = (
        f"this tenant.yaml lies below another tenant's folder ({outer}); give each tenant a folder of its own"
    )
    return Finding(Severity.ERROR, "schema", message, location)


def _host(origin: Origin, base_uri: Any, allowed: frozenset[str]) -> tuple[Finding, ...]:
    """Whether credentials may be sent to the base URI; what the schema refuses already is not told twice."""
    fault = fault_of(base_uri, allowed) if isinstance(base_uri, str) and base_uri else None
    if fault is None:
        return ()
    return (Finding(Severity.ERROR, "schema", f"baseUri: {fault}", origin.locate(("baseUri",))),)


def _policies(
    source: Source, origin: Origin, folder: str, data: Any
) -> tuple[tuple[tuple[str, JsonObject], ...], tuple[Finding, ...]]:
    loaded, findings = [], []
    paths = data.get("policySchemas", UNKNOWN) if data is not UNKNOWN else UNKNOWN
    for number, path in enumerate(paths if paths is not UNKNOWN else ()):
        if path is UNKNOWN:
            continue
        schema = load_policy(source, folder, path)
        if isinstance(schema, Fault):
            place = origin.locate(("policySchemas", number))
            findings.append(Finding(Severity.ERROR, schema.code, schema.message, place))
        else:
            loaded.append((path, schema))
    return tuple(loaded), tuple(findings)


def _plain(value: Any) -> Any:
    """The same data with whole numbers as int, however they were spelled: 8.0 workers are 8."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else canonical.number(value)
