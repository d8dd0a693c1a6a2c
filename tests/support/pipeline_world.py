"""A repository that holds schedules, its GitHub, and the CXone tenants that it is applied to."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from reconciler import canonical
from reconciler.audit.months import find_journals
from reconciler.github.journal_branch import branch_of
from reconciler.model import WEEKDAYS
from reconciler.sandbox import Sandbox
from tests.support.github import REPOSITORY, GitHub
from tests.support.runner import ROOT, Event, Run, Runner, git

_IN_FILES = ("CXONE_BASE_URI", "CXONE_ISSUER")  # of what leads to a sandbox
READS = frozenset({"dialer:campaigns:read", "wfm:schedules:read", "webhooks:read"})

CAMPAIGN = """\
campaignId: {campaign}
schedules:
  - name: Weekdays
    timezone: America/New_York
    scheduleDetails:
      - dayOfWeek: MONDAY
        startTime: "09:00"
        endTime: "17:00"
        maxCallsPerDay: {cap}
        maxCallsPerHour: 100
        predictiveRate: 1.2
        maxCallsPerAgentPerDay: 150
"""


def campaign(cap: int, name: str = "CAM_001") -> str:
    """A campaign file with one schedule."""
    return CAMPAIGN.format(cap=cap, campaign=name)


def tenant(name: str, box: Sandbox) -> str:
    """A tenant.yaml that leads to a sandbox."""
    return f"name: {name}\nbaseUri: {box.base_uri}\n"


@dataclass
class World:
    """The repository's `origin` (with a work tree on main), `github`, `boxes` by tenant, and the `runner`."""

    origin: Path
    github: GitHub
    boxes: Mapping[str, Any]
    runner: Runner

    @property
    def box(self) -> Sandbox:
        """The tenant acme, of the dialer."""
        box: Sandbox = self.boxes["acme"]
        return box

    @property
    def tip(self) -> str:
        """The commit of main."""
        return git(self.origin, "rev-parse", "main")

    def commit(self, files: Mapping[str, str | None], message: str = "Edit") -> str:
        """A commit on top of what is checked out; None deletes a file. Returns its name."""
        for name, text in files.items():
            path = self.origin / name
            if text is None:
                path.unlink()
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
        git(self.origin, "add", "--all")
        git(self.origin, "commit", "--quiet", "--message", message)
        return git(self.origin, "rev-parse", "HEAD")

    def pull_request(
        self, files: Mapping[str, str | None], *, number: int = 7, fork: bool = False, actor: str = "octocat"
    ) -> Event:
        """A pull request with one commit, as it would be merged into main now."""
        git(self.origin, "checkout", "--quiet", "-B", f"topic-{number}", "main")
        head_sha = self.commit(files)
        git(self.origin, "checkout", "--quiet", "--detach", "main")
        git(self.origin, "merge", "--quiet", "--no-ff", "--no-edit", f"topic-{number}")
        sha = git(self.origin, "rev-parse", "HEAD")
        git(self.origin, "update-ref", f"refs/pull/{number}/merge", sha)
        git(self.origin, "checkout", "--quiet", "main")
        head = {"sha": head_sha, "repo": {"full_name": "somebody/schedules" if fork else REPOSITORY}}
        base = {"ref": "main", "sha": self.tip}
        pull = {"number": number, "head": head, "base": base, "user": {"login": actor}}
        payload: dict[str, Any] = {"pull_request": pull}
        return Event("pull_request", sha, f"refs/pull/{number}/merge", payload, fork=fork, actor=actor)

    def merge_group(self, event: Event) -> Event:
        """The merge queue tries a pull request."""
        base = git(self.origin, "rev-parse", f"{event.sha}^1")
        payload = {"merge_group": {"base_sha": base, "head_sha": event.sha}}
        return Event("merge_group", event.sha, "refs/heads/gh-readonly-queue/main/pr-7", payload)

    def push(self, files: Mapping[str, str | None], *, number: int | None = 7, message: str = "Edit") -> Event:
        """A commit that arrives on main, by the pull request of that number if there is one."""
        before = self.tip
        sha = self.commit(files, message)
        if number is not None:
            pull = {"number": number, "state": "closed", "merged_by": {"login": "mona"}, "base": {"ref": "main"}}
            self.github.pulls[sha] = [pull]
        return Event("push", sha, "refs/heads/main", {"before": before, "after": sha})

    def by_hand(self, **inputs: str) -> Event:
        """Somebody presses "Run workflow" on main."""
        return Event(
            "workflow_dispatch", self.tip, "refs/heads/main", {"inputs": inputs}, inputs=inputs, actor="hubert"
        )

    def on_time(self) -> Event:
        """The clock starts a run."""
        return Event("schedule", self.tip, "refs/heads/main", {"schedule": "17 */6 * * *"})

    def days(self, campaign_id: str = "CAM_001") -> list[str]:
        """The weekdays on which acme calls, in the order of the week."""
        (held,) = self.box.store.schedules(campaign_id)
        return sorted({window["dayOfWeek"] for window in held["scheduleDetails"]}, key=WEEKDAYS.index)

    def run(self, workflow: str, event: Event) -> Run:
        """A new run of a workflow, as far as it comes."""
        return self.runner.start(workflow, event)

    def bring_to_tip(self, *options: str) -> None:
        """What main says is applied to acme, and recorded in its branch: the state after a run of apply.yml, without one.
        `options` are more ones of apply."""
        journal = self.origin.parent / "first-journal"
        environment = {"PATH": os.environ["PATH"], **self.runner.secrets["cxone-apply-acme"]}
        program = [sys.executable, "-P", "-m", "reconciler", "apply", "--tenant=acme", "--auto-approve", "--quiet"]
        command = [*program, "--approved-by=carol", f"--audit-log={journal}/", *options]
        subprocess.run(command, cwd=self.origin, env=environment, check=True, capture_output=True)
        git(journal, "init", "--quiet")
        git(journal, "add", "--all")
        git(journal, "commit", "--quiet", "--message", "Record")
        git(journal, "push", "--quiet", str(self.origin), f"HEAD:refs/heads/{branch_of('acme')}")

    def applied(self, tenant_name: str = "acme") -> str | None:
        """The revision that the journal's branch says was applied last."""
        ends = [line for line in self.journal(tenant_name) if line["action"] == "RUN_ENDED" and line["converged"]]
        return str(ends[-1]["revision"]) if ends else None

    def journal(self, tenant_name: str = "acme") -> list[dict[str, Any]]:
        """The lines of a tenant's journal, as its branch holds them; the chain is checked."""
        branch = branch_of(tenant_name)
        if not git(self.origin, "branch", "--list", branch):
            return []
        with TemporaryDirectory() as folder:
            git(self.origin, "worktree", "add", "--quiet", "--detach", f"{folder}/journal", branch)
            (journal,) = find_journals([Path(folder) / "journal"])
            lines = list(journal.entries())
            git(self.origin, "worktree", "remove", "--force", f"{folder}/journal")
        return lines

    def caps(self, campaign_id: str = "CAM_001", tenant_name: str = "acme") -> list[int]:
        """The daily caps that the tenant holds for a campaign."""
        held = self.boxes[tenant_name].store.schedules(campaign_id)
        return [schedule["scheduleDetails"][0]["maxCallsPerDay"] for schedule in held]

    def hold(self, cap: int, campaign_id: str = "CAM_001", tenant_name: str = "acme") -> None:
        """A tenant comes to hold a campaign's schedule with this daily cap: by an earlier apply, or by an edit in the
        console."""
        (raw,) = yaml.safe_load(campaign(cap))["schedules"]
        known = {"id": canonical.derived_id(campaign_id, raw["name"]), "campaignId": campaign_id}
        rules = {
            "regulatoryPauses": [],
            "agentAvailabilityProjection": False,
            "enableComplianceInjection": True,
        }
        held = {**raw, **known, "blackoutPeriods": [], "complianceRules": rules}
        self.boxes[tenant_name].store.put(campaign_id, held)

    def comments(self, number: int = 7) -> list[str]:
        """The comments of a pull request."""
        return [comment["body"] for comment in self.github.comments.get(number, [])]


def make_world(folder: Path, program: Path, github: GitHub, boxes: Mapping[str, Any]) -> World:
    """A repository on main without schedules yet, with the lock; environments for each tenant, and reviewers who are asked
    before an apply."""
    origin = folder / "origin"
    (origin / ".github").mkdir(parents=True)
    shutil.copytree(ROOT / ".github" / "requirements", origin / ".github" / "requirements")
    git(origin, "init", "--quiet", "--initial-branch=main")
    git(origin, "config", "uploadpack.allowAnySHA1InWant", "true")
    git(origin, "add", "--all")
    git(origin, "commit", "--quiet", "--message", "Pipelines")
    github.origin = origin
    secrets: dict[str, Mapping[str, str]] = {
        f"cxone-{stage}-{name}": {key: value for key, value in box.variables.items() if key not in _IN_FILES}
        for name, box in boxes.items()
        for stage in ("plan", "apply")
    }
    for name in boxes:
        github.require_reviewers(f"cxone-approve-{name}")
        github.environments |= {f"cxone-plan-{name}": [], f"cxone-apply-{name}": []}
    runner = Runner(origin, github, folder / "runs", program, {"CXONE_ENABLED": "true"}, secrets)
    return World(origin, github, boxes, runner)
