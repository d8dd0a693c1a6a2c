"""The issues about a tenant say what to do, in words and commands that nobody's names can change."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.document.saved_plans import read_plans
from reconciler.github import GitHub as Client
from reconciler.github import Job
from reconciler.github.issues import adopting_command, report_drift, report_readable, report_unreadable
from reconciler.github.posts import marker
from reconciler.model import Origin, Plan
from tests.support.github import GitHub

GOLDEN = Path(__file__).parent.parent / "render" / "golden" / "plan.json"
RUN = {"run_number": 5, "html_url": "https://github.example/runs/5"}


@pytest.fixture
def plan() -> Plan:
    """A plan that has one of everything."""
    (value,) = read_plans(GOLDEN)
    return value


def _with_origin(plan: Plan, origin: Origin) -> Plan:
    return plan._replace(changes=tuple(change._replace(origin=origin) for change in plan.changes))


def test_the_command_quotes_what_a_shell_would_read(plan: Plan) -> None:
    command = adopting_command(plan._replace(tenant="Büro & Co"), ["A", "B;rm -rf /"])

    assert command == "reconciler import --update '--tenant=Büro & Co' --campaign=A '--campaign=B;rm -rf /'"


def test_many_campaigns_are_all(plan: Plan) -> None:
    command = adopting_command(plan._replace(tenant="acme"), [f"CAM_{number}" for number in range(51)])

    assert command == "reconciler import --update --tenant=acme --all"


def test_webhooks_alone_cannot_be_adopted(plan: Plan, github: GitHub, client: Client, job: Job) -> None:
    report_drift(client, job, plan._replace(changes=()), None)

    assert "import" not in github.issues[0]["body"].partition("## ")[0]
    assert "run the workflow `apply`" in github.issues[0]["body"]


def test_edits_and_what_waits_are_told_apart(plan: Plan, github: GitHub, client: Client, job: Job) -> None:
    first, *others = _with_origin(plan, Origin.PENDING).changes
    mixed = plan._replace(changes=(first._replace(origin=Origin.DRIFT), *others))

    report_drift(client, job, mixed, RUN)

    (issue,) = github.issues
    assert issue["title"].startswith("CXone differs from git: ")
    assert "somebody edited 1 schedule in CXone" in issue["body"]
    assert "[run 5](https://github.example/runs/5) waits for an approval" in issue["body"]

    report_drift(client, job, _with_origin(plan, Origin.PENDING), None)

    (issue,) = github.issues
    assert issue["title"].startswith("Not applied yet: ")
    assert "no run waits for an approval" in issue["body"]
    assert "reconciler import" not in issue["body"]


def test_a_persons_copy_of_the_issue_is_left_alone(plan: Plan, github: GitHub, client: Client, job: Job) -> None:
    report_drift(client, job, plan, None)
    forged = {**github.issues[0], "number": 1, "user": {"login": "mallory", "type": "User"}}
    github.issues.insert(0, forged)

    report_drift(client, job, plan._replace(changes=(), webhooks=()), None)

    assert [issue["state"] for issue in github.issues] == ["open", "closed"]


def test_since_when_a_tenant_cannot_be_checked_is_kept(github: GitHub, client: Client, job: Job) -> None:
    report_unreadable(client, job, "acme", "first")
    github.issues[0]["created_at"] = "2026-11-01T06:17:00Z"

    report_unreadable(client, job, "acme", "second")

    (issue,) = github.issues
    assert issue["title"] == "CXone cannot be checked since 2026-11-01 06:17 UTC: acme"
    assert "second" in issue["body"]
    assert issue["body"].startswith(marker("unreadable", "acme"))

    assert report_readable(client, job, "acme") == f"closed issue {issue['number']}"
    assert report_readable(client, job, "acme") == "there is nothing to report"
