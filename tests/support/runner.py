"""Runs a workflow file as it stands: its jobs in the order of their needs, their `run:` steps with bash as GitHub does.

The actions that the workflows use have stand-ins here that do the same on this machine; any other action, expression or
key of a job fails the test. A step sees no environment but the one that a runner gives it. `python -m pip install` does
not reach the network: after the lock file, the checkout puts `reconciler` on the job's PATH, from the environment that
runs the tests.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.support.expressions import Open, as_text, condition, interpolate
from tests.support.github import REPOSITORY, GitHub

ROOT = Path(__file__).parent.parent.parent
WORKFLOWS = ROOT / ".github" / "workflows"

_JOB_KEYS = {
    "needs", "if", "strategy", "concurrency", "runs-on", "timeout-minutes", "permissions", "environment", "env",
    "outputs", "steps",
}  # fmt: skip
_STEP_KEYS = {"id", "name", "if", "env", "uses", "with", "run"}
_PYTHON = f"""#!/bin/sh
# The job's python: `-m pip install` of the lock, then of the checkout, makes the command appear; everything else is the
# tests' own python.
bin=${{0%/*}}
case "$*" in
  "-m pip install --quiet --require-hashes --requirement .github/requirements/run.txt")
    test -f .github/requirements/run.txt && touch "$bin/locked"; exit ;;
  "-m pip install --quiet --no-deps --no-build-isolation .")
    test -f "$bin/locked" && test "$PWD" = "$GITHUB_WORKSPACE" || {{ echo "not locked, or not the checkout" >&2; exit 1; }}
    printf '#!/bin/sh\\nexec {sys.executable} -P -m reconciler "$@"\\n' > "$bin/reconciler"
    chmod +x "$bin/reconciler"; exit ;;
  "-m pip "*) echo "another installation: $*" >&2; exit 1 ;;
esac
exec {sys.executable} "$@"
"""


@dataclass(frozen=True)
class Event:
    """What started a run. `fork`: a pull request from elsewhere, which gets neither secrets nor variables."""

    name: str
    sha: str
    ref: str
    payload: dict[str, Any] = field(default_factory=dict)
    inputs: dict[str, str] = field(default_factory=dict)
    fork: bool = False


@dataclass
class Job:
    """How one job (of a matrix: one of its jobs) went."""

    name: str
    result: str
    matrix: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)
    summary: str = ""
    log: str = ""
    secrets: tuple[str, ...] = ()
    concurrency: str = ""


@dataclass
class Run:
    """How a whole run went; `artifacts` holds a folder for each name."""

    jobs: list[Job]
    artifacts: Path

    def results(self) -> dict[str, list[str]]:
        """The results of the jobs by name."""
        found: dict[str, list[str]] = {}
        for job in self.jobs:
            found.setdefault(job.name, []).append(job.result)
        return found

    def job(self, name: str) -> Job:
        """The only job of that name."""
        (job,) = (job for job in self.jobs if job.name == name)
        return job

    def artifact(self, name: str) -> str:
        """The text of the only file in an artifact."""
        (file,) = (self.artifacts / name).iterdir()
        return file.read_text(encoding="utf-8")

    def artifact_names(self) -> list[str]:
        """The names of what was uploaded."""
        return sorted(path.name for path in self.artifacts.iterdir())


@dataclass
class Runner:
    """GitHub's runners for one repository. `environments` holds the secrets of each; `reached` is told their names."""

    origin: Path
    github: GitHub
    folder: Path
    variables: dict[str, str]
    environments: Mapping[str, Mapping[str, str]]
    reached: Callable[[str], object] = lambda _name: None
    count: int = 0

    def run(self, name: str, event: Event) -> Run:
        """One run of a workflow."""
        self.count += 1
        workflow = yaml.load((WORKFLOWS / name).read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
        assert event.name in workflow["on"], f"{name} does not listen to {event.name}"
        assert workflow["defaults"] == {"run": {"shell": "bash"}}
        run = Run([], self.folder / f"run-{self.count}" / "artifacts")
        run.artifacts.mkdir(parents=True)
        for job_name, job in workflow["jobs"].items():  # written in the order of their needs
            _Jobs(self, event, workflow, run).run(job_name, job)
        return run


@dataclass
class _Jobs:
    runner: Runner
    event: Event
    workflow: dict[str, Any]
    result: Run

    def run(self, name: str, job: dict[str, Any]) -> None:
        assert set(job) <= _JOB_KEYS, set(job) - _JOB_KEYS
        needs = [job["needs"]] if "needs" in job else []
        contexts = self._contexts(needs)
        functions = _status(all(contexts["needs"][name]["result"] == "success" for name in needs))
        if not condition(job.get("if", "success()"), contexts, functions):
            self.result.jobs.append(Job(name, "skipped"))
            return
        matrix = job.get("strategy", {}).get("matrix", {})
        assert set(matrix) <= {"tenant"}
        tenants = interpolate(matrix["tenant"], contexts, functions) if matrix else [None]
        assert tenants, "GitHub refuses an empty matrix"
        for tenant in tenants:
            selected = {} if tenant is None else {"tenant": tenant}
            self.result.jobs.append(self._one(name, job, {**contexts, "matrix": selected}))

    def _contexts(self, needs: list[str]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name in needs:
            jobs = [job for job in self.result.jobs if job.name == name]
            results = {job.result for job in jobs}
            worst = next(result for result in ("failure", "skipped", "success") if result in results)
            outputs = {key: value for job in jobs for key, value in job.outputs.items()}
            found[name] = {"result": worst, "outputs": Open(outputs)}
        event = self.event
        github = {
            "event": Open(_opened(event.payload)),
            "event_name": event.name,
            "ref": event.ref,
            "sha": event.sha,
            "repository": REPOSITORY,
            "run_attempt": "1",
        }
        variables = {} if event.fork else self.runner.variables
        return {"needs": found, "github": github, "vars": Open(variables), "inputs": Open(event.inputs)}

    def _one(self, name: str, job: dict[str, Any], contexts: dict[str, Any]) -> Job:
        number = len(self.result.jobs)
        ended = Job(name, "success", contexts["matrix"])
        runs_in = _JobRun(self, job, contexts, self.result.artifacts.parent / f"job-{number}-{name}", ended)
        runs_in.all_steps()
        return ended


class _JobRun:
    """One job on one fresh machine."""

    def __init__(self, jobs: _Jobs, job: dict[str, Any], contexts: dict[str, Any], folder: Path, ended: Job) -> None:
        self._jobs, self._job, self._ended, self._folder = jobs, job, ended, folder
        self._event = jobs.event
        self._workspace = folder / "work"
        for made in (self._workspace, folder / "bin", folder / "home", folder / "temp"):
            made.mkdir(parents=True)
        self._install("python3")  # every runner has one; `python` comes with setup-python
        permissions = job["permissions"]
        assert permissions["contents"] == "read"
        if self._event.fork:
            permissions = dict.fromkeys(permissions, "read")
        github = {**contexts["github"], "token": jobs.runner.github.token(permissions)}
        self._steps: dict[str, Any] = {}
        self._contexts = {**contexts, "github": github, "steps": self._steps, "secrets": Open()}
        self._enter_environment()
        concurrency = job.get("concurrency", {})
        ended.concurrency = interpolate(concurrency.get("group", ""), self._contexts, {})

    def _enter_environment(self) -> None:
        given = self._job.get("environment")
        if given is None:
            return
        name = interpolate(given if isinstance(given, str) else given["name"], self._contexts, {})
        self._jobs.runner.reached(name)
        secrets = {} if self._event.fork else self._jobs.runner.environments.get(name, {})
        self._ended.secrets = tuple(sorted(secrets))
        self._contexts["secrets"] = Open(secrets)

    def all_steps(self) -> None:
        for number, step in enumerate(self._job["steps"]):
            assert set(step) <= _STEP_KEYS, set(step) - _STEP_KEYS
            functions = _status(self._ended.result == "success")
            outcome, outputs = "skipped", dict[str, str]()
            if condition(step.get("if", "success()"), self._contexts, functions):
                outcome, outputs = self._step(number, step, functions)
                if outcome == "failure":
                    self._ended.result = "failure"
            if "id" in step:
                self._steps[step["id"]] = {"outcome": outcome, "outputs": Open(outputs)}
        functions = _status(self._ended.result == "success")
        self._ended.outputs = {
            name: as_text(interpolate(text, self._contexts, functions))
            for name, text in self._job.get("outputs", {}).items()
        }

    def _step(self, number: int, step: dict[str, Any], functions: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
        if "run" in step:
            return self._bash(number, step, functions)
        given = {
            key: as_text(interpolate(text, self._contexts, functions)) for key, text in step.get("with", {}).items()
        }
        action = step["uses"].partition("@")[0]
        worked = _ACTIONS[action](self, given)
        return ("success" if worked else "failure"), {}

    def _bash(self, number: int, step: dict[str, Any], functions: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
        assert "${{" not in step["run"], "an expression in a shell line is put there unquoted"
        files = {name: self._folder / f"{name}-{number}" for name in ("OUTPUT", "STEP_SUMMARY", "ENV", "PATH")}
        for file in files.values():
            file.touch()
        script = self._folder / f"step-{number}.sh"
        script.write_text(step["run"], encoding="utf-8")
        environment = self._environment(step, functions)
        environment |= {f"GITHUB_{name}": str(file) for name, file in files.items()}
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=self._workspace,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        self._ended.log += done.stdout.decode("utf-8")
        self._ended.summary += files["STEP_SUMMARY"].read_text(encoding="utf-8")
        assert not files["ENV"].read_text() + files["PATH"].read_text(), "not used, so not stood in for"
        pairs = [line.split("=", 1) for line in files["OUTPUT"].read_text(encoding="utf-8").splitlines()]
        return ("success" if done.returncode == 0 else "failure"), dict(pairs)

    def _environment(self, step: dict[str, Any], functions: Mapping[str, Any]) -> dict[str, str]:
        event_file = self._folder / "event.json"
        event_file.write_text(json.dumps(self._event.payload), encoding="utf-8")
        environment = {
            "PATH": f"{self._folder / 'bin'}:{os.environ['PATH']}",
            "HOME": str(self._folder / "home"),
            "RUNNER_TEMP": str(self._folder / "temp"),
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTOR": "octocat",
            "GITHUB_API_URL": self._jobs.runner.github.url,
            "GITHUB_EVENT_NAME": self._event.name,
            "GITHUB_EVENT_PATH": str(event_file),
            "GITHUB_REF": self._event.ref,
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_RUN_ID": str(self._jobs.runner.count),
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_SHA": self._event.sha,
            "GITHUB_WORKSPACE": str(self._workspace),
        }
        for level in (self._jobs.workflow, self._job, step):
            for name, text in level.get("env", {}).items():
                environment[name] = as_text(interpolate(text, self._contexts, functions))
        return environment

    # The stand-ins for actions; each says whether it worked.

    def checkout(self, given: dict[str, str]) -> bool:
        assert given.pop("persist-credentials") == "false"
        depth = int(given.pop("fetch-depth", "1"))
        assert not given, given
        source = f"file://{self._jobs.runner.origin}"
        git(self._workspace, "init", "--quiet")
        git(self._workspace, "remote", "add", "origin", source)
        if depth:
            git(
                self._workspace,
                "fetch",
                "--quiet",
                "--no-tags",
                f"--depth={depth}",
                "origin",
                self._event.sha,
            )
        else:
            git(self._workspace, "fetch", "--quiet", "origin", "+refs/heads/*:refs/remotes/origin/*")
        git(self._workspace, "checkout", "--quiet", "--detach", self._event.sha)
        return True

    def setup_python(self, given: dict[str, str]) -> bool:
        assert set(given) == {"python-version"}, given
        self._install("python")
        return True

    def _install(self, name: str) -> None:
        program = self._folder / "bin" / name
        program.write_text(_PYTHON, encoding="utf-8")
        program.chmod(0o755)

    def upload(self, given: dict[str, str]) -> bool:
        overwrite = given.pop("overwrite", "false") == "true"
        file, place = self._workspace / given.pop("path"), self._jobs.result.artifacts / given.pop("name")
        assert not given, given
        assert overwrite or not place.exists(), "an artifact of that name is there"
        if file.exists():  # else a warning, as for the real action
            place.mkdir(exist_ok=True)
            shutil.copy(file, place)
        return True

    def download(self, given: dict[str, str]) -> bool:
        place = self._workspace / given.pop("path", ".")
        store = self._jobs.result.artifacts
        if "pattern" in given:
            for artifact in store.glob(given.pop("pattern")):
                shutil.copytree(artifact, place / artifact.name)
            assert not given, given
            return True
        source = store / given.pop("name")
        assert not given, given
        if not source.exists():
            return False
        shutil.copytree(source, place, dirs_exist_ok=True)
        return True


_ACTIONS: dict[str, Callable[[_JobRun, dict[str, str]], bool]] = {
    "actions/checkout": _JobRun.checkout,
    "actions/setup-python": _JobRun.setup_python,
    "actions/upload-artifact": _JobRun.upload,
    "actions/download-artifact": _JobRun.download,
}


def _opened(value: Any) -> Any:
    """An event's payload, in which everything may be missing."""
    if not isinstance(value, dict):
        return value
    return Open({key: _opened(item) for key, item in value.items()})


def _status(going_well: bool) -> dict[str, Callable[[], bool]]:
    return {
        "success": lambda: going_well,
        "failure": lambda: not going_well,
        "always": lambda: True,
        "cancelled": lambda: False,
    }


def git(folder: Path, *arguments: str) -> str:
    """What git prints, with a configuration of its own."""
    names = [f"GIT_{who}_{what}" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")]
    environment = {
        "PATH": os.environ["PATH"],
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        **dict.fromkeys(names, "ops@example.com"),
    }
    done = subprocess.run(["git", *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"git {' '.join(arguments)}: {done.stderr}"
    return done.stdout.strip()
