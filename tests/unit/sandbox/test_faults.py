"""Which request a fault hits, and how a fault is written on the command line."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.sandbox import Fault, Faults, parse_fault
from reconciler.sandbox.faults import KINDS, WITH_ACT
from reconciler.sandbox.faults import parse_fault as parse


def kinds(faults: Faults, method: str = "GET", path: str = "/x", query: str = "") -> list[str]:
    return [fault.kind for fault in faults.hits(method, path, query)]


@pytest.mark.parametrize(
    ("nth", "times", "hit"),
    [(1, 1, [1]), (3, 1, [3]), (2, 3, [2, 3, 4]), (4, None, [4, 5, 6])],
)
def test_a_fault_hits_the_requests_that_it_names(nth: int, times: int | None, hit: list[int]) -> None:
    faults = Faults(Fault("503", nth=nth, times=times))
    assert [number for number in range(1, 7) if kinds(faults)] == hit


def test_only_matching_requests_count() -> None:
    faults = Faults(Fault("503", method="PUT", path=r"/campaigns/C1/schedules/[^/]+$", nth=2))
    calls = [
        ("PUT", "/campaigns/C1/schedules/S1"),
        ("GET", "/campaigns/C1/schedules/S1"),
        ("PUT", "/campaigns/C2/schedules/S1"),
        ("PUT", "/campaigns/C1/schedules/S2"),
        ("PUT", "/campaigns/C1/schedules/S2"),
    ]
    assert [bool(kinds(faults, *call)) for call in calls] == [False, False, False, True, False]


def test_a_path_may_name_the_query_too() -> None:
    faults = Faults(Fault("500", path=r"schedules\?page=2$"), Fault("502", path="schedules$", times=None))
    assert kinds(faults, "GET", "/schedules") == ["502"]
    assert kinds(faults, "GET", "/schedules", "page=2") == ["500"]


def test_the_first_fault_wins_and_edits_come_along() -> None:
    def edit(_store: Any) -> None: ...

    faults = Faults(
        Fault("edit-after", edit=edit),
        Fault("500", nth=2),
        Fault("502", times=2),
        Fault("edit-before", edit=edit),
    )
    assert kinds(faults) == ["edit-after", "502", "edit-before"]
    assert kinds(faults) == ["500"]
    assert kinds(faults) == []


def test_faults_can_be_added_and_cleared_while_it_runs() -> None:
    faults = Faults()
    assert kinds(faults) == []
    faults.add(Fault("500", nth=2), Fault("503", times=None))
    assert kinds(faults) == ["503"]
    assert kinds(faults) == ["500"]
    faults.clear()
    assert kinds(faults) == []


def test_a_fault_for_one_request_hits_one_of_many_at_once() -> None:
    faults = Faults(Fault("503", nth=50))
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(lambda _: len(kinds(faults)), range(100))) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_says_whether_the_tenant_acts_unless_it_is_told(kind: str) -> None:
    more: dict[str, Any] = {}
    if kind.startswith("edit"):
        more["edit"] = print
    if kind in ("redirect", "link"):
        more["location"] = "http://127.0.0.1:9/"
    assert Fault(kind, **more).acts == (kind in WITH_ACT)
    assert Fault(kind, commit=True, **more).acts
    assert not Fault(kind, commit=False, **more).acts


@pytest.mark.parametrize(("kind", "status"), [("400", 400), ("503", 503), ("401-once", 401), ("html", None)])
def test_the_status_of_a_fault(kind: str, status: int | None) -> None:
    assert Fault(kind).answered == status


@pytest.mark.parametrize(
    ("kind", "options", "words"),
    [
        ("reset", {}, "unknown kind of fault 'reset'"),
        ("200", {}, "unknown kind"),
        ("600", {}, "unknown kind"),
        ("503", {"nth": 0}, "count from 1"),
        ("503", {"times": 0}, "at least once"),
        ("503", {"path": "["}, "no regular expression"),
        ("503", {"edit": print}, "edit"),
        ("edit-before", {}, "what to edit"),
        ("redirect", {}, "location"),
        ("503", {"location": "http://x/"}, "location"),
        ("html", {"status": 99}, "99 is no status"),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(kind: str, options: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Fault(kind, **options)


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
