"""Nothing is written to a tenant if the journal cannot be: exit 4 before the first write, a stop in the middle."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.apply_world import LATE, World
from tests.support.commands import Ended
from tests.support.journals import read_entries

Command = Callable[..., Ended]

HOLD = """\
import sys
from pathlib import Path
from reconciler.audit.journal import Journal
with Journal(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""
LIMITED = """\
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
from reconciler.cli import run
sys.exit(run(sys.argv[2:]))
"""


@pytest.fixture
def held(world: World) -> Iterator[Path]:
    """The world's journal while another process writes it."""
    call = [sys.executable, "-c", HOLD, str(world.journal)]
    with subprocess.Popen(call, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield world.journal
        process.communicate()


def apply_with_room(world: World, size: int) -> subprocess.CompletedProcess[str]:
    """An apply by a process that can make no file larger than this, as on a disk that fills up."""
    arguments = ["apply", str(world.root / "schedules"), "--auto-approve", "--audit-log", str(world.journal)]
    return subprocess.run(
        [sys.executable, "-c", LIMITED, str(size), *arguments, "--format", "json"],
        env={**os.environ, **world.environ},
        capture_output=True,
        text=True,
        check=False,
    )


def is_refused(world: World, ended: Ended, *words: str) -> None:
    """Exit 4 with these words, and no write."""
    assert ended.code == 4, ended.err
    for word in words:
        assert word in ended.err
    assert world.writes() == {}


def test_another_process_writes_it(world: World, command: Command, held: Path) -> None:
    is_refused(world, command("apply", "--auto-approve"), "another apply", str(held), "--audit-log")


def test_it_is_free_again_when_that_process_has_ended(world: World, command: Command) -> None:
    call = [sys.executable, "-c", HOLD, str(world.journal)]
    subprocess.run(call, input="", capture_output=True, text=True, check=True)

    assert command("apply", "--auto-approve").code == 0


def test_a_folder_gets_a_file_a_month(world: World, command: Command) -> None:
    folder = world.root / "journal"

    ended = command("apply", "--auto-approve", "--audit-log", f"{folder}/")
    again = command("apply", "--audit-log", str(folder))

    assert (ended.code, again.code) == (0, 0), ended.err + again.err
    (month,) = folder.iterdir()
    assert re.fullmatch(r"\d{4}-\d{2}\.jsonl", month.name)
    entries = read_entries(folder).entries
    assert [entry["converged"] for entry in entries if entry["action"] == "RUN_ENDED"] == [True, True]


def test_a_folder_that_cannot_be_made(world: World, command: Command) -> None:
    world.journal.write_text("", encoding="utf-8")

    is_refused(world, command("apply", "--auto-approve", "--audit-log", f"{world.journal}/"), "cannot be made")


def test_a_place_below_a_file(world: World, command: Command) -> None:
    world.journal.write_text("", encoding="utf-8")

    ended = command("apply", "--auto-approve", "--audit-log", str(world.journal / "audit.jsonl"))

    is_refused(world, ended, "cannot be written")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this machine has no such device")
def test_a_device_keeps_nothing(world: World, command: Command) -> None:
    world.journal.symlink_to("/dev/full")

    is_refused(world, command("apply", "--auto-approve"), "not a file")


@pytest.mark.parametrize("text", ["notes of somebody", "notes of somebody\n", "{}\n", "\n", '{"action":"x"}\n{"act'])
def test_a_file_that_is_no_journal_is_left_as_it_is(world: World, command: Command, text: str) -> None:
    world.journal.write_text(text, encoding="utf-8")

    is_refused(world, command("apply", "--auto-approve"), "reconciler audit")
    assert world.journal.read_text(encoding="utf-8") == text


def test_a_journal_whose_end_was_edited(world: World, command: Command) -> None:
    command("apply", "--auto-approve")
    text = world.journal.read_text(encoding="utf-8")
    edited = text[: text.rindex('"actor"')] + text[text.rindex('"actor"') :].replace('"actor":"', '"actor":"not-')
    world.journal.write_text(edited, encoding="utf-8")
    world.edit("a.yaml", "maxCallsPerDay: 500", "maxCallsPerDay: 600")
    world.box.clear_log()

    is_refused(world, command("apply", "--auto-approve"), "broken", "reconciler audit")
    assert world.journal.read_text(encoding="utf-8") == edited


def test_nothing_to_do_needs_a_journal_too(world: World, command: Command) -> None:
    """The line that ends a run is the state across runs: one that could not be written would go unnoticed."""
    assert command("apply", "--auto-approve").code == 0

    ended = command("apply", "--audit-log", str(world.journal / "below a file"))

    assert ended.code == 4
    assert "cannot be written" in ended.err


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of a file")
def test_a_disk_that_is_full_from_the_start(world: World) -> None:
    ended = apply_with_room(world, 3000)

    assert ended.returncode == 4, ended.stderr
    assert "File too large" in ended.stderr
    assert world.writes() == {}
    assert world.journal.read_bytes() == b""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of a file")
def test_a_disk_that_fills_up_in_the_middle_stops_the_run(world: World) -> None:
    ended = apply_with_room(world, 6000)

    assert ended.returncode == 5, ended.stderr
    result = json.loads(ended.stdout)
    assert "File too large" in result["stopped"]
    statuses = [write["status"] for write in result["results"]]
    assert statuses[0] == "SUCCESS"
    assert statuses[-1] == "NOT_ATTEMPTED"
    assert {webhook["status"] for webhook in result["webhooks"]} == {"NOT_ATTEMPTED"}
    written = [write["scheduleId"] for write in result["results"] if write["status"] != "NOT_ATTEMPTED"]
    assert {path.rpartition("/")[2] for path in world.writes()} == set(written)
    read = read_entries(world.journal)
    assert read.torn == ""  # half a line was taken back
    assert {entry["scheduleId"] for entry in read.entries} == set(written)  # nothing was sent that it does not tell
    assert world.journal.stat().st_size <= 6000


def test_a_torn_last_line_is_healed_and_told(world: World, command: Command) -> None:
    command("apply", "--auto-approve")
    whole = world.journal.read_bytes()
    world.journal.write_bytes(whole[:-100])
    lines = whole.count(b"\n")
    torn = json.loads(whole.splitlines()[-1])
    assert torn["action"] == "RUN_ENDED"
    world.edit("a.yaml", "maxCallsPerDay: 500", "maxCallsPerDay: 600")

    ended = command("apply", "--auto-approve")

    assert ended.code == 0, ended.err
    assert "was torn" in ended.err
    healed = read_entries(world.journal).entries[lines - 1]
    assert healed["action"] == "JOURNAL_HEALED"
    assert whole.decode().endswith(healed["torn"] + whole.decode()[-100:])
    audit = command("audit", str(world.journal))
    assert audit.code == 0
    assert "1 torn line was healed" in audit.out
    assert [line["runId"] == torn["runId"] for line in world.run_ends()] == [False]
    assert "its end is not in the journal" in audit.out


@pytest.mark.parametrize("way", ["symlink", "hard link", "without the lock file"])
def test_no_other_way_leads_to_a_second_writer(world: World, command: Command, held: Path, way: str) -> None:
    other = world.root / "other.jsonl"
    if way == "symlink":
        other.symlink_to(held)
    elif way == "hard link":
        other.hardlink_to(held)
    else:
        held.with_name(held.name + ".lock").unlink(missing_ok=True)
        other = held

    is_refused(world, command("apply", "--auto-approve", "--audit-log", str(other)), "another apply")
    assert held.read_bytes() == b""


def _removed(journal: Path) -> None:
    journal.unlink()


def _replaced(journal: Path) -> None:
    copy = journal.with_name("copy")
    copy.write_bytes(journal.read_bytes())
    copy.replace(journal)


def _emptied(journal: Path) -> None:
    os.truncate(journal, 0)


def _cut(journal: Path) -> None:
    os.truncate(journal, journal.stat().st_size - 10)


def _lengthened(journal: Path) -> None:
    with journal.open("ab") as file:
        file.write(b"something\n")


MISHAPS = [_removed, _replaced, _emptied, _cut, _lengthened]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows removes no file that is open")
@pytest.mark.parametrize("mishap", MISHAPS)
def test_what_happens_to_it_is_noticed_before_the_next_write(
    world: World, command: Command, mishap: Callable[[Path], None]
) -> None:
    late = {"method": "PUT", "path": f"/{LATE}$"}
    world.fault("edit-before", edit=lambda _store: mishap(world.journal), **late)

    ended = command("apply", "--auto-approve", "--format", "json")

    assert ended.code == 5, ended.err
    result = json.loads(ended.out)
    assert "meanwhile" in result["stopped"]
    assert result["converged"] is False
    assert [write["status"] for write in result["results"]] == ["SUCCESS", "SUCCESS", "NOT_ATTEMPTED"]
    assert {webhook["status"] for webhook in result["webhooks"]} == {"NOT_ATTEMPTED"}
    assert world.puts() == 2


@pytest.mark.skipif(sys.platform == "win32", reason="Windows removes no file that is open")
@pytest.mark.parametrize("mishap", MISHAPS)
def test_what_happens_to_it_after_the_last_write_is_noticed_at_the_end(
    world: World, command: Command, mishap: Callable[[Path], None]
) -> None:
    last = {"method": "GET", "path": "CAM_A/schedules$", "nth": 2}
    world.fault("edit-before", edit=lambda _store: mishap(world.journal), **last)

    ended = command("apply", "--auto-approve", "--format", "json")

    assert ended.code == 5, ended.err
    result = json.loads(ended.out)
    assert "meanwhile" in result["stopped"]
    assert result["converged"] is False
    assert {write["status"] for write in result["results"]} == {"SUCCESS"}
