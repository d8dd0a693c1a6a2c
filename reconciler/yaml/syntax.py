"""Bytes as text that may be YAML, and what people can do about text that is not.

libyaml's own words ("did not find expected key") say where its grammar stopped; these say what is usually wrong there.
"""

from __future__ import annotations

import re

from yaml.error import MarkedYAMLError, YAMLError

from .documents import MAX_COLUMNS, MAX_DEPTH, FileFault

_BOMS = {b"\xef\xbb\xbf": "UTF-8", b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
_OTHER_BREAKS = re.compile("[\x85\u2028\u2029]")
_CONFLICT = re.compile("<{7} ")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")

_ADVICE = (
    ("tab character", "a tab cannot indent YAML; use spaces"),
    (
        "cannot start any token",
        "a value cannot begin with this character (@, ` or %); put it in quotes",
    ),
    (
        "mapping values are not allowed",
        "a colon is not expected here; put quotes around a value that holds one, or check the indentation",
    ),
    (
        "expected key",
        "this line does not fit the indentation of the lines above it, or an entry above it is not closed",
    ),
    ("expected '-' indicator", "this line does not fit the list above it; check the indentation"),
    (
        "could not find expected ':'",
        "a key without a colon; write `key: value`, with a space after the colon",
    ),
    (
        "text behind a quote",
        "text follows the end of a quoted value; a quote above it is not closed, or one within it must be doubled",
    ),
    ("expected ',' or ']'", "a list that begins with [ is not closed, or a comma is missing"),
    ("expected ',' or '}'", "a mapping that begins with { is not closed, or a comma is missing"),
    ("unexpected end of stream", "a quote is never closed"),
    ("document indicator", "a quote is not closed before the next document begins"),
    ("escape character", "an unknown escape in double quotes; use single quotes, or double the backslash"),
    ("hexdecimal number", "an escape such as \\x or \\u is cut short"),
    ("Unicode character escape", "the escape names no character"),
    ("block sequence entries are not allowed", "a list cannot begin here; put it on a line of its own"),
    (
        "expected <document start>",
        "something follows the end of the document; check brackets and indentation",
    ),
    ("block end", "the indentation does not fit the lines above"),
    (
        "alphabetic or numeric character",
        "a value that begins with * or & is an alias or an anchor; put it in quotes",
    ),
    ("unknown directive", "a line that begins with % is a directive; indent it or put it in quotes"),
    ("undefined tag handle", "tags are not used here; write a plain value, in quotes if it begins with !"),
)


def decode_text(data: bytes) -> str | FileFault:
    """The text of a file, or why it cannot be read."""
    for bom, name in _BOMS.items():
        if data.startswith(bom):
            return FileFault(
                "file-unreadable",
                f"the file begins with a {name} byte order mark; save it as UTF-8 without one",
            )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line, column = _place(data[: error.start].decode("utf-8"))
        message = f"the byte 0x{data[error.start]:02x} is not UTF-8; save the file as UTF-8"
        return FileFault("file-unreadable", message, line, column)
    if "\0" in text:
        line, column = _place(text[: text.index("\0")])
        return FileFault("file-unreadable", "the file holds a NUL byte; save it as UTF-8 text", line, column)
    if len(data) > MAX_COLUMNS and any(len(line) >= MAX_COLUMNS for line in data.splitlines()):
        return FileFault("file-unsafe", f"a line is longer than {MAX_COLUMNS:,} characters")
    if not text.isascii() and (separator := _OTHER_BREAKS.search(text)):
        # libyaml takes these for line ends as YAML 1.1 did, YAML 1.2 and editors do not: no reading is safe
        line, column = _place(text[: separator.start()])
        escape = f"\\u{ord(separator[0]):04x}"
        message = f"the invisible line separator {escape} is not allowed as such; write {escape} in double quotes"
        return FileFault("yaml-syntax", message, line, column)
    return text


def syntax_fault(error: YAMLError, text: str) -> FileFault:
    """What is wrong with text that libyaml refuses, at the place where it can be corrected."""
    if not isinstance(error, MarkedYAMLError):
        control = _FORBIDDEN.search(text)
        line, column = _place(text[: control.start()] if control else "")
        name = f"U+{ord(control[0]):04X}" if control else "an unprintable character"
        return FileFault("yaml-syntax", f"the control character {name} is not allowed in YAML; remove it", line, column)
    problem = sign = error.problem or "this is not YAML"
    mark = error.problem_mark or error.context_mark
    if "maximum nesting depth" in problem and mark:  # libyaml from 0.2.6 on; it reads further ahead than the composer
        return too_deep(mark.line + 1, mark.column + 1)
    if "incompatible YAML" in problem:
        return FileFault(
            "file-unsafe", "the %YAML line asks for another version; remove it, files are read as YAML 1.2"
        )
    if "unexpected end of stream" in problem and error.context_mark:
        mark = error.context_mark
    hidden = _hidden_cause(text, mark.line) if mark is not None else None
    if hidden is not None:
        return hidden
    if mark is not None and text[mark.index - 1 : mark.index] in ("'", '"') and "expected" in problem:
        sign = "text behind a quote"
    elif mark is not None and text[mark.index : mark.index + 1] == "\t" and "start any token" in problem:
        sign = "tab character"
    advice = next((words for known, words in _ADVICE if known in sign), None)
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    return FileFault("yaml-syntax", f"{advice} ({problem})" if advice else f"not valid YAML: {problem}", line, column)


def too_deep(line: int, column: int) -> FileFault:
    """Values are nested in each other deeper than is ever meant; the place counts from 1."""
    return FileFault("file-unsafe", f"values are nested more than {MAX_DEPTH} levels deep", line, column)


def _hidden_cause(text: str, number: int) -> FileFault | None:
    """What the parser stumbles over near a line (from 0) and no grammar has a word for."""
    lines = text.splitlines()
    for line in (number, number - 1):
        content = lines[line] if 0 <= line < len(lines) else ""
        if "\u00a0" in content:
            message = "the line holds a no-break space (U+00A0), which YAML does not take for a blank; type it anew"
            return FileFault("yaml-syntax", message, line + 1, content.index("\u00a0") + 1)
    for line, content in enumerate(lines):
        if _CONFLICT.match(content):
            message = "the file holds the marks of a merge conflict; resolve it, and remove the marks"
            return FileFault("yaml-syntax", message, line + 1)
    return None


def _place(before: str) -> tuple[int, int]:
    """Line and column of what follows `before`."""
    lines = before.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return len(lines), len(lines[-1]) + 1
