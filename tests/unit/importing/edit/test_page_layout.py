"""Plain data as lines."""

from __future__ import annotations

import json

from reconciler.importing.edit.page import Layout, Raw, flow_text, item_lines, mapping_lines

DATA = {
    "name": "yes",
    "days": ["MONDAY", "TUESDAY"],
    "empty": [],
    "windows": [{"a": 1, "b": 2, "c": 3, "d": 4, "e": "x: y"}],
    "pauses": [{"reason": "R", "on": True}],
    "rules": {"list": ["A"], "flag": False},
}


def test_a_document_reads_as_a_person_would_write_it() -> None:
    assert mapping_lines(DATA, 0, Layout()) == [
        'name: "yes"',
        "days: [MONDAY, TUESDAY]",
        "empty: []",
        "windows:",
        "  - a: 1",
        "    b: 2",
        "    c: 3",
        "    d: 4",
        '    e: "x: y"',
        "pauses:",
        '  - {reason: R, "on": true}',
        "rules:",
        "  list: [A]",
        "  flag: false",
    ]


def test_dashes_and_keys_stand_where_the_layout_says() -> None:
    lines = mapping_lines({"windows": DATA["windows"]}, 2, Layout(dash=0, key=4))
    assert lines[:3] == ["  windows:", "  -   a: 1", "      b: 2"]


def test_an_item_may_be_forced_onto_one_line_or_several() -> None:
    small, large = {"a": 1}, DATA["windows"][0]  # type: ignore[index]  # a list, whatever mypy infers of the dict
    assert item_lines(small, 0, 2, Layout(), one_line=False) == ["- a: 1"]
    assert item_lines(large, 0, 2, Layout(), one_line=True) == ['- {a: 1, b: 2, c: 3, d: 4, e: "x: y"}']


def test_json_style_is_json() -> None:
    assert json.loads(flow_text(DATA, as_json=True)) == DATA


def test_raw_keys_and_values_are_left_as_they_are() -> None:
    assert flow_text({Raw("<<"): Raw("*base"), "a": "*b"}) == '{<<: *base, a: "*b"}'
