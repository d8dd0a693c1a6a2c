"""Command lines that ask for something that makes no sense: exit 64 and a sentence."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.support.commands import Ended
from tests.support.tenant_world import World

Run = Callable[..., Ended]


@pytest.mark.parametrize("day", ["2026-1-1", "2026-11-1", "20261101", "2026-W01-1", "2026-02-30", "today", ""])
def test_a_date_has_one_spelling(day: str, world: World, reconciler: Run) -> None:
    world.write()
    ended = reconciler("validate", "--as-of", day)
    assert ended.code == 64
    assert f"{day!r} is not a date" in ended.err


@pytest.mark.parametrize("command", ["validate", "plan", "apply", "tenants", "import"])
def test_an_empty_path_is_not_the_current_folder(command: str, world: World, reconciler: Run) -> None:
    world.write(below=".")
    ended = reconciler(command, "", **world.env)
    assert ended.code == 64
    assert "PATH is empty" in ended.err


@pytest.mark.parametrize("form", ["text", "markdown", "html", "json"])
def test_a_path_without_a_tenant_has_a_plan_without_one(form: str, world: World, reconciler: Run) -> None:
    world.write()
    ended = reconciler("plan", "nosuch", "--format", form, "--out", "plan.json", **world.env)
    assert ended.code == 3
    assert reconciler("show", "plan.json", "--format", form).out == ended.out
    document = json.loads((world.folder / "plan.json").read_text())
    assert (document["tenant"], document["baseUri"]) == (None, None)
    assert [finding["code"] for finding in document["findings"]] == ["no-schedules"]
    if form != "json":
        assert "no tenant" in ended.out.lower()
        assert "tenant : error" not in ended.out


def test_a_plan_without_a_tenant_cannot_be_applied(world: World, reconciler: Run) -> None:
    world.write()
    reconciler("plan", "nosuch", "--out", "plan.json", **world.env)
    ended = reconciler("apply", "--plan", "plan.json", **world.env)
    assert ended.code == 3
    assert world.puts() == []


@pytest.mark.parametrize("path", ["/proc/self", "/dev", "a" * 5000, "a/" * 5000])
def test_a_strange_path_gets_a_sentence(path: str, world: World, reconciler: Run) -> None:
    world.write()
    ended = reconciler("validate", path)
    assert ended.code == 3
    assert "error" in ended.out
