"""The page of a plan in a real browser."""

from __future__ import annotations

from collections.abc import Callable

from reconciler.model import Plan
from tests.support.browser import Shown

Open = Callable[..., Shown]


def test_nothing_is_asked_for_and_nothing_complained_of(open_page: Open, plan: Plan) -> None:
    shown = open_page([plan])
    assert shown.requests == [shown.page.url]
    assert shown.complaints == []


def test_a_screen_reader_finds_no_serious_fault(open_page: Open, plan: Plan) -> None:
    assert open_page([plan]).violations() == []
