"""How long commands take that need no network, on next to nothing: what a person waits for at every call.

    python -m tests.benchmarks.bench_startup            # five calls of each, some seconds
    python -m tests.benchmarks.bench_startup --full     # forty

The limit is 150 ms a command. The floor, measured in turns, is the bare interpreter of the same environment: what no
program written in it can go below. `at best` is the quickest of all calls, which is as near to a quiet machine
as a busy one comes.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks import fleet
from tests.benchmarks.common import (
    Ran,
    Size,
    cost_row,
    duration,
    parser,
    ratio_row,
    reconciler,
    row,
    run,
    say,
)

COMMANDS = (
    ("--version",),
    ("--help",),
    ("validate", "--help"),
    ("explain", "window-overlap"),
    ("tenants",),
    ("validate",),
    ("validate", "schedules/campaign_000000.yaml"),
    ("validate", "--format", "json"),
    ("audit", "audit.jsonl"),
)


def main() -> None:
    """Measure each command and print it."""
    given = parser(__doc__, repeats=5).parse_args()
    repeats = 40 if given.full else given.repeats
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fleet.write_files(folder, Size(1, 2), "http://127.0.0.1:1")
        (folder / "audit.jsonl").touch()
        say(f"start-up, medians of {repeats}; the limit is 150 ms")
        for command in COMMANDS:
            turns = [
                (run([sys.executable, "-c", "pass"], folder=folder), reconciler(*command, folder=folder))
                for _ in range(repeats)
            ]
            _show(f"reconciler {' '.join(command)}", turns)


def _show(name: str, turns: Sequence[tuple[Ran, Ran]]) -> None:
    bare, ran = ([run.cost for run in runs] for runs in zip(*turns, strict=True))
    say(f"\n{name}")
    cost_row("the bare interpreter", bare)
    cost_row("the command", ran)
    row(
        "  at best",
        duration(min(attempt.wall for attempt in ran)),
        f"{duration(min(attempt.cpu for attempt in ran))} cpu",
    )
    ratio_row("the bare interpreter", ran, bare)


if __name__ == "__main__":
    main()
