"""Nodes with the places where they stand."""

from __future__ import annotations

import pytest

from reconciler.importing.edit.nodes import (
    AliasNode,
    MappingNode,
    ScalarNode,
    last_leaf,
    parse_nodes,
    text_of,
)
from tests.support.pages import list_at, mapping_at, page_of

TEXT = """\
# before
name: &n "ü😀"  # beside
list:
  - 1
  - {a: *n, b: [x, 'y']}
text: |+
  one

last: plain
  text
# after
"""


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_node_is_found_between_its_offsets(end: str) -> None:
    text = TEXT.replace("\n", end)
    _, root = page_of(text)
    written = {str(text_of(key)): text[value.start : value.end] for key, value in root.pairs}
    assert written == {
        "name": '&n "ü😀"',
        "list": f"- 1{end}  - {{a: *n, b: [x, 'y']}}",
        "text": f"|+{end}  one{end}{end}",
        "last": f"plain{end}  text",
    }
    assert text[root.start : root.end].endswith("text")
    item = list_at(root, "list").items[1]
    assert isinstance(item, MappingNode)
    assert (item.line, item.column, item.flow) == (5, 4, True)
    assert [text[node.start : node.end] for node in list_at(item, "b").items] == ["x", "'y'"]


def test_an_alias_knows_what_it_stands_for() -> None:
    _, root = page_of("a: &x {b: 1}\nc: *x\nd: &x 2\ne: *x\n")
    first, second = root.value("c"), root.value("e")
    assert isinstance(first, AliasNode)
    assert first.target is mapping_at(root, "a")
    assert text_of(second) == "2"


def test_anchors_end_with_their_document() -> None:
    first, second = parse_nodes("a: &x 1\nb: *x\n---\na: &x 2\nb: *x\n")
    assert isinstance(first, MappingNode)
    assert isinstance(second, MappingNode)
    assert (text_of(first.value("b")), text_of(second.value("b"))) == ("1", "2")


def test_a_merged_key_is_not_the_mappings_own() -> None:
    _, root = page_of("a: &x {b: 1}\nc:\n  <<: *x\n  d: 2\n")
    merged = mapping_at(root, "c")
    assert merged.value("b") is None
    assert text_of(merged.value("d")) == "2"


def test_the_last_leaf_of_a_block_is_where_it_ends() -> None:
    _, root = page_of("a:\n  - b: 1\n    c: {d: 2}\n")
    leaf = last_leaf(root)
    assert isinstance(leaf, MappingNode)
    assert leaf.flow
    assert isinstance(last_leaf(leaf), MappingNode)
    assert isinstance(leaf.value("d"), ScalarNode)
