"""A schedule with dated closures: its file in a git repository, a tenant on loopback, and the command line on any day."""

from __future__ import annotations

import json
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

from reconciler.sandbox import Sandbox
from tests.support.commands import Ended, Run, variables_of

JsonObject = dict[str, Any]

FILE = "schedules/cam_001.yaml"
TENANT = "name: acme\nbaseUri: https://api.usw2.niceincontact.com\n"
HEAD = """\
campaignId: CAM_001
schedules:
  - name: Weekday calling
    timezone: America/New_York
"""
WINDOWS = """\
    scheduleDetails:
      - dayOfWeek: [MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY]
        startTime: "09:00"
        endTime: "17:00"
        maxCallsPerDay: 5000
        maxCallsPerHour: 1000
        predictiveRate: 1.2
        maxCallsPerAgentPerDay: 150
    complianceRules:
      regulatoryPauses: [STATE_SPECIFIC, TCPA]
"""


def campaign(closures: str = "", jurisdictions: str = "[US-NY]") -> str:
    """The campaign file with these closures, one a line."""
    listed = "".join(f"      - {line.strip()}\n" for line in closures.strip().splitlines())
    return f"{HEAD}    jurisdictions: {jurisdictions}\n{f'    closures:{chr(10)}{listed}' if listed else ''}{WINDOWS}"


class ClosureWorld:
    """A folder under git, and a tenant that holds what is applied to it."""

    def __init__(self, box: Sandbox, run: Run, folder: Path, text: str) -> None:
        self.box, self._run, self.folder = box, run, folder
        self.git("init", "--quiet")
        self.write({"schedules/tenant.yaml": TENANT, FILE: text})

    def git(self, *arguments: str) -> str:
        """Run git in the folder."""
        name = ("-c", "user.name=someone", "-c", "user.email=someone@example.com", "-c", "commit.gpgsign=false")
        return subprocess.run(
            ["git", *name, *arguments], cwd=self.folder, check=True, capture_output=True, text=True
        ).stdout.strip()

    def write(self, files: dict[str, str]) -> str:
        """Write files and commit them; the new revision."""
        for name, text in files.items():
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_text(text, encoding="utf-8")
        self.git("add", "--all", "--", *files)
        self.git("commit", "--quiet", "--message", "change")
        return self.git("rev-parse", "HEAD")

    def run(self, command: str, day: date | str, *arguments: str) -> Ended:
        """A command as of a day, or an instant."""
        environment = variables_of(self.box)
        return self._run(command, "--as-of", str(day), *arguments, **environment)

    def plan(self, day: date | str, *arguments: str) -> JsonObject:
        """What `plan` says as JSON."""
        document: JsonObject = json.loads(self.run("plan", day, *arguments, "--format", "json").out)
        return document

    def apply(self, day: date | str, *arguments: str, code: int = 0) -> JsonObject:
        """Apply without asking, and what it says as JSON."""
        ended = self.run("apply", day, *arguments, "--format", "json")
        assert ended.code == code, ended
        return json.loads(ended.out) if ended.out else {}

    @property
    def held(self) -> JsonObject:
        """The one schedule that the tenant holds."""
        (schedule,) = self.box.store.schedules("CAM_001")
        return schedule

    def hold(self, **fields: Any) -> None:
        """Change what the tenant holds, as somebody in the console does."""
        self.box.store.put("CAM_001", {**self.held, **fields})

    def windows(self, day: str) -> list[tuple[str, str]]:
        """What the tenant holds on a weekday: start and end of each window."""
        return [(w["startTime"], w["endTime"]) for w in self.held["scheduleDetails"] if w["dayOfWeek"] == day]
