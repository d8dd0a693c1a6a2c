"""A world for each test, and its sandbox stopped in the end."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.world import World, build


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
