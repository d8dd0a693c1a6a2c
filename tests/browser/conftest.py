"""A browser for all tests of a module, and pages in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from reconciler.document.saved_plans import parse_plans
from reconciler.model import Plan
from reconciler.render import render_plans
from tests.support.browser import Shown, chromium, show

_ONE_OF_EVERYTHING = Path(__file__).parent.parent / "unit" / "render" / "golden" / "plan.json"


@pytest.fixture
def plan() -> Plan:
    """A plan that has one of everything."""
    (plan,) = parse_plans(_ONE_OF_EVERYTHING.read_text("utf-8"))
    return plan


@pytest.fixture
def empty(plan: Plan) -> Plan:
    """A plan that has nothing to do."""
    return plan._replace(tenant="quiet", changes=(), webhooks=(), unmanaged=(), safety=(), findings=())


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    with chromium() as opened:
        yield opened


@pytest.fixture
def open_page(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Shown]]:
    """Show the page of plans; `options` as for `show`."""
    opened: list[Shown] = []

    def execute(plans: Sequence[Plan], **options: Any) -> Shown:
        file = tmp_path / "plan.html"
        file.write_bytes(render_plans(plans, "html").encode())
        opened.append(show(browser, file, **options))
        return opened[-1]

    yield execute
    for shown in opened:
        shown.page.close()
