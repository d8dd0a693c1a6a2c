"""All files of one tenant as desired schedules: defaults, campaign documents, and what narrowing leaves of them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import NamedTuple

from ..files import File, Source
from ..findings import Finding, Severity, in_order
from ..identity import duplicates
from ..model import DesiredSchedule, PartialSchedule, Path, Places
from ..settings import TenantSettings
from ..yaml import Document, ParsedFile
from .defaults import Defaults, cascade, defaults_of, merged
from .places import FilePlaces, SchedulePlaces
from .reader import Reader, Single, campaign_of, located, schema_problems
from .schedules import build, cascaded
from .scope import Scope, folders_down_to
from .tenants import TenantFile

_UNNAMED = "an unnamed campaign"
_OF_IDENTITY: frozenset[Path] = frozenset({("campaignId",), ("id",), ("name",)})
"""What of an entry must be known to say that another one is the same."""


class DesiredTenant(NamedTuple):
    """One tenant.

    `schedules` are sorted by campaign, then by place, and are those that nothing is wrong with. `partial` is what can be
    checked of the others, which may be used for nothing else: something is wrong with them, or with a defaults.yaml.
    `campaigns` are the ids that files name, sorted, also where their list is empty or invalid; `names` those before
    narrowing. `files` is how many files were looked at. `places` knows where each value of the tenant.yaml stands.
    `loadable` is False where an entry could not be read, so that it is not known which live schedules git names. `base`
    and `applied` are the schedules at `--base` and `--applied`, none where that revision does not have this tenant; None
    without such a revision. `not_read` is how many campaigns `--changed` leaves out, None without it.
    """

    settings: TenantSettings
    schedules: tuple[DesiredSchedule, ...]
    partial: tuple[PartialSchedule, ...]
    campaigns: tuple[str, ...]
    names: frozenset[str]
    findings: tuple[Finding, ...]
    files: int
    places: Places
    loadable: bool
    base: tuple[DesiredSchedule, ...] | None = None
    applied: tuple[DesiredSchedule, ...] | None = None
    not_read: int | None = None


class CampaignFile(NamedTuple):
    """A campaign file that was read: its documents, and what is wrong with it as YAML. With each goes the campaign that it
    is about, None where that is not known; `campaigns` are all of these."""

    file: File
    shown: str
    documents: tuple[tuple[str | None, Document], ...]
    faults: tuple[tuple[str | None, Finding], ...]
    campaigns: frozenset[str | None]


_Entry = DesiredSchedule | PartialSchedule | Finding


class TenantFiles(NamedTuple):
    """All files of a tenant as YAML. Of the campaign files only those count of which PATH and the selection leave something,
    and nothing of them is checked yet.

    `wanted` are the campaigns that are left, and None for what belongs to a campaign that is not known. `names` are those of
    all files. `layers` is what each defaults.yaml at or above the tenant gives, by its folder; `defaults` are those of its own
    that reach a file which counts.
    """

    tenant: TenantFile
    campaigns: tuple[CampaignFile, ...]
    wanted: frozenset[str | None]
    names: frozenset[str]
    layers: Mapping[str, Defaults]
    defaults: tuple[Single, ...]

    @property
    def named(self) -> tuple[str, ...]:
        """The ids of the campaigns that are left, sorted."""
        return tuple(sorted(campaign for campaign in self.wanted if campaign is not None))

    @property
    def is_whole(self) -> bool:
        """Whether nothing is wrong with the tenant.yaml and the defaults, and every file is YAML that names its campaign."""
        return not (
            self.tenant.findings
            or self.tenant.folder.obstacles
            or any(layer.broken for layer in self.layers.values())
            or any(file.faults or None in file.campaigns for file in self.campaigns)
        )

    @property
    def projects(self) -> bool:
        """Whether an entry asks for the projection, itself or by its defaults; of files that fit their schema."""
        for file in self.campaigns:
            layer = cascade(self.layers, posixpath.dirname(file.file.name)).schedule
            for campaign, document in file.documents:
                entries = document.data.get("schedules") if campaign in self.wanted else None
                for entry in entries if isinstance(entries, list) else ():
                    rules = merged(layer, entry).get("complianceRules") if isinstance(entry, dict) else None
                    if isinstance(rules, dict) and rules.get("agentAvailabilityProjection") is True:
                        return True
        return False


def read_campaigns(
    reader: Reader,
    source: Source,
    scope: Scope,
    tenant: TenantFile,
    shared: Mapping[str, Defaults],
    campaigns: frozenset[str],
) -> TenantFiles:
    """Read all files of a tenant and keep what PATH and the selected `campaigns` (empty: all) leave of them; `shared` are the
    defaults above the tenant by folder."""
    folder = tenant.folder
    singles = reader.singles(source, folder.defaults, "defaults")
    defaults = {posixpath.dirname(single.file.name): single for single in singles}
    layers = {**shared, **{name: defaults_of(single) for name, single in defaults.items()}}
    parsed = zip(folder.campaigns, reader.parsed(source, folder.campaigns), strict=True)
    read = [_read(file, shown, content) for file, (shown, content) in parsed]
    wanted = {campaign for file in read for campaign in file.campaigns if scope.covers(file.file.name)}
    if campaigns:
        wanted &= campaigns
    wanted.add(None)
    narrowed = scope.narrow is not None or bool(campaigns)
    kept = tuple(file for file in read if not narrowed or not wanted.isdisjoint(file.campaigns))
    applied = {name for file in kept for name in folders_down_to(posixpath.dirname(file.file.name))}
    return TenantFiles(
        tenant,
        kept,
        frozenset(wanted),
        frozenset(campaign for file in read for campaign in file.campaigns if campaign is not None),
        layers,
        tuple(single for name, single in defaults.items() if not narrowed or name in applied),
    )


def build_tenant(files: TenantFiles, reader: Reader) -> DesiredTenant:
    """The desired schedules that the files of a tenant mean, with all that is wrong with them.

    Left out of the findings is only what is known to belong to a campaign that is left out: a file whose campaigns are not
    known may hold any of them. The schedules of a tenant whose tenant.yaml must not be used are there to be checked, less
    what its hidden hours would say.
    """
    tenant, admin = files.tenant, files.tenant.settings.admin
    layers_of = cache(lambda folder: cascade(files.layers, folder, admin))
    wanted = [
        (campaign, FilePlaces(file.shown, document), posixpath.dirname(file.file.name))
        for file in files.campaigns
        for campaign, document in file.documents
        if campaign in files.wanted
    ]
    read: list[_Entry] = []
    for campaign, file, folder in wanted:
        place = (campaign, file, layers_of(folder))
        read += _entries(*place) if reader.content_id is None else _shared_entries(*place, reader)
    identified = (
        part.schedule if isinstance(part, PartialSchedule) and part.unknown.isdisjoint(_OF_IDENTITY) else part
        for part in read
    )
    findings = in_order(
        (
            *tenant.folder.obstacles,
            *(finding for single in files.defaults for finding in single.findings),
            *(finding for file in files.campaigns for campaign, finding in file.faults if campaign in files.wanted),
            *(() if admin is None else _uncarried_defaults(files, {folder for _, _, folder in wanted})),
            *(part for part in read if isinstance(part, Finding)),
            *duplicates((part for part in identified if isinstance(part, DesiredSchedule)), skills=admin is not None),
        )
    )
    whole = [part for part in read if isinstance(part, DesiredSchedule)]
    partial = [part for part in read if isinstance(part, PartialSchedule)]
    if tenant.hidden != frozenset():
        from .salvage import checkable  # late: only where a tenant.yaml is broken

        whole, partial = checkable(whole, partial, tenant.hidden)
    return DesiredTenant(
        tenant.settings,
        tuple(sorted(whole, key=lambda schedule: schedule.campaign_id)),
        tuple(partial),
        tuple(sorted({campaign for campaign, _, _ in wanted if campaign is not None})),
        files.names,
        findings,
        1 + len(files.campaigns) + len(files.defaults),
        tenant.places,
        loadable=not partial and not any(finding.severity is Severity.ERROR for finding in findings),
    )


def _read(file: File, shown: str, content: ParsedFile | Finding) -> CampaignFile:
    if isinstance(content, Finding):
        return CampaignFile(file, shown, (), ((None, content),), frozenset({None}))
    campaigns = dict(enumerate(map(campaign_of, content.documents)))
    faults = [(campaigns.get(-1 if fault.document is None else fault.document), fault) for fault in content.faults]
    return CampaignFile(
        file,
        shown,
        tuple(zip(campaigns.values(), content.documents, strict=True)),
        tuple((campaign, fault.in_file(shown)) for campaign, fault in faults),
        frozenset((*campaigns.values(), *(campaign for campaign, _ in faults))),
    )


def _shared_entries(campaign: str | None, file: FilePlaces, defaults: Defaults, reader: Reader) -> Iterable[_Entry]:
    """`_entries`, but what was made of the same document in the same place with the same defaults is not made twice."""
    key = (id(file.document), file.file)  # `reader` keeps the document
    before = reader.entries.get(key)
    if before is None or before[0] != defaults:
        before = reader.entries[key] = defaults, tuple(_entries(campaign, file, defaults))
    return before[1]


def _entries(campaign: str | None, file: FilePlaces, defaults: Defaults) -> Iterator[_Entry]:
    """The entries of one document in their order, whole or in part, and what is wrong with them."""
    problems = schema_problems("campaign", file.document.data)
    if problems:
        from .salvage import has_entries, of_entries  # late: nearly every document fits

        yield from located(file, problems)
        if not has_entries(file.document.data, problems):
            return
    wrong = of_entries(problems) if problems else {}
    is_named = campaign is not None and all(problem.path != ("campaignId",) for problem in problems)
    for index, entry in enumerate(file.document.entries("schedules")):
        place = FilePlaces(file.file, entry)
        if defaults.admin is not None and isinstance(entry.data, dict):
            yield from _uncarried(place, defaults)
        whole = is_named and not defaults.broken and index not in wrong
        schedule = build(campaign or _UNNAMED, place, defaults) if whole else None
        if schedule is not None:
            yield schedule
            continue
        from .partial import partial

        part, missing = partial(campaign or _UNNAMED, place, index, defaults, wrong.get(index, ()))
        yield from missing
        if part is not None:
            yield part if is_named else part._replace(unknown=part.unknown | {("campaignId",)})


def _uncarried_defaults(files: TenantFiles, folders: Iterable[str]) -> Iterator[Finding]:
    """What the Admin API does not carry of each defaults.yaml that reaches one of the folders."""
    from .carried import uncarried_defaults  # late: most tenants are of the dialer

    names = {name for folder in folders for name in folders_down_to(folder)}
    for name in names & files.layers.keys():
        for place in files.layers[name].places:
            yield from uncarried_defaults(place)


def _uncarried(place: FilePlaces, defaults: Defaults) -> Iterator[Finding]:
    from .carried import uncarried  # late: most tenants are of the dialer

    entry, windows = cascaded(place.document.data, defaults._replace(admin=None))
    if defaults.broken:
        from .salvage import without_unknown  # late: most files are valid

        entry, windows = without_unknown(entry), without_unknown(windows)
    return uncarried(entry, windows, SchedulePlaces(place, defaults.places))
