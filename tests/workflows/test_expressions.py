"""The stand-in for expressions is strict: what it does not know fails, so that no misspelling passes for false."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.expressions import ExpressionError, Open, condition, evaluate, interpolate

CONTEXTS = {
    "vars": Open(ON="true"),
    "github": {"ref": "refs/heads/main", "event": Open()},
    "n": {"list": "[1]"},
    "jobs": {"a": {"result": "success"}, "b": {"result": "failure"}},
}
FUNCTIONS = {"success": lambda: False, "always": lambda: True}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("vars.ON == 'true' && github.ref == 'refs/heads/main'", True),
        ("vars.ON != 'TRUE'", False),
        ("!vars.OFF", True),
        ("github.event.before", None),
        ("github.event.pull_request.number == ''", True),
        ("vars.OFF || 'else'", "else"),
        ("(vars.OFF || vars.ON) && 'it''s'", "it's"),
        ("fromJSON(n.list)", [1]),
        ("contains(jobs.*.result, 'FAILURE') && !contains(jobs.*.result, 'fail')", True),
        ("format('{0} of {1}', vars.ON, vars.OFF)", "true of "),
    ],
)
def test_values(expression: str, value: Any) -> None:
    assert evaluate(expression, CONTEXTS, FUNCTIONS) == value


@pytest.mark.parametrize(
    "expression",
    [
        "varz.ON",
        "github.reff",
        "startsWith(vars.ON, 't')",
        "vars.ON ==",
        "vars.ON vars.ON",
        "a[0]",
        "vars.ON == 1",
        "",
    ],
)
def test_what_is_not_known_fails(expression: str) -> None:
    with pytest.raises(ExpressionError):
        evaluate(expression, CONTEXTS, FUNCTIONS)


def test_a_condition_asks_for_success_unless_it_asks_for_a_status() -> None:
    assert not condition("vars.ON", CONTEXTS, FUNCTIONS)
    assert condition("${{ always() && vars.ON }}", CONTEXTS, FUNCTIONS)


def test_text_around_an_expression() -> None:
    assert interpolate("a-${{ vars.ON }}-${{ vars.OFF }}", CONTEXTS, FUNCTIONS) == "a-true-"
