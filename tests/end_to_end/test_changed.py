"""`plan --changed`: only what differs from the base is read, and of that a plan says what it says without the option."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pytest

from tests.support.builders import schedule, window
from tests.support.commands import Run
from tests.support.tenant_world import TENANT, World, campaign

_CAMPAIGNS = ("CAM_001", "CAM_002", "CAM_003", "CAM_004")


class Repository:
    """Files under git whose first commit, `base`, is live in a tenant."""

    def __init__(self, world: World, reconciler: Run, git: Callable[..., str]) -> None:
        self.world = world
        self.reconciler = reconciler
        self.git = git
        self.schedules = world.folder / "schedules"
        world.write(*(campaign(name, _calls(f"Calls of {name}", 5000)) for name in _CAMPAIGNS))
        self.base = self.commit()
        assert reconciler("apply", "--auto-approve", **world.env).code == 0
        world.box.clear_log()

    def commit(self) -> str:
        """Commit all files as they are."""
        self.git("add", "--all", "schedules")
        self.git("commit", "--quiet", "--allow-empty", "--message", "change")
        return self.git("rev-parse", "HEAD")

    def plan(self, *arguments: str, code: int = 0) -> dict[str, Any]:
        """The document of a plan with --changed."""
        self.world.box.clear_log()
        ended = self.reconciler(
            "plan", "--base", self.base, "--changed", "--format", "json", *arguments, **self.world.env
        )
        assert ended.code == code, ended.err
        document: dict[str, Any] = json.loads(ended.out)
        return document

    @property
    def read(self) -> set[str]:
        """The campaigns whose schedules were read since the last plan began."""
        paths = (unquote(seen.path).split("/") for seen in self.world.box.log if seen.path.endswith("/schedules"))
        return {parts[-2] for parts in paths}


def _calls(name: str, cap: int, **fields: Any) -> dict[str, Any]:
    return schedule(name, scheduleDetails=[window(maxCallsPerDay=cap)], **fields)


def _figures(document: dict[str, Any]) -> dict[str, int]:
    summary = document["summary"]
    return {name: summary[name] for name in ("create", "update", "unchanged", "notRead")}


@pytest.fixture
def repository(open_world: Callable[..., World], reconciler: Run, git: Callable[..., str]) -> Repository:
    return Repository(open_world(_CAMPAIGNS), reconciler, git)


def test_nothing_is_read_where_nothing_changed(repository: Repository) -> None:
    assert _figures(repository.plan()) == {"create": 0, "update": 0, "unchanged": 0, "notRead": 4}
    assert repository.world.box.log == ()
    ended = repository.reconciler("plan", "--base", repository.base, "--changed")  # without credentials
    assert ended.code == 0
    assert "4 campaigns not read (their desired state is the base's)" in ended.out


@pytest.mark.parametrize("is_committed", [True, False])
def test_only_what_an_edit_changed_is_read(repository: Repository, is_committed: bool) -> None:
    repository.world.write(campaign("CAM_002", _calls("Calls of CAM_002", 4000)))
    if is_committed:
        repository.commit()
    document = repository.plan()
    assert repository.read == {"CAM_002"}
    assert _figures(document) == {"create": 0, "update": 1, "unchanged": 0, "notRead": 3}
    [change] = document["changes"]
    assert (change["campaignId"], change["origin"]) == ("CAM_002", "change")


def test_a_new_file_that_git_does_not_know_yet_is_read(repository: Repository) -> None:
    repository.world.write(campaign("CAM_002", _calls("More", 4000)), below="schedules/more")
    (repository.schedules / "more" / "tenant.yaml").unlink()
    document = repository.plan()
    # the entry that stands in the unchanged file is needed, too: it is not unmanaged
    assert _figures(document) == {"create": 1, "update": 0, "unchanged": 1, "notRead": 3}
    assert document["unmanaged"] == []


_PART = json.dumps(_calls("Part", 900))


@pytest.mark.parametrize(
    "spelled",
    [
        f'"campaign\\u0049d": CAM_002\nschedules: [{_PART}]\n',
        f"campaignId:\n  CAM_002\nschedules: [{_PART}]\n",
        f"{{schedules: [{_PART}], campaignId: 'CAM_002'}}\n",
        f'? campaignId\n: "CAM\\x5f002"\nschedules: [{_PART}]\n',
        f"campaignId: CAM_004\nschedules: []\n---\n# the second\ncampaignId: >-\n  CAM_002\nschedules: [{_PART}]\n",
    ],
)
def test_a_part_of_a_campaign_in_an_unchanged_file_is_found_however_it_is_spelled(
    repository: Repository, spelled: str
) -> None:
    (repository.schedules / "part.yaml").write_text(spelled, "utf-8")
    repository.base = repository.commit()
    repository.world.write(campaign("CAM_002", _calls("Calls of CAM_002", 4000)))
    document = repository.plan()
    assert repository.read == {"CAM_002"}
    assert {change["name"]: change["action"] for change in document["changes"]} == {
        "Calls of CAM_002": "update",
        "Part": "create",
    }


def test_a_comment_a_new_place_and_another_order_change_no_desired_state(repository: Repository) -> None:
    file = repository.schedules / "cam_001.yaml"
    file.write_text(f"# edited\n{file.read_text('utf-8')}", "utf-8")
    (repository.schedules / "cam_002.yaml").rename(repository.schedules / "moved.yaml")
    (repository.schedules / "deeper").mkdir()
    (repository.schedules / "cam_003.yaml").rename(repository.schedules / "deeper" / "cam_003.yml")
    assert _figures(repository.plan())["notRead"] == 4
    assert repository.world.box.log == ()


def test_a_deleted_file_leaves_its_schedules_dialing(repository: Repository) -> None:
    (repository.schedules / "cam_003.yaml").unlink()
    document = repository.plan()
    assert repository.read == {"CAM_003"}
    assert [finding["code"] for finding in document["findings"]] == ["released"]
    assert document["summary"]["notRead"] == 3


def test_a_schedule_that_moves_between_campaigns_concerns_both(repository: Repository) -> None:
    entries = [_calls("Calls of CAM_001", 5000), _calls("Calls of CAM_002", 5000)]
    repository.world.write(campaign("CAM_001"), campaign("CAM_002", *entries))
    document = repository.plan()
    assert repository.read == {"CAM_001", "CAM_002"}
    assert [change["name"] for change in document["changes"]] == ["Calls of CAM_001"]


@pytest.mark.parametrize("folder", [".", "schedules", "schedules/deeper"])
def test_defaults_concern_what_lies_below_them(repository: Repository, folder: str) -> None:
    world = repository.world
    bare = {key: value for key, value in _calls("Deep", 700).items() if key != "timezone"}
    deep = json.dumps(campaign("CAM_004", {**bare, "timezone": "America/Chicago"}))
    (repository.schedules / "deeper").mkdir()
    (repository.schedules / "deeper" / "deep.yaml").write_text(deep, "utf-8")
    repository.base = repository.commit()
    text = "schedule: {closures: [{date: 2027-01-04, reason: Inventory}]}\n"
    (world.folder / folder / "defaults.yaml").write_text(text, "utf-8")
    repository.plan()
    assert repository.read == ({"CAM_004"} if folder.endswith("deeper") else set(_CAMPAIGNS))


def test_what_the_tenant_file_says_concerns_all(repository: Repository) -> None:
    repository.world.write(tenant=f"{TENANT}# a comment\n")
    assert repository.plan()["summary"]["notRead"] == 4
    repository.world.write(tenant=f"{TENANT}ignoreFields: [scheduleDetails.predictiveRate]\n")
    assert repository.plan()["summary"]["notRead"] == 0
    assert repository.read == set(_CAMPAIGNS)


def test_an_edit_that_the_index_hides_is_seen(repository: Repository) -> None:
    repository.git("update-index", "--assume-unchanged", "schedules/cam_001.yaml")
    repository.world.write(campaign("CAM_001", _calls("Calls of CAM_001", 4000)))
    assert _figures(repository.plan()) == {"create": 0, "update": 1, "unchanged": 0, "notRead": 3}


def test_an_edit_that_a_filter_takes_back_on_its_way_into_git_is_seen(repository: Repository) -> None:
    repository.git("config", "filter.f.clean", "sed s/4000/5000/")
    (repository.schedules / ".gitattributes").write_text("cam_001.yaml filter=f\n", "utf-8")
    repository.base = repository.commit()
    repository.world.write(campaign("CAM_001", _calls("Calls of CAM_001", 4000)))
    assert repository.git("diff", "--name-only") == ""
    assert _figures(repository.plan()) == {"create": 0, "update": 1, "unchanged": 0, "notRead": 3}


def test_files_that_were_written_again_have_no_edits(repository: Repository) -> None:
    """As in a copy of the repository, of which no stat data fit the index."""
    for file in repository.schedules.iterdir():
        content = file.read_bytes()
        file.unlink()
        file.write_bytes(content)
    assert _figures(repository.plan())["notRead"] == 4


def test_options_narrow_what_is_counted(repository: Repository) -> None:
    repository.world.write(campaign("CAM_002", _calls("Calls of CAM_002", 4000)))
    assert repository.plan("--campaign", "CAM_001")["summary"]["notRead"] == 1
    assert repository.read == set()
    document = repository.plan("--campaign", "CAM_001", "--campaign", "CAM_002")
    assert (len(document["changes"]), document["summary"]["notRead"]) == (1, 1)
    document = repository.plan("schedules/cam_002.yaml")
    assert (len(document["changes"]), document["summary"]["notRead"]) == (1, 0)
    document = repository.plan("schedules/cam_001.yaml")
    assert (document["changes"], document["summary"]["notRead"]) == ([], 1)
    (repository.schedules / "deeper").mkdir()
    (repository.schedules / "cam_004.yaml").rename(repository.schedules / "deeper" / "cam_004.yaml")
    repository.base = repository.commit()
    document = repository.plan("schedules/deeper", "--campaign", "CAM_001")  # PATH has nothing of it
    assert (document["changes"], document["summary"]["notRead"]) == ([], 0)
    ended = repository.reconciler("plan", "--base", repository.base, "--changed", "--campaign", "CAM_00")
    assert (ended.code, "did you mean" in ended.err) == (64, True)


def test_a_campaign_that_only_another_tenant_names_is_not_known(repository: Repository) -> None:
    """Also where the file that names it is one of those that are not looked at."""
    tenants = {"acme": TENANT, "bravo": TENANT.replace("acme", "bravo").replace("usw2", "use1")}
    for name, files in (("acme", ("cam_001.yaml", "cam_002.yaml")), ("bravo", ("cam_003.yaml", "cam_004.yaml"))):
        (repository.schedules / name).mkdir()
        (repository.schedules / name / "tenant.yaml").write_text(tenants[name], "utf-8")
        for file in files:
            (repository.schedules / file).rename(repository.schedules / name / file)
    (repository.schedules / "tenant.yaml").unlink()
    repository.base = repository.commit()
    of_acme = ("plan", "--base", repository.base, "--changed", "--tenant", "acme", "--campaign")
    assert repository.reconciler(*of_acme, "CAM_002", **repository.world.env).code == 0
    ended = repository.reconciler(*of_acme, "CAM_003", **repository.world.env)
    assert (ended.code, "CAM_003" in ended.err) == (64, True)


def test_it_needs_a_base(reconciler: Run) -> None:
    ended = reconciler("plan", "--changed")
    assert ended.code == 64
    assert "--changed needs --base" in ended.err


def test_a_file_that_is_wrong_stops_it_where_it_was_edited(repository: Repository) -> None:
    (repository.schedules / "cam_001.yaml").write_text("campaignId: CAM_001\nschedules: [{name: A}]\n", "utf-8")
    document = repository.plan(code=3)
    assert document["digest"] is None
    repository.base = repository.commit()  # from now on the base's own, which validate checks
    assert repository.plan()["summary"]["notRead"] == 4
    assert repository.reconciler("validate").code == 3


def test_what_waits_to_be_applied_is_said_and_not_read(repository: Repository) -> None:
    applied = repository.base
    repository.world.write(campaign("CAM_001", _calls("Calls of CAM_001", 4000)))
    repository.base = repository.commit()
    repository.world.write(campaign("CAM_002", _calls("Calls of CAM_002", 4000)))
    document = repository.plan("--applied", applied)
    assert repository.read == {"CAM_002"}
    assert [(change["campaignId"], change["origin"]) for change in document["changes"]] == [("CAM_002", "change")]
    [waiting] = [finding for finding in document["findings"] if finding["code"] == "pending-not-read"]
    assert "CAM_001" in waiting["message"]
    codes = {finding["code"] for finding in repository.plan("--applied", repository.base)["findings"]}
    assert "pending-not-read" not in codes


def test_the_share_of_what_was_read_refuses_no_apply_that_reads_all(repository: Repository) -> None:
    tenant = f"{TENANT}safety: {{maxChangedPercent: 30, minSchedules: 1}}\n"
    repository.world.write(tenant=tenant)
    repository.base = repository.commit()
    repository.world.write(campaign("CAM_002", _calls("Calls of CAM_002", 4000)), tenant=tenant)
    document = repository.plan("--fail-on", "refused", "--out", "plan.json")
    assert [(check["actual"], check["passed"]) for check in document["safety"]] == [(100, False)]
    assert document["refusals"] == []
    ended = repository.reconciler("show", "plan.json")
    assert "100 % of the schedules that were read change" in ended.out
    # exactly this plan is held to what it has read
    refused = repository.reconciler("apply", "--plan", "plan.json", **repository.world.env)
    assert (refused.code, repository.world.puts()) == (4, [])
    assert "100 % of the schedules that the plan read would change" in refused.err


def test_a_saved_plan_is_applied_and_is_not_the_applied_revision(repository: Repository) -> None:
    before = repository.reconciler("audit", ".reconciler/audit.jsonl", "--last-applied", "--tenant", "acme").out
    assert before.strip() == repository.base
    repository.world.write(campaign("CAM_002", _calls("Calls of CAM_002", 4000)))
    repository.commit()
    repository.plan("--out", "plan.json")
    assert repository.reconciler("apply", "--plan", "plan.json", **repository.world.env).code == 0
    [held] = repository.world.live("CAM_002")
    assert held["scheduleDetails"][0]["maxCallsPerDay"] == 4000
    assert repository.reconciler("audit", ".reconciler/audit.jsonl", "--last-applied", "--tenant", "acme").out == before


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_every_format_says_how_many_were_not_read(repository: Repository, form: str) -> None:
    repository.world.write(campaign("CAM_002", _calls("Calls of CAM_002", 4000)))
    ended = repository.reconciler(
        "plan", "--base", repository.base, "--changed", "--format", form, **repository.world.env
    )
    assert ended.code == 0
    assert "3 campaigns not read" in ended.out
