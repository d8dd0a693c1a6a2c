"""What the benchmarks share: how big, how a command is measured, and how a line of figures reads.

A benchmark prints and never asserts a time: machines differ, and a shared one differs from minute to minute. What it
does check is that it measured what it says, such as that a no-op plan had nothing to do. Command and floor run in turns,
and what counts is the median of their ratios.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypeVar

ROOT = Path(__file__).parents[2]
MIB = 2**20

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Size:
    """A tenant with `campaigns` campaigns of `each` schedules, a file a campaign."""

    campaigns: int
    each: int

    @property
    def schedules(self) -> int:
        """How many schedules there are."""
        return self.campaigns * self.each

    def __str__(self) -> str:
        return f"{self.schedules:,} schedules in {self.campaigns:,} campaigns"


@dataclass(frozen=True, slots=True)
class Cost:
    """What something took: seconds on the wall and of the processor. A busy machine disturbs the latter less."""

    wall: float
    cpu: float

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.wall + other.wall, self.cpu + other.cpu)


@dataclass(frozen=True, slots=True)
class Ran:
    """One command that ended as expected: what it took, its peak of memory in bytes, and its stdout."""

    cost: Cost
    peak: int
    out: str


class UnexpectedError(Exception):
    """What was measured is not what the benchmark is about; its figures would mislead."""


def reconciler(*arguments: str, folder: Path, environ: Mapping[str, str] | None = None, last: int | None = None) -> Ran:
    """Run `reconciler` as a process in `folder`, as `run` does."""
    return run([sys.executable, "-m", "reconciler", *arguments], folder=folder, environ=environ, last=last)


def run(
    command: Sequence[str],
    *,
    folder: Path,
    environ: Mapping[str, str] | None = None,
    last: int | None = None,
) -> Ran:
    """Run a command in `folder`, and keep what it prints, or the `last` bytes of that. UnexpectedError if it fails."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        started = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), **(environ or {})},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            told = f"{_last(out, 2000)}{_last(err, 2000)}"
            raise UnexpectedError(f"{' '.join(command)} ended with {process.returncode}: {told}")
        cost = Cost(wall, usage.ru_utime + usage.ru_stime)
        return Ran(cost, _peak(usage), _last(out, last))


def _last(file: IO[bytes], count: int | None) -> str:
    size = file.seek(0, os.SEEK_END)
    file.seek(0 if count is None else max(0, size - count))
    return file.read().decode("utf-8", "replace")


def peak_of_this_process() -> int:
    """The peak of memory of the benchmark itself, in bytes; a new process inherits the one of whoever starts it."""
    return _peak(resource.getrusage(resource.RUSAGE_SELF))


def _peak(usage: resource.struct_rusage) -> int:
    return usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def timed(work: Callable[[], Result]) -> tuple[Cost, Result]:
    """What some work in this process takes, and what it returns."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    return Cost(time.perf_counter() - wall, time.process_time() - cpu), result


def require(holds: bool, message: str) -> None:
    """UnexpectedError with `message` unless it holds."""
    if not holds:
        raise UnexpectedError(message)


def say(text: str = "") -> None:
    """Print a line at once, so that whoever waits sees how far it is."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def row(name: str, value: str, *notes: str) -> None:
    """Print one figure below a heading, with what it means beside it."""
    say(f"  {name:<28} {value:>10}   {'   '.join(notes)}".rstrip())


def cost_row(name: str, costs: Sequence[Cost]) -> None:
    """Print the medians of what something took in all turns."""
    cpu = statistics.median(cost.cpu for cost in costs)
    row(name, duration(statistics.median(cost.wall for cost in costs)), f"{duration(cpu)} cpu")


def ratio_row(of: str, costs: Sequence[Cost], floors: Sequence[Cost]) -> None:
    """Print the median of the ratios of what was measured in turns, how far apart they are, and the same for cpu."""
    walls = sorted(cost.wall / floor.wall for cost, floor in zip(costs, floors, strict=True))
    cpus = [cost.cpu / floor.cpu for cost, floor in zip(costs, floors, strict=True)]
    middle = statistics.median(walls)
    spread = f"{walls[0]:.2f} to {walls[-1]:.2f}"
    row(f"  ÷ {of}", f"{middle:.2f}", spread, f"cpu {statistics.median(cpus):.2f}")


def duration(seconds: float) -> str:
    """Seconds in a unit that fits."""
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.0f} ms"


def parser(description: str | None, repeats: int = 3) -> argparse.ArgumentParser:
    """A parser with the module's docstring as its help, and the options that all benchmarks have."""
    made = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--full", action="store_true", help="the sizes that the limits are about; takes minutes")
    made.add_argument("--repeats", type=int, default=repeats, help=f"how often each is measured; default {repeats}")
    return made
