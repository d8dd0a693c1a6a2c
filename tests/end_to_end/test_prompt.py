"""`apply` asks on a terminal, and writes only after a yes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.builders import schedule
from tests.support.journals import read_entries
from tests.support.tenant_world import World, campaign
from tests.support.terminal import CTRL_C, CTRL_D, Terminal

QUESTION = "Apply this to acme? Type yes to write"


@pytest.fixture
def waiting(world: World) -> World:
    """A tenant that lacks one schedule of the files."""
    world.write(campaign("CAM_001", schedule("Weekday calling")))
    return world


def _terminal(world: World, *arguments: str) -> Terminal:
    return Terminal(world.folder, "apply", *arguments, env=world.env)


def test_the_plan_is_shown_then_asked_for_then_written(waiting: World) -> None:
    with _terminal(waiting) as terminal:
        terminal.read_until(QUESTION)
        assert "Weekday calling" in terminal.shown
        assert waiting.puts() == []
        terminal.type("yes\n")
        assert terminal.end() == 0
    assert [schedule["name"] for schedule in waiting.live()] == ["Weekday calling"]
    entries = read_entries(waiting.folder / ".reconciler" / "audit.jsonl").entries
    assert "SUCCESS" in {entry["status"] for entry in entries if "status" in entry}


@pytest.mark.parametrize("answer", ["\n", "no\n", "y\n", "YES\n", "yes please\n"])
def test_anything_but_yes_writes_nothing(waiting: World, answer: str) -> None:
    with _terminal(waiting) as terminal:
        terminal.read_until(QUESTION)
        terminal.type(answer)
        assert terminal.end() == 4
    assert "nothing was written: the answer was not yes" in terminal.shown
    assert waiting.live() == []


@pytest.mark.parametrize("key", [CTRL_C, CTRL_D])
def test_no_answer_writes_nothing(waiting: World, key: str) -> None:
    with _terminal(waiting) as terminal:
        terminal.read_until(QUESTION)
        terminal.press(key, until="nothing was written: there was no answer")
        assert terminal.end() == 4
    assert waiting.live() == []


def test_a_terminal_that_is_closed_while_it_asks_writes_nothing(waiting: World) -> None:
    with _terminal(waiting) as terminal:
        terminal.read_until(QUESTION)
        terminal.close()
        assert terminal.end() == 4
    assert waiting.live() == []


def test_an_answer_typed_ahead_counts(waiting: World) -> None:
    with _terminal(waiting, "--quiet") as terminal:
        terminal.type("yes\n")
        assert terminal.end() == 0
    assert len(waiting.live()) == 1


def test_nobody_is_asked_where_there_is_nothing_to_do(waiting: World) -> None:
    with _terminal(waiting, "--auto-approve") as terminal:
        assert terminal.end() == 0
    with _terminal(waiting) as terminal:
        assert terminal.end() == 0
    assert QUESTION not in terminal.shown
    assert len(waiting.puts()) == 1


def test_the_question_is_on_the_terminal_when_the_report_goes_to_a_file(waiting: World, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    with (
        report.open("wb") as out,
        Terminal(waiting.folder, "apply", "--format", "json", env=waiting.env, out=out) as terminal,
    ):
        terminal.read_until(QUESTION)
        terminal.type("yes\n")
        assert terminal.end() == 0
    assert report.read_text(encoding="utf-8").startswith("{")
    assert '"converged": true' in report.read_text(encoding="utf-8")


def test_the_question_names_every_tenant(waiting: World) -> None:
    address = f"baseUri: {waiting.box.base_uri}\n"
    waiting.write(campaign("CAM_001", schedule("A")), tenant=f"name: east\n{address}", below="schedules/east")
    names = "credentials: {clientIdEnv: CXONE_WEST_ID, clientSecretEnv: CXONE_WEST_SECRET}\n"
    waiting.write(campaign("CAM_002", schedule("B")), tenant=f"name: west\n{address}{names}", below="schedules/west")
    for name in ("tenant.yaml", "cam_001.yaml"):
        (waiting.folder / "schedules" / name).unlink()
    credentials = {
        "CXONE_CLIENT_ID": waiting.box.client_id,
        "CXONE_CLIENT_SECRET": waiting.box.client_secret,
        "CXONE_WEST_ID": waiting.box.client_id,
        "CXONE_WEST_SECRET": waiting.box.client_secret,
    }
    with Terminal(waiting.folder, "apply", env=credentials) as terminal:
        terminal.read_until("Apply this to east, west? Type yes to write")
        terminal.type("no\n")
        assert terminal.end() == 4
    assert waiting.puts() == []
