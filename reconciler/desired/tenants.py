"""From `tenant.yaml` to settings: its schema, its name, and where credentials may go."""

from __future__ import annotations

import posixpath
import unicodedata
from array import array
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from .. import canonical
from ..files import Source
from ..findings import Finding, Location, Severity
from ..hosts import fault_of
from ..model import JsonObject
from ..phrases import shorten
from ..settings import TenantSettings, issuer_url, parse_tenant
from ..yaml import Document
from .places import FilePlaces
from .reader import Reader, Single
from .scope import TENANT_FILE, TenantFolder

_IN_NAMES = frozenset(" -_.")


class TenantFile(NamedTuple):
    """A tenant.yaml as read; with findings it must not be used. `name` is None where it is not known.

    `settings` are what the file says, with the usual values for what it does not; `hidden` are the jurisdictions whose
    hours it does not give (see `salvage`).
    """

    folder: TenantFolder
    name: str | None
    settings: TenantSettings
    hidden: frozenset[str] | None
    findings: tuple[Finding, ...]
    location: Location
    places: FilePlaces


def read_tenants(
    reader: Reader, source: Source, folders: tuple[TenantFolder, ...], allowed: frozenset[str]
) -> tuple[TenantFile, ...]:
    """Read the tenant.yaml of each folder; `allowed` are hosts named by the environment."""
    files = reader.singles(source, (folder.tenant for folder in folders), "tenant")
    return tuple(_tenant(source, folder, single, allowed) for folder, single in zip(folders, files, strict=True))


def _tenant(source: Source, folder: TenantFolder, single: Single, allowed: frozenset[str]) -> TenantFile:
    shown = source.shown(folder.tenant.name)
    first = Location(shown, 1, 1)
    places = single.places or FilePlaces(shown, Document(None, array("Q", [0])))
    raw: JsonObject = places.document.data if isinstance(places.document.data, dict) else {}
    name = raw.get("name")
    findings = [*single.findings, *_identity(places, name, raw, allowed)]
    data, certain = raw, raw
    hidden: frozenset[str] | None = frozenset()
    if single.findings:
        from . import salvage  # late: most files are valid

        data, certain, hidden = salvage.tenant(places.document.data, single.problems)
    if folder.inside is not None:
        outer = source.shown(posixpath.join(folder.inside, TENANT_FILE))
        message = f"this tenant.yaml lies below another tenant's folder ({outer}); give each tenant a folder of its own"
        findings.append(Finding(Severity.ERROR, "schema", message, first))
    policies: tuple[tuple[str, JsonObject], ...] = ()
    if "policySchemas" in data:
        from .policies import load_policies

        policies, faults = load_policies(source, places, folder.name, data)
        findings += faults
    if data.get("api") != "admin" and ("ignoreFields" in data or "preserveFields" in data):
        from .field_names import check_field_names

        findings += check_field_names(places, data)
    content = {"name": "", "baseUri": "", **canonical.numbers(certain)}
    settings = parse_tenant(content, places.locate(()), folder.name, policies)
    if settings.admin is not None:
        from .carried import uncarried_settings

        findings += uncarried_settings(data, places)
        settings = settings._replace(admin=settings.admin._replace(place=places.locate(("admin", "timezone"))))
    return TenantFile(
        folder,
        name if isinstance(name, str) else None,
        settings,
        hidden,
        tuple(findings),
        places.locate(("name",)) if isinstance(name, str) else first,
        places,
    )


def same_tenants(tenants: Sequence[TenantFile]) -> tuple[tuple[TenantFile, TenantFile, Finding], ...]:
    """Pairs of tenants that share their name, or base URI and client; each later one is in one pair."""
    pairs = []
    for number, tenant in enumerate(tenants):
        for other in tenants[:number]:
            same = _shared(other, tenant)
            if same:
                where = f"{other.location.file}:{other.location.line}"
                message = f"this tenant has the same {same} as the one at {where}; every account needs one tenant.yaml"
                finding = Finding(Severity.ERROR, "duplicate-tenant", message, tenant.location)
                pairs.append((other, tenant, finding))
                break
    return tuple(pairs)


def _shared(first: TenantFile, second: TenantFile) -> str:
    if first.name is not None and second.name is not None and _folded(first.name) == _folded(second.name):
        return f"name {second.name!r}{'' if first.name == second.name else ' (capitals do not count)'}"
    accounts = {one.settings.account for one in (first, second)}
    is_same = not first.findings and not second.findings and len(accounts) == 1
    return "base URI and client id variable" if is_same else ""


def _folded(name: str) -> str:
    """What two names have in common that one file system or another takes for the same."""
    return unicodedata.normalize("NFKC", name).casefold()


def is_tenant_name(name: str) -> bool:
    """Whether files, artifacts and environments can be named after a tenant: letters, digits, blanks, `-`, `_` and `.`."""
    characters = unicodedata.normalize("NFC", name)
    ends_well = characters[:1] not in tuple(" .-") and characters[-1:] not in tuple(" .")
    return ends_well and all(character.isalnum() or character in _IN_NAMES for character in characters)


def _identity(places: FilePlaces, name: Any, raw: Mapping[str, Any], allowed: frozenset[str]) -> Iterator[Finding]:
    """Whether files can be named after the tenant, and credentials may be sent to its base URI and its issuer; what the
    schema refuses already is not repeated."""
    if isinstance(name, str) and name and not is_tenant_name(name):
        message = (
            f"the tenant's name {shorten(name)!r} cannot name a file: use letters, digits, blanks, -, _ and . only, begin "
            "with a letter, a digit or _, and do not end with a blank or a dot"
        )
        yield Finding(Severity.ERROR, "tenant-name", message, places.locate(("name",)))
    base_uri, admin = raw.get("baseUri"), raw.get("admin")
    if isinstance(base_uri, str) and base_uri and (fault := fault_of(base_uri, allowed)) is not None:
        yield Finding(Severity.ERROR, "schema", f"baseUri: {fault}", places.locate(("baseUri",)))
    issuer = admin.get("issuer") if isinstance(admin, dict) else None
    if isinstance(issuer, str) and issuer and (fault := fault_of(issuer_url(issuer), allowed)) is not None:
        yield Finding(Severity.ERROR, "schema", f"admin.issuer: {fault}", places.locate(("admin", "issuer")))
