"""A value for a key, with the fewest characters touched."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.importing.edit.page import EditByHandError
from reconciler.importing.edit.values import replace_item, set_field, time_text
from tests.support.pages import list_at, page_of


def edited(text: str, key: str, value: Any) -> str:
    """The text with a value set at its top."""
    page, root = page_of(text)
    set_field(page, root, key, value)
    return page.result()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("name: a  # c\n", "name: b  # c\n"),
        ("name: 'a'\n", "name: 'b'\n"),
        ('"name": "a"\n', '"name": "b"\n'),
        ("name:    a\n", "name:    b\n"),
        ("name: &x a\n", "name: &x b\n"),
        ("name: !!str a\n", "name: !!str b\n"),
        ("name: &x\n  a\n", "name: &x\n  b\n"),
        ("name: a\n  long one\nid: 1\n", "name: b\nid: 1\n"),
        ("name: |  # c\n  a\n  long one\nid: 1\n", "name: b\nid: 1\n"),
        ("name: >-\n  a\n", "name: b\n"),
        ("name: |\n  a", "name: b"),
        ("{name: a, id: 1}\n", "{name: b, id: 1}\n"),
        ("id: &x a\nname: *x  # c\n", "id: &x a\nname: b  # c\n"),
        ("? name\n: a\n", "? name\n: b\n"),
        ("id: 1\r\nname: a\r\n", "id: 1\r\nname: b\r\n"),
        ("name: a", "name: b"),
    ],
)
def test_a_scalar_takes_the_place_of_the_old_one(before: str, after: str) -> None:
    assert edited(before, "name", "b") == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("startTime: 09:00\n", "startTime: 08:00\n"),
        ("startTime: '09:00:00'\n", "startTime: '08:00:00'\n"),
        ("name: a\n", 'name: a\nstartTime: "08:00"\n'),
    ],
)
def test_times_are_written_as_the_file_writes_them(before: str, after: str) -> None:
    assert edited(before, "startTime", "08:00:00") == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("name: a  # c\nscheduleDetails: [1]\n", "name: a  # c\nid: x\nscheduleDetails: [1]\n"),
        ("scheduleDetails: [1]\n# end\n", "scheduleDetails: [1]\nid: x\n# end\n"),
        (
            "scheduleDetails:\n- 1\n- |\n  text\n\n# end\n",
            "scheduleDetails:\n- 1\n- |\n  text\n\nid: x\n# end\n",
        ),
        ("name: a", "name: a\nid: x"),
        ("name: a\r\n", "name: a\r\nid: x\r\n"),
        ("{name: a, scheduleDetails: [1]}\n", "{name: a, id: x, scheduleDetails: [1]}\n"),
        ("{}\n", "{id: x}\n"),
        ('{"name": "a"}\n', '{"name": "a", "id": "x"}\n'),
        ('{\n  "name": "a"\n}\n', '{\n  "name": "a",\n  "id": "x"\n}\n'),
        (
            "{\n  name: a,  # c\n  scheduleDetails: []\n}\n",
            "{\n  name: a,  # c\n  id: x,\n  scheduleDetails: []\n}\n",
        ),
        ("{\n  name: a  # c\n}\n", "{\n  name: a, id: x  # c\n}\n"),
        ("---\nname: a\n...\n", "---\nname: a\nid: x\n...\n"),
    ],
)
def test_a_new_key_goes_behind_those_before_it(before: str, after: str) -> None:
    assert edited(before, "id", "x") == after


def test_two_new_keys_in_one_place_keep_their_order() -> None:
    page, root = page_of('{\n  "name": "a"\n}')
    set_field(page, root, "id", "x")
    set_field(page, root, "scheduleDetails", [1])
    assert page.result() == '{\n  "name": "a",\n  "id": "x",\n  "scheduleDetails": [1]\n}'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "name: a\nscheduleDetails: []  # none\nid: 1\n",
            "name: a\nscheduleDetails:  # none\n  - {x: 1}\nid: 1\n",
        ),
        ("id: &l [1]\nscheduleDetails: *l\n", "id: &l [1]\nscheduleDetails:\n  - {x: 1}\n"),
        ("scheduleDetails: &l []\n", "scheduleDetails: &l\n  - {x: 1}\n"),
        ("scheduleDetails: []", "scheduleDetails:\n  - {x: 1}"),
        ("{scheduleDetails: []}\n", "{scheduleDetails: [{x: 1}]}\n"),
    ],
)
def test_a_list_of_mappings_gets_lines_of_its_own(before: str, after: str) -> None:
    assert edited(before, "scheduleDetails", [{"x": 1}]) == after


def test_a_mapping_in_the_place_of_an_alias() -> None:
    before = "id: &r {a: 1}\ncomplianceRules: *r  # shared\n"
    assert (
        edited(before, "complianceRules", {"a": 2, "b": [3]})
        == "id: &r {a: 1}\ncomplianceRules:  # shared\n  a: 2\n  b: [3]\n"
    )


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("? name\n: a\n", "id", "x"),
        ("scheduleDetails:\n  - x: 1\n", "scheduleDetails", [{"x": 2}]),
        ("complianceRules: |\n  text\n", "complianceRules", ["a"]),
    ],
)
def test_what_cannot_be_done_without_harm_is_refused(text: str, key: str, value: Any) -> None:
    with pytest.raises(EditByHandError):
        edited(text, key, value)


def test_an_item_that_is_an_alias_is_written_out() -> None:
    page, root = page_of("id: &x {a: 1}\nscheduleDetails:\n- *x  # c\n- {b: 2}\n")
    replace_item(page, list_at(root, "scheduleDetails"), 0, {"a": 3})
    assert page.result() == "id: &x {a: 1}\nscheduleDetails:\n- {a: 3}  # c\n- {b: 2}\n"
    with pytest.raises(EditByHandError):
        replace_item(page, list_at(root, "scheduleDetails"), 1, {"a": 3})


@pytest.mark.parametrize(
    ("clock", "like", "expected"),
    [
        ("09:00:00", "", "09:00"),
        ("09:00:30", "", "09:00:30"),
        ("09:00:00", "10:00", "09:00"),
        ("09:00:00", "10:00:00", "09:00:00"),
        ("00:00:00", "", "00:00"),
    ],
)
def test_seconds_are_written_where_they_count_or_were_written(clock: str, like: str, expected: str) -> None:
    assert time_text(clock, like=like) == expected
