"""How long plan and apply take, against the least that the same requests and the same files need.

    python -m tests.benchmarks.bench_plan            # 1,000 schedules in 100 campaigns, under half a minute
    python -m tests.benchmarks.bench_plan --full     # 10,000 in 1,000, some minutes

Five commands, each a process of its own with its start-up counted, on a committed repository of one file a campaign,
against a tenant that answers after 20 ms:

- a no-op plan: nothing differs; and the same with `--base HEAD`, as in a pull request;
- the same with closures for every schedule, none of them in the week of the day;
- a first plan: the campaigns are empty, everything is a create;
- an apply of 1 % changed schedules: plan, read again before each write, write, and read the touched campaigns once more.

The floor is measured in turns with the command: the same requests sent bare by as many threads, plus the same files
parsed bare by libyaml. `cpu` is the command's own processor time, which a busy machine disturbs less than its wall time.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tests.benchmarks import fleet, floor
from tests.benchmarks.common import Cost, Ran, Size, cost_row, parser, ratio_row, reconciler, require, say
from tests.benchmarks.tenant import Tenant, running


@dataclass(frozen=True, slots=True)
class Bench:
    """What all cases share: one folder with files, and how much of what."""

    folder: Path
    size: Size
    concurrency: int
    repeats: int

    @property
    def files(self) -> list[Path]:
        """The files of all campaigns."""
        return sorted((self.folder / "schedules").glob("*.yaml"))

    def lists(self) -> Iterator[floor.Exchange]:
        """The requests of a plan."""
        return map(floor.list_of, fleet.campaigns(self.size))

    def by(self, tenant: Tenant, more: Mapping[str, str] = MappingProxyType({})) -> Callable[..., Ran]:
        """What runs a command against a tenant, with `more` variables in its environment."""
        environ = {**fleet.ENVIRONMENT, "CXONE_BASE_URI": tenant.base_uri, **more}
        return partial(reconciler, folder=self.folder, environ=environ)


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn: the floor's two parts and the command."""

    requests: Cost
    parsing: Cost
    ran: Ran


def main() -> None:
    """Measure all of them and print them."""
    given = _arguments()
    size = Size(1000, 10) if given.full else Size(given.campaigns, given.each)
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(Path(name), size, given.concurrency, given.repeats)
        fleet.write_files(bench.folder, size, "http://127.0.0.1:1", given.concurrency)
        say(
            f"{size}, {given.latency:g} ms, {given.concurrency} at a time; medians of {given.repeats}, ratios lowest to highest"
        )
        with running(size, given.latency / 1000) as tenant:
            _show("no-op plan", _plans(bench, tenant, {"unchanged": size.schedules}))
            _show(
                "no-op plan --base HEAD",
                _plans(bench, tenant, {"unchanged": size.schedules}, "--base", "HEAD"),
            )
            _show("apply of 1 % changed", applied(bench, tenant))
            day = ("--as-of", fleet.CLOSURES_AS_OF)
            unchanged = {"unchanged": size.schedules}
            without = _plans(bench, tenant, unchanged, *day)
            fleet.write_closures(bench.folder)
            _show("no-op plan with closures", _plans(bench, tenant, unchanged, *day))
            _show("the same without them", without)
        with running(size, given.latency / 1000, empty=True) as tenant:
            _show("first plan, all creates", _plans(bench, tenant, {"create": size.schedules}))


def _arguments() -> Any:
    options = parser(__doc__)
    options.add_argument("--campaigns", type=int, default=100)
    options.add_argument("--each", type=int, default=10, help="schedules in a campaign; default 10")
    options.add_argument("--latency", type=float, default=20.0, help="milliseconds; default 20")
    options.add_argument("--concurrency", type=int, default=8)
    return options.parse_args()


def _plans(bench: Bench, tenant: Tenant, expected: dict[str, int], *more: str) -> list[Turn]:
    exchanges = list(bench.lists())
    return [
        _turn(bench, tenant, exchanges, lambda: planned(bench, tenant, expected, *more)) for _ in range(bench.repeats)
    ]


def planned(bench: Bench, tenant: Tenant, expected: dict[str, int], *more: str) -> Ran:
    """One plan, which must come to what is expected, and to nothing else."""
    ran = bench.by(tenant)("plan", "--quiet", "--format", "json", *more)
    summary = json.loads(ran.out)["summary"]
    wanted = {**dict.fromkeys(("create", "update", "unchanged", "errors", "warnings"), 0), **expected}
    require({name: summary[name] for name in wanted} == wanted, f"the plan came to {summary}")
    return ran


def _turn(bench: Bench, tenant: Tenant, exchanges: Sequence[floor.Exchange], command: Callable[[], Ran]) -> Turn:
    requests = floor.send_bare(tenant.port, exchanges, bench.concurrency)
    return Turn(requests, floor.parse_bare(bench.files), command())


def applied(bench: Bench, tenant: Tenant) -> list[Turn]:
    """Applies of one schedule in a hundred. Each turn edits one schedule in a hundred, or takes the edit back, so that every turn has as much to write."""
    bodies = {number: held for number, held in enumerate(fleet.live(bench.size)) if number % 100 == 0}
    turns = []
    for repeat in range(bench.repeats):
        _edit(bench, bodies, is_edited=repeat % 2 == 0)
        touched = [name for name, _ in groupby(campaign for campaign, _ in bodies.values())]
        changes = [
            exchange
            for campaign, body in bodies.values()
            for exchange in (
                floor.get_of(campaign, body["id"]),
                floor.put_of(campaign, _as_live(body, repeat)),
            )
        ]
        exchanges = [*bench.lists(), *changes, *map(floor.list_of, touched)]
        turns.append(_turn(bench, tenant, exchanges, lambda: _apply(bench, tenant, len(bodies))))
    return turns


def _apply(bench: Bench, tenant: Tenant, changed: int) -> Ran:
    ran = bench.by(tenant)("apply", "--quiet", "--format", "json", "--auto-approve")
    result = json.loads(ran.out)
    require(result["converged"] is True, "the apply did not converge")
    require(result["summary"]["updated"] == changed, f"the apply came to {result['summary']}")
    return ran


def _edit(bench: Bench, bodies: dict[int, Any], *, is_edited: bool) -> None:
    numbers = frozenset(bodies) if is_edited else frozenset()
    for campaign in {number // bench.size.each for number in bodies}:
        fleet.write_campaign(bench.folder, bench.size, campaign, numbers)


def _as_live(body: dict[str, Any], repeat: int) -> dict[str, Any]:
    """The body that the tenant holds before this turn, so that the bare write changes nothing."""
    was_edited = repeat % 2
    windows = [
        {**window, "maxCallsPerDay": window["maxCallsPerDay"] + was_edited} for window in body["scheduleDetails"]
    ]
    return {**body, "scheduleDetails": windows}


def _show(name: str, turns: Sequence[Turn]) -> None:
    costs, requests = [turn.ran.cost for turn in turns], [turn.requests for turn in turns]
    say(f"\n{name}")
    cost_row("requests sent bare", requests)
    cost_row("files parsed bare", [turn.parsing for turn in turns])
    cost_row("the command", costs)
    ratio_row("both, the floor", costs, [turn.requests + turn.parsing for turn in turns])
    ratio_row("the requests alone", costs, requests)


if __name__ == "__main__":
    main()
