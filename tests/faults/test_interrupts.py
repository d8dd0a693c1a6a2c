"""Signals to a real process while its writes are in flight, and a process that is killed.

The sandbox holds a request until the test lets it go, so nothing here depends on time: a test waits for what it needs,
the arrival of a request or a sentence of the program, and then does the next thing.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.support.apply_world import CAP, EARLY, LATE, PINNED, World, complete, open_writes
from tests.support.commands import Ended
from tests.support.journals import read_entries

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals to send")

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PATIENCE = 60  # seconds after which a test fails instead of hanging


class Program:
    """A running `reconciler apply` of a world."""

    def __init__(self, world: World, ignored: int | None = None) -> None:
        before = {  # whatever the one that runs the tests does with them
            number: signal.signal(number, signal.SIG_IGN if number == ignored else signal.SIG_DFL) for number in SIGNALS
        }
        arguments = ["apply", str(world.root / "schedules"), "--auto-approve", "--quiet", "--format", "json"]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "reconciler", *arguments, "--audit-log", str(world.journal)],
            env={**os.environ, **world.environ},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
        )
        for number, handler in before.items():
            signal.signal(number, handler)
        self._told = ""

    def send(self, number: int) -> None:
        """Send a signal."""
        self._process.send_signal(number)

    def wait_for(self, words: str) -> None:
        """Wait until a line on stderr holds these words."""
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self._told += line
            if words in line:
                return
        raise AssertionError(f"it ended without saying {words!r}: {self._told}")

    def end(self) -> Ended:
        """Wait for the end."""
        out, err = self._process.communicate(timeout=PATIENCE)
        return Ended(self._process.returncode, out, self._told + err)

    def close(self) -> None:
        """Leave nothing behind."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.communicate()


class Hold:
    """Holds one request at the tenant, which acts on it at once (or not at all) and answers when it is released."""

    def __init__(self, world: World, which: dict[str, Any], *, commit: bool = True) -> None:
        self._arrived = threading.Event()
        self.release = threading.Event()
        world.fault("edit-before", edit=lambda _store: self._arrived.set(), **which)
        world.fault("stall", release=self.release, commit=commit, **which)

    def wait(self) -> None:
        """Wait until the request is there."""
        assert self._arrived.wait(PATIENCE), "the request never came"


@pytest.fixture
def start() -> Iterator[Callable[..., Program]]:
    """Starts `reconciler apply` as a process of its own."""
    with contextlib.ExitStack() as stack:

        def started(world: World, ignored: int | None = None) -> Program:
            program = Program(world, ignored)
            stack.callback(program.close)
            return program

        yield started


Start = Callable[..., Program]


def put(schedule_id: str) -> dict[str, str]:
    """The PUT of one schedule."""
    return {"method": "PUT", "path": f"/{schedule_id}$"}


def statuses(result: dict[str, Any]) -> dict[str, str]:
    """How each write ended."""
    return {write["scheduleId"]: write["status"] for write in result["results"]}


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_that_whoever_started_it_ignores_ends_nothing(world: World, start: Start, number: int) -> None:
    hold = Hold(world, put(LATE))
    program = start(world, number)
    hold.wait()

    program.send(number)
    hold.release.set()
    ended = program.end()

    assert ended.code == 0, ended.err
    assert json.loads(ended.out)["converged"] is True


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_lets_what_is_in_flight_end(world: World, start: Start, number: int) -> None:
    hold = Hold(world, put(LATE))
    program = start(world)
    hold.wait()

    program.send(number)
    program.wait_for("Interrupted: no new write starts")
    hold.release.set()
    ended = program.end()

    assert ended.code == 5, ended.err
    result = json.loads(ended.out)
    assert result["interrupted"] is True
    assert result["converged"] is False
    assert statuses(result) == {EARLY: "SUCCESS", LATE: "SUCCESS", PINNED: "NOT_ATTEMPTED"}
    assert {webhook["status"] for webhook in result["webhooks"]} == {"NOT_ATTEMPTED"}
    assert world.cap("CAM_A", LATE) == CAP
    assert world.cap("CAM_B", PINNED) == 400
    entries = world.entries()
    assert open_writes(entries) == []
    assert {entry["scheduleId"] for entry in entries} == {EARLY, LATE}
    assert result["journalHead"] == world.run_ends()[-1]["hash"]
    assert complete(world.result())


def test_several_writes_in_flight_all_end(world: World, start: Start) -> None:
    world.tenant(requests={"concurrency": 2})
    holds = [Hold(world, put(schedule_id)) for schedule_id in (EARLY, LATE)]
    program = start(world)
    for hold in holds:
        hold.wait()

    program.send(signal.SIGTERM)
    program.wait_for("Interrupted")
    program.send(signal.SIGTERM)  # a second one cuts nothing short
    program.send(signal.SIGINT)
    for hold in holds:
        hold.release.set()
    ended = program.end()

    assert ended.code == 5
    assert statuses(json.loads(ended.out)) == {EARLY: "SUCCESS", LATE: "SUCCESS", PINNED: "NOT_ATTEMPTED"}
    assert open_writes(world.entries()) == []


def test_a_write_whose_answer_never_comes_is_looked_for(world: World, start: Start) -> None:
    world.tenant(requests={"concurrency": 1, "readTimeout": 1})
    hold = Hold(world, put(LATE))
    program = start(world)
    hold.wait()

    program.send(signal.SIGINT)
    ended = program.end()

    assert ended.code == 5
    late = next(result for result in json.loads(ended.out)["results"] if result["scheduleId"] == LATE)
    assert (late["status"], late["httpStatus"], late["attempts"]) == ("SUCCESS", None, 1)
    assert world.writes()[f"/api/v2/dialer/campaigns/CAM_A/schedules/{LATE}"] == 1


def test_a_write_that_waits_for_its_repeat_gives_up_at_once(world: World, start: Start) -> None:
    """A wait of an hour, allowed by the settings, ends with the signal."""
    world.tenant(requests={"concurrency": 1, "maxRetryAfter": 3600})
    arrived = threading.Event()
    world.fault("edit-after", edit=lambda _store: arrived.set(), **put(LATE))
    world.fault("429", retry_after="3600", **put(LATE))
    program = start(world)
    assert arrived.wait(PATIENCE)

    program.send(signal.SIGINT)
    ended = program.end()

    assert ended.code == 5
    assert statuses(json.loads(ended.out)) == {EARLY: "SUCCESS", LATE: "FAILED", PINNED: "NOT_ATTEMPTED"}
    assert world.cap("CAM_A", LATE) == 400
    assert open_writes(world.entries()) == []


@pytest.mark.parametrize("path", ["CAM_A/schedules$", "oauth"])
def test_a_signal_while_it_reads_ends_it_at_once_before_any_write(world: World, start: Start, path: str) -> None:
    """It does not wait for the answer: a tenant that hangs would keep it for ten minutes here."""
    world.tenant(requests={"concurrency": 1, "readTimeout": 600, "attempts": 10})
    hold = Hold(world, {"path": path, "times": None})
    program = start(world)
    hold.wait()

    program.send(signal.SIGTERM)
    ended = program.end()

    assert ended.code == 1
    assert "interrupted; nothing was written" in ended.err
    assert ended.out == ""
    assert world.puts() == 0
    assert world.entries() == ()


def test_a_killed_apply_is_taken_up_by_the_next_one(world: World, start: Start) -> None:
    hold = Hold(world, put(LATE))
    program = start(world)
    hold.wait()

    program.send(signal.SIGKILL)
    assert program.end().code == -signal.SIGKILL

    assert [entry["status"] for entry in world.entries()] == ["PENDING", "SUCCESS", "PENDING"]
    assert open_writes(world.entries()) == [LATE]
    world.box.faults.clear()
    result = world.result()
    assert complete(result)
    assert {write.schedule_id for write in result.results} == {PINNED}
    assert set(world.writes().values()) == {1, 2}  # no PUT twice; two webhooks
    assert world.writes()["/api/v2/webhooks"] == 2
    assert open_writes(world.entries()) == [LATE]  # the audit goes on telling that nobody knows how it ended


def test_a_kill_before_the_tenant_acted_is_made_good(world: World, start: Start) -> None:
    hold = Hold(world, put(LATE), commit=False)
    program = start(world)
    hold.wait()

    program.send(signal.SIGKILL)
    program.end()
    world.box.faults.clear()

    assert complete(world.result())
    assert world.cap("CAM_A", LATE) == CAP
    assert world.writes()[f"/api/v2/dialer/campaigns/CAM_A/schedules/{EARLY}"] == 1


def test_a_kill_between_the_webhooks_makes_none_twice(world: World, start: Start) -> None:
    hold = Hold(world, {"method": "POST", "path": "webhooks"})
    program = start(world)
    hold.wait()

    program.send(signal.SIGKILL)
    program.end()
    world.box.faults.clear()

    assert complete(world.result())
    names = [webhook["name"] for webhook in world.box.store.webhooks]
    assert len(names) == len(set(names)) == 5


def test_a_torn_line_of_a_killed_apply_is_healed(world: World, start: Start) -> None:
    hold = Hold(world, put(LATE))
    program = start(world)
    hold.wait()
    program.send(signal.SIGKILL)
    program.end()
    world.box.faults.clear()
    with world.journal.open("r+b") as file:
        file.truncate(world.journal.stat().st_size - 40)

    assert complete(world.result())

    read = read_entries(world.journal)
    assert read.torn == ""
    assert [entry["action"] for entry in read.entries].count("JOURNAL_HEALED") == 1
