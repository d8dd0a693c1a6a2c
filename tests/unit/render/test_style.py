"""Color only where it is asked for."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from reconciler.model import Plan, Result
from reconciler.render import render_findings, render_plans, render_results
from reconciler.render.style import Tone, style

SGR = re.compile("\x1b\\[[0-9;]+m")


def test_a_tone_is_put_around_the_text_and_ends_with_it() -> None:
    assert style(True)("x", Tone.GRAVE) == "\x1b[1;31mx\x1b[0m"
    assert style(False)("x", Tone.GRAVE) == "x"


@given(plan=st.from_type(Plan), result=st.from_type(Result))
def test_color_adds_nothing_but_color(plan: Plan, result: Result) -> None:
    for plain, colored in (
        (render_plans([plan], "text"), render_plans([plan], "text", color=True)),
        (render_results([result], "text"), render_results([result], "text", color=True)),
        (
            render_findings(plan.findings, 1, 2, "text"),
            render_findings(plan.findings, 1, 2, "text", color=True),
        ),
    ):
        assert "\x1b" not in plain
        assert "\x1b" in colored
        assert SGR.sub("", colored) == plain
