from __future__ import annotations

import pytest

from reconciler.yaml import parse_yaml
from reconciler.yaml.documents import MAX_COLUMNS, FileFault
from reconciler.yaml.syntax import decode_text


@pytest.mark.parametrize("text", ["", "a: é🙂\n", "tab\t and feed\r\n", "\u00a0"])
def test_text_is_decoded(text: str) -> None:
    assert decode_text(text.encode()) == text


@pytest.mark.parametrize(
    ("data", "place", "words"),
    [
        (b"\xef\xbb\xbfa: 1", (1, 1), "UTF-8 byte order mark"),
        (b"\xff\xfea\0", (1, 1), "UTF-16"),
        (b"\xfe\xff\0a", (1, 1), "UTF-16"),
        (b"a\0:\0", (1, 2), "NUL"),
        (b"a: 1\nb: \xe9t\xe9\n", (2, 4), "0xe9"),
        ("é: ".encode() + b"\x80", (1, 4), "0x80"),
        (b"a\r\nb\rc: \xff", (3, 4), "0xff"),
        (b"\xed\xa0\x80", (1, 1), "0xed"),
    ],
)
def test_what_is_not_utf_8_text(data: bytes, place: tuple[int, int], words: str) -> None:
    fault = decode_text(data)
    assert isinstance(fault, FileFault)
    assert (fault.code, (fault.line, fault.column)) == ("file-unreadable", place)
    assert words in fault.message


@pytest.mark.parametrize("character", ["\x85", "\u2028", "\u2029"])
def test_line_ends_that_only_some_readers_know(character: str) -> None:
    fault = decode_text(f"a: 1\nb: x{character}y\n".encode())
    assert isinstance(fault, FileFault)
    assert (fault.code, fault.line, fault.column) == ("yaml-syntax", 2, 5)
    assert f"\\u{ord(character):04x}" in fault.message
    escaped = f'a: "x\\u{ord(character):04x}y"\n'
    assert parse_yaml(escaped.encode()).documents[0].data == {"a": f"x{character}y"}


def test_a_line_longer_than_a_place_can_say() -> None:
    allowed = b"a: " + b"x" * (MAX_COLUMNS - 4) + b"\n" + b"b: " + b"y" * 100 + b"\n"
    assert isinstance(decode_text(allowed), str)
    fault = decode_text(b"x" + allowed)
    assert isinstance(fault, FileFault)
    assert fault.code == "file-unsafe"


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("a:\n\tb: 1\n", (2, 1), "use spaces"),
        ("a: 1\n\tb: 1\n", (2, 1), "tab"),
        ("é: 1\na: @b\n", (2, 4), "put it in quotes"),
        ("a: `b`\n", (1, 4), "put it in quotes"),
        ("a: %b\n", (1, 4), "put it in quotes"),
        ("a: b: c\n", (1, 5), "quotes around a value"),
        ("a: 'b\nc: 1\n", (1, 4), "quote is never closed"),
        ('a: "b\\q"\n', (1, 6), "unknown escape"),
        ('a: "\\xZZ"\n', (1, 7), "escape"),
        ('a: "\\ud800"\n', (1, 7), "names no character"),
        ("a: [1, 2\nb: 1\n", (2, 2), "not closed"),
        ("a: {b: 1\n", (2, 1), "not closed"),
        ("a: 1\n b: 2\n", (2, 3), "indentation"),
        ("a: 1\nb\nc: 2\n", (3, 1), "key: value"),
        ("a:\n  - 1\n b: 2\n", (3, 2), "indentation"),
        ("- a\nb: 1\n", (2, 1), "list"),
        ("a: - b\n", (1, 4), "list"),
        ("{a: 1}}\n", (1, 7), "end of the document"),
        ("%FOO bar\n---\na: 1\n", (1, 5), "directive"),
        ("a: \x07\n", (1, 4), "U+0007"),
        ("a: b\n🙂: \x1b[0m\n", (2, 4), "U+001B"),
    ],
)
def test_syntax_faults_say_what_to_do(text: str, place: tuple[int, int], words: str) -> None:
    fault = parse_yaml(text.encode()).faults[-1]
    assert fault.code == "yaml-syntax"
    assert words in fault.message
    assert (fault.line, fault.column) == place


def test_a_version_that_is_not_known() -> None:
    (fault,) = parse_yaml(b"%YAML 2.0\n---\na: 1\n").faults
    assert fault.code == "file-unsafe"
    assert "YAML 1.2" in fault.message
