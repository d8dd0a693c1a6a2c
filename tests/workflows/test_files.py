"""The pipelines' files as files: GitHub's schema, a security audit, and rules of this project that neither knows."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.runner import ROOT, WORKFLOWS, git

FILES = sorted(WORKFLOWS.glob("*.yml"))
CXONE = ("plan.yml", "apply.yml", "drift.yml")
HOOKS = ROOT / ".pre-commit-hooks.yaml"
GOOD = "name: acme\nbaseUri: https://api.usw2.niceincontact.com\n"
WRITES = {
    "plan.yml": {"pull-requests"},
    "apply.yml": {"pull-requests"},
    "drift.yml": {"issues"},
    "ci.yml": set(),
}


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


def test_dependabot_holds_githubs_schema_and_watches_the_lock_and_the_actions() -> None:
    file = ROOT / ".github" / "dependabot.yml"
    done = subprocess.run(
        [_program("check-jsonschema"), "--builtin-schema", "vendor.dependabot", str(file)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    watched = {update["package-ecosystem"]: update["directory"] for update in _read(file)["updates"]}
    assert watched == {"pip": "/.github/requirements", "github-actions": "/"}


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
    for job in workflow["jobs"].values():
        granted = dict(job["permissions"])
        assert granted.pop("contents") == "read"
        assert set(granted) <= WRITES[file.name]
        assert 0 < int(job["timeout-minutes"]) <= 60


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_action_is_pinned_and_no_token_is_left_behind(file: Path) -> None:
    used = re.findall(r"uses: (.+)", file.read_text(encoding="utf-8"))
    assert used
    for action in used:
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action), action
    for job in _read(file)["jobs"].values():
        for step in job["steps"]:
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] == "false"


def test_secrets_are_those_of_an_environment_and_only_where_cxone_is_enabled() -> None:
    holding = [(file, name, job) for file, name, job in _jobs() if "secrets." in str(job)]
    assert {(file, name) for file, name, _ in holding} == {
        ("plan.yml", "plan"),
        ("apply.yml", "plan"),
        ("apply.yml", "apply"),
        ("drift.yml", "drift"),
    }
    for file, name, job in holding:
        assert "vars.CXONE_ENABLED == 'true'" in job["if"], (file, name)
        environment = job["environment"]
        stage = environment if isinstance(environment, str) else environment["name"]
        writing = (file, name) == ("apply.yml", "apply")
        assert stage == f"cxone-{'apply' if writing else 'plan'}-${{{{ matrix.tenant }}}}"


def test_no_step_has_secrets_beside_a_token_or_text_of_others() -> None:
    for file, name, job in _jobs():
        for step in job["steps"]:
            given = str(step.get("env", {}))
            assert not ("secrets." in given and "github.token" in given), (file, name)
            assert "${{" not in step.get("run", ""), (file, name)
            assert not re.search(r"github\.event\.(?:pull_request\.(?:title|body|head\.ref)|head_commit)", str(step))


def test_the_hook_keeps_invalid_schedules_out_of_a_commit(tmp_path: Path) -> None:
    (hook,) = yaml.safe_load(HOOKS.read_text(encoding="utf-8"))
    assert hook["id"] == "validate"
    assert hook["pass_filenames"] is False
    campaign = (ROOT / "schedules" / "cam_003.yaml").read_text(encoding="utf-8")
    defaults = (ROOT / "schedules" / "defaults.yaml").read_text(encoding="utf-8")
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
