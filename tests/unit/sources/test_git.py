from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.sources.git import GitFailedError, run_git


def test_gives_what_git_prints(tmp_path: Path) -> None:
    assert run_git(str(tmp_path), "version").startswith(b"git version")


def test_a_refusal_is_an_error_with_gits_first_line(tmp_path: Path) -> None:
    with pytest.raises(GitFailedError, match="not a git repository"):
        run_git(str(tmp_path), "rev-parse", "HEAD")


def test_a_missing_program_is_the_same_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GitFailedError, match="cannot be run"):
        run_git(str(tmp_path), "version")


def test_an_argument_with_nul_is_the_same_error(tmp_path: Path) -> None:
    with pytest.raises(GitFailedError):
        run_git(str(tmp_path), "rev-parse", "a\0b")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("GIT_DIR", False),
        ("GIT_OBJECT_DIRECTORY", False),
        ("GIT_ALTERNATE_OBJECT_DIRECTORIES", False),
        ("GIT_GLOB_PATHSPECS", False),
        ("GIT_LITERAL_PATHSPECS", False),
        ("GIT_SOME_VARIABLE_OF_TOMORROW", False),
        ("CXONE_CLIENT_SECRET", False),
        ("GIT_CONFIG_COUNT", True),
        ("GIT_CONFIG_KEY_0", True),
        ("GIT_CONFIG_GLOBAL", True),
        ("HOME", True),
    ],
)
def test_only_safe_variables_reach_git(name: str, kept: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "0")
    variables = run_git(str(tmp_path), "-c", "alias.variables=!env", "variables").decode().splitlines()
    assert (f"{name}=0" in variables) is kept
