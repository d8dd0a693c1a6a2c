"""A journal that is a folder: a file a month, one chain, one writer."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reconciler.audit.chain import HEALED
from reconciler.audit.journal import Journal
from reconciler.audit.months import find_journals
from reconciler.errors import JournalBrokenError, JournalUnavailableError
from tests.support.journals import read_entries

MONTHS = (10, 11, 12)


def write(folder: Path, month: int, *actions: str, day: int = 3) -> None:
    """Lines of a run on a day of 2026."""
    with Journal(folder, clock=lambda: datetime(2026, month, day, 12, tzinfo=UTC)) as journal:
        for action in actions:
            journal.append({"action": action, "month": month})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three months of two lines each."""
    place = tmp_path / "journal"
    place.mkdir()
    for month in MONTHS:
        write(place, month, "TEST", "RUN_ENDED")
    return place


def names(folder: Path) -> list[str]:
    """The files of a folder."""
    return sorted(path.name for path in folder.iterdir())


def test_each_month_has_a_file_and_the_chain_goes_on(folder: Path) -> None:
    assert names(folder) == ["2026-10.jsonl", "2026-11.jsonl", "2026-12.jsonl"]
    assert [entry["month"] for entry in read_entries(folder).entries] == [10, 10, 11, 11, 12, 12]


def test_several_files_are_put_in_order(folder: Path) -> None:
    places = [folder / name for name in ("2026-12.jsonl", "2026-10.jsonl", "2026-11.jsonl")]

    (journal,) = find_journals([*places, folder])

    assert [entry["month"] for entry in journal.entries()] == [10, 10, 11, 11, 12, 12]


def test_a_clock_that_was_set_back_goes_on_in_the_newest_file(folder: Path) -> None:
    write(folder, 11, "LATE", day=30)

    assert names(folder) == ["2026-10.jsonl", "2026-11.jsonl", "2026-12.jsonl"]
    last = read_entries(folder).entries[-1]
    assert (last["action"], last["timestamp"][:7]) == ("LATE", "2026-11")


@pytest.mark.parametrize("name", ["2026-10.jsonl", "2026-11.jsonl"])
def test_a_file_that_is_missing_is_found(folder: Path, name: str) -> None:
    (folder / name).unlink()

    with pytest.raises(JournalBrokenError, match="a whole file is missing"):
        read_entries(folder)


@pytest.mark.parametrize("number", range(5))
def test_a_line_that_is_missing_is_found(folder: Path, number: int) -> None:
    path = folder / f"2026-{MONTHS[number // 2]}.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    del lines[number % 2]
    path.write_bytes(b"".join(lines))

    with pytest.raises(JournalBrokenError, match=r"2026-1[012]\.jsonl:1: "):
        read_entries(folder)


def test_an_edited_line_of_an_old_file_is_named(folder: Path) -> None:
    path = folder / "2026-10.jsonl"
    path.write_bytes(path.read_bytes().replace(b"RUN_ENDED", b"RUN_ABCDE"))

    with pytest.raises(JournalBrokenError, match=r"2026-10\.jsonl:2: .*edited"):
        read_entries(folder)


def test_a_file_of_another_journal_is_found(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    write(other, 9, "OTHER")
    (other / "2026-09.jsonl").rename(folder / "2026-09.jsonl")

    assert len(find_journals([folder])) == 2  # two chains, each with its own beginning
    (folder / "2026-10.jsonl").unlink()
    with pytest.raises(JournalBrokenError):
        find_journals([folder])


def test_an_old_file_that_is_torn_is_broken(folder: Path) -> None:
    path = folder / "2026-11.jsonl"
    path.write_bytes(path.read_bytes() + b'{"action":"X"')

    with pytest.raises(JournalBrokenError, match="another file follows"):
        read_entries(folder)


def test_a_torn_line_is_healed_where_it_is_before_the_next_month_begins(tmp_path: Path) -> None:
    write(tmp_path, 10, "ONE")
    with (tmp_path / "2026-10.jsonl").open("ab") as file:
        file.write(b'{"action":"TW')

    write(tmp_path, 11, "THREE")

    assert [entry["action"] for entry in read_entries(tmp_path).entries] == ["ONE", HEALED, "THREE"]
    assert len((tmp_path / "2026-10.jsonl").read_bytes().splitlines()) == 2


def test_an_empty_newest_file_does_not_hide_the_end_of_the_one_before(folder: Path) -> None:
    (folder / "2027-01.jsonl").touch()

    write(folder, 12, "ON")

    assert read_entries(folder).entries[-1]["action"] == "ON"
    assert (folder / "2027-01.jsonl").stat().st_size > 0


def test_other_files_of_the_folder_are_none_of_the_journal(folder: Path) -> None:
    for name in ("2026-13.jsonl", "audit.jsonl", "2026-11.jsonl.bak"):
        (folder / name).write_text("notes\n", encoding="utf-8")

    write(folder, 12, "ON")

    assert len(read_entries(folder).entries) == 7


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes in folders")
def test_a_pipe_in_place_of_a_month_is_not_waited_for(folder: Path) -> None:
    import os

    os.mkfifo(folder / "2027-01.jsonl")

    with pytest.raises(JournalUnavailableError, match="not a file"):
        write(folder, 12, "ON")
    with pytest.raises(JournalBrokenError, match="pipe"):
        find_journals([folder])


HOLD = """\
import sys
from datetime import UTC, datetime
from pathlib import Path
from reconciler.audit.journal import Journal
with Journal(Path(sys.argv[1]), clock=lambda: datetime(2026, int(sys.argv[2]), 1, tzinfo=UTC)) as journal:
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(params=[12, 11])
def held(folder: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """The folder while another process writes it, in this month or the one before."""
    (folder / "2026-12.jsonl").unlink()
    call = [sys.executable, "-c", HOLD, str(folder), str(request.param)]
    with subprocess.Popen(call, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield folder
        process.communicate()


def test_two_at_a_time_are_refused_whatever_month_it_is_for_each(held: Path) -> None:
    before = {path.name: path.read_bytes() for path in held.iterdir()}
    for month in (11, 12):
        with pytest.raises(JournalUnavailableError, match="another apply"):
            write(held, month, "SECOND")

    assert {path.name: path.read_bytes() for path in held.iterdir()} == before


@pytest.mark.parametrize("edited", ["2026-12.jsonl", "2026-11.jsonl"])
def test_nothing_is_added_after_an_edited_end(folder: Path, edited: str) -> None:
    path = folder / edited
    path.write_bytes(path.read_bytes().replace(b"RUN_ENDED", b"RUN_ABCDE"))
    if edited == "2026-11.jsonl":
        (folder / "2026-12.jsonl").unlink()

    with pytest.raises(JournalUnavailableError, match="broken"):
        write(folder, 12, "ON")
