"""`reconciler audit`: what was applied last, and what CXone held at a time, from the journal alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reconciler.audit.journal import Journal
from tests.support.apply_world import schedule as stored
from tests.support.builders import schedule
from tests.support.commands import Run
from tests.support.tenant_world import World, campaign

GITHUB = {
    "GITHUB_ACTOR": "anna",
    "GITHUB_SERVER_URL": "https://github.com",
    "GITHUB_REPOSITORY": "acme/schedules",
    "GITHUB_RUN_ID": "42",
}


@pytest.fixture
def applied(world: World, reconciler: Run, git: Callable[..., str]) -> str:
    """A revision that was applied, into a folder; the revision."""
    world.write(campaign("CAM_001", schedule("A")))
    git("add", "schedules")
    git("commit", "--quiet", "--message", "state")
    ended = reconciler("apply", "--auto-approve", "--audit-log", "journal/", **world.env, **GITHUB)
    assert ended.code == 0, ended.err
    return git("rev-parse", "HEAD")


def last_applied(reconciler: Run, *arguments: str) -> str:
    """What was applied last."""
    ended = reconciler("audit", "journal", "--last-applied", *arguments)
    assert (ended.code, ended.err) == (0, "")
    return ended.out


def test_the_revision_that_was_applied_last(applied: str, reconciler: Run) -> None:
    assert last_applied(reconciler) == f"acme\t{applied}\n"
    assert last_applied(reconciler, "--tenant", "ACME") == f"{applied}\n"
    assert last_applied(reconciler, "--tenant", "bolt") == ""
    (line,) = json.loads(last_applied(reconciler, "--format", "json"))["applied"]
    assert (line["tenant"], line["revision"], line["actor"]) == ("acme", applied, "anna")
    assert line["runUrl"] == "https://github.com/acme/schedules/actions/runs/42"


@pytest.mark.parametrize("place", ["journal", "nowhere.jsonl"])
def test_nothing_was_applied_where_there_is_no_journal(reconciler: Run, place: str) -> None:
    ended = reconciler("audit", place, "--last-applied")

    assert (ended.code, ended.out, ended.err) == (0, "", "")


def test_a_run_that_is_narrowed_or_dirty_brings_the_tenant_to_no_revision(
    applied: str, world: World, reconciler: Run, git: Callable[..., str]
) -> None:
    world.write(campaign("CAM_001", schedule("A")), campaign("CAM_002", schedule("B")))
    git("add", "schedules")
    git("commit", "--quiet", "--message", "more")
    how = ("--auto-approve", "--audit-log", "journal")
    assert reconciler("apply", "--campaign", "CAM_001", *how, **world.env).code == 0
    assert reconciler("apply", "schedules/cam_002.yaml", *how, **world.env).code == 0
    assert last_applied(reconciler, "--tenant", "acme") == f"{applied}\n"

    (world.folder / "schedules" / "cam_002.yaml").write_text(json.dumps(campaign("CAM_002", schedule("C"))))
    assert reconciler("apply", *how, **world.env).code == 0
    assert last_applied(reconciler, "--tenant", "acme") == f"{applied}\n"

    git("add", "schedules")
    git("commit", "--quiet", "--message", "clean")
    assert reconciler("apply", *how, **world.env).code == 0  # there is nothing to do, and that is said
    assert last_applied(reconciler, "--tenant", "acme") == git("rev-parse", "HEAD") + "\n"


def test_a_saved_plan_of_a_part_brings_the_tenant_to_no_revision(
    applied: str, world: World, reconciler: Run, git: Callable[..., str]
) -> None:
    world.write(campaign("CAM_001", schedule("A")), campaign("CAM_002", schedule("B")))
    git("add", "schedules")
    git("commit", "--quiet", "--message", "more")
    assert reconciler("plan", "schedules/cam_002.yaml", "--out", "plan.json", **world.env).code == 0

    ended = reconciler("apply", "--plan", "plan.json", "--audit-log", "journal", **world.env)

    assert ended.code == 0, ended.err
    assert last_applied(reconciler, "--tenant", "acme") == f"{applied}\n"


def test_runs_name_who_approved_and_where_they_can_be_looked_at(applied: str, world: World, reconciler: Run) -> None:
    how = ("--auto-approve", "--audit-log", "journal", "--approved-by", "ben", "--run-url", "https://ci.example.com/7")
    assert reconciler("apply", *how, **world.env).code == 0

    text = reconciler("audit", "journal").out
    assert "by anna\n" in text
    assert "approved by ben" in text
    assert "https://ci.example.com/7" in text
    runs = json.loads(reconciler("audit", "journal", "--format", "json").out)["runs"]
    assert [(run["approvedBy"], run["converged"], run["revision"]) for run in runs] == [
        (None, True, applied),
        ("ben", True, applied),
    ]


def test_gitlab_says_who_started_a_manual_job(world: World, reconciler: Run) -> None:
    world.write(campaign("CAM_001", schedule("A")))
    gitlab = {"GITLAB_USER_LOGIN": "carla", "CI_JOB_MANUAL": "true", "CI_JOB_URL": "https://gitlab.example.com/jobs/1"}
    assert reconciler("apply", "--auto-approve", **world.env, **gitlab, GITHUB_ACTOR="", GITHUB_RUN_ID="").code == 0

    (run,) = json.loads(reconciler("audit", ".reconciler/audit.jsonl", "--format", "json").out)["runs"]
    assert (run["actor"], run["approvedBy"]) == ("carla", "carla")
    assert run["runUrl"] == "https://gitlab.example.com/jobs/1"


def test_each_line_goes_to_stderr_when_it_is_written(world: World, reconciler: Run) -> None:
    world.write(campaign("CAM_001", schedule("Zürich ##[error] \u2028")))

    ended = reconciler("apply", "--auto-approve", "--journal-to-stderr", "--quiet", **world.env)

    assert ended.code == 0
    lines = [line for line in ended.err.splitlines() if line.startswith("{")]
    journal = (world.folder / ".reconciler" / "audit.jsonl").read_text(encoding="utf-8").split("\n")[:-1]
    assert [json.loads(line) for line in lines] == [json.loads(line) for line in journal]
    assert "".join(lines).isascii()
    assert "##[" not in ended.err


@pytest.fixture
def months(tmp_path: Path) -> Path:
    """Three months of a journal: a cap of 200, one of 300 approved by ben, one of 400."""
    folder = tmp_path / "journal"
    folder.mkdir()
    for month, cap in ((9, 200), (10, 300), (11, 400)):
        with Journal(folder, clock=lambda month=month: datetime(2026, month, 3, 12, tzinfo=UTC)) as journal:  # type: ignore[misc] # bound now
            line = {
                "action": "SCHEDULE_WINDOW_UPSERT",
                "tenant": "acme",
                "campaignId": "CAM_A",
                "scheduleId": "S1",
                "before": stored("CAM_A", "S1", "Weekday", cap - 100),
                "body": stored("CAM_A", "S1", "Weekday", cap),
                "revision": f"{cap}abc",
                "actor": "anna",
                "approvedBy": "ben",
                "runId": f"run-{cap}",
                "runUrl": f"https://ci.example.com/{cap}",
            }
            journal.append({**line, "status": "PENDING"})
            journal.append({**line, "status": "SUCCESS"})
    return folder


@pytest.mark.parametrize("at", ["2026-10-15", "2026-10-15T12:00", "2026-10-15T23:00:00+02:00", "2026-10-03T12:00:00Z"])
def test_what_cxone_held_last_month(months: Path, reconciler: Run, at: str) -> None:
    text = reconciler("audit", *map(str, months.iterdir()), "--at", at).out
    document = json.loads(reconciler("audit", str(months), "--at", at, "--format", "json").out)

    for words in (
        "Weekday",
        "Mon 09:00–17:00, 300 calls a day",
        "revision 300abc",
        "anna, approved by ben",
        "ci.example.com/300",
    ):
        assert words in text
    (held,) = document["schedules"]
    assert (held["campaignId"], held["approvedBy"], held["runId"]) == ("CAM_A", "ben", "run-300")
    assert held["body"]["scheduleDetails"][0]["maxCallsPerDay"] == 300


def test_only_one_campaign_at_a_time(months: Path, reconciler: Run) -> None:
    for arguments, count in ((("--campaign", "CAM_A"), 1), (("--campaign", "CAM_B"), 0), (("--tenant", "bolt"), 0)):
        ended = reconciler("audit", str(months), "--at", "2026-10-15", "--format", "json", *arguments)
        assert len(json.loads(ended.out)["schedules"]) == count


@pytest.mark.parametrize("question", [("--last-applied",), ("--at", "2026-10-15"), ()])
@pytest.mark.parametrize("mishap", ["a file", "a line"])
def test_what_is_missing_breaks_the_chain_whatever_is_asked(
    months: Path, reconciler: Run, question: tuple[str, ...], mishap: str
) -> None:
    path = months / "2026-10.jsonl"
    if mishap == "a file":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes().partition(b"\n")[2])

    ended = reconciler("audit", str(months), *question)

    assert (ended.code, ended.out) == (1, "")
    assert "missing" in ended.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("--at", "yesterday"),
        ("--at", "2026-02-30"),
        ("--at", "2026-10-15", "--last-applied"),
        ("--campaign", "CAM_A"),
        ("--campaign", "CAM_A", "--last-applied"),
    ],
)
def test_what_makes_no_sense(months: Path, reconciler: Run, arguments: tuple[str, ...]) -> None:
    ended = reconciler("audit", str(months), *arguments)

    assert (ended.code, ended.out) == (64, "")


@pytest.mark.usefixtures("applied")
def test_several_journals_are_told_apart(world: World, reconciler: Run) -> None:
    assert reconciler("apply", "--audit-log", "other.jsonl", **world.env).code == 0

    document = json.loads(reconciler("audit", "other.jsonl", "journal", "--format", "json").out)

    assert [len(journal["runs"]) for journal in document["journals"]] == [1, 1]
    assert reconciler("audit", "other.jsonl", "journal").out.count("holds; 1 run;") == 2
