"""Where files may go."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from reconciler.errors import DesiredStateError, UsageError
from reconciler.importing.folder import Workspace, find_workspace
from reconciler.pipeline.tenants import Options

TENANT_FILE = "name: acme\nbaseUri: https://api.usw2.niceincontact.com\n"
ENVIRON = {"CXONE_BASE_URI": "https://api.usw2.niceincontact.com/"}


def ground_of(path: Path, *tenants: str, **environ: str) -> Workspace:
    """The ground of a path."""
    return find_workspace(Options(os.fspath(path), date(2026, 11, 22), environ, frozenset(tenants)))


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A git repository with a tenant and its schemas."""
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/HEAD").write_text("ref: refs/heads/main\n")
    (tmp_path / "acme/east").mkdir(parents=True)
    (tmp_path / "acme/tenant.yaml").write_text(TENANT_FILE)
    (tmp_path / "acme/east/cam.yaml").write_text("campaignId: C\nschedules: []\n")
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas/campaign.schema.json").write_text("{}")
    return tmp_path


@pytest.mark.parametrize(
    ("path", "folder", "narrow"),
    [
        ("", "", ""),
        ("acme", "acme", "acme"),
        ("acme/tenant.yaml", "acme", "acme"),
        ("acme/east", "acme/east", "acme/east"),
        ("acme/east/cam.yaml", "acme/east", "acme/east/cam.yaml"),
        ("acme/west/new", "acme/west/new", "acme/west/new"),
    ],
)
def test_path_tells_the_folder_of_new_files(repository: Path, path: str, folder: str, narrow: str) -> None:
    ground = ground_of(repository / path)
    assert (ground.root, ground.folder, ground.narrow, ground.added) == (str(repository), folder, narrow, ())
    assert ground.covers(narrow)
    assert not ground.covers("other") or not narrow
    assert ground.folder_in("acme") == (folder or "acme")


def test_the_schema_is_the_nearest_one(repository: Path) -> None:
    ground = ground_of(repository / "acme")
    assert ground.schema_for("acme/east", "campaign") == "../../schemas/campaign.schema.json"
    assert ground.schema_for("", "campaign") == "schemas/campaign.schema.json"
    assert ground.schema_for("acme", "tenant") is None
    (repository / "acme/schemas").mkdir()
    (repository / "acme/schemas/campaign.schema.json").write_text("{}")
    assert ground.schema_for("acme/east", "campaign") == "../schemas/campaign.schema.json"


def test_a_tenant_is_added_where_there_is_none(tmp_path: Path) -> None:
    ground = ground_of(tmp_path / "new", **ENVIRON)
    assert ground.added == ("tenant.yaml",)
    assert ground.path("tenant.yaml") == tmp_path / "new/tenant.yaml"
    assert list(ground.source.read(ground.source.files("").files)) == [
        b'name: api.usw2.niceincontact.com\nbaseUri: "https://api.usw2.niceincontact.com"\n'
    ]
    assert list(tmp_path.iterdir()) == []


def test_a_tenant_below_path_is_enough(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a/tenant.yaml").write_text(TENANT_FILE)
    assert ground_of(tmp_path).added == ()


@pytest.mark.parametrize(
    ("tenants", "environ"),
    [
        ((), {}),
        ((), {"CXONE_BASE_URI": "http://api.usw2.niceincontact.com"}),
        ((), {"CXONE_BASE_URI": "https://evil.example"}),
        (("a", "b"), ENVIRON),
    ],
)
def test_a_tenant_that_cannot_be_told_is_wrong_usage(
    tmp_path: Path, tenants: tuple[str, ...], environ: dict[str, str]
) -> None:
    with pytest.raises(UsageError):
        ground_of(tmp_path, *tenants, **environ)


def test_a_file_that_does_not_exist_names_no_place(repository: Path) -> None:
    with pytest.raises(DesiredStateError):
        ground_of(repository / "acme/new.yaml")


def test_names_of_a_folder_are_taken_whatever_they_stand_for(repository: Path) -> None:
    (repository / "acme/broken.yaml").symlink_to("nowhere")
    ground = ground_of(repository / "acme")
    assert ground.names_in("acme") == {"tenant.yaml", "east", "broken.yaml"}
    assert ground.names_in("acme/none") == frozenset()
