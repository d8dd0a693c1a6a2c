"""All files of one tenant as desired schedules: defaults, campaign documents, and what narrowing leaves of them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from ..files import File
from ..model import DesiredSchedule, Finding, PartialSchedule, Path
from .build import build
from .cascade import Defaults, Layer, Origin, cascade
from .documents import Document, ParsedFile
from .identity import duplicates
from .layers import layer_of
from .origins import Reader, Single, campaign_of, located
from .partial import partial
from .scope import Scope, Territory, is_below
from .wording import Problem

_UNNAMED = "an unnamed campaign"
_CAMPAIGN: Path = ("campaignId",)


@dataclass(frozen=True, slots=True)
class Content:
    """What the files of a territory say; `names` are all its campaigns, `campaigns` those that narrowing leaves.

    `partial` is what can be checked of entries that cannot be planned, because of themselves or of a defaults.yaml.
    """

    schedules: tuple[DesiredSchedule, ...]
    partial: tuple[PartialSchedule, ...]
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
    shared: Mapping[str, Layer],
    campaigns: frozenset[str],
) -> Content:
    """Read a territory whole and keep what PATH and the selected `campaigns` (empty: all) leave of it.

    `shared` are the defaults above the territory by folder. Left out of the findings is only what is known to belong to
    a campaign that is left out: a file whose campaigns cannot be told may hold any of them.
    """
    defaults = tuple(reader.singles(territory.defaults, "defaults"))
    layers = {**shared, **{posixpath.dirname(each.file.name): layer_of(each) for each in defaults}}
    read = [
        _Read(file, *each)
        for file, each in zip(territory.campaigns, reader.parsed(territory.campaigns), strict=True)
    ]
    wanted = _wanted(scope, read, campaigns)
    kept = [each for each in read if wanted is None or _may_hold(each, wanted)]
    collected = _Collected(reader, layers, wanted)
    for each in kept:
        collected.add(each)
    applying = [each for each in defaults if wanted is None or _applies(each, kept)]
    return Content(
        tuple(sorted(collected.schedules, key=lambda each: each.campaign_id)),
        tuple(collected.partial),
        tuple(sorted(collected.campaigns)),
        frozenset(_names(read)),
        (
            *territory.obstacles,
            *(finding for each in applying for finding in each.findings),
            *collected.findings,
            *duplicates(collected.identified),
        ),
        len(kept) + len(applying),
    )


class _Collected:
    """What the documents of one territory add up to."""

    def __init__(self, reader: Reader, layers: Mapping[str, Layer], wanted: frozenset[str] | None) -> None:
        self._reader = reader
        self._layers = layers
        self._wanted = wanted
        self._cascades: dict[str, Defaults] = {}
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
                self._document(Origin(read.shown, document), self._cascade(folder))

    def _cascade(self, folder: str) -> Defaults:
        if folder not in self._cascades:
            self._cascades[folder] = cascade(self._layers, folder)
        return self._cascades[folder]

    def _document(self, origin: Origin, defaults: Defaults) -> None:
        problems = self._reader.check("campaign", origin.document.data)
        self.findings += located(origin, problems)
        campaign = campaign_of(origin.document)
        if campaign is not None:
            self.campaigns.add(campaign)
        if not _has_entries(origin.document, problems):
            return
        of_entry = _by_entry(problems)
        is_named = campaign is not None and all(problem.path != _CAMPAIGN for problem in problems)
        for index, entry in enumerate(origin.document.entries("schedules")):
            place, wrong = Origin(origin.file, entry), of_entry.get(index, ())
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
    found: dict[int, list[Problem]] = {}
    for problem in problems:
        match problem.path:
            case "schedules", int(index), *rest:
                found.setdefault(index, []).append(replace(problem, path=tuple(rest)))
    return found


def _has_entries(document: Document, problems: Iterable[Problem]) -> bool:
    """Whether there is a list of schedules of which it is known what is wrong with each."""
    if not isinstance(document.data, dict) or not isinstance(document.data.get("schedules"), list):
        return False
    return all(problem.path or problem.lacks for problem in problems)


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
