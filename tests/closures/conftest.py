"""What the tests of closures share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from reconciler.sandbox import Sandbox
from tests.support.closure_world import ClosureWorld
from tests.support.commands import Run


@pytest.fixture
def world(tmp_path: Path, reconciler: Run) -> Iterator[Callable[[str], ClosureWorld]]:
    """Makes a repository with this campaign file, and an empty tenant."""
    with ExitStack() as stack:

        def make(text: str) -> ClosureWorld:
            box = stack.enter_context(Sandbox(name="acme", campaigns=["CAM_001"]))
            return ClosureWorld(box, reconciler, tmp_path, text)

        yield make
