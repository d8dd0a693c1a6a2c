from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.desired import Desired, load
from reconciler.errors import DesiredStateError
from reconciler.findings import Severity
from reconciler.sources import WorkTree
from reconciler.sources.revision import Revision

Load = Callable[..., Desired]
Reported = Callable[[Desired], list[str]]
Campaign = Callable[..., str]


@pytest.fixture
def files(campaign: Campaign, tenant: str) -> dict[str, str]:
    return {
        "defaults.yaml": "schedule: {complianceRules: {regulatoryPauses: [TCPA]}}\n",
        "s/defaults.yaml": "schedule: {blackoutPeriods: []}\n",
        "s/b/tenant.yaml": tenant,
        "s/b/x.yaml": campaign("CAM_001", "A"),
        "s/a/tenant.yaml": "name: other\nbaseUri: https://b.incontact.com\n",
        "s/a/defaults.yaml": "schedule: {complianceRules: {agentAvailabilityProjection: true}}\n",
        "s/a/x.yaml": campaign("CAM_001", "A"),
    }


def test_several_tenants(load_files: Load, reported: Reported, files: dict[str, str]) -> None:
    desired = load_files(files, "s")
    assert reported(desired) == []
    assert [(tenant.settings.name, tenant.settings.folder) for tenant in desired.tenants] == [
        ("acme", "s/b"),
        ("other", "s/a"),
    ]
    assert [tenant.schedules[0].projected for tenant in desired.tenants] == [False, True]
    assert [tenant.schedules[0].pauses for tenant in desired.tenants] == [("TCPA",), ("TCPA",)]
    assert (desired.files, [tenant.files for tenant in desired.tenants]) == (7, [2, 3])
    assert (desired.tenant_names, desired.campaign_names) == (("acme", "other"), ("CAM_001",))


def test_narrowing_path_changes_no_content(load_files: Load, files: dict[str, str]) -> None:
    whole = {loaded.settings.name: loaded.schedules for loaded in load_files(files).tenants}
    for path in ("s", "s/a", "s/a/x.yaml", "s/a/tenant.yaml"):
        for tenant in load_files({}, path).tenants:
            assert [schedule.content for schedule in tenant.schedules] == [
                live.content for live in whole[tenant.settings.name]
            ]


@pytest.mark.parametrize("start", ["", "s", "s/deep"])
def test_narrowing_path_within_a_tenant_needs_no_git(
    load_files: Load,
    reported: Reported,
    campaign: Campaign,
    tenant: str,
    here: Path,
    monkeypatch: pytest.MonkeyPatch,
    start: str,
) -> None:
    files = {
        "defaults.yaml": "schedule: {blackoutPeriods: []}\n",
        "s/tenant.yaml": tenant,
        "s/defaults.yaml": "schedule: {complianceRules: {regulatoryPauses: [TCPA]}}\n",
        "s/deep/x.yaml": campaign("CAM_001", "A"),
    }
    shutil.rmtree(here / ".git")
    (whole,) = load_files(files, "s").tenants
    monkeypatch.chdir(here / start)
    for path in ("s/deep", "s/deep/x.yaml"):
        narrowed = load_files({}, os.path.relpath(here / path))
        assert reported(narrowed) == []
        assert [schedule.content for schedule in narrowed.tenants[0].schedules] == [
            schedule.content for schedule in whole.schedules
        ]
        assert narrowed.tenants[0].schedules[0].pauses == ("TCPA",)
        assert narrowed.tenants[0].schedules[0].places.locate().file == os.path.relpath(here / "s/deep/x.yaml")


def test_one_tenant_of_several(load_files: Load, reported: Reported, files: dict[str, str]) -> None:
    files["s/a/y.yaml"] = "nothing: here\n"
    files["s/c/tenant.yaml"] = "baseUri: https://c.incontact.com\n"
    files["s/c/z.yaml"] = "[\n"
    desired = load_files(files, tenants="acme")
    assert [tenant.settings.name for tenant in desired.tenants] == ["acme"]
    assert reported(desired) == ["s/c/tenant.yaml:1:1 schema", "s/c/z.yaml:2:1 yaml-syntax"]
    assert desired.tenant_names == ("acme", "other")
    assert len(reported(load_files({}, tenants="other"))) == 5
    assert load_files({}, tenants="nobody").tenants == ()


def test_broken_defaults_above_the_tenants(load_files: Load, reported: Reported, files: dict[str, str]) -> None:
    files["s/defaults.yaml"] = "schedule: {name: x}\n"
    desired = load_files(files)
    assert reported(desired) == ["s/defaults.yaml:1:12 schema"]
    assert [tenant.schedules for tenant in desired.tenants] == [(), ()]
    assert [tenant.campaigns for tenant in desired.tenants] == [("CAM_001",), ("CAM_001",)]
    assert reported(load_files({}, "s/a")) == ["s/defaults.yaml:1:12 schema"]


def test_a_file_outside_of_any_tenant(load_files: Load, reported: Reported, files: dict[str, str]) -> None:
    files["s/lost.yaml"] = "not: even read\n- x\n"
    desired = load_files(files, "s")
    assert reported(desired) == ["s/lost.yaml:1:1 file-outside-tenant"]
    assert len(desired.tenants) == 2
    assert reported(load_files({}, "s/lost.yaml")) == ["s/lost.yaml:1:1 file-outside-tenant"]
    assert reported(load_files({}, "s", tenants="acme")) == ["s/lost.yaml:1:1 file-outside-tenant"]


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ((), "no tenant.yaml"),
        (("s/tenant.yaml",), "no campaign file"),
        (("s/tenant.yaml", "s/_draft.yaml"), '"_"'),
    ],
)
def test_no_campaign_at_all(
    load_files: Load, reported: Reported, tenant: str, here: Path, names: tuple[str, ...], words: str
) -> None:
    (here / "s").mkdir()
    desired = load_files(dict.fromkeys(names, tenant), "s")
    assert reported(desired) == ["no-schedules"]
    assert words in desired.findings[0].message
    assert desired.findings[0].severity is Severity.ERROR
    assert "s holds" in desired.findings[0].message


def test_a_folder_without_campaigns_in_a_tenant_that_has_some(
    load_files: Load, reported: Reported, files: dict[str, str], here: Path
) -> None:
    (here / "s" / "a" / "empty").mkdir(parents=True)
    assert reported(load_files(files, "s/a/empty")) == ["no-schedules"]
    assert reported(load_files({}, "s")) == []


def test_a_campaign_file_that_says_nothing_is_not_no_campaign(
    load_files: Load, reported: Reported, tenant: str
) -> None:
    assert reported(load_files({"tenant.yaml": tenant, "x.yaml": ""})) == ["x.yaml:1:1 schema"]
    assert reported(load_files({"x.yaml": "campaignId: C\nschedules: []\n"})) == []


def test_a_path_that_does_not_exist(load_files: Load, files: dict[str, str]) -> None:
    load_files(files)
    with pytest.raises(DesiredStateError):
        load_files({}, "nowhere")


def test_findings_are_sorted_and_the_same_under_any_hash_seed(
    load_files: Load, files: dict[str, str], here: Path
) -> None:
    files["s/a/y.yaml"] = "campaignId: Z\nb: 1\na: 2\nschedules:\n- {c: 1, b: 2, a: 3}\n"
    desired = load_files(files)
    (other,) = (tenant for tenant in desired.tenants if tenant.settings.name == "other")
    places = [
        (finding.location.file, finding.location.line, finding.location.column)
        for finding in other.findings
        if finding.location
    ]
    assert places == sorted(places)
    assert len(places) == 8
    script = (
        "from reconciler.desired import load; from reconciler.sources import WorkTree\n"
        "print([(t.settings, t.schedules, t.findings) for t in load(WorkTree('.'), '.').tenants])"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=here,
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


def test_a_revision_gives_what_the_work_tree_gave(load_files: Load, files: dict[str, str], here: Path) -> None:
    before = load_files(files)
    _commit(here)
    (here / "s" / "a" / "x.yaml").write_text("broken: [\n")
    (here / "s" / "b" / "x.yaml").unlink()
    past = load(Revision(str(here), "HEAD"), ".")
    assert _plain(past) == _plain(before)
    assert load(Revision(str(here), "HEAD"), "s/c") == Desired()
    assert load(Revision(str(here), "HEAD"), "s/b/x.yaml").tenants[0].campaigns == ("CAM_001",)
    assert _plain(load(WorkTree(str(here)), ".")) != _plain(before)


def _plain(desired: Desired) -> tuple[object, ...]:
    """All of it but the documents behind the places."""
    tenants = [
        (
            *(tenant.settings, tenant.campaigns, tenant.findings, tenant.files),
            *(
                (schedule.content, schedule.windows, schedule.blackouts, schedule.places.locate())
                for schedule in tenant.schedules
            ),
        )
        for tenant in desired.tenants
    ]
    return (*tenants, desired.findings, desired.files, desired.tenant_names, desired.campaign_names)


def _commit(here: Path) -> None:
    (here / ".git" / "HEAD").unlink()
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.com")
    for arguments in (
        ("init", "-q", "-b", "main"),
        ("add", "-A"),
        (*identity, "commit", "-q", "-m", "state"),
    ):
        subprocess.run(["git", *arguments], cwd=here, check=True, capture_output=True)
