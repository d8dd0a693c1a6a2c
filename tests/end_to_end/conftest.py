"""Tenants that are stopped when their test ends, and git."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from reconciler.sandbox import Sandbox, SandboxOptions
from tests.support.tenant_world import World


@pytest.fixture
def open_world(tmp_path: Path) -> Iterator[Callable[..., World]]:
    """Start a tenant with these campaigns and options; stopped when the test ends."""
    boxes: list[Sandbox] = []

    def start(campaigns: Sequence[str] = ("CAM_001", "CAM_002"), **options: Any) -> World:
        box = Sandbox(name="acme", campaigns=campaigns, options=SandboxOptions(**options))
        box.start()
        boxes.append(box)
        return World(box, tmp_path)

    yield start
    for box in boxes:
        box.stop()


@pytest.fixture
def world(open_world: Callable[..., World]) -> World:
    """A tenant with two empty campaigns."""
    return open_world()


@pytest.fixture
def git(tmp_path: Path) -> Callable[..., str]:
    """Run git in the folder, which becomes a repository."""

    def execute(*arguments: str) -> str:
        command = ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", *arguments]
        return subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True).stdout.strip()

    execute("init", "--quiet", "--initial-branch=main")
    return execute
