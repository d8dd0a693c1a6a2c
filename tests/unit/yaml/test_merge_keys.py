from __future__ import annotations

import pytest

from reconciler.yaml import parse_yaml
from reconciler.yaml.documents import Document
from reconciler.yaml.merge_keys import mappings_of


def _document(text: str) -> Document:
    parsed = parse_yaml(text.encode())
    assert parsed.faults == ()
    return parsed.documents[0]


def test_own_keys_win_and_then_the_first_mapping() -> None:
    text = "a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc: {<<: [*a, *b], x: 0}\nd:\n  <<: *b\n  <<: *a\n"
    data = _document(text).data
    assert data["c"] == {"x": 0, "y": 1, "z": 2}
    assert data["d"] == {"y": 2, "z": 2, "x": 1}


def test_merged_values_keep_their_places() -> None:
    document = _document("base: &b {x: [1, {y: 2}], z: 3}\nover:\n  <<: *b\n  z: 4\nlast: 5\n")
    assert document.data["over"] == {"z": 4, "x": [1, {"y": 2}]}
    assert document.place(("over", "x", 1, "y")) == (1, 22)
    assert document.place(("over", "x"), key=True) == (1, 11)
    assert document.place(("over", "z")) == (4, 6)
    assert document.place(("over", "nothing")) == (3, 3)
    assert document.place(("last",)) == (5, 7)


def test_a_mapping_written_in_place_and_anchored_inside() -> None:
    document = _document("a: {<<: {x: &x [1], y: 2}, z: *x}\nb: *x\n")
    assert document.data == {"a": {"z": [1], "x": [1], "y": 2}, "b": [1]}
    assert document.place(("b", 0)) == document.place(("a", "z", 0)) == (1, 17)


def test_a_quoted_merge_key_is_a_key() -> None:
    assert _document("'<<': {a: 1}").data == {"<<": {"a": 1}}


@pytest.mark.parametrize("value", ["1", "[1]", "[{a: 1}, 2]", "~"])
def test_anything_else_cannot_be_merged(value: str) -> None:
    (fault,) = parse_yaml(f"a: 1\n<<: {value}\n".encode()).faults
    assert (fault.code, fault.line, fault.column) == ("yaml-syntax", 2, 5)


def test_mappings_of() -> None:
    document = _document("[{a: 1, b: [2]}, {c: 3}]")
    found = mappings_of(document)
    assert found is not None
    assert [parsed.data for parsed in found] == [{"a": 1, "b": [2]}, {"c": 3}]
    assert found[1].place(("c",)) == (1, 22)
    assert mappings_of(_document("{a: 1}")) == (_document("{a: 1}"),)
    assert mappings_of(_document("[1]")) is None
