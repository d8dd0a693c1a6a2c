from __future__ import annotations

import re
import subprocess
import sys
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.desired.reader import MAX_PROBLEMS, python_pattern, schema_problems
from reconciler.model import WEEKDAYS
from reconciler.schema_files import load_schema

_GATE = jsonschema_rs.Draft202012Validator(load_schema("campaign"), validate_formats=True)

_FAULTY = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-1, 10**30),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([*WEEKDAYS, "MON", "09:00", "09:00\n", "24:00", "", ".", "..", "a", "US-NC", "US-NC\n", "TCPA", "\u0661"]),
    st.lists(st.sampled_from([*WEEKDAYS, "MON", 1, True]), max_size=3),
)  # fmt: skip


def _fields(*names: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.sampled_from([*names, "nmae"]), _FAULTY, max_size=len(names))


_WINDOWS = st.lists(
    _fields("dayOfWeek", "startTime", "endTime", "maxCallsPerDay", "predictiveRate") | _FAULTY, max_size=2
)
_SCHEDULES = st.builds(
    lambda fields, windows, rules: {**fields, "scheduleDetails": windows, "complianceRules": rules},
    _fields("name", "id", "timezone", "jurisdictions", "blackoutPeriods"),
    _WINDOWS | _FAULTY,
    _fields("regulatoryPauses", "agentAvailabilityProjection", "enableComplianceInjection") | _FAULTY,
)
_CAMPAIGNS = st.fixed_dictionaries(
    {"campaignId": _FAULTY, "schedules": st.lists(_SCHEDULES | _FAULTY, max_size=2) | _FAULTY}
)


@given(_CAMPAIGNS)
def test_whatever_the_gate_refuses_is_worded(data: dict[str, Any]) -> None:
    problems = schema_problems("campaign", data)
    assert _GATE.is_valid(data) is not bool(problems)
    for problem in problems:
        assert "does not fit" not in problem.message
        assert len(problem.message) < 400
    assert len(set(problems)) == len(problems)


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("^a$", "a", True),
        ("^a$", "a\n", False),
        ("a$", "ba\n", False),
        ("^(a|b$)", "b\n", False),
        (r"^a\$$", "a$", True),
        (r"^a\$$", "a$\n", False),
        ("^[$]$", "$", True),
        ("^[$]$", "$\n", False),
        (r"^[\]$]+$", "]$", True),
        (r"^(?!\.{1,2}$)", "..", False),
        (r"^(?!\.{1,2}$)", "...", True),
    ],
)
def test_an_end_is_the_very_end(pattern: str, text: str, fits: bool) -> None:
    assert bool(re.search(python_pattern(pattern), text)) is fits


def test_very_many_problems_end() -> None:
    problems = schema_problems("campaign", {"campaignId": "CAM_001", "schedules": [0] * 200_000})
    assert len(problems) == MAX_PROBLEMS + 1
    assert problems[-1].path == ()
    assert "not shown" in problems[-1].message


def test_a_long_list_of_different_things_is_checked_for_repeats_in_no_time() -> None:
    items: list[Any] = [{"n": number} for number in range(20_000)]
    problems = schema_problems("campaign", {"campaignId": "C", "schedules": [{"name": "n", "jurisdictions": items}]})
    assert len(problems) == MAX_PROBLEMS + 1


def test_files_that_fit_do_not_import_jsonschema() -> None:
    script = (
        "import sys; from reconciler.desired.reader import schema_problems\n"
        "assert schema_problems('campaign', {'campaignId': 'C', 'schedules': []}) == ()\n"
        "assert 'jsonschema' not in sys.modules\n"
        "assert schema_problems('campaign', {})\n"
        "assert 'jsonschema' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
