"""What a long journal adds to an apply, and what `audit` takes of it.

    python -m tests.benchmarks.bench_journal [LINES] [--repeats N]

Opening a journal of LINES lines (100,000) checks its end back to the last line that ends a run; `audit` checks the whole. What
counts is what opening adds over an empty journal, with a run that ended lately and without any, and whether the journal
says that something was applied, which is looked for from its end.
"""

from __future__ import annotations

import statistics
import tempfile
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from reconciler import canonical
from reconciler.audit.chain import GENESIS, instant, line_of
from reconciler.audit.history import journal_runs, last_applied, was_applied
from reconciler.audit.journal import Journal
from reconciler.audit.months import find_journals
from reconciler.model import JsonObject
from tests.benchmarks.common import duration, parser, require, row, say, timed

LIMIT = 0.3  # seconds that it may add


def body(number: int) -> JsonObject:
    """A schedule of five days, as it is sent."""
    days = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY")
    window = {"startTime": "09:00:00", "endTime": "17:00:00", "maxCallsPerDay": 5000, "maxCallsPerHour": 800}
    windows = [{"dayOfWeek": day, **window, "predictiveRate": 1.2, "maxCallsPerAgentPerDay": 150} for day in days]
    return {"id": f"S{number}", "name": f"No {number}", "campaignId": "CAM_A", "scheduleDetails": windows}


def write(path: Path, count: int, run: int) -> None:
    """A journal of `count` lines in runs of `run` lines each, none of which ends where `run` is 0."""
    previous = GENESIS
    with path.open("wb") as file:
        for number in range(count):
            ends = run > 0 and number % run == run - 1
            entry: JsonObject = {
                "action": "RUN_ENDED" if ends else "SCHEDULE_WINDOW_UPSERT",
                "timestamp": instant(datetime(2026, 11, 1, tzinfo=UTC)),
                "tenant": "bench",
                "runId": str(number // (run or count)),
                "previous": previous,
                **(
                    {"converged": True, "narrowed": False, "dirty": False, "revision": "0" * 40}
                    if ends
                    else {"body": body(number), "before": body(number)}
                ),
            }
            entry["hash"] = previous = canonical.digest(entry)
            file.write(line_of(entry) + b"\n")


def opened(path: Path) -> None:
    """Open a journal, as an apply does before its first write."""
    with Journal(path):
        pass


def main() -> None:
    """Print what a long journal adds."""
    options = parser(__doc__)
    options.add_argument("lines", nargs="?", type=int, default=100_000)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as place:
        empty = Path(place) / "empty.jsonl"
        for name, run in (("runs of 100 lines", 100), ("no run that ended", 0)):
            path = Path(place) / f"{run}.jsonl"
            write(path, given.lines, run)
            say(f"\n{given.lines:,} lines, {path.stat().st_size / 1e6:.0f} MB, {name}")
            floor = statistics.median(timed(partial(opened, empty))[0].wall for _ in range(given.repeats))
            costs = [timed(partial(opened, path))[0].wall for _ in range(given.repeats)]
            looks = [timed(partial(was_applied, path, "bench")) for _ in range(given.repeats)]
            require(
                all(found is (run > 0) for _, found in looks), "the journal says something else of what was applied"
            )
            added = statistics.median(costs) - floor
            row("opening adds", duration(added), f"of at most {duration(LIMIT)}")
            row("looking for what was applied", duration(statistics.median(cost.wall for cost, _ in looks)))
            cost, view = timed(partial(journal_runs, find_journals([path])[0]))
            require(view.lines == given.lines, "the audit did not read all")
            row("audit", duration(cost.wall))
            cost, applied = timed(partial(last_applied, find_journals([path])))
            require((list(applied) == ["bench"]) is (run > 0), "the journal says something else of what was applied")
            row("audit --last-applied", duration(cost.wall))


if __name__ == "__main__":
    main()
