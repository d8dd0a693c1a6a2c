from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

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
def test_dirty_is_what_the_desired_state_is_read_from(
    here: Path, commit: Commit, change: str, dirty: bool
) -> None:
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


def test_without_the_program_the_root_is_still_found(
    here: Path, commit: Commit, monkeypatch: pytest.MonkeyPatch
) -> None:
    _tenant(here / "schedules")
    commit()
    monkeypatch.setenv("PATH", str(here))
    state = state_of("schedules")
    assert (state.root, state.sha, state.dirty) == (str(here), None, False)
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
