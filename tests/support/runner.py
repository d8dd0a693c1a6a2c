"""GitHub's runners: workflow files run as they stand, several runs at a time, job by job.

A run goes on until each of its jobs has ended, waits for a lock that another job holds, waits for an approval, or is held
by the test; so a test decides how runs interleave. As at GitHub a job first takes its turn in the queue of its concurrency
group, then waits for the reviewers of its environment, and then gets a fresh machine.

The `run:` steps run with bash as GitHub runs them. The actions that the workflows use have stand-ins here that do the same
on this machine; any other action, expression or key of a job fails the test. A step sees no environment but the one that a
runner gives it. `python -m pip install` does not reach the network: after the lock file, the program's own folder puts
`reconciler` on the job's PATH, the one of the environment that runs the tests, loaded once (`forked.py`).

The composite actions of this repository run as they stand too, whichever repository uses them.
"""

from __future__ import annotations

import fnmatch
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.support.expressions import Open, as_text, condition, interpolate
from tests.support.github import REPOSITORY, GitHub

ROOT = Path(__file__).parent.parent.parent
WORKFLOWS = ROOT / ".github" / "workflows"

_JOB_KEYS = {
    "name", "needs", "if", "strategy", "concurrency", "runs-on", "timeout-minutes", "permissions", "environment", "env",
    "outputs", "steps",
}  # fmt: skip
_CALL_KEYS = {"name", "needs", "if", "strategy", "concurrency", "permissions", "uses", "with", "secrets"}
_STEP_KEYS = {"id", "name", "if", "env", "uses", "with", "run", "shell", "continue-on-error"}
_OWN_ACTION = re.compile(r"(?:\$|OWNER/REPO)/\.github/actions/([a-z]+)")
_LEVELS = {"none": 0, "read": 1, "write": 2}
_PYTHON = f"""#!/bin/sh
# The job's python: `-m pip install` of the lock, then of the checkout, makes the command appear; everything else is the
# tests' own python.
bin=${{0%/*}}
case "$*" in
  "-m pip install --quiet --require-hashes --requirement .github/requirements/run.txt")
    test -f .github/requirements/run.txt && touch "$bin/locked"; exit ;;
  "-m pip install --quiet --no-deps --no-build-isolation .")
    test -f "$bin/locked" && test -d reconciler || {{ echo "not locked, or not the program's revision" >&2; exit 1; }}
    ln -s PROGRAM "$bin/reconciler"; exit ;;
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
    actor: str = "octocat"


@dataclass
class Job:
    """How one job (of a matrix: one of its jobs) went: `name` is its key in the file, `title` what GitHub shows."""

    name: str
    title: str
    result: str = ""
    outputs: dict[str, str] = field(default_factory=dict)
    summary: str = ""
    log: str = ""
    secrets: tuple[str, ...] = ()
    concurrency: str = ""


@dataclass
class Run:
    """How a whole run goes; `artifacts` holds a folder for each name, `waiting` the environments that ask their reviewers."""

    number: int
    file: str
    event: Event
    artifacts: Path
    title: str = ""
    attempt: int = 1
    jobs: list[Job] = field(default_factory=list)
    waiting: set[str] = field(default_factory=set)
    verdicts: dict[str, bool] = field(default_factory=dict)

    def results(self) -> dict[str, list[str]]:
        """The results of the jobs by name, those that called another workflow left out."""
        results: dict[str, list[str]] = {}
        for job in self.jobs:
            results.setdefault(job.name, []).append(job.result)
        return results

    def result(self, name: str) -> str:
        """The result of the only job of that name."""
        return self.job(name).result

    def job(self, name: str) -> Job:
        """The only job of that name."""
        (job,) = (job for job in self.jobs if job.name == name)
        return job

    @property
    def ended(self) -> bool:
        """Whether every job that there is has ended, and none waits."""
        return bool(self.jobs) and not self.waiting and all(job.result for job in self.jobs)

    @property
    def green(self) -> bool:
        """Whether it ended well."""
        return self.ended and all(job.result in ("success", "skipped") for job in self.jobs)

    def artifact(self, name: str, file: str | None = None) -> str:
        """The text of the only file in an artifact, or of the one that is named."""
        files = sorted((self.artifacts / name).iterdir())
        (path,) = [path for path in files if file in (None, path.name)]
        return path.read_text(encoding="utf-8")

    def artifact_names(self) -> list[str]:
        """The names of what was uploaded."""
        return sorted(path.name for path in self.artifacts.iterdir())


@dataclass
class Runner:
    """GitHub's runners for one repository.

    `program` is what becomes `reconciler` when it is installed. `secrets` holds those of each environment. Reviewers that
    are asked answer by `reviewer`, who approves; None means that the test answers. `reached` hears the name of every environment that a job enters. `held` are titles of jobs that do not
    begin yet. `loses` says after which step (by title of the job and id) a machine is lost.
    """

    origin: Path
    github: GitHub
    folder: Path
    program: Path
    variables: dict[str, str]
    secrets: dict[str, Mapping[str, str]]
    reviewer: str | None = "carol"
    reached: Callable[[str], object] = lambda _name: None
    held: set[str] = field(default_factory=set)
    loses: Callable[[str, str], bool] = lambda _title, _step: False
    runs: list[Run] = field(default_factory=list)
    _calls: dict[int, _Call] = field(default_factory=dict)
    _queues: dict[str, list[_Node]] = field(default_factory=dict)

    def start(self, file: str, event: Event) -> Run:
        """Begin a run of a workflow, and go on with it as far as it comes."""
        number = len(self.runs) + 1
        run = Run(number, file, event, self.folder / f"run-{number}" / "artifacts")
        run.artifacts.mkdir(parents=True)
        self.runs.append(run)
        self._begin(run)
        return run

    def again(self, run: Run) -> None:
        """Somebody presses "Re-run all jobs" of a run."""
        assert run.ended
        run.attempt += 1
        run.jobs, run.verdicts = [], {}
        self._begin(run)

    def approve(self, run: Run, environment: str, who: str = "carol") -> None:
        """A reviewer lets the jobs of a run that wait for an environment go on."""
        self._answer(run, environment, who, approved=True)

    def reject(self, run: Run, environment: str, who: str = "carol") -> None:
        """A reviewer says no."""
        self._answer(run, environment, who, approved=False)

    def advance(self) -> None:
        """Go on with all runs, as far as they come, the oldest first."""
        while self._advanced():
            pass
        for run in self.runs:
            self.show(run)

    def _advanced(self) -> bool:
        """Give every run a turn; whether anything has changed."""
        return any([call.advance() for call in list(self._calls.values())])  # noqa: C419 - each one gets its turn

    def _begin(self, run: Run) -> None:
        workflow = _read(run.file)
        assert run.event.name in workflow["on"], f"{run.file} does not listen to {run.event.name}"
        call = _Call(self, run, run.file, {**dict.fromkeys(_inputs(workflow)), **run.event.inputs}, None, "", None)
        run.title = as_text(interpolate(workflow.get("run-name", ""), call.contexts([]), {}))
        self._calls[run.number] = call
        self.show(run)
        self.advance()

    def _answer(self, run: Run, environment: str, who: str, *, approved: bool) -> None:
        assert environment in run.waiting, f"nobody was asked for {environment}, only for {run.waiting}"
        self.github.answer_reviewers(run.number, environment, who, "approved" if approved else "rejected")
        run.waiting.discard(environment)
        run.verdicts[environment] = approved
        self.advance()

    def show(self, run: Run) -> None:
        """Let GitHub know of the run."""
        status = "waiting" if run.waiting else "completed" if run.ended else "in_progress"
        results = {job.result for job in run.jobs}
        conclusion = next((word for word in ("failure", "success", "skipped") if word in results), None)
        self.github.runs[run.number] = {
            "id": run.number,
            "run_number": run.number,
            "workflow_id": run.file,
            "head_sha": run.event.sha,
            "head_branch": run.event.ref.removeprefix("refs/heads/"),
            "event": run.event.name,
            "status": status,
            "conclusion": conclusion if status == "completed" else None,
            "html_url": f"{self.github.url}/{REPOSITORY}/actions/runs/{run.number}",
        }
        self.github.artifacts[run.number] = run.artifact_names()
        self.github.logs[run.number] = {job.title: job.log for job in run.jobs}

    # The queues of concurrency groups, in the order in which jobs came to them.

    def holds(self, group: str, node: _Node) -> bool:
        """Whether it is a job's turn in a group; it joins the queue when it asks first."""
        queue = self._queues.setdefault(group, [])
        if node not in queue:
            queue.append(node)
        return queue[0] is node

    def release(self, group: str, node: _Node) -> None:
        """A job has ended."""
        self._queues[group].remove(node)


class _Call:
    """One workflow file in a run: the run's own, or one that a job calls."""

    def __init__(
        self,
        runner: Runner,
        run: Run,
        file: str,
        inputs: Mapping[str, Any],
        passed: set[str] | None,
        prefix: str,
        granted: Mapping[str, str] | None,
    ) -> None:
        self.runner, self.run, self.workflow = runner, run, _read(file)
        self.inputs, self.passed, self.prefix, self.granted = inputs, passed, prefix, granted
        assert self.workflow["permissions"] == {}, "permissions are given by jobs only"
        has_scripts = any("run" in step for job in self.workflow["jobs"].values() for step in job.get("steps", ()))
        assert not has_scripts or self.workflow["defaults"] == {"run": {"shell": "bash"}}
        self.nodes: dict[str, list[_Node]] = {}

    def advance(self) -> bool:
        """Go on; whether anything has changed."""
        changed = False
        for name, job in self.workflow["jobs"].items():
            if name not in self.nodes and all(self._ended(needed) for needed in _needs(job)):
                self.nodes[name] = list(self._expanded(name, job))
                changed = True
            for node in self.nodes.get(name, ()):
                changed = node.advance() or changed
        return changed

    @property
    def ended(self) -> bool:
        return all(self._ended(name) for name in self.workflow["jobs"])

    @property
    def result(self) -> str:
        return _worst(node.ended.result for nodes in self.nodes.values() for node in nodes)

    def outputs(self) -> dict[str, str]:
        """What the called workflow hands to its caller."""
        jobs = {name: {"outputs": Open(self._outputs(name))} for name in self.workflow["jobs"]}
        declared = self.workflow["on"]["workflow_call"].get("outputs", {})
        return {name: as_text(interpolate(output["value"], {"jobs": jobs}, {})) for name, output in declared.items()}

    def contexts(self, needs: Sequence[str]) -> dict[str, Any]:
        event = self.run.event
        payload = {"repository": {"default_branch": "main"}, **event.payload}
        github = {
            "event": _opened(payload),
            "event_name": event.name,
            "ref": event.ref,
            "ref_name": event.ref.removeprefix("refs/heads/").removeprefix("refs/"),
            "sha": event.sha,
            "repository": REPOSITORY,
            "actor": event.actor,
        }
        variables = {} if event.fork else self.runner.variables
        needed = {name: {"result": self._result(name), "outputs": Open(self._outputs(name))} for name in needs}
        return {"needs": needed, "github": github, "vars": Open(variables), "inputs": Open(self.inputs)}

    def _ended(self, name: str) -> bool:
        return name in self.nodes and all(node.ended.result for node in self.nodes[name])

    def _result(self, name: str) -> str:
        return _worst(node.ended.result for node in self.nodes[name])

    def _outputs(self, name: str) -> dict[str, str]:
        return {key: value for node in self.nodes[name] for key, value in node.ended.outputs.items()}

    def _expanded(self, name: str, job: dict[str, Any]) -> Iterator[_Node]:
        keys = _CALL_KEYS if "uses" in job else _JOB_KEYS
        assert set(job) <= keys, set(job) - keys
        contexts = self.contexts(_needs(job))
        functions = _status(all(self._result(earlier) == "success" for earlier in self._all_before(name)))
        if not condition(job.get("if", "success()"), contexts, functions):
            yield _Node(self, name, job, {**contexts, "matrix": Open()}, skipped=True)
            return
        matrix = job.get("strategy", {}).get("matrix", {})
        assert set(matrix) <= {"tenant"}
        tenants = interpolate(matrix["tenant"], contexts, functions) if matrix else [None]
        assert tenants, "GitHub refuses an empty matrix"
        for tenant in tenants:
            selected = {} if tenant is None else {"tenant": tenant}
            yield _Node(self, name, job, {**contexts, "matrix": selected})

    def _all_before(self, name: str) -> set[str]:
        """The jobs that a job needs, and those that they need: `success()` asks for all of them."""
        direct = _needs(self.workflow["jobs"][name])
        return {*direct, *(earlier for needed in direct for earlier in self._all_before(needed))}


class _Node:
    """One job of a run (of a matrix: one of its jobs), from when its needs have ended."""

    def __init__(
        self, call: _Call, name: str, job: dict[str, Any], contexts: dict[str, Any], *, skipped: bool = False
    ) -> None:
        self._call, self._job, self._contexts = call, job, contexts
        self._runner, self._run = call.runner, call.run
        tenant = contexts["matrix"].get("tenant")
        shown = as_text(interpolate(job["name"], contexts, {})) if "name" in job and not skipped else name
        title = f"{call.prefix}{shown}" + (f" ({tenant})" if tenant is not None and "name" not in job else "")
        self.ended = Job(name, title, "skipped" if skipped else "")
        self._called: _Call | None = None
        self._busy = False  # while it runs a test may begin another run
        self._group = ""
        if not skipped:
            self._group = as_text(interpolate(job.get("concurrency", {}).get("group", ""), contexts, {}))
            assert not self._group or job["concurrency"]["queue"] == "max", "GitHub would cancel what waits"
            self.ended.concurrency = self._group
            self._check_permissions()
        if "uses" not in job:
            self._run.jobs.append(self.ended)

    def advance(self) -> bool:
        """Go on; whether anything has changed."""
        if self.ended.result or self._busy or self.ended.title in self._runner.held:
            return False
        if self._group and not self._runner.holds(self._group, self):
            return False
        if "uses" in self._job:
            return self._call_workflow()
        environment = self._environment()
        if environment is not None and self._runner.github.asks_reviewers(environment):
            verdict = self._verdict(environment)
            if verdict is None:
                return False
            if not verdict:
                self._finish("failure")
                return True
        self._busy = True
        if environment is not None:
            self._runner.reached(environment)
        machine = _Machine(self._call, self._job, self._contexts, self.ended, environment)
        self._finish(machine.all_steps())
        return True

    def _finish(self, result: str) -> None:
        self.ended.result = result
        self._runner.show(self._run)
        if self._group:
            self._runner.release(self._group, self)

    def _environment(self) -> str | None:
        declared = self._job.get("environment")
        if declared is None:
            return None
        name = interpolate(declared if isinstance(declared, str) else declared["name"], self._contexts, {})
        self._runner.github.environments.setdefault(name, [])  # GitHub makes one that is not there, without any rule
        return str(name)

    def _verdict(self, environment: str) -> bool | None:
        if environment not in self._run.verdicts:
            self._run.waiting.add(environment)
            if self._runner.reviewer is None:
                return None
            self._runner.github.answer_reviewers(self._run.number, environment, self._runner.reviewer, "approved")
            self._run.waiting.discard(environment)
            self._run.verdicts[environment] = True
        return self._run.verdicts[environment]

    def _call_workflow(self) -> bool:
        if self._called is None:
            file = self._job["uses"].removeprefix("$/.github/workflows/")
            declared = _read(file)["on"]["workflow_call"]
            passed = {key: as_text(interpolate(text, self._contexts, {})) for key, text in self._job["with"].items()}
            required = {key for key, value in declared["inputs"].items() if value.get("required") == "true"}
            assert required <= set(passed) <= set(declared["inputs"]), passed
            assert set(self._job["secrets"]) == set(declared["secrets"])
            inputs = {key: value.get("default", "") for key, value in declared["inputs"].items()} | passed
            secrets = set(self._job["secrets"]) & (self._call.passed or set(self._job["secrets"]))
            prefix = f"{self.ended.title} / "
            self._called = _Call(self._runner, self._run, file, inputs, secrets, prefix, self._job["permissions"])
        changed = self._called.advance()
        if self._called.ended:
            self.ended.outputs = self._called.outputs()
            self._finish(self._called.result)
            return True
        return changed

    def _check_permissions(self) -> None:
        """A called workflow gets no more than its caller has."""
        for name, level in self._job["permissions"].items():
            if self._call.granted is not None:
                assert _LEVELS[level] <= _LEVELS[self._call.granted.get(name, "none")], f"{self.ended.title}: {name}"


class _Machine:
    """One job on one fresh machine."""

    def __init__(
        self, call: _Call, job: dict[str, Any], contexts: dict[str, Any], ended: Job, environment: str | None
    ) -> None:
        self._call, self._job, self._ended = call, job, ended
        self._event, self._runner, self._run = call.run.event, call.runner, call.run
        self._folder = self._run.artifacts.parent / f"job-{self._run.attempt}-{len(self._run.jobs)}-{ended.name}"
        for number in range(100):
            if not self._folder.exists():
                break
            self._folder = self._folder.with_name(f"{self._folder.name}-{number}")
        self._workspace = self._folder / "work"
        for made in (self._workspace, self._folder / "bin", self._folder / "home", self._folder / "temp"):
            made.mkdir(parents=True)
        self._install("python3")  # every runner has one; `python` comes with setup-python
        permissions = dict(job["permissions"])
        if self._event.fork or self._event.actor == "dependabot[bot]":
            permissions = dict.fromkeys(permissions, "read")
        github = {**contexts["github"], "token": self._runner.github.token(permissions)}
        self._steps: dict[str, Any] = {}
        self._step_env: dict[str, str] = {}
        self._numbers = itertools.count()
        secrets = self._secrets_of(environment)
        ended.secrets = tuple(sorted(secrets))
        self._masked = [value for value in secrets.values() if value]
        self._contexts = {**contexts, "github": github, "steps": self._steps, "secrets": Open(secrets)}

    def _secrets_of(self, environment: str | None) -> dict[str, str]:
        """An environment's secrets; in a called workflow only those whose names its callers pass."""
        if environment is None or self._event.fork or self._event.actor == "dependabot[bot]":
            return {}
        secrets = self._runner.secrets.get(environment, {})
        return {
            name: value for name, value in secrets.items() if self._call.passed is None or name in self._call.passed
        }

    def all_steps(self) -> str:
        """The result of the job."""
        going_well = self._run_steps(self._job["steps"])
        if going_well is None:
            return "failure"
        functions = _status(going_well)
        self._ended.outputs = {
            name: as_text(interpolate(text, self._contexts, functions))
            for name, text in self._job.get("outputs", {}).items()
        }
        return "success" if going_well else "failure"

    def _run_steps(self, steps: Sequence[dict[str, Any]]) -> bool | None:
        """Whether all steps went well; None where the machine was lost."""
        going_well = True
        for step in steps:
            number = next(self._numbers)
            assert set(step) <= _STEP_KEYS, set(step) - _STEP_KEYS
            functions = _status(going_well)
            outcome, outputs = "skipped", dict[str, str]()
            if condition(step.get("if", "success()"), self._contexts, functions):
                outcome, outputs = self._step(number, step, functions)
                going_well = going_well and (outcome == "success" or "continue-on-error" in step)
            if "id" in step:
                self._steps[step["id"]] = {"outcome": outcome, "outputs": Open(outputs)}
            if self._runner.loses(self._ended.title, step.get("id", "")):
                return None
        return going_well

    def _step(self, number: int, step: dict[str, Any], functions: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
        if "run" in step:
            return self._bash(number, step, functions)
        inputs = {
            key: as_text(interpolate(text, self._contexts, functions)) for key, text in step.get("with", {}).items()
        }
        action = step["uses"].partition("@")[0]
        if match := _OWN_ACTION.fullmatch(action):
            return self._composite(match[1], inputs, step, functions)
        worked = _ACTIONS[action](self, inputs)
        page = f"{self._runner.github.url}/{REPOSITORY}/actions/runs/{self._run.number}/artifacts/{inputs.get('name')}"
        return ("success" if worked else "failure"), {"artifact-url": page} if action.endswith(
            "/upload-artifact"
        ) else {}

    def _composite(
        self, name: str, given: dict[str, str], step: dict[str, Any], functions: Mapping[str, Any]
    ) -> tuple[str, dict[str, str]]:
        """An action of this repository: its steps see its inputs and their own outputs, and the environment of the step that
        uses it; no secrets but by that."""
        folder = ROOT / ".github" / "actions" / name
        action = yaml.load((folder / "action.yml").read_text("utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - plain data
        declared = action.get("inputs", {})
        assert set(given) <= set(declared), set(given) - set(declared)
        inputs = {key: value.get("default", "") for key, value in declared.items()} | given
        outer, outer_steps, outer_env = self._contexts, self._steps, self._step_env
        levels = (step,) if outer_env else (self._call.workflow, self._job, step)
        env = {key: text for level in levels for key, text in level.get("env", {}).items()}
        evaluated = {key: as_text(interpolate(text, outer, functions)) for key, text in env.items()}
        self._step_env = {**outer_env, **evaluated, "GITHUB_ACTION_PATH": str(folder)}
        self._steps = {}
        self._contexts = {**outer, "inputs": Open(inputs), "steps": self._steps, "secrets": Open({})}
        try:
            going_well = self._run_steps(action["runs"]["steps"])
            if going_well is None:
                return "failure", {}
            outputs = {
                key: as_text(interpolate(output["value"], self._contexts, functions))
                for key, output in action.get("outputs", {}).items()
            }
        finally:
            self._contexts, self._steps, self._step_env = outer, outer_steps, outer_env
        return ("success" if going_well else "failure"), outputs

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
        log = done.stdout.decode("utf-8")
        for secret in self._masked:
            log = log.replace(secret, "***")
        self._ended.log += log
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
            "GITHUB_ACTOR": self._event.actor,
            "GITHUB_API_URL": self._runner.github.api,
            "GITHUB_EVENT_NAME": self._event.name,
            "GITHUB_EVENT_PATH": str(event_file),
            "GITHUB_REF": self._event.ref,
            "GITHUB_REF_NAME": self._event.ref.removeprefix("refs/heads/").removeprefix("refs/"),
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_RUN_ATTEMPT": str(self._run.attempt),
            "GITHUB_RUN_ID": str(self._run.number),
            "GITHUB_SERVER_URL": self._runner.github.url,
            "GITHUB_SHA": self._event.sha,
            "GITHUB_WORKSPACE": str(self._workspace),
        }
        environment |= self._step_env
        for level in (step,) if self._step_env else (self._call.workflow, self._job, step):
            for name, text in level.get("env", {}).items():
                environment[name] = as_text(interpolate(text, self._contexts, functions))
        return environment

    # The stand-ins for actions; each says whether it worked.

    def checkout(self, inputs: dict[str, str]) -> bool:
        assert inputs.pop("persist-credentials") == "false"
        depth = int(inputs.pop("fetch-depth", "1"))
        assert not inputs, inputs
        source = f"file://{self._runner.origin}"
        git(self._workspace, "init", "--quiet")
        if depth:
            git(self._workspace, "fetch", "--quiet", "--no-tags", f"--depth={depth}", source, self._event.sha)
        else:
            heads = "+refs/heads/*:refs/remotes/origin/*"
            git(self._workspace, "fetch", "--quiet", source, heads, self._event.sha)
        git(self._workspace, "remote", "add", "origin", f"{self._runner.github.url}/{REPOSITORY}")
        git(self._workspace, "checkout", "--quiet", "--detach", self._event.sha)
        return True

    def setup_python(self, inputs: dict[str, str]) -> bool:
        assert set(inputs) == {"python-version"}, inputs
        self._install("python")
        return True

    def _install(self, name: str) -> None:
        program = self._folder / "bin" / name
        program.write_text(_PYTHON.replace("PROGRAM", str(self._runner.program)), encoding="utf-8")
        program.chmod(0o755)

    def upload(self, inputs: dict[str, str]) -> bool:
        """As the real action: without an archive the file's own name counts."""
        assert inputs.pop("overwrite") == "true", "a run can be run again"
        single = inputs.pop("archive", "true") == "false"
        name, files = inputs.pop("name"), sorted(self._workspace.glob(inputs.pop("path")))
        assert not inputs, inputs
        assert not single or all(file.name == name for file in files)
        if files:  # else a warning, as for the real action
            place = self._run.artifacts / name
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir()
            for file in files:
                shutil.copy(file, place)
        self._runner.github.artifacts[self._run.number] = self._run.artifact_names()
        return True

    def download(self, inputs: dict[str, str]) -> bool:
        place, store = self._workspace / inputs.pop("path", "."), self._run.artifacts
        if "pattern" in inputs:
            assert inputs.pop("merge-multiple") == "true"
            patterns = _alternatives(inputs.pop("pattern"))
            assert not inputs, inputs
            for artifact in store.iterdir():
                if any(fnmatch.fnmatchcase(artifact.name, pattern) for pattern in patterns):
                    shutil.copytree(artifact, place, dirs_exist_ok=True)
            return True
        source = store / inputs.pop("name")
        assert not inputs, inputs
        if not source.exists():
            return False
        shutil.copytree(source, place, dirs_exist_ok=True)
        return True


_ACTIONS: dict[str, Callable[[_Machine, dict[str, str]], bool]] = {
    "actions/checkout": _Machine.checkout,
    "actions/setup-python": _Machine.setup_python,
    "actions/upload-artifact": _Machine.upload,
    "actions/download-artifact": _Machine.download,
}


def _read(file: str) -> dict[str, Any]:
    workflow = yaml.load((WORKFLOWS / file).read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - plain data
    assert isinstance(workflow, dict)
    return workflow


def _inputs(workflow: dict[str, Any]) -> list[str]:
    dispatched = workflow["on"].get("workflow_dispatch") if isinstance(workflow["on"], dict) else None
    return list((dispatched or {}).get("inputs", {}))


def _needs(job: dict[str, Any]) -> list[str]:
    needs = job.get("needs", [])
    return [needs] if isinstance(needs, str) else list(needs)


def _worst(results: Iterator[str]) -> str:
    found = set(results)
    return next(result for result in ("failure", "cancelled", "success", "skipped") if result in found)


def _alternatives(pattern: str) -> list[str]:
    if pattern.startswith("{") and pattern.endswith("}"):
        return pattern[1:-1].split(",")
    return [pattern]


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
