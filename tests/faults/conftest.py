"""A world for each test with its sandbox stopped in the end, and the command line on it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.apply_world import World, build
from tests.support.commands import Ended


@pytest.fixture
def make_world(tmp_path: Path) -> Iterator[Callable[..., World]]:
    """Makes a world in a folder of its own below `tmp_path`; keywords are options of the sandbox."""
    with contextlib.ExitStack() as stack:
        count = iter(range(1_000_000))

        def made(**options: Any) -> World:
            return build(tmp_path / f"world{next(count)}", stack.enter_context, options)

        yield made


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    """One world, with ETags."""
    return make_world()


@pytest.fixture
def command(world: World, reconciler: Callable[..., Ended]) -> Callable[..., Ended]:
    """Runs a command on the world's files and its sandbox; `apply` with the world's journal, `audit` without files."""

    def execute(name: str, *arguments: str, **environment: str) -> Ended:
        journal = ("--audit-log", str(world.journal)) if name == "apply" else ()
        path = () if name == "audit" else (str(world.root / "schedules"),)
        return reconciler(name, *path, *journal, *arguments, **{**world.environ, **environment})

    return execute
