"""A tenant of the Admin API and the files that its skills are to be made equal to: real files, a sandbox over HTTP.

Campaign 1001 holds `Early` (found by its name) and `Late` (pinned), both to be changed, and `By hand`, which is nobody's.
Campaign 1002 holds `Quiet`, which is as it should be. Sign-in and API are found by discovery. Time is virtual where the
pipeline is run in this process: whoever waits for the tenant makes the clock jump.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from reconciler import canonical
from reconciler.apply.gate import GateOptions
from reconciler.model import JsonObject
from reconciler.model.results import Result
from reconciler.pipeline.apply import Applied, ApplyOptions, apply_fresh
from reconciler.pipeline.ci import run_info
from reconciler.pipeline.tenants import Options
from reconciler.sandbox import AdminSandbox, Fault, SandboxOptions, weekly_settings
from tests.support.clocks import JumpingClock
from tests.support.journals import read_entries

DAYS = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"]
EARLY, LATE, BY_HAND, QUIET = "4001", "4711", "4712", "4713"
PLANNED = {("1001", EARLY), ("1001", LATE)}
END = "18:00"
"""When the days end that the files ask for; in CXone they end at 17:00."""


def skill(
    name: str, skill_id: str | None = None, end: str = END, days: Iterable[str] = DAYS, start: str = "09:00"
) -> JsonObject:
    """An entry of a campaign file."""
    window = {"dayOfWeek": list(days), "startTime": start, "endTime": end}
    pin = {} if skill_id is None else {"id": skill_id}
    return {"name": name, **pin, "scheduleDetails": [window]}


@dataclass
class AdminWorld:
    """The files below `root`, and the running `box`."""

    root: Path
    box: AdminSandbox
    clock: JumpingClock
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def env(self) -> dict[str, str]:
        """The credentials; where to go is in the files."""
        return {
            name: value for name, value in self.box.variables.items() if name not in ("CXONE_BASE_URI", "CXONE_ISSUER")
        }

    @property
    def journal(self) -> Path:
        """Where the journal is."""
        return self.root / "audit.jsonl"

    def tenant(self, **settings: Any) -> None:
        """Write tenant.yaml; JSON is YAML. `admin` adds to its own section, other keywords to the file."""
        admin = {"timezone": "America/New_York", "issuer": self.box.base_uri, **settings.pop("admin", {})}
        content = {"name": "acme", "api": "admin", "requests": {"concurrency": 1}, **settings, "admin": admin}
        self._write("tenant.yaml", canonical.dumps(content))

    def campaign(self, campaign_id: str, *entries: JsonObject) -> None:
        """Write the file of a campaign."""
        self._write(f"c{campaign_id}.yaml", canonical.dumps({"campaignId": campaign_id, "schedules": list(entries)}))

    def _write(self, name: str, text: str) -> None:
        folder = self.root / "schedules"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")

    def apply(self, **gate: Any) -> Applied:
        """One apply, from the files to the result."""
        path = str(self.root / "schedules")
        options = Options(path, date(2026, 11, 22), self.env, clock=self.clock)
        agree = ApplyOptions(
            GateOptions(**gate),
            self.journal,
            lambda _plans: False,
            lambda _text: None,
            self.stop,
            run_info(self.env, gate.get("force")),
        )
        return apply_fresh(options, agree)

    def result(self) -> Result:
        """The result of an apply that was not kept from starting."""
        applied = self.apply()
        assert not applied.blocked, [finding.message for plan in applied.plans for finding in plan.findings]
        (result,) = applied.results
        return result

    def ends(self, skill_id: str) -> set[str]:
        """When the days of a skill end, as the tenant holds it now."""
        settings = self.box.store.settings(skill_id)
        return {settings[f"{day.lower()}EndTime"] for day in DAYS}

    def writes(self) -> Counter[str]:
        """How often the tenant carried out a write, by path."""
        return Counter(seen.path for seen in self.box.log if seen.method == "PUT" and seen.decided == 200)

    def puts(self) -> int:
        """How many PUTs arrived, whatever came of them."""
        return sum(seen.method == "PUT" for seen in self.box.log)

    def entries(self) -> tuple[JsonObject, ...]:
        """The lines of the journal on writes, its chain checked; none where there is no journal."""
        lines = read_entries(self.journal).entries if self.journal.exists() else ()
        return tuple(entry for entry in lines if entry["action"] != "RUN_ENDED")

    def fault(self, kind: str, **how: Any) -> None:
        """Inject a fault; requests count from now on."""
        self.box.faults.add(Fault(kind, **how))


def admin_world(root: Path, quirks: Iterable[str] = (), **options: Any) -> AdminWorld:
    """A world below `root`, whose box is still to be started; `options` are those of the sandbox."""
    clock = JumpingClock()
    return AdminWorld(root, AdminSandbox(options=SandboxOptions(**options), quirks=quirks, clock=clock.now), clock)


def fill(world: AdminWorld) -> None:
    """What the tenant and the files hold before the first apply."""
    store = world.box.store
    for name, skill_id in (("Early", EARLY), ("Late", LATE), ("By hand", BY_HAND)):
        store.add_skill("1001", name, skill_id)
    store.add_skill("1002", "Quiet", QUIET, weekly_settings("09:00", END))
    store.add_campaign("1003", "Empty")
    world.tenant()
    world.campaign("1001", skill("Early"), skill("Late", LATE))
    world.campaign("1002", skill("Quiet", QUIET))
    world.box.clear_log()
