"""How much memory validate and plan need at their peak, and how that grows with the number of schedules.

    python -m tests.benchmarks.bench_memory            # 1,000 and 3,000 schedules, under half a minute
    python -m tests.benchmarks.bench_memory --full     # 10,000 and 100,000, some minutes

The limit is 200 MiB for 10,000 schedules. A program with nothing to do needs memory too, so what counts is the growth: the
peak less that of the same command on one schedule, for each schedule. The floor is the least that a plan of plain data
holds: the tenant's answers as Python's `json` reads them, kept until the end; a plan holds each schedule twice, as git has
it and as the tenant has it.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks import fleet
from tests.benchmarks.common import (
    MIB,
    Ran,
    Size,
    parser,
    peak_of_this_process,
    reconciler,
    require,
    row,
    run,
    say,
)
from tests.benchmarks.tenant import Tenant, running

_KEEP = """
import json, sys
from tests.benchmarks.common import Size
from tests.benchmarks.fleet import live
kept = [json.loads(json.dumps(body)) for _, body in live(Size(int(sys.argv[1]), int(sys.argv[2])))]
"""


def main() -> None:
    """Measure the sizes one after the other and print them."""
    given = parser(__doc__, repeats=1).parse_args()
    sizes = (Size(1000, 10), Size(10_000, 10)) if given.full else (Size(100, 10), Size(300, 10))
    least = _peaks(Size(1, 1), given.repeats)
    for size in sizes:
        peaks = _peaks(size, given.repeats)
        say(f"\n{size}; the highest of {given.repeats}")
        floor = _growth(peaks["floor"], least["floor"], size)
        for name, peak in peaks.items():
            require(
                peak > 1.5 * peak_of_this_process(),
                "too few schedules to tell them from the benchmark itself",
            )
            growth = _growth(peak, least[name], size)
            note = f"{growth / 1024:.1f} KiB a schedule"
            row(name, f"{peak / MIB:.0f} MiB", note, f"{growth / floor:.2f} × the floor")


def _peaks(size: Size, repeats: int) -> dict[str, int]:
    """The peak of each command in bytes, by its name."""
    with (
        tempfile.TemporaryDirectory() as name,
        running(size, 0.0) as full,
        running(size, 0.0, empty=True) as bare,
    ):
        folder = Path(name)
        fleet.write_files(folder, size, full.base_uri)
        floor = [sys.executable, "-c", _KEEP, str(size.campaigns), str(size.each)]
        none, all_of_them = "No changes.", f"{size.schedules} to create"
        commands: dict[str, Callable[[], Ran]] = {
            "floor": lambda: run(floor, folder=folder),
            "validate": lambda: reconciler("validate", folder=folder),
            "no-op plan": lambda: _plan(folder, full, none),
            "no-op plan --base HEAD": lambda: _plan(folder, full, none, "--base", "HEAD"),
            "first plan, all creates": lambda: _plan(folder, bare, all_of_them),
        }
        return {name: max(command().peak for _ in range(repeats)) for name, command in commands.items()}


def _plan(folder: Path, tenant: Tenant, expected: str, *more: str) -> Ran:
    environ = {**fleet.ENVIRONMENT, "CXONE_BASE_URI": tenant.base_uri}
    ran = reconciler("plan", "--quiet", *more, folder=folder, environ=environ, last=1000)
    require(f"Plan: {expected}, 0 to update" in ran.out, f"the plan came to something else: {ran.out}")
    return ran


def _growth(peak: int, least: int, size: Size) -> float:
    return (peak - least) / size.schedules


if __name__ == "__main__":
    main()
