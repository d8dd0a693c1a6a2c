from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from reconciler.errors import DesiredStateError
from reconciler.files import File, Target
from reconciler.findings import Finding
from reconciler.sources import WorkTree
from reconciler.sources.tree import UnsafeLinkError


def test_targets(here: Path) -> None:
    (here / "s").mkdir()
    (here / "s" / "a.yaml").write_text("")
    (here / "link").symlink_to("s/a.yaml")
    tree = WorkTree(str(here))
    assert tree.target("s") == Target("s", is_folder=True)
    assert tree.target("s/a.yaml") == Target("s/a.yaml", is_folder=False)
    assert tree.target("link") == Target("s/a.yaml", is_folder=False)
    assert tree.target(".") == Target("", is_folder=True)


def test_a_path_that_is_not_there(here: Path) -> None:
    with pytest.raises(DesiredStateError, match="does not exist") as raised:
        WorkTree(str(here)).target("schedules")
    assert raised.value.exit_code == 3
    assert raised.value.hint


def test_a_link_in_a_circle_is_no_target(here: Path) -> None:
    (here / "a").symlink_to("b")
    (here / "b").symlink_to("a")
    with pytest.raises(DesiredStateError):
        WorkTree(str(here)).target("a")


def test_special_files_never_hang(here: Path) -> None:
    os.mkfifo(here / "pipe.yaml")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket.yaml")
        tree = WorkTree(str(here))
        listing = tree.files("")
        assert listing.files == ()
        assert [(name, finding.code) for name, finding in listing.obstacles.items()] == [
            ("pipe.yaml", "file-unreadable"),
            ("socket.yaml", "file-unreadable"),
        ]
        with pytest.raises(DesiredStateError, match="neither"):
            tree.target("pipe.yaml")
        (found,) = tree.read((File("pipe.yaml", "pipe.yaml"),))
        assert isinstance(found, Finding)
        assert found.code == "file-unreadable"


def test_a_file_that_vanished_is_a_finding_and_the_next_is_read(here: Path) -> None:
    (here / "b.yaml").write_text("b")
    gone, there = WorkTree(str(here)).read((File("a.yaml", "a.yaml"), File("b.yaml", "b.yaml")))
    assert isinstance(gone, Finding)
    assert (gone.code, gone.location and gone.location.file) == ("file-unreadable", "a.yaml")
    assert there == b"b"


def test_a_link_in_the_place_of_a_file_is_not_followed(here: Path) -> None:
    (here / "a.yaml").symlink_to("/etc/hostname")
    (found,) = WorkTree(str(here)).read((File("a.yaml", "a.yaml"),))
    assert isinstance(found, Finding)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_a_finding(here: Path) -> None:
    (here / "a.yaml").write_text("a")
    (here / "a.yaml").chmod(0)
    (here / "closed").mkdir(mode=0)
    tree = WorkTree(str(here))
    listing = tree.files("")
    assert [(name, finding.code) for name, finding in listing.obstacles.items()] == [("closed", "file-unreadable")]
    (found,) = tree.read(listing.files)
    assert isinstance(found, Finding)
    assert found.code == "file-unreadable"
    (here / "closed").chmod(0o700)


def test_a_deep_folder_is_walked(here: Path) -> None:
    folder = here
    for _ in range(300):
        folder = folder / "d"
    folder.mkdir(parents=True)
    (folder / "a.yaml").write_text("a")
    assert len(WorkTree(str(here)).files("").files) == 1


def test_a_link_that_cannot_be_read_is_not_followed(here: Path) -> None:
    with pytest.raises(UnsafeLinkError, match="cannot be read"):
        WorkTree(str(here)).link_target("gone.yaml")
