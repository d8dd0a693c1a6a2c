"""Values written out, and anchors that move."""

from __future__ import annotations

import pytest

from reconciler.importing.edit.nodes import parse_nodes
from reconciler.importing.edit.page import keep_anchors, literal
from reconciler.yaml import parse_yaml as load
from tests.support.pages import list_at, page_of


@pytest.mark.parametrize(
    "value",
    [
        "x",
        "'it''s'",
        '"a\\tb"',
        "&y\n  b: 09:00\n  c: [1, {d: 'x'}]",
        "\n- a\n- b: |\n    text\n    more\n  c: >-\n    folded\n    text",
        "plain\n  text, with: comma".replace(", with: comma", " and more"),
        "a, b",
        "{}",
        "[]",
    ],
)
def test_a_literal_is_the_same_value(value: str) -> None:
    text = f"k: {value}\n"
    _, root = page_of(text)
    node = root.value("k")
    assert node is not None
    written = literal(text, node)
    assert "\n" not in written
    assert load(f"k: [{written}]\n".encode()).documents[0].data["k"] == [load(text.encode()).documents[0].data["k"]]


def test_aliases_and_merges_are_written_out() -> None:
    text = "a: &x {b: 1}\nk:\n  c: *x\n  <<: *x\n"
    _, root = page_of(text)
    node = root.value("k")
    assert node is not None
    assert literal(text, node) == "{c: {b: 1}, <<: {b: 1}}"


def test_an_anchor_that_is_removed_moves_to_the_first_alias_that_stays() -> None:
    text = "a:\n- &x {b: 1}\n- *x\nc: *x\nd: *x\n"
    page, root = page_of(text)
    items = list_at(root, "a").items
    page.replace(text.index("- &x"), text.index("c:"), "")
    assert len(items) == 2
    keep_anchors(page, (root,))
    assert page.result() == "a:\nc: &x {b: 1}\nd: *x\n"


def test_anchors_that_stay_are_left_alone() -> None:
    text = "a: &x 1\nb: *x\nc: 2\n"
    page, root = page_of(text)
    page.replace(text.index("c:"), len(text), "")
    keep_anchors(page, parse_nodes(text))
    assert page.result() == "a: &x 1\nb: *x\n"
    assert root.pairs
