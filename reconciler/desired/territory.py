"""All files of one tenant as desired schedules: defaults, campaign documents, and what narrowing leaves of them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ..files import File
from ..model import DesiredSchedule, Finding
from .build import build, lacking
from .cascade import Defaults, Origin, cascade
from .documents import Document, ParsedFile
from .identity import duplicates
from .origins import Reader, Single, campaign_of, located
from .scope import Scope, Territory, is_below


@dataclass(frozen=True, slots=True)
class Content:
    """What the files of a territory say; `names` are all its campaigns, `campaigns` those that narrowing leaves."""

    schedules: tuple[DesiredSchedule, ...]
    campaigns: tuple[str, ...]
    names: frozenset[str]
    findings: tuple[Finding, ...]
    files: int


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


def read_territory(
    reader: Reader,
    scope: Scope,
    territory: Territory,
    shared: Mapping[str, Origin | None],
    campaigns: frozenset[str],
) -> Content:
    """Read a territory whole and keep what PATH and the selected `campaigns` (empty: all) leave of it.

    `shared` are the defaults above the territory by folder. Left out of the findings is only what is known to belong to
    a campaign that is left out: a file whose campaigns cannot be told may hold any of them.
    """
    defaults = tuple(reader.singles(territory.defaults, "defaults"))
    usable = {**shared, **{posixpath.dirname(each.file.name): each.usable for each in defaults}}
    read = [
        _Read(file, *each)
        for file, each in zip(territory.campaigns, reader.parsed(territory.campaigns), strict=True)
    ]
    wanted = _wanted(scope, read, campaigns)
    kept = [each for each in read if wanted is None or _may_hold(each, wanted)]
    collected = _Collected(reader, usable, wanted)
    for each in kept:
        collected.add(each)
    applying = [each for each in defaults if wanted is None or _applies(each, kept)]
    schedules = tuple(sorted(collected.schedules, key=lambda each: each.campaign_id))
    return Content(
        schedules,
        tuple(sorted(collected.campaigns)),
        frozenset(_names(read)),
        (
            *territory.obstacles,
            *(finding for each in applying for finding in each.findings),
            *collected.findings,
            *duplicates(schedules),
        ),
        len(kept) + len(applying),
    )


class _Collected:
    """What the documents of one territory add up to."""

    def __init__(
        self, reader: Reader, defaults: Mapping[str, Origin | None], wanted: frozenset[str] | None
    ) -> None:
        self._reader = reader
        self._defaults = defaults
        self._wanted = wanted
        self._cascades: dict[str, Defaults] = {}
        self.schedules: list[DesiredSchedule] = []
        self.campaigns: set[str] = set()
        self.findings: list[Finding] = []

    def add(self, read: _Read) -> None:
        """Take over one file."""
        self.findings += read.findings(self._wanted)
        folder = posixpath.dirname(read.file.name)
        for document in read.documents:
            if _is_wanted(document, self._wanted):
                self._document(Origin(read.shown, document), self._cascade(folder))

    def _cascade(self, folder: str) -> Defaults:
        if folder not in self._cascades:
            self._cascades[folder] = cascade(self._defaults, folder)
        return self._cascades[folder]

    def _document(self, origin: Origin, defaults: Defaults) -> None:
        data = origin.document.data
        problems = self._reader.check("campaign", data)
        self.findings += located(origin, problems)
        campaign = campaign_of(origin.document)
        if campaign is None:
            return
        self.campaigns.add(campaign)
        broken = {
            problem.path[1]
            for problem in problems
            if len(problem.path) > 1 and problem.path[0] == "schedules"
        }
        whole = not any(problem.path in ((), ("campaignId",), ("schedules",)) for problem in problems)
        if defaults.broken or not whole or "schedules" not in data:
            return
        for index, entry in enumerate(origin.document.entries("schedules")):
            if index in broken:
                self.findings += lacking(Origin(origin.file, entry), index, defaults)
                continue
            schedule, findings = build(campaign, Origin(origin.file, entry), index, defaults)
            self.findings += findings
            if schedule is not None:
                self.schedules.append(schedule)


def _wanted(scope: Scope, read: Iterable[_Read], campaigns: frozenset[str]) -> frozenset[str] | None:
    """The campaigns that PATH and the selection leave; None for all."""
    if scope.narrow is None:
        return campaigns or None
    covered = frozenset(_names(each for each in read if scope.covers(each.file.name)))
    return covered & campaigns if campaigns else covered


def _names(read: Iterable[_Read]) -> Iterator[str]:
    for each in read:
        for document in each.documents:
            campaign = campaign_of(document)
            if campaign is not None:
                yield campaign


def _is_wanted(document: Document, wanted: frozenset[str] | None) -> bool:
    return wanted is None or (campaign_of(document) or "") in wanted or campaign_of(document) is None


def _may_hold(read: _Read, wanted: frozenset[str]) -> bool:
    """Whether a file holds a wanted campaign, or one that cannot be told."""
    return any(_is_wanted(each, wanted) for each in read.documents) or any(read.findings(wanted))


def _applies(defaults: Single, kept: Iterable[_Read]) -> bool:
    folder = posixpath.dirname(defaults.file.name)
    return any(is_below(each.file.name, folder) for each in kept)
