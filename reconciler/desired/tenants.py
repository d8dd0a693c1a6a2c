"""From `tenant.yaml` to settings: its schema, where credentials may go, the policy schemas it names."""

from __future__ import annotations

import json
import posixpath
import unicodedata
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import jsonschema_rs

from .. import canonical
from ..files import File, Source
from ..findings import Finding, Location, Severity
from ..hosts import fault_of
from ..model import JsonObject
from ..phrases import shorten
from ..settings import TenantSettings, issuer_url, parse_tenant
from ..yaml import Document, FileFault, parse_yaml
from .defaults import CAPS
from .places import FilePlaces
from .reader import Reader, Single
from .salvage import UNKNOWN, Hidden, hidden_hours, known, without_unknown
from .scope import TENANT_FILE, TenantFolder
from .wording import field_text, suggestion

_IN_NAMES = frozenset(" -_.")
_HOLDERS: Mapping[str, tuple[str, ...]] = {
    "scheduleDetails": ("dayOfWeek", "startTime", "endTime", *CAPS),
    "blackoutPeriods": ("startTime", "endTime", "reason", "appliesToAllDays"),
    "complianceRules": ("regulatoryPauses", "agentAvailabilityProjection", "enableComplianceInjection"),
}
_BODY_FIELDS = frozenset(
    {
        *("id", "name", "campaignId", "timezone", *_HOLDERS),
        *(f"{holder}.{name}" for holder, names in _HOLDERS.items() for name in names),
    }
)
"""The fields of a PUT body, by the dotted names that a tenant.yaml has for them."""


@dataclass(frozen=True, slots=True)
class TenantFile:
    """A tenant.yaml as read; with findings it must not be used. `name` is None where it is not known.

    `settings` are what the file says, with the usual values for what it does not; `hidden` are the jurisdictions whose
    hours it does not give (see `salvage`).
    """

    folder: TenantFolder
    name: str | None
    settings: TenantSettings
    hidden: Hidden
    findings: tuple[Finding, ...]
    location: Location
    places: FilePlaces


def read_tenants(reader: Reader, folders: tuple[TenantFolder, ...], allowed: frozenset[str]) -> tuple[TenantFile, ...]:
    """Read the tenant.yaml of each folder; `allowed` are hosts named by the environment."""
    files = reader.singles((folder.tenant for folder in folders), "tenant")
    return tuple(_tenant(reader.source, folder, single, allowed) for folder, single in zip(folders, files, strict=True))


def _tenant(source: Source, folder: TenantFolder, single: Single, allowed: frozenset[str]) -> TenantFile:
    shown = source.shown(folder.tenant.name)
    first = Location(shown, 1, 1)
    places = single.places or FilePlaces(shown, Document(None, array("Q", [0])))
    problems = single.problems
    data = known(places.document.data, problems) if problems is not None else {}
    raw = places.document.data if isinstance(places.document.data, dict) else {}
    name = raw.get("name")
    policies, of_policies = _policies(source, places, folder.name, data)
    hidden = hidden_hours(problems)
    return TenantFile(
        folder,
        name if isinstance(name, str) else None,
        parse_tenant(_certain(data, hidden), places.locate(()), folder.name, policies),
        hidden,
        (
            *single.findings,
            *_nested(source, folder, first),
            *_identity(places, name, raw, allowed),
            *of_policies,
            *_fields(places, data),
        ),
        places.locate(("name",)) if isinstance(name, str) else first,
        places,
    )


def _certain(data: Any, hidden: Hidden) -> JsonObject:
    """What a tenant.yaml says for certain, as plain values."""
    certain: JsonObject = {
        "name": "",
        "baseUri": "",
        **(canonical.numbers(without_unknown(data)) if data is not UNKNOWN else {}),
    }
    compliance = certain.get("compliance", {})
    hours = compliance.get("jurisdictions", {})
    sure = {code: rule for code, rule in hours.items() if hidden is not None and code not in hidden}
    return {**certain, "compliance": {**compliance, "jurisdictions": sure}}


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


def _nested(source: Source, folder: TenantFolder, location: Location) -> Iterator[Finding]:
    if folder.inside is not None:
        outer = source.shown(posixpath.join(folder.inside, TENANT_FILE))
        message = f"this tenant.yaml lies below another tenant's folder ({outer}); give each tenant a folder of its own"
        yield Finding(Severity.ERROR, "schema", message, location)


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


def _fields(places: FilePlaces, data: Any) -> Iterator[Finding]:
    """Whether `ignoreFields` and `preserveFields` name what they can be about: a typo there would do nothing, in silence."""
    ignored, preserved = (_names(data, field) for field in ("ignoreFields", "preserveFields"))
    wrong = [(("ignoreFields", number), _not_ignored(name, preserved)) for number, name in ignored.items()]
    wrong += [(("preserveFields", number), _not_preserved(name)) for number, name in preserved.items()]
    for path, fault in wrong:
        if fault:
            message = f"{field_text(path)} is {shorten(data[path[0]][path[1]])!r}, {fault}"
            yield Finding(Severity.ERROR, "schema", message, places.locate(path))


def _names(data: Any, field: str) -> dict[int, str]:
    """The names that a list holds, by their number, as far as they are known."""
    listed = data.get(field, ()) if data is not UNKNOWN else ()
    return {number: name for number, name in enumerate(listed if listed is not UNKNOWN else ()) if name is not UNKNOWN}


def _not_ignored(name: str, preserved: Mapping[int, str]) -> str:
    """Why `ignoreFields` cannot name a field. A field that git does not know may be named in both lists: then its live
    value is carried over, and may change between plan and apply."""
    if name in _BODY_FIELDS or any(
        f"{name}.".startswith(f"{kept}.") or kept.startswith(f"{name}.") for kept in preserved.values()
    ):
        return ""
    same = sorted(known for known in _BODY_FIELDS if known.endswith(f".{name.rpartition('.')[2]}"))
    near = f"; did you mean {' or '.join(same)}?" if same else suggestion(name, _BODY_FIELDS)
    return f"which is no field of a schedule that git sets{near or '; a field that only CXone has must be in preserveFields too'}"


def _not_preserved(name: str) -> str:
    """Why `preserveFields` cannot name a field."""
    if name in _BODY_FIELDS:
        return "which git sets; ignoreFields keeps the live value of such a field"
    from difflib import get_close_matches

    head, dot, rest = name.partition(".")
    near = get_close_matches(head, _HOLDERS, n=1, cutoff=0.85) if dot and head not in _HOLDERS else []
    return f"which is no field of a schedule; did you mean {near[0]}.{rest}?" if near else ""


def _policies(
    source: Source, places: FilePlaces, folder: str, data: Any
) -> tuple[tuple[tuple[str, JsonObject], ...], tuple[Finding, ...]]:
    loaded, findings = [], []
    for number, path in _names(data, "policySchemas").items():
        schema = load_policy(source, folder, path)
        if isinstance(schema, FileFault):
            place = places.locate(("policySchemas", number))
            findings.append(Finding(Severity.ERROR, schema.code, schema.message, place))
        else:
            loaded.append((path, schema))
    return tuple(loaded), tuple(findings)


def load_policy(source: Source, folder: str, path: str) -> JsonObject | FileFault:
    """The policy schema that a tenant.yaml in `folder` names as `path`, or the fault of that entry (without a place)."""
    if "://" in path:
        return FileFault("file-unsafe", "a policy schema is a file of this repository, and no URL is read")
    if path.startswith("/"):
        return FileFault("file-unsafe", f"the policy schema {path!r} must be a path relative to tenant.yaml")
    file = source.file(posixpath.join(folder, path))
    if file is None:
        return FileFault(
            "file-unreadable",
            f"the policy schema {path!r} does not exist; its path is relative to tenant.yaml",
        )
    if isinstance(file, Finding):
        return FileFault(file.code, f"the policy schema {path!r}: {file.message}")
    schema = _policy_content(source, file, path)
    return schema if isinstance(schema, FileFault) else _checked_policy(schema, path)


def _policy_content(source: Source, file: File, path: str) -> Any:
    data = next(source.read((file,)))
    if isinstance(data, Finding):
        return FileFault(data.code, f"the policy schema {path!r}: {data.message}")
    if path.lower().endswith((".yaml", ".yml")):
        parsed = parse_yaml(data)
        if parsed.faults:
            fault = parsed.faults[0]
            return FileFault(fault.code, f"the policy schema {path!r}, line {fault.line}: {fault.message}")
        return parsed.documents[0].data
    try:
        return json.loads(data)
    except UnicodeDecodeError as error:
        return FileFault("file-unreadable", f"the policy schema {path!r} is not UTF-8: {error.reason}")
    except (ValueError, RecursionError) as error:
        return FileFault("schema", f"the policy schema {path!r} is not JSON: {error}")


def _checked_policy(schema: Any, path: str) -> JsonObject | FileFault:
    """The schema if it is one that needs nothing from elsewhere: a remote reference is refused, never fetched."""
    if not isinstance(schema, dict):
        return FileFault("schema", f"the policy schema {path!r} is not a JSON Schema: it must be an object")
    try:
        jsonschema_rs.validator_for(schema, retriever=_no_retrieval)
    except (ValueError, jsonschema_rs.ReferencingError) as error:  # its ValidationError is a ValueError
        reason = str(error).splitlines()[0][:200]
        return FileFault("schema", f"the policy schema {path!r} is not a JSON Schema that can be used: {reason}")
    return schema


def _no_retrieval(uri: str) -> Any:
    raise ValueError(f"{uri} is not fetched; copy it into the schema under $defs")
