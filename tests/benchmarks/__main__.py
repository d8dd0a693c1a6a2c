"""Every limit of time and memory that this program is held to, in one run: what it is, what it may be, and whether it is.

    python -m tests.benchmarks                      # the sizes that the limits are about; some ten minutes
    python -m tests.benchmarks --campaigns 100      # a tenth of them, and less certain
    python -m tests.benchmarks --against FOLDER     # do plans say the same as those of another checkout of this program?

Ratios are medians of turns, in each of which the floor and the commands run one after the other. The floor of a plan or an apply
is what its requests take alone, sent bare by as many threads against the same tenant (`floor.py`). A plan `--changed` of one file
in a hundred is held against a whole plan of as many files; the start of a command against the bare interpreter.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tests.benchmarks import fleet, floor
from tests.benchmarks.bench_plan import Bench, applied, planned
from tests.benchmarks.common import MIB, Ran, Size, parser, reconciler, require, run, say
from tests.benchmarks.tenant import Tenant, running

_STARTS = {("--version",): 6.0, ("explain",): 8.0, ("audit", "audit.jsonl"): 8.0}


class Figure(NamedTuple):
    """What was measured in several turns, and what it may be at most."""

    name: str
    values: Sequence[float]
    limit: float
    unit: str = "×"

    def __str__(self) -> str:
        middle, low, high = statistics.median(self.values), min(self.values), max(self.values)
        verdict = "ok" if middle <= self.limit else "OVER"
        spread = f"{low:.2f} to {high:.2f}, {len(self.values)} turns"
        return f"  {self.name:<54} {middle:>7.2f} {self.unit:<3}  limit {self.limit:>6g}  {verdict:<4}  {spread}"


def main() -> None:
    """Measure all of them and print each when it is known."""
    given = _arguments()
    size = Size(given.campaigns, 10)
    say(f"{size}, 20 ms, 8 requests at a time; {size.campaigns * 10:,} campaigns for --changed")
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(Path(name), size, 8, given.repeats)
        fleet.write_files(bench.folder, size, "http://127.0.0.1:1", 8)
        with running(size, 0.02) as tenant:
            _plans(bench, tenant)
            _applies(bench, tenant)
            if given.against:
                _same(bench, tenant, "no-op plan", given.against)
        with running(size, 0.02, empty=True) as tenant:
            _first_plans(bench, tenant)
            if given.against:
                _same(bench, tenant, "first plan", given.against)
        _starts(bench.folder, 5 * given.repeats)
    _changed(size, given.repeats)


def _arguments() -> Any:
    options = parser(__doc__, repeats=5)
    options.add_argument("--campaigns", type=int, default=1000, help="default 1000, of 10 schedules each")
    options.add_argument("--against", type=Path, metavar="FOLDER", help="another checkout of this program")
    return options.parse_args()


def _plans(bench: Bench, tenant: Tenant) -> None:
    """A plan without changes against its requests alone, and with `--base` against itself."""
    walls, bases, peaks = [], [], []
    expected = {"unchanged": bench.size.schedules}
    for _ in range(bench.repeats):
        requests = floor.send_bare(tenant.port, bench.lists(), bench.concurrency)
        plan = planned(bench, tenant, expected)
        with_base = planned(bench, tenant, expected, "--base", "HEAD")
        walls.append(plan.cost.wall / requests.wall)
        bases.append(with_base.cost.wall / plan.cost.wall)
        peaks.append(with_base.peak / MIB)
    say(str(Figure("no-op plan ÷ its requests alone", walls, 1.4)))
    say(str(Figure("no-op plan --base HEAD ÷ no-op plan", bases, 1.05)))
    say(str(Figure("memory of the no-op plan --base HEAD", peaks, 150, "MiB")))


def _first_plans(bench: Bench, tenant: Tenant) -> None:
    walls = []
    for _ in range(bench.repeats):
        requests = floor.send_bare(tenant.port, bench.lists(), bench.concurrency)
        plan = planned(bench, tenant, {"create": bench.size.schedules})
        walls.append(plan.cost.wall / requests.wall)
    say(str(Figure("first plan ÷ its requests alone", walls, 1.7)))


def _applies(bench: Bench, tenant: Tenant) -> None:
    turns = applied(bench, tenant)
    say(
        str(
            Figure(
                "apply of 1 % ÷ its requests alone", [turn.ran.cost.wall / turn.requests.wall for turn in turns], 1.4
            )
        )
    )


def _changed(size: Size, repeats: int) -> None:
    """A plan of the changed hundredth of ten times as many files, against a plan of all of as many."""
    large, small = Size(size.campaigns * 10, size.each), Size(size.campaigns // 10, size.each)
    edited = range(0, large.campaigns, 100)
    ratios = []
    with (
        tempfile.TemporaryDirectory() as one,
        tempfile.TemporaryDirectory() as other,
        running(large, 0.02) as of_large,
        running(small, 0.02) as of_small,
    ):
        sides = [
            (Bench(Path(one), large, 8, repeats), of_large, edited, ("--changed",)),
            (Bench(Path(other), small, 8, repeats), of_small, range(small.campaigns), ()),
        ]
        for bench, _, numbers, _ in sides:
            fleet.write_files(bench.folder, bench.size, "http://127.0.0.1:1", 8)
            for number in numbers:
                fleet.write_campaign(bench.folder, bench.size, number, frozenset(range(bench.size.each)))
        expected = {"update": len(edited) * size.each}
        for _ in range(repeats):
            part, whole = (
                planned(bench, tenant, expected, "--base", "HEAD", *more).cost.wall for bench, tenant, _, more in sides
            )
            ratios.append(part / whole)
    name = f"plan --changed of 1 % of {large.schedules:,} ÷ plan of {small.schedules:,}"
    say(str(Figure(name, ratios, 1.5)))


def _starts(folder: Path, repeats: int) -> None:
    """Commands that need no network, against the bare interpreter."""
    (folder / "audit.jsonl").touch()
    ratios: dict[tuple[str, ...], list[float]] = {command: [] for command in _STARTS}
    for _ in range(repeats):
        bare = run([sys.executable, "-c", "pass"], folder=folder).cost.wall
        for command, walls in ratios.items():
            walls.append(reconciler(*command, folder=folder).cost.wall / bare)
    for command, walls in ratios.items():
        say(str(Figure(f"{' '.join(command)} ÷ python -c pass", walls, _STARTS[command])))


def _same(bench: Bench, tenant: Tenant, name: str, other: Path) -> None:
    """Whether the plans of two checkouts have the same digest and findings."""

    def document(more: Callable[..., Ran]) -> Any:
        return json.loads(more("plan", "--quiet", "--format", "json", "--as-of", fleet.CLOSURES_AS_OF).out)

    mine, theirs = document(bench.by(tenant)), document(bench.by(tenant, {"PYTHONPATH": str(other.resolve())}))
    for key in ("digest", "findings"):
        require(mine[key] == theirs[key], f"{name}: the {key} of {other} differs")
    say(f"  {name}: digest and {len(mine['findings'])} findings as those of {other}")


if __name__ == "__main__":
    main()
