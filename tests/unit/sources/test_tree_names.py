from __future__ import annotations

import os
from pathlib import Path

import pytest

from reconciler.errors import DesiredStateError
from reconciler.sources import WorkTree


@pytest.mark.parametrize(
    ("directory", "name", "shown"),
    [
        (".", "schedules/a.yaml", "schedules/a.yaml"),
        ("schedules", "schedules/a.yaml", "a.yaml"),
        ("schedules", "schedules", "."),
        ("schedules", "defaults.yaml", "../defaults.yaml"),
        ("schedules", "schedules2/a.yaml", "../schedules2/a.yaml"),
        ("schedules/eu", "other/a.yaml", "../../other/a.yaml"),
        ("..", "a.yaml", "root/a.yaml"),
    ],
)
def test_names_are_shown_relative_to_the_current_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, directory: str, name: str, shown: str
) -> None:
    root = tmp_path / "root"
    (root / "schedules" / "eu").mkdir(parents=True)
    monkeypatch.chdir(root / directory)
    assert WorkTree(str(root)).shown(name) == shown


def test_names_that_are_no_text_are_spelled_out(here: Path) -> None:
    assert WorkTree(str(here)).shown(os.fsdecode(b"caf\xe9.yaml")) == "caf\\xe9.yaml"
    assert WorkTree(str(here)).shown("caf\u00e9.yaml") == "caf\u00e9.yaml"


def test_paths_become_names(here: Path) -> None:
    (here / "schedules").mkdir()
    (here / "link").symlink_to("schedules")
    names = WorkTree(str(here))
    assert names.named(".") == ""
    assert names.named("schedules/") == "schedules"
    assert names.named("./schedules/../link/a.yaml") == "schedules/a.yaml"
    assert names.named(str(here / "schedules")) == "schedules"
    assert names.full("schedules/a.yaml") == str(here / "schedules" / "a.yaml")


@pytest.mark.parametrize("path", ["..", "/", "../other"])
def test_a_path_outside_of_the_root_is_refused(here: Path, path: str) -> None:
    with pytest.raises(DesiredStateError, match="does not lie below"):
        WorkTree(str(here)).named(path)
