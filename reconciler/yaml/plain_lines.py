"""Most files by a shorter way: YAML whose every line can be understood by itself, and no other.

Nearly all files hold nothing but block mappings and lists whose values are plain or quoted words, or short flow lists, on one
line; schedules repeat these lines by the thousand. So a line is understood once, by one pattern, and is known from then on;
what is left is to put lines together by their indentation. It costs a fifth of what libyaml's events cost. The pattern is
narrow on purpose: whatever it does not know for certain (a tab, an anchor, an escape, text over two lines, a key twice, an
indentation that fits nothing) is left to the composer, which reads the whole file anew and has all the words for what is
wrong. So this module can say no, and never anything that the composer would not say.
"""

from __future__ import annotations

import re
import sys
from array import array
from typing import Any, NamedTuple

from .documents import BELOW_SHIFT, COLUMN_BITS, MAX_MARKS, Document
from .scalars import plain_value

_LATIN = "\u00c0-\u024f"
_UNUSUAL = re.compile(f"[^\n -~\u00a1-\u00ac\u00ae-\u00bf{_LATIN}\u2010-\u2027\u20ac]")
_LONGEST = 1000  # characters of a line; libyaml looks no further than 1024 for the end of a key
_DEEPEST = 20
_MOST_KNOWN = 50_000  # lines that are remembered

_KEY = "[A-Za-z_][A-Za-z0-9_]*"
_QUOTED = r"\"[^\"\\]*\"|'[^']*'"
_FIRST = rf"(?:[A-Za-z0-9_{_LATIN}]|[+.-][0-9])"
_WORD = rf"{_FIRST}(?: *[A-Za-z0-9_/.+{_LATIN}-]|:(?=[A-Za-z0-9_/]))*"
_TEXT = rf"{_FIRST}(?: *[A-Za-z0-9_/.+()'&,;!?=@$%*~<>|^{_LATIN}-]|:(?=[A-Za-z0-9_/.+{_LATIN}-]))*"
_PAIR = rf"{_KEY}: +(?:{_QUOTED}|{_WORD})"
_LINE = re.compile(
    rf" *(?:(?P<dash>-) +)?(?:(?P<key>{_KEY}):(?: +|$))?"
    rf"(?P<value>{_QUOTED}|{_TEXT}"
    rf"|\[ *(?:(?:{_QUOTED}|{_WORD}) *(?:, *(?:{_QUOTED}|{_WORD}) *)*)?\]"
    rf"|\{{ *(?:{_PAIR} *(?:, *{_PAIR} *)*)?\}})?"
    r"(?: *| +#.*)"
)
_PART = re.compile(rf"(?:(?P<key>{_KEY}): +)?(?P<value>{_QUOTED}|{_WORD})")
_COMMENT = re.compile(r" *(?:#.*)?")


class _Line(NamedTuple):
    """What a line says. `column` is where it begins, at its dash if it has one; `key` is None where it is an item without one.
    `marks` are those of the value, without their line, empty where it has none."""

    column: int
    is_item: bool
    key: str | None
    key_column: int
    value: Any
    marks: tuple[int, ...]


Lines = dict[str, Any]
"""What lines say that were met before, by their text."""


class NotPlainError(Exception):
    """The file must be read by the composer."""


def read_plain(data: bytes, known: Lines) -> tuple[Document, ...]:
    """The documents of a file that are not empty, as the composer would read them; `known` learns its lines. NotPlainError
    where that is not certain."""
    try:
        whole = data.decode("utf-8")
    except UnicodeDecodeError:
        raise NotPlainError from None
    if _UNUSUAL.search(whole):
        raise NotPlainError
    documents: list[Document] = []
    reader = _PlainReader()
    for number, text in enumerate(whole.split("\n")):
        line = known.get(text)
        if line is None:
            line = _understood(text)
            if len(known) < _MOST_KNOWN:
                known[text] = line
        if line:
            reader.add(line, number << COLUMN_BITS)
        elif text == "---":
            documents += reader.finished()
            reader = _PlainReader()
    return (*documents, *reader.finished())


class _PlainReader:
    """One document: its open mappings and lists, the outermost first, with the column and the first mark of each."""

    __slots__ = ("columns", "marks", "nodes", "pending", "starts")

    def __init__(self) -> None:
        self.marks = array("Q")
        self.columns: list[int] = []
        self.nodes: list[Any] = []
        self.starts: list[int] = []
        self.pending: str | None = None
        """The key of the last line, where its value is to come."""

    def add(self, line: _Line, row: int) -> None:
        """Take in a line; `row` is its number as a mark has it."""
        column, is_item, key, key_column, value, of_value = line
        marks, nodes = self.marks, self.nodes
        if self.pending is not None or not nodes:
            self._open(line, row)
        elif self.columns[-1] != column or is_item is not (type(nodes[-1]) is list):
            self._back_to(column, is_item=is_item)
        if is_item:
            if key is None:
                nodes[-1].append(value)
                for mark in of_value:
                    marks.append(row | mark)
                return
            node: dict[str, Any] = {}
            nodes[-1].append(node)
            self._push(node, key_column, row)
        holder = nodes[-1]
        if key in holder:
            raise NotPlainError
        holder[key] = value
        marks.append(row | key_column)
        for mark in of_value:
            marks.append(row | mark)
        if not of_value:
            self.pending = key

    def finished(self) -> tuple[Document, ...]:
        """The document, where it is not empty."""
        if self.pending is not None:
            raise NotPlainError
        root = self.nodes[:1]
        while self.columns:
            self._close()
        return tuple(Document(node, self.marks) for node in root)

    def _open(self, line: _Line, row: int) -> None:
        """A mapping or a list that begins with this line, as the value of the key above it or as the root."""
        node: Any = [] if line.is_item else {}
        if self.pending is not None:
            if line.column < self.columns[-1] + (not line.is_item) or len(self.columns) > _DEEPEST:
                raise NotPlainError
            self.nodes[-1][self.pending] = node
            self.pending = None
        elif line.is_item:
            raise NotPlainError
        self._push(node, line.column, row)

    def _back_to(self, column: int, *, is_item: bool) -> None:
        """Close what is deeper than a line that goes on with something above it."""
        columns, nodes = self.columns, self.nodes
        while len(columns) > 1 and columns[-1] > column:
            self._close()
        if not is_item and type(nodes[-1]) is list:  # a list that stands as far left as its key
            self._close()
        if columns[-1] != column or is_item is not (type(nodes[-1]) is list):
            raise NotPlainError

    def _push(self, node: Any, column: int, row: int) -> None:
        self.columns.append(column)
        self.nodes.append(node)
        self.starts.append(len(self.marks))
        self.marks.append(row | column)

    def _close(self) -> None:
        self.columns.pop()
        self.nodes.pop()
        start = self.starts.pop()
        if len(self.marks) > MAX_MARKS:
            raise NotPlainError
        self.marks[start] |= len(self.marks) - start - 1 << BELOW_SHIFT


def _understood(text: str) -> _Line | tuple[()]:
    """What a line says; nothing, where it is empty, a comment, or begins a document."""
    if len(text) > _LONGEST:
        raise NotPlainError
    if text == "---" or _COMMENT.fullmatch(text):
        return ()
    match = _LINE.fullmatch(text)
    if match is None or (match["value"] is None and match["key"] is None):
        raise NotPlainError
    if match["key"] is None and match["dash"] is None:  # the second line of a text, or a document of one word
        raise NotPlainError
    is_item = match["dash"] is not None
    key_column = match.start("key")
    column = match.start("dash") if is_item else key_column
    key = match["key"]
    if key is not None:
        key = sys.intern(key)
    if match["value"] is None:
        return _Line(column, is_item, key, key_column, None, ())
    value, marks = _value(match["value"], match.start("value"))
    return _Line(column, is_item, key, key_column, value, marks)


def _value(text: str, column: int) -> tuple[Any, tuple[int, ...]]:
    """A value that stands at a column, and its marks."""
    if text[0] not in "[{":
        return _scalar(text), (column,)
    marks: list[int] = []
    items: list[Any] = []
    pairs: dict[str, Any] = {}
    for part in _PART.finditer(text, 1):
        key, value = part["key"], _scalar(part["value"])
        if key is not None:
            marks.append(column + part.start("key"))
            if key in pairs:
                raise NotPlainError
            pairs[sys.intern(key)] = value
        marks.append(column + part.start("value"))
        items.append(value)
    return pairs if text[0] == "{" else items, (len(marks) << BELOW_SHIFT | column, *marks)


def _scalar(text: str) -> Any:
    """Equal texts are one object, which keeps 10,000 schedules small."""
    return sys.intern(text[1:-1]) if text[0] in "\"'" else plain_value(text)
