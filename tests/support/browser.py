"""The system's own Chromium, driven by Playwright: pages as a person sees them, and what the browser complains of."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

REQUIRED = "RECONCILER_TEST_BROWSER"
"""An environment variable: `required` makes a missing browser a failure, as in `.ci/run`; a path names the browser."""

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
_MISSING = (
    f"no Chromium on this machine, so the page is not tested in a browser: install it (Debian: apt-get install chromium), or "
    f"set {REQUIRED} to the path of one"
)


@dataclass
class Shown:
    """A page in a browser: what it asked for, and what was said on the console."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def run(self, script: str, argument: Any = None) -> Any:
        """What a JavaScript function returns on the page."""
        return self.page.evaluate(script, argument)

    def violations(self) -> list[dict[str, Any]]:
        """What axe-core finds: each with `id`, `impact` and the `nodes` concerned."""
        self.run(files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
        found: list[dict[str, Any]] = self.run("async () => (await axe.run()).violations")
        return found


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser, until the block ends; skips where there is none, or fails where one is required."""
    wish = os.environ.get(REQUIRED, "")
    path = wish if "/" in wish else next(filter(None, map(shutil.which, _NAMES)), None)
    if path is None:
        (pytest.fail if wish == "required" else pytest.skip)(_MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path)
        try:
            yield browser
        finally:
            browser.close()


def show(browser: Browser, file: Path, width: int = 1280, **options: Any) -> Shown:
    """Open a file in a window of this width; `options` are Playwright's for a new page."""
    page = browser.new_page(viewport={"width": width, "height": 900}, **options)
    shown = Shown(page)
    page.on("request", lambda request: shown.requests.append(request.url))
    page.on("console", lambda message: shown.complaints.append(message.text))
    page.on("pageerror", lambda error: shown.complaints.append(str(error)))
    page.goto(file.as_uri())
    return shown
