"""`reconciler import` as a user runs it, against a real tenant on loopback: what is written, what is left, what is said."""

from __future__ import annotations

import json
import stat
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from reconciler import canonical
from reconciler.model import WEEKDAYS, JsonObject
from reconciler.sandbox import Fault, Faults, Sandbox
from tests.support.builders import blackout, rules, schedule, window
from tests.support.commands import Ended, Run, variables_of

TENANT = "name: acme\nbaseUri: https://api.usw2.niceincontact.com\n"
DAYS = WEEKDAYS[:5]
ID = "a1b2c3d4-e5f6-7890-abcd-ef1234567890"


class Tenant:
    """A running tenant, and the command line on a folder of its own."""

    def __init__(self, box: Sandbox, run: Run, folder: Path) -> None:
        self.box = box
        self.folder = folder
        self._run = run

    @property
    def env(self) -> dict[str, str]:
        """The variables that a person would export."""
        return variables_of(self.box)

    def hold(
        self, name: str = "Weekday calling", schedule_id: str = ID, campaign: str = "CAM_001", **fields: Any
    ) -> JsonObject:
        """Have the tenant hold a schedule, as if somebody had edited it in the console."""
        raw = schedule(name, **{"scheduleDetails": [window(day) for day in DAYS], **fields})
        content = canonical.content(
            raw["name"],
            raw["timezone"],
            raw["scheduleDetails"],
            raw["blackoutPeriods"],
            raw["complianceRules"],
        )
        body = canonical.body(campaign, schedule_id, content)
        self.box.store.put(campaign, body)
        return body

    def run(self, *arguments: str, **environment: str) -> Ended:
        """A command with the tenant's variables."""
        return self._run(*arguments, **{**self.env, **environment})

    def imported(self, *arguments: str, code: int = 0) -> JsonObject:
        """What `import` says as JSON."""
        ended = self.run("import", *arguments, "--format", "json")
        assert ended.code == code, ended
        document: JsonObject = json.loads(ended.out)
        return document

    def plan(self, *arguments: str) -> JsonObject:
        """What `plan` says as JSON."""
        document: JsonObject = json.loads(self.run("plan", *arguments, "--format", "json").out)
        return document

    def write(self, files: Mapping[str, str]) -> None:
        """Write files below the folder, byte for byte."""
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())

    def git(self) -> None:
        """Make the folder a repository."""
        subprocess.run(["git", "init", "-q"], cwd=self.folder, check=True)

    def files(self) -> dict[str, bytes]:
        """All files below the folder."""
        return {
            path.relative_to(self.folder).as_posix(): path.read_bytes()
            for path in self.folder.rglob("*")
            if path.is_file() and ".git/" not in path.as_posix()
        }

    def text(self, name: str = "schedules/cam_001.yaml") -> str:
        """One file, with its line ends."""
        return (self.folder / name).read_bytes().decode()


@pytest.fixture
def tenant(tmp_path: Path, reconciler: Run) -> Iterator[Tenant]:
    """A tenant with two empty campaigns; no file is there yet."""
    with Sandbox(name="acme", campaigns=["CAM_001", "CAM_002"]) as box:
        yield Tenant(box, reconciler, tmp_path)


@pytest.fixture
def repository(tenant: Tenant) -> Tenant:
    """The same, with a tenant.yaml."""
    tenant.write({"schedules/tenant.yaml": TENANT})
    return tenant


def codes(document: JsonObject) -> list[str]:
    """The codes of what was reported."""
    return [finding["code"] for finding in document["reported"]]


IMPORTED = """\
campaignId: CAM_001
schedules:
  - name: Weekday calling
    id: a1b2c3d4-e5f6-7890-abcd-ef1234567890
    timezone: America/New_York
    scheduleDetails:
      - dayOfWeek: [MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY]
        startTime: "09:00"
        endTime: "17:00"
        maxCallsPerDay: 5000
        maxCallsPerHour: 800
        predictiveRate: 1.2
        maxCallsPerAgentPerDay: 150
    blackoutPeriods:
      - {startTime: "12:00", endTime: "13:00", reason: LUNCH_BREAK}
    complianceRules:
      regulatoryPauses: [NCDOJ, TCPA]
      agentAvailabilityProjection: true
      enableComplianceInjection: true
"""


class TestNewFiles:
    """Without --update: campaigns that no file names."""

    def test_a_whole_tenant_becomes_files_that_plan_as_empty(self, tenant: Tenant) -> None:
        tenant.hold()
        document = tenant.imported("--all")
        assert document["formatVersion"] == "1"
        assert document["files"] == [
            {"file": "schedules/cam_001.yaml", "action": "created", "schedules": 1},
            {"file": "schedules/cam_002.yaml", "action": "created", "schedules": 0},
            {"file": "schedules/tenant.yaml", "action": "created", "schedules": 0},
        ]
        assert tenant.text() == IMPORTED
        plan = tenant.plan()
        assert (plan["changes"], plan["unmanaged"], plan["summary"]["unchanged"]) == ([], [], 1)

    def test_the_new_tenant_is_named_after_its_host_and_found_by_its_base_uri(self, tenant: Tenant) -> None:
        tenant.imported("--campaign", "CAM_001")
        assert tenant.text("schedules/tenant.yaml") == (f'name: "127.0.0.1"\nbaseUri: "{tenant.box.base_uri}"\n')

    def test_the_new_tenant_takes_the_name_that_is_asked_for(self, tenant: Tenant) -> None:
        tenant.imported("--campaign", "CAM_001", "--tenant", "east")
        assert tenant.text("schedules/tenant.yaml").startswith("name: east\n")
        assert tenant.plan("--tenant", "east")["tenant"] == "east"

    def test_a_second_import_changes_no_byte_and_says_how_to_go_on(self, tenant: Tenant) -> None:
        tenant.hold()
        tenant.imported("--all")
        before = tenant.files()
        tenant.hold(timezone="America/Chicago")
        document = tenant.imported("--all")
        assert tenant.files() == before
        assert {file["action"] for file in document["files"]} == {"unchanged"}
        assert codes(document) == ["left-alone"]
        assert "--update" in document["reported"][0]["message"]

    def test_only_the_asked_campaign_is_read_and_written(self, repository: Tenant) -> None:
        repository.imported("--campaign", "CAM_002")
        assert "schedules/cam_001.yaml" not in repository.files()
        paths = [seen.path for seen in repository.box.log if seen.method == "GET"]
        assert paths == ["/api/v2/dialer/campaigns/CAM_002/schedules"]

    def test_nothing_but_reading_is_asked_for(self, repository: Tenant) -> None:
        repository.hold()
        repository.imported("--all")
        assert {seen.method for seen in repository.box.log if seen.path != "/oauth/token"} == {"GET"}
        tokens = [seen for seen in repository.box.log if seen.path == "/oauth/token"]
        assert [seen.scope for seen in tokens] == ["dialer:campaigns:read"]

    def test_the_schema_line_leads_to_the_schemas_of_the_repository(self, repository: Tenant) -> None:
        repository.git()
        repository.write({"schemas/campaign.schema.json": "{}"})
        repository.imported("--campaign", "CAM_001")
        first = repository.text().splitlines()[0]
        assert first == "# yaml-language-server: $schema=../schemas/campaign.schema.json"

    def test_without_git_the_schemas_beside_path_count(self, tenant: Tenant) -> None:
        tenant.write({"schemas/campaign.schema.json": "{}", "schemas/tenant.schema.json": "{}"})
        tenant.imported("--campaign", "CAM_001")
        for name, kind in (("cam_001", "campaign"), ("tenant", "tenant")):
            first = tenant.text(f"schedules/{name}.yaml").splitlines()[0]
            assert first == f"# yaml-language-server: $schema=../schemas/{kind}.schema.json"

    def test_defaults_do_not_leak_into_imported_schedules(self, repository: Tenant) -> None:
        repository.write(
            {
                "schedules/defaults.yaml": (
                    "schedule:\n  timezone: America/Denver\n  blackoutPeriods:\n"
                    '    - {startTime: "15:00", endTime: "15:15", reason: BREAK}\n'
                    "  complianceRules: {enableComplianceInjection: false}\n"
                    "window: {maxCallsPerDay: 7}\n"
                )
            }
        )
        repository.hold(blackoutPeriods=[], complianceRules=rules())
        repository.imported("--all")
        assert repository.plan()["changes"] == []

    def test_new_files_go_into_the_folder_that_path_names(self, repository: Tenant) -> None:
        repository.git()
        document = repository.imported("schedules/east/coast", "--campaign", "CAM_001")
        assert document["files"] == [{"file": "schedules/east/coast/cam_001.yaml", "action": "created", "schedules": 0}]
        assert repository.plan()["changes"] == []

    def test_without_git_a_tenant_above_path_is_not_shadowed(self, repository: Tenant) -> None:
        repository.imported("schedules/east", "--campaign", "CAM_001")
        assert set(repository.files()) == {"schedules/tenant.yaml", "schedules/east/cam_001.yaml"}
        assert repository.plan()["changes"] == []

    def test_a_campaign_that_a_file_elsewhere_names_is_not_written_twice(self, repository: Tenant) -> None:
        repository.git()
        repository.imported("schedules/west", "--campaign", "CAM_001")
        (repository.folder / "schedules/east").mkdir()
        document = repository.imported("schedules/east", "--campaign", "CAM_001")
        assert document["files"] == []
        assert "PATH does not cover" in document["reported"][0]["message"]
        everything = repository.imported("schedules/east", "--all")
        assert [file["file"] for file in everything["files"]] == ["schedules/east/cam_002.yaml"]

    @pytest.mark.parametrize(
        "campaign", ["a/b", "...", ".hidden", "_x", "CON", "tenant", "defaults", "😀", "x" * 200, "a\\b:c*?"]
    )
    def test_any_campaign_id_gets_a_safe_name(self, repository: Tenant, campaign: str) -> None:
        repository.hold(campaign=campaign)
        assert len(repository.imported("--all")["files"]) == 3
        assert repository.plan()["changes"] == []
        for name in repository.files():
            assert Path(name).parent == Path("schedules")

    def test_ids_that_differ_in_case_only_get_files_that_no_file_system_takes_for_one(self, repository: Tenant) -> None:
        for campaign in ("cam_001", "Cam_001"):
            repository.hold(schedule_id=campaign, campaign=campaign)
        written = [file["file"] for file in repository.imported("--all")["files"]]
        assert len({name.lower() for name in written}) == 4
        assert repository.plan()["summary"]["unchanged"] == 2

    def test_a_file_that_is_there_is_never_overwritten(self, repository: Tenant) -> None:
        repository.write({"schedules/cam_001.yaml": "campaignId: OTHER\nschedules: []\n"})
        repository.box.store.ensure_campaigns(["OTHER"])
        document = repository.imported("--campaign", "CAM_001")
        assert repository.text() == "campaignId: OTHER\nschedules: []\n"
        assert [file["action"] for file in document["files"]] == ["created"]
        assert repository.plan()["changes"] == []


class TestWhatNoFileCanHold:
    """Live schedules that the desired state refuses."""

    def test_a_cap_out_of_range_is_told_and_the_rest_is_imported(self, repository: Tenant) -> None:
        repository.hold("Good")
        repository.hold("Bad", "bad", scheduleDetails=[window(maxCallsPerDay=200000)])
        document = repository.imported("--all", code=1)
        assert codes(document) == ["not-importable"]
        message = document["reported"][0]["message"]
        assert "'Bad'" in message
        assert "scheduleDetails[0].maxCallsPerDay is 200000, but must be at most 100000" in message
        plan = repository.plan()
        assert (plan["changes"], [live["scheduleId"] for live in plan["unmanaged"]]) == ([], ["bad"])

    def test_a_campaign_id_that_is_a_path_is_told(self, repository: Tenant) -> None:
        repository.hold(campaign="..")
        document = repository.imported("--all", code=1)
        assert codes(document) == ["not-importable"]
        assert "must be an id, not a path" in document["reported"][0]["message"]
        assert [file["file"] for file in document["files"]] == [
            "schedules/cam_001.yaml",
            "schedules/cam_002.yaml",
        ]

    def test_half_a_character_cannot_be_written(self, repository: Tenant) -> None:
        repository.hold("\ud83d", "half")
        assert codes(repository.imported("--all", code=1)) == ["not-importable"]

    def test_drift_beyond_the_schema_leaves_the_entry_as_it_is(self, repository: Tenant) -> None:
        repository.hold()
        repository.imported("--all")
        before = repository.files()
        repository.hold(scheduleDetails=[window(day, maxCallsPerHour=10001) for day in DAYS])
        document = repository.imported("--all", "--update", code=1)
        assert codes(document) == ["not-importable"]
        assert document["reported"][0]["line"] == 3
        assert repository.files() == before

    def test_what_cannot_be_edited_is_reported_and_the_rest_is_written(self, repository: Tenant) -> None:
        repository.git()
        repository.hold("First", "1")
        repository.hold("Second", "2")
        repository.imported("--all")
        text = repository.text()
        odd = text.replace("  - name: Second\n", "  -\n    ? name\n    : Second\n")
        rest, second = odd.split("  -\n")
        bare = second.partition("    blackoutPeriods")[0]
        repository.write({"schedules/cam_001.yaml": f"{rest}  -\n{bare}"})
        repository.hold("First", "1", scheduleDetails=[window(day, maxCallsPerDay=9) for day in DAYS])
        document = repository.imported("--all", "--update", code=1)
        assert codes(document) == ["edit-by-hand"]
        assert "(a key is written with a question mark); edit it by hand" in document["reported"][0]["message"]
        assert repository.text() == f"{rest.replace('5000', '9')}  -\n{bare}"


class TestRefusals:
    """What stops an import: then no file is written."""

    @pytest.mark.parametrize("arguments", [(), ("--all", "--campaign", "CAM_001"), ("--update",)])
    def test_it_has_to_be_said_what_to_import(self, repository: Tenant, arguments: tuple[str, ...]) -> None:
        assert repository.run("import", *arguments).code == 64

    def test_without_a_tenant_a_base_uri_is_needed(self, tenant: Tenant) -> None:
        ended = tenant.run("import", "--all", CXONE_BASE_URI="")
        assert ended.code == 64
        assert "CXONE_BASE_URI" in ended.err

    def test_a_new_tenant_may_not_send_secrets_anywhere(self, tenant: Tenant) -> None:
        ended = tenant.run("import", "--all", CXONE_BASE_URI="https://evil.example")
        assert (ended.code, tenant.files()) == (64, {})

    def test_an_unknown_campaign_is_told(self, repository: Tenant) -> None:
        before = repository.files()
        document = repository.imported("--campaign", "CAM_001", "--campaign", "TYPO", code=3)
        assert (codes(document), document["files"]) == (["campaign-not-found"], [])
        assert repository.files() == before

    def test_an_unknown_tenant_is_wrong_usage(self, repository: Tenant) -> None:
        assert repository.run("import", "--all", "--tenant", "nobody").code == 64

    def test_a_campaign_that_cannot_be_read_keeps_all_from_being_written(self, tmp_path: Path, reconciler: Run) -> None:
        faults = Faults()
        with Sandbox(campaigns=["CAM_001", "CAM_002"], faults=faults) as box:
            tenant = Tenant(box, reconciler, tmp_path)
            tenant.box.store.put("CAM_002", {"id": "half a schedule"})
            document = tenant.imported("--all", code=1)
            assert codes(document) == ["campaign-unreadable"]
            assert tenant.files() == {}

    def test_a_campaign_that_is_gone_since_it_was_listed_is_left_out(self, tmp_path: Path, reconciler: Run) -> None:
        faults = Faults(Fault("404", times=None, method="GET", path="/CAM_002/schedules$"))
        with Sandbox(campaigns=["CAM_001", "CAM_002"], faults=faults) as box:
            tenant = Tenant(box, reconciler, tmp_path)
            tenant.hold()
            document = tenant.imported("--all", code=1)
            assert codes(document) == ["not-importable"]
            assert "'CAM_002' was left out: the tenant lists it" in document["reported"][0]["message"]
            assert sorted(tenant.files()) == ["schedules/cam_001.yaml", "schedules/tenant.yaml"]
            tenant.write({"schedules/other.yaml": "campaignId: CAM_002\nschedules: []\n"})
            again = tenant.imported("--all", "--update", code=1)
            assert codes(again) == ["not-importable"]
            assert tenant.imported("--campaign", "CAM_002", "--update", code=3)["files"] == []

    def test_wrong_credentials_end_with_1(self, repository: Tenant) -> None:
        ended = repository.run("import", "--all", CXONE_CLIENT_SECRET="wrong")
        assert ended.code == 1
        assert set(repository.files()) == {"schedules/tenant.yaml"}

    def test_invalid_files_end_with_3_before_anything_is_asked(self, repository: Tenant) -> None:
        repository.write({"schedules/broken.yaml": "campaignId: [\n"})
        document = repository.imported("--all", "--update", code=3)
        assert codes(document) == ["yaml-syntax"]
        assert repository.box.log == ()

    def test_an_ambiguous_name_is_not_guessed(self, repository: Tenant) -> None:
        repository.hold("Same", "one")
        repository.hold("Same", "two")
        repository.write({"schedules/c.yaml": entry_text("Same")})
        document = repository.imported("--campaign", "CAM_001", "--update", code=3)
        assert codes(document) == ["ambiguous-name"]

    def test_several_tenants_have_to_be_told_apart(self, tenant: Tenant) -> None:
        tenant.write(
            {
                "schedules/a/tenant.yaml": TENANT,
                "schedules/b/tenant.yaml": "name: b\nbaseUri: https://b.niceincontact.com\n",
            }
        )
        ended = tenant.run("import", "--campaign", "CAM_001")
        assert ended.code == 64
        assert "--tenant" in ended.err

    def test_a_place_that_cannot_be_written_is_told(self, repository: Tenant) -> None:
        repository.git()
        repository.write({"schedules/file": ""})
        ended = repository.run("import", "schedules/file/below", "--all")
        assert ended.code == 1
        assert "nothing was written" in ended.err


def entry_text(name: str = "Weekday calling", *, pin: str = "", end: str = "\n") -> str:
    """A campaign file by hand, with much of what people put into files."""
    lines = [
        "# The calling hours of spring.",
        "campaignId: 'CAM_001'   # as in the console",
        "schedules:",
        "    - name: " + json.dumps(name),
        *([f"      id: {pin}"] if pin else []),
        "      timezone: America/New_York",
        "      jurisdictions: [US-NC]",
        "",
        "      scheduleDetails:",
        "        # all weekdays alike",
        "        - dayOfWeek: [MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY]  # five days",
        "          startTime: 09:00",
        "          endTime: '17:00:00'",
        "          maxCallsPerDay: 5000   # by contract",
        "          maxCallsPerHour: 800",
        "          predictiveRate: 1.20",
        "          maxCallsPerAgentPerDay: 150",
        "      blackoutPeriods:",
        "        - {startTime: '12:00', endTime: '13:00', reason: \"LUNCH_BREAK\"}",
        "      complianceRules:",
        "        regulatoryPauses: [ TCPA, NCDOJ ]",
        "        agentAvailabilityProjection: true",
        "# the end",
    ]
    return end.join(lines) + end


def changed_lines(before: str, after: str) -> list[tuple[str, str]]:
    """The lines that differ, of two texts with the same number of lines."""
    pairs = list(zip(before.splitlines(True), after.splitlines(True), strict=True))
    return [(old, new) for old, new in pairs if old != new]


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
class TestUpdate:
    """Drift written back: only the lines that differ."""

    def drifted(self, repository: Tenant, end: str, pin: str = "", **fields: Any) -> tuple[str, str]:
        """The file before and after somebody has edited the tenant; the plan is empty afterwards, and again."""
        before = entry_text(end=end, pin=pin)
        repository.write({"schedules/cam_001.yaml": before})
        repository.hold(**fields)
        document = repository.imported("--campaign", "CAM_001", "--update")
        assert [file["action"] for file in document["files"]] == ["updated"]
        after = repository.text()
        plan = repository.plan()
        assert (plan["changes"], plan["unmanaged"]) == ([], [])
        again = repository.imported("--campaign", "CAM_001", "--update")
        assert [file["action"] for file in again["files"]] == ["unchanged"]
        assert repository.text() == after
        assert after.count("\n") == after.count(end)
        return before, after

    def test_nothing_differs(self, repository: Tenant, end: str) -> None:
        before = entry_text(end=end)
        repository.write({"schedules/cam_001.yaml": before})
        repository.hold()
        repository.imported("--campaign", "CAM_001", "--update")
        assert repository.text() == before

    def test_a_cap(self, repository: Tenant, end: str) -> None:
        windows = [window(day, maxCallsPerDay=4000) for day in DAYS]
        before, after = self.drifted(repository, end, scheduleDetails=windows)
        assert changed_lines(before, after) == [
            (
                f"          maxCallsPerDay: 5000   # by contract{end}",
                f"          maxCallsPerDay: 4000   # by contract{end}",
            )
        ]

    def test_times_keep_their_quotes_and_seconds(self, repository: Tenant, end: str) -> None:
        windows = [window(day, "08:30", "16:00") for day in DAYS]
        before, after = self.drifted(repository, end, scheduleDetails=windows)
        assert changed_lines(before, after) == [
            (f"          startTime: 09:00{end}", f"          startTime: 08:30{end}"),
            (f"          endTime: '17:00:00'{end}", f"          endTime: '16:00:00'{end}"),
        ]

    def test_a_day_that_differs_leaves_its_list(self, repository: Tenant, end: str) -> None:
        windows = [window(day, predictiveRate=2 if day == "FRIDAY" else 1.2) for day in DAYS]
        before, after = self.drifted(repository, end, scheduleDetails=windows)
        new = end.join(
            [
                "        - dayOfWeek: FRIDAY",
                "          startTime: 09:00",
                "          endTime: '17:00:00'",
                "          maxCallsPerDay: 5000",
                "          maxCallsPerHour: 800",
                "          predictiveRate: 2",
                "          maxCallsPerAgentPerDay: 150",
                "",
            ]
        )
        shorter = before.replace(
            "[MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY]", "[MONDAY, TUESDAY, WEDNESDAY, THURSDAY]"
        )
        assert after == shorter.replace("      blackoutPeriods:", f"{new}      blackoutPeriods:")

    def test_a_day_more_joins_the_list(self, repository: Tenant, end: str) -> None:
        windows = [window(day) for day in (*DAYS, "SATURDAY")]
        before, after = self.drifted(repository, end, scheduleDetails=windows)
        assert after == before.replace("FRIDAY]", "FRIDAY, SATURDAY]")

    def test_rules_and_zone(self, repository: Tenant, end: str) -> None:
        fields: dict[str, Any] = {"timezone": "America/Chicago", "complianceRules": rules("NCDOJ", "FCC")}
        before, after = self.drifted(repository, end, **fields)
        assert changed_lines(before, after) == [
            (f"      timezone: America/New_York{end}", f"      timezone: America/Chicago{end}"),
            (
                f"        regulatoryPauses: [ TCPA, NCDOJ ]{end}",
                f"        regulatoryPauses: [ NCDOJ, FCC ]{end}",
            ),
        ]

    def test_a_field_that_the_file_leaves_out_is_added(self, repository: Tenant, end: str) -> None:
        fields = rules("NCDOJ", "TCPA", enableComplianceInjection=False)
        before, after = self.drifted(repository, end, complianceRules=fields)
        line = f"        enableComplianceInjection: false{end}"
        assert after == before.replace("# the end", f"{line}# the end")

    def test_blackouts_come_and_go(self, repository: Tenant, end: str) -> None:
        blackouts = [blackout("12:00", "12:45"), blackout("15:00", "15:15", "on")]
        before, after = self.drifted(repository, end, blackoutPeriods=blackouts)
        assert after == before.replace("'13:00'", "'12:45'").replace(
            "      complianceRules:",
            f'        - {{startTime: "15:00", endTime: "15:15", reason: "on"}}{end}      complianceRules:',
        )

    def test_the_last_blackout_goes(self, repository: Tenant, end: str) -> None:
        before, after = self.drifted(repository, end, blackoutPeriods=[])
        lines = [line for line in before.splitlines(True) if "LUNCH_BREAK" not in line]
        assert after == "".join(lines).replace("blackoutPeriods:", "blackoutPeriods: []")

    def test_a_new_name_of_a_pinned_schedule(self, repository: Tenant, end: str) -> None:
        before, after = self.drifted(repository, end, pin=ID, name="yes")
        assert after == before.replace('"Weekday calling"', '"yes"')

    def test_a_new_name_pins_the_id(self, repository: Tenant, end: str) -> None:
        derived = canonical.derived_id("CAM_001", "Weekday calling")
        before, after = self.drifted(repository, end, schedule_id=derived, name="New name")
        assert after == before.replace(f'"Weekday calling"{end}', f'"New name"{end}      id: {derived}{end}')


class TestUpdateOfFiles:
    """--update where there is more than one entry in one file."""

    def test_new_schedules_are_added_and_those_that_are_gone_stay_and_are_told(self, repository: Tenant) -> None:
        text = entry_text().removesuffix("# the end\n")
        repository.write({"schedules/cam_001.yaml": text})
        repository.hold("Weekend", "new", scheduleDetails=[window("SATURDAY")])
        document = repository.imported("--campaign", "CAM_001", "--update")
        assert codes(document) == ["not-live"]
        assert (document["reported"][0]["file"], document["reported"][0]["line"]) == (
            "schedules/cam_001.yaml",
            4,
        )
        after = repository.text()
        assert after.startswith(text)
        assert after.removeprefix(text).startswith("    - name: Weekend\n      id: new\n")
        plan = repository.plan()
        assert [change["action"] for change in plan["changes"]] == ["create"]
        assert plan["unmanaged"] == []

    def test_defaults_are_overridden_and_never_edited(self, repository: Tenant) -> None:
        defaults = "schedule:\n  timezone: America/New_York\n  complianceRules:\n    regulatoryPauses: [TCPA]\nwindow:\n  maxCallsPerDay: 5000\n"
        text = (
            "campaignId: CAM_001\nschedules:\n- name: A\n  id: a\n  scheduleDetails:\n  - dayOfWeek: MONDAY\n"
            '    startTime: "09:00"\n    endTime: "17:00"\n    maxCallsPerHour: 800\n    predictiveRate: 1.2\n'
            "    maxCallsPerAgentPerDay: 150\n"
        )
        repository.write({"schedules/defaults.yaml": defaults, "schedules/cam_001.yaml": text})
        repository.hold(
            "A",
            "a",
            timezone="America/Denver",
            scheduleDetails=[window(maxCallsPerDay=6)],
            blackoutPeriods=[],
            complianceRules=rules("TCPA"),
        )
        repository.imported("--all", "--update")
        assert repository.text("schedules/defaults.yaml") == defaults
        assert (
            repository.text()
            == text.replace("  id: a\n", "  id: a\n  timezone: America/Denver\n").replace(
                '    endTime: "17:00"\n', '    endTime: "17:00"\n    maxCallsPerDay: 6\n'
            )
            + "  complianceRules:\n    agentAvailabilityProjection: true\n"
        )
        assert repository.plan()["changes"] == []

    def test_ignored_fields_keep_what_git_says(self, repository: Tenant) -> None:
        repository.write(
            {
                "schedules/tenant.yaml": f"{TENANT}ignoreFields: [scheduleDetails.predictiveRate, timezone]\n",
                "schedules/cam_001.yaml": entry_text(),
            }
        )
        windows = [window(day, predictiveRate=2.5, maxCallsPerHour=700) for day in DAYS]
        repository.hold(scheduleDetails=windows, timezone="America/Denver")
        repository.imported("--campaign", "CAM_001", "--update")
        assert repository.text() == entry_text().replace("maxCallsPerHour: 800", "maxCallsPerHour: 700")
        assert repository.plan()["changes"] == []

    def test_anchors_merge_keys_and_documents_are_kept(self, repository: Tenant) -> None:
        text = """\
campaignId: CAM_001
schedules:
  - name: Base  # of all
    timezone: &zone America/New_York
    scheduleDetails:
      - &window
        dayOfWeek: &days [MONDAY, TUESDAY]
        startTime: "09:00"
        endTime: "17:00"
        maxCallsPerDay: &cap 5000
        maxCallsPerHour: 800
        predictiveRate: 1.2
        maxCallsPerAgentPerDay: 150
  - name: Other
    timezone: *zone
    scheduleDetails:
      - <<: *window  # but in the evening
        startTime: "18:00"
        endTime: "19:00"
---
campaignId: CAM_002
schedules: []
"""
        repository.write({"schedules/all.yaml": text})
        plain: dict[str, Any] = {
            "blackoutPeriods": [],
            "complianceRules": {**rules(), "agentAvailabilityProjection": False},
        }
        two = ("MONDAY", "TUESDAY")
        repository.hold("Base", "base", scheduleDetails=[window(day, maxCallsPerDay=9) for day in two], **plain)
        evening = [window(day, "18:00", "19:00") for day in two]
        repository.hold("Other", "other", scheduleDetails=evening, timezone="America/Denver", **plain)
        repository.imported("--all", "--update")
        assert repository.text("schedules/all.yaml") == (
            text.replace("&cap 5000", "&cap 9")
            .replace("timezone: *zone", "timezone: America/Denver")
            .replace('        endTime: "19:00"\n', '        endTime: "19:00"\n        maxCallsPerDay: 5000\n')
        )
        assert repository.plan()["changes"] == []

    def test_a_schedule_that_is_the_base_of_others_is_edited_and_they_say_what_differs(
        self, repository: Tenant
    ) -> None:
        text = """\
campaignId: CAM_001
schedules:
  - &base
    name: Base
    timezone: UTC
    scheduleDetails:
      - {dayOfWeek: MONDAY, startTime: 09:00, endTime: 17:00, maxCallsPerDay: 5000, maxCallsPerHour: 800, predictiveRate: 1.2, maxCallsPerAgentPerDay: 150}
    complianceRules: {regulatoryPauses: [TCPA], agentAvailabilityProjection: true}
  - <<: *base
    name: Same
  - !!map
    <<: *base
    name: Other  # the evening team
"""
        repository.write({"schedules/cam_001.yaml": text})
        held: dict[str, Any] = {
            "scheduleDetails": [window()],
            "blackoutPeriods": [],
            "complianceRules": rules("TCPA"),
        }
        for name, zone in (("Base", "America/Denver"), ("Same", "America/Denver"), ("Other", "UTC")):
            repository.hold(name, name, **{**held, "timezone": zone})
        repository.hold("Same", "Same", **{**held, "timezone": "America/Denver", "complianceRules": rules()})
        repository.imported("--campaign", "CAM_001", "--update")
        assert repository.text() == text.replace("timezone: UTC", "timezone: America/Denver").replace(
            "    name: Same\n",
            "    name: Same\n    complianceRules:\n      regulatoryPauses: []\n      agentAvailabilityProjection: true\n"
            "      enableComplianceInjection: true\n",
        ).replace(
            "    name: Other  # the evening team\n",
            "    name: Other  # the evening team\n    timezone: UTC\n",
        )
        assert repository.plan()["changes"] == []

    def test_an_anchor_that_goes_away_moves_to_its_first_alias(self, repository: Tenant) -> None:
        text = """\
campaignId: CAM_001
schedules:
  - name: Base
    timezone: UTC
    blackoutPeriods:
      - &lunch {startTime: 12:00, endTime: 13:00, reason: LUNCH_BREAK}
    scheduleDetails:
      - {dayOfWeek: MONDAY, startTime: 09:00, endTime: 17:00, maxCallsPerDay: 5000, maxCallsPerHour: 800, predictiveRate: 1.2, maxCallsPerAgentPerDay: 150}
  - name: Other
    timezone: UTC
    blackoutPeriods:
      - *lunch
    scheduleDetails:
      - {dayOfWeek: MONDAY, startTime: 09:00, endTime: 17:00, maxCallsPerDay: 5000, maxCallsPerHour: 800, predictiveRate: 1.2, maxCallsPerAgentPerDay: 150}
"""
        repository.write({"schedules/cam_001.yaml": text})
        plain: dict[str, Any] = {
            "timezone": "UTC",
            "complianceRules": {**rules(), "agentAvailabilityProjection": False},
        }
        repository.hold("Base", "base", scheduleDetails=[window()], blackoutPeriods=[], **plain)
        repository.hold("Other", "other", scheduleDetails=[window()], **plain)
        repository.imported("--campaign", "CAM_001", "--update")
        lunch = "&lunch {startTime: 12:00, endTime: 13:00, reason: LUNCH_BREAK}"
        assert repository.text() == text.replace(
            f"blackoutPeriods:\n      - {lunch}\n", "blackoutPeriods: []\n"
        ).replace("- *lunch", f"- {lunch}")
        assert repository.plan()["changes"] == []

    def test_a_campaign_spread_over_files_is_updated_where_its_entries_are(self, repository: Tenant) -> None:
        repository.write(
            {
                "schedules/one.yaml": entry_text("One"),
                "schedules/two.yaml": entry_text("Two"),
            }
        )
        repository.hold("One", "1")
        repository.hold("Two", "2", timezone="America/Chicago")
        repository.hold("Three", "3")
        document = repository.imported("--campaign", "CAM_001", "--update")
        assert [(file["action"], file["schedules"]) for file in document["files"]] == [
            ("updated", 2),
            ("updated", 1),
        ]
        assert repository.text("schedules/two.yaml") == entry_text("Two").replace("America/New_York", "America/Chicago")
        assert repository.plan()["summary"]["unchanged"] == 3

    def test_a_file_keeps_its_mode_and_a_link_stays_a_link(self, repository: Tenant) -> None:
        repository.write({"shared/real.yaml": entry_text()})
        real, link = repository.folder / "shared/real.yaml", repository.folder / "schedules/cam_001.yaml"
        repository.git()
        real.chmod(0o640)
        link.symlink_to("../shared/real.yaml")
        repository.hold(timezone="America/Chicago")
        repository.imported("--campaign", "CAM_001", "--update")
        assert link.is_symlink()
        assert stat.S_IMODE(real.stat().st_mode) == 0o640
        assert "America/Chicago" in real.read_text()

    def test_campaigns_that_only_files_name_are_told(self, repository: Tenant) -> None:
        repository.write({"schedules/old.yaml": "campaignId: OLD\nschedules: []\n"})
        document = repository.imported("--all", "--update")
        assert "campaign-not-found" in codes(document)
        assert "OLD" in document["reported"][0]["message"]


class TestOutput:
    """What people and programs read."""

    def test_text_names_the_files_and_the_next_step(self, tenant: Tenant) -> None:
        tenant.hold("\x1b[31mred\n")
        ended = tenant.run("import", "--all")
        assert ended.code == 0
        assert "created  schedules/cam_001.yaml  (1 schedule)\n" in ended.out
        assert ended.out.endswith("3 files written. Next: look at git diff, then `reconciler plan schedules`.\n")
        again = tenant.run("import", "--all")
        assert again.out.endswith("No file was changed.\n")

    def test_control_characters_are_escaped(self, repository: Tenant) -> None:
        repository.hold("\x1b[31mred", "\x1bid", scheduleDetails=[window(maxCallsPerDay=0)])
        ended = repository.run("import", "--all")
        assert "\x1b" not in ended.out + ended.err

    def test_broken_rules_are_told(self, repository: Tenant) -> None:
        repository.hold(complianceRules=rules("STATE_SPECIFIC"))
        document = repository.imported("--all")
        assert codes(document) == ["rules-broken"]
        assert "the rules find 1 error in the imported schedules" in document["reported"][0]["message"]
        assert "missing-jurisdictions" in document["reported"][0]["message"]

    def test_the_embedded_tenant_is_imported_without_credentials(self, repository: Tenant, reconciler: Run) -> None:
        repository.write({"schedules/cam_001.yaml": entry_text()})
        assert reconciler("apply", "--sandbox", "--auto-approve").code == 0
        state = next((repository.folder / ".reconciler").glob("sandbox*.json"))
        state.write_text(state.read_text().replace("America/New_York", "America/Chicago"))
        assert reconciler("import", "--sandbox", "--all", "--update").code == 0
        assert repository.text() == entry_text().replace("America/New_York", "America/Chicago")
