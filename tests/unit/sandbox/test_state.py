"""The state survives a kill, and writes at the same time share a save."""

from __future__ import annotations

import json
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from reconciler.errors import ReconcilerError
from reconciler.sandbox.state import GroupCommit, StateFile, state_path
from reconciler.sandbox.store import Store

if TYPE_CHECKING:
    from pathlib import Path


class Disk:
    """Saves a counter; the first save waits until it is let go."""

    def __init__(self) -> None:
        self.state = 0
        self.saved: list[int] = []
        self.busy = threading.Event()
        self.go = threading.Event()

    def save(self) -> int:
        state = self.state
        self.busy.set()
        assert self.go.wait(5)
        self.saved.append(state)
        return state


def test_writes_that_come_during_a_save_share_the_next_one() -> None:
    disk = Disk()
    commit = GroupCommit(disk.save)
    with ThreadPoolExecutor(20) as pool:
        disk.state = 1
        first = pool.submit(commit.wait, 1)
        assert disk.busy.wait(5)
        disk.state = 20
        others = [pool.submit(commit.wait, revision) for revision in range(2, 21)]
        disk.go.set()
        for done in (first, *others):
            done.result(5)
    assert disk.saved == [1, 20]


def test_nothing_returns_before_its_state_is_saved() -> None:
    disk = Disk()
    commit = GroupCommit(disk.save)
    with ThreadPoolExecutor(1) as pool:
        disk.state = 1
        waiting = pool.submit(commit.wait, 1)
        assert disk.busy.wait(5)
        assert not waiting.done()
        disk.go.set()
        waiting.result(5)


def test_what_is_saved_already_saves_nothing() -> None:
    disk = Disk()
    disk.go.set()
    disk.state = 5
    commit = GroupCommit(disk.save)
    for revision in (5, 4, 5, 1):
        commit.wait(revision)
    assert disk.saved == [5]


def test_a_failed_save_is_told_and_the_next_one_tries_again() -> None:
    full = [True]

    def save() -> int:
        if full.pop():
            full.append(False)
            raise OSError(28, "No space left on device")
        return 2

    commit = GroupCommit(save)
    with pytest.raises(OSError, match="No space"):
        commit.wait(1)
    commit.wait(2)
    commit.wait(1)


GOOD: dict[str, Any] = {
    "formatVersion": "1",
    "campaigns": [{"id": "C1", "schedules": [{"id": "S1", "version": 2, "schedule": {"id": "S1"}}]}],
    "agents": [{"userId": "U1", "status": "ACTIVE"}],
    "webhooks": [],
}


def filled() -> Store:
    store = Store(campaigns=["C2", "C1"], agents=[{"userId": "Ü", "status": "ACTIVE"}])
    store.put("C1", {"id": "S2", "name": "\ud800 \u2028 🙂"})
    store.put("C1", "malformed")
    store.put("C1", {"id": "S1", "n": 1.5})
    store.put("C1", {"id": "S1", "n": 1.5})
    store.add_webhook({"name": "W"})
    return store


def test_what_was_saved_is_loaded(tmp_path: Path) -> None:
    state = StateFile(tmp_path / "state.json")
    assert state.load() is None
    snapshot = filled().snapshot()
    assert state.save(snapshot) == snapshot.revision
    loaded = state.load()
    assert loaded is not None
    assert (loaded.campaigns, loaded.agents, loaded.webhooks) == (
        snapshot.campaigns,
        snapshot.agents,
        snapshot.webhooks,
    )


def test_the_same_state_is_the_same_bytes_a_schedule_a_line(tmp_path: Path) -> None:
    files = [tmp_path / "a.json", tmp_path / "b.json"]
    for file in files:
        StateFile(file).save(filled().snapshot())
    first, second = (file.read_bytes() for file in files)
    assert first == second
    assert sum(line.startswith('{"id":"S') for line in first.decode().splitlines()) == 2
    assert json.loads(first)["formatVersion"] == "1"


def test_saving_leaves_nothing_else_behind(tmp_path: Path) -> None:
    state = StateFile(tmp_path / "state.json")
    state.save(filled().snapshot())
    state.save(filled().snapshot())
    assert [path.name for path in tmp_path.iterdir()] == ["state.json"]


def test_a_failed_save_leaves_the_old_state(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    path = folder / "state.json"
    state = StateFile(path)
    state.save(filled().snapshot())
    before = path.read_bytes()
    folder.rename(tmp_path / "away")
    with pytest.raises(OSError, match="directory"):
        state.save(Store().snapshot())
    (tmp_path / "away").rename(folder)
    assert path.read_bytes() == before


def broken(**changes: Any) -> str:
    return json.dumps(GOOD | changes)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "line 1"),
        ("{", "line 1"),
        ("[]", "formatVersion"),
        ("[" * 100_000, "recursion"),
        (broken(formatVersion="2"), "formatVersion is '2'"),
        (broken(campaigns={}), "'campaigns' as a list"),
        (broken(campaigns=[5]), r"campaigns\[0\] needs 'id'"),
        (broken(campaigns=[{"id": 5, "schedules": []}]), r"campaigns\[0\] needs 'id' as a string"),
        (broken(campaigns=[{"id": "C1"}]), r"campaigns\[0\] needs 'schedules'"),
        (
            broken(campaigns=[{"id": "C1", "schedules": [{"id": "S1", "version": "2", "schedule": {}}]}]),
            r"campaigns\[0\].schedules\[0\] needs 'version' as a whole number",
        ),
        (broken(campaigns=[{"id": "C1", "schedules": [{"id": "S1", "version": 2}]}]), "needs 'schedule'"),
        (broken(agents=None), "'agents' as a list"),
    ],
)
def test_a_state_that_is_not_valid_says_where(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "state.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ReconcilerError, match=words) as caught:
        StateFile(path).load()
    assert str(path) in str(caught.value)
    assert caught.value.hint
    assert caught.value.exit_code == 1


def test_a_state_that_is_not_text_is_not_valid(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ReconcilerError, match="not valid"):
        StateFile(path).load()
    folder = tmp_path / "folder.json"
    folder.mkdir()
    with pytest.raises(ReconcilerError, match="not valid"):
        StateFile(folder).load()


def test_a_second_one_is_refused_and_told_who_has_it(tmp_path: Path) -> None:
    path = tmp_path / "below" / "state.json"
    first, second = StateFile(path), StateFile(path)
    first.acquire()
    with pytest.raises(ReconcilerError, match="in use by another process"):
        second.acquire()
    first.announce("http://127.0.0.1:4010")
    with pytest.raises(ReconcilerError, match=f"process {os.getpid()} at http://127.0.0.1:4010"):
        second.acquire()
    first.release()
    second.acquire()
    second.release()
    second.release()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ReconcilerError, match="cannot be locked"):
        StateFile(tmp_path / "file" / "state.json").acquire()


def test_every_tenant_has_a_file_of_its_own(tmp_path: Path) -> None:
    names = ["acme", "Acme Ltd", "a/b", "a\\b", "..", ".", "", "ü" * 300, "ü" * 301, "a%2Fb", "con:"]
    paths = [state_path(tmp_path, name) for name in names]
    assert len(set(paths)) == len(names)
    for path in paths:
        assert path.parent == tmp_path
        assert len(path.name.encode()) < 200
    assert paths[0].name == "sandbox-acme.json"
