"""A run that is cancelled while it writes: the runner's signal goes to the step's own process, and must end well."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import yaml

from reconciler.audit.history import journal_runs
from reconciler.audit.months import find_journals
from reconciler.github.journal_branch import journal_lines
from reconciler.sandbox import Fault, Sandbox, Store
from tests.support.pipeline_world import campaign, tenant
from tests.support.runner import WORKFLOWS

MANY = 20


def _script() -> str:
    action = WORKFLOWS.parent / "actions" / "apply" / "action.yml"
    steps = yaml.safe_load(action.read_text(encoding="utf-8"))["runs"]["steps"]
    (step,) = (step for step in steps if step.get("id") == "apply")
    return str(step["run"])


def test_canceling_the_step_ends_the_write_under_way_and_reports(tmp_path: Path) -> None:
    names = [f"CAM_{number:02}" for number in range(MANY)]
    with Sandbox(campaigns=names) as box:
        (tmp_path / "schedules").mkdir()
        one_at_a_time = tenant("acme", box) + "requests: {concurrency: 1}\n"
        (tmp_path / "schedules" / "tenant.yaml").write_text(one_at_a_time, encoding="utf-8")
        for name in names:
            (tmp_path / "schedules" / f"{name}.yaml").write_text(campaign(500, name), encoding="utf-8")
        program = tmp_path / "bin" / "reconciler"
        program.parent.mkdir()
        program.write_text(f'#!/bin/sh\nexec {sys.executable} -P -m reconciler "$@"\n', encoding="utf-8")
        program.chmod(0o755)
        environment = {
            "PATH": f"{program.parent}:{os.environ['PATH']}",
            "CXONE_CLIENT_ID": box.client_id,
            "CXONE_CLIENT_SECRET": box.client_secret,
            "TENANT": "acme",
            "APPLIED": "none",
            "APPROVED_BY": "carol",
            "BASE": "",
            "FORCE": "",
            "ONLY": "",
            "SCHEDULES": "schedules",
        }
        planned = subprocess.run(
            ["reconciler", "plan", "--format", "json"], cwd=tmp_path, env=environment, check=True, capture_output=True
        )
        environment["DIGEST"] = json.loads(planned.stdout)["digest"]
        script = tmp_path / "step.sh"
        script.write_text(_script(), encoding="utf-8")
        running: list[int] = []

        def cancel(_store: Store) -> None:
            os.kill(running[0], signal.SIGINT)

        box.faults.add(Fault("edit-before", method="PUT", edit=cancel))
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)]
        before = signal.signal(signal.SIGINT, signal.SIG_DFL)  # a shell in the background starts tests that ignore it
        with subprocess.Popen(command, cwd=tmp_path, env=environment, stdin=subprocess.DEVNULL) as step:
            signal.signal(signal.SIGINT, before)
            running.append(step.pid)
            code = step.wait()

        report = (tmp_path / "apply.md").read_text(encoding="utf-8")
        held = sum(bool(box.store.schedules(name)) for name in names)
    assert code == 5
    assert 1 <= held < MANY
    assert report.count(": NOT_ATTEMPTED") == MANY - held
    assert "Interrupted" in report
    (journal,) = find_journals([tmp_path / ".reconciler" / "journal"])
    (run,) = journal_runs(journal).runs
    assert list(journal_lines((tmp_path / "apply.log").read_text(encoding="utf-8"))) == list(journal.entries())
    assert dict(run.ends)["SUCCESS"] == held
    assert run.pending == ()
