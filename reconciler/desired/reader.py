"""Files of a source as documents that fit their schema, with everything that is wrong as findings.

Nearly every document fits its schema, and a compiled validator says so in microseconds. `jsonschema`, which can say what
is wrong, costs a hundred times that and 70 ms to import, so it is not touched before there is something to word.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

import jsonschema_rs

from ..files import File, Source
from ..findings import Finding, Location, Severity
from ..schema_files import load_schema
from ..yaml import Document, Lines, ParsedFile, parse_yaml
from .places import FilePlaces

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError
    from jsonschema.protocols import Validator

    from .wording import Problem

MAX_PROBLEMS = 1000


class Single(NamedTuple):
    """A file that holds one document: `places` is None if there is none to look at. With findings it must not be used.

    `problems` are those of its schema; None where more than that is wrong, so that it is not known what it says.
    """

    file: File
    places: FilePlaces | None
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...] | None = None


class Known:
    """What one run knows of files by now: validators, lines, and with `content_id`, which names a content as its sources do,
    what each content says, and what became of each document: the sources of one run share most of their files."""

    def __init__(self, content_id: Callable[[bytes], str] | None = None) -> None:
        self.content_id = content_id
        self.lines: Lines = {}
        self.schema = cache(SchemaCheck)
        self.files: dict[str, ParsedFile] = {}
        self.entries: dict[tuple[int, str], tuple[Any, tuple[Any, ...]]] = {}


class Reader(NamedTuple):
    """One run over the files of a source, with what is `known` of others."""

    source: Source
    known: Known

    def parsed(self, files: Iterable[File]) -> Iterator[tuple[str, ParsedFile | Finding]]:
        """Each file's shown name with what it holds, or why it cannot be read."""
        known = self.known
        wanted = [(file, known.files.get(self.source.content_id(file) or "")) for file in files]
        unread = self.source.read(file for file, parsed in wanted if parsed is None)
        for file, shared in wanted:
            yield self.source.shown(file.name), self._parsed(next(unread)) if shared is None else shared
        next(unread, None)  # the source may clean up

    def _parsed(self, data: bytes | Finding) -> ParsedFile | Finding:
        known = self.known
        if isinstance(data, Finding):
            return data
        if known.content_id is None:
            return parse_yaml(data, known.lines)
        name = known.content_id(data)
        if name not in known.files:
            known.files[name] = parse_yaml(data, known.lines)
        return known.files[name]

    def singles(self, files: Iterable[File], kind: str) -> Iterator[Single]:
        """Files that hold one document each."""
        wanted = tuple(files)
        for file, (shown, parsed) in zip(wanted, self.parsed(wanted), strict=True):
            if isinstance(parsed, Finding):
                yield Single(file, None, (parsed,))
                continue
            findings = [fault.in_file(shown) for fault in parsed.faults]
            if not parsed.documents:
                yield Single(file, None, tuple(findings))
                continue
            places = FilePlaces(shown, parsed.documents[0])
            problems = self.known.schema(kind).problems(places.document.data)
            if problems:
                findings += located(places, problems)
            for extra in parsed.documents[1:]:
                message = f"a second document; {posixpath.basename(file.name)} holds one only"
                findings.append(Finding(Severity.ERROR, "schema", message, FilePlaces(shown, extra).locate(())))
            readable = not parsed.faults and len(parsed.documents) == 1
            yield Single(file, places, tuple(findings), problems if readable else None)


def located(file: FilePlaces, problems: Sequence[Problem]) -> list[Finding]:
    """Schema problems as findings at their values, or at their keys."""
    places = file.document.places((problem.path, problem.at_key) for problem in problems)
    return [
        Finding(Severity.ERROR, "schema", problem.message, Location(file.file, line, column))
        for problem, (line, column) in zip(problems, places, strict=True)
    ]


def campaign_of(document: Document) -> str | None:
    """The campaign that a document is about, where it is known."""
    data = document.data
    campaign = data.get("campaignId") if isinstance(data, dict) else None
    return campaign if isinstance(campaign, str) and campaign else None


class SchemaCheck:
    """The check against one schema of `schemas/`; made once and used for every document of its kind."""

    def __init__(self, name: str) -> None:
        self._schema = load_schema(name)
        self._gate = jsonschema_rs.Draft202012Validator(self._schema, validate_formats=True)

    def problems(self, data: Any) -> tuple[Problem, ...]:
        """Everything that is wrong with a document, each thing once; after `MAX_PROBLEMS` it is enough.

        A problem whose path is empty is about the document as a whole.
        """
        return () if self._gate.is_valid(data) else self._worded(data)

    def _worded(self, data: Any) -> tuple[Problem, ...]:
        from .wording import Problem, problems  # late: nearly every document fits

        if not isinstance(data, dict):
            what = "a list" if isinstance(data, list) else "a single value"
            return (Problem((), f"the document is {what}, but must be a mapping of fields (`name: value`)"),)
        worded = tuple(islice(problems(self._wording.iter_errors(data)), MAX_PROBLEMS + 1))
        if len(worded) > MAX_PROBLEMS:
            rest = Problem((), f"the document has more than {MAX_PROBLEMS} problems; the others are not shown")
            return (*worded[:MAX_PROBLEMS], rest)
        return worded or (Problem((), "the document does not fit its schema"),)

    @cached_property
    def _wording(self) -> Validator:
        from jsonschema import Draft202012Validator, validators

        exact: type[Validator] = validators.extend(  # type: ignore[no-untyped-call]  # its stub has no annotations
            Draft202012Validator, {"pattern": _pattern, "uniqueItems": _unique}
        )
        return exact(self._schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def python_pattern(pattern: str) -> str:
    """A JSON Schema pattern for `re`, whose `$` would also accept a newline at the end (ECMA-262's does not)."""
    return re.sub(r"(\\.|\[(?:\\.|[^\]\\])*\])|\$", lambda match: match[1] or r"\Z", pattern, flags=re.DOTALL)


def _pattern(_validator: Validator, pattern: str, instance: Any, _schema: Any) -> Iterator[ValidationError]:
    from jsonschema.exceptions import ValidationError

    if isinstance(instance, str) and not re.search(python_pattern(pattern), instance):
        yield ValidationError(f"does not match {pattern}")


def _unique(_validator: Validator, wanted: bool, instance: Any, _schema: Any) -> Iterator[ValidationError]:
    """As jsonschema's own, but never in the square of the length."""
    from jsonschema.exceptions import ValidationError

    from .wording import first_repeated

    if wanted and isinstance(instance, list) and first_repeated(instance) is not None:
        yield ValidationError("repeats an entry")
