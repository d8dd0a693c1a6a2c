from __future__ import annotations

import pytest

from reconciler.yaml import parse_yaml
from reconciler.yaml.documents import MAX_DEPTH


@pytest.mark.parametrize(
    ("text", "code", "place", "words"),
    [
        ("%YAML 1.1\n---\na: 09:00\n", "file-unsafe", (1, 1), "YAML 1.1"),
        ("a: 1\n...\n%YAML 1.1\n---\nb: 1\n", "file-unsafe", (3, 1), "YAML 1.1"),
        ("a: !foo 1\n", "file-unsafe", (1, 4), "!foo"),
        ("a: !foo [1]\n", "file-unsafe", (1, 4), "!foo"),
        ("!foo a: 1\n", "file-unsafe", (1, 1), "!foo"),
        ("a: !!set {x: ~}\n", "file-unsafe", (1, 4), "!!set"),
        ("a: !!timestamp 2026-01-01\n", "file-unsafe", (1, 4), "!!timestamp"),
        ("a: !!map [1]\n", "file-unsafe", (1, 4), "!!map"),
        ("%TAG ! tag:example.com,2026:\n---\na: !x 1\n", "file-unsafe", (3, 4), "tag:example.com,2026:x"),
        ("a: !!int x\n", "yaml-syntax", (1, 4), "!!int"),
        ("a: !!bool yes\n", "yaml-syntax", (1, 4), "!!bool"),
        ("a: !!float .inf\n", "yaml-syntax", (1, 4), "!!float"),
        ("? [a]\n: 1\n", "yaml-syntax", (1, 3), "plain text"),
        ("a: &x [1]\n*x : 1\n", "yaml-syntax", (2, 1), "plain text"),
        ("*x : 1\n", "yaml-syntax", (1, 1), "no &x"),
        ("a: 1\nb: 2\n'a': 3\n", "duplicate-key", (3, 1), "line 1"),
        ("{a: {b: 1}, c: 2, a: {d: 3}}\n", "duplicate-key", (1, 19), "line 1"),
    ],
)
def test_faults(text: str, code: str, place: tuple[int, int], words: str) -> None:
    (fault,) = parse_yaml(text.encode()).faults
    assert (fault.code, (fault.line, fault.column)) == (code, place)
    assert words in fault.message


def test_the_first_of_two_equal_keys_counts() -> None:
    (document,) = parse_yaml(b"a: 1\nb: {x: [1, 2]}\nb: {y: [3, 4, 5]}\nc: 6\n").documents
    assert document.data == {"a": 1, "b": {"x": [1, 2]}, "c": 6}
    assert document.place(("c",)) == (4, 4)


def test_a_tag_says_text_where_a_number_stands() -> None:
    (document,) = parse_yaml(b"a: !!str 12\n!!str b: ! true\nc: !!int 0o17\n").documents
    assert document.data == {"a": "12", "b": "true", "c": 15}


def test_depth_is_allowed_up_to_the_limit() -> None:
    assert parse_yaml(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH).faults == ()
    assert parse_yaml(b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1)).faults[0].code == "file-unsafe"


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 999, 1001, 20_000])
@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "{a: ["])
def test_below_the_limit_the_answer_is_one_whether_the_composer_or_libyaml_gives_up(opening: str, depth: int) -> None:
    (fault,) = parse_yaml(opening.encode() * depth).faults
    assert (fault.code, fault.message) == (
        "file-unsafe",
        f"values are nested more than {MAX_DEPTH} levels deep",
    )


def test_a_secret_is_not_quoted() -> None:
    (fault,) = parse_yaml(b"credentials: {secret: !!int hunter2}\n").faults
    assert "hunter2" not in fault.message
