"""All formats through the one door: golden files, the same bytes every time, and no format that does not exist.

To accept a new look of the golden files: `GOLDEN=write python -m pytest tests/unit/render/test_formats.py`, then read
the difference that git shows.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.document.finding_document import findings_document
from reconciler.document.plan_document import plan_document
from reconciler.document.result_document import result_document
from reconciler.model import Plan
from reconciler.model.results import Result
from reconciler.render import (
    FINDING_FORMATS,
    PLAN_FORMATS,
    RESULT_FORMATS,
    render_findings,
    render_plans,
    render_results,
)
from tests.support.plans import without_style

GOLDEN = Path(__file__).parent / "golden"
SUFFIXES = {"text": "txt", "json": "json", "markdown": "md", "html": "html", "github": "github.txt"}


def assert_golden(name: str, text: str) -> None:
    file = GOLDEN / name
    text = without_style(text)
    if os.environ.get("GOLDEN") == "write":
        file.write_bytes(text.encode())
    assert text.encode() == file.read_bytes()


@pytest.mark.parametrize("form", PLAN_FORMATS)
def test_plans_look_as_agreed(plan: Plan, empty_plan: Plan, form: str) -> None:
    assert_golden(f"plan.{SUFFIXES[form]}", render_plans([plan], form))
    assert_golden(f"plans.{SUFFIXES[form]}", render_plans([plan, empty_plan], form))


@pytest.mark.parametrize("form", RESULT_FORMATS)
def test_results_look_as_agreed(result: Result, plan: Plan, form: str) -> None:
    assert_golden(f"result.{SUFFIXES[form]}", render_results([result], form, plans=[plan]))


@pytest.mark.parametrize("form", FINDING_FORMATS)
def test_findings_look_as_agreed(plan: Plan, form: str) -> None:
    assert_golden(f"findings.{SUFFIXES[form]}", render_findings(plan.findings, 2, 3, form))


def test_json_is_the_document(plan: Plan, result: Result) -> None:
    assert json.loads(render_plans([plan], "json")) == plan_document(plan)
    assert json.loads(render_results([result], "json")) == result_document(result)
    found = json.loads(render_findings(plan.findings, 1, 2, "json"))
    assert found == findings_document(plan.findings, 1, 2)


@given(plan=st.from_type(Plan), form=st.sampled_from(PLAN_FORMATS))
def test_every_format_is_written_the_same_twice_and_in_any_encoding_of_unicode(plan: Plan, form: str) -> None:
    text = render_plans([plan], form)
    assert text == render_plans([plan], form)
    assert text.endswith("\n")
    text.encode("utf-8")


SCRIPT = """
import sys
from pathlib import Path
from reconciler.document.saved_plans import parse_plans
from reconciler.render import render_plans
plans = parse_plans(Path(sys.argv[1]).read_text("utf-8"))
for form in ("text", "json", "markdown", "html"):
    sys.stdout.buffer.write(render_plans(plans, form).encode() + b"\\0")
"""


def test_the_same_bytes_under_any_hash_seed() -> None:
    outputs = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT, str(GOLDEN / "plans.json")],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("0", "1", "4711")
    }
    (output,) = outputs
    for form, text in zip(PLAN_FORMATS, output.decode().split("\0"), strict=False):
        assert without_style(text) == (GOLDEN / f"plans.{SUFFIXES[form]}").read_text("utf-8")
