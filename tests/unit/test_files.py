"""How files are written: whole or not at all, and nothing else in their place."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from reconciler.files import write_whole


def _refuse(_descriptor: int) -> None:
    raise OSError(28, "No space left on device")


def test_a_failure_leaves_what_was_there_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "plan.json"
    write_whole(path, b"before")
    monkeypatch.setattr(os, "fsync", _refuse)
    for place in (path, tmp_path / "new.json"):
        with pytest.raises(OSError, match="No space"):
            write_whole(place, b"after")
    assert [entry.name for entry in tmp_path.iterdir()] == ["plan.json"]
    assert path.read_bytes() == b"before"


def test_a_new_file_replaces_none(tmp_path: Path) -> None:
    path = tmp_path / "cam_001.yaml"
    write_whole(path, b"first", new=True)
    with pytest.raises(FileExistsError):
        write_whole(path, b"second", new=True)
    assert path.read_bytes() == b"first"


def test_a_file_that_appears_meanwhile_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "cam_001.yaml"
    sync = os.fsync

    def appears(descriptor: int) -> None:
        sync(descriptor)
        path.write_bytes(b"somebody else's")

    monkeypatch.setattr(os, "fsync", appears)
    with pytest.raises(FileExistsError):
        write_whole(path, b"ours", new=True)
    assert [entry.name for entry in tmp_path.iterdir()] == ["cam_001.yaml"]
    assert path.read_bytes() == b"somebody else's"


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right on Windows")
def test_a_link_to_nothing_yet_makes_what_it_leads_to(tmp_path: Path) -> None:
    link = tmp_path / "link.json"
    link.symlink_to("there.json")
    write_whole(link, b"data")
    assert link.is_symlink()
    assert (tmp_path / "there.json").read_bytes() == b"data"
