"""Between plan and write the run waited for somebody's answer: what moved meanwhile refuses the whole."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from reconciler.errors import RefusedError, TenantError
from reconciler.model import Plan
from reconciler.pipeline.apply import Applied, apply_fresh
from reconciler.sandbox import Store
from tests.support.apply_world import CAP, EARLY, LATE, PINNED, QUIET, World, complete, schedule

Move = Callable[[Store], None]


def apply_after(world: World, move: Move) -> Applied:
    """Apply with somebody who edits in the console before saying yes."""

    def approve(_plans: Sequence[Plan]) -> bool:
        move(world.box.store)
        world.box.clear_log()
        return True

    return apply_fresh(world.options, replace(world.apply_options(), approve=approve))


@pytest.mark.parametrize(
    ("move", "words"),
    [
        (lambda store: store.put("CAM_A", schedule("CAM_A", LATE, "Late", 333)), "in 'Late' of CAM_A"),
        (lambda store: store.delete("CAM_B", PINNED), "in 'Pinned' of CAM_B"),
        (lambda store: store.put("CAM_A", schedule("CAM_A", EARLY, "Early", 333)), "in 'Early' of CAM_A"),
        (lambda store: store.put("CAM_A", schedule("CAM_A", "new", "Early")), "a name that schedule new has"),
        (lambda store: store.put("CAM_B", schedule("CAM_B", QUIET, "Quiet", 9)), "CAM_B, a schedule that"),
    ],
    ids=["edited", "deleted", "created", "same name", "beside"],
)
def test_what_moved_refuses_the_whole(world: World, move: Move, words: str) -> None:
    with pytest.raises(RefusedError, match="no longer what the plan saw") as caught:
        apply_after(world, move)

    assert words in caught.value.message
    assert world.puts() == 0
    assert world.entries() == ()


def test_what_cannot_be_read_again_keeps_all_from_being_written(world: World) -> None:
    world.tenant(requests={"concurrency": 1, "attempts": 1})
    world.fault("500", method="GET", path="CAM_B/schedules$", nth=2, times=None)

    with pytest.raises(TenantError, match="CAM_B"):
        apply_after(world, lambda _store: None)

    assert world.puts() == 0


def test_where_nothing_moved_all_is_written(world: World) -> None:
    applied = apply_after(world, lambda store: store.put("CAM_C", schedule("CAM_C", "new", "Elsewhere")))

    assert complete(applied.results[0])


def test_nobody_was_asked_so_nothing_is_read_again(world: World) -> None:
    world.result()

    lists = [seen.path for seen in world.box.log if seen.path.endswith("/schedules")]
    assert len(lists) == 4  # two campaigns before the writes, and after them


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_an_edit_while_the_prompt_waits(world: World) -> None:
    """The real program on a terminal."""
    ours, theirs = pty.openpty()
    call = [sys.executable, "-m", "reconciler", "apply", str(world.root / "schedules")]
    with subprocess.Popen(
        [*call, "--audit-log", str(world.journal)],
        env={**os.environ, **world.environ},
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=theirs,
    ) as program:
        os.close(theirs)
        said = b""
        while b"Type yes to write" not in said:
            said += os.read(ours, 4096)
        world.box.store.put("CAM_A", schedule("CAM_A", "by-hand", "Early"))
        os.write(ours, b"yes\n")
        program.wait(60)
        said += _rest(ours)

    assert program.returncode == 4, said
    assert b"no longer what the plan saw" in said
    assert world.puts() == 0
    assert [world.cap("CAM_A", EARLY), world.cap("CAM_A", LATE)] == [None, CAP - 100]


def _rest(terminal: int) -> bytes:
    said = b""
    try:
        while more := os.read(terminal, 4096):
            said += more
    except OSError:  # the other end is closed
        pass
    finally:
        os.close(terminal)
    return said
