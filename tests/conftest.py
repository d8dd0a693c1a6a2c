"""What all tests share: a command line run as a user runs it, in a folder of its own."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import WorkStealingScheduling

from reconciler.cli import run
from tests.support.commands import Ended, Run, Write

settings.register_profile(
    "project", deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
settings.load_profile("project")


def pytest_collection_finish() -> None:
    """Thousands of collected tests stay to the end: no garbage collection need look at them again (a fifth of all time)."""
    gc.collect()
    gc.freeze()


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> WorkStealingScheduling:
    """Workers that are done take tests from the others: the longest ones come last."""
    return WorkStealingScheduling(config, log)


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees the credentials, proxies or CI of the machine that it runs on."""
    for name in list(os.environ):
        if name.startswith(("CXONE_", "GITHUB_")) or name.upper() in (
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "ALL_PROXY",
        ):
            monkeypatch.delenv(name)


@pytest.fixture
def reconciler(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command line in this process, with `tmp_path` as the current directory."""
    monkeypatch.chdir(tmp_path)

    def execute(*arguments: str, **environment: str) -> Ended:
        capsys.readouterr()
        with pytest.MonkeyPatch.context() as patch:
            for name, value in environment.items():
                patch.setenv(name, value)
            code = run(arguments)
        captured = capsys.readouterr()
        return Ended(code, captured.out, captured.err)

    return execute


@pytest.fixture
def program(tmp_path: Path) -> Run:
    """Run the program as a process of its own, with `tmp_path` as the current directory."""

    def execute(*arguments: str, **environment: str) -> Ended:
        ended = subprocess.run(
            [sys.executable, "-m", "reconciler", *arguments],
            cwd=tmp_path,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        return Ended(ended.returncode, ended.stdout, ended.stderr)

    return execute


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write files, by their path below `tmp_path`."""

    def execute(files: Mapping[str, str]) -> None:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")

    return execute
