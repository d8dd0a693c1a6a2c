"""Items that come and go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from reconciler.importing.edit.lists import change_items
from reconciler.importing.edit.page import EditByHandError
from tests.support.pages import page_of


def changed(text: str, removed: Sequence[int], *added: tuple[int, Any]) -> str:
    """The text with the list at `k` changed."""
    page, root = page_of(text)
    change_items(page, root, "k", removed, added)
    return page.result()


BLOCK = "k:  # all\n  # first\n  - a  # A\n\n  # second\n  - b  # B\nz: 1\n"
LINES = "k: [\n  a,  # A\n  b,\n  c  # C\n]\n"


@pytest.mark.parametrize(
    ("removed", "added", "expected"),
    [
        ([0], [], "k:  # all\n  # first\n\n  # second\n  - b  # B\nz: 1\n"),
        ([1], [], "k:  # all\n  # first\n  - a  # A\n\n  # second\nz: 1\n"),
        ([0, 1], [], "k: []  # all\n  # first\n\n  # second\nz: 1\n"),
        ([], [(-1, "c")], BLOCK.replace("z: 1", "  - c\nz: 1")),
        ([], [(0, "c"), (0, "d")], BLOCK.replace("# A\n", "# A\n  - c\n  - d\n")),
        ([0, 1], [(-1, "c")], "k:  # all\n  # first\n\n  # second\n  - c\nz: 1\n"),
        ([1], [(1, "c")], BLOCK.replace("- b  # B", "- c")),
    ],
)
def test_a_block_changes_by_whole_lines(removed: list[int], added: list[tuple[int, Any]], expected: str) -> None:
    assert changed(BLOCK, removed, *added) == expected
    assert changed(BLOCK.replace("\n", "\r\n"), removed, *added) == expected.replace("\n", "\r\n")


@pytest.mark.parametrize(
    ("removed", "added", "expected"),
    [
        ([0], [], "k: [ b,c ]  # x\n"),
        ([1], [], "k: [ a , c ]  # x\n".replace(" , c", " , c")),
        ([2], [], "k: [ a , b ]  # x\n"),
        ([1, 2], [], "k: [ a ]  # x\n"),
        ([0, 1], [], "k: [ c ]  # x\n"),
        ([0, 1, 2], [], "k: []  # x\n"),
        ([0, 1, 2], [(-1, "d")], "k: [d]  # x\n"),
        ([], [(-1, "d"), (-1, "e")], "k: [ a , b,c, d, e ]  # x\n"),
        ([], [(0, "d")], "k: [ a, d , b,c ]  # x\n"),
        ([0], [(0, "d")], "k: [d,  b,c ]  # x\n"),
        ([2], [(-1, "d")], "k: [ a , b, d ]  # x\n"),
    ],
)
def test_brackets_change_by_items(removed: list[int], added: list[tuple[int, Any]], expected: str) -> None:
    assert changed("k: [ a , b,c ]  # x\n", removed, *added) == expected


@pytest.mark.parametrize(
    ("removed", "added", "expected"),
    [
        ([1], [], "k: [\n  a,  # A\n  c  # C\n]\n"),
        ([0], [], "k: [\n  b,\n  c  # C\n]\n"),
        ([2], [], "k: [\n  a,  # A\n  b\n]\n"),
        ([1, 2], [], "k: [\n  a  # A\n]\n"),
        ([], [(0, "d")], "k: [\n  a,  # A\n  d,\n  b,\n  c  # C\n]\n"),
        ([], [(1, "d")], "k: [\n  a,  # A\n  b,\n  d,\n  c  # C\n]\n"),
        ([], [(-1, "d")], "k: [\n  a,  # A\n  b,\n  c, d  # C\n]\n"),
        ([2], [(-1, "d")], "k: [\n  a,  # A\n  b,\n  d\n]\n"),
    ],
)
def test_brackets_over_several_lines_keep_an_item_a_line(
    removed: list[int], added: list[tuple[int, Any]], expected: str
) -> None:
    assert changed(LINES, removed, *added) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("k: [a, # A\n  b,c # C\n]\n", "k: [a # A\n   # C\n]\n"),
        ("k: [\n  a,\n  # of b\n  b,  # B\n  c,  # C\n]\n", "k: [\n  a,\n  # of b\n]\n"),
        ("k: [a,\n  b, c]  # all\n", "k: [a]  # all\n"),
        ("k: ['a#',\n  'b #', c]\n", "k: ['a#']\n"),
    ],
)
def test_comments_in_brackets_stay_with_what_they_are_about(text: str, expected: str) -> None:
    assert changed(text, [1, 2]) == expected


def test_json_stays_json() -> None:
    assert changed('{"k": [{"a": 1}]}\n', [], (-1, {"b": "x"})) == '{"k": [{"a": 1}, {"b": "x"}]}\n'
    assert changed('k: ["a"]\n', [], (-1, "b")) == 'k: ["a", "b"]\n'


def test_a_new_mapping_looks_like_its_neighbor() -> None:
    assert changed("k:\n-   a: 1\n    b: 2\n", [], (-1, {"a": 3})) == "k:\n-   a: 1\n    b: 2\n-   a: 3\n"
    assert changed("k:\n- {a: 1}\n", [], (-1, {"a": 3, "b": 4})) == "k:\n- {a: 1}\n- {a: 3, b: 4}\n"


def test_an_anchored_list_that_loses_all_keeps_its_anchor() -> None:
    assert changed("k: &x  # c\n  - a\nz: *x\n", [0]) == "k: &x []  # c\nz: *x\n"


def test_the_first_item_behind_a_dash_is_left_to_a_person() -> None:
    with pytest.raises(EditByHandError):
        changed("k: !!seq\n- a\n- b\n".replace("k: !!seq\n- a", "? k\n: - a").replace("\n- b", "\n  - b"), [0])


def test_a_list_that_is_an_alias_cannot_be_changed_here() -> None:
    with pytest.raises(EditByHandError):
        changed("a: &x [1]\nk: *x\n", [0])
