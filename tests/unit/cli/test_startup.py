"""A command loads what it prints and reads, and nothing that only other commands need: everybody waits for its start."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

_HTTP = ("requests", "urllib3", "ssl")
_FILES = ("yaml", "jsonschema_rs", "reconciler.desired", "reconciler.rules")
_VALUES = ("reconciler.model", "reconciler.findings", "reconciler.render")

_SCRIPT = """
import sys
from reconciler.cli import run
code = run(sys.argv[1:])
print("loaded:", *sorted(sys.modules))
sys.exit(code)
"""


def _loaded(arguments: list[str], folder: Path) -> set[str]:
    ran = subprocess.run(
        [sys.executable, "-c", _SCRIPT, *arguments], cwd=folder, capture_output=True, text=True, check=True
    )
    return set(ran.stdout.rpartition("loaded:")[2].split())


@pytest.mark.parametrize(
    ("arguments", "needless"),
    [
        (["--version"], (*_HTTP, *_FILES, *_VALUES, "traceback", "pathlib")),
        (["validate", "--help"], (*_HTTP, *_FILES, *_VALUES)),
        (["explain", "window-overlap"], (*_HTTP, "jsonschema_rs", "reconciler.desired", "reconciler.model")),
        (
            ["audit", "journal.jsonl"],
            (*_HTTP, *_FILES, "filelock", "reconciler.audit.journal", "reconciler.model.results"),
        ),
        (["tenants", "--help"], (*_HTTP, *_FILES)),
        (["hours", "US-NY"], _HTTP),
        (["plan", "--help"], (*_HTTP, *_FILES)),
        (["apply", "--help"], (*_HTTP, *_FILES, "filelock")),
        (["github", "--help"], (*_HTTP, *_FILES)),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_command_loads_no_room_that_it_does_not_enter(
    arguments: list[str], needless: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "journal.jsonl").touch()
    loaded = _loaded(arguments, tmp_path)
    assert "reconciler.cli" in loaded
    assert loaded.isdisjoint(needless), loaded & set(needless)
