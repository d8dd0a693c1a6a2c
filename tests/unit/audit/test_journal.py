"""Writing the journal: locked, chained, healed."""

from __future__ import annotations

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.audit.chain import GENESIS, HEALED
from reconciler.audit.journal import Journal
from reconciler.errors import JournalUnavailableError
from tests.support.journals import read_entries

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A journal in a folder that is not there yet."""
    return tmp_path / "folder" / "audit.jsonl"


def test_each_line_holds_the_hash_of_the_one_before(path: Path) -> None:
    with Journal(path) as journal:
        assert journal.head is None
        for number in range(3):
            journal.append({"action": "TEST", "number": number})
    with Journal(path) as journal:
        assert journal.head is not None
        journal.append({"action": "TEST", "number": 3})
        head = journal.head

    entries = read_entries(path).entries
    assert [entry["number"] for entry in entries] == [0, 1, 2, 3]
    assert [entry["previous"] for entry in entries] == [GENESIS, *(entry["hash"] for entry in entries[:-1])]
    assert head == entries[-1]["hash"]
    for entry in entries:
        assert datetime.fromisoformat(entry["timestamp"]).tzinfo is not None


def test_a_line_is_there_as_soon_as_it_is_appended(path: Path) -> None:
    with Journal(path) as journal:
        journal.append({"action": "TEST"})

        assert len(read_entries(path).entries) == 1


@given(st.lists(st.dictionaries(st.text().filter(lambda key: key not in ("hash", "previous")), JSON), max_size=4))
def test_anything_can_be_told(tmp_path_factory: pytest.TempPathFactory, entries: list[dict[str, Any]]) -> None:
    path = tmp_path_factory.mktemp("any") / "audit.jsonl"
    with Journal(path) as journal:
        for entry in entries:
            journal.append({"action": "TEST", **entry})

    read = read_entries(path).entries
    assert len(read) == len(entries)
    for entry, line in zip(entries, read, strict=True):
        assert entry.items() <= line.items()


def test_many_threads_make_one_chain(path: Path) -> None:
    with Journal(path) as journal, ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: journal.append({"action": "TEST", "number": number}), range(200)))

    assert sorted(entry["number"] for entry in read_entries(path).entries) == [*range(200)]


def test_two_at_a_time_are_refused(path: Path) -> None:
    with Journal(path), pytest.raises(JournalUnavailableError, match="another apply"), Journal(path):
        pytest.fail("it was opened twice")
    with Journal(path) as journal:
        journal.append({"action": "TEST"})


def test_what_could_not_be_opened_is_not_locked(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.write_text("notes\n", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(JournalUnavailableError, match="broken"), Journal(path):
            pytest.fail("what is no journal was opened")
    path.unlink()
    with Journal(path) as journal:
        journal.append({"action": "TEST"})


def test_a_closed_journal_takes_nothing(path: Path) -> None:
    journal = Journal(path)
    with journal:
        pass

    with pytest.raises(JournalUnavailableError, match="not open"):
        journal.append({"action": "TEST"})
    assert path.read_bytes() == b""


@pytest.mark.parametrize("cut", [1, 2, 40, 10_000])
def test_a_torn_line_is_taken_out_told_and_kept(path: Path, cut: int) -> None:
    told: list[str] = []
    with Journal(path) as journal:
        journal.append({"action": "TEST", "number": 0})
        journal.append({"action": "TEST", "number": 1})
    whole = path.read_bytes()
    second = whole[whole.index(b"\n") + 1 :]
    torn = second[: max(1, len(second) - cut)]
    path.write_bytes(whole[: -len(second)] + torn)

    with Journal(path, told.append) as journal:
        journal.append({"action": "TEST", "number": 2})

    read = read_entries(path)
    assert [entry["action"] for entry in read.entries] == ["TEST", HEALED, "TEST"]
    assert read.entries[1]["torn"] == torn.decode()
    assert read.torn == ""
    assert len(told) == 1
    assert HEALED in told[0]
    assert str(path) in told[0]


def test_the_blanks_of_a_probe_are_taken_out_in_silence(path: Path) -> None:
    with Journal(path) as journal:
        journal.append({"action": "TEST", "number": 0})
    with path.open("ab") as file:
        file.write(b" " * 4096)

    with Journal(path, pytest.fail) as journal:
        journal.append({"action": "TEST", "number": 1})

    assert [entry["number"] for entry in read_entries(path).entries] == [0, 1]


def test_lines_are_utf_8_and_one_a_line(path: Path) -> None:
    with Journal(path) as journal:
        journal.append({"action": "TEST", "name": "Zürich\n\u2028\ud800"})

    text = path.read_bytes()
    assert text.count(b"\n") == 1
    assert "Zürich".encode() in text
    assert json.loads(text)["name"] == "Zürich\n\u2028\ud800"


@pytest.mark.skipif(sys.platform == "win32", reason="a pipe stands in for a disk that cannot be flushed")
def test_a_line_that_cannot_be_flushed_is_not_told(path: Path) -> None:
    reader, writer = os.pipe()
    with Journal(path) as journal:
        assert journal._file is not None
        os.dup2(writer, journal._file._file)

        with pytest.raises(JournalUnavailableError, match="another file has taken its place"):
            journal.append({"action": "TEST"})
    for descriptor in (reader, writer):
        os.close(descriptor)
