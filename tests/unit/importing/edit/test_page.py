"""Edits by position."""

from __future__ import annotations

import pytest

from reconciler.importing.edit.page import EditByHandError, Layout, Page
from tests.support.pages import page_of


def test_edits_of_any_order_leave_the_rest_alone() -> None:
    page = Page("abcdef", Layout())
    page.replace(4, 5, "E")
    page.insert(1, "1")
    page.replace(1, 3, "")
    page.insert(1, "2")
    assert page.result() == "a12dEf"


def test_two_edits_of_one_place_are_refused() -> None:
    page = Page("abcdef", Layout())
    page.replace(1, 4, "x")
    page.replace(3, 5, "y")
    with pytest.raises(EditByHandError):
        page.result()


@pytest.mark.parametrize(
    ("position", "touched"), [(0, False), (3, True), (8, True), (12, True), (16, True), (18, False)]
)
def test_a_node_is_touched_by_edits_in_it_and_at_its_end(position: int, touched: bool) -> None:
    page, root = page_of("a: {b: 1}  # end\nc: 2\n")
    node = root.value("a")
    assert node is not None
    assert not page.is_touched(node)
    page.insert(position, "x")
    assert page.is_touched(node) is touched


@pytest.mark.parametrize(("text", "expected"), [("a\r\n", "a\r\nx\r\ny\r\n"), ("a", "a\r\nx\r\ny"), ("", "x\r\ny\r\n")])
def test_lines_are_added_with_or_without_a_last_line_break(text: str, expected: str) -> None:
    page = Page(text, Layout(newline="\r\n"))
    page.insert_lines(len(text), ["x"])
    page.insert_lines(len(text), ["y"])
    assert page.result() == expected
