"""How large the house is, and how much of it one plan walks through: what a stranger has to read to follow it.

    python -m tests.benchmarks.bench_house

Counts the modules and lines of the package, the functions and modules that one `plan` of the six sample schedules passes
through (against the embedded CXone in a process of its own, where four are as desired, one differs and one is missing), and the
time that the package's own modules take to import for it, without the libraries. The aims: about 125 modules and under 19,000
lines; at most 450 functions in 70 modules; 50 ms.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from tests.benchmarks.common import ROOT, parser, require, row, say

PACKAGE = ROOT / "reconciler"
CAMPAIGNS = ("CAM_001", "CAM_002", "CAM_003")
_CREDENTIALS = {"CXONE_CLIENT_ID": "sandbox", "CXONE_CLIENT_SECRET": "bench-secret"}
_IS_FUNCTION = 1  # CO_OPTIMIZED: neither a module nor the body of a class


def main() -> None:
    """Measure and print."""
    arguments = parser(__doc__, repeats=9)
    arguments.add_argument(
        "--walk", action="store_true", help="(the child: run plan, and print what it passed through)"
    )
    arguments.add_argument("--serve", action="store_true", help="(the child: be the tenant)")
    arguments.add_argument("--modules", action="store_true", help="list the functions of each module too")
    given = arguments.parse_args()
    if given.walk:
        _walk()
    elif given.serve:
        _serve()
    else:
        _report(given.repeats, listed=given.modules)


def _report(repeats: int, *, listed: bool) -> None:
    lines = [len(path.read_text(encoding="utf-8").splitlines()) for path in PACKAGE.rglob("*.py")]
    say(f"the package: {len(lines)} modules, {sum(lines):,} lines, {sum(lines) / len(lines):.0f} a module")
    with tempfile.TemporaryDirectory() as name, _tenant() as tenant:
        folder = Path(name)
        shutil.copytree(ROOT / "schedules", folder / "schedules")
        environ = {**os.environ, **_CREDENTIALS, "CXONE_BASE_URI": tenant.base_uri, "PYTHONPATH": str(ROOT)}
        environ["PYTHONPYCACHEPREFIX"] = str(folder / "compiled")  # importing is measured, and not compiling
        environ.pop("PYTHONDONTWRITEBYTECODE", None)
        _run(["reconciler", "apply", "--quiet", "--auto-approve"], folder, environ)
        tenant.edit()
        walked = json.loads(_run([__spec__.name, "--walk"], folder, environ).stdout)
        functions = Counter(module for module, name in walked if not name.endswith(">"))
        say(
            f"one plan of six schedules: {functions.total()} functions in {len(functions)} modules "
            f"({len(walked)} with lambdas and comprehensions)"
        )
        for module, count in functions.most_common() if listed else ():
            row(f"  {module}", str(count), "")
        own = [_own_import(folder, environ) for _ in range(repeats)]
        say(f"the package's own import for it: {statistics.median(own):.1f} ms, at best {min(own):.1f} ms")


def _walk() -> None:
    """Run `plan` and print the functions that it passes through, with their modules, as JSON."""
    seen: set[CodeType] = set()

    def watch(frame: FrameType, event: str, _argument: Any) -> None:
        if event == "call":
            seen.add(frame.f_code)

    threading.setprofile(watch)
    sys.setprofile(watch)
    from reconciler.cli import run

    with contextlib.redirect_stdout(sys.stderr):
        code = run(["plan", "--quiet"])
    sys.setprofile(None)
    require(code == 0, "the plan failed")
    own = {
        (Path(code.co_filename).relative_to(PACKAGE).as_posix(), code.co_qualname)
        for code in seen
        if code.co_flags & _IS_FUNCTION and Path(code.co_filename).is_relative_to(PACKAGE)
    }
    sys.stdout.write(json.dumps(sorted(own)))


def _own_import(folder: Path, environ: dict[str, str]) -> float:
    """Milliseconds that the package's modules take by themselves to be imported for a plan."""
    timed = _run(["reconciler", "plan", "--quiet"], folder, environ, "-X", "importtime").stderr
    parts = [line.removeprefix("import time:").split("|") for line in timed.splitlines() if "|" in line]
    return sum(int(own) for own, _, name in parts if name.strip().partition(".")[0] == "reconciler") / 1000


def _run(module: list[str], folder: Path, environ: dict[str, str], *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *options, "-m", *module]
    ran = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)
    require(ran.returncode == 0, f"{' '.join(module)} failed: {ran.stderr[-2000:]}")
    return ran


class _Tenant:
    """The embedded CXone in a process of its own."""

    def __init__(self, pipe: subprocess.Popen[str]) -> None:
        assert pipe.stdin is not None
        assert pipe.stdout is not None
        self._stdin, self._stdout = pipe.stdin, pipe.stdout
        self.base_uri = self._stdout.readline().strip()

    def edit(self) -> None:
        """Changes one schedule and deletes another."""
        self._stdin.write("edit\n")
        self._stdin.flush()
        require(self._stdout.readline() == "edited\n", "the tenant did not edit")


@contextlib.contextmanager
def _tenant() -> Iterator[_Tenant]:
    command = [sys.executable, "-m", __spec__.name, "--serve"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield _Tenant(process)


def _serve() -> None:
    """Be the tenant until stdin ends; the first line of stdout is the base URI."""
    from reconciler.sandbox import Sandbox

    with Sandbox(campaigns=CAMPAIGNS, client_secret=_CREDENTIALS["CXONE_CLIENT_SECRET"]) as box:
        sys.stdout.write(f"{box.base_uri}\n")
        sys.stdout.flush()
        for _ in sys.stdin:
            first, *_, last = (
                (campaign, schedule) for campaign in CAMPAIGNS for schedule in box.store.schedules(campaign)
            )
            first[1]["scheduleDetails"][0]["maxCallsPerDay"] -= 1
            box.store.put(*first)
            box.store.delete(last[0], last[1]["id"])
            sys.stdout.write("edited\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
