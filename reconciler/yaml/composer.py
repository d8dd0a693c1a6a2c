"""From libyaml's events to plain data with places, in one pass.

The libraries' own loaders are either slow (pure Python) or lose the places (libyaml's), and none of them is bounded
against what a hostile file can hold. Here nothing recurses deeper than `MAX_DEPTH`, and an alias is counted as what it
stands for, as is what anchors within anchors keep. The two loops over mappings and sequences are where loading spends its time; all that is rare is elsewhere.
"""

from __future__ import annotations

from array import array
from sys import intern
from typing import Any

from yaml._yaml import CParser  # libyaml; the copy in ruamel.yaml.clib refuses `{startTime: 09:00}`
from yaml.error import YAMLError
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

from . import syntax
from .documents import BELOW_SHIFT, COLUMN_BITS, MAX_DEPTH, MAX_MARKS, Document, FileFault, ParsedFile
from .merge_keys import mappings_of, merge
from .scalars import ScalarValue, plain_value

MAX_FAULTS = 100
_CORE = "tag:yaml.org,2002:"
_SCALAR_TAGS: dict[str, tuple[type, ...]] = {
    f"{_CORE}null": (type(None),),
    f"{_CORE}bool": (bool,),
    f"{_CORE}int": (int,),
    f"{_CORE}float": (int, float),
}


def compose(data: bytes) -> ParsedFile:
    """What `parse_yaml` says of any file, by libyaml."""
    text = syntax.decode_text(data)
    if isinstance(text, FileFault):
        return ParsedFile(faults=(text,))
    composer = Composer(data)
    try:
        composer.run()
    except StopReading as stop:
        composer.faults.append(stop.fault)
    except YAMLError as error:
        composer.faults.append(syntax.syntax_fault(error, text))
    if not composer.documents and not composer.faults:
        return ParsedFile(faults=(FileFault("schema", "the file is empty; give it content, or delete it"),))
    return ParsedFile(
        tuple(composer.documents),
        tuple(sorted(composer.faults, key=lambda fault: (fault.line, fault.column))),
    )


class StopReading(Exception):  # noqa: N818 - ends the reading of one file and becomes a finding, never an error
    """The rest of the file cannot be read; `fault` says why."""

    def __init__(self, fault: FileFault) -> None:
        super().__init__(fault.message)
        self.fault = fault


class Composer:
    """One file being read. Methods append the marks of what they return to `marks`, in the order of the data."""

    __slots__ = ("anchors", "documents", "faults", "following", "kept", "marks", "repeated")

    def __init__(self, data: bytes) -> None:
        self.following = CParser(data).get_event
        self.marks: array[int] = array("Q")
        self.anchors: dict[str, tuple[Any, array[int]] | None] = {}
        """What each anchor stands for, with its marks; None until its value ends. A later one of a name replaces it."""
        self.kept = 0
        self.repeated = 0
        self.documents: list[Document] = []
        self.faults: list[FileFault] = []

    def run(self) -> None:
        """Read all documents that are not empty. Raises StopReading or libyaml's YAMLError; `documents` then holds
        those before."""
        while type(event := self.following()) is not StreamEndEvent:
            if type(event) is DocumentStartEvent:
                if event.version not in (None, (1, 2)):
                    raise _wrong_version(event)
                self.marks, self.anchors, self.kept = array("Q"), {}, 0
                value = self._node(self.following(), 0)
                if value is not None:
                    self.documents.append(Document(value, self.marks))

    def _node(self, event: Any, depth: int) -> Any:
        kind = type(event)
        if kind is AliasEvent:
            return self._alias(event)
        start = len(self.marks)
        if event.anchor is not None:
            self.anchors[event.anchor] = None
        mark = event.start_mark
        self.marks.append(mark.line << COLUMN_BITS | mark.column)
        value: Any
        if kind is ScalarEvent:
            value = self._scalar(event)
        else:
            is_mapping = kind is MappingStartEvent
            if depth >= MAX_DEPTH:
                raise StopReading(syntax.too_deep(mark.line + 1, mark.column + 1))
            if event.tag not in (None, "!", f"{_CORE}map" if is_mapping else f"{_CORE}seq"):
                self._foreign_tag(event)
            value = self._mapping(depth) if is_mapping else self._sequence(depth)
            self.marks[start] |= len(self.marks) - start - 1 << BELOW_SHIFT
        if event.anchor is not None:
            self.anchors[event.anchor] = value, self.marks[start:]
            self.kept += len(self.marks) - start
            if self.kept > 2 * MAX_MARKS:
                raise _stop(event, "file-unsafe", "anchors within anchors hold too many values")
        return value

    def _mapping(self, depth: int) -> dict[str, Any]:
        following, marks = self.following, self.marks
        result: dict[str, Any] = {}
        own = len(marks) - 1
        merged: list[Document] = []
        while type(event := following()) is not MappingEndEvent:
            start = len(marks)
            if start > MAX_MARKS:
                raise _too_many(event)
            if type(event) is ScalarEvent and event.tag is None and event.anchor is None:
                key = intern(event.value)
            else:
                key = self._odd_key(event)
            mark = event.start_mark
            marks.append(mark.line << COLUMN_BITS | mark.column)
            if key in result or (key == "<<" and event.style == ""):
                merged += self._odd_pair(event, key, Document(result, marks, own), depth)
                continue
            event = following()
            if type(event) is ScalarEvent and event.tag is None and event.anchor is None:
                mark = event.start_mark
                marks.append(mark.line << COLUMN_BITS | mark.column)
                result[key] = plain_value(event.value) if event.style == "" else intern(event.value)
            else:
                result[key] = self._node(event, depth + 1)
        for source in merged:
            merge(result, marks, source)
        return result

    def _sequence(self, depth: int) -> list[Any]:
        following, marks = self.following, self.marks
        result: list[Any] = []
        while type(event := following()) is not SequenceEndEvent:
            if len(marks) > MAX_MARKS:
                raise _too_many(event)
            if type(event) is ScalarEvent and event.tag is None and event.anchor is None:
                mark = event.start_mark
                marks.append(mark.line << COLUMN_BITS | mark.column)
                result.append(plain_value(event.value) if event.style == "" else intern(event.value))
            else:
                result.append(self._node(event, depth + 1))
        return result

    def _scalar(self, event: Any) -> ScalarValue:
        """The value of a scalar that may carry a tag."""
        text, tag = intern(event.value), event.tag
        if tag is None:
            return plain_value(text) if event.style == "" else text
        if tag in ("!", f"{_CORE}str"):
            return text
        allowed = _SCALAR_TAGS.get(tag)
        if allowed is None:
            self._foreign_tag(event)
            return text
        value = plain_value(text)
        if type(value) not in allowed:
            self._fault(event, "yaml-syntax", f"this is not a value of the tag {_named(tag)}")
        return value

    def _foreign_tag(self, event: Any) -> None:
        message = f"the tag {_named(event.tag)} does not belong here; write a plain value without a tag"
        self._fault(event, "file-unsafe", message)

    def _alias(self, event: Any) -> Any:
        """What an alias stands for: the same object, with the marks of the place where it is written."""
        value, marks = self._anchor(event)
        self.repeated += len(marks)  # never taken back, as a merge key takes back its marks but not its cost
        if len(self.marks) + len(marks) > MAX_MARKS or self.repeated > 2 * MAX_MARKS:
            raise _too_many(event)
        self.marks.extend(marks)
        return value

    def _anchor(self, event: Any) -> tuple[Any, array[int]]:
        name = event.anchor
        if name not in self.anchors:
            raise _stop(event, "yaml-syntax", f"the alias *{name} stands for nothing: there is no &{name} above it")
        anchored = self.anchors[name]
        if anchored is None:
            raise _stop(event, "file-unsafe", f"the alias *{name} contains itself")
        return anchored

    def _odd_key(self, event: Any) -> str:
        """A key that is an alias, or a scalar with a tag or an anchor."""
        if type(event) is AliasEvent:
            value = self._anchor(event)[0]
            if isinstance(value, str):
                return value
        elif type(event) is ScalarEvent:
            if event.tag not in (None, "!", f"{_CORE}str"):
                self._foreign_tag(event)
            key = intern(event.value)
            if event.anchor is not None:
                mark = event.start_mark
                self.anchors[event.anchor] = key, array("Q", (mark.line << COLUMN_BITS | mark.column,))
                self.kept += 1
            return key
        raise _stop(
            event,
            "yaml-syntax",
            "a key must be plain text; a value that begins with { or [ needs quotes around it",
        )

    def _odd_pair(self, event: Any, key: str, mapping: Document, depth: int) -> tuple[Document, ...]:
        """A merge key, whose mappings are returned, or a key that the mapping has already; leaves no mark behind."""
        start = len(self.marks)
        following = self.following()
        value = Document(self._node(following, depth + 1), self.marks[start:])
        del self.marks[start - 1 :]
        if key not in mapping.data:
            sources = mappings_of(value)
            if sources is None:
                raise _stop(following, "yaml-syntax", "the merge key << needs a mapping, or a list of mappings")
            return sources
        line, _ = mapping.place((key,), key=True)
        message = f"the key {key[:60]!r} is already there in line {line}; one of the two would be lost"
        self._fault(event, "duplicate-key", message)
        return ()

    def _fault(self, event: Any, code: str, message: str) -> None:
        if len(self.faults) >= MAX_FAULTS:
            raise _stop(event, code, f"{message} (and the file is not read further: it has {MAX_FAULTS} such faults)")
        mark = event.start_mark
        self.faults.append(FileFault(code, message, mark.line + 1, mark.column + 1, len(self.documents)))


def _stop(event: Any, code: str, message: str) -> StopReading:
    return StopReading(FileFault(code, message, event.start_mark.line + 1, event.start_mark.column + 1))


def _wrong_version(event: Any) -> StopReading:
    number = ".".join(map(str, event.version))
    return _stop(
        event,
        "file-unsafe",
        f"the file asks to be read as YAML {number}, where 09:00 is a number and `no` means false; "
        "remove the %YAML line, files are read as YAML 1.2",
    )


def _too_many(event: Any) -> StopReading:
    message = f"the file holds more than {MAX_MARKS:,} values, counting each alias as what it stands for"
    return _stop(event, "file-unsafe", message)


def _named(tag: str) -> str:
    return f"!!{tag.removeprefix(_CORE)}" if tag.startswith(_CORE) else tag[:60]
