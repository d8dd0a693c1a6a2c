from __future__ import annotations

import copy
from typing import Any

import pytest

from reconciler.desired.salvage import UNKNOWN, known, with_typos_unknown, without_unknown
from reconciler.desired.wording import Problem

_DATA: dict[str, Any] = {"a": 1, "list": [{"x": 1, "y": 2}, 5], "map": {"k": 1}}


@pytest.mark.parametrize(
    ("problems", "expected"),
    [
        ([], _DATA),
        ([Problem(("a",), "")], {**_DATA, "a": UNKNOWN}),
        ([Problem(("list", 0, "x"), "")], {**_DATA, "list": [{"x": UNKNOWN, "y": 2}, 5]}),
        ([Problem(("list", 1), "")], {**_DATA, "list": [{"x": 1, "y": 2}, UNKNOWN]}),
        ([Problem(("list",), ""), Problem(("list", 0, "x"), "")], {**_DATA, "list": UNKNOWN}),
        ([Problem(("list", 0, "x"), ""), Problem(("list",), "")], {**_DATA, "list": UNKNOWN}),
        ([Problem(("map", "k"), "", at_key=True)], {**_DATA, "map": {}}),
        ([Problem(("map",), "", lacks="needed")], _DATA),
        ([Problem((), "")], UNKNOWN),
        ([Problem((), ""), Problem(("a",), "", at_key=True)], UNKNOWN),
    ],
)
def test_what_is_known(problems: list[Problem], expected: Any) -> None:
    before = copy.deepcopy(_DATA)
    assert known(_DATA, problems) == expected
    assert before == _DATA


def test_a_misspelled_key_blurs_the_field_that_it_means_and_no_other() -> None:
    problems = [
        Problem(("map", "need"), "", at_key=True, meant="needed"),
        Problem(("b",), "", at_key=True, meant="a"),
    ]
    assert with_typos_unknown(_DATA, problems) == {**_DATA, "map": {"k": 1, "needed": UNKNOWN}}
    assert with_typos_unknown(UNKNOWN, problems) is UNKNOWN


def test_without_what_is_unknown() -> None:
    data = {"a": UNKNOWN, "b": [UNKNOWN, {"c": UNKNOWN, "d": 1}], "e": None}
    assert without_unknown(data) == {"b": [{"d": 1}], "e": None}
