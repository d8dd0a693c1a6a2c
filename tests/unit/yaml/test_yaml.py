from __future__ import annotations

import io
import json
import re
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from reconciler.yaml import Lines, parse_yaml
from reconciler.yaml.documents import MAX_MARKS

_CODES = {"yaml-syntax", "duplicate-key", "file-unreadable", "file-unsafe", "schema"}
_PIECES = st.sampled_from(
    [
        *(
            "a",
            "b: ",
            ": ",
            "- ",
            "? ",
            ", ",
            "{",
            "}",
            "[",
            "]",
            "\n",
            "\n  ",
            "\n    ",
            "\r\n",
            "\r",
            "\t",
            " ",
        ),
        *(
            "&x ",
            "*x",
            "<<: ",
            "!!str ",
            "!!int ",
            "!y ",
            "! ",
            "'",
            '"',
            "|\n ",
            ">-\n ",
            "# c\n",
            "\\",
            "\\u",
        ),
        *(
            "---\n",
            "...\n",
            "%YAML 1.2\n",
            "%YAML 1.1\n",
            "%YAML 9\n",
            "%TAG ! t:\n",
            "%",
            "@",
            "`",
            "=",
            "~",
            "1e9",
        ),
        *(
            "\x00",
            "\x07",
            "\x85",
            "\u2028",
            "\ufeff",
            "\ud7ff",
            "\U0001f642",
            "é",
            "09:00",
            ".inf",
            "0x",
            "campaignId: ",
        ),
    ]
)
_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.sampled_from(
    [
        "",
        "no",
        "on",
        "09:00",
        "1e3",
        "0x1F",
        "null",
        "~",
        " a",
        "a ",
        "#",
        "a: b",
        "- a",
        "'",
        '"',
        "\n",
        "<<",
        "=",
        ".inf",
    ]
)
_DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | _TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXT, inner, max_size=4),
    max_leaves=12,
)


def _size(data: Any) -> int:
    if isinstance(data, dict):
        return 1 + sum(1 + _size(value) for value in data.values())
    return 1 + sum(map(_size, data)) if isinstance(data, list) else 1


@settings(max_examples=300)
@given(st.binary(max_size=80) | st.lists(_PIECES, max_size=30).map(lambda pieces: "".join(pieces).encode()))
@example(b"\xff\xfe")
@example(b"a: *a")
@example(b"&a : *a")
def test_any_bytes_give_plain_data_or_faults(data: bytes) -> None:
    parsed = parse_yaml(data)
    assert parsed.documents or parsed.faults
    for document in parsed.documents:
        json.dumps(document.data, allow_nan=False).encode()
        assert len(document.marks) == _size(document.data)
    lines = len(re.split(rb"\r\n|\r|\n", data)) + 1
    for fault in parsed.faults:
        assert fault.code in _CODES
        assert 1 <= fault.line <= lines
        assert fault.column >= 1
        assert fault.message
    assert parse_yaml(data) == parsed


@given(_DATA, st.sampled_from(["safe", "rt"]), st.booleans())
def test_what_is_written_as_yaml_is_read_back(data: Any, kind: str, flow: bool) -> None:
    yaml = YAML(typ=kind, pure=True)
    yaml.default_flow_style = flow
    yaml.allow_unicode = True
    stream = io.StringIO()
    yaml.dump({"data": data}, stream)
    parsed = parse_yaml(stream.getvalue().encode())
    assert parsed.faults == ()
    assert [document.data for document in parsed.documents] == [{"data": data}]
    read, written = (json.dumps(value, sort_keys=True) for value in (parsed.documents[0].data, {"data": data}))
    assert read == written  # unlike ==, this tells 1 from 1.0 and from true


@pytest.mark.parametrize(
    ("text", "documents"),
    [
        ("a: 1\n---\nb: 2\n", [{"a": 1}, {"b": 2}]),
        ("---\n---\na: 1\n---\n~\n---\n# nothing\n", [{"a": 1}]),
        ("%YAML 1.2\n---\na: 1\n...\n%YAML 1.2\n---\nb: 2\n", [{"a": 1}, {"b": 2}]),
        ("no: no\n1: 2\n~: 3\n'': 4\ntrue: 5\n", [{"no": "no", "1": 2, "~": 3, "": 4, "true": 5}]),
        ("[a, 1, '1', \"1\", !!str 1, ! 1]", [["a", 1, "1", "1", "1", "1"]]),
        ("a: |\n  12\nb: >-\n  true\n", [{"a": "12\n", "b": "true"}]),
        ("{!!int 1, !!float 2, !!bool true, !!null ~}", None),
        ("[!!int 1, !!float 2, !!bool true, !!null ~, !!map {}, !!seq []]", [[1, 2, True, None, {}, []]]),
    ],
)
def test_documents(text: str, documents: list[Any] | None) -> None:
    parsed = parse_yaml(text.encode())
    if documents is None:
        assert parsed.faults != ()
    else:
        assert parsed.faults == ()
        assert [document.data for document in parsed.documents] == documents


@pytest.mark.parametrize("text", ["", "\n", "# only a comment\n", "---\n", "---\n---\n", "~", "null\n"])
def test_a_file_without_content(text: str) -> None:
    (fault,) = parse_yaml(text.encode()).faults
    assert (fault.code, fault.line, fault.column) == ("schema", 1, 1)


def test_documents_before_a_fault_are_kept_and_the_fault_is_of_none() -> None:
    parsed = parse_yaml(b"a: 1\n---\nb: 2\nb: 3\n---\nc: [\n")
    assert [document.data for document in parsed.documents] == [{"a": 1}, {"b": 2}]
    assert [(fault.code, fault.line, fault.document) for fault in parsed.faults] == [
        ("duplicate-key", 4, 1),
        ("yaml-syntax", 7, None),
    ]


_LONG = 300_000
_LINES = b"\n".join


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"a: &a [" + b"x, " * 99 + b"]\n" + b"".join(b"%c: &%c [%s]\n" % (n + 1, n + 1, b"*%c, " % n * 99) for n in range(97, 105)), "values"),
        (b"[" * _LONG, "levels"),
        (b"{a: " * 200_000, "levels"),
        (_LINES(b" " * n + b"a:" for n in range(1000)), "levels"),
        (b"- " * _LONG, "levels"),
        (b"? " * _LONG, "key"),
        (b"x" * 2 * _LONG + b"\n" + b"x" * 4 * _LONG, "longer"),
        (_LINES([b"["] + [b"0,"] * (MAX_MARKS + 1) + [b"]"]), "values"),
        (b"&a {" + b", ".join(b"k%d: 0" % n for n in range(900)) + b"}\n---\nx: &a {" + b", ".join(b"k%d: 0" % n for n in range(900)) + b"}\ny:\n" + b"  <<: *a\n" * 2000, "values"),
        (b"a: 1\n" * _LONG, "not read further"),
        (b"- !x 1\n" * _LONG, "not read further"),
        (b"".join(b"[&a%d " % n for n in range(60)) + b"[" + b"1,\n " * 50_000 + b"]" + b"]" * 60, "anchors"),
    ],
    ids=["explosion", "lists", "mappings", "blocks", "dashes", "questions", "line", "flat", "merges", "repeats", "tags", "anchors"],
)  # fmt: skip
def test_what_would_take_for_ever_is_a_fault(data: bytes, words: str) -> None:
    fault = parse_yaml(data).faults[-1]
    assert fault.code in ("file-unsafe", "duplicate-key", "yaml-syntax")
    assert words in fault.message


def test_known_lines_change_nothing() -> None:
    data = b"a: [1, x, '1']\nb: {x: 1}\n"
    lines: Lines = {}
    assert parse_yaml(data, lines) == parse_yaml(data) == parse_yaml(data, lines)
