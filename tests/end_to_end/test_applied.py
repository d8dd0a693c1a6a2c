"""With --applied: across runs, with real git, a plan knows what was applied and says who asked for the rest."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.builders import schedule, window
from tests.support.commands import Ended, Run
from tests.support.tenant_world import TENANT, World, campaign


class Repository:
    """The world's files under git, and the commands of a pipeline that keeps its journal in a folder."""

    def __init__(self, world: World, reconciler: Run, git: Callable[..., str]) -> None:
        self.world = world
        self._reconciler = reconciler
        self.git = git

    def commit(self, cap: int = 5000, *, tenant: str = TENANT, extra: tuple[dict[str, Any], ...] = ()) -> str:
        """A revision that asks for this cap, and for more schedules."""
        weekdays = schedule("Weekdays", scheduleDetails=[window(maxCallsPerDay=cap)])
        self.world.write(campaign("CAM_001", weekdays, *extra), tenant=tenant)
        return self.record("schedules")

    def record(self, *paths: str) -> str:
        """Commit these paths as they are."""
        self.git("add", "--all", *paths)
        self.git("commit", "--quiet", "--allow-empty", "--message", "change")
        return self.git("rev-parse", "HEAD")

    def run(self, command: str, *arguments: str) -> Ended:
        """A command on the files as they are checked out."""
        journal = ("--audit-log", "journal/", "--auto-approve") if command == "apply" else ()
        return self._reconciler(command, *journal, *arguments, **self.world.env)

    def plan(self, *arguments: str, code: int = 0) -> dict[str, Any]:
        """The document of a plan."""
        ended = self.run("plan", "--format", "json", *arguments)
        assert ended.code == code, ended.err
        document: dict[str, Any] = json.loads(ended.out)
        return document

    def apply(self, *arguments: str) -> None:
        """An apply that does everything."""
        ended = self.run("apply", *arguments)
        assert ended.code == 0, ended.err

    @property
    def applied(self) -> str:
        """What the journal says was applied last, as an option takes it."""
        ended = self._reconciler("audit", "journal", "--last-applied", "--tenant", "acme")
        assert ended.code == 0, ended.err
        return ended.out.strip() or "none"

    @property
    def cap(self) -> int:
        """The daily cap that CXone holds."""
        (held,) = self.world.live()
        return int(held["scheduleDetails"][0]["maxCallsPerDay"])

    def edit(self, cap: int) -> None:
        """Somebody edits the console."""
        (held,) = self.world.live()
        windows = [{**entry, "maxCallsPerDay": cap} for entry in held["scheduleDetails"]]
        self.world.box.store.put("CAM_001", {**held, "scheduleDetails": windows})


@pytest.fixture
def repository(world: World, reconciler: Run, git: Callable[..., str]) -> Repository:
    """A repository whose first revision, with a cap of 5000, was applied."""
    repository = Repository(world, reconciler, git)
    repository.commit()
    repository.apply()
    return repository


def the_field(document: dict[str, Any]) -> dict[str, Any]:
    """The only field of the only change."""
    (change,) = document["changes"]
    (field,) = change["fields"]
    assert change["origin"] == field["origin"]
    found: dict[str, Any] = field
    return found


def codes(document: dict[str, Any]) -> set[str]:
    """The findings, less those that every such schedule has."""
    return {finding["code"] for finding in document["findings"]} - {"called-zone-assumed", "state-rules-not-listed"}


def test_a_rejected_push_and_then_a_change_of_the_same_field_is_a_change(repository: Repository) -> None:
    rejected = repository.commit(4000)
    repository.commit(3000)

    without = the_field(repository.plan("--base", rejected))
    field = the_field(repository.plan("--base", rejected, "--applied", repository.applied))

    assert without["origin"] == "conflict"  # which is what a base alone says
    assert (field["origin"], field["base"], field["live"], field["desired"]) == ("change", 4000, 5000, 3000)
    assert "applied" not in field
    repository.apply("--base", rejected, "--applied", repository.applied)
    assert repository.cap == 3000


def test_a_rejected_push_and_then_a_change_of_something_else_is_pending_of_its_own_revision(
    repository: Repository,
) -> None:
    rejected = repository.commit(4000)
    (repository.world.folder / "README.md").write_text("a typo less\n", encoding="utf-8")
    repository.record("README.md")
    how = ("--base", rejected, "--applied", repository.applied)

    field = the_field(repository.plan(*how))

    assert (field["origin"], field["askedBy"]) == ("pending", rejected)
    for form in ("text", "markdown", "html"):
        shown = repository.run("plan", *how, "--format", form).out
        assert f"pending: asked for by the earlier revision {rejected[:12]}" in shown
    repository.apply(*how)
    assert repository.cap == 4000


def test_pending_differences_of_one_file_name_the_commit_of_their_line(repository: Repository) -> None:
    first = repository.commit(4000)
    second = repository.commit(4000, extra=(schedule("Weekend", scheduleDetails=[window("SUNDAY")]),))
    (repository.world.folder / "README.md").write_text("a typo less\n", encoding="utf-8")
    repository.record("README.md")

    document = repository.plan("--base", second, "--applied", repository.applied)

    asked = {change["name"]: change.get("askedBy") or change["fields"][0]["askedBy"] for change in document["changes"]}
    assert asked == {"Weekdays": first, "Weekend": second}
    assert {change["origin"] for change in document["changes"]} == {"pending"}
    assert "recreated" not in codes(document)


def test_an_edit_in_the_console_is_drift_and_both_are_a_conflict(repository: Repository) -> None:
    base = repository.git("rev-parse", "HEAD")
    repository.edit(900)
    assert the_field(repository.plan("--base", base, "--applied", repository.applied))["origin"] == "drift"

    repository.commit(2000)
    document = repository.plan("--base", base, "--applied", repository.applied)

    field = the_field(document)
    assert (field["origin"], field["base"], field["applied"]) == ("conflict", 5000, 5000)
    assert [(refusal["liftable"], "edited" in refusal["reason"]) for refusal in document["refusals"]] == [(True, True)]
    assert repository.run("apply", "--base", base, "--applied", repository.applied).code == 4
    assert repository.cap == 900


def test_a_saved_conflict_that_was_edited_into_a_change_is_refused(repository: Repository) -> None:
    base = repository.git("rev-parse", "HEAD")
    repository.edit(900)
    repository.commit(2000)
    file = repository.world.folder / "plan.json"
    assert repository.run("plan", "--base", base, "--applied", base, "--out", str(file)).code == 0
    document = json.loads(file.read_text(encoding="utf-8"))
    for holder in (document["changes"][0], document["changes"][0]["fields"][0]):
        assert holder["origin"] == "conflict"
        holder["origin"] = "change"
    file.write_text(json.dumps(document), encoding="utf-8")

    ended = repository.run("apply", "--plan", str(file))

    assert ended.code == 4
    assert "origin" in ended.err
    assert repository.cap == 900


def test_a_first_apply_calls_nothing_recreated(world: World, reconciler: Run, git: Callable[..., str]) -> None:
    repository = Repository(world, reconciler, git)
    pinned = schedule("Pinned", id="a1b2c3d4-e5f6-7890-abcd-ef1234567890")
    base = repository.commit(extra=(pinned,))

    assert "recreated" in codes(repository.plan("--base", base))
    document = repository.plan("--base", base, "--applied", "none")
    assert document["applied"] == "none"
    assert "recreated" not in codes(document)
    assert {change["origin"] for change in document["changes"]} == {"pending"}
    assert "recreated" not in codes(repository.plan("--applied", "none"))
    ended = repository.run("apply", "--base", base)
    assert ended.code == 0
    assert "recreated" not in ended.err

    for held in world.live():
        world.box.store.delete("CAM_001", held["id"])
    assert codes(repository.plan("--base", base, "--applied", repository.applied)) == {"recreated"}
    assert "recreated" in repository.run("apply", "--base", base).err  # the journal knows now


def test_an_older_revision_again_is_refused_and_force_lifts_it(repository: Repository) -> None:
    older = repository.git("rev-parse", "HEAD")
    newer = repository.commit(4000)
    repository.apply("--base", older)
    repository.git("checkout", "--quiet", older)

    for how in (("--base", newer), ("--applied", newer), ("--base", older, "--applied", newer)):
        document = repository.plan(*how)
        assert "behind-base" in codes(document)
        assert repository.run("plan", *how, "--fail-on", "refused").code == 4
        ended = repository.run("apply", *how)
        assert (ended.code, "does not follow" in ended.err) == (4, True)
    assert repository.cap == 4000
    repository.apply("--base", newer, "--force", "back to the old cap")
    assert (repository.cap, repository.applied) == (5000, older)


def test_a_saved_plan_is_held_against_git_whatever_it_says(repository: Repository) -> None:
    older = repository.git("rev-parse", "HEAD")
    newer = repository.commit(4000)
    repository.apply("--base", older)
    repository.git("checkout", "--quiet", older)
    file = repository.world.folder / "plan.json"
    assert repository.run("plan", "--base", newer, "--out", str(file)).code == 0
    content = json.loads(file.read_text(encoding="utf-8"))
    content["refusals"] = []
    content["findings"] = [finding for finding in content["findings"] if finding["code"] != "behind-base"]

    edits: tuple[dict[str, str | None], ...] = (
        {},
        {"revision": None},
        {"revision": "--all"},
        {"revision": "0" * 40},
        {"base": "HEAD"},
    )
    for edit in edits:
        file.write_text(json.dumps({**content, **edit}), encoding="utf-8")
        ended = repository.run("apply", "--plan", str(file))
        assert (ended.code, "follow" in ended.err) == (4, True), ended.err
        assert repository.cap == 4000

    file.write_text(json.dumps(content), encoding="utf-8")
    repository.apply("--plan", str(file), "--force", "back to the old cap")
    assert repository.cap == 5000


def test_a_saved_plan_takes_nothing_back_that_was_applied_since(repository: Repository) -> None:
    """Live is as the plan saw it again, and it was compared with no other revision: only the journal knows."""
    empty, file = repository.world.folder / "empty.json", repository.world.folder / "plan.json"
    assert repository.run("plan", "--out", str(empty), "--detailed-exitcode").code == 0
    older = repository.commit(4000)
    assert repository.run("plan", "--out", str(file), "--detailed-exitcode").code == 2
    newer = repository.commit(5000)
    repository.apply()
    repository.git("checkout", "--quiet", older)

    for saved in (file, empty):
        ended = repository.run("apply", "--plan", str(saved))
        assert (ended.code, "does not follow the revision that was applied since" in ended.err) == (4, True), ended.err
        assert (repository.cap, repository.applied) == (5000, newer)
    repository.apply("--plan", str(file), "--force", "back to the old cap")
    assert (repository.cap, repository.applied) == (4000, older)


@pytest.mark.parametrize("unknown", ["shallow", "no-commit", "another-commit"])
def test_a_saved_plan_whose_place_in_history_is_not_known_takes_nothing_back(
    repository: Repository, unknown: str
) -> None:
    file = repository.world.folder / "plan.json"
    repository.commit(4000)
    assert repository.run("plan", "--out", str(file), "--detailed-exitcode").code == 2
    newer = repository.commit(5000)
    repository.apply()
    if unknown == "shallow":
        repository.git("commit", "--quiet", "--allow-empty", "--message", "one more")
        (repository.world.folder / ".git" / "shallow").write_text(f"{newer}\n", encoding="utf-8")
    else:
        revision = None if unknown == "no-commit" else "0" * 40
        content = json.loads(file.read_text(encoding="utf-8"))
        file.write_text(json.dumps({**content, "revision": revision}), encoding="utf-8")

    ended = repository.run("apply", "--plan", str(file))
    assert (ended.code, "git cannot say" in ended.err) == (4, True), ended.err
    assert (repository.cap, repository.applied) == (5000, newer)
    repository.apply("--plan", str(file), "--force", "back to the old cap")
    assert repository.cap == 4000


def test_a_side_revision_is_refused(repository: Repository) -> None:
    start = repository.git("rev-parse", "HEAD")
    forced_away = repository.commit(4000)
    repository.apply("--base", start)
    repository.git("reset", "--quiet", "--hard", start)
    repository.commit(3000)

    assert repository.run("apply", "--base", forced_away).code == 4
    assert repository.cap == 4000


def test_a_revision_follows_itself_and_its_ancestors(repository: Repository) -> None:
    first = repository.git("rev-parse", "HEAD")
    second = repository.commit(4000)
    for base in (first, second):
        assert repository.run("plan", "--base", base, "--fail-on", "refused").code == 0


def test_a_shallow_clone_says_so(repository: Repository) -> None:
    first = repository.git("rev-parse", "HEAD")
    repository.commit(4000)
    newest = repository.commit(3000)
    (repository.world.folder / ".git" / "shallow").write_text(f"{newest}\n", encoding="utf-8")

    ended = repository.run("apply", "--base", first)

    assert ended.code == 4
    assert "shallow" in ended.err
    assert "fetch-depth" in ended.err


@pytest.mark.parametrize("option", ["--base", "--applied"])
@pytest.mark.parametrize("ref", ["no-such-branch", "^HEAD", ""])
def test_a_revision_that_git_does_not_know(repository: Repository, option: str, ref: str) -> None:
    ended = repository.run("plan", f"{option}={ref}")

    assert (ended.code, ended.out) == (64, "")


def test_fail_on_refused_comes_after_what_is_wrong_and_before_what_changes(repository: Repository) -> None:
    strict = TENANT + "safety: {maxChanges: 0}\n"
    repository.commit(4000, tenant=strict)
    assert repository.run("plan", "--detailed-exitcode").code == 2
    ended = repository.run("plan", "--detailed-exitcode", "--fail-on", "refused")
    assert ended.code == 4
    assert "maxChanges" in ended.err
    assert json.loads(repository.run("plan", "--fail-on", "refused", "--format", "json").out)["refusals"]
    repository.world.write(campaign("CAM_001", {"name": "broken"}), tenant=strict)
    assert repository.run("plan", "--fail-on", "refused").code == 3


def test_drift_that_the_tenant_forbids_fails_the_plan_too(repository: Repository) -> None:
    base = repository.commit(tenant=TENANT + "safety: {onDrift: refuse}\n")
    how = ("--base", base, "--applied", repository.applied)
    assert repository.run("plan", *how, "--fail-on", "refused").code == 0
    repository.edit(900)
    ended = repository.run("plan", *how, "--fail-on", "refused")
    assert (ended.code, "onDrift" in ended.err) == (4, True)
