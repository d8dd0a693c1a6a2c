from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.findings import Finding, Location, Severity
from reconciler.model import Path
from reconciler.yaml import parse_yaml
from reconciler.yaml.documents import Document, FileFault

_TEXT = st.text("abc é🙂\"'\\#:-", max_size=4)
_DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | _TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXT, inner, max_size=4),
    max_leaves=15,
)


def _paths(data: Any, path: Path = ()) -> list[tuple[Path, Any]]:
    below = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [(path, data), *(found for part, value in below for found in _paths(value, (*path, part)))]


def _document(text: str) -> Document:
    parsed = parse_yaml(text.encode())
    assert parsed.faults == ()
    return parsed.documents[0]


@given(_DATA.filter(lambda data: data is not None), st.sampled_from([None, 1, 3]))
def test_every_value_and_key_has_its_place(data: Any, indent: int | None) -> None:
    text = json.dumps(data, indent=indent, ensure_ascii=False)
    document = _document(text)
    lines = text.split("\n")
    paths = _paths(data)
    for path, value in paths:
        line, column = document.place(path)
        written = json.dumps(value, ensure_ascii=False)
        assert lines[line - 1][column - 1 :].startswith(written[0] if isinstance(value, dict | list) else written)
        line, column = document.place(path, key=True)
        if path and isinstance(path[-1], str):
            assert lines[line - 1][column - 1 :].startswith(json.dumps(path[-1], ensure_ascii=False))
        else:
            assert (line, column) == document.place(path)
    assert document.places((path, False) for path, _ in paths) == [document.place(path) for path, _ in paths]


_TEXT_FILE = """\
campaignId: CAM_001
schedules:
  - name: a
    windows: [{day: MONDAY}, {day: FRIDAY}]
  -
    name: b
"""


@pytest.mark.parametrize(
    ("path", "key", "place"),
    [
        ((), False, (1, 1)),
        (("campaignId",), False, (1, 13)),
        (("campaignId",), True, (1, 1)),
        (("schedules",), False, (3, 3)),
        (("schedules", 0), False, (3, 5)),
        (("schedules", 0, "windows", 1, "day"), False, (4, 36)),
        (("schedules", 0, "windows", 1, "day"), True, (4, 31)),
        (("schedules", 1), False, (6, 5)),
        (("schedules", 1, "zone"), False, (6, 5)),
        (("schedules", 0, "windows", 2, "day"), False, (4, 14)),
        (("schedules", 2), True, (3, 3)),
        (("schedules", "name"), False, (3, 3)),
        (("campaignId", 0), False, (1, 13)),
        (("nowhere", "at", "all"), True, (1, 1)),
    ],
)
def test_a_path_that_is_not_there_has_its_nearest_holders_place(path: Path, key: bool, place: tuple[int, int]) -> None:
    assert _document(_TEXT_FILE).place(path, key=key) == place


def test_entries_keep_their_places() -> None:
    first, second = _document(_TEXT_FILE).entries("schedules")
    assert (first.data["name"], second.data) == ("a", {"name": "b"})
    assert first.place(("windows", 1, "day")) == (4, 36)
    assert second.place(("name",)) == (6, 11)
    assert second.place() == (6, 5)
    assert _document("schedules: []").entries("schedules") == ()


def test_a_fault_becomes_a_finding() -> None:
    assert FileFault("schema", "words", 3, 4, 1).in_file("s/x.yaml") == Finding(
        Severity.ERROR, "schema", "words", Location("s/x.yaml", 3, 4)
    )
