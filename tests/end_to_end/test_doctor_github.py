"""`doctor --github`: which setting of the repository is not as the workflows need it, one at a time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest

from tests.support.commands import Ended, Run
from tests.support.github import REPOSITORY, GitHub
from tests.support.tenant_world import World, campaign

_REVIEWERS = {"type": "required_reviewers", "reviewers": [{"type": "Team", "reviewer": {"name": "compliance"}}]}
_BRANCHES = {"type": "branch_policy"}
_PULL_REQUEST = {"type": "pull_request"}
_CHECK = {
    "type": "required_status_checks",
    "parameters": {"required_status_checks": [{"context": "cxone", "integration_id": 15368}]},
}
ALL_PERMISSIONS = {"actions": "read", "contents": "read", "metadata": "read"}


@pytest.fixture
def github() -> Iterator[GitHub]:
    """A repository that is set up as the README says."""
    with GitHub() as server:
        server.variables = {"CXONE_ENABLED": "true"}
        server.environments = {
            "cxone-plan-acme": [],
            "cxone-approve-acme": [_REVIEWERS],
            "cxone-apply-acme": [_BRANCHES],
        }
        server.branch_rules = [_PULL_REQUEST, _CHECK]
        yield server


@pytest.fixture
def doctor(github: GitHub, world: World, reconciler: Run) -> Callable[..., Ended]:
    """Run it with a token that may read the settings, or with other `permissions` or variables."""
    world.write(campaign("CAM_001", {"name": "A", "timezone": "UTC", "scheduleDetails": []}))

    def examined(permissions: dict[str, str] = ALL_PERMISSIONS, **variables: str) -> Ended:
        env = {"GITHUB_TOKEN": github.token(permissions), "GITHUB_REPOSITORY": REPOSITORY, "GITHUB_API_URL": github.api}
        return reconciler("doctor", "--github", "--format", "json", **{**world.env, **env, **variables})

    return examined


def states(ended: Ended) -> dict[str, str]:
    """How the checks of GitHub ended, by name."""
    checks = json.loads(ended.out)["checks"]
    return {check["name"]: check["state"] for check in checks if check["name"].startswith("github")}


def wrong(ended: Ended) -> dict[str, str]:
    """What is said of the checks of GitHub that are wrong."""
    checks = json.loads(ended.out)["checks"]
    return {
        check["name"]: f"{check['message']}; {check['advice']}"
        for check in checks
        if check["name"].startswith("github") and check["state"] == "wrong"
    }


def test_a_repository_that_is_set_up(doctor: Callable[..., Ended], github: GitHub) -> None:
    assert states(doctor()) == {
        "github variable CXONE_ENABLED": "ok",
        "github environment cxone-plan-acme": "ok",
        "github environment cxone-approve-acme": "ok",
        "github environment cxone-apply-acme": "ok",
        "github branch main": "ok",
        "github check cxone": "ok",
    }
    assert all(asked.startswith("GET ") for asked in github.asked)


@pytest.mark.parametrize("kind", ["plan", "approve", "apply"])
def test_an_environment_that_is_missing(kind: str, doctor: Callable[..., Ended], github: GitHub) -> None:
    del github.environments[f"cxone-{kind}-acme"]
    assert list(wrong(doctor())) == [f"github environment cxone-{kind}-acme"]


@pytest.mark.parametrize(
    ("kind", "rules", "words"),
    [
        ("approve", [], "requires no reviewers"),
        ("approve", [{"type": "required_reviewers", "reviewers": []}], "requires no reviewers"),
        ("plan", [_REVIEWERS], "every plan waits"),
        ("apply", [_REVIEWERS, _BRANCHES], "every apply waits"),
        ("apply", [], "allow the branch main only"),
    ],
)
def test_an_environment_with_other_rules(
    kind: str, rules: list[dict[str, object]], words: str, doctor: Callable[..., Ended], github: GitHub
) -> None:
    github.environments[f"cxone-{kind}-acme"] = rules
    faults = wrong(doctor())
    assert list(faults) == [f"github environment cxone-{kind}-acme"]
    assert words in faults[f"github environment cxone-{kind}-acme"]


def test_a_merge_as_the_approval_needs_no_environment_for_it(doctor: Callable[..., Ended], github: GitHub) -> None:
    del github.environments["cxone-approve-acme"]
    github.variables["CXONE_APPROVAL"] = "merge"
    ended = doctor()
    assert wrong(ended) == {}
    assert states(ended)["github environment cxone-approve-acme"] == "skipped"


def test_workflows_that_only_validate(doctor: Callable[..., Ended], github: GitHub) -> None:
    github.variables.clear()
    assert list(wrong(doctor())) == ["github variable CXONE_ENABLED"]


def test_a_branch_without_rules(doctor: Callable[..., Ended], github: GitHub) -> None:
    github.branch_rules = []
    assert list(wrong(doctor())) == ["github branch main", "github check cxone"]


def test_another_check_that_is_required(doctor: Callable[..., Ended], github: GitHub) -> None:
    other = {"type": "required_status_checks", "parameters": {"required_status_checks": [{"context": "plan"}]}}
    github.branch_rules = [_PULL_REQUEST, other]
    faults = wrong(doctor())
    assert list(faults) == ["github check cxone"]
    assert "(plan is)" in faults["github check cxone"]


def test_the_classic_protection_of_a_branch_counts(doctor: Callable[..., Ended], github: GitHub) -> None:
    github.branch_rules = []
    github.protection = {"enabled": True, "required_status_checks": {"contexts": ["cxone"]}}
    assert wrong(doctor()) == {}


def test_what_a_token_may_not_read_is_not_known(doctor: Callable[..., Ended]) -> None:
    found = states(doctor(permissions={"contents": "read"}))
    assert {name for name, state in found.items() if state == "unsure"} == {
        name for name in found if "environment" in name or "variable" in name
    }


def test_a_token_that_github_refuses_names_the_token(doctor: Callable[..., Ended]) -> None:
    faults = wrong(doctor(GITHUB_TOKEN="ghp_nobody"))
    assert list(faults) == ["github"]
    assert "GITHUB_TOKEN" in faults["github"]
    assert "ghp_nobody" not in faults["github"]


@pytest.mark.parametrize("missing", ["GITHUB_TOKEN", "GITHUB_REPOSITORY"])
def test_without_a_token_or_a_repository_it_says_what_to_set(missing: str, doctor: Callable[..., Ended]) -> None:
    ended = doctor(**{missing: ""})
    assert ended.code == 64
    assert missing in ended.err


def test_the_repository_is_that_of_the_checkout(doctor: Callable[..., Ended], git: Callable[..., str]) -> None:
    git("remote", "add", "origin", f"git@github.com:{REPOSITORY}.git")
    assert states(doctor(GITHUB_REPOSITORY=""))["github check cxone"] == "ok"
