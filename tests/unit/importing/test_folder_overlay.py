"""The work tree as it would be."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler import desired
from reconciler.errors import DesiredStateError
from reconciler.files import File
from reconciler.importing.folder import Overlay
from reconciler.sources import WorkTree

TENANT_FILE = b"name: acme\nbaseUri: https://api.usw2.niceincontact.com\n"


def names(source: Overlay, folder: str) -> list[str]:
    """The files below a folder."""
    return [file.name for file in source.files(folder).files]


def test_texts_hide_files_and_come_beside_them(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a/one.yaml").write_text("old")
    source = Overlay(WorkTree(str(tmp_path)), {"a/one.yaml": b"new"}).with_texts({"a/b/two.yaml": b"2", "c.yaml": b"3"})
    assert names(source, "") == ["a/b/two.yaml", "a/one.yaml", "c.yaml"]
    assert names(source, "a") == ["a/b/two.yaml", "a/one.yaml"]
    assert list(source.read(source.files("").files)) == [b"2", b"new", b"3"]
    assert source.file("c.yaml") == File("c.yaml", "c.yaml")
    assert source.file("d.yaml") is None
    assert (tmp_path / "a/one.yaml").read_text() == "old"


def test_a_file_behind_a_link_is_the_one_that_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "real.yaml").write_text("old")
    (tmp_path / "link.yaml").symlink_to("real.yaml")
    source = Overlay(WorkTree(str(tmp_path)), {"real.yaml": b"new"})
    assert names(source, "") == ["link.yaml", "real.yaml"]
    assert list(source.read(source.files("").files)) == [b"new", b"new"]


def test_a_folder_that_is_to_come_can_be_loaded(tmp_path: Path) -> None:
    source = Overlay(WorkTree(str(tmp_path)), {"new/tenant.yaml": TENANT_FILE}, "new")
    loaded = desired.load(source, str(tmp_path / "new"))
    assert [tenant.settings.folder for tenant in loaded.tenants] == ["new"]


def test_a_path_that_is_wrong_stays_wrong(tmp_path: Path) -> None:
    with pytest.raises(DesiredStateError):
        Overlay(WorkTree(str(tmp_path)), {}).target(str(tmp_path / "missing"))
