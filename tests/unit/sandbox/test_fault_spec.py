"""A fault in one word is read exactly, or refused with the reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.sandbox import Fault, parse_fault
from reconciler.sandbox.fault_spec import parse_fault as parse


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("PUT:reset-after", Fault("reset-after", method="PUT")),
        ("PUT:reset-after:3", Fault("reset-after", method="PUT", nth=3)),
        ("put:503:2x4", Fault("503", method="PUT", nth=2, times=4)),
        ("*:429:1x*:retry-after=2", Fault("429", times=None, retry_after="2")),
        (
            "*:429:1:retry-after=Sun, 22 Nov 2026 08:00:00 GMT",
            Fault("429", retry_after="Sun, 22 Nov 2026 08:00:00 GMT"),
        ),
        ("GET /schedules:503:2", Fault("503", method="GET", path="/schedules", nth=2)),
        ("GET a:b c$:503:2", Fault("503", method="GET", path="a:b c$", nth=2)),
        ("PUT:html::status=200;commit=yes", Fault("html", method="PUT", status=200, commit=True)),
        ("PUT:stall::commit=no", Fault("stall", method="PUT", commit=False)),
        (
            "GET:redirect:1:location=http://h:8/a?b=c",
            Fault("redirect", method="GET", location="http://h:8/a?b=c"),
        ),
        ("  POST:401-once ", Fault("401-once", method="POST")),
        ("PUT:409:5", Fault("409", method="PUT", nth=5)),
    ],
)
def test_a_word_for_each_fault(text: str, fault: Fault) -> None:
    assert parse_fault(text) == fault


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "such as PUT:reset-after:3"),
        ("PUT", "is not a fault"),
        ("PUT:", "is not a fault"),
        ("PUT:503:x", "is not a fault"),
        ("PUT:503:1:2", "is not a fault"),
        ("FETCH:503", "method 'FETCH' is not one of"),
        ("PUT:reset-afer", "did you mean reset-after"),
        ("PUT:explode", "one of 429, 500"),
        ("PUT:200", "unknown kind of fault '200'"),
        ("PUT:503:0", "count from 1"),
        ("PUT:503:1x0", "at least once"),
        ("PUT [:503", "regular expression"),
        ("PUT:503::color=red", "unknown setting 'color', one of commit, location"),
        ("PUT:html::status=ok", "status 'ok' is not a number"),
        ("PUT:html::status=999", "999 is no status"),
        ("PUT:html::commit=maybe", "commit is yes or no"),
        ("PUT:redirect", "location"),
        ("PUT:edit-before", "only be used from Python"),
    ],
)
def test_what_is_not_a_fault_is_quoted_with_the_reason(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words) as caught:
        parse_fault(text)
    assert repr(text) in str(caught.value)


@given(text=st.text(alphabet="PUTGE*:/ 0123456789x=;-abcdehmlrst[", max_size=30))
def test_any_text_is_a_fault_or_a_clear_refusal(text: str) -> None:
    try:
        assert isinstance(parse(text), Fault)
    except ValueError as error:
        assert repr(text) in str(error)  # noqa: PT017  # either outcome is right, the words matter
