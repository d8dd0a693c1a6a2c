from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.canonical import CAPS
from reconciler.desired.defaults import Defaults, defaults_of
from reconciler.desired.reader import Reader
from reconciler.desired.salvage import UNKNOWN
from reconciler.files import File
from reconciler.sources import WorkTree

_FIELDS = ("timezone", "jurisdictions", "scheduleDetails", "blackoutPeriods", "complianceRules")
MakeLayer = Callable[..., Defaults]


def test_a_valid_file_gives_what_it_says(layer: MakeLayer) -> None:
    made = layer("schedule: {timezone: UTC}\nwindow: {maxCallsPerDay: 5}\n")
    assert (made.schedule, made.window, made.broken) == ({"timezone": "UTC"}, {"maxCallsPerDay": 5}, False)
    assert len(made.places) == 1


def test_a_wrong_value_is_unknown_and_the_others_are_given(layer: MakeLayer) -> None:
    made = layer("schedule: {timezone: 5, jurisdiction: [US-FL]}\nwindow: {maxCallsPerDay: 0, predictiveRate: 1}\n")
    assert made.schedule == {"timezone": UNKNOWN, "jurisdictions": UNKNOWN}
    assert made.window == {"maxCallsPerDay": UNKNOWN, "predictiveRate": 1}
    assert made.broken
    assert len(made.places) == 1


def test_a_wrong_section_may_give_any_of_its_fields(layer: MakeLayer) -> None:
    for text in ("window: 5\n", "windows: {}\n"):
        made = layer(text)
        assert (made.schedule, made.window) == ({}, dict.fromkeys(CAPS, UNKNOWN))


@pytest.mark.parametrize("text", ["", "[", "- 1\n", "window: {}\nwindow: {}\n", "{}\n---\n{}\n", "~\n"])
def test_a_file_that_cannot_be_read_whole_may_give_anything(here: Path, text: str) -> None:
    (here / "defaults.yaml").write_text(text)
    file = File("defaults.yaml", "defaults.yaml")
    (single,) = Reader().singles(WorkTree(str(here)), (file,), "defaults")
    made = defaults_of(single)
    assert made.schedule == dict.fromkeys(_FIELDS, UNKNOWN)
    assert made.window == dict.fromkeys(CAPS, UNKNOWN)
    assert (made.places, made.broken) == ((), True)
