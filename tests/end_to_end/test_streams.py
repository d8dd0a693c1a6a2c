"""Streams that fail, while real processes write to a tenant: what is only said never changes what is done."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.builders import schedule
from tests.support.commands import Ended
from tests.support.tenant_world import World, campaign

Run = Callable[..., Ended]
COUNT = 60  # more than the steps that are worth a line of progress

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX pipes and devices")
needs_full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="this machine has no such device")


@contextlib.contextmanager
def _no_reader() -> Iterator[int]:
    """The end of a pipe that nobody reads."""
    reader, writer = os.pipe()
    os.close(reader)
    yield writer
    os.close(writer)


@contextlib.contextmanager
def _full_disk() -> Iterator[int]:
    handle = os.open("/dev/full", os.O_WRONLY)
    yield handle
    os.close(handle)


def _arguments(world: World, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "reconciler", *arguments, str(world.folder / "schedules")]


def _fill(world: World) -> None:
    world.write(campaign("CAM_001", *(schedule(f"Schedule {number}") for number in range(COUNT))))


def _journal(world: World) -> Counter[str]:
    lines = (world.folder / ".reconciler" / "audit.jsonl").read_text(encoding="utf-8").splitlines()
    *writes, end = map(json.loads, lines)
    assert (end["action"], end["converged"]) == ("RUN_ENDED", True)
    return Counter(line["status"] for line in writes)


@pytest.mark.parametrize(
    "stream", [_no_reader, pytest.param(_full_disk, marks=needs_full)], ids=["no reader", "full disk"]
)
def test_an_apply_ends_whatever_becomes_of_stderr(
    stream: Callable[[], contextlib.AbstractContextManager[int]], world: World
) -> None:
    _fill(world)
    with stream() as stderr:
        ended = subprocess.run(
            _arguments(world, "apply", "--auto-approve"),
            cwd=world.folder,
            env={**os.environ, **world.env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stderr,
            check=False,
        )
    assert (ended.returncode, b"Converged." in ended.stdout) == (0, True)
    assert len(world.live()) == COUNT
    assert _journal(world) == {"PENDING": COUNT, "SUCCESS": COUNT}


def test_an_apply_ends_whatever_becomes_of_both_streams(world: World) -> None:
    _fill(world)
    with _no_reader() as gone:
        ended = subprocess.run(
            _arguments(world, "apply", "--auto-approve"),
            cwd=world.folder,
            env={**os.environ, **world.env},
            stdin=subprocess.DEVNULL,
            stdout=gone,
            stderr=subprocess.STDOUT,
            check=False,
        )
    assert ended.returncode == 0
    assert _journal(world) == {"PENDING": COUNT, "SUCCESS": COUNT}


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_a_closed_stream_is_the_null_device(closed: str, world: World) -> None:
    _fill(world)
    command = f'"$@" {closed}'
    ended = subprocess.run(
        ["sh", "-c", command, "sh", *_arguments(world, "apply", "--auto-approve")],
        cwd=world.folder,
        env={**os.environ, **world.env},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0
    assert ("Converged." in ended.stdout) is (closed == "2>&-")
    assert _journal(world) == {"PENDING": COUNT, "SUCCESS": COUNT}


def test_a_reader_that_leaves_early_changes_no_exit_code(world: World) -> None:
    _fill(world)
    for arguments, code in ((("plan", "--detailed-exitcode"), 2), (("apply", "--auto-approve"), 0)):
        with _no_reader() as gone:
            ended = subprocess.run(
                _arguments(world, *arguments),
                cwd=world.folder,
                env={**os.environ, **world.env},
                stdin=subprocess.DEVNULL,
                stdout=gone,
                stderr=subprocess.PIPE,
                check=False,
            )
        assert (ended.returncode, b"Error" in ended.stderr) == (code, False)


@needs_full
@pytest.mark.parametrize("arguments", [("plan",), ("validate",), ("--help",)])
def test_data_that_cannot_be_written_is_an_error(arguments: tuple[str, ...], world: World) -> None:
    _fill(world)
    with _full_disk() as full:
        ended = subprocess.run(
            _arguments(world, *arguments),
            cwd=world.folder,
            env={**os.environ, **world.env},
            stdin=subprocess.DEVNULL,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert ended.returncode == 1
    assert "No space left on device" in ended.stderr
    assert "should not happen" not in ended.stderr


def test_progress_of_many_steps_is_said_elsewhere_than_on_a_terminal(world: World, program: Run) -> None:
    _fill(world)
    said = program("apply", "--auto-approve", **world.env).err
    assert f"writing acme: {COUNT // 4} of {COUNT}" in said
    assert f"writing acme: {COUNT} of {COUNT}" in said


class TestOut:
    """`plan --out FILE`."""

    def test_a_device_is_written_through(self, world: World, program: Run) -> None:
        _fill(world)
        device = world.folder / "pipe"
        os.mkfifo(device)
        with subprocess.Popen(["cat", str(device)], stdout=subprocess.PIPE) as cat:
            ended = program("plan", "--out", str(device), **world.env)
            assert cat.stdout is not None
            document = json.loads(cat.stdout.read())
        assert ended.code == 0
        assert device.is_fifo()
        assert len(document["changes"]) == COUNT

    def test_the_null_device_stays_one(self, world: World, program: Run) -> None:
        _fill(world)
        assert program("plan", "--out", os.devnull, **world.env).code == 0
        assert Path(os.devnull).is_char_device()

    def test_a_link_stays_one(self, world: World, program: Run) -> None:
        _fill(world)
        (world.folder / "kept").mkdir()
        link = world.folder / "plan.json"
        link.symlink_to("kept/plan.json")
        assert program("plan", "--out", str(link), **world.env).code == 0
        assert link.is_symlink()
        assert json.loads((world.folder / "kept" / "plan.json").read_text())["tenant"] == "acme"

    @pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o027, 0o640)])
    def test_the_mode_is_that_of_the_umask(self, umask: int, mode: int, world: World, program: Run) -> None:
        _fill(world)
        before = os.umask(umask)
        try:
            program("plan", "--out", "plan.json", **world.env)
        finally:
            os.umask(before)
        saved = world.folder / "plan.json"
        assert saved.stat().st_mode & 0o777 == mode
        saved.chmod(0o600)
        program("plan", "--out", "plan.json", **world.env)
        assert saved.stat().st_mode & 0o777 == 0o600
        assert [path.name for path in world.folder.iterdir() if path.suffix == ".tmp"] == []

    def test_a_place_that_cannot_be_written_is_wrong_usage(self, world: World, program: Run) -> None:
        _fill(world)
        for place in ("no-such-folder/plan.json", "schedules"):
            ended = program("plan", "--out", place, **world.env)
            assert ended.code == 64
            assert place in ended.err
