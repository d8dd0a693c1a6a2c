"""The same tree is walked on the disk and in git's objects, and must give the same."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.files import File, Listing, Source
from reconciler.sources import WorkTree
from reconciler.sources.revision import Revision

Commit = Callable[[], str]
Make = Callable[[Path], Source]


@pytest.fixture(params=["work tree", "revision"])
def source(request: pytest.FixtureRequest, commit: Commit) -> Make:
    def make(root: Path) -> Source:
        if request.param == "work tree":
            return WorkTree(str(root))
        return Revision(str(root), commit())

    return make


def _write(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(os.fsencode(f"# {name}\n"))


def _links(root: Path, **links: str) -> None:
    for name, target in links.items():
        (root / name).symlink_to(target)


def _told(listing: Listing) -> list[tuple[str, str, str]]:
    return [(name, finding.code, finding.message) for name, finding in sorted(listing.obstacles.items())]


def _names(listing: Listing) -> list[str]:
    return [file.name for file in listing.files]


def test_yaml_files_below_a_folder_sorted(here: Path, source: Make) -> None:
    _write(here, "s/b.yaml", "s/a/z.yml", "s/a.yaml", "s/C.YAML", "s/notes.md", "s/yaml", "t/x.yaml")
    assert _names(source(here).files("s")) == ["s/C.YAML", "s/a.yaml", "s/a/z.yml", "s/b.yaml"]
    assert "t/x.yaml" in _names(source(here).files(""))


def test_names_that_start_with_dot_or_underscore_are_skipped(here: Path, source: Make) -> None:
    _write(here, "_a.yaml", ".b.yaml", "_c/d.yaml", ".e/f.yaml", "g/_h.yaml", "i.yaml")
    assert _names(source(here).files("")) == ["i.yaml"]


def test_a_link_to_a_file_inside_is_read(here: Path, source: Make) -> None:
    _write(here, "_shared/a.yaml", "s/b.yaml")
    _links(here / "s", **{"linked.yaml": "../_shared/a.yaml", "chain.yaml": "linked.yaml"})
    made = source(here)
    listing = made.files("s")
    assert listing.obstacles == {}
    assert listing.files == (
        File("s/b.yaml", "s/b.yaml"),
        File("s/chain.yaml", "_shared/a.yaml"),
        File("s/linked.yaml", "_shared/a.yaml"),
    )
    assert list(made.read(listing.files)) == [b"# s/b.yaml\n", b"# _shared/a.yaml\n", b"# _shared/a.yaml\n"]


def test_a_link_to_a_folder_inside_is_walked(here: Path, source: Make) -> None:
    _write(here, "_shared/deep/a.yaml", "s/b.yaml")
    _links(here / "s", shared="../_shared")
    made = source(here)
    listing = made.files("s")
    assert _names(listing) == ["s/b.yaml", "s/shared/deep/a.yaml"]
    assert list(made.read(listing.files[1:])) == [b"# _shared/deep/a.yaml\n"]


@pytest.mark.parametrize(
    ("target", "code", "words"),
    [
        ("../../outside.yaml", "file-unsafe", "out of the repository"),
        ("/etc/hostname", "file-unsafe", "absolute path"),
        ("a.yaml", "file-unsafe", "circle"),
        ("b.yaml", "file-unsafe", "circle"),
        ("nowhere.yaml", "file-unreadable", "leads to nothing"),
        ("c.yaml/below", "file-unreadable", "leads to nothing"),
    ],
)
def test_links_that_are_not_followed(here: Path, source: Make, target: str, code: str, words: str) -> None:
    _write(here, "s/c.yaml")
    _links(here / "s", **{"a.yaml": target, "b.yaml": "a.yaml"})
    listing = source(here).files("s")
    assert _names(listing) == ["s/c.yaml"]
    assert [(name, told) for name, told, _ in _told(listing)] == [("s/a.yaml", code), ("s/b.yaml", code)]
    assert words in _told(listing)[0][2]
    location = listing.obstacles["s/a.yaml"].location
    assert location is not None
    assert (location.file, location.line, location.column) == ("s/a.yaml", 1, 1)


@pytest.mark.parametrize("target", [".", "..", "../s", "../../HERE/s"])
def test_a_folder_link_that_leads_back_is_a_finding(here: Path, source: Make, target: str) -> None:
    _write(here, "s/a.yaml")
    _links(here / "s", back=target.replace("HERE", here.name))
    listing = source(here).files("s")
    assert _names(listing) == ["s/a.yaml"]
    assert [obstacle[:2] for obstacle in _told(listing)] == [("s/back", "file-unsafe")]


def test_two_folders_that_link_to_each_other_end(here: Path, source: Make) -> None:
    _write(here, "a/x.yaml", "b/y.yaml")
    _links(here / "a", to_b="../b")
    _links(here / "b", to_a="../a")
    listing = source(here).files("a")
    assert _names(listing) == ["a/to_b/y.yaml", "a/x.yaml"]
    assert [obstacle[:2] for obstacle in _told(listing)] == [("a/to_b/to_a", "file-unsafe")]


def test_links_that_multiply_are_bounded(here: Path, source: Make) -> None:
    for level in range(11):
        _write(here, f"l{level}/x.yaml")
        _links(here / f"l{level}", one=f"../l{level + 1}", two=f"../l{level + 1}")
    _write(here, "l11/x.yaml")
    listing = source(here).files("l0")
    assert len(listing.files) <= 1001
    assert any("more than 1000 links" in finding.message for finding in listing.obstacles.values())


def test_a_link_without_interest_is_not_told(here: Path, source: Make) -> None:
    _write(here, "s/a.yaml", "README.md")
    _links(here / "s", **{"gone.md": "nowhere.md", "README.md": "../README.md", "LICENSE": "../README.md"})
    listing = source(here).files("s")
    assert (_names(listing), listing.obstacles) == (["s/a.yaml"], {})


def test_one_file_by_name(here: Path, source: Make) -> None:
    _write(here, "s/a.json", "t/b.json")
    _links(here / "s", out="../../..", inside="../t")
    made = source(here)
    assert made.file("s/a.json") == File("s/a.json", "s/a.json")
    assert made.file("s/inside/b.json") == File("s/inside/b.json", "t/b.json")
    assert made.file("s/../t/b.json") == File("s/../t/b.json", "t/b.json")
    assert made.file("s") is None
    assert made.file("s/nowhere.json") is None
    for name in ("s/../../x", "s/out/etc/passwd"):
        found = made.file(name)
        assert found is not None
        assert not isinstance(found, File)
        assert found.code == "file-unsafe"


def test_a_file_too_large_is_not_read(here: Path, source: Make) -> None:
    (here / "big.yaml").write_bytes(b"#" * (5 * 1024 * 1024 + 1))
    (here / "most.yaml").write_bytes(b"#" * (5 * 1024 * 1024))
    _write(here, "small.yaml")
    made = source(here)
    found, most, small = made.read(made.files("").files)
    assert not isinstance(found, bytes)
    assert (found.code, found.location and found.location.file) == ("file-unsafe", "big.yaml")
    assert most == b"#" * (5 * 1024 * 1024)
    assert small == b"# small.yaml\n"


def test_names_with_blanks_newlines_and_bytes(here: Path, source: Make) -> None:
    _write(here, "a b.yaml", "new\nline.yaml", "\u00fc.yaml", os.fsdecode(b"\xff.yaml"))
    made = source(here)
    listing = made.files("")
    assert len(listing.files) == 4
    assert all(isinstance(data, bytes) for data in made.read(listing.files))
    assert all(made.shown(file.name).isprintable() or "\n" in file.name for file in listing.files)
