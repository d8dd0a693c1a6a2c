"""`reconciler explain`: from the code of a finding to what to do."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from reconciler.findings import all_codes


def explain(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "reconciler", "explain", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_code_is_explained_in_three_paragraphs() -> None:
    ended = explain("window-overlap")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout == (
        "window-overlap (error; tenant.yaml may set it under compliance.severities)\n\n"
        "What it means\n  Two windows of one weekday overlap.\n\n"
        "Why it matters\n  It is not defined which of the two call caps holds in the time that they share.\n\n"
        "How to resolve it\n  Move one of the windows, or join them. Windows that only touch are fine.\n"
    )


def test_without_a_code_all_are_listed_a_line_each() -> None:
    ended = explain()
    assert ended.returncode == 0
    assert [line.split()[:2] for line in ended.stdout.splitlines()] == [
        [code, entry.severity] for code, entry in all_codes().items()
    ]


def test_programs_get_the_same_as_json() -> None:
    listed = json.loads(explain("--format", "json").stdout)["codes"]
    assert [entry["code"] for entry in listed] == list(all_codes())
    assert json.loads(explain("released", "--format", "json").stdout) == {
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
def test_a_code_that_does_not_exist_is_wrong_usage_with_the_near_ones(wrong: str, hint: str) -> None:
    ended = explain(wrong)
    assert (ended.returncode, ended.stdout) == (64, "")
    assert f"no finding has the code {wrong!r}" in ended.stderr
    assert hint in ended.stderr


def test_a_code_of_an_earlier_version_leads_to_its_name_of_today() -> None:
    ended = explain("needs-a-hand")
    assert ended.returncode == 0
    assert ended.stdout.startswith("edit-by-hand (error)\n")
    assert ended.stderr == "needs-a-hand is called edit-by-hand now.\n"
    assert explain("Needs-A-Hand", "--quiet").stderr == ""
