"""How near an apply of many changes comes to the time that a tenant's limit of requests a second allows.

    python tests/benchmarks/bench_rate.py [CHANGES] [RATE ...]

The tenant is the embedded CXone, a process of its own, with real time. The floor is what the limit allows for the requests
that were accepted: a burst of RATE, then RATE a second. What counts is the ratio to it, and that nothing fails.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from reconciler import canonical

WINDOW = {
    "dayOfWeek": "MONDAY",
    "startTime": "09:00:00",
    "endTime": "17:00:00",
    "maxCallsPerDay": 400,
    "maxCallsPerHour": 100,
    "predictiveRate": 1.2,
    "maxCallsPerAgentPerDay": 150,
}
PROGRAM = [sys.executable, "-m", "reconciler"]
TENANT = {"name": "bench", "baseUri": "https://api.usw2.niceincontact.com"}


def write_files(folder: Path, changes: int, cap: int) -> None:
    """A tenant with one campaign of `changes` schedules."""
    entries = [
        {
            "name": f"No {number}",
            "timezone": "America/New_York",
            "scheduleDetails": [{**WINDOW, "maxCallsPerDay": cap}],
        }
        for number in range(changes)
    ]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "tenant.yaml").write_text(json.dumps(TENANT), encoding="utf-8")
    campaign = canonical.dumps({"campaignId": "CAM_001", "schedules": entries})
    (folder / "campaign.yaml").write_text(campaign, encoding="utf-8")


@contextlib.contextmanager
def sandbox(folder: Path, rate: float) -> Iterator[dict[str, str]]:
    """The variables that lead to a running sandbox with this limit, 0 for none."""
    limits = ["--rate-limit", str(rate)] if rate else []
    call = [*PROGRAM, "sandbox", str(folder), "--quiet", *limits]
    with subprocess.Popen(call, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = "".join(process.stdout.readline() for _ in range(3))
        yield {**os.environ, **dict(re.findall(r"^(\w+)=(.*)$", lines, re.MULTILINE))}
        process.terminate()


def apply(folder: Path, environ: dict[str, str]) -> tuple[float, int]:
    """Seconds of one apply, and how many attempts its writes took beyond one each."""
    call = [*PROGRAM, "apply", str(folder), "--auto-approve", "--force", "benchmark", "--quiet"]
    journal = ["--audit-log", str(folder.with_suffix(".jsonl"))]
    started = time.perf_counter()
    ended = subprocess.run(
        [*call, *journal, "--format", "json"], env=environ, capture_output=True, text=True, check=False
    )
    seconds = time.perf_counter() - started
    if ended.returncode:
        raise SystemExit(f"apply ended with {ended.returncode}: {ended.stderr}{ended.stdout[-2000:]}")
    return seconds, sum(result["attempts"] - 1 for result in json.loads(ended.stdout)["results"])


def main(changes: int, rates: list[float]) -> None:
    """Print a line for each kind of change and each rate; rate 0 is a tenant without a limit."""
    print(f"{'rate':>6}  {'change':<7} {'seconds':>8} {'floor':>8} {'ratio':>6}  repeats")  # noqa: T201 - its output
    for rate in rates:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place) / "schedules"
            write_files(folder, changes, 400)
            with sandbox(folder, rate) as environ:
                for kind, requests, cap in (("create", changes + 3, 400), ("update", 2 * changes + 3, 500)):
                    write_files(folder, changes, cap)
                    seconds, repeats = apply(folder, environ)
                    floor = (requests - rate) / rate if rate else 0.0
                    ratio = f"{seconds / floor:6.2f}" if floor > 0 else "     -"
                    print(f"{rate:6g}  {kind:<7} {seconds:8.2f} {floor:8.2f} {ratio}  {repeats}")  # noqa: T201 - its output


if __name__ == "__main__":
    main(
        int(sys.argv[1]) if len(sys.argv) > 1 else 1000,
        [float(argument) for argument in sys.argv[2:]] or [0, 50, 200],
    )
