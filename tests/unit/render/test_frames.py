"""Findings with the line of their file: the caret stands under the value, whatever the line holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.findings import Finding, Location, Severity
from reconciler.render.escape import visible
from reconciler.render.frames import framed_findings
from reconciler.render.screen import Screen


def framed(line: str | None, column: int, message: str = "wrong", code: str = "made-up", width: int = 80) -> list[str]:
    finding = Finding(Severity.ERROR, code, message, Location("schedules/a.yaml", 9, column))
    return list(framed_findings([finding], Screen(width=width, line_of=lambda _location: line)))


ILLEGAL = (
    '"Weekday calling" of CAM_002: Mon–Fri 20:00–21:30 is not allowed: Florida ends at 20:00 (law). Allowed by all: '
    "09:00–20:00 America/New_York. Held against rule data 1, as of 2026-11-22."
)


def test_a_frame_has_place_line_caret_sentence_and_help() -> None:
    assert framed('        endTime: "21:30"  # late', 18, ILLEGAL, "outside-calling-hours", width=100) == [
        "error[outside-calling-hours] Weekday calling would call at an illegal hour",
        " --> schedules/a.yaml:9:18",
        "  |",
        '9 |         endTime: "21:30"  # late',
        "  |                  ^^^^^^^ Mon–Fri 20:00–21:30",
        "  = Florida ends at 20:00 (law). Held against rule data 1, as of 2026-11-22.",
        "  |",
        "  = help: 09:00–20:00 America/New_York is allowed by all of them. More: reconciler explain",
        "    outside-calling-hours",
        "",
    ]


def test_an_illegal_hour_of_which_nothing_is_quoted_is_said_whole() -> None:
    shown = framed(None, 18, ILLEGAL, "outside-calling-hours", width=300)
    assert shown[2] == f"  = {ILLEGAL.partition(': ')[2]}"
    hopeless = ILLEGAL.replace("Allowed by all: 09:00–20:00 America/New_York.", "No hour of the week is allowed.")
    assert f"  = {hopeless.partition(': ')[2]}" in framed("x", 1, hopeless, "outside-calling-hours", width=300)


@pytest.mark.parametrize(
    ("line", "column", "marked"),
    [
        ("a: 12:30:00 # x", 4, "12:30:00"),
        ("a: 'it''s'", 4, "'it''s'"),
        ("a: [MONDAY, TUESDAY]", 5, "MONDAY"),
        ("  endTime: x", 3, "endTime"),
        ("日本: x", 5, "x"),
        ("a: \t", 5, ""),
        ("a", 40, ""),
    ],
)
def test_the_caret_stands_under_the_value(line: str, column: int, marked: str) -> None:
    shown = framed(line, column)
    carets = next(text for text in shown if "^" in text)
    assert carets.count("^") == max(1, len(marked))
    if marked and line.isascii():
        assert shown[shown.index(carets) - 1][carets.index("^") :].startswith(marked)


def test_a_wide_line_is_cut_around_the_value() -> None:
    shown = framed("x" * 300 + ": late", 303, width=60)
    assert all(len(line) <= 60 for line in shown)
    assert any(line.endswith("late") for line in shown)


def test_a_file_that_no_longer_has_the_line_is_not_quoted() -> None:
    assert framed(None, 3) == ["error[made-up] wrong", " --> schedules/a.yaml:9:3", ""]


def test_of_equal_kinds_a_few_are_framed_unless_all_are_asked_for() -> None:
    findings = [
        Finding(Severity.WARNING, "calls-never-reached", f'"S {n}" of C: never.', Location("a.yaml", n))
        for n in range(1, 118)
    ]
    few = list(framed_findings(findings, Screen(line_of=lambda _location: "x")))
    assert sum(line.startswith("warning[") for line in few) == 3
    assert any(line.startswith("114 more calls-never-reached: a.yaml:4:1, ") for line in few)
    every = list(framed_findings(findings, Screen(line_of=lambda _location: "x", verbose=True)))
    assert sum(line.startswith("warning[") for line in every) == 117
    assert sum("help: " in line for line in every) == 1


@given(line=st.text(), column=st.integers(1, 500), message=st.text(), width=st.integers(20, 200))
def test_any_line_of_a_file_stays_in_its_lines(line: str, column: int, message: str, width: int) -> None:
    for shown in framed(line, column, message, width=width):
        assert visible(shown) == shown
        assert len(shown.splitlines()) <= 1
