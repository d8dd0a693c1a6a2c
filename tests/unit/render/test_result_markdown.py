"""The comment of an apply: what is live now, what is not, what to do."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from reconciler.model import Plan
from reconciler.model.results import Result
from reconciler.render.result_markdown import results_markdown
from tests.support.markdown import assert_whole


def test_what_is_live_is_said_with_its_week(converged_result: Result, plan: Plan) -> None:
    text = results_markdown([converged_result], [plan])
    assert text.startswith("### ✅ acme: 1 schedule live\n\n| Schedule | What is live now |\n")
    assert "| ✅ **Weekend** `CAM_001` | Sat, Sun 09:00–17:00, 5,000 calls a day (14 h a week) |" in text
    assert text.index("<summary>Details</summary>") < text.index("journal head")


def test_what_is_not_done_and_what_to_do_come_first(result: Result, plan: Plan) -> None:
    text = results_markdown([result], [plan])
    assert text.startswith("### 🛑 acme: 1 schedule live, NOT complete\n\n- Interrupted: ")
    assert "| 🛑 **Weekday calling** `CAM_001` | **failed**: must be at most 3 |" in text
    assert "is not registered: the tenant answered 503" in text


@given(results=st.lists(st.from_type(Result), max_size=3), plan=st.from_type(Plan))
def test_hostile_text_breaks_out_of_nothing(results: list[Result], plan: Plan) -> None:
    assert_whole(results_markdown(results, [plan]))


def test_thousands_of_writes_stay_within(result: Result, plan: Plan) -> None:
    many = replace(result, results=result.results * 4000, stopped="`🙂" * 40_000)
    assert_whole(results_markdown([many] * 40, [plan]))
