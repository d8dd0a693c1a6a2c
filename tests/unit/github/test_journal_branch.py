"""The lines of an apply get onto the branch of its tenant once, whole and in order, or not at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler import canonical
from reconciler.audit.chain import GENESIS
from reconciler.errors import GitHubError, JournalBrokenError
from reconciler.github import Job
from reconciler.github.journal_branch import append_journal, branch_of, fetch_journal, journal_lines
from reconciler.github.remote import Remote
from tests.support.github import REPOSITORY, GitHub
from tests.support.runner import git


def _lines(count: int, previous: str = GENESIS, month: str = "2026-11", **fields: Any) -> list[dict[str, Any]]:
    lines = []
    for number in range(count):
        line = {
            "action": "RUN_ENDED",
            "timestamp": f"{month}-22T10:00:{number:02}.000Z",
            **fields,
            "previous": previous,
        }
        line["hash"] = previous = canonical.digest(line)
        lines.append(line)
    return lines


@pytest.fixture
def remote(github: GitHub, job: Job, tmp_path: Path, waits: list[float]) -> Remote:
    """A checkout whose origin is at GitHub, behind its token."""
    github.origin = tmp_path / "origin"
    github.origin.mkdir()
    git(github.origin, "init", "--quiet", "--initial-branch=main")
    git(github.origin, "commit", "--quiet", "--allow-empty", "--message", "First")
    git(tmp_path, "clone", "--quiet", str(github.origin), "checkout")
    git(tmp_path / "checkout", "remote", "set-url", "origin", f"{github.url}/{REPOSITORY}")
    return Remote(tmp_path / "checkout", job.server, job.token, waits.append)


def _held(remote: Remote, folder: Path, tenant: str = "acme") -> dict[str, list[str]]:
    """The hashes of the lines by file, as the branch holds them."""
    assert fetch_journal(remote, tenant, folder)
    return {
        file.name: [json.loads(line)["hash"] for line in file.read_text("utf-8").splitlines()]
        for file in sorted(folder.glob("*.jsonl"))
    }


def _hashes(lines: list[dict[str, Any]]) -> list[str]:
    return [str(line["hash"]) for line in lines]


def test_no_branch_is_no_journal_yet(remote: Remote, tmp_path: Path) -> None:
    assert not fetch_journal(remote, "acme", tmp_path / "journal")
    assert (tmp_path / "journal").is_dir()


def test_an_origin_that_is_away_is_not_taken_for_no_journal(
    remote: Remote, github: GitHub, tmp_path: Path, waits: list[float]
) -> None:
    github.tokens.clear()

    with pytest.raises(GitHubError, match="git failed"):
        fetch_journal(remote, "acme", tmp_path / "journal")

    assert len(waits) == 4


def test_the_branch_begins_as_an_orphan_and_goes_on(remote: Remote, github: GitHub, tmp_path: Path) -> None:
    first = _lines(2)
    assert append_journal(remote, "acme", first, "Record one") == 2
    second = _lines(1, previous=first[-1]["hash"])
    assert append_journal(remote, "acme", second, "Record two") == 1

    assert _held(remote, tmp_path / "j") == {"2026-11.jsonl": _hashes(first + second)}
    assert git(github.origin, "log", "--format=%s", "cxone-journal/acme").splitlines() == ["Record two", "Record one"]


def test_what_is_there_is_not_added_again(remote: Remote, tmp_path: Path) -> None:
    lines = _lines(3)
    append_journal(remote, "acme", lines[:2], "Record")

    assert append_journal(remote, "acme", lines, "Record again") == 1
    assert append_journal(remote, "acme", lines, "Record again") == 0
    assert append_journal(remote, "acme", [], "Nothing") == 0
    assert _held(remote, tmp_path / "j") == {"2026-11.jsonl": _hashes(lines)}


def test_a_new_month_is_a_new_file_and_an_earlier_one_is_not(remote: Remote, tmp_path: Path) -> None:
    lines = _lines(1)
    for month in ("2026-12", "2026-10"):
        lines += _lines(1, previous=lines[-1]["hash"], month=month)
    for line in lines:
        append_journal(remote, "acme", [line], "Record")

    assert _held(remote, tmp_path / "j") == {"2026-11.jsonl": _hashes(lines[:1]), "2026-12.jsonl": _hashes(lines[1:])}


@pytest.mark.parametrize("case", ["a line is missing", "another journal", "nothing in common"])
def test_lines_that_follow_no_other_are_refused(case: str, remote: Remote, tmp_path: Path) -> None:
    lines = _lines(4)
    append_journal(remote, "acme", lines[:2], "Record")
    bad = {
        "a line is missing": [lines[0], lines[1], lines[3]],
        "another journal": _lines(2, tenant="other"),
        "nothing in common": lines[3:],
    }[case]

    with pytest.raises(JournalBrokenError, match=r"go on from the last line|follow"):
        append_journal(remote, "acme", bad, "Record")

    assert _held(remote, tmp_path / "j") == {"2026-11.jsonl": _hashes(lines[:2])}


def test_a_push_that_never_goes_through_is_an_error(
    remote: Remote, github: GitHub, job: Job, waits: list[float]
) -> None:
    github.tokens[job.token] = {"contents": "read"}

    with pytest.raises(GitHubError) as failed:
        append_journal(remote, "acme", _lines(1), "Record")

    assert waits == [1, 4, 15, 40]
    assert job.token not in failed.value.advice


def test_lines_are_found_in_a_log_among_everything_else() -> None:
    first, second = _lines(2, name="a \u2028 line # ü")
    log = "\n".join(
        [
            "2026-11-25T00:00:00.0000000Z Applying",
            f"2026-11-25T00:00:01.0000000Z {json.dumps(first, sort_keys=True, separators=(',', ':'))}",
            '{"action":"SCHEDULE_WINDOW_UPSERT","hash":"sha256:00"}',
            '{"action":"',
            json.dumps(second, sort_keys=True, separators=(",", ":")).replace("#", r"\u0023"),
            "done",
        ]
    )

    assert list(journal_lines(log)) == [first, second]


@pytest.mark.parametrize(
    ("tenant", "branch"),
    [
        ("acme", "acme"),
        ("Büro Köln", "Büro%20Köln"),
        (".hidden", "%2Ehidden"),
        ("a..b", "a%2E.b"),
        ("end.", "end%2E"),
        ("x.lock", "x%2Elock"),
        ("a.b-c_d", "a.b-c_d"),
    ],
)
def test_names_become_branches(tenant: str, branch: str) -> None:
    assert branch_of(tenant) == f"cxone-journal/{branch}"


@given(st.lists(st.text("ab.- _lock", min_size=1, max_size=8), min_size=2, max_size=2, unique=True))
def test_every_name_is_a_branch_of_its_own(names: list[str]) -> None:
    one, other = map(branch_of, names)

    assert one != other
    git(Path.cwd(), "check-ref-format", f"refs/heads/{one}")
