"""The pipelines' files as files: GitHub's schema, a security audit, and rules of this project that neither knows."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.builders import schedule
from tests.support.runner import ROOT, WORKFLOWS, git

FILES = sorted(WORKFLOWS.glob("*.yml"))
ACTIONS = sorted((WORKFLOWS.parent / "actions").glob("*/action.yml"))
HOOKS = ROOT / ".pre-commit-hooks.yaml"
GOOD = "name: acme\nbaseUri: https://api.usw2.niceincontact.com\n"
WRITES = {
    "plan.yml": {"pull-requests": {"tenants", "comment"}},
    "apply.yml": {"pull-requests": {"tenant"}, "contents": {"tenant"}},
    "tenant.yml": {"pull-requests": {"report"}, "contents": {"write"}},
    "write.yml": {"contents": {"record"}},
    "calendar.yml": {"pull-requests": {"tenant"}, "contents": {"tenant"}},
    "drift.yml": {"issues": {"drift"}},
    "ci.yml": {},
    "release.yml": {"id-token": {"build", "publish"}, "attestations": {"build"}, "contents": {"announce"}},
}
"""The jobs that may write something, by file and permission: `record` alone pushes, and what calls it must hand it that."""


def _program(name: str) -> str:
    found = shutil.which(name, path=f"{Path(sys.executable).parent}")
    assert found is not None, f"{name} is part of the extra `test`"
    return found


def _read(file: Path) -> dict[str, Any]:
    document = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - plain data
    assert isinstance(document, dict)
    return document


def _jobs() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for file in FILES:
        for name, job in _read(file)["jobs"].items():
            yield file.name, name, job


def test_workflows_hold_githubs_schema() -> None:
    done = subprocess.run(
        [_program("check-jsonschema"), "--builtin-schema", "vendor.github-workflows", *map(str, FILES)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_actions_hold_githubs_schema_and_say_what_they_take_and_give() -> None:
    done = subprocess.run(
        [_program("check-jsonschema"), "--builtin-schema", "vendor.github-actions", *map(str, ACTIONS)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert [file.parent.name for file in ACTIONS] == ["apply", "drift", "plan", "setup"]
    for file in ACTIONS:
        action = _read(file)
        for step in action["runs"]["steps"]:
            assert "${{" not in step.get("run", ""), file
            assert "secrets." not in str(step), file
        assert set(re.findall(r"inputs\.([\w-]+)", str(action["runs"]))) == set(action["inputs"])


def test_dependabot_holds_githubs_schema_and_watches_the_lock_and_the_actions() -> None:
    file = ROOT / ".github" / "dependabot.yml"
    done = subprocess.run(
        [_program("check-jsonschema"), "--builtin-schema", "vendor.dependabot", str(file)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    watched = {
        update["package-ecosystem"]: update.get("directories") or [update["directory"]]
        for update in _read(file)["updates"]
    }
    assert watched == {"pip": ["/.github/requirements"], "github-actions": ["/", "/.github/actions/*"]}


def test_ci_runs_what_is_locked_and_what_is_not() -> None:
    jobs = _read(WORKFLOWS / "ci.yml")["jobs"]
    assert jobs["locked"]["strategy"]["matrix"]["python"] == ["3.11", "3.14"]
    unlocked = {(run["releases"], run["python"]) for run in jobs["unlocked"]["strategy"]["matrix"]["include"]}
    assert unlocked == {("newest", "3.11"), ("newest", "3.14"), ("lowest", "3.11")}


def test_the_audit_finds_nothing_of_low_severity_or_above() -> None:
    done = subprocess.run(
        [
            _program("zizmor"),
            "--offline",
            "--no-progress",
            "--min-severity",
            "low",
            str(ROOT / ".github"),
            HOOKS,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "plan.yml" in done.stderr, "the audit did not see the workflows"


def test_the_audit_would_find_something(tmp_path: Path) -> None:
    file = tmp_path / ".github" / "workflows" / "plan.yml"
    file.parent.mkdir(parents=True)
    text = (WORKFLOWS / "plan.yml").read_text(encoding="utf-8")
    file.write_text(text.replace("  pull_request:", "  pull_request_target:"), encoding="utf-8")
    done = subprocess.run(
        [_program("zizmor"), "--offline", "--no-progress", "--min-severity", "low", str(tmp_path)],
        capture_output=True,
        check=False,
    )
    assert done.returncode not in (0, 1)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_no_permission_is_given_but_by_a_job(file: Path) -> None:
    workflow = _read(file)
    assert workflow["permissions"] == {}
    writing: dict[str, set[str]] = {}
    for name, job in workflow["jobs"].items():
        for permission, level in job["permissions"].items():
            assert level in ("read", "write")
            if level == "write":
                writing.setdefault(permission, set()).add(name)
    assert writing == WRITES[file.name]


def test_every_job_ends() -> None:
    for file, name, job in _jobs():
        assert "uses" in job or 0 < int(job["timeout-minutes"]) <= 60, (file, name)


@pytest.mark.parametrize("file", [*FILES, *ACTIONS], ids=lambda file: file.relative_to(WORKFLOWS.parent).as_posix())
def test_every_action_is_pinned_and_no_token_is_left_behind(file: Path) -> None:
    used = re.findall(r"uses: (.+)", file.read_text(encoding="utf-8"))
    assert used or file.parent.name == "drift"
    for action in used:
        if action.startswith("$/.github/"):
            own = ROOT / action.removeprefix("$/")
            assert own in FILES or own / "action.yml" in ACTIONS
            continue
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action), action
    for job in _read(file).get("jobs", {}).values():
        for step in job.get("steps", ()):
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] == "false"


def test_secrets_are_those_of_an_environment() -> None:
    holding = {(file, name): job for file, name, job in _jobs() if "secrets." in str(job.get("steps"))}
    stages = {place: job["environment"] for place, job in holding.items()}
    names = {place: stage if isinstance(stage, str) else stage["name"] for place, stage in stages.items()}
    assert names == {
        ("plan.yml", "plan"): "cxone-plan-${{ matrix.tenant }}",
        ("tenant.yml", "plan"): "cxone-plan-${{ inputs.tenant }}",
        ("write.yml", "apply"): "cxone-apply-${{ inputs.tenant }}",
        ("drift.yml", "drift"): "cxone-plan-${{ matrix.tenant }}",
    }
    assert all("contents: write" not in str(job["permissions"]) for job in holding.values())


def test_nobody_is_asked_while_a_lock_is_held() -> None:
    approve = _read(WORKFLOWS / "tenant.yml")["jobs"]["approve"]
    assert approve["environment"] == "cxone-approve-${{ inputs.tenant }}"
    assert "concurrency" not in approve
    assert "concurrency" not in _read(WORKFLOWS / "apply.yml")
    locked = {(file, name) for file, name, job in _jobs() if "cxone-" in str(job.get("concurrency"))}
    assert locked == {("tenant.yml", "plan"), ("tenant.yml", "write"), ("drift.yml", "drift")}


def test_secrets_are_handed_on_by_their_names_alone() -> None:
    """A called workflow sees an environment's secrets only under names that its callers pass."""
    for file, name, job in _jobs():
        if "uses" in job:
            called = _read(ROOT / job["uses"].removeprefix("$/"))["on"]["workflow_call"]["secrets"]
            assert job["secrets"] == {key: f"${{{{ secrets.{key} }}}}" for key in called}, (file, name)


def test_no_step_has_secrets_beside_a_token_or_text_of_others() -> None:
    for file, name, job in _jobs():
        for step in job.get("steps", ()):
            variables = str(step.get("env", {}))
            assert not ("secrets." in variables and "github.token" in variables), (file, name)
            assert "${{" not in step.get("run", ""), (file, name)
            assert not re.search(r"github\.event\.(?:pull_request\.(?:title|body|head\.ref)|head_commit)", str(step))


def test_the_example_for_gitlab_is_short_and_is_yaml() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    example = re.search(r"<!-- gitlab -->\n```yaml\n(.*?)```\n<!-- end -->", text, re.DOTALL)
    assert example is not None
    assert len(example[1].splitlines()) <= 40
    jobs = yaml.safe_load(example[1])
    assert {"default", "plan", "apply"} <= set(jobs)
    assert jobs["apply"]["resource_group"]
    assert all(isinstance(line, str) for job in ("plan", "apply") for line in jobs[job]["script"])


def test_the_notes_of_a_release_are_its_section_of_the_changelog(tmp_path: Path) -> None:
    (tmp_path / ".ci").mkdir()
    (tmp_path / ".github").mkdir()
    shutil.copy(ROOT / ".ci" / "notes", tmp_path / ".ci" / "notes")
    text = "# Changelog\n\n## Unreleased\n\n- Later.\n\n## 0.2.0 – 2026-12-01\n\n- Now.\n\n## 0.1.0 – 2026-11-22\n\n- Before.\n"
    (tmp_path / ".github" / "CHANGELOG.md").write_text(text, encoding="utf-8")

    def notes(version: str) -> subprocess.CompletedProcess[str]:
        command = ["bash", str(tmp_path / ".ci" / "notes"), version]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    assert notes("0.2.0").stdout == "\n- Now.\n"
    for unknown in ("0.2", "0.3.0", "Unreleased"):
        assert notes(unknown).returncode == 1
    built = _read(WORKFLOWS / "release.yml")["jobs"]["build"]["steps"]
    assert any("bash .ci/notes" in step.get("run", "") for step in built)


def test_the_hook_keeps_invalid_schedules_out_of_a_commit(tmp_path: Path) -> None:
    (hook,) = yaml.safe_load(HOOKS.read_text(encoding="utf-8"))
    assert hook["id"] == "validate"
    assert hook["pass_filenames"] is False
    entry = schedule()
    defaults = json.dumps({"schedule": {"timezone": entry.pop("timezone")}})
    campaign = json.dumps({"campaignId": "CAM_003", "schedules": [entry]})
    git(tmp_path, "init", "--quiet")
    program = tmp_path / ".git" / "reconciler"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -P -m reconciler "$@"\n', encoding="utf-8")
    start = tmp_path / ".git" / "hooks" / "pre-commit"
    start.parent.mkdir(exist_ok=True)
    start.write_text(f"#!/bin/sh\nPATH={program.parent}:$PATH\nexec {hook['entry']}\n", encoding="utf-8")
    for file in (program, start):
        file.chmod(0o755)
    folder = tmp_path / "schedules"
    folder.mkdir()
    for name, text in (("tenant.yaml", GOOD), ("defaults.yaml", defaults), ("cam_003.yaml", campaign)):
        (folder / name).write_text(text, encoding="utf-8")
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--quiet", "--message", "Schedules")

    (folder / "defaults.yaml").unlink()
    git(tmp_path, "add", "--all")
    with pytest.raises(AssertionError, match=r"no defaults\.yaml gives it"):
        git(tmp_path, "commit", "--quiet", "--message", "No defaults")
    assert git(tmp_path, "log", "--format=%s") == "Schedules"
