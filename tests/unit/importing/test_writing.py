"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from reconciler.errors import ReconcilerError
from reconciler.importing.run import FileWrite, write_all


def test_new_files_get_their_folders_and_the_usual_mode(tmp_path: Path) -> None:
    path = tmp_path / "a/b/new.yaml"
    before = os.umask(0o027)
    write_all([FileWrite(path, b"x\r\n", None)])
    os.umask(before)
    assert path.read_bytes() == b"x\r\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [entry.name for entry in path.parent.iterdir()] == ["new.yaml"]


def test_a_file_that_is_there_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "old.yaml"
    path.write_bytes(b"old")
    path.chmod(0o664)
    write_all([FileWrite(path, b"new", b"old")])
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"new", 0o664)


@pytest.mark.parametrize("before", [None, b"as it was read"])
def test_a_file_that_somebody_changed_keeps_all_from_being_written(tmp_path: Path, before: bytes | None) -> None:
    path = tmp_path / "b.yaml"
    path.write_bytes(b"somebody else's")
    with pytest.raises(ReconcilerError, match="changed while import was running"):
        write_all([FileWrite(tmp_path / "a.yaml", b"x", None), FileWrite(path, b"y", before)])
    assert [entry.name for entry in tmp_path.iterdir()] == ["b.yaml"]
    assert path.read_bytes() == b"somebody else's"


def test_what_was_written_before_a_failure_is_said(tmp_path: Path) -> None:
    (tmp_path / "folder.yaml").mkdir()
    with pytest.raises(ReconcilerError, match=r"nothing was written: .*folder\.yaml cannot be read"):
        write_all([FileWrite(tmp_path / "a.yaml", b"x", None), FileWrite(tmp_path / "folder.yaml", b"y", None)])
    with pytest.raises(ReconcilerError, match="1 of 2 files were written"):
        write_all([FileWrite(tmp_path / "a", b"x", None), FileWrite(tmp_path / "a/b.yaml", b"y", None)])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "folder.yaml"]
