"""Which campaigns an import is about."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.importing.choice import Choice, choose, choose_all, take_stock
from reconciler.importing.folder import Overlay, Workspace
from reconciler.sources import WorkTree


@pytest.fixture
def ground(tmp_path: Path) -> Workspace:
    """A tenant with campaign A in the east, B in the west and AB in both."""
    texts = {
        "t/tenant.yaml": "name: x\n",
        "t/defaults.yaml": "{}\n",
        "t/east/a.yaml": "campaignId: A\nschedules: [{name: x}, {name: y}]\n---\ncampaignId: AB\nschedules: []\n",
        "t/west/b.yaml": "campaignId: B\nschedules: [{name: x}]\n---\ncampaignId: AB\nschedules: [{name: y}]\n",
        "t/west/broken.yaml": "campaignId: [\n",
        "t/west/latin.yaml": "campaignId: \xe9\n",
    }
    source = Overlay(WorkTree(str(tmp_path)), {}, "t")
    return Workspace(
        str(tmp_path),
        source.with_texts({name: text.encode("latin-1") for name, text in texts.items()}),
        "t",
        "t",
    )


def test_stock_is_taken_of_all_files_that_can_be_read(ground: Workspace) -> None:
    stock = take_stock(ground.source, "t")
    named = {name: [file.name for file in files] for name, files in stock.campaigns.items()}
    assert named["A"] == ["t/east/a.yaml"]
    assert named["AB"] == ["t/east/a.yaml", "t/west/b.yaml"]
    assert (stock.schedules["t/east/a.yaml"], stock.schedules["t/west/b.yaml"]) == (2, 2)


@pytest.mark.parametrize("update", [False, True])
def test_all_is_every_campaign_of_the_tenant(ground: Workspace, update: bool) -> None:
    stock = take_stock(ground.source, "t")
    choice = choose_all(["A", "AB", "NEW"], stock, ground, update=update)
    known = ("A", "AB")
    assert choice.create == ("NEW",)
    assert (choice.update, choice.alone) == ((known, ()) if update else ((), known))
    assert "B" in choice.missing
    assert choice.read == (("A", "AB", "NEW") if update else ("NEW",))


def test_a_narrower_path_leaves_out_what_only_other_files_name(ground: Workspace) -> None:
    east = replace(ground, folder="t/east", narrow="t/east")
    choice = choose_all(["A", "B", "AB", "NEW"], take_stock(ground.source, "t"), east, update=True)
    assert choice == Choice(create=("NEW",), update=("A", "AB"))


def test_a_path_that_is_a_file_takes_nothing_new(ground: Workspace) -> None:
    file = replace(ground, folder="t/east", narrow="t/east/a.yaml")
    choice = choose_all(["A", "NEW"], take_stock(ground.source, "t"), file, update=True)
    assert (choice.create, choice.update) == ((), ("A",))


def test_asked_campaigns_are_new_there_or_elsewhere(ground: Workspace) -> None:
    east = replace(ground, folder="t/east", narrow="t/east")
    stock = take_stock(ground.source, "t")
    assert choose(["A", "B", "NEW"], stock, east, update=True) == Choice(("NEW",), ("A",), (), ("B",))
    assert choose(["A", "B", "NEW"], stock, east, update=False) == Choice(("NEW",), (), ("A",), ("B",))
