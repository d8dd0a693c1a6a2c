"""The end of a journal, and what is none of one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler import canonical
from reconciler.audit.chain import GENESIS, Tail, read_tail
from reconciler.errors import JournalUnavailableError


def line(previous: str = GENESIS, **entry: object) -> bytes:
    """A line of a journal."""
    whole = {"action": "SCHEDULE_WINDOW_UPSERT", **entry, "previous": previous}
    return canonical.dumps({**whole, "hash": canonical.digest(whole)}).encode()


def head(text: bytes) -> str:
    """The hash that a line holds."""
    return text.decode().partition('"hash":"')[2].partition('"')[0]


ONE = line(name="one")
TWO = line(head(ONE), name="two", filler="x" * 200_000)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", Tail(None, 0, b"")),
        (ONE + b"\n", Tail(head(ONE), len(ONE) + 1, b"")),
        (ONE + b"\n" + TWO + b"\n", Tail(head(TWO), len(ONE) + len(TWO) + 2, b"")),
        (ONE + b"\n" + TWO[:99_999], Tail(head(ONE), len(ONE) + 1, TWO[:99_999])),
        (ONE + b"\n" + b"\0" * 10, Tail(head(ONE), len(ONE) + 1, b"\0" * 10)),
        (ONE[:50], Tail(None, 0, ONE[:50])),
        (b'{"ac', Tail(None, 0, b'{"ac')),
        (b" " * 4096, Tail(None, 0, b" " * 4096)),
    ],
    ids=["empty", "one", "two", "torn", "zeros", "torn first", "hardly begun", "a probe"],
)
def test_the_end(tmp_path: Path, content: bytes, expected: Tail) -> None:
    (tmp_path / "journal").write_bytes(content)

    assert read_tail(tmp_path / "journal") == expected


def test_no_file_is_an_empty_journal(tmp_path: Path) -> None:
    assert read_tail(tmp_path / "journal") == Tail(None, 0, b"")


@pytest.mark.parametrize(
    "content",
    [
        b"\n",
        b"notes",
        b"notes\n",
        b"{}\n",
        b"[]\n",
        b"[" * 100_000 + b"\n",
        ONE + b"\n\n",
        ONE.replace(b"one", b"two") + b"\n",
        ONE + b" \n" + b"{]\n",
        b'{"hash":1}\n',
    ],
    ids=lambda content: repr(content[:20]),
)
def test_what_is_no_journal_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "journal").write_bytes(content)

    with pytest.raises(JournalUnavailableError, match="journal"):
        read_tail(tmp_path / "journal")
    assert (tmp_path / "journal").read_bytes() == content


@given(st.integers(0, len(ONE) * 2))
def test_wherever_it_was_cut_the_whole_lines_are_found(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    content = (ONE + b"\n" + line(head(ONE), name="two") + b"\n")[:cut]
    path = tmp_path_factory.mktemp("cut") / "journal"
    path.write_bytes(content)

    tail = read_tail(path)

    assert content[: tail.size].count(b"\n") == content.count(b"\n")
    assert content[tail.size :] == tail.torn
    assert (tail.head is None) == (b"\n" not in content)


@pytest.mark.parametrize(
    "content",
    [TWO + b"\n", ONE + b"\n" + ONE + b"\n", ONE.replace(b"one", b"two") + b"\n" + TWO + b"\n"],
    ids=["the first is missing", "the second does not follow", "the first was edited"],
)
def test_nothing_is_added_to_a_broken_chain(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "journal").write_bytes(content)

    with pytest.raises(JournalUnavailableError, match="broken"):
        read_tail(tmp_path / "journal")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="only POSIX has named pipes")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "journal")

    with pytest.raises(JournalUnavailableError, match="not a file"):
        read_tail(tmp_path / "journal")
