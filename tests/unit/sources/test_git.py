from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.sources.git import GitFailedError, environment, run


def test_gives_what_git_prints(tmp_path: Path) -> None:
    assert run(str(tmp_path), "version").startswith(b"git version")


def test_a_refusal_is_an_error_with_gits_first_line(tmp_path: Path) -> None:
    with pytest.raises(GitFailedError, match="not a git repository"):
        run(str(tmp_path), "rev-parse", "HEAD")


def test_a_missing_program_is_the_same_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GitFailedError, match="cannot be run"):
        run(str(tmp_path), "version")


def test_an_argument_with_nul_is_the_same_error(tmp_path: Path) -> None:
    with pytest.raises(GitFailedError):
        run(str(tmp_path), "rev-parse", "a\0b")


def test_the_environment_loses_places_and_keeps_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", "/elsewhere")
    monkeypatch.setenv("GIT_CONFIG_COUNT", "0")
    assert "GIT_DIR" not in environment()
    assert environment()["GIT_CONFIG_COUNT"] == "0"
