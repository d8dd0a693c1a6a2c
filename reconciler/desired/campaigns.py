"""All files of one tenant as desired schedules: defaults, campaign documents, and what narrowing leaves of them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

from ..files import File
from ..findings import Finding, Severity, in_order
from ..identity import duplicates
from ..model import DesiredSchedule, PartialSchedule, Path, Places
from ..settings import TenantSettings
from ..yaml import Document, ParsedFile
from .defaults import Defaults, cascade, defaults_of
from .places import FilePlaces
from .reader import Reader, campaign_of, located
from .salvage import Hidden, without_hours
from .schedules import build, partial
from .scope import Scope, folders_down_to
from .tenants import TenantFile
from .wording import Problem

_UNNAMED = "an unnamed campaign"
_CAMPAIGN: Path = ("campaignId",)


@dataclass(frozen=True, slots=True)
class DesiredTenant:
    """One tenant.

    `schedules` are sorted by campaign, then by place, and are those that nothing is wrong with. `partial` is what can be
    checked of the others, which may be used for nothing else: something is wrong with them, or with a defaults.yaml.
    `campaigns` are the ids that files name, sorted, also where their list is empty or invalid; `names` those before
    narrowing. `files` is how many files were looked at. `places` knows where each value of the tenant.yaml stands.
    `loadable` is False where an entry could not be read, so that it is not known which live schedules git names. `base`
    are the schedules at `--base`, none where the base does not have this tenant; None without a base.
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


@dataclass(frozen=True, slots=True)
class _Read:
    """A campaign file that was read."""

    file: File
    shown: str
    parsed: ParsedFile | Finding

    @property
    def documents(self) -> tuple[Document, ...]:
        return () if isinstance(self.parsed, Finding) else self.parsed.documents

    def findings(self, wanted: frozenset[str] | None) -> Iterator[Finding]:
        """What is wrong with it as YAML, less what is known to be about campaigns that were left out."""
        if isinstance(self.parsed, Finding):
            yield self.parsed
            return
        for fault in self.parsed.faults:
            known = fault.document is not None and fault.document < len(self.documents)
            if not known or _is_wanted(self.documents[fault.document or 0], wanted):
                yield fault.in_file(self.shown)


def read_campaigns(
    reader: Reader,
    scope: Scope,
    tenant: TenantFile,
    shared: Mapping[str, Defaults],
    campaigns: frozenset[str],
) -> DesiredTenant:
    """Read all files of a tenant and keep what PATH and the selected `campaigns` (empty: all) leave of them.

    `shared` are the defaults above the tenant by folder. Left out of the findings is only what is known to belong to a
    campaign that is left out: a file whose campaigns are not known may hold any of them. The schedules of a tenant whose
    tenant.yaml must not be used are there to be checked, less what its hidden hours would say.
    """
    folder = tenant.folder
    defaults = tuple(reader.singles(folder.defaults, "defaults"))
    own = {posixpath.dirname(single.file.name): defaults_of(single) for single in defaults}
    read = [
        _Read(file, *parsed) for file, parsed in zip(folder.campaigns, reader.parsed(folder.campaigns), strict=True)
    ]
    wanted = _wanted(scope, read, campaigns)
    kept = [file for file in read if wanted is None or _may_hold(file, wanted)]
    collected = _Collected(reader, {**shared, **own}, wanted)
    for file in kept:
        collected.add(file)
    applied = {folder for file in kept for folder in folders_down_to(posixpath.dirname(file.file.name))}
    applying = [single for single in defaults if wanted is None or posixpath.dirname(single.file.name) in applied]
    schedules, partial = collected.checkable(tenant.hidden)
    findings = in_order(
        (
            *folder.obstacles,
            *(finding for single in applying for finding in single.findings),
            *collected.findings,
            *duplicates(collected.identified),
        )
    )
    return DesiredTenant(
        tenant.settings,
        schedules,
        partial,
        tuple(sorted(collected.campaigns)),
        frozenset(_names(read)),
        findings,
        1 + len(kept) + len(applying),
        tenant.places,
        loadable=not partial and not any(finding.severity is Severity.ERROR for finding in findings),
    )


class _Collected:
    """What the documents of one tenant add up to."""

    def __init__(self, reader: Reader, defaults: Mapping[str, Defaults], wanted: frozenset[str] | None) -> None:
        self._reader = reader
        self._cascade = cache(lambda folder: cascade(defaults, folder))
        self._wanted = wanted
        self.schedules: list[DesiredSchedule] = []
        self.partial: list[PartialSchedule] = []
        self.identified: list[DesiredSchedule] = []
        self.campaigns: set[str] = set()
        self.findings: list[Finding] = []

    def add(self, read: _Read) -> None:
        """Take over one file."""
        self.findings += read.findings(self._wanted)
        folder = posixpath.dirname(read.file.name)
        for document in read.documents:
            if _is_wanted(document, self._wanted):
                self._document(FilePlaces(read.shown, document), self._cascade(folder))

    def checkable(self, hidden: Hidden) -> tuple[tuple[DesiredSchedule, ...], tuple[PartialSchedule, ...]]:
        """The schedules, and what is known of the others; one with hidden jurisdictions is known in part only."""
        whole: list[DesiredSchedule] = []
        parts = [replace(part, schedule=without_hours(part.schedule, hidden)) for part in self.partial]
        for schedule in sorted(self.schedules, key=lambda schedule: schedule.campaign_id):
            shown = without_hours(schedule, hidden)
            if shown is schedule:
                whole.append(schedule)
            else:
                parts.append(PartialSchedule(shown, frozenset()))
        return tuple(whole), tuple(parts)

    def _document(self, file: FilePlaces, defaults: Defaults) -> None:
        problems = self._reader.check("campaign", file.document.data)
        self.findings += located(file, problems)
        campaign = campaign_of(file.document)
        if campaign is not None:
            self.campaigns.add(campaign)
        if not _has_entries(file.document, problems):
            return
        of_entry = _by_entry(problems)
        is_named = campaign is not None and all(problem.path != _CAMPAIGN for problem in problems)
        for index, entry in enumerate(file.document.entries("schedules")):
            place, wrong = FilePlaces(file.file, entry), of_entry.get(index, ())
            whole = is_named and not defaults.broken and not wrong
            schedule = build(campaign or _UNNAMED, place, defaults) if whole else None
            if schedule is not None:
                self.schedules.append(schedule)
                self.identified.append(schedule)
                continue
            part, missing = partial(campaign or _UNNAMED, place, index, defaults, wrong)
            self.findings += missing
            if part is not None:
                self.partial.append(part)
                if is_named and not part.unknown & {("id",), ("name",)}:
                    self.identified.append(part.schedule)


def _by_entry(problems: Iterable[Problem]) -> dict[int, list[Problem]]:
    """The problems of each schedule of a campaign, with paths that begin at its entry."""
    by_entry: dict[int, list[Problem]] = {}
    for problem in problems:
        match problem.path:
            case "schedules", int(index), *rest:
                by_entry.setdefault(index, []).append(replace(problem, path=tuple(rest)))
    return by_entry


def _has_entries(document: Document, problems: Iterable[Problem]) -> bool:
    """Whether there is a list of schedules of which it is known what is wrong with each."""
    if not isinstance(document.data, dict) or not isinstance(document.data.get("schedules"), list):
        return False
    return all(problem.path or problem.lacks for problem in problems)


def _wanted(scope: Scope, read: Iterable[_Read], campaigns: frozenset[str]) -> frozenset[str] | None:
    """The campaigns that PATH and the selection leave; None for all."""
    if scope.narrow is None:
        return campaigns or None
    covered = frozenset(_names(file for file in read if scope.covers(file.file.name)))
    return covered & campaigns if campaigns else covered


def _names(read: Iterable[_Read]) -> Iterator[str]:
    for file in read:
        for document in file.documents:
            campaign = campaign_of(document)
            if campaign is not None:
                yield campaign


def _is_wanted(document: Document, wanted: frozenset[str] | None) -> bool:
    return wanted is None or (campaign_of(document) or "") in wanted or campaign_of(document) is None


def _may_hold(read: _Read, wanted: frozenset[str]) -> bool:
    """Whether a file holds a wanted campaign, or one that is not known."""
    return any(_is_wanted(document, wanted) for document in read.documents) or any(read.findings(wanted))
