"""A sandbox with one campaign, and changes and plans for it as the planning would make them."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

from reconciler import canonical, put_body
from reconciler.apply import Aftermath, ApplyJob, ApplyRun
from reconciler.audit.entries import RunInfo
from reconciler.dialect import Dialect
from reconciler.errors import JournalUnavailableError
from reconciler.findings import Location
from reconciler.model import Action, Change, JsonObject, Plan, Webhook
from reconciler.sandbox import Fault, Sandbox
from reconciler.settings import RequestLimits, TenantSettings
from tests.support.apply_world import schedule

HOOK = "https://wfm.example.com/hook"
EVENTS = ("campaign.schedule.updated", "dialer.schedule.activated")
SOURCE = Location("schedules/a.yaml", 3)


def webhook(schedule_id: str) -> Webhook:
    """The webhook that a schedule should have."""
    return Webhook(f"WFM_Sync_{schedule_id}", HOOK, EVENTS, "ENABLED")


def plan(*changes: Change, webhooks: tuple[Webhook, ...] = ()) -> Plan:
    """A plan of the tenant acme."""
    return Plan(
        tenant="acme",
        base_uri="https://api.usw2.niceincontact.com",
        as_of="2026-11-22",
        revision="0123456789abcdef0123456789abcdef01234567",
        dirty=False,
        base=None,
        digest="sha256:abc",
        unchanged=0,
        changes=changes,
        webhooks=webhooks,
        unmanaged=(),
        safety=(),
        findings=(),
    )


@dataclass
class Memory:
    """A journal that keeps its lines, those that end runs by themselves, and has room for so many only."""

    room: int = 1_000_000
    head: str | None = None
    lines: list[JsonObject] = field(default_factory=list)
    ends: list[JsonObject] = field(default_factory=list)

    def append(self, entry: JsonObject) -> None:
        """Keep a line, or have no room for it."""
        if len(self.lines) >= self.room:
            raise JournalUnavailableError("the journal cannot be written: no room")
        (self.ends if entry["action"] == "RUN_ENDED" else self.lines).append(entry)
        self.head = canonical.digest(entry)

    def prove_intact(self) -> None:
        """Nobody else has it."""

    @property
    def told(self) -> list[tuple[str, str]]:
        """Which schedule or webhook, and what of it."""
        return [(str(line.get("scheduleId") or line.get("name")), line["status"]) for line in self.lines]


@dataclass
class Tenant:
    """A sandbox, the way to it, and what an apply to it needs."""

    box: Sandbox
    dialect: Dialect
    journal: Memory = field(default_factory=Memory)
    stop: threading.Event = field(default_factory=threading.Event)

    def hold(self, schedule_id: str, cap: int) -> None:
        """Have the tenant hold a schedule."""
        self.box.store.put("CAM_A", schedule("CAM_A", schedule_id, schedule_id, cap))

    def cap(self, schedule_id: str) -> int | None:
        """The daily cap that the tenant holds."""
        caps = {
            schedule["id"]: schedule["scheduleDetails"][0]["maxCallsPerDay"]
            for schedule in self.box.store.schedules("CAM_A")
        }
        return caps.get(schedule_id)

    def change(self, schedule_id: str, cap: int) -> Change:
        """The change that gives a schedule this cap: an update where it is live now, else a create."""
        live = self.dialect.schedule("CAM_A", schedule_id).schedule
        wanted = schedule("CAM_A", schedule_id, schedule_id, cap)
        self.box.clear_log()
        return Change(
            action=Action.CREATE if live is None else Action.UPDATE,
            campaign_id="CAM_A",
            schedule_id=schedule_id,
            name=schedule_id,
            request=self.dialect.put_request(wanted),
            before=None if live is None else {},
            fingerprint=None if live is None else put_body.fingerprint(live, (), ()),
            source=SOURCE,
        )

    def given(self, a_plan: Plan, **more: Any) -> tuple[ApplyJob, ApplyRun]:
        """What an apply of a plan needs; read again, nothing differs, unless `read_again` says so."""
        read_again = more.pop("read_again", Aftermath)
        run = ApplyRun(
            more.pop("journal", self.journal),
            RunInfo("run-1", "anna"),
            self.stop,
            more.pop("progress", lambda _what, _done, _total: None),
        )
        limits = RequestLimits(concurrency=more.pop("concurrency", 1))
        settings = TenantSettings("acme", a_plan.base_uri, SOURCE, "", webhook_url=HOOK, requests=limits)
        usual: dict[str, Any] = {
            "dialect": self.dialect,
            "locate": lambda _change, _field: None,
            "refuse": lambda _change, _body: None,
        }
        parts = {**usual, "read_touched": tuple, "compare": lambda _campaigns: read_again(), **more}
        return ApplyJob(a_plan, settings, **parts), run

    def job(self) -> ApplyJob:
        """Nothing ignored, nothing preserved, no field found in the files."""
        return self.given(plan())[0]

    def fault(self, kind: str, **how: Any) -> None:
        """Inject a fault; requests count from now on."""
        self.box.faults.add(Fault(kind, **how))

    def asked(self) -> list[tuple[str, int]]:
        """The requests so far, less those for tokens: method and status."""
        return [(seen.method, seen.status) for seen in self.box.log if "oauth" not in seen.path]
