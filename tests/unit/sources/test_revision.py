from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.errors import DesiredStateError, UsageError
from reconciler.files import File, Target
from reconciler.findings import Finding
from reconciler.sources.revision import Revision

Git = Callable[..., str]
Commit = Callable[[], str]


@pytest.fixture
def history(here: Path, git: Git, commit: Commit) -> tuple[str, str]:
    """Two commits: the second one changes a.yaml, removes gone/ and adds new.yaml."""
    (here / "s" / "gone").mkdir(parents=True)
    (here / "s" / "a.yaml").write_text("first")
    (here / "s" / "gone" / "b.yaml").write_text("b")
    first = commit()
    git("tag", "v1")
    (here / "s" / "a.yaml").write_text("second")
    (here / "s" / "new.yaml").write_text("new")
    (here / "s" / "gone" / "b.yaml").unlink()
    (here / "s" / "gone").rmdir()
    return first, commit()


def _content(source: Revision, folder: str = "s") -> dict[str, bytes | Finding]:
    files = source.files(folder).files
    return dict(zip((file.name for file in files), source.read(files), strict=True))


@pytest.mark.parametrize("ref", ["v1", "HEAD~1", "HEAD^1", "main^", "refs/tags/v1"])
def test_any_spelling_of_a_revision(here: Path, history: tuple[str, str], ref: str) -> None:
    source = Revision(str(here), ref)
    assert source.sha == history[0]
    assert _content(source) == {"s/a.yaml": b"first", "s/gone/b.yaml": b"b"}


def test_the_work_tree_is_neither_read_nor_touched(here: Path, git: Git, history: tuple[str, str]) -> None:
    (here / "s" / "a.yaml").write_text("not committed")
    (here / "s" / "extra.yaml").write_text("not committed")
    before = git("status", "--porcelain")
    assert _content(Revision(str(here), history[1])) == {"s/a.yaml": b"second", "s/new.yaml": b"new"}
    assert git("status", "--porcelain") == before
    assert (here / "s" / "a.yaml").read_text() == "not committed"


@pytest.mark.parametrize(
    "ref",
    [
        "",
        "nowhere",
        "-h",
        "--help",
        "--git-dir",
        "--output=x",
        "HEAD:s/a.yaml",
        "HEAD^{tree}",
        "a\0b",
        "a b",
        "@{u}",
    ],
)
def test_a_ref_that_is_no_commit_is_wrong_usage(here: Path, history: tuple[str, str], ref: str) -> None:
    assert history
    with pytest.raises(UsageError, match="no commit") as raised:
        Revision(str(here), ref)
    assert raised.value.exit_code == 64
    assert "fetch-depth" in raised.value.hint
    assert sorted(path.name for path in here.iterdir()) == [".git", "s"]


def test_outside_of_git(here: Path) -> None:
    with pytest.raises(UsageError, match="not a git repository"):
        Revision(str(here), "HEAD")


def test_targets(here: Path, history: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    source = Revision(str(here), history[0])
    assert source.target("s/gone") == Target("s/gone", is_folder=True)
    assert source.target("s/gone/b.yaml") == Target("s/gone/b.yaml", is_folder=False)
    assert source.target("s/new.yaml") is None
    assert source.target("elsewhere") is None
    assert source.target(".") == Target("", is_folder=True)
    monkeypatch.chdir(here / "s")
    assert Revision(str(here), "HEAD").target("new.yaml") == Target("s/new.yaml", is_folder=False)
    with pytest.raises(DesiredStateError):
        source.target("../..")


def test_a_target_that_was_a_link_out(here: Path, commit: Commit) -> None:
    (here / "s").symlink_to("../elsewhere")
    sha = commit()
    (here / "s").unlink()
    with pytest.raises(DesiredStateError, match="out of the repository"):
        Revision(str(here), sha).target("s")


def test_names_are_shown_as_in_the_work_tree(
    here: Path, history: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Revision(str(here), history[0]).shown("s/gone/b.yaml") == "s/gone/b.yaml"
    monkeypatch.chdir(here / "s")
    assert Revision(str(here), history[0]).shown("s/gone/b.yaml") == "gone/b.yaml"


def test_a_submodule_holds_no_files(here: Path, git: Git, history: tuple[str, str]) -> None:
    git("update-index", "--add", "--cacheinfo", f"160000,{history[0]},s/module.yaml")
    git("commit", "-q", "-m", "module")
    listing = Revision(str(here), "HEAD").files("s")
    assert "s/module.yaml" not in [file.name for file in listing.files]


def test_content_that_git_lacks_is_a_finding(here: Path, history: tuple[str, str], git: Git) -> None:
    blob = git("rev-parse", "HEAD:s/new.yaml")
    (here / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    found = _content(Revision(str(here), history[1]))
    assert found["s/a.yaml"] == b"second"
    lost = found["s/new.yaml"]
    assert isinstance(lost, Finding)
    assert lost.code == "file-unreadable"


def test_reading_may_end_early(here: Path, history: tuple[str, str]) -> None:
    source = Revision(str(here), history[0])
    reading = source.read((File("s/a.yaml", "s/a.yaml"), File("s/gone/b.yaml", "s/gone/b.yaml")))
    assert next(reading) == b"first"
    del reading
    assert list(source.read(())) == []


def test_an_empty_commit(here: Path, commit: Commit) -> None:
    source = Revision(str(here), commit())
    assert source.files("").files == ()
    assert source.target("schedules") is None


@pytest.mark.parametrize("ref", ["^HEAD", "HEAD..HEAD", "HEAD^@", "HEAD:schedules", "", "--all"])
def test_what_names_no_single_commit_is_wrong_usage(ref: str, here: Path, commit: Callable[[], str]) -> None:
    commit()
    with pytest.raises(UsageError, match="git knows no commit"):
        Revision(str(here), ref)


def test_a_replaced_commit_is_read_as_it_was_committed(here: Path, git: Git, commit: Callable[[], str]) -> None:
    (here / "a.yaml").write_text("before\n")
    first = commit()
    (here / "a.yaml").write_text("after\n")
    git("replace", first, commit())
    [file] = Revision(str(here), first).files("").files
    assert list(Revision(str(here), first).read([file])) == [b"before\n"]


def test_a_commit_whose_tree_is_missing_is_told(here: Path, git: Git, commit: Callable[[], str]) -> None:
    (here / "a.yaml").write_text("x\n")
    sha = commit()
    tree = git("rev-parse", "HEAD^{tree}")
    (here / ".git" / "objects" / tree[:2] / tree[2:]).unlink()
    with pytest.raises(DesiredStateError, match="git cannot list the files"):
        Revision(str(here), sha)
