"""How `apply` and `audit` end, for pipelines: the exit codes of the command line, and that somebody is told why."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.apply_world import CAP, LATE, World, schedule
from tests.support.commands import Ended

Command = Callable[..., Ended]
PUT_LATE = {"method": "PUT", "path": f"/{LATE}$"}


def result_of(ended: Ended) -> dict[str, Any]:
    """The result document."""
    document: dict[str, Any] = json.loads(ended.out)
    return document


def test_0_when_all_is_done_and_when_there_is_nothing_to_do(command: Command) -> None:
    first = command("apply", "--auto-approve")
    second = command("apply")  # nothing to do: nobody is asked

    assert (first.code, second.code) == (0, 0)
    assert "Converged." in first.out
    assert "nothing to write" in second.out


@pytest.mark.parametrize(
    ("kind", "how", "status"),
    [
        ("404", {}, "FAILED"),
        ("409", {}, "STALE"),
        ("drop", {}, "UNVERIFIED"),
        ("clamp", {}, "UNVERIFIED"),
        ("echo-old", {}, "UNVERIFIED"),
        ("403", {"times": None}, "FAILED"),
        ("400", {}, "FAILED"),
    ],
)
def test_5_when_something_is_not_applied(
    world: World, command: Command, kind: str, how: dict[str, Any], status: str
) -> None:
    world.fault(kind, **PUT_LATE, **how)

    ended = command("apply", "--auto-approve", "--format", "json")

    assert ended.code == 5
    result = result_of(ended)
    assert [write["status"] for write in result["results"] if write["scheduleId"] == LATE] == [status]
    assert result["converged"] is (kind == "echo-old")
    text = command("apply", "--auto-approve")
    assert (text.code, "Traceback" in text.err) == (0 if kind != "403" else 5, False)


def test_5_when_a_campaign_was_left_out(world: World, command: Command) -> None:
    world.box.store.put("CAM_B", {"id": "broken"})

    ended = command("apply", "--auto-approve", "--keep-going")

    assert ended.code == 5
    assert "Left out, because they could not be read: CAM_B" in ended.out
    assert world.cap("CAM_A", LATE) == CAP


def test_5_when_a_webhook_is_not_registered(world: World, command: Command) -> None:
    world.fault("400", method="POST", path="webhooks")

    assert command("apply", "--auto-approve").code == 5


def test_1_when_the_tenant_cannot_be_read(world: World, command: Command) -> None:
    world.box.store.put("CAM_B", {"id": "broken"})

    ended = command("apply", "--auto-approve")

    assert ended.code == 1
    assert "campaign-unreadable" in ended.err
    assert world.puts() == 0


@pytest.mark.parametrize("keep_going", [(), ("--keep-going",)])
def test_1_when_the_credentials_are_refused(world: World, command: Command, keep_going: tuple[str, ...]) -> None:
    ended = command("apply", "--auto-approve", *keep_going, CXONE_CLIENT_SECRET="wrong")

    assert ended.code == 1
    assert "CXONE_CLIENT_SECRET" in ended.err
    assert len(world.box.log) == 1


def test_1_when_nobody_listens(world: World, command: Command) -> None:
    world.tenant(requests={"attempts": 1})

    ended = command("apply", "--auto-approve", CXONE_BASE_URI="http://127.0.0.1:1")

    assert ended.code == 1
    assert "127.0.0.1:1" in ended.err


def test_3_before_1(world: World, command: Command) -> None:
    world.edit("a.yaml", 'endTime: "17:00"', 'endTime: "08:00"')
    world.box.store.put("CAM_B", {"id": "broken"})

    assert command("apply", "--auto-approve").code == 3


def test_audit_prints_the_runs(world: World, command: Command) -> None:
    command("apply", "--auto-approve", "--force", "a rehearsal", GITHUB_ACTOR="anna")

    text = command("audit", str(world.journal))
    view = result_of(command("audit", str(world.journal), "--format", "json"))

    assert text.code == 0
    assert "by anna" in text.out
    assert "a rehearsal" in text.out
    assert "5 SUCCESS" in text.out
    assert view["runs"][0]["ends"] == {"SUCCESS": 5}
    assert view["head"] == world.run_ends()[-1]["hash"]


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (lambda lines: [lines[0].replace("America/New_York", "America/Chicago"), *lines[1:]], 1),
        (lambda lines: [*lines[:2], *lines[3:]], 3),
        (lambda lines: [lines[0], lines[2], lines[1], *lines[3:]], 2),
        (lambda lines: lines[1:], 1),
    ],
    ids=["edited", "cut", "reordered", "first gone"],
)
def test_audit_names_the_line_where_the_chain_breaks(
    world: World, command: Command, change: Callable[[list[str]], list[str]], line: int
) -> None:
    command("apply", "--auto-approve")
    lines = world.journal.read_text(encoding="utf-8").splitlines()
    world.journal.write_text("".join(f"{record}\n" for record in change(lines)), encoding="utf-8")

    ended = command("audit", str(world.journal))

    assert ended.code == 1
    assert f"{world.journal}:{line}: " in ended.err
    assert ended.out == ""


def test_audit_of_a_journal_with_a_torn_end_tells_it(world: World, command: Command) -> None:
    command("apply", "--auto-approve")
    *lines, end, run_end = world.journal.read_bytes().splitlines(keepends=True)
    assert b"RUN_ENDED" in run_end
    world.journal.write_bytes(b"".join(lines) + end[:-50])

    ended = command("audit", str(world.journal))

    assert ended.code == 0
    assert "torn" in ended.out
    assert "1 still PENDING" in ended.out


def test_audit_of_no_journal(world: World, command: Command) -> None:
    ended = command("audit", str(world.journal))

    assert ended.code == 1
    assert str(world.journal) in ended.err


def test_an_apply_tells_of_the_revision_it_came_from(world: World, command: Command) -> None:
    head = world.commit()
    world.box.store.put("CAM_A", schedule("CAM_A", LATE, "Late", 1))

    result = result_of(command("apply", "--auto-approve", "--format", "json"))

    assert result["revision"] == head
    assert {entry["revision"] for entry in world.entries()} == {head}
