"""Files of a source as documents that fit their schema, with everything that is wrong as findings.

Nearly every document fits its schema, and a compiled validator says so in microseconds. `jsonschema`, which can say what
is wrong, costs a hundred times that and 70 ms to import, so it is not touched before there is something to word.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, partial
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
_MANY = 200  # files, of which half are parsed by a second process


class Single(NamedTuple):
    """A file that holds one document: `places` is None if there is none to look at. With findings it must not be used.

    `problems` are those of its schema; None where more than that is wrong, so that it is not known what it says.
    """

    file: File
    places: FilePlaces | None
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...] | None = None


class Reader:
    """One run over the files of one source or of several. It keeps the lines that it has read, and with `content_id`, which
    names a content as its sources do, what each content says, and what became of each document: the sources of one run share
    most of their files."""

    def __init__(self, content_id: Callable[[bytes], str] | None = None) -> None:
        self.content_id = content_id
        self.lines: Lines = {}
        self.files: dict[str, ParsedFile] = {}
        self.entries: dict[tuple[int, str], tuple[Any, tuple[Any, ...]]] = {}

    def parsed(self, source: Source, files: Iterable[File]) -> Iterator[tuple[str, ParsedFile | Finding]]:
        """Each file's shown name with what it holds, or why it cannot be read."""
        wanted = [(file, self.files.get(source.content_id(file) or "")) for file in files]
        unread = [file for file, known in wanted if known is None]
        parse = partial(self._parse, source)
        if len(unread) < _MANY:
            parsed = iter(parse(unread))
        else:
            from ..processes import in_two_processes  # late: few repositories are so large

            parsed = in_two_processes(parse, unread)
        for file, known in wanted:
            name, content = next(parsed) if known is None else ("", known)
            if name and not isinstance(content, Finding):
                self.files[name] = content
            yield source.shown(file.name), content
        next(parsed, None)  # the source may clean up

    def _parse(self, source: Source, files: Iterable[File]) -> Iterator[tuple[str, ParsedFile | Finding]]:
        """What files hold, after the names of their contents where those are wanted."""
        for content in source.read(files):
            if isinstance(content, Finding):
                yield "", content
                continue
            name = self.content_id(content) if self.content_id is not None else ""
            yield name, self.files.get(name) or parse_yaml(content, self.lines)

    def singles(self, source: Source, files: Iterable[File], kind: str) -> Iterator[Single]:
        """Files that hold one document each."""
        wanted = tuple(files)
        for file, (shown, parsed) in zip(wanted, self.parsed(source, wanted), strict=True):
            if isinstance(parsed, Finding):
                yield Single(file, None, (parsed,))
                continue
            findings = [fault.in_file(shown) for fault in parsed.faults]
            if not parsed.documents:
                yield Single(file, None, tuple(findings))
                continue
            places = FilePlaces(shown, parsed.documents[0])
            problems = schema_problems(kind, places.document.data)
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


def schema_problems(kind: str, data: Any) -> tuple[Problem, ...]:
    """Everything that is wrong with a document by the schema of its kind (`campaign`, `defaults`, `tenant`), each thing once;
    after `MAX_PROBLEMS` it is enough.

    A problem whose path is empty is about the document as a whole.
    """
    if _gate(kind).is_valid(data):
        return ()
    from .wording import Problem, problems  # late: nearly every document fits

    if not isinstance(data, dict):
        what = "a list" if isinstance(data, list) else "a single value"
        return (Problem((), f"the document is {what}, but must be a mapping of fields (`name: value`)"),)
    worded = tuple(islice(problems(_wording(kind).iter_errors(data)), MAX_PROBLEMS + 1))
    if len(worded) > MAX_PROBLEMS:
        rest = Problem((), f"the document has more than {MAX_PROBLEMS} problems; the others are not shown")
        return (*worded[:MAX_PROBLEMS], rest)
    return worded or (Problem((), "the document does not fit its schema"),)


@cache
def _gate(kind: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(load_schema(kind), validate_formats=True)


@cache
def _wording(kind: str) -> Validator:
    from jsonschema import Draft202012Validator, validators

    exact: type[Validator] = validators.extend(  # type: ignore[no-untyped-call]  # its stub has no annotations
        Draft202012Validator, {"pattern": _pattern, "uniqueItems": _unique}
    )
    return exact(load_schema(kind), format_checker=Draft202012Validator.FORMAT_CHECKER)


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
