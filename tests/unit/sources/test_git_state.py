from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.errors import UsageError
from reconciler.sources import RepoState, state_of

Git = Callable[..., str]
Commit = Callable[[], str]


def _tenant(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "tenant.yaml").write_text("name: acme\n")
    (folder / "cam_001.yaml").write_text("campaignId: CAM_001\n")
    return folder


def test_without_git_the_root_is_paths_folder(here: Path) -> None:
    (here / "schedules" / "eu").mkdir(parents=True)
    for path in (".", "schedules", "schedules/eu"):
        assert state_of(path) == RepoState(str((here / path).resolve()))


def test_without_git_the_root_is_the_nearest_tenant_above(here: Path) -> None:
    folder = _tenant(here / "schedules")
    inner = _tenant(folder / "eu" / "inner")
    for path in ("schedules", "schedules/cam_001.yaml", "schedules/eu", "schedules/eu/gone/too"):
        assert state_of(path) == RepoState(str(folder))
    for path in ("schedules/eu/inner", "schedules/eu/inner/cam_001.yaml"):
        assert state_of(path) == RepoState(str(inner))
    assert state_of(".") == RepoState(str(here))


def test_a_path_that_does_not_exist_has_a_state(here: Path) -> None:
    assert state_of("nowhere/at/all") == RepoState(str(here))


def test_a_clean_commit(here: Path, commit: Commit) -> None:
    _tenant(here / "schedules" / "eu")
    sha = commit()
    for path in ("schedules", "schedules/eu", "schedules/eu/cam_001.yaml", ".", "schedules/gone"):
        assert state_of(path) == RepoState(str(here), sha)


def test_before_the_first_commit(here: Path, git: Git) -> None:
    git("status")
    assert state_of(".") == RepoState(str(here))
    _tenant(here)
    assert state_of(".") == RepoState(str(here), dirty=True)


@pytest.mark.parametrize(
    ("change", "dirty"),
    [
        ("schedules/cam_001.yaml", True),
        ("schedules/new.yaml", True),
        ("schedules/below/new.yaml", True),
        ("schedules/ignored.yaml", True),
        ("schedules/.reconciler/audit.jsonl", False),
        ("defaults.yaml", True),
        ("README.md", False),
        ("other/cam.yaml", False),
    ],
)
def test_dirty_is_what_the_desired_state_is_read_from(here: Path, commit: Commit, change: str, dirty: bool) -> None:
    _tenant(here / "schedules")
    (here / ".gitignore").write_text("ignored.yaml\n")
    sha = commit()
    (here / change).parent.mkdir(parents=True, exist_ok=True)
    (here / change).write_text("changed: true\n")
    assert state_of("schedules") == RepoState(str(here), sha, dirty)


def test_a_narrow_path_looks_at_the_whole_tenant(here: Path, commit: Commit) -> None:
    _tenant(here / "schedules")
    _tenant(here / "schedules" / "eu").joinpath("tenant.yaml").unlink()
    commit()
    (here / "schedules" / "cam_001.yaml").unlink()
    assert state_of("schedules/eu").dirty


def test_staged_and_renamed_files_are_dirty(here: Path, git: Git, commit: Commit) -> None:
    _tenant(here)
    commit()
    git("mv", "cam_001.yaml", "cam_002.yaml")
    assert state_of(".").dirty


def test_a_hooks_environment_does_not_point_elsewhere(
    here: Path, commit: Commit, monkeypatch: pytest.MonkeyPatch
) -> None:
    _tenant(here / "schedules")
    sha = commit()
    monkeypatch.setenv("GIT_DIR", ".git")
    monkeypatch.setenv("GIT_INDEX_FILE", "/nowhere/index")
    assert state_of("schedules") == RepoState(str(here), sha)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GIT_OBJECT_DIRECTORY", "/nowhere"),
        ("GIT_GLOB_PATHSPECS", "1"),
        ("GIT_NOGLOB_PATHSPECS", "1"),
        ("GIT_ICASE_PATHSPECS", "1"),
        ("GIT_CEILING_DIRECTORIES", "/"),
    ],
)
def test_no_variable_of_git_changes_what_is_told(
    name: str, value: str, here: Path, commit: Commit, monkeypatch: pytest.MonkeyPatch
) -> None:
    _tenant(here / "schedules")
    sha = commit()
    monkeypatch.setenv(name, value)
    assert state_of("schedules") == RepoState(str(here), sha)


@pytest.mark.parametrize("mark", ["--assume-unchanged", "--skip-worktree"])
def test_an_edit_that_the_index_hides_is_dirty(mark: str, here: Path, git: Git, commit: Commit) -> None:
    file = _tenant(here / "schedules") / "cam_001.yaml"
    sha = commit()
    git("update-index", mark, "schedules/cam_001.yaml")
    assert state_of("schedules") == RepoState(str(here), sha)
    file.write_text("campaignId: CAM_002\n")
    assert state_of("schedules") == RepoState(str(here), sha, dirty=True)
    file.unlink()
    assert state_of("schedules") == RepoState(str(here), sha, dirty=True)


def test_what_a_hidden_link_leads_to_cannot_be_told(here: Path, git: Git, commit: Commit) -> None:
    link = _tenant(here / "schedules") / "cam_002.yaml"
    link.symlink_to("cam_001.yaml")
    sha = commit()
    git("update-index", "--assume-unchanged", "schedules/cam_002.yaml")
    assert state_of("schedules") == RepoState(str(here), sha, dirty=True)


def test_a_broken_repository_is_not_that_of_a_folder_above(here: Path, commit: Commit) -> None:
    commit()
    inner = _tenant(here / "inner")
    (inner / ".git").mkdir()
    (inner / ".git" / "HEAD").write_text("nonsense\n")
    state = state_of("inner")
    assert (state.root, state.sha, state.dirty) == (str(inner), None, None)
    assert "not a git repository" in state.fault


def test_a_folder_that_is_gone_is_wrong_usage(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = here / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(UsageError, match="the current folder does not exist any more"):
        state_of("schedules")


def test_a_name_too_long_for_the_system_has_a_state(here: Path) -> None:
    for path in ("a" * 5000, "a/" * 5000):
        assert state_of(path) == RepoState(str(here))


def test_without_the_program_the_root_is_still_found(
    here: Path, commit: Commit, monkeypatch: pytest.MonkeyPatch
) -> None:
    _tenant(here / "schedules")
    commit()
    monkeypatch.setenv("PATH", str(here))
    state = state_of("schedules")
    assert (state.root, state.sha, state.dirty) == (str(here), None, None)
    assert "git cannot be run" in state.fault


def test_a_repository_that_git_refuses_is_told(here: Path, commit: Commit) -> None:
    _tenant(here)
    commit()
    (here / ".git" / "config").write_text("[broken\n")
    state = state_of(".")
    assert state.root == str(here)
    assert "config" in state.fault


def test_links_in_path_are_resolved(here: Path, commit: Commit) -> None:
    _tenant(here / "schedules")
    sha = commit()
    link = here.parent / f"{here.name}-link"
    link.symlink_to(here / "schedules")
    try:
        assert state_of(os.fspath(link)) == RepoState(str(here), sha)
    finally:
        link.unlink()
