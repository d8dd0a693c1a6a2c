from __future__ import annotations

import pytest

from reconciler.yaml import parse_yaml
from reconciler.yaml.documents import MAX_MARKS


def test_an_alias_is_what_it_stands_for_at_the_place_where_that_is_written() -> None:
    (document,) = parse_yaml(b"a: &x {b: [1, 2]}\nc: *x\nd: &y 7\ne: [*y, *x]\n").documents
    assert document.data == {"a": {"b": [1, 2]}, "c": {"b": [1, 2]}, "d": 7, "e": [7, {"b": [1, 2]}]}
    assert document.data["c"] is document.data["a"]
    assert document.place(("c", "b", 1)) == document.place(("a", "b", 1)) == (1, 15)
    assert document.place(("c",), key=True) == (2, 1)
    assert document.place(("e", 1, "b"), key=True) == (1, 8)
    assert document.place(("e", 0)) == (3, 4)


def test_an_anchor_may_be_replaced_and_ends_with_its_document() -> None:
    first, second = parse_yaml(b"- &x 1\n- *x\n- &x 2\n- *x\n---\n- &x 3\n- *x\n").documents
    assert (first.data, second.data) == ([1, 1, 2, 2], [3, 3])
    assert [fault.code for fault in parse_yaml(b"&x a: 1\n---\nb: *x\n").faults] == ["yaml-syntax"]


def test_keys_have_anchors_and_can_be_aliases() -> None:
    (document,) = parse_yaml(b"&k name: 1\nother: {*k : 2}\n").documents
    assert document.data == {"name": 1, "other": {"name": 2}}


@pytest.mark.parametrize("text", ["&a [*a]", "&a {b: *a}", "&a {b: [{c: *a}]}", "x: &a\n  <<: *a\n"])
def test_an_alias_within_itself_is_refused(text: str) -> None:
    (fault,) = parse_yaml(text.encode()).faults
    assert (fault.code, "contains itself" in fault.message) == ("file-unsafe", True)


def test_an_alias_needs_an_anchor_above_it() -> None:
    (fault,) = parse_yaml(b"a: *x\nb: &x 1\n").faults
    assert (fault.code, "there is no &x above it" in fault.message, fault.line) == ("yaml-syntax", True, 1)


def test_what_anchors_keep_is_bounded() -> None:
    def nested(values: int) -> bytes:
        """Sixty lists, each in the one before and each with an anchor: every value counts sixty times."""
        opened = " ".join(f"&x{number} [" for number in range(60))
        return f"{opened}{'1,' * values}{']' * 60}".encode()

    assert parse_yaml(nested(2 * MAX_MARKS // 60 - 60)).faults == ()
    (fault,) = parse_yaml(nested(2 * MAX_MARKS // 60)).faults
    assert fault.message == "anchors within anchors hold too many values"
