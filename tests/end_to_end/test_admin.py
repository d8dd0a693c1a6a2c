"""The main job through the Admin API, as a user runs it: real files, real git, a sandbox over HTTP found by discovery."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from reconciler.model.results import Status
from reconciler.sandbox import QUIRKS, weekly_settings
from tests.support.admin_world import BY_HAND, DAYS, EARLY, END, LATE, QUIET, AdminWorld, admin_world, fill, skill
from tests.support.commands import Ended

Run = Callable[..., Ended]
Git = Callable[..., str]


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[AdminWorld]:
    """A tenant without skills, and a tenant.yaml."""
    world = admin_world(tmp_path)
    with world.box:
        world.tenant()
        yield world


@pytest.fixture
def world(empty: AdminWorld) -> AdminWorld:
    """A tenant with four skills, of which the files name three."""
    fill(empty)
    return empty


def plan_of(reconciler: Run, world: AdminWorld, *arguments: str) -> dict[str, Any]:
    ended = reconciler("plan", "--format", "json", *arguments, **world.env)
    document: dict[str, Any] = json.loads(ended.out)
    return document


def found(document: dict[str, Any], code: str) -> list[tuple[str, int, str]]:
    return [
        (finding["severity"], finding["line"], finding["message"])
        for finding in document["findings"]
        if finding["code"] == code
    ]


def edit(world: AdminWorld, name: str, old: str, new: str) -> None:
    path = world.root / "schedules" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize("quirks", [set[str](), {"text-numbers", "text-booleans", "seconds", "no-links", "no-content"}])
@pytest.mark.parametrize("version", ["v30.0", "v33.0"])
@pytest.mark.parametrize("sign_in", ["password", "accessKey"])
def test_import_plan_edit_apply(
    empty: AdminWorld, reconciler: Run, quirks: set[str], version: str, sign_in: str
) -> None:
    """Import → plan empty → edit → plan → apply with one PUT → converged → plan empty."""
    fill(empty)
    for name in ("c1001.yaml", "c1002.yaml"):
        (empty.root / "schedules" / name).unlink()
    empty.box.quirks.update(quirks)
    empty.tenant(admin={"version": version, "signIn": sign_in, "pageSize": 2})

    assert reconciler("import", "--all", **empty.env).code == 0
    text = (empty.root / "schedules" / "1001.yaml").read_text(encoding="utf-8")
    assert "maxCalls" not in text
    assert "timezone" not in text
    assert plan_of(reconciler, empty)["changes"] == []

    edit(empty, "1002.yaml", '"18:00"', '"16:30"')
    document = plan_of(reconciler, empty, "--out", "plan.json")
    assert [change["scheduleId"] for change in document["changes"]] == [QUIET]
    assert document["changes"][0]["impact"]["dialingHours"] == {"live": 63, "desired": 52.5}
    assert document["changes"][0]["request"]["path"] == (
        f"/incontactapi/services/{version}/skills/{QUIET}/parameters/schedule-settings"
    )
    empty.box.clear_log()
    ended = reconciler("apply", "--plan", "plan.json", "--format", "json", **empty.env)
    assert ended.code == 0, ended.err
    assert json.loads(ended.out)["converged"] is True
    assert empty.puts() == 1
    assert empty.box.store.settings(QUIET) == weekly_settings("09:00", "16:30")
    assert reconciler("plan", "--detailed-exitcode", **empty.env).code == 0


def test_a_plan_sends_nothing_but_get_and_the_sign_in(world: AdminWorld, reconciler: Run) -> None:
    assert reconciler("plan", **world.env).code == 0
    assert {(seen.method, seen.path) for seen in world.box.log if seen.method != "GET"} == {("POST", "/auth/token")}


def test_unmanaged_skills_are_named_and_not_touched(world: AdminWorld, reconciler: Run) -> None:
    assert [one["name"] for one in plan_of(reconciler, world)["unmanaged"]] == ["By hand"]
    assert reconciler("apply", "--auto-approve", **world.env).code == 0
    assert {path.split("/")[5] for path in world.writes()} == {EARLY, LATE}


def test_a_closed_day_keeps_its_times(world: AdminWorld, reconciler: Run) -> None:
    world.tenant(admin={"partialWeek": True})
    world.campaign("1001", skill("Early"), skill("Late", LATE, days=DAYS[:5]))
    world.box.store.edit(LATE, saturdayStartTime="10:15", sundayStartTime="", sundayEndTime=None, sundayIsActive=False)
    assert reconciler("apply", "--auto-approve", **world.env).code == 0
    held = world.box.store.settings(LATE)
    assert (held["saturdayStartTime"], held["saturdayEndTime"], held["saturdayIsActive"]) == ("10:15", "17:00", False)
    assert (held["sundayStartTime"], held["sundayEndTime"], held["sundayIsActive"]) == ("", None, False)
    assert held["fridayEndTime"] == END


def test_a_write_that_was_answered_and_is_not_there_is_not_verified(world: AdminWorld, reconciler: Run) -> None:
    """`STALE` would say that nothing was overwritten."""
    world.campaign("1001", skill("Late", LATE))
    world.fault("404", method="GET", path=f"{LATE}/parameters", nth=3, times=None)
    ended = reconciler("apply", "--auto-approve", "--format", "json", **world.env)
    ((result,),) = (json.loads(ended.out)["results"],)
    assert (ended.code, result["status"], world.puts()) == (5, "UNVERIFIED", 1)


def test_a_partial_week_must_be_allowed(world: AdminWorld, reconciler: Run) -> None:
    world.box.quirks.add("seven-days")
    world.campaign("1001", skill("Late", LATE, days=DAYS[:6]))
    ended = reconciler("apply", "--auto-approve", **world.env)
    assert (ended.code, world.puts()) == (3, 0)
    ((severity, line, message),) = found(plan_of(reconciler, world), "admin-unsupported")
    assert (severity, line) == ("error", 1)
    assert "SUNDAY" in message

    world.tenant(admin={"partialWeek": True})
    ended = reconciler("apply", "--auto-approve", **world.env)
    assert ended.code == 5
    assert "InvalidParameter" in ended.out
    world.box.quirks.clear()
    assert reconciler("apply", "--auto-approve", **world.env).code == 0


def test_a_partial_week_that_is_live_is_no_error(world: AdminWorld, reconciler: Run) -> None:
    world.box.store.edit(LATE, **weekly_settings("09:00", END, ["sunday"]))
    world.campaign("1001", skill("Late", LATE, days=DAYS[:6]))
    document = plan_of(reconciler, world)
    assert (document["changes"], document["summary"]["errors"]) == ([], 0)


def test_who_asked(world: AdminWorld, reconciler: Run, git: Git) -> None:
    git("add", "--all")
    git("commit", "--quiet", "--message", "base")
    assert reconciler("apply", "--auto-approve", **world.env).code == 0
    world.box.store.edit(LATE, mondayEndTime="12:00")
    document = plan_of(reconciler, world, "--base", "HEAD")
    assert [change["origin"] for change in document["changes"]] == ["drift"]

    world.campaign("1001", skill("Early"), skill("Late", LATE, end="15:00"))
    document = plan_of(reconciler, world, "--base", "HEAD")
    assert [change["origin"] for change in document["changes"]] == ["conflict"]
    world.box.clear_log()
    assert reconciler("apply", "--auto-approve", "--base", "HEAD", **world.env).code == 4
    assert world.puts() == 0


@pytest.mark.parametrize(
    ("closed", "edit"),
    [(False, {"mondayStartTime": "10:30"}), (False, {"mondayIsActive": False}), (True, {"mondayStartTime": "10:30"})],
)
def test_a_day_that_both_moved_is_a_conflict_whatever_its_start(
    world: AdminWorld, reconciler: Run, git: Git, closed: bool, edit: dict[str, Any]
) -> None:
    git("add", "--all")
    git("commit", "--quiet", "--message", "base")
    assert reconciler("apply", "--auto-approve", **world.env).code == 0
    world.tenant(admin={"partialWeek": True})
    late = skill("Late", LATE, days=DAYS[1:]) if closed else skill("Late", LATE, start="09:30")
    world.campaign("1001", skill("Early"), late)
    document = plan_of(reconciler, world, "--base", "HEAD")
    assert [change["origin"] for change in document["changes"]] == ["change"]

    world.box.store.edit(LATE, **edit)
    saved = world.root / "plan.json"
    document = plan_of(reconciler, world, "--base", "HEAD", "--out", str(saved))
    assert [change["origin"] for change in document["changes"]] == ["conflict"]
    world.box.clear_log()
    for how in (("--base", "HEAD"), ("--plan", str(saved))):
        ended = reconciler("apply", "--auto-approve", *how, **world.env)
        assert (ended.code, world.puts()) == (4, 0), ended.err
        assert "console" in ended.err
    assert reconciler("apply", "--auto-approve", "--base", "HEAD", "--force", "git wins", **world.env).code == 0


@pytest.mark.parametrize(("skill_id", "name"), [(EARLY, "Elder"), (BY_HAND, "Early")])
def test_a_saved_plan_is_refused_where_a_name_moved(
    world: AdminWorld, reconciler: Run, skill_id: str, name: str
) -> None:
    """Entries without a number find their skills by name, so a name is part of what the plan saw."""
    saved = world.root / "plan.json"
    plan_of(reconciler, world, "--out", str(saved))
    world.box.store.change(skill_id, skillName=name)
    world.box.clear_log()
    ended = reconciler("apply", "--auto-approve", "--plan", str(saved), **world.env)
    assert (ended.code, world.puts()) == (4, 0), ended.err


def test_what_an_earlier_revision_asked_for_is_pending(world: AdminWorld, reconciler: Run, git: Git) -> None:
    def commit() -> str:
        git("add", "--all", "schedules")
        git("commit", "--quiet", "--message", "change")
        return git("rev-parse", "HEAD")

    applied = commit()
    assert reconciler("apply", "--auto-approve", **world.env).code == 0
    world.campaign("1001", skill("Early"), skill("Late", LATE, end="15:00"))
    base = commit()
    world.campaign("1001", skill("Early", end="16:00"), skill("Late", LATE, end="15:00"))
    document = plan_of(reconciler, world, "--base", base, "--applied", applied)
    origins = {change["scheduleId"]: change["origin"] for change in document["changes"]}
    assert origins == {EARLY: "change", LATE: "pending"}


def test_drift_is_written_back(world: AdminWorld, reconciler: Run) -> None:
    assert reconciler("apply", "--auto-approve", **world.env).code == 0
    world.box.store.edit(LATE, mondayEndTime="12:00", tuesdayIsActive=False)
    ended = reconciler("import", "--update", "--all", **world.env)
    assert ended.code == 0, ended.err
    assert plan_of(reconciler, world)["changes"] == []


def test_a_skill_that_does_not_follow_its_schedule_cannot_be_imported(
    world: AdminWorld, reconciler: Run, git: Git
) -> None:
    """Import says so, and nothing advises an import for it."""
    assert reconciler("apply", "--auto-approve", **world.env).code == 0
    git("add", "--all", "schedules")
    git("commit", "--quiet", "--message", "base")
    world.box.store.edit(QUIET, isScheduled=False)
    ended = reconciler("import", "--update", "--campaign", "1002", "--format", "json", **world.env)
    assert ended.code == 0
    reported = {finding["code"]: finding["message"] for finding in json.loads(ended.out)["reported"]}
    assert "take the entry out of git" in reported["skill-not-scheduled"]
    assert git("status", "--porcelain", "schedules") == ""

    world.tenant(safety={"onDrift": "refuse"})
    ended = reconciler("apply", "--auto-approve", "--base", "HEAD", **world.env)
    assert ended.code == 4
    assert "take the entry out of git" in ended.err
    assert "reconciler import" not in ended.err
    world.box.store.edit(LATE, mondayEndTime="12:00")
    ended = reconciler("apply", "--auto-approve", "--base", "HEAD", **world.env)
    assert "`reconciler import --update`" in ended.err


def test_import_says_what_it_cannot_read_and_that_the_zone_is_another_one(world: AdminWorld, reconciler: Run) -> None:
    (world.root / "schedules" / "c1001.yaml").unlink()
    world.box.store.edit(BY_HAND, mondayEndTime="24:00")
    world.box.store.time_zone("Central Standard Time")
    ended = reconciler("import", "--all", "--format", "json", **world.env)
    reported = {finding["code"]: finding["severity"] for finding in json.loads(ended.out)["reported"]}
    assert (ended.code, reported["schedule-unreadable"], reported["admin-zone-differs"]) == (1, "error", "warning")
    text = (world.root / "schedules" / "1001.yaml").read_text(encoding="utf-8")
    assert LATE in text
    assert BY_HAND not in text


@pytest.mark.parametrize("text", ["[]", "schedule: 5", "window: 3", "window: {dayOfWeek: MONDAY}"])
def test_defaults_that_are_wrong_set_nothing(world: AdminWorld, reconciler: Run, text: str) -> None:
    """What they may have meant to set is not called unsupported."""
    (world.root / "schedules" / "defaults.yaml").write_text(text, encoding="utf-8")
    ended = reconciler("validate", "--format", "json")
    errors = [finding for finding in json.loads(ended.out)["findings"] if finding["severity"] == "error"]
    assert (ended.code, [finding["code"] for finding in errors]) == (3, ["schema"])


@pytest.mark.parametrize("update", [False, True])
def test_a_skill_that_starts_at_midnight_keeps_no_other_out_of_an_import(
    world: AdminWorld, reconciler: Run, *, update: bool
) -> None:
    if not update:
        (world.root / "schedules" / "c1001.yaml").unlink()
    world.box.store.edit(BY_HAND, mondayStartTime="00:00", tuesdayStartTime="00:00")
    world.box.store.edit(LATE, mondayEndTime="12:00")
    ended = reconciler("import", "--all", *(["--update"] if update else []), "--format", "json", **world.env)
    (message,) = (finding["message"] for finding in json.loads(ended.out)["reported"] if finding["severity"] == "error")
    assert (ended.code, "'By hand'" in message, "00:00 on Mon, Tue" in message) == (1, True, True)
    text = (world.root / "schedules" / ("c1001.yaml" if update else "1001.yaml")).read_text(encoding="utf-8")
    assert "12:00" in text
    assert BY_HAND not in text


@pytest.mark.parametrize(("kind", "asked"), [("500", 5), ("403", 1), ("html", 5)])
def test_a_list_of_skills_that_fails_is_not_asked_for_again_by_each_campaign(
    world: AdminWorld, kind: str, asked: int
) -> None:
    for number in range(1004, 1024):
        world.box.store.add_campaign(str(number), f"Campaign {number}")
        world.campaign(str(number), skill("Early"))
    world.fault(kind, method="GET", path="/skills", times=None)
    applied = world.apply()
    assert applied.blocked
    assert sum(seen.path.endswith("/skills") for seen in world.box.log) == asked
    assert world.puts() == 0


def test_an_edit_between_plan_and_write_stays(world: AdminWorld, reconciler: Run) -> None:
    def edited(store: Any) -> None:
        store.edit(LATE, mondayEndTime="12:00")

    world.fault("edit-before", method="GET", path=f"{LATE}/parameters", nth=2, edit=edited)
    ended = reconciler("apply", "--auto-approve", "--format", "json", **world.env)
    assert ended.code == 5
    statuses = {result["scheduleId"]: result["status"] for result in json.loads(ended.out)["results"]}
    assert statuses == {EARLY: "SUCCESS", LATE: "STALE"}
    assert world.box.store.settings(LATE)["mondayEndTime"] == "12:00"


def test_a_saved_plan_that_moved_is_refused(world: AdminWorld, reconciler: Run) -> None:
    assert reconciler("plan", "--out", "plan.json", **world.env).code == 0
    world.box.store.edit(EARLY, fridayEndTime="12:00")
    ended = reconciler("apply", "--plan", "plan.json", **world.env)
    assert (ended.code, world.puts()) == (4, 0)


def test_a_plan_shows_what_is_sent(world: AdminWorld, reconciler: Run) -> None:
    """The request of a plan, and of the journal, is the one that arrives; a saved plan that shows another one is refused."""
    world.tenant(admin={"partialWeek": True})
    world.box.store.edit(LATE, sundayStartTime="07:30")
    world.campaign("1001", skill("Late", LATE, days=DAYS[:6]))
    document = plan_of(reconciler, world, "--out", "plan.json")
    request = document["changes"][0]["request"]
    assert len(request["body"]["scheduleSettings"]) == 22
    assert request["body"]["scheduleSettings"]["sundayStartTime"] == "07:30"

    text = (world.root / "plan.json").read_text(encoding="utf-8")
    for old, new in (('"07:30"', '"07:31"'), ('"saturdayIsActive":true', '"saturdayIsActive":false')):
        assert old in text.replace(": ", ":")
        (world.root / "edited.json").write_text(text.replace(": ", ":").replace(old, new), encoding="utf-8")
        assert reconciler("apply", "--plan", "edited.json", **world.env).code == 4
    world.box.store.edit(LATE, sundayStartTime="07:45")
    assert reconciler("apply", "--plan", "plan.json", **world.env).code == 4
    assert world.puts() == 0

    world.box.store.edit(LATE, sundayStartTime="07:30")
    assert reconciler("apply", "--plan", "plan.json", "--audit-log", "audit.jsonl", **world.env).code == 0
    assert world.box.store.settings(LATE) == request["body"]["scheduleSettings"]
    assert [entry["sent"] for entry in world.entries()] == [request["body"]] * 2


def test_a_lost_write_is_unverified(world: AdminWorld, reconciler: Run) -> None:
    world.fault("drop", method="PUT", path=LATE)
    ended = reconciler("apply", "--auto-approve", "--format", "json", **world.env)
    document = json.loads(ended.out)
    assert (ended.code, document["converged"]) == (5, False)
    assert {one["scheduleId"]: one["status"] for one in document["results"]} == {EARLY: "SUCCESS", LATE: "UNVERIFIED"}


def test_a_user_who_may_only_view(world: AdminWorld, reconciler: Run) -> None:
    world.box.quirks.update({"view-only", "words-in-body"})
    assert reconciler("plan", **world.env).code == 0
    ended = reconciler("apply", "--auto-approve", **world.env)
    assert ended.code == 5
    assert "Security permissions prevent access to data" in ended.out + ended.err
    assert "scope" not in ended.out + ended.err


UNSUPPORTED = """\
campaignId: "1001"
schedules:
  - name: Late
    id: "4711"
    timezone: America/New_York
    jurisdictions: [US-NC]
    scheduleDetails:
      - dayOfWeek: [MONDAY, TUESDAY]
        startTime: "09:00:30"
        endTime: "17:00"
        maxCallsPerDay: 500
        maxCallsPerHour: 100
        predictiveRate: 1.2
        maxCallsPerAgentPerDay: 150
      - dayOfWeek: TUESDAY
        startTime: "18:00"
        endTime: "19:00"
      - dayOfWeek: WEDNESDAY
        startTime: "00:00"
        endTime: "12:00:00"
    blackoutPeriods:
      - {startTime: "12:00", endTime: "13:00", reason: LUNCH_BREAK}
    complianceRules:
      regulatoryPauses: [TCPA]
      agentAvailabilityProjection: true
      enableComplianceInjection: true
"""


def test_every_unsupported_field_is_named_at_its_line_before_anything_is_sent(
    world: AdminWorld, reconciler: Run, write: Callable[..., None]
) -> None:
    write(
        {
            "schedules/c1001.yaml": UNSUPPORTED,
            "schedules/defaults.yaml": """\
window:
  maxCallsPerDay: 10
schedule:
  timezone: America/Chicago
  jurisdictions: [US-NC]
  blackoutPeriods: []
  complianceRules: {regulatoryPauses: [], agentAvailabilityProjection: false}
""",
        }
    )
    document = json.loads(reconciler("validate", "--format", "json").out)
    places = [(one["file"], one["line"]) for one in document["findings"] if one["code"] == "admin-unsupported"]
    lines = [5, 9, 11, 12, 13, 14, 15, 19, 21, 24, 25, 26]
    of_defaults = [("schedules/defaults.yaml", line) for line in (2, 4, 7)]  # where every entry sets its own, too
    assert places == [*(("schedules/c1001.yaml", line) for line in lines), *of_defaults]
    ended = reconciler("apply", "--auto-approve", **world.env)
    assert ended.code == 3
    assert world.box.log == ()


@pytest.mark.usefixtures("world")
def test_a_broken_entry_hides_no_unsupported_field(reconciler: Run, write: Callable[..., None]) -> None:
    write(
        {
            "schedules/c1001.yaml": UNSUPPORTED.replace('endTime: "17:00"', "endTime: noon").replace(
                "TUESDAY\n", "TUSDAY\n"
            )
        }
    )
    findings = json.loads(reconciler("validate", "--format", "json").out)["findings"]
    lines = [one["line"] for one in findings if one["code"] == "admin-unsupported"]
    assert lines == [5, 9, 11, 12, 13, 14, 19, 21, 24, 25, 26]
    assert not [one for one in findings if "missing" in one["message"]]


def test_settings_that_mean_nothing(world: AdminWorld, reconciler: Run) -> None:
    fields = {"preserveFields": ["x"], "ignoreFields": ["y", "scheduleDetails.startTime"]}
    world.tenant(webhook={"url": "https://wfm.example.com"}, capacity={"agents": 3}, **fields)
    document = plan_of(reconciler, world)
    words = [message.split()[0] for _, _, message in found(document, "admin-unsupported")]
    assert sorted(words) == ["capacity", "ignoreFields", "preserveFields", "webhook"]


@pytest.mark.parametrize("number", ["04711", "0", "abc", "4711a", "-1", "٤٧"])
def test_the_number_of_a_skill_is_a_number(world: AdminWorld, reconciler: Run, number: str) -> None:
    world.campaign("1001", skill("Late", number))
    ended = reconciler("validate")
    assert ended.code == 3
    assert "must be the number of a skill" in ended.out


@pytest.mark.parametrize("section", [{}, {"admin": {}}, {"admin": {"version": "v31.0"}}], ids=str)
def test_a_missing_time_zone_is_said_once(world: AdminWorld, reconciler: Run, section: dict[str, Any]) -> None:
    text = json.dumps({"name": "acme", "api": "admin", **section})
    (world.root / "schedules" / "tenant.yaml").write_text(text, encoding="utf-8")
    document = json.loads(reconciler("validate", "--format", "json").out)
    assert [finding["code"] for finding in document["findings"] if finding["severity"] == "error"] == ["schema"]


def test_what_is_advised_for_times_can_be_done(world: AdminWorld, reconciler: Run) -> None:
    for start, end, words in (("00:00", "17:00", "begin a minute later"), ("22:00", "06:00", "ends by 23:59")):
        entry = skill("Late", LATE)
        entry["scheduleDetails"][0].update(startTime=start, endTime=end)
        world.campaign("1001", entry)
        said = reconciler("validate").out
        assert words in said
        assert "remove it" not in said
        assert "23:59:59" not in said


def test_the_law_holds(world: AdminWorld, reconciler: Run) -> None:
    entry = {**skill("Late", LATE, end="21:30"), "jurisdictions": ["US-FL"]}
    world.campaign("1001", entry)
    document = plan_of(reconciler, world)
    codes = {finding["code"] for finding in document["findings"] if finding["severity"] == "error"}
    assert codes == {"outside-calling-hours"}
    assert not found(document, "pause-not-listed")
    assert not found(document, "state-rules-not-listed")
    assert reconciler("apply", "--auto-approve", **world.env).code == 3
    assert world.puts() == 0


def test_a_closure_closes_its_day(world: AdminWorld, reconciler: Run) -> None:
    world.tenant(admin={"partialWeek": True})
    closed = {"date": "2026-11-26", "reason": "Thanksgiving"}
    late = {"date": "2026-11-27", "startTime": "13:00", "reason": "Bridge day"}
    world.campaign("1001", {**skill("Late", LATE, end="17:00"), "closures": [closed, late]})
    world.campaign("1002")
    assert reconciler("apply", "--auto-approve", "--as-of", "2026-11-21", **world.env).code == 0
    held = world.box.store.settings(LATE)
    assert [day for day in DAYS if not held[f"{day.lower()}IsActive"]] == ["THURSDAY"]
    assert held["fridayEndTime"] == "13:00"
    assert reconciler("apply", "--auto-approve", "--as-of", "2026-11-28", **world.env).code == 0
    assert world.box.store.settings(LATE) == weekly_settings()


def test_import_never_writes_what_a_closure_did(world: AdminWorld, reconciler: Run) -> None:
    world.tenant(admin={"partialWeek": True})
    closed = {"date": "2026-11-26", "reason": "Thanksgiving"}
    world.campaign("1001", {**skill("Late", LATE), "closures": [closed]}, skill("Early"), skill("By hand"))
    day = ("--as-of", "2026-11-22")
    assert reconciler("apply", "--auto-approve", *day, **world.env).code == 0
    assert world.box.store.settings(LATE)["thursdayIsActive"] is False
    before = (world.root / "schedules" / "c1001.yaml").read_bytes()
    assert reconciler("import", "--update", "--all", *day, **world.env).code == 0
    assert (world.root / "schedules" / "c1001.yaml").read_bytes() == before


@pytest.mark.parametrize(("as_of", "severity"), [("2026-11-01", "warning"), ("2026-11-22", "error")])
def test_a_closure_that_cuts_a_day_in_two(world: AdminWorld, reconciler: Run, as_of: str, severity: str) -> None:
    noon = {"date": "2026-11-25", "startTime": "12:00", "endTime": "13:00", "reason": "Training"}
    world.campaign("1001", {**skill("Late", LATE), "closures": [noon]})
    document = plan_of(reconciler, world, "--as-of", as_of)
    ((found_severity, _, message),) = found(document, "admin-unsupported")
    assert found_severity == severity
    assert "2026-11-25" in message


@pytest.mark.parametrize("days", [DAYS, DAYS[:5]], ids=["a-full-week", "a-partial-week"])
def test_a_closure_that_needs_a_week_with_a_closed_day(
    world: AdminWorld, reconciler: Run, days: list[str], write: Callable[..., None]
) -> None:
    """A warning at the closure until such a week would be sent, and then an error there; none where it is live already."""
    start = "" if days == DAYS else ', startTime: "13:00"'
    text = f"""\
campaignId: "1001"
schedules:
  - name: Late
    id: "{LATE}"
    scheduleDetails: [{{dayOfWeek: [{", ".join(days)}], startTime: "09:00", endTime: "{END}"}}]
    closures:
      - {{date: 2026-11-26{start}, reason: Thanksgiving}}
"""
    write({"schedules/c1001.yaml": text})
    world.box.store.edit(LATE, **weekly_settings("09:00", END, {day.lower() for day in {*DAYS} - {*days}}))
    place = 'schedules/c1001.yaml:7:9: {}: admin-unsupported: "Late" of 1001: on 2026-11-26 this closure needs'
    for command in ("validate", "plan"):
        ended = reconciler(command, "--as-of", "2026-11-01", **world.env)
        assert (ended.code, ended.out.count(place.format("warning"))) == (0, 1), command
    ended = reconciler("validate", "--as-of", "2026-11-22")
    assert (ended.code, ended.out.count(place.format("warning"))) == (0, 1)
    assert "cannot be sent: it needs a week with a closed day" in reconciler("calendar", "--as-of", "2026-11-22").out

    ended = reconciler("plan", "--as-of", "2026-11-22", **world.env)
    assert (ended.code, ended.out.count("admin-unsupported")) == (3, 1)
    assert place.format("error") in ended.out
    assert reconciler("apply", "--auto-approve", "--as-of", "2026-11-22", **world.env).code == 3

    closed = {"thursdayIsActive": False} if days == DAYS else {"thursdayEndTime": "13:00"}
    world.box.store.edit(LATE, **closed)
    document = plan_of(reconciler, world, "--as-of", "2026-11-22")
    assert (document["changes"], document["summary"]["errors"]) == ([], 0)

    world.tenant(admin={"partialWeek": True})
    assert not found(plan_of(reconciler, world, "--as-of", "2026-11-22"), "admin-unsupported")
    assert "cannot be sent" not in reconciler("calendar", "--as-of", "2026-11-22").out


@pytest.mark.parametrize("field", ["startTime", "endTime"])
def test_a_closure_that_is_no_whole_minute(world: AdminWorld, reconciler: Run, field: str) -> None:
    closure = {"date": "2026-11-25", field: "12:00:30", "reason": "Training"}
    world.campaign("1001", {**skill("Late", LATE), "closures": [closure]})
    ended = reconciler("validate", "--as-of", "2026-11-01", **world.env)
    assert ended.code == 3
    assert "whole minutes" in ended.out
    assert field in ended.out


def test_a_skill_that_is_switched_on_adds_its_hours(world: AdminWorld, reconciler: Run) -> None:
    world.tenant(safety={"maxAddedDialingHours": 1})
    world.box.store.edit(LATE, isScheduled=False)
    world.campaign("1001", skill("Late", LATE), skill("Early"), skill("By hand"))
    document = plan_of(reconciler, world)
    ((limit, passed),) = [
        (check["limit"], check["passed"]) for check in document["safety"] if "Hours" in check["limit"]
    ]
    assert (limit, passed) == ("maxAddedDialingHours", False)
    assert document["impact"]["dialingHours"]["live"] < document["impact"]["dialingHours"]["desired"]
    assert reconciler("apply", "--auto-approve", **world.env).code == 4
    assert world.box.store.settings(LATE)["isScheduled"] is False


def test_what_is_said_of_skills(world: AdminWorld, reconciler: Run) -> None:
    store = world.box.store
    store.change(LATE, skillName="Late calls", isRunning=True)
    store.edit(QUIET, isScheduled=False)
    store.time_zone("Central Standard Time")
    document = plan_of(reconciler, world)
    ((severity, _, message),) = found(document, "skill-name-differs")
    assert (severity, "'Late calls'" in message) == ("notice", True)
    ((severity, _, message),) = found(document, "skill-running")
    assert (severity, LATE in message) == ("warning", True)
    ((severity, _, message),) = found(document, "skill-not-scheduled")
    assert (severity, QUIET in message) == ("warning", True)
    ((severity, _, message),) = found(document, "admin-zone-differs")
    assert (severity, "Central Standard Time" in message, "Eastern Standard Time" in message) == ("warning", True, True)
    changes = {change["scheduleId"]: [field["path"] for field in change["fields"]] for change in document["changes"]}
    assert changes[QUIET] == ["isScheduled"]
    assert reconciler("apply", "--auto-approve", **world.env).code == 0
    assert store.settings(QUIET)["isScheduled"] is True
    document = plan_of(reconciler, world)
    assert document["changes"] == []
    assert not found(document, "skill-running")


def test_a_business_unit_that_cannot_be_read_stops_nothing(world: AdminWorld, reconciler: Run) -> None:
    world.fault("403", path="business-unit", times=None)
    document = plan_of(reconciler, world)
    assert "could not be read" in found(document, "admin-zone-differs")[0][2]
    assert len(document["changes"]) == 2


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"isActive": False}, "not active"),
        ({"campaignId": 1002}, "campaign 1002"),
        ({"outboundStrategy": "Manual"}, "Personal Connection"),
        ({"mediaTypeId": 3}, "phone"),
        (None, "no such skill"),
    ],
)
def test_a_skill_that_cannot_be_managed(
    world: AdminWorld, reconciler: Run, fields: dict[str, Any] | None, words: str
) -> None:
    if fields is None:
        world.box.store.remove_skill(LATE)
    else:
        world.box.store.change(LATE, **fields)
    document = plan_of(reconciler, world)
    ((severity, line, message),) = found(document, "skill-not-usable")
    assert (severity, line) == ("error", 1)
    assert words in message
    assert reconciler("apply", "--auto-approve", **world.env).code == 3
    assert world.puts() == 0


def test_a_tenant_that_lists_no_skill(empty: AdminWorld, reconciler: Run) -> None:
    """A list that is empty (204) is a list: what is wrong is what the entries name, at their lines."""
    empty.box.quirks.add("no-content")
    empty.box.store.add_campaign("1001", "Sales")
    empty.campaign("1001", skill("Early"), skill("Late", LATE))
    ended = reconciler("plan", "--format", "json", **empty.env)
    assert ended.code == 3
    findings = found(json.loads(ended.out), "skill-not-usable")
    assert [(severity, line) for severity, line, _ in findings] == [("error", 1), ("error", 1)]
    assert "the list of all skills is empty" in findings[0][2]
    assert f"means skill {LATE}" in findings[1][2]
    assert "no skill that can be managed is seen" in reconciler("doctor", **empty.env).out


def test_names_must_be_exact_and_lead_to_one_skill(world: AdminWorld, reconciler: Run) -> None:
    world.box.store.add_skill("1001", "Twin")
    world.box.store.add_skill("1001", "Twin")
    world.campaign("1001", skill("early"), skill("Twin"), skill("Late", LATE), skill("Late"))
    document = plan_of(reconciler, world)
    messages = [message for _, _, message in found(document, "skill-not-usable")]
    assert ["no skill of exactly that name" in message for message in messages] == [True, False]
    assert "pinned by another entry" in messages[1]
    assert len(found(document, "ambiguous-name")) == 1


@pytest.mark.parametrize("second", ["1001", "1002"])
def test_two_entries_that_mean_one_skill(world: AdminWorld, reconciler: Run, second: str) -> None:
    world.campaign("1001", skill("Late", LATE))
    world.campaign("1002", skill("Quiet", QUIET))
    (world.root / "schedules" / "more.yaml").write_text(
        json.dumps({"campaignId": second, "schedules": [skill("Other", LATE)]}), encoding="utf-8"
    )
    document = json.loads(reconciler("validate", "--format", "json").out)
    assert found(document, "skill-not-usable")


def test_a_campaign_that_is_not_there(world: AdminWorld, reconciler: Run) -> None:
    world.campaign("1999", skill("Elsewhere"))
    world.campaign("1003")
    document = plan_of(reconciler, world)
    ((_, _, message),) = found(document, "campaign-not-found")
    assert "1999" in message


UNREADABLE: list[dict[str, Any]] = [
    {"mondayEndTime": "24:00"},
    {"mondayEndTime": "00:00"},
    {"mondayEndTime": "08:00"},
    {"mondayEndTime": "17:00:30"},
    {"mondayEndTime": "5 pm"},
    {"mondayEndTime": None},
    {"mondayStartTime": 900},
    {"mondayIsActive": "yes"},
    {"mondayIsActive": 1},
    {"mondayIsActive": None},
    {"isScheduled": None},
    {"sundayIsActive": False, "sundayEndTime": "later"},
]


@pytest.mark.parametrize("settings", UNREADABLE, ids=str)
def test_what_is_not_understood_is_not_overwritten(
    world: AdminWorld, reconciler: Run, settings: dict[str, Any]
) -> None:
    world.box.store.edit(LATE, **settings)
    ended = reconciler("apply", "--auto-approve", **world.env)
    assert (ended.code, world.puts()) == (1, 0)
    assert LATE in ended.out + ended.err


def test_a_missing_field_is_not_overwritten(world: AdminWorld, reconciler: Run) -> None:
    settings = world.box.store.settings(LATE)
    del settings["sundayStartTime"]
    world.box.store.replace_settings(LATE, settings)
    ended = reconciler("apply", "--auto-approve", **world.env)
    assert (ended.code, world.puts()) == (1, 0)
    assert "sundayStartTime" in ended.out + ended.err


@pytest.mark.parametrize("kind", ["deep", "repeated-field", "nan", "byte-order-mark"])
def test_what_a_skill_has_besides_is_named_and_not_sent(world: AdminWorld, reconciler: Run, kind: str) -> None:
    world.box.store.edit(EARLY, note="by hand")
    world.fault(kind, path=f"{LATE}/parameters", times=None)
    document = plan_of(reconciler, world)
    fields = [message.split("'")[1] for _, _, message in found(document, "unmanaged-field")]
    refused = kind in ("repeated-field", "nan")
    assert fields == ([] if refused else ["note", *(["spoiled"] if kind == "deep" else [])])
    ended = reconciler("apply", "--auto-approve", **world.env)
    assert ended.code == (1 if refused else 0), ended.err


@pytest.mark.parametrize(
    "how", [{"edit": {"mondayEndTime": "24:00"}}, {"fault": "403"}, {"fault": "500"}, {"fault": "404"}], ids=str
)
def test_an_unreadable_skill_that_git_does_not_name_stops_nothing(
    world: AdminWorld, reconciler: Run, how: dict[str, Any]
) -> None:
    world.box.store.edit(BY_HAND, **how.get("edit", {}))
    if "fault" in how:
        world.fault(how["fault"], path=f"{BY_HAND}/parameters", times=None)
    before = world.box.store.settings(BY_HAND)
    ((severity, _, message),) = found(plan_of(reconciler, world), "schedule-unreadable")
    assert (severity, BY_HAND in message) == ("warning", True)
    assert ("does not wait for it" in message, "campaign is left alone" in message) == (True, False)
    ended = reconciler("apply", "--auto-approve", **world.env)
    assert (ended.code, world.puts()) == (0, 2), ended.out
    assert world.box.store.settings(BY_HAND) == before

    world.campaign("1001", skill("Early"), skill("Late", LATE), skill("By hand"))
    document = plan_of(reconciler, world)
    assert found(document, "campaign-unreadable")
    assert not found(document, "schedule-unreadable")
    assert reconciler("apply", "--auto-approve", **world.env).code == 1
    assert world.puts() == 2
    ended = reconciler("import", "--update", "--campaign", "1001", **world.env)
    assert (ended.code, "campaign-unreadable" in ended.out, "skill-not-usable" in ended.out) == (1, True, False), ended

    world.campaign("1002", skill("Nobody"))  # what is wrong elsewhere is said in the same run
    ended = reconciler("import", "--update", "--all", **world.env)
    assert (ended.code, "campaign-unreadable" in ended.out, ended.out.count("skill-not-usable")) == (3, True, 1), ended


def test_many_skills_that_the_server_fails_to_give_are_an_outage(world: AdminWorld, reconciler: Run) -> None:
    numbers = [world.box.store.add_skill("1001", f"Other {number}") for number in range(4)]
    world.fault("500", path=f"({'|'.join(numbers)})/parameters", times=None)
    assert found(plan_of(reconciler, world), "campaign-unreadable")


def test_a_list_that_is_shorter_than_it_counts(world: AdminWorld, reconciler: Run) -> None:
    """What came is managed, by its number; what did not come is not said to be missing, and may be what a name means."""
    world.box.quirks.add("high-totals")
    document = plan_of(reconciler, world)
    assert [severity for severity, _, _ in found(document, "list-incomplete")] == ["warning"]
    ((_, _, message),) = found(document, "campaign-unreadable")
    assert "'Early'" in message
    assert "as `id:`" in message
    assert not found(document, "adopted")
    world.campaign("1001", skill("Early", EARLY), skill("Late", LATE))
    assert len(plan_of(reconciler, world)["changes"]) == 2
    world.box.store.remove_skill(LATE)
    document = plan_of(reconciler, world)
    assert not found(document, "skill-not-usable")
    ((_, _, message),) = found(document, "campaign-unreadable")
    assert "'Late'" in message
    assert "counts 4 and holds 3" in message
    ended = reconciler("apply", "--auto-approve", "--keep-going", **world.env)
    assert (ended.code, world.puts()) == (5, 0)

    world.campaign("1001")
    world.campaign("1999", skill("Elsewhere"))
    document = plan_of(reconciler, world)
    assert not found(document, "campaign-not-found")
    assert found(document, "campaign-unreadable")


def test_a_write_that_is_seen_late_is_looked_for_again(world: AdminWorld) -> None:
    world.box.quirks.add("late-writes")
    began = world.clock.now()
    result = world.result()
    assert (result.converged, world.puts()) == (True, 2)
    assert {write.status for write in result.results} == {Status.SUCCESS}
    assert 0 < world.clock.now() - began < 10


def test_writes_that_are_never_seen_are_not_waited_for_without_end(world: AdminWorld) -> None:
    names = [f"Other {number}" for number in range(8)]
    for name in names:
        world.box.store.add_skill("1001", name)
    world.campaign("1001", *map(skill, names))
    world.fault("drop", method="PUT", times=None)
    began = world.clock.now()
    result = world.result()
    assert {write.status for write in result.results} == {Status.UNVERIFIED}
    assert world.clock.now() - began < 30


def test_a_page_that_repeats_is_refused(world: AdminWorld, reconciler: Run) -> None:
    world.box.quirks.add("same-page")
    world.tenant(admin={"pageSize": 2})
    ended = reconciler("apply", "--auto-approve", **world.env)
    assert (ended.code, world.puts()) == (1, 0)
    assert "repeats" in ended.out + ended.err


def test_every_quirk_alone(world: AdminWorld, reconciler: Run) -> None:
    for quirk in sorted(QUIRKS):
        world.box.quirks.clear()
        world.box.quirks.add(quirk)
        document = plan_of(reconciler, world)
        is_short = quirk == "high-totals"  # then a name may mean what did not come
        assert (len(document["changes"]), document["summary"]["errors"]) == ((0, 1) if is_short else (2, 0)), quirk


@pytest.mark.parametrize("place", ["token_endpoint", "api_endpoint"])
def test_no_secret_goes_to_a_foreign_host(world: AdminWorld, reconciler: Run, place: str) -> None:
    world.box.places[place] = "https://evil.example.com/auth/token"
    ended = reconciler("plan", "--debug", **world.env)
    assert ended.code == 1
    assert "evil.example.com" in ended.out + ended.err
    asked = {seen.path for seen in world.box.log}
    assert ("/auth/token" in asked) is (place == "api_endpoint")
    assert not [path for path in asked if "incontactapi" in path]


def test_wrong_keys_are_refused_once(world: AdminWorld, reconciler: Run) -> None:
    ended = reconciler("plan", **{**world.env, "CXONE_ACCESS_KEY_SECRET": "wrong=="})
    assert ended.code == 1
    assert "CXONE_ACCESS_KEY_SECRET" in ended.out
    assert sum(seen.path == "/auth/token" for seen in world.box.log) == 1


def test_missing_keys_are_named(world: AdminWorld, reconciler: Run) -> None:
    world.tenant(admin={"signIn": "accessKey"}, credentials={"accessKeyIdEnv": "CXONE_KEY"})
    ended = reconciler("plan", CXONE_ACCESS_KEY_SECRET="x")
    assert ended.code == 1
    assert "CXONE_KEY is not set" in ended.out
    assert "CXONE_CLIENT" not in ended.out


def test_no_secret_is_told(world: AdminWorld, reconciler: Run) -> None:
    keys = world.box.keys
    world.tenant(requests={"concurrency": 1, "attempts": 2})
    for kind, how in (("400", {"path": "token"}), ("html", {"path": "token"}), ("401", {}), ("500", {"method": "PUT"})):
        world.box.faults.clear()
        world.fault(kind, times=None, **how)
        ended = reconciler("apply", "--auto-approve", "--debug", **world.env)
        said = ended.out + ended.err
        assert ended.code in (1, 5)
        for secret in (keys.client_secret, keys.access_key_secret, keys.access_key_secret.rstrip("=")):
            assert secret not in said
    journal = world.root / ".reconciler" / "audit.jsonl"
    assert not journal.exists() or keys.access_key_secret not in journal.read_text(encoding="utf-8")


def test_from_init_to_an_empty_plan(world: AdminWorld, reconciler: Run) -> None:
    for file in (world.root / "schedules").iterdir():
        file.unlink()
    ended = reconciler("init", "--api", "admin", "--name", "acme")
    assert (ended.code, "--timezone" in ended.err) == (64, True)
    assert reconciler("init", "--api", "admin", "--name", "acme", "--timezone", "America/New_York").code == 0
    env = {**world.env, "CXONE_ISSUER": world.box.base_uri}
    assert "4 skills that can be managed, in 2 campaigns" in reconciler("doctor", **env).out
    assert reconciler("import", "--all", **env).code == 0
    assert reconciler("plan", "--detailed-exitcode", **env).code == 0


def test_doctor_says_of_a_short_list_and_of_none(world: AdminWorld, reconciler: Run) -> None:
    world.box.quirks.add("high-totals")
    assert "counts 5 and holds 4" in reconciler("doctor", **world.env).out
    for number in (EARLY, LATE, BY_HAND, QUIET):
        world.box.store.remove_skill(number)
    assert "no skill that can be managed is seen" in reconciler("doctor", **world.env).out


def test_the_same_bytes_in_every_format(world: AdminWorld, reconciler: Run) -> None:
    for form in ("text", "json", "markdown", "html"):
        first = reconciler("plan", "--format", form, **world.env)
        assert first.code == 0
        assert reconciler("plan", "--format", form, **world.env).out == first.out


def test_the_embedded_sandbox(empty: AdminWorld, reconciler: Run) -> None:
    empty.campaign("1001", skill("Early"), skill("Late", LATE))
    empty.campaign("West", skill("By campaign's name"))
    assert len(plan_of(reconciler, empty, "--sandbox")["changes"]) == 3
    assert reconciler("apply", "--sandbox", "--auto-approve").code == 0
    assert reconciler("plan", "--sandbox", "--detailed-exitcode").code == 0
