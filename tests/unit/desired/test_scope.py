from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.desired.scope import Scope, is_below, scope_of
from reconciler.errors import DesiredStateError
from reconciler.files import File
from reconciler.sources import WorkTree


def _scope(here: Path, path: str, *names: str) -> Scope:
    for name in names:
        (here / name).parent.mkdir(parents=True, exist_ok=True)
        (here / name).write_text("")
    source = WorkTree(str(here))
    target = source.target(path)
    assert target is not None
    return scope_of(source, target)


def _names(files: tuple[File, ...]) -> list[str]:
    return [file.name for file in files]


def _territories(scope: Scope) -> dict[str, tuple[list[str], list[str], str | None]]:
    return {tenant.name: (_names(tenant.defaults), _names(tenant.campaigns), tenant.inside) for tenant in scope.tenants}


_ALL = (
    "defaults.yaml",
    "s/defaults.yaml",
    "s/a/tenant.yaml",
    "s/a/defaults.yaml",
    "s/a/x.yaml",
    "s/a/deep/y.yaml",
    "s/a/deep/defaults.yaml",
    "s/b/tenant.yaml",
    "s/b/z.yaml",
)
_A = (["s/a/deep/defaults.yaml", "s/a/defaults.yaml"], ["s/a/deep/y.yaml", "s/a/x.yaml"], None)


@pytest.mark.parametrize(
    ("path", "folders", "shared", "narrow"),
    [
        (".", ["s/a", "s/b"], ["defaults.yaml", "s/defaults.yaml"], None),
        ("s", ["s/a", "s/b"], ["defaults.yaml", "s/defaults.yaml"], None),
        ("s/a", ["s/a"], ["defaults.yaml", "s/defaults.yaml"], None),
        ("s/a/tenant.yaml", ["s/a"], ["defaults.yaml", "s/defaults.yaml"], None),
        ("s/a/defaults.yaml", ["s/a"], ["defaults.yaml", "s/defaults.yaml"], None),
        ("s/a/deep", ["s/a"], ["defaults.yaml", "s/defaults.yaml"], "s/a/deep"),
        ("s/a/deep/defaults.yaml", ["s/a"], ["defaults.yaml", "s/defaults.yaml"], "s/a/deep"),
        ("s/a/x.yaml", ["s/a"], ["defaults.yaml", "s/defaults.yaml"], "s/a/x.yaml"),
    ],
)
def test_every_path_finds_whole_territories(
    here: Path, path: str, folders: list[str], shared: list[str], narrow: str | None
) -> None:
    scope = _scope(here, path, *_ALL)
    found = _territories(scope)
    assert list(found) == folders
    assert found["s/a"] == _A
    assert _names(scope.shared) == shared
    assert (scope.outside, scope.obstacles, scope.narrow) == ((), (), narrow)


def test_what_a_narrow_path_covers(here: Path) -> None:
    scope = _scope(here, "s/a/deep", *_ALL)
    assert [scope.covers(name) for name in ("s/a/deep/y.yaml", "s/a/deeper/y.yaml", "s/a/x.yaml")] == [
        True,
        False,
        False,
    ]


def test_a_tenant_within_a_tenant(here: Path) -> None:
    for path in (".", "s", "s/in", "s/in/y.yaml"):
        scope = _scope(here, path, "s/tenant.yaml", "s/x.yaml", "s/in/tenant.yaml", "s/in/y.yaml")
        assert _territories(scope) == {"s": ([], ["s/x.yaml"], None), "s/in": ([], ["s/in/y.yaml"], "s")}


def test_a_tenant_at_the_root_holds_everything(here: Path) -> None:
    scope = _scope(here, "s", "tenant.yaml", "x.yaml", "s/y.yaml", "s/in/tenant.yaml")
    assert _territories(scope) == {"": ([], ["s/y.yaml", "x.yaml"], None), "s/in": ([], [], "")}
    assert scope.narrow == "s"


def test_files_of_no_tenant(here: Path) -> None:
    scope = _scope(here, "s", "s/a/tenant.yaml", "s/a/x.yaml", "s/lost.yaml", "elsewhere.yaml")
    assert _names(scope.outside) == ["s/lost.yaml"]
    assert _names(_scope(here, "s/lost.yaml").outside) == ["s/lost.yaml"]


@pytest.mark.parametrize("name", ["s/_draft.yaml", "s/.hidden.yaml", "s/notes.md"])
def test_a_file_that_would_be_skipped_is_refused(here: Path, name: str) -> None:
    with pytest.raises(DesiredStateError, match="not a campaign file"):
        _scope(here, name, "s/tenant.yaml", name)


def test_links_out_are_obstacles_once(here: Path) -> None:
    for path in (".", "s", "s/deep"):
        (here / "s" / "deep").mkdir(parents=True, exist_ok=True)
        for name in ("tenant.yaml", "s/tenant.yaml", "s/defaults.yaml", "s/x.yaml"):
            if not (here / name).is_symlink():
                (here / name).symlink_to("/etc/hostname")
        scope = _scope(here, path, "s/deep/y.yaml")
        codes = [finding.code for finding in scope.obstacles]
        assert codes
        assert set(codes) == {"file-unsafe"}
        assert len({finding.location for finding in scope.obstacles}) == len(codes)
        assert _names(scope.outside) == ["s/deep/y.yaml"]


def test_names() -> None:
    assert (is_below("a/b", "a"), is_below("ab", "a"), is_below("a", "a"), is_below("x", "")) == (
        True,
        False,
        True,
        True,
    )
