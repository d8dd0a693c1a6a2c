"""Reading files of a source as documents that fit their schema, with everything that is wrong as findings."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ..files import File, Source
from ..model import Finding, Location, Severity
from .cascade import Origin
from .documents import Document, ParsedFile
from .scalars import Memory
from .schema_check import SchemaCheck
from .wording import Problem
from .yaml_file import parse


@dataclass(frozen=True, slots=True)
class Single:
    """A file that holds one document: `origin` is None if there is none to look at. With findings it must not be used.

    `problems` are those of its schema; None where more than that is wrong, so that nobody knows what it says.
    """

    file: File
    origin: Origin | None
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...] | None = None


class Reader:
    """One run over the files of a source. What it keeps are validators and the scalars it has seen."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._memory = Memory()
        self._checks: dict[str, SchemaCheck] = {}

    def parsed(self, files: Iterable[File]) -> Iterator[tuple[str, ParsedFile | Finding]]:
        """Each file's shown name with what it holds, or why it cannot be read."""
        wanted = tuple(files)
        for file, data in zip(wanted, self.source.read(wanted), strict=True):
            shown = self.source.shown(file.name)
            yield shown, (data if isinstance(data, Finding) else parse(data, self._memory))

    def check(self, kind: str, data: Any) -> tuple[Problem, ...]:
        """What the schema `kind` says about a document."""
        if kind not in self._checks:
            self._checks[kind] = SchemaCheck(kind)
        if not isinstance(data, dict):
            what = "a list" if isinstance(data, list) else "a single value"
            return (Problem((), f"the document is {what}, but must be a mapping of fields (`name: value`)"),)
        return self._checks[kind].problems(data)

    def singles(self, files: Iterable[File], kind: str) -> Iterator[Single]:
        """Files that hold one document each."""
        wanted = tuple(files)
        for file, (shown, parsed) in zip(wanted, self.parsed(wanted), strict=True):
            yield self._single(file, shown, parsed, kind)

    def _single(self, file: File, shown: str, parsed: ParsedFile | Finding, kind: str) -> Single:
        if isinstance(parsed, Finding):
            return Single(file, None, (parsed,))
        findings = [fault.in_file(shown) for fault in parsed.faults]
        if not parsed.documents:
            return Single(file, None, tuple(findings))
        origin = Origin(shown, parsed.documents[0])
        problems = self.check(kind, origin.document.data)
        findings += located(origin, problems)
        for extra in parsed.documents[1:]:
            message = f"a second document; {posixpath.basename(file.name)} holds one only"
            findings.append(Finding(Severity.ERROR, "schema", message, Origin(shown, extra).locate(())))
        readable = not parsed.faults and len(parsed.documents) == 1
        return Single(file, origin, tuple(findings), problems if readable else None)


def located(origin: Origin, problems: Sequence[Problem]) -> list[Finding]:
    """Schema problems as findings at their values, or at their keys."""
    places = origin.document.places((problem.path, problem.at_key) for problem in problems)
    return [
        Finding(Severity.ERROR, "schema", problem.message, Location(origin.file, line, column))
        for problem, (line, column) in zip(problems, places, strict=True)
    ]


def campaign_of(document: Document) -> str | None:
    """The campaign that a document is about, where it can be told."""
    data = document.data
    campaign = data.get("campaignId") if isinstance(data, dict) else None
    return campaign if isinstance(campaign, str) and campaign else None
