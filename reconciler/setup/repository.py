"""What `doctor --github` looks at: whether the repository's settings on GitHub hold what the workflows rely on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from .. import sources
from ..errors import GitHubError, ReconcilerError, UsageError
from ..github import GitHub, Job
from ..github.approval import BY_MERGE
from ..phrases import listing
from ..pipeline.check import list_tenants
from ..pipeline.tenants import Options
from ..sources.git import GitFailedError, run_git
from .doctor import OK, SKIPPED, UNSURE, WRONG, Check

REQUIRED_CHECK = "cxone"
_API = "https://api.github.com"
_ORIGIN = re.compile(r"(?:https://|ssh://git@|git@)github\.com[:/]([\w.-]+/[\w.-]+?)(?:\.git)?/?")


def examine_github(options: Options) -> tuple[Check, ...]:
    """The checks of the repository's settings; UsageError where it is not known which repository, or there is no token."""
    github = GitHub(_job(options))
    try:
        repository = github.get("")
        branch = str(repository["default_branch"])
        approval = _variable(github, "CXONE_APPROVAL")
    except (GitHubError, KeyError, TypeError) as error:
        message = error.message if isinstance(error, GitHubError) else "GitHub's answer is not that of a repository"
        return (Check("github", WRONG, message, "check GITHUB_REPOSITORY, and what GITHUB_TOKEN may read"),)
    return (
        _enabled(_variable(github, "CXONE_ENABLED")),
        *(check for name in list_tenants(options)[0] for check in _environments(github, name, branch, approval)),
        *_branch(github, branch),
    )


def _job(options: Options) -> Job:
    """Where and as whom to ask: by the variables of a job, else by the origin of the checkout."""
    environ = options.environ
    token = environ.get("GITHUB_TOKEN") or environ.get("GH_TOKEN") or ""
    repository = environ.get("GITHUB_REPOSITORY") or _origin(options.path)
    if not token or not repository:
        missing = "GITHUB_TOKEN" if repository else "GITHUB_REPOSITORY (owner/name)"
        raise UsageError(
            f"--github needs {missing}",
            hint="set GITHUB_TOKEN to a token that may read the repository's settings, such as `gh auth token` prints",
        )
    api = environ.get("GITHUB_API_URL", _API).rstrip("/")
    return Job(api, "", repository, token, run_id="", attempt="", sha="", branch="", actor="", event_name="", event={})


def _origin(path: str) -> str:
    """`owner/name` of a checkout from github.com, empty for any other."""
    try:
        origin = run_git(sources.state_of(path).root, "remote", "get-url", "origin").decode("utf-8", "replace").strip()
    except GitFailedError:
        return ""
    match = _ORIGIN.fullmatch(origin)
    return match[1] if match else ""


def _variable(github: GitHub, name: str) -> str | None:
    """A variable of the repository, empty where it is not set, None where the token may not read it."""
    try:
        variable = github.maybe(f"actions/variables/{name}")
    except GitHubError:
        return None
    return str(variable.get("value", "")) if isinstance(variable, dict) else ""


def _enabled(value: str | None) -> Check:
    name = "github variable CXONE_ENABLED"
    if value is None:
        return Check(name, UNSURE, "this token may not read variables", "look whether it is true")
    if value != "true":
        advice = "set it to true, and the workflows plan and apply"
        return Check(name, WRONG, "it is not true, so the workflows only validate", advice)
    return Check(name, OK, "true")


def _environments(github: GitHub, tenant: str, branch: str, approval: str | None) -> Iterator[Check]:
    for kind in ("plan", "approve", "apply"):
        environment = f"cxone-{kind}-{tenant}"
        name = f"github environment {environment}"
        if kind == "approve" and approval == BY_MERGE:
            yield Check(name, SKIPPED, "not needed, because CXONE_APPROVAL is merge", tenant=tenant)
            continue
        try:
            settings = github.maybe(f"environments/{quote(environment, safe='')}")
        except GitHubError as error:
            yield Check(name, UNSURE, error.message, "a token with the permission actions: read shows it", tenant)
            continue
        if settings is None:
            yield Check(
                name, WRONG, "it does not exist", "make it in the repository's settings, as the README says", tenant
            )
        else:
            message, advice = _fault_of(kind, settings, branch)
            yield Check(name, WRONG if message else OK, message or "as it should be", advice, tenant)


def _fault_of(kind: str, settings: Mapping[str, Any], branch: str) -> tuple[str, str]:
    """What is wrong with an environment, and what to do; empty where nothing is."""
    rules = settings.get("protection_rules") or ()
    has_reviewers = any(rule.get("type") == "required_reviewers" and rule.get("reviewers") for rule in rules)
    if kind == "approve":
        advice = "require reviewers in its settings, or set the variable CXONE_APPROVAL to merge"
        return ("", "") if has_reviewers else ("it requires no reviewers, so every apply is refused", advice)
    if has_reviewers:
        return f"it requires reviewers, so every {kind} waits for them", "ask reviewers in cxone-approve-… only"
    if kind == "apply" and not any(rule.get("type") == "branch_policy" for rule in rules):
        message = "any branch may use it, and so the secrets that may write"
        return message, f"allow the branch {branch} only, in its settings"
    return "", ""


def _branch(github: GitHub, branch: str) -> Iterator[Check]:
    """Whether changes need a pull request and the check, by the rules of rulesets or by branch protection."""
    try:
        rules = [rule for rule in github.get(f"rules/branches/{quote(branch)}") if isinstance(rule, dict)]
        held = github.get(f"branches/{quote(branch)}")
    except ReconcilerError as error:
        yield Check(f"github branch {branch}", UNSURE, error.message, "look at its rules in the repository's settings")
        return
    protection = (held.get("protection") or {}) if isinstance(held, dict) else {}
    is_protected = bool(held.get("protected")) or any(rule.get("type") == "pull_request" for rule in rules)
    advice = f"add a rule for {branch} that requires a pull request"
    yield (
        Check(f"github branch {branch}", OK, "it is protected")
        if is_protected
        else Check(f"github branch {branch}", WRONG, "anybody who may push changes it without a pull request", advice)
    )
    required = {
        str(check.get("context"))
        for rule in rules
        if rule.get("type") == "required_status_checks"
        for check in (rule.get("parameters") or {}).get("required_status_checks", ())
    } | set((protection.get("required_status_checks") or {}).get("contexts") or ())
    name = f"github check {REQUIRED_CHECK}"
    if REQUIRED_CHECK in required:
        yield Check(name, OK, f"{branch} requires it")
    else:
        others = f" ({listing(sorted(required))} {'is' if len(required) == 1 else 'are'})" if required else ""
        message = f"{branch} does not require it{others}, so a refused plan can be merged"
        yield Check(name, WRONG, message, f"require the check {REQUIRED_CHECK} in the rule of {branch}")
