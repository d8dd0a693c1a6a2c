"""A small tenant and the files that it is to be made equal to: real files, the real pipeline, a sandbox over HTTP.

Two campaigns. CAM_A: `Early` is to be created, `Late` to be updated, `By hand` is nobody's. CAM_B: `Pinned` is to be
updated, `Quiet` is as it should be. Two webhooks are there, two are to be registered. Time is virtual: whoever waits for
the tenant makes the clock jump to the end of the wait.
"""

from __future__ import annotations

import subprocess
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from reconciler import canonical
from reconciler.apply.gate import GateOptions
from reconciler.model import Plan
from reconciler.model.results import Result, Status, WriteResult
from reconciler.pipeline.apply import Applied, ApplyOptions, apply_fresh
from reconciler.pipeline.ci import run_info
from reconciler.pipeline.tenants import Options
from reconciler.sandbox import Fault, Sandbox, SandboxOptions
from tests.support.clocks import JumpingClock
from tests.support.commands import variables_of
from tests.support.journals import read_entries

JsonObject = dict[str, Any]

EARLY = canonical.derived_id("CAM_A", "Early")
LATE = canonical.derived_id("CAM_A", "Late")
PINNED = "a1b2c3d4-e5f6-7890-abcd-ef1234567890"
QUIET = canonical.derived_id("CAM_B", "Quiet")
BY_HAND = "11111111-2222-4333-8444-555555555555"
HOOK = "https://wfm.example.com/hook"
PLANNED = {("CAM_A", EARLY), ("CAM_A", LATE), ("CAM_B", PINNED)}
CAP = 500  # the cap that the files ask for

_WINDOWS = """\
    scheduleDetails: &windows
      - dayOfWeek: MONDAY
        startTime: "09:00"
        endTime: "17:00"
        maxCallsPerDay: 500
        maxCallsPerHour: 100
        predictiveRate: 1.2
        maxCallsPerAgentPerDay: 150
"""
CAM_A = f"""\
campaignId: CAM_A
schedules:
  - name: Early
    timezone: America/New_York
{_WINDOWS}  - name: Late
    timezone: America/New_York
    scheduleDetails: *windows
"""
CAM_B = f"""\
campaignId: CAM_B
schedules:
  - name: Pinned
    id: a1b2c3d4-e5f6-7890-abcd-ef1234567890
    timezone: America/New_York
{_WINDOWS}  - name: Quiet
    timezone: America/New_York
    scheduleDetails: *windows
"""


def schedule(campaign: str, schedule_id: str, name: str, cap: int = CAP, **more: Any) -> JsonObject:
    """A schedule as the console would store it."""
    window = {
        "dayOfWeek": "MONDAY",
        "startTime": "09:00:00",
        "endTime": "17:00:00",
        "maxCallsPerDay": cap,
        "maxCallsPerHour": 100,
        "predictiveRate": 1.2,
        "maxCallsPerAgentPerDay": 150,
    }
    return {
        "id": schedule_id,
        "name": name,
        "campaignId": campaign,
        "timezone": "America/New_York",
        "scheduleDetails": [window],
        "blackoutPeriods": [],
        "complianceRules": {
            "regulatoryPauses": [],
            "agentAvailabilityProjection": False,
            "enableComplianceInjection": True,
        },
        **more,
    }


def webhook(schedule_id: str, url: str = HOOK) -> JsonObject:
    """A webhook as a POST asks for it."""
    return {
        "name": f"WFM_Sync_{schedule_id}",
        "url": url,
        "events": ["campaign.schedule.updated", "dialer.schedule.activated"],
        "status": "ENABLED",
    }


@dataclass
class World:
    """The files below `root`, the running `box`, and how they are applied. `approve` hears the plans."""

    root: Path
    box: Sandbox
    clock: JumpingClock
    stop: threading.Event = field(default_factory=threading.Event)
    plans: tuple[Plan, ...] = ()

    @property
    def environ(self) -> dict[str, str]:
        """The variables that lead to the sandbox."""
        return variables_of(self.box)

    @property
    def options(self) -> Options:
        """Everything below PATH, on the sandbox."""
        return Options(str(self.root / "schedules"), date(2026, 11, 22), self.environ, clock=self.clock)

    @property
    def journal(self) -> Path:
        """Where the journal is."""
        return self.root / "audit.jsonl"

    def apply_options(self, **gate: Any) -> ApplyOptions:
        """Options that approve of everything and keep the plans."""

        def approve(plans: Any) -> bool:
            self.plans = tuple(plans)
            return False

        run = run_info(self.environ, gate.get("force"))
        return ApplyOptions(GateOptions(**gate), self.journal, approve, lambda _text: None, self.stop, run)

    def apply(self, options: Options | None = None, **gate: Any) -> Applied:
        """One apply, from the files to the result."""
        return apply_fresh(options or self.options, self.apply_options(**gate))

    def result(self, **gate: Any) -> Result:
        """The result of an apply that was not kept from starting."""
        applied = self.apply(**gate)
        assert not applied.blocked, [finding.message for plan in applied.plans for finding in plan.findings]
        assert len(applied.results) == 1
        return applied.results[0]

    def tenant(self, **settings: Any) -> None:
        """Rewrite tenant.yaml; JSON is YAML. Keywords add to it."""
        content = {
            "name": "acme",
            "baseUri": "https://api.usw2.niceincontact.com",
            "webhook": {"url": HOOK},
            "requests": {"concurrency": 1},
            **settings,
        }
        (self.root / "schedules" / "tenant.yaml").write_text(canonical.dumps(content), encoding="utf-8")

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace a text in a campaign file; it must be there."""
        path = self.root / "schedules" / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def many(self, count: int, live_cap: int | None = None) -> None:
        """Add `count` schedules of CAM_C to the files; with `live_cap` the tenant holds them too, with that cap."""
        window = schedule("", "", "")["scheduleDetails"][0]
        entries = [
            {"name": f"No {number:04}", "timezone": "America/New_York", "scheduleDetails": [window]}
            for number in range(count)
        ]
        content = canonical.dumps({"campaignId": "CAM_C", "schedules": entries})
        (self.root / "schedules" / "c.yaml").write_text(content, encoding="utf-8")
        self.box.store.ensure_campaigns(["CAM_C"])
        for entry in entries if live_cap is not None else ():
            name = str(entry["name"])
            schedule_id = canonical.derived_id("CAM_C", name)
            self.box.store.put("CAM_C", schedule("CAM_C", schedule_id, name, live_cap or 0))

    def commit(self) -> str:
        """Commit all files, in a repository that is made if need be; returns the commit."""
        if not (self.root / ".git").exists():
            self._git("init", "--quiet")
        self._git("add", "schedules")
        self._git("commit", "--quiet", "--message", "state")
        return self._git("rev-parse", "HEAD")

    def _git(self, *arguments: str) -> str:
        who = ("-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false")
        call = ["git", "-C", str(self.root), *who, *arguments]
        return subprocess.run(call, check=True, capture_output=True, text=True).stdout.strip()

    def live(self, campaign: str, schedule_id: str) -> JsonObject | None:
        """One schedule as the tenant holds it now."""
        return next(
            (schedule for schedule in self.box.store.schedules(campaign) if schedule["id"] == schedule_id),
            None,
        )

    def cap(self, campaign: str, schedule_id: str) -> int | None:
        """The daily cap of a schedule's first window, as the tenant holds it; None without such a schedule."""
        live = self.live(campaign, schedule_id)
        return None if live is None else int(live["scheduleDetails"][0]["maxCallsPerDay"])

    def writes(self) -> Counter[str]:
        """How often the tenant carried out each PUT and POST of a webhook, by path."""
        return Counter(
            seen.path
            for seen in self.box.log
            if seen.method in ("PUT", "POST") and "oauth" not in seen.path and seen.decided in (200, 201)
        )

    def puts(self) -> int:
        """How many PUTs arrived, whatever came of them."""
        return sum(seen.method == "PUT" for seen in self.box.log)

    def entries(self) -> tuple[JsonObject, ...]:
        """The lines of the journal on writes, its chain checked; none where there is no journal."""
        return tuple(entry for entry in self._lines() if entry["action"] != "RUN_ENDED")

    def run_ends(self) -> tuple[JsonObject, ...]:
        """The lines that end runs."""
        return tuple(entry for entry in self._lines() if entry["action"] == "RUN_ENDED")

    def _lines(self) -> tuple[JsonObject, ...]:
        return read_entries(self.journal).entries if self.journal.exists() else ()

    def fault(self, kind: str, **how: Any) -> None:
        """Inject a fault; requests count from now on."""
        self.box.faults.add(Fault(kind, **how))


def fill(box: Sandbox) -> None:
    """What the tenant holds before the first apply."""
    box.store.put("CAM_A", schedule("CAM_A", LATE, "Late", 400))
    box.store.put("CAM_A", schedule("CAM_A", BY_HAND, "By hand", 77, owner="operations"))
    box.store.put("CAM_B", schedule("CAM_B", PINNED, "Pinned", 400))
    box.store.put("CAM_B", schedule("CAM_B", QUIET, "Quiet"))
    box.store.webhooks = [
        {**webhook(LATE), "id": "WEBHOOK_001"},
        {**webhook(PINNED), "id": "WEBHOOK_002"},
        {**webhook("of-somebody-else", "https://other.example.com"), "id": "WEBHOOK_003"},
    ]
    box.clear_log()


def build(root: Path, start: Callable[[Sandbox], Sandbox], options: Mapping[str, Any]) -> World:
    """A world below `root`; `start` starts the sandbox, `options` are those of the sandbox."""
    clock = JumpingClock()
    box = start(
        Sandbox(campaigns=["CAM_A", "CAM_B"], options=SandboxOptions(**options), clock=clock.now),
    )
    (root / "schedules").mkdir(parents=True, exist_ok=True)
    (root / "schedules" / "a.yaml").write_text(CAM_A, encoding="utf-8")
    (root / "schedules" / "b.yaml").write_text(CAM_B, encoding="utf-8")
    world = World(root, box, clock)
    world.tenant()
    fill(box)
    return world


def complete(result: Result) -> bool:
    """Whether everything was written and registered, verified, and is still there."""
    ended = [*(write.status for write in result.results), *(webhook.status for webhook in result.webhooks)]
    early = result.interrupted or result.stopped is not None or bool(result.left_out)
    return result.converged and not early and set(ended) <= {Status.SUCCESS}


def of(result: Result, schedule_id: str) -> WriteResult:
    """The result of one schedule."""
    return next(write for write in result.results if write.schedule_id == schedule_id)


def open_writes(entries: tuple[JsonObject, ...]) -> list[str]:
    """The schedules and webhooks that the journal says were begun and never ended."""
    pending: dict[tuple[str, str], str] = {}
    for entry in entries:
        name = entry.get("scheduleId") or entry.get("name")
        pending[entry["runId"], str(name)] = entry["status"]
    return [name for (_, name), status in pending.items() if status == "PENDING"]


__all__ = [
    "BY_HAND",
    "CAP",
    "EARLY",
    "HOOK",
    "LATE",
    "PINNED",
    "PLANNED",
    "QUIET",
    "World",
    "build",
    "complete",
    "fill",
    "of",
    "open_writes",
    "schedule",
    "webhook",
]
