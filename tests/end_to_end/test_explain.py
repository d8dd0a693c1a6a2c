"""`reconciler explain`: from the code of a finding to what to do."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from reconciler.findings import all_codes
from tests.support.commands import Ended

Run = Callable[..., Ended]


def test_a_code_is_explained_in_three_paragraphs(reconciler: Run) -> None:
    ended = reconciler("explain", "window-overlap")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == (
        "window-overlap (error; tenant.yaml may set it under compliance.severities)\n\n"
        "What it means\n  Two windows of one weekday overlap.\n\n"
        "Why it matters\n  It is not defined which of the two call caps holds in the time that they share.\n\n"
        "How to resolve it\n  Move one of the windows, or join them. Windows that only touch are fine.\n"
    )


def test_without_a_code_all_are_listed_a_line_each(reconciler: Run) -> None:
    ended = reconciler("explain")
    assert ended.code == 0
    assert [line.split()[:2] for line in ended.out.splitlines()] == [
        [code, entry.severity] for code, entry in all_codes().items()
    ]


def test_programs_get_the_same_as_json(reconciler: Run) -> None:
    listed = json.loads(reconciler("explain", "--format", "json").out)["codes"]
    assert [entry["code"] for entry in listed] == list(all_codes())
    assert json.loads(reconciler("explain", "released", "--format", "json").out) == {
        "code": "released",
        "severity": "warning",
        "adjustable": False,
        "raisedBy": "plan",
        "meaning": all_codes()["released"].meaning,
        "why": all_codes()["released"].why,
        "resolve": all_codes()["released"].resolve,
    }


@pytest.mark.parametrize(
    ("wrong", "hint"),
    [
        ("windw-overlap", "did you mean window-overlap"),
        ("nothing like it", "`reconciler explain` lists all codes"),
    ],
)
def test_a_code_that_does_not_exist_is_wrong_usage_with_the_near_ones(wrong: str, hint: str, reconciler: Run) -> None:
    ended = reconciler("explain", wrong)
    assert (ended.code, ended.out) == (64, "")
    assert f"no finding has the code {wrong!r}" in ended.err
    assert hint in ended.err


def test_a_code_of_an_earlier_version_leads_to_its_name_of_today(reconciler: Run) -> None:
    ended = reconciler("explain", "needs-a-hand")
    assert ended.code == 0
    assert ended.out.startswith("edit-by-hand (error)\n")
    assert ended.err == "needs-a-hand is called edit-by-hand now.\n"
    assert reconciler("explain", "Needs-A-Hand", "--quiet").err == ""
