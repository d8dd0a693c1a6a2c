"""What PATH and the selection leave of a tenant, and which findings go with what they leave out."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reconciler.desired import Desired

Load = Callable[..., Desired]
Reported = Callable[[Desired], list[str]]
Campaign = Callable[..., str]


@pytest.fixture
def files(campaign: Campaign, tenant: str) -> dict[str, str]:
    """CAM_001 in two files, CAM_002 in one of them and one of its own, with a fault in each place."""
    return {
        "tenant.yaml": tenant,
        "eu/one.yaml": campaign("CAM_001", "A", "B").replace("MONDAY", "MON", 1),
        "us/two.yaml": campaign("CAM_001", "C", "A") + "---\n" + campaign("CAM_002", "D").replace("5000", "0"),
        "us/three.yaml": campaign("CAM_002", "D") + "---\n" + campaign("CAM_003"),
    }


_ONE = ["eu/one.yaml:6:20 schema", "us/two.yaml:13:5 duplicate-schedule"]
_TWO = ["us/two.yaml:26:5 duplicate-schedule", "us/two.yaml:32:25 schema"]


def _summary(desired: Desired) -> tuple[list[str], tuple[str, ...]]:
    (tenant,) = desired.tenants
    return [f"{schedule.campaign_id} {schedule.name}" for schedule in tenant.schedules], tenant.campaigns


def test_all(load_files: Load, reported: Reported, files: dict[str, str]) -> None:
    desired = load_files(files)
    assert _summary(desired) == (
        ["CAM_001 B", "CAM_001 C", "CAM_001 A", "CAM_002 D"],
        ("CAM_001", "CAM_002", "CAM_003"),
    )
    assert reported(desired) == [
        "eu/one.yaml:6:20 schema",
        "us/two.yaml:13:5 duplicate-schedule",
        "us/two.yaml:26:5 duplicate-schedule",
        "us/two.yaml:32:25 schema",
    ]
    assert (desired.files, desired.tenants[0].files) == (4, 4)


@pytest.mark.parametrize(
    ("path", "campaigns", "schedules", "ids", "places"),
    [
        (".", "CAM_001", ["CAM_001 B", "CAM_001 C", "CAM_001 A"], ("CAM_001",), _ONE),
        (".", "CAM_002", ["CAM_002 D"], ("CAM_002",), _TWO),
        (".", "CAM_003", [], ("CAM_003",), []),
        (".", "CAM_004", [], (), []),
        ("eu", "", ["CAM_001 B", "CAM_001 C", "CAM_001 A"], ("CAM_001",), _ONE),
        ("us/three.yaml", "", ["CAM_002 D"], ("CAM_002", "CAM_003"), _TWO),
        ("us", "CAM_001 CAM_003", ["CAM_001 B", "CAM_001 C", "CAM_001 A"], ("CAM_001", "CAM_003"), _ONE),
        ("eu", "CAM_002", [], (), []),
    ],
)  # fmt: skip
def test_narrowed(
    load_files: Load,
    reported: Reported,
    files: dict[str, str],
    path: str,
    campaigns: str,
    schedules: list[str],
    ids: tuple[str, ...],
    places: list[str],
) -> None:
    desired = load_files(files, path, campaigns=campaigns)
    assert _summary(desired) == (schedules, ids)
    assert reported(desired) == places
    assert desired.campaign_names == ("CAM_001", "CAM_002", "CAM_003")


def test_identity_needs_the_whole_tenant(load_files: Load, reported: Reported, campaign: Campaign, tenant: str) -> None:
    files = {
        "tenant.yaml": tenant,
        "a/x.yaml": campaign("CAM_001", "A"),
        "b/x.yaml": campaign("CAM_001", "A"),
    }
    for path in (".", "a", "b", "a/x.yaml"):
        assert reported(load_files(files, path)) == ["b/x.yaml:3:5 duplicate-schedule"]


@pytest.mark.parametrize(
    ("name", "text", "finding"),
    [
        ("y.yaml", "campaignId: CAM_002\nschedules: [\n", "y.yaml:3:1 yaml-syntax"),
        ("y.yaml", "schedules: []\n", "y.yaml:1:1 schema"),
        ("y.yaml", "campaignId: 7\nschedules: []\n", "y.yaml:1:13 schema"),
        ("y.yaml", "schedules: []\nschedules: []\n", "y.yaml:2:1 duplicate-key"),
        ("y.yaml", "\ufeffcampaignId: CAM_002\nschedules: []\n", "y.yaml:1:1 file-unreadable"),
        ("y.yaml", "", "y.yaml:1:1 schema"),
    ],
)
def test_a_file_whose_campaign_cannot_be_told_stays(
    load_files: Load, reported: Reported, campaign: Campaign, tenant: str, name: str, text: str, finding: str
) -> None:
    files = {"tenant.yaml": tenant, "x.yaml": campaign("CAM_001", "A"), name: text}
    assert finding in reported(load_files(files, "x.yaml", campaigns="CAM_001"))


def test_faults_of_documents_that_are_left_out_go_with_them(
    load_files: Load, reported: Reported, campaign: Campaign, tenant: str
) -> None:
    twice = "campaignId: {}\nschedules: []\nschedules: []\n"
    files = {"tenant.yaml": tenant, "x.yaml": twice.format("CAM_001") + "---\n" + twice.format("CAM_002")}
    assert reported(load_files(files, campaigns="CAM_001")) == ["x.yaml:3:1 duplicate-key"]
    assert reported(load_files(files, campaigns="CAM_002")) == ["x.yaml:7:1 duplicate-key"]
    assert reported(load_files({"y.yaml": campaign("CAM_003")}, campaigns="CAM_003")) == []


def test_broken_defaults_are_told_once_and_hide_nothing_else(
    load_files: Load, reported: Reported, campaign: Campaign, tenant: str
) -> None:
    files = {
        "tenant.yaml": tenant,
        "eu/defaults.yaml": "schedule: {zone: x}\n",
        "eu/a.yaml": "campaignId: CAM_001\nschedules:\n  - name: needs defaults\n  - nam: x\n",
        "us/b.yaml": campaign("CAM_002", "B"),
    }
    desired = load_files(files)
    assert reported(desired) == [
        "eu/a.yaml:3:5 schema",
        *["eu/a.yaml:4:5 schema"] * 3,
        "eu/defaults.yaml:1:12 schema",
    ]
    assert _summary(desired) == (["CAM_002 B"], ("CAM_001", "CAM_002"))
    assert reported(load_files({}, campaigns="CAM_002")) == []
    assert reported(load_files({}, "us")) == []


def test_a_valid_entry_beside_an_invalid_one_is_built(
    load_files: Load, reported: Reported, campaign: Campaign, tenant: str
) -> None:
    text = campaign("CAM_001", "A", "B", "C").replace("timezone", "timezon", 1) + "version: 1\n"
    desired = load_files({"tenant.yaml": tenant, "x.yaml": text})
    assert _summary(desired)[0] == ["CAM_001 B", "CAM_001 C"]
    assert reported(desired) == ["x.yaml:3:5 schema", "x.yaml:4:5 schema", "x.yaml:33:1 schema"]


@pytest.mark.parametrize("schedules", ["{}", "text", "[1]", "~", "[]"])
def test_a_campaign_with_an_invalid_list_is_named(load_files: Load, tenant: str, schedules: str) -> None:
    desired = load_files({"tenant.yaml": tenant, "x.yaml": f"campaignId: CAM_001\nschedules: {schedules}\n"})
    assert _summary(desired) == ([], ("CAM_001",))
