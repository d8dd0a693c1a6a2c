"""Places in a text."""

from __future__ import annotations

import pytest

from reconciler.importing.edit import nodes
from tests.support.pages import list_at, page_of


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_begin_and_end_whatever_their_breaks(end: str) -> None:
    text = f"one{end}two{end}three"
    at = text.index("wo")
    assert text[nodes.line_start(text, at) :].startswith("two")
    assert text[at : nodes.line_end(text, at)] == "wo"
    assert text[nodes.next_line(text, at) :] == "three"
    assert nodes.next_line(text, text.index("three")) == len(text)
    assert nodes.column(text, at) == 1
    assert nodes.newline_of(text) == end


def test_a_text_of_one_line_ends_lines_as_unix_does() -> None:
    assert nodes.newline_of("a: 1") == "\n"


@pytest.mark.parametrize(
    "value",
    ["x", "&a x", "!!str x", "&a !!str x", "!!str &a  x", "&a # why\n  x", "!<tag:yaml.org,2002:str> x"],
)
def test_a_value_begins_behind_its_anchor_and_tag(value: str) -> None:
    text = f"k: {value}\n"
    _, root = page_of(text)
    node = root.value("k")
    assert node is not None
    assert text[nodes.content_start(text, node) :].startswith("x")


@pytest.mark.parametrize("value", ["&a x", "!!str &a x", "&a !!str x"])
def test_the_name_of_an_anchor(value: str) -> None:
    text = f"k: {value}\n"
    _, root = page_of(text)
    node = root.value("k")
    assert node is not None
    assert nodes.anchor_name(text, node) == "a"


def test_dashes_are_found_past_comments_that_hold_dashes() -> None:
    text = "k: &a  # - not\n  # - this\n  - x: 1  # - nor this\n\n  # - or that\n  -   &b\n    y: 2\n"
    _, root = page_of(text)
    starts = [nodes.item_start(text, list_at(root, "k"), index) for index in (0, 1)]
    assert [text[start : start + 4] for start in starts] == ["- x:", "-   "]


def test_an_item_in_brackets_begins_where_it_stands() -> None:
    text = "k: [ a, b ]\n"
    _, root = page_of(text)
    assert text[nodes.item_start(text, list_at(root, "k"), 1)] == "b"


def test_a_hash_within_a_word_is_no_comment() -> None:
    assert nodes.skip_blank("a #b\n c#d", 1) == 6
    assert nodes.skip_blank("c#d", 1) == 1


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("k: 1  # c\nz: 2\n", "z: 2\n"),
        ("k: |\n  text\n\nz: 2\n", "z: 2\n"),
        ("k:\n  - a\n  - |+\n    text\n\nz: 2\n", "z: 2\n"),
        ("k: |\n  text", ""),
        ("k: 1", ""),
    ],
)
def test_the_line_after_a_value(text: str, rest: str) -> None:
    _, root = page_of(text)
    node = root.value("k")
    assert node is not None
    assert text[nodes.line_after(text, node) :] == rest
