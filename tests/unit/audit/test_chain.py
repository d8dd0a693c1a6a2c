"""A chain that was edited, cut or reordered is found, and the first line that does not hold is named."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reconciler.audit.chain import line_of, sound_entry
from reconciler.audit.journal import Journal
from reconciler.errors import JournalBrokenError
from tests.support.journals import read_entries

Change = Callable[[list[str]], list[str]]


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Five lines of a journal, two of them with half a character, which UTF-8 has no bytes for."""
    path = tmp_path_factory.mktemp("journal") / "audit.jsonl"
    with Journal(path) as journal:
        for number in range(5):
            journal.append(
                {"action": "TEST", "number": number, "name": "ünï" + "\ud800" * (number % 2), "body": {"hash": "x"}}
            )
    return path.read_text(encoding="utf-8").splitlines()


def check(place: Path, texts: list[str]) -> int:
    """How many entries a journal of these lines has."""
    path = place / "audit.jsonl"
    path.write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
    return len(read_entries(path).entries)


def test_what_was_written_holds(tmp_path: Path, lines: list[str]) -> None:
    assert check(tmp_path, lines) == 5
    assert [json.loads(line)["number"] for line in lines] == [*range(5)]


@pytest.mark.parametrize(
    ("change", "line", "words"),
    [
        (lambda lines: [*lines[:2], lines[2].replace('"number":2', '"number":7'), *lines[3:]], 3, "edited"),
        (lambda lines: [*lines[:2], lines[2][:-1], *lines[3:]], 3, "edited"),
        (lambda lines: lines[1:], 1, "cut"),
        (lambda lines: [*lines[:3], lines[4]], 4, "cut"),
        (lambda lines: [lines[0], lines[2], lines[1], *lines[3:]], 2, "reordered"),
        (lambda lines: [*lines, lines[4]], 6, "added"),
        (lambda lines: [*lines[:2], "", *lines[2:]], 3, "no journal line"),
        (lambda lines: [*lines[:4], '{"hash": null}'], 5, "no journal line"),
        (lambda lines: [*lines[:4], "[" * 100_000], 5, "no journal line"),
    ],
    ids=["edit", "cut short", "first gone", "middle gone", "reorder", "twice", "blank", "no hash", "deep"],
)
def test_the_first_line_that_does_not_hold_is_named(
    tmp_path: Path, lines: list[str], change: Change, line: int, words: str
) -> None:
    with pytest.raises(JournalBrokenError, match=rf"audit\.jsonl:{line}: .*{words}"):
        check(tmp_path, change(lines))


def test_an_edit_with_a_new_hash_of_its_own_breaks_the_next_line(tmp_path: Path, lines: list[str]) -> None:
    from reconciler import canonical

    entry = json.loads(lines[1])
    del entry["hash"]
    entry["number"] = 99
    entry["hash"] = canonical.digest(entry)

    with pytest.raises(JournalBrokenError, match=r"audit\.jsonl:3: "):
        check(tmp_path, [lines[0], line_of(entry).decode(), *lines[2:]])


@given(st.integers(0, 4), st.data())
def test_no_character_can_be_changed(lines: list[str], number: int, data: st.DataObject) -> None:
    text = lines[number]
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from('0a"{},:x '))
    edited = text[:place] + other + text[place + 1 :]
    assume(edited != text)

    assert sound_entry(edited.encode()) is None


def test_a_line_that_fits_its_hash_and_says_nothing_is_told(tmp_path: Path, lines: list[str]) -> None:
    rest = f'{{broken,"previous":"{json.loads(lines[-1])["hash"]}"}}'
    digest = hashlib.sha256(rest.encode()).hexdigest()
    forged = rest.replace(',"previous"', f',"hash":"sha256:{digest}","previous"')

    with pytest.raises(JournalBrokenError, match="no journal line"):
        check(tmp_path, [*lines, forged])


def test_lines_cut_off_at_the_end_leave_it_whole(tmp_path: Path, lines: list[str]) -> None:
    assert check(tmp_path, lines[:3]) == 3  # which is why an apply names the head


def test_the_torn_rest_is_kept_apart(tmp_path: Path, lines: list[str]) -> None:
    path = tmp_path / "audit.jsonl"
    path.write_text(lines[0] + "\n" + lines[1][:30], encoding="utf-8")

    read = read_entries(path)

    assert (len(read.entries), read.torn) == (1, lines[1][:30])


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(JournalBrokenError, match="cannot be read"):
        read_entries(tmp_path / "nowhere")


@pytest.mark.parametrize("entry", [None, [], "text", {}, {"hash": 5}, {"hash": "sha256:0"}])
def test_what_is_not_sound(entry: object) -> None:
    assert sound_entry(json.dumps(entry).encode()) is None


def test_a_key_that_is_repeated_is_told(tmp_path: Path, lines: list[str]) -> None:
    doubled = lines[0].replace('{"action":', '{"action":"nothing","action":', 1)

    with pytest.raises(JournalBrokenError, match=r"audit\.jsonl:1: "):
        check(tmp_path, [doubled, *lines[1:]])
