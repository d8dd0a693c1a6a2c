"""Nothing from a file or a tenant leaves its place in an output: one escape for each place.

Names, messages and values are other people's text. In a terminal they could move the cursor, in a build log give a
command to the runner, in a comment mention a team or close a code fence, on a page run a script; and a direction
override or an invisible character could make a reader approve something else than what is written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import chain
from json.encoder import encode_basestring
from typing import Any

from ..phrases import shorten

_INVISIBLE = (
    "\x7f-\x9f"  # DEL and C1
    "\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\ud800-\udfff"  # lone surrogates: no encoding can write them
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# Wherever they stand in a line of a log, "##[" and "##vso[" are commands to GitHub's and Azure's runners; "::" is one
# where a line begins with it.
_COMMAND = r"##(?=\[|[vV][sS][oO]\[)"
_COMMAND_AT_START = r"\A[^\S\x00-\x1f]*::"
# Ranges, not unicodedata: the same input gives the same bytes under every version of Python.
_UNSAFE = re.compile(f"[\x00-\x1f{_INVISIBLE}]|{_COMMAND}|{_COMMAND_AT_START}")
# The patterns that only some formats need are compiled where they are used first, and kept by `re`.
_UNSAFE_IN_JSON = f"[{_INVISIBLE}]|{_COMMAND}"
_SHORT = {"\n": r"\n", "\r": r"\r", "\t": r"\t", "##": r"\x23#"}


def visible(text: str) -> str:
    """One line, with every character that a reader would not see as an escape: `\\x1b`, `\\u202e`, `\\n`.

    What would be a command to a build's runner is escaped too, as `\\x23#[`.
    """
    return _UNSAFE.sub(_visible_escape, text)


def _visible_escape(match: re.Match[str]) -> str:
    text = match[0]
    if text.endswith("::"):
        return text[:-2] + r"\x3a:"
    if text in _SHORT:
        return _SHORT[text]
    point = ord(text)
    if point < 0x100:
        return f"\\x{point:02x}"
    return f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"


def clipped(text: str, length: int) -> str:
    """`visible(text)`, cut to about `length` characters with an ellipsis where it is longer."""
    return shorten(visible(text[: length + 1]), length)


_LEVELS = 4
_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, check_circular=False).encode  # a document is a tree


def json_text(document: Any) -> str:
    """JSON that says the same data, with what `visible` would escape as JSON escapes; ends with a newline.

    The outer levels are indented and the rest is a line each: to be read, and compared line by line, at a fifth of what
    the standard library's indenting costs for 10,000 changes.
    """
    # Nearly all pieces are plain, and the pattern looks at each character.
    return "".join(
        piece if _is_plain(piece) else re.sub(_UNSAFE_IN_JSON, _json_escape, piece)
        for piece in chain(_json_pieces(document, _LEVELS, "\n"), "\n")
    )


def _is_plain(text: str) -> bool:
    """Whether nothing in JSON's text needs an escape, for certain."""
    return text.isascii() and "\x7f" not in text and "##" not in text


def _json_pieces(value: Any, levels: int, line: str) -> Iterator[str]:
    """`_json_lines` in pieces, one for each change of a plan: its text is long, and need not be put together twice."""
    if levels <= _LEVELS - 2 or not value or not isinstance(value, (dict, list)):
        yield _json_lines(value, levels, line)
        return
    deeper = f"{line}  "
    before, end = ("{", "}") if isinstance(value, dict) else ("[", "]")
    for key in value if isinstance(value, dict) else range(len(value)):
        yield f"{before}{deeper}" + (f"{encode_basestring(key)}: " if isinstance(key, str) else "")
        yield from _json_pieces(value[key], levels - 1, deeper)
        before = ","
    yield f"{line}{end}"


def _json_lines(value: Any, levels: int, line: str) -> str:
    """`value` with its outermost `levels` over several lines; `line` is a line break with the indentation to keep."""
    if isinstance(value, str):
        return encode_basestring(value)
    if not levels or not value or not isinstance(value, (dict, list)):
        if value is None or value == []:  # an encoder is made anew for each value, which costs more than most of them
            return "null" if value is None else "[]"
        return str(value) if type(value) is int else _encode(value)
    deeper = line + "  "
    if isinstance(value, dict):
        items = [f"{encode_basestring(key)}: {_json_lines(inner, levels - 1, deeper)}" for key, inner in value.items()]
        return f"{{{deeper}{f',{deeper}'.join(items)}{line}}}"
    return f"[{deeper}{f',{deeper}'.join(_json_lines(inner, levels - 1, deeper) for inner in value)}{line}]"


def _json_escape(match: re.Match[str]) -> str:
    text = match[0]
    if text == "##":
        return r"\u0023#"
    return json.dumps(text)[1:-1]


def code(text: str, length: int = 200) -> str:
    """Markdown inline code, in which nothing is parsed: its fence is longer than any run of backticks within.

    A pipe is escaped visibly, because tables are cut into cells before code is seen. Texts longer than `length` are cut.
    """
    shown = clipped(text, length).replace("|", r"\x7c")
    if not shown.strip(" "):
        return "`(empty)`" if not shown else f"`({len(shown)} blanks)`"
    fence = "`" * (max((len(run) for run in re.findall("`+", shown)), default=0) + 1)
    pad = " " if shown[0] in "` " or shown[-1] in "` " else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


# What GitHub makes a mention, a reference, a link, an emoji or a formula of, wherever it stands in a word. Nothing of that
# happens in code.
_LINKING = r"(?ai)[@#$]|://|www\.|(?<![0-9a-z])[0-9a-f]{7,}|[a-z]-[0-9]|:[0-9_+-]*[a-z][a-z0-9_+-]*:|:[0-9]{3,4}:"
_MARKUP = r"[\\`*_\[\]<>~&!]"
_TICKED = "(?<!`)`(?!`)([^`]*[^` ][^`]*)`(?!`)"
_BLOCK = r"(?:[-+=]|[0-9]+(?=[.)]))"


def prose(text: str, length: int = 1000) -> str:
    """A sentence for Markdown, which reads as it stands: what would be markup is escaped, and what GitHub would link is
    inline code, as is what the sentence itself puts between backticks."""
    pieces = re.split(_TICKED, clipped(text, length).strip(" "))
    sentence = "".join(
        code(piece, length) if index % 2 else _words(piece, length) for index, piece in enumerate(pieces)
    )
    start = re.match(_BLOCK, sentence)
    if start is not None:  # would begin a list or underline a heading
        cut = start.end() if start[0][0].isdigit() else 0
        sentence = f"{sentence[:cut]}\\{sentence[cut:]}"
    return sentence or ("`(empty)`" if not text else f"`({len(text)} blanks)`")


def _words(text: str, length: int) -> str:
    parts: list[str] = []
    linking: list[str] = []
    for word in text.split(" "):
        if re.search(_LINKING, word):
            linking.append(word)
            continue
        parts += _as_code(linking, length)
        linking = []
        parts.append(re.sub(_MARKUP, r"\\\g<0>", word).replace("|", "&#124;"))
    return " ".join([*parts, *_as_code(linking, length)])


def _as_code(words: list[str], length: int) -> list[str]:
    """Words as one piece of code, with what ends the clause behind it."""
    text = " ".join(words)
    end = text[-1:] if text[-1:] in (".", ",", ";", ":") and text[:-1].strip(" ") else ""
    return [code(text.removesuffix(end), length) + end] if words else []


def github_message(text: str) -> str:
    """The message of a workflow command. Line breaks are visible escapes already; `%` and what is left are encoded."""
    return visible(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def github_property(text: str) -> str:
    """A property of a workflow command, such as the file or the title."""
    return github_message(text).replace(":", "%3A").replace(",", "%2C")
