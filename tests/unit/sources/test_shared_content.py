"""What two sources of a run share is read and built once, and says what it says when each is read by itself."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from reconciler.desired import Desired, Reader, load
from reconciler.sources import WorkTree, blob_id
from reconciler.sources.revision import Revision

TENANT = "name: acme\nbaseUri: http://127.0.0.1:1\n"
SCHEDULE = """\
campaignId: {campaign}
schedules:
  - name: Weekdays
    timezone: America/New_York
    scheduleDetails:
      - dayOfWeek: [MONDAY, TUESDAY]
        startTime: "09:00"
        endTime: "17:00"
        maxCallsPerHour: 800
        predictiveRate: 1.2
        maxCallsPerAgentPerDay: 150
"""
DEFAULTS = "window: {maxCallsPerDay: 5000}\n"


@pytest.fixture
def folder(here: Path, commit: Callable[[], str]) -> Path:
    """Three campaign files, of which two are in a folder of their own, all committed."""
    (here / "s" / "deep").mkdir(parents=True)
    (here / "s" / "tenant.yaml").write_text(TENANT)
    (here / "s" / "defaults.yaml").write_text(DEFAULTS)
    for name in ("a", "deep/b", "deep/c"):
        (here / "s" / f"{name}.yaml").write_text(SCHEDULE.format(campaign=f"C_{name[-1]}"))
    (here / "s" / "word.yaml").write_text("word\n")
    commit()
    return here / "s"


def both(folder: Path, kind: str) -> tuple[Desired, Desired, Desired]:
    """The work tree, and the commit after it with what is known by then; and the commit by itself."""
    root, path = str(folder.parent), str(folder)
    reader = Reader(partial(blob_id, like=kind))
    now = load(WorkTree(root), path, reader=reader)
    return now, load(Revision(root, "HEAD"), path, reader=reader), load(Revision(root, "HEAD"), path)


def nothing(_folder: Path) -> None:
    """As committed."""


def a_campaign(folder: Path) -> None:
    (folder / "a.yaml").write_text(SCHEDULE.format(campaign="C_a").replace("800", "700"))


def the_defaults(folder: Path) -> None:
    (folder / "defaults.yaml").write_text("window: {maxCallsPerDay: 4000}\n")


def deeper_defaults(folder: Path) -> None:
    (folder / "deep" / "defaults.yaml").write_text("schedule: {closures: [{date: 2026-12-25}]}\n")


def a_move(folder: Path) -> None:
    (folder / "deep" / "b.yaml").rename(folder / "b.yaml")


def a_copy(folder: Path) -> None:
    (folder / "copy.yaml").write_bytes((folder / "a.yaml").read_bytes())


def a_comment_above(folder: Path) -> None:
    (folder / "word.yaml").write_text("# moves the word down\nword\n")


def the_tenant(folder: Path) -> None:
    (folder / "tenant.yaml").write_text(f"{TENANT}api: admin\nadmin: {{timezone: America/New_York}}\n")


def what_is_no_yaml(folder: Path) -> None:
    (folder / "a.yaml").write_text("a: [")


EDITS = (
    nothing,
    a_campaign,
    the_defaults,
    deeper_defaults,
    a_move,
    a_copy,
    a_comment_above,
    the_tenant,
    what_is_no_yaml,
)


@pytest.mark.parametrize("kind", ["0" * 40, "0" * 64], ids=["sha1", "sha256"])
@pytest.mark.parametrize("edit", EDITS)
def test_a_revision_says_the_same_whatever_is_known(folder: Path, edit: Callable[[Path], None], kind: str) -> None:
    edit(folder)

    _, shared, alone = both(folder, kind)

    assert shared == alone
    assert len(shared.tenants[0].schedules) == 3


def test_what_did_not_change_is_the_same_object(folder: Path) -> None:
    a_campaign(folder)

    now, then, _ = both(folder, "0" * 40)

    (tenant,), (before,) = now.tenants, then.tenants
    same = [one is other for one, other in zip(tenant.schedules, before.schedules, strict=True)]
    assert same == [False, True, True]


def test_a_content_has_the_name_that_git_gives_it(folder: Path, git: Callable[..., str]) -> None:
    data = (folder / "a.yaml").read_bytes()

    assert blob_id(data, "0" * 40) == git("rev-parse", "HEAD:s/a.yaml").strip()
