"""What checking costs beside loading: the rules must stay a small part of the time that reading the files takes.

    python -m tests.benchmarks.bench_validate            # 2,000 schedules in 200 files, some seconds
    python -m tests.benchmarks.bench_validate --full     # 10,000 in 1,000

Loading is everything from the file to the built schedules (YAML with places, schema, defaults, canonical form); checking is
every rule that needs no network (calendar, calling hours of twelve months, licensed calls). Both in one process, then the
whole command `validate` as a process of its own, all against the same files parsed bare by libyaml.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from reconciler import desired, rules, sources
from tests.benchmarks import fleet
from tests.benchmarks.common import Cost, Size, cost_row, parser, ratio_row, reconciler, require, say, timed
from tests.benchmarks.floor import parse_bare

AS_OF = date(2026, 11, 22)


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn: the floor, the two stages, and the command."""

    parsing: Cost
    loading: Cost
    checking: Cost
    command: Cost


def main() -> None:
    """Measure both stages and the command, and print them."""
    options = parser(__doc__)
    options.add_argument("--campaigns", type=int, default=200)
    options.add_argument("--each", type=int, default=10, help="schedules in a campaign; default 10")
    given = options.parse_args()
    size = Size(1000, 10) if given.full else Size(given.campaigns, given.each)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fleet.write_files(folder, size, "http://127.0.0.1:1")
        turns = [_turn(folder, size) for _ in range(given.repeats)]
    loading = [turn.loading for turn in turns]
    floors = [turn.parsing for turn in turns]
    say(f"{size}; medians of {given.repeats}, then the lowest and highest ratio")
    cost_row("files parsed bare", floors)
    cost_row("loading", loading)
    ratio_row("files parsed bare", loading, floors)
    cost_row("checking", [turn.checking for turn in turns])
    ratio_row("loading", [turn.checking for turn in turns], loading)
    cost_row("the command validate", [turn.command for turn in turns])
    ratio_row("files parsed bare", [turn.command for turn in turns], floors)


def _turn(folder: Path, size: Size) -> Turn:
    schedules = folder / "schedules"
    parsing = parse_bare(sorted(schedules.glob("*.yaml")))
    loading, loaded = timed(lambda: desired.load(sources.WorkTree(str(folder)), str(schedules)))
    (tenant,) = loaded.tenants
    require(len(tenant.schedules) == size.schedules, "not every schedule was loaded")
    checking, findings = timed(lambda: rules.check(tenant.settings, tenant.schedules, AS_OF, tenant.places.locate))
    require(not findings, f"the files are not clean: {findings[:1]}")
    return Turn(parsing, loading, checking, reconciler("validate", folder=folder).cost)


if __name__ == "__main__":
    main()
