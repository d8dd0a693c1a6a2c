"""The tenant that the benchmarks read and write: the embedded CXone in a process of its own, full from the start.

A process of its own, because a server on the same interpreter would take its time from the program that is measured.
It keeps no file: what is measured is not how fast the sandbox saves. It ends when whoever started it does.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from tests.benchmarks import fleet
from tests.benchmarks.common import ROOT, Size, require


@dataclass(frozen=True, slots=True)
class Tenant:
    """A running tenant: its base URI, and the port on loopback for whoever asks without the program."""

    base_uri: str
    port: int


@contextlib.contextmanager
def running(size: Size, latency: float, *, empty: bool = False) -> Iterator[Tenant]:
    """The tenant with all campaigns, and unless `empty` with all schedules; `latency` in seconds."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.tenant", str(size.campaigns), str(size.each), str(latency)]
        + (["--empty"] if empty else []),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        base_uri = process.stdout.readline().strip()
        require(bool(base_uri), "the tenant did not start")
        yield Tenant(base_uri, int(base_uri.rpartition(":")[2]))
    finally:
        process.stdin.close()
        process.wait()
        process.stdout.close()


def main() -> None:
    """Serve until stdin ends; the first line of stdout is its base URI."""
    from reconciler.sandbox import (
        Sandbox,
        SandboxOptions,
    )  # whoever starts this process does without, and stays small

    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("campaigns", type=int)
    arguments.add_argument("each", type=int)
    arguments.add_argument("latency", type=float)
    arguments.add_argument("--empty", action="store_true")
    given = arguments.parse_args()
    size = Size(given.campaigns, given.each)
    box = Sandbox(
        campaigns=fleet.campaigns(size),
        options=SandboxOptions(latency=given.latency, token_lifetime=86400),
        client_id=fleet.CLIENT_ID,
        client_secret=fleet.CLIENT_SECRET,
    )
    for campaign, body in () if given.empty else fleet.live(size):
        box.store.put(campaign, body)
    with box:
        sys.stdout.write(f"{box.base_uri}\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
