"""Half of a long piece of work in a second process. Each case is a program of its own: a fork wants one without threads, and
the tests have some."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

_PROGRAM = """
import json, os, signal, sys, threading
from reconciler.processes import in_two_processes

signal.signal(signal.SIGINT, signal.default_int_handler)  # a script's `&` has it ignored
HERE = os.getpid()
ITEMS = range(int(sys.argv[1]))

def work(items):
    for item in items:
        act(item, os.getpid() == HERE)
        yield item * item, os.getpid() == HERE

def act(item, here):
    pass

def results():
    return list(in_two_processes(work, ITEMS))

{case}

try:
    said = results()
except BaseException as error:
    said = repr(error)
try:
    os.waitpid(-1, os.WNOHANG)
    left = True
except ChildProcessError:
    left = False
print(json.dumps([said, left]))
"""
_TWO_CORES = pytest.mark.skipif(
    sys.platform != "linux" or len(os.sched_getaffinity(0)) < 2, reason="only Linux with two cores forks"
)


def ran(count: int, case: str = "") -> object:
    """What the program of a case gets; it must leave no process, and say nothing else."""
    program = [sys.executable, "-c", _PROGRAM.replace("{case}", case), str(count)]
    done = subprocess.run(program, capture_output=True, text=True, check=True)
    said, left = json.loads(done.stdout)
    assert (left, done.stderr) == (False, "")
    return said


def squares(count: int, here: int) -> list[list[object]]:
    """All results in order, the first `here` of them by the process itself."""
    return [[item * item, item < here] for item in range(count)]


@_TWO_CORES
@pytest.mark.parametrize(("count", "here"), [(0, 0), (1, 0), (2, 1), (5, 2), (20_000, 10_000)])
def test_the_second_half_is_done_by_another_process(count: int, here: int) -> None:
    assert ran(count) == squares(count, here)


ALL_HERE = {
    "another thread runs": "end = threading.Event(); threading.Thread(target=end.wait, daemon=True).start()",
    "one core": "os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})",
    "a system that is not Linux": "sys.platform = 'darwin'",
    "no further process is allowed": "def refuse(): raise BlockingIOError\nos.fork = refuse",
    "the other one is killed": "def act(item, here): here or os.kill(os.getpid(), signal.SIGKILL)",
    "the other one ends": "def act(item, here): here or os._exit(0)",
    "the other one ends within its message": """
def act(item, here):
    if not here:
        os.write(sys._getframe(2).f_locals["sender"].fileno(), bytes([0, 0, 3, 232, 1]))
        os._exit(0)
""",
    "the other one fails": "def act(item, here): here or 1 / 0",
    "the other one cannot send": """
def work(items):
    for item in items:
        yield (item * item, True) if os.getpid() == HERE else lambda: item
""",
}


@pytest.mark.parametrize("case", ALL_HERE)
def test_all_is_done_here_where(case: str) -> None:
    assert ran(10, ALL_HERE[case]) == squares(10, 10)


@pytest.mark.parametrize("item", [2, 7])
def test_what_the_work_raises_is_raised(item: int) -> None:
    assert ran(10, f"def act(item, here): item == {item} and int('x')") == repr(
        ValueError("invalid literal for int() with base 10: 'x'")
    )


ENDED = {
    "interrupted": "def act(item, here): here and os.kill(os.getpid(), signal.SIGINT)",
    "interrupted together": """
os.setpgrp()
def act(item, here): here and os.killpg(0, signal.SIGINT)
""",
    "its terminal is closed": """
os.setpgrp()
signal.signal(signal.SIGHUP, signal.default_int_handler)
def act(item, here): here and os.killpg(0, signal.SIGHUP)
""",
    "its terminal was closed before the other one began to work": """
signal.signal(signal.SIGHUP, signal.default_int_handler)
os.register_at_fork(after_in_child=lambda: os.kill(os.getpid(), signal.SIGHUP))
def act(item, here): here and os.kill(os.getpid(), signal.SIGHUP)
""",
}


@pytest.mark.parametrize("case", ENDED)
def test_an_interrupt_ends_both(case: str) -> None:
    assert ran(10, ENDED[case]) == "KeyboardInterrupt()"


@_TWO_CORES
def test_the_other_one_ends_when_it_is_left_alone() -> None:
    case = "def act(item, here): here and os.kill(HERE, signal.SIGKILL)"
    program = [sys.executable, "-c", _PROGRAM.replace("{case}", case), "100000"]
    done = subprocess.run(program, capture_output=True, text=True, timeout=60)  # it holds these streams until it ends
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGKILL, "", "")


def test_whoever_wants_no_more_leaves_no_process() -> None:
    assert ran(10, "def results(): return next(in_two_processes(work, ITEMS))[0]") == 0


@_TWO_CORES
@pytest.mark.parametrize("command", ["validate", "plan"])
def test_a_command_says_the_same_on_one_core(command: str, tmp_path: Path) -> None:
    (tmp_path / "schedules").mkdir()
    (tmp_path / "tenant.yaml").write_text("name: t\nbaseUri: http://127.0.0.1:9\n")
    for number in range(300):
        wrong = "\n    color: red" if number % 40 == 7 else "\n  broken" if number % 90 == 11 else ""
        text = f"campaignId: CAM_{number:03}\nschedules:\n  - name: N{number}\n    timezone: UTC{wrong}\n"
        (tmp_path / "schedules" / f"{number:03}.yaml").write_text(text)
    program = f"import os, sys; %s; from reconciler.cli import run; sys.exit(run(['{command}', '--format', 'json']))"
    one = "os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})"
    both = [
        subprocess.run([sys.executable, "-c", program % cores], cwd=tmp_path, capture_output=True, text=True)
        for cores in (one, "0")
    ]
    assert [done.returncode for done in both] == [3, 3]
    assert both[0].stdout == both[1].stdout
    assert '"file": "schedules/281.yaml"' in both[0].stdout
