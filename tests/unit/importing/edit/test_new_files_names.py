"""File names that are safe everywhere."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.importing.edit import file_name


@pytest.mark.parametrize(
    ("campaign", "expected"),
    [
        ("CAM_001", "cam_001.yaml"),
        ("Spring sale 2026", "spring-sale-2026.yaml"),
        ("Été", "ete.yaml"),
        ("a/../b", "a-b.yaml"),
        ("../../etc/passwd", "etc-passwd.yaml"),
        ("nul.tar", "nul-tar.yaml"),
        ("CON", "campaign-con.yaml"),
        ("lpt1", "campaign-lpt1.yaml"),
        ("tenant", "campaign-tenant.yaml"),
        ("Defaults", "campaign-defaults.yaml"),
        ("😀", "campaign.yaml"),
        ("_private", "private.yaml"),
        (".hidden", "hidden.yaml"),
    ],
)
def test_a_name_is_told_from_the_id(campaign: str, expected: str) -> None:
    assert file_name(campaign, ()) == expected


@given(st.lists(st.text(max_size=90), unique=True, max_size=12))
def test_any_ids_get_names_that_no_file_system_mixes_up(campaigns: list[str]) -> None:
    taken: list[str] = []
    for campaign in campaigns:
        taken.append(file_name(campaign, taken))
    assert len({name.lower() for name in taken}) == len(taken)
    for name in taken:
        assert re.fullmatch(r"[a-z0-9][a-z0-9_-]*\.yaml", name)
        assert len(name) <= 80


@pytest.mark.parametrize("taken", ["cam_001.yaml", "CAM_001.YAML", "cam_001.yml"])
def test_a_name_that_is_taken_in_any_case_gets_digits_of_the_id(taken: str) -> None:
    name = file_name("CAM_001", [taken])
    assert re.fullmatch(r"cam_001-[0-9a-f]{8}\.yaml", name)
    assert file_name("CAM_001", [taken]) == name
    assert file_name("CAM_001", [taken, name]) not in (taken, name)


def test_a_campaign_whose_every_name_is_taken_is_an_error() -> None:
    taken: list[str] = []
    for _ in range(9):
        taken.append(file_name("CAM_001", taken))
    with pytest.raises(FileExistsError, match="CAM_001"):
        file_name("CAM_001", taken)
