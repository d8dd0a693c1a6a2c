"""Command lines that ask for something that makes no sense: exit 64 and a sentence."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Ended
from tests.end_to_end.conftest import World

Run = Callable[..., Ended]


@pytest.mark.parametrize(
    "day", ["2026-1-1", "2026-11-1", "20261101", "2026-W01-1", "2026-02-30", "today", ""]
)
def test_a_date_has_one_spelling(day: str, world: World, reconciler: Run) -> None:
    world.write()
    ended = reconciler("validate", "--as-of", day)
    assert ended.code == 64
    assert f"{day!r} is not a date" in ended.err


@pytest.mark.parametrize("command", ["validate", "plan", "apply", "tenants", "import"])
def test_an_empty_path_is_not_the_current_folder(command: str, world: World, reconciler: Run) -> None:
    world.write(below=".")
    ended = reconciler(command, "", **world.env)
    assert ended.code == 64
    assert "PATH is empty" in ended.err
