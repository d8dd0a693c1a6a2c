"""Whole plans: each folder of `tests/scenarios` holds what git says, what the tenant holds, and the plan in each format.

`schedules/` is the desired state, `live.json` maps campaigns to what the tenant holds (a file that is missing: every
campaign exists and is empty), `expected.*` are the outputs, `code` the exit code where it is not 0. A new folder is a new
test; `python tests/test_scenarios.py NAME…` writes the expected files anew, to be read before they are committed.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.cli import run
from reconciler.sandbox import Sandbox, state_path
from tests.support.plans import without_style

FOLDER = Path(__file__).parent / "scenarios"
SCENARIOS = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())
FORMATS = {"text": "txt", "json": "json", "markdown": "md", "html": "html"}
AS_OF = "2026-11-22"


def _prepare(scenario: Path, place: Path) -> None:
    shutil.copytree(scenario / "schedules", place / "schedules")
    for tenant, campaigns in _live(scenario).items():
        with Sandbox(name=tenant, state_file=state_path(place / ".reconciler", tenant)) as box:
            for campaign_id, schedules in campaigns.items():
                box.store.ensure_campaigns([campaign_id])
                for schedule in schedules:
                    box.store.put(campaign_id, schedule)


def _live(scenario: Path) -> dict[str, dict[str, list[dict[str, object]]]]:
    file = scenario / "live.json"
    if not file.exists():
        return {}
    live: dict[str, dict[str, list[dict[str, object]]]] = json.loads(file.read_text(encoding="utf-8"))
    return live


def _code(scenario: Path) -> int:
    file = scenario / "code"
    return int(file.read_text()) if file.exists() else 0


@pytest.mark.parametrize("name", SCENARIOS)
def test_plan(name: str, tmp_path: Path, reconciler: Callable[..., object]) -> None:
    _prepare(FOLDER / name, tmp_path)
    for output_format, ending in FORMATS.items():
        ended = reconciler("plan", "--sandbox", "--quiet", "--as-of", AS_OF, "--format", output_format)
        expected = (FOLDER / name / f"expected.{ending}").read_text(encoding="utf-8")
        shown = without_style(ended.out)  # type: ignore[attr-defined]  # Ended
        assert shown == expected, f"python tests/test_scenarios.py {name}"
        assert ended.code == _code(FOLDER / name)  # type: ignore[attr-defined]  # Ended of conftest


def _write_expected(name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        _prepare(FOLDER / name, Path(folder))
        os.chdir(folder)
        for output_format, ending in FORMATS.items():
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                code = run(["plan", "--sandbox", "--quiet", "--as-of", AS_OF, "--format", output_format])
            (FOLDER / name / f"expected.{ending}").write_text(without_style(out.getvalue()), encoding="utf-8")
        if code:
            (FOLDER / name / "code").write_text(f"{code}\n")


if __name__ == "__main__":
    for scenario_name in sys.argv[1:] or SCENARIOS:
        _write_expected(scenario_name)
