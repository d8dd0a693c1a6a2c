"""The scripts of the pipelines by themselves: long texts, long lists, other people's comments, refusals."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.github import REPOSITORY, GitHub
from tests.support.runner import ROOT

SCRIPTS = ROOT / ".github" / "scripts"
LIMIT = 65_536


@dataclass(frozen=True)
class Ended:
    """How a script ended."""

    code: int
    out: str
    err: str


Script = Callable[..., Ended]


@pytest.fixture
def github() -> Iterator[GitHub]:
    with GitHub() as running:
        yield running


@pytest.fixture
def script(github: GitHub, tmp_path: Path) -> Script:
    """Runs a script in `tmp_path`, for pull request 7 and the tenant acme."""

    def execute(name: str, *arguments: str, **environment: str) -> Ended:
        event = tmp_path / "event.json"
        event.write_text(json.dumps({"pull_request": {"number": 7}}), encoding="utf-8")
        given = {
            "PATH": os.environ["PATH"],
            "GITHUB_API_URL": github.url,
            "GITHUB_EVENT_PATH": str(event),
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_RUN_ID": "1",
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_TOKEN": github.token({"pull-requests": "write", "issues": "write"}),
            "TENANT": "acme",
            **environment,
        }
        done = subprocess.run(
            [sys.executable, str(SCRIPTS / name), *arguments],
            cwd=tmp_path,
            env=given,
            capture_output=True,
            text=True,
            check=False,
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    return execute


def _bodies(github: GitHub) -> list[str]:
    return [comment["body"] for comment in github.comments[7]]


def _plan(**fields: Any) -> str:
    plan = {"tenant": "acme", "digest": "sha256:00", "changes": [], "webhooks": [], **fields}
    return json.dumps(plan)


def test_a_full_plan_fits_with_marker_and_note(github: GitHub, script: Script, tmp_path: Path) -> None:
    from reconciler.render.markdown import LIMIT as FILLED

    report = tmp_path / "plan.md"
    report.write_text("x" * FILLED + "\n", encoding="utf-8")

    assert script("comment.py", "plan", "plan.md", TENANT="名" * 64).code == 0

    (body,) = _bodies(github)
    assert "x" * FILLED in body
    assert len(body) <= LIMIT


def test_a_long_report_keeps_its_last_lines(github: GitHub, script: Script, tmp_path: Path) -> None:
    lines = [f"    {number:05} 😀" for number in range(9_000)]
    (tmp_path / "apply.md").write_text("\n".join(lines) + "\n", encoding="utf-8")

    assert script("comment.py", "apply", "apply.md", "--outcome", "failure").code == 0

    (body,) = _bodies(github)
    shown = [line for line in body.splitlines() if line.startswith("    ")]
    assert shown == lines[-len(shown) :]
    assert f"{9_000 - len(shown)} lines before these are not shown" in body
    assert LIMIT - 200 < len(body.encode("utf-16-le")) // 2 <= LIMIT


def test_a_report_that_cannot_be_cut_is_left_out_whole(github: GitHub, script: Script, tmp_path: Path) -> None:
    (tmp_path / "plan.md").write_text("<details>\n" + "x\n" * LIMIT + "</details>\n", encoding="utf-8")

    assert script("comment.py", "plan", "plan.md").code == 0

    assert "<details>" not in _bodies(github)[0]
    assert "in the summary of the run" in _bodies(github)[0]


@pytest.mark.parametrize("there", ["", "\n", None])
def test_a_run_that_said_nothing_is_told(there: str | None, github: GitHub, script: Script, tmp_path: Path) -> None:
    if there is not None:
        (tmp_path / "apply.md").write_text(there, encoding="utf-8")

    assert script("comment.py", "apply", "apply.md", "--outcome", "cancelled").code == 0

    assert "Cancelled while applying to `acme`" in _bodies(github)[0]
    assert "the log says why" in _bodies(github)[0]


def test_the_own_comment_is_found_on_any_page(github: GitHub, script: Script, tmp_path: Path) -> None:
    (tmp_path / "plan.md").write_text("first\n", encoding="utf-8")
    person = {"user": {"login": "ann", "type": "User"}, "body": "Looks good"}
    github.comments[7] = [{"id": number, **person} for number in range(150)]
    script("comment.py", "plan", "plan.md")
    (tmp_path / "plan.md").write_text("second\n", encoding="utf-8")

    script("comment.py", "plan", "plan.md")

    assert len(github.comments[7]) == 151
    assert "second" in _bodies(github)[-1]


def test_a_persons_copy_of_the_comment_is_left_alone(github: GitHub, script: Script, tmp_path: Path) -> None:
    (tmp_path / "plan.md").write_text("first\n", encoding="utf-8")
    script("comment.py", "plan", "plan.md")
    forged = {"id": 1, "user": {"login": "mallory", "type": "User"}, "body": _bodies(github)[0]}
    github.comments[7].insert(0, forged)
    (tmp_path / "plan.md").write_text("second\n", encoding="utf-8")

    script("comment.py", "plan", "plan.md")

    assert ["first" in body for body in _bodies(github)] == [True, False]


@pytest.mark.parametrize("name", ["-->", "a --> @team <img src=x>", "`", "acme -->\n# x"])
def test_a_tenants_name_cannot_leave_its_place(name: str, github: GitHub, script: Script, tmp_path: Path) -> None:
    (tmp_path / "apply.md").write_text("    done\n", encoding="utf-8")

    assert script("comment.py", "apply", "apply.md", "--outcome", "success", TENANT=name).code == 0

    mark, title, *_ = _bodies(github)[0].splitlines()
    assert mark.count("-->") == 1
    assert title.startswith("### ✅ Applied to `")
    assert title.endswith("`")


def test_kinds_and_tenants_do_not_share_a_comment(github: GitHub, script: Script, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("    a\n", encoding="utf-8")

    script("comment.py", "plan", "a.md")
    script("comment.py", "apply", "a.md", "--outcome", "success")
    script("comment.py", "plan", "a.md", TENANT="acme2")

    assert len(github.comments[7]) == 3


def test_a_refusal_is_one_sentence_without_the_token(github: GitHub, script: Script, tmp_path: Path) -> None:
    (tmp_path / "plan.md").write_text("x\n", encoding="utf-8")
    token = github.token({})

    ended = script("comment.py", "plan", "plan.md", GITHUB_TOKEN=token)

    assert ended.code == 1
    assert ended.err.startswith("GitHub answered 403 to GET issues/7/comments")
    assert len(ended.err.splitlines()) == 1
    assert token not in ended.err


def test_the_command_quotes_what_a_shell_would_read(github: GitHub, script: Script, tmp_path: Path) -> None:
    changes = [{"campaignId": name} for name in ("B;rm -rf /", "A", "A")]
    (tmp_path / "plan.json").write_text(_plan(tenant="Büro & Co", changes=changes), encoding="utf-8")
    (tmp_path / "plan.md").write_text("x\n", encoding="utf-8")

    assert script("issue.py", "plan.json", "plan.md").code == 0

    assert (
        "    reconciler import --update '--tenant=Büro & Co' --campaign=A '--campaign=B;rm -rf /'\n"
        in github.issues[0]["body"]
    )


def test_a_persons_copy_of_the_issue_is_left_alone(github: GitHub, script: Script, tmp_path: Path) -> None:
    (tmp_path / "plan.md").write_text("x\n", encoding="utf-8")
    (tmp_path / "plan.json").write_text(_plan(changes=[{"campaignId": "A"}]), encoding="utf-8")
    script("issue.py", "plan.json", "plan.md")
    forged = {**github.issues[0], "number": 1, "user": {"login": "mallory", "type": "User"}}
    github.issues.insert(0, forged)
    (tmp_path / "plan.json").write_text(_plan(), encoding="utf-8")

    script("issue.py", "plan.json", "plan.md")

    assert [issue["state"] for issue in github.issues] == ["open", "closed"]


def test_many_campaigns_are_all(github: GitHub, script: Script, tmp_path: Path) -> None:
    changes = [{"campaignId": f"CAM_{number}"} for number in range(51)]
    (tmp_path / "plan.json").write_text(_plan(changes=changes), encoding="utf-8")
    (tmp_path / "plan.md").write_text("x\n", encoding="utf-8")

    script("issue.py", "plan.json", "plan.md")

    assert "    reconciler import --update --tenant=acme --all\n" in github.issues[0]["body"]


def test_webhooks_alone_cannot_be_adopted(github: GitHub, script: Script, tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text(_plan(webhooks=[{"name": "WFM_Sync_1"}]), encoding="utf-8")
    (tmp_path / "plan.md").write_text("x\n", encoding="utf-8")

    script("issue.py", "plan.json", "plan.md")

    assert "import" not in github.issues[0]["body"]
    assert "run the workflow `apply`" in github.issues[0]["body"]


def test_changed_names_tenants_with_something_that_can_be_applied(script: Script, tmp_path: Path) -> None:
    plans = {
        "a": _plan(tenant="zeta", changes=[{}]),
        "b": _plan(tenant="hooks", webhooks=[{}]),
        "c": _plan(tenant="quiet"),
        "d": _plan(tenant="broken", digest=None, changes=[{}]),
    }
    for name, text in plans.items():
        (tmp_path / "plans" / name).mkdir(parents=True)
        (tmp_path / "plans" / name / "plan.json").write_text(text, encoding="utf-8")

    assert script("changed.py", "plans").out == '["hooks", "zeta"]\n'
    assert script("changed.py", "nowhere").out == "[]\n"
