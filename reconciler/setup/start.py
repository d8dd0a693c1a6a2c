"""What `init` writes: a tenant.yaml, a first campaign file, and copies of the schemas for editors. It overwrites nothing."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .. import hosts, sources
from ..desired.scope import DEFAULTS_FILE, TENANT_FILE, folders_down_to
from ..desired.tenants import is_tenant_name
from ..errors import ReconcilerError, UsageError
from ..files import write_whole
from ..importing import edit
from ..rules.rule_book import FEDERAL, shipped
from ..rules.zones import names, unknown_zone
from ..schema_files import copies_folder, editor_copies

CREATED, UPDATED, KEPT = "created", "updated", "kept"
_CAMPAIGN_FILE = "cam_001.yaml"
_LONGEST_NAME = 64

_TENANT = """\
{line}
# One CXone account. The campaign files in this folder and below belong to it.
{fields}
# The credentials come from the environment, never from a file: CXONE_CLIENT_ID and CXONE_CLIENT_SECRET. With several
# tenants, name variables of its own for each of them:
# credentials: {{clientIdEnv: CXONE_ACME_CLIENT_ID, clientSecretEnv: CXONE_ACME_CLIENT_SECRET}}
"""

_ADMIN_TENANT = """\
{line}
# One CXone account, through its Admin API. The campaign files in this folder and below belong to it; a schedule in them is a
# Personal Connection skill. `reconciler import --all` writes a file for each campaign that has skills.
{fields}
api: admin
admin:
  # The zone that the times of the skills are in: the API does not say it, so ask NICE, or look at a skill in the console.
  timezone: {timezone}
  # signIn: accessKey   # with the issuer of your area; the default is an application and an access key
  # partialWeek: true   # if the tenant takes a week with a closed day
# The credentials come from the environment, never from a file: CXONE_CLIENT_ID, CXONE_CLIENT_SECRET, CXONE_ACCESS_KEY_ID and
# CXONE_ACCESS_KEY_SECRET. `credentials` names others.
"""

_CAMPAIGN = """\
{line}
# An example to begin with. Put the id of a campaign of yours in the place of CAM_001; or delete this file, and
# `reconciler import --all` writes one for each campaign that the tenant has.
campaignId: CAM_001
schedules:
  - name: Weekday calling
    timezone: {timezone}
    # Where the called people are, as ISO 3166 codes. Their calling hours are checked; it is never sent to CXone.
    # jurisdictions: [US-NY, US-NJ]
    scheduleDetails:
      - dayOfWeek: [MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY]
        startTime: "09:00"
        endTime: "17:00"
        maxCallsPerDay: 2000
        maxCallsPerHour: 400
        predictiveRate: 1.2
        maxCallsPerAgentPerDay: 150
    blackoutPeriods:
      - {{startTime: "12:00", endTime: "13:00", reason: LUNCH_BREAK}}
    complianceRules:
      regulatoryPauses: [{pauses}]
"""


@dataclass(frozen=True, slots=True)
class FirstTenant:
    """What `init` has to be told. Without a base URI the tenant is one of the Admin API, which is found by discovery."""

    name: str
    base_uri: str | None
    timezone: str


@dataclass(frozen=True, slots=True)
class PlacedFile:
    """A file of `init`, as users name it, and what became of it: `created`, `updated` or `kept`; `outdated` is a copy of a
    schema that differs from the one of this release."""

    file: str
    action: str
    outdated: bool = False


@dataclass(frozen=True, slots=True)
class Ground:
    """The folder that is to be started, what lies there, and where the schemas of its editors belong."""

    folder: Path
    schemas: Path
    has_tenant: bool
    has_campaigns: bool


def survey(path: str) -> Ground:
    """Look at PATH, which need not exist. UsageError where it cannot become a tenant's folder."""
    folder = Path(os.path.realpath(path))
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{path!r} is not a folder", hint="name the folder that is to hold the schedules")
    root = Path(sources.state_of(path).root)
    if root != folder and root not in folder.parents:
        root = folder
    files = _yaml_files(path) if folder.exists() else ()
    name = "" if folder == root else folder.relative_to(root).as_posix()
    above = [Path(root, outer, TENANT_FILE) for outer in folders_down_to(name)[:-1]]
    tenants = [file for file in files if file.name == TENANT_FILE and file.parent != folder]
    for tenant in (*filter(Path.is_file, above), *tenants):
        raise UsageError(
            f"{_shown(tenant)} is a tenant already, and no tenant lies in the folder of another one",
            hint="every tenant has a folder of its own, side by side: `reconciler init schedules/NAME`",
        )
    campaigns = [file for file in files if file.name not in (TENANT_FILE, DEFAULTS_FILE)]
    has_tenant = os.path.lexists(folder / TENANT_FILE)
    return Ground(folder, copies_folder(folder, root), has_tenant, bool(campaigns))


def _yaml_files(path: str) -> tuple[Path, ...]:
    root = sources.state_of(path).root
    source = sources.WorkTree(root)
    target = source.target(path)
    listing = source.files(target.name) if target is not None else None
    return tuple(Path(root, file.name) for file in listing.files) if listing is not None else ()


def name_fault(name: str) -> str | None:
    """What is wrong with the name of a tenant, None if nothing is."""
    if name and len(name) <= _LONGEST_NAME and is_tenant_name(name):
        return None
    return (
        f"{name!r} cannot be a tenant's name: use up to {_LONGEST_NAME} letters, digits, blanks, -, _ and ., begin with a "
        "letter, a digit or _, and do not end with a blank or a dot"
    )


def base_uri_fault(base_uri: str, environ: Mapping[str, str]) -> str | None:
    """What is wrong with a base URI, None if nothing is."""
    return hosts.fault_of(base_uri, hosts.allowed_hosts(environ))


def timezone_fault(timezone: str) -> str | None:
    """What is wrong with the name of a time zone, None if nothing is."""
    return None if timezone in names() else unknown_zone(timezone)


def start(ground: Ground, tenant: FirstTenant | None) -> tuple[PlacedFile, ...]:
    """Write what is not there yet: the tenant (None where its file is there), a campaign file where there is none, and the
    schemas. ReconcilerError where a file cannot be written."""
    placed = place_schemas(ground, refresh=False)
    texts: dict[str, str] = {}
    if tenant is not None and not ground.has_tenant:
        fields = edit.tenant_text(tenant.name, tenant.base_uri, None).rstrip()
        text = _TENANT if tenant.base_uri is not None else _ADMIN_TENANT
        texts[TENANT_FILE] = text.format(line=_line(ground, "tenant"), fields=fields, timezone=tenant.timezone)
        if tenant.base_uri is not None and not ground.has_campaigns:
            pauses = FEDERAL if tenant.timezone in shipped().us_zones else ""
            line = _line(ground, "campaign")
            texts[_CAMPAIGN_FILE] = _CAMPAIGN.format(line=line, timezone=tenant.timezone, pauses=pauses)
    written = [_write(ground.folder / name, text.encode("utf-8"), new=True) for name, text in texts.items()]
    kept = [PlacedFile(_shown(ground.folder / TENANT_FILE), KEPT)] if ground.has_tenant else []
    return (*kept, *written, *placed)


def place_schemas(ground: Ground, *, refresh: bool) -> tuple[PlacedFile, ...]:
    """Bring the schemas to where editors find them; with `refresh` those that are of another release too."""
    placed = []
    for name, data in editor_copies().items():
        path = ground.schemas / name
        there = path.read_bytes() if path.exists() else None
        if there == data or (there is not None and not refresh):
            placed.append(PlacedFile(_shown(path), KEPT, outdated=there != data))
        else:
            placed.append(_write(path, data, new=there is None))
    return tuple(placed)


def _line(ground: Ground, kind: str) -> str:
    schema = Path(os.path.relpath(ground.schemas / f"{kind}.schema.json", ground.folder)).as_posix()
    return f"# yaml-language-server: $schema={schema}"


def _write(path: Path, data: bytes, *, new: bool) -> PlacedFile:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, data, new=new)
    except OSError as error:
        raise ReconcilerError(
            f"{_shown(path)} cannot be written: {error.strerror or error}",
            hint="remove the cause and run init again; it keeps what is there",
        ) from None
    return PlacedFile(_shown(path), CREATED if new else UPDATED)


def _shown(path: Path) -> str:
    return Path(os.path.relpath(path)).as_posix()
