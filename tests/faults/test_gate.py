"""What stands between a plan and its first write: every refusal ends with 4, says why, and nothing was written."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.support.apply_world import CAP, EARLY, LATE, PINNED, QUIET, World, schedule
from tests.support.commands import Ended

Command = Callable[..., Ended]


def digest_of(command: Command) -> str:
    """The digest of the plan as it is now."""
    return str(json.loads(command("plan", "--format", "json").out)["digest"])


def is_refused(world: World, ended: Ended, *words: str) -> None:
    """Exit 4 with these words, no write, and no line in the journal."""
    assert ended.code == 4, ended.err
    for word in words:
        assert word in ended.err
    assert ended.out == ""
    assert world.writes() == {}
    assert world.entries() == ()


def test_too_large_a_share_of_changes(world: World, command: Command) -> None:
    world.many(12, live_cap=400)

    ended = command("apply", "--auto-approve")

    is_refused(world, ended, "93.3 %", "safety.maxChangedPercent", "30 %", "--force REASON")
    forced = command("apply", "--auto-approve", "--force", "new caps for all")
    assert forced.code == 0, forced.err
    assert {entry["force"] for entry in world.entries()} == {"new caps for all"}


def test_a_small_number_of_schedules_has_no_share(command: Command) -> None:
    ended = command("apply", "--auto-approve")  # two of three change

    assert ended.code == 0, ended.err


def test_deleted_schedules_count_toward_the_share(world: World, command: Command) -> None:
    world.many(12, live_cap=CAP)
    command("apply", "--auto-approve")
    head = world.commit()
    for live in world.box.store.schedules("CAM_C")[:6]:
        world.box.store.delete("CAM_C", live["id"])
    world.box.clear_log()
    lines = world.entries()

    ended = command("apply", "--auto-approve", "--base", head)

    assert ended.code == 4
    assert "safety.maxChangedPercent" in ended.err
    assert world.puts() == 0
    assert world.entries() == lines


def test_too_many_changes_creates_too(world: World, command: Command) -> None:
    world.tenant(safety={"maxChanges": 2})

    is_refused(world, command("apply", "--auto-approve"), "3 changes", "safety.maxChanges 2")
    world.tenant(safety={"maxChanges": 3})
    assert command("apply", "--auto-approve").code == 0


def test_too_many_hours_are_added(world: World, command: Command) -> None:
    world.tenant(safety={"maxAddedDialingHours": 1})

    is_refused(
        world, command("apply", "--auto-approve"), "of dialing a week would be added", "safety.maxAddedDialingHours 1 h"
    )
    assert command("apply", "--auto-approve", "--force", "a new campaign").code == 0


def test_a_conflict(world: World, command: Command) -> None:
    head = world.commit()
    world.edit("a.yaml", "maxCallsPerDay: 500", "maxCallsPerDay: 600")  # live holds 400, the base 500

    ended = command("apply", "--auto-approve", "--base", head)

    is_refused(world, ended, "'Late' of CAM_A", "--force REASON")
    assert command("apply", "--auto-approve", "--base", head, "--force", "agreed with Anna").code == 0
    assert world.cap("CAM_A", LATE) == 600


def test_drift_that_is_to_be_refused(world: World, command: Command) -> None:
    world.tenant(safety={"onDrift": "refuse"})
    head = world.commit()

    for force in ((), ("--force", "still no")):
        ended = command("apply", "--auto-approve", "--base", head, *force)

        is_refused(world, ended, "safety.onDrift", "'Late' of CAM_A", "'Pinned' of CAM_B")


def test_drift_that_nobody_can_tell_is_refused(world: World, command: Command) -> None:
    world.tenant(safety={"onDrift": "refuse"})

    is_refused(world, command("apply", "--auto-approve"), "safety.onDrift", "--base")


def test_a_change_that_the_revision_asked_for_is_no_drift(world: World, command: Command) -> None:
    world.edit("a.yaml", "maxCallsPerDay: 500", "maxCallsPerDay: 400")
    world.edit("b.yaml", "maxCallsPerDay: 500", "maxCallsPerDay: 400")
    world.box.store.put("CAM_A", schedule("CAM_A", EARLY, "Early", 400))
    world.box.store.put("CAM_B", schedule("CAM_B", QUIET, "Quiet", 400))
    world.tenant(safety={"onDrift": "refuse"})
    head = world.commit()
    world.edit("a.yaml", "maxCallsPerDay: 400", "maxCallsPerDay: 450")

    ended = command("apply", "--auto-approve", "--base", head)

    assert ended.code == 0, ended.err
    assert world.cap("CAM_A", LATE) == 450


def test_without_approval_nothing_is_written(world: World, command: Command) -> None:
    is_refused(world, command("apply"), "the changes were not approved", "--auto-approve")


def test_the_expected_digest(world: World, command: Command) -> None:
    digest = digest_of(command)

    assert command("apply", "--expect-digest", digest).code == 0
    assert world.cap("CAM_A", LATE) == CAP


@pytest.mark.parametrize("form", ["", "acme=", "sha256:0", "acme=sha256:0", "other={}", "{}x", " {}"])
def test_a_digest_that_is_not_the_one(world: World, command: Command, form: str) -> None:
    digest = digest_of(command)

    ended = command("apply", "--auto-approve", "--expect-digest", form.format(digest))

    is_refused(world, ended, "digest")


def test_a_bare_digest_beside_a_named_one_is_refused(world: World, command: Command) -> None:
    digest = digest_of(command)

    ended = command("apply", "--expect-digest", f"acme={digest}", "--expect-digest", "sha256:0")

    is_refused(world, ended, "nothing says for which tenant")


def test_a_digest_given_twice_is_wrong_usage(world: World, command: Command) -> None:
    digest = digest_of(command)

    ended = command("apply", "--expect-digest", digest, "--expect-digest", digest)

    assert ended.code == 64
    assert world.writes() == {}


def test_live_that_moved_has_another_digest(world: World, command: Command) -> None:
    digest = digest_of(command)
    world.box.store.put("CAM_B", schedule("CAM_B", PINNED, "Pinned", 321))

    is_refused(world, command("apply", "--expect-digest", digest), "digest")
    assert world.cap("CAM_B", PINNED) == 321


def test_a_reason_that_is_none_is_wrong_usage(world: World, command: Command) -> None:
    assert command("apply", "--auto-approve", "--force", "  ").code == 64
    assert world.writes() == {}


def test_force_lifts_no_errors(world: World, command: Command) -> None:
    world.edit("a.yaml", 'endTime: "17:00"', 'endTime: "08:00"')

    ended = command("apply", "--auto-approve", "--force", "please")

    assert ended.code == 3
    assert "window-order" in ended.err
    assert world.writes() == {}


class TestSeveralTenants:
    """`acme` and `bolt` in sub-folders, both on the sandbox; loopback addresses tell them apart."""

    @pytest.fixture
    def apply(self, world: World, reconciler: Command) -> Command:
        for name, campaign in (("acme", "a"), ("bolt", "b")):
            folder = world.root / "schedules" / name
            folder.mkdir()
            (world.root / "schedules" / f"{campaign}.yaml").rename(folder / f"{campaign}.yaml")
            host = "127.0.0.1" if name == "acme" else "localhost"
            text = json.dumps({"name": name, "baseUri": world.box.base_uri.replace("127.0.0.1", host)})
            (folder / "tenant.yaml").write_text(text, encoding="utf-8")
        (world.root / "schedules" / "tenant.yaml").unlink()
        secrets = {key: value for key, value in world.environ.items() if key != "CXONE_BASE_URI"}

        def execute(name: str, *arguments: str) -> Ended:
            journal = ("--audit-log", str(world.journal)) if name == "apply" else ()
            return reconciler(name, str(world.root / "schedules"), *journal, *arguments, **secrets)

        return execute

    @pytest.fixture
    def digests(self, apply: Command) -> dict[str, str]:
        document = json.loads(apply("plan", "--format", "json").out)
        return {plan["tenant"]: plan["digest"] for plan in document["plans"]}

    def test_both_are_applied(self, world: World, apply: Command) -> None:
        ended = apply("apply", "--auto-approve", "--format", "json")

        assert ended.code == 0, ended.err
        applies = json.loads(ended.out)["applies"]
        assert [(apply["tenant"], len(apply["results"])) for apply in applies] == [("acme", 2), ("bolt", 1)]
        assert {entry["tenant"] for entry in world.entries()} == {"acme", "bolt"}
        assert len({entry["runId"] for entry in world.entries()}) == 1

    def test_the_gate_of_one_keeps_all_from_being_written(self, world: World, apply: Command) -> None:
        tenant = world.root / "schedules" / "bolt" / "tenant.yaml"
        limited = {**json.loads(tenant.read_text()), "safety": {"maxChanges": 0}}
        tenant.write_text(json.dumps(limited), encoding="utf-8")

        is_refused(world, apply("apply", "--auto-approve"), "tenant bolt", "safety.maxChanges")

    def test_one_that_cannot_be_read_keeps_all_from_being_written(self, world: World, apply: Command) -> None:
        world.box.store.remove_campaign("CAM_B")

        ended = apply("apply", "--auto-approve")

        assert ended.code == 3
        assert "campaign-not-found" in ended.err
        assert world.writes() == {}

    def test_each_needs_its_digest(self, world: World, apply: Command, digests: dict[str, str]) -> None:
        one = ("--expect-digest", f"acme={digests['acme']}")
        for arguments in (one, ("--expect-digest", digests["acme"]), (*one, "--expect-digest", "bolt=")):
            is_refused(world, apply("apply", *arguments), "tenant bolt")

        ended = apply("apply", *one, "--expect-digest", f"bolt={digests['bolt']}")
        assert ended.code == 0, ended.err

    def test_a_digest_for_a_tenant_that_is_left_out_is_refused(
        self, world: World, apply: Command, digests: dict[str, str]
    ) -> None:
        both = [f"--expect-digest={name}={digest}" for name, digest in digests.items()]

        is_refused(world, apply("apply", "--tenant", "acme", *both), "for tenant bolt, which has no plan here")

    def test_narrowing_leaves_the_other_alone(self, world: World, apply: Command) -> None:
        assert apply("apply", "--auto-approve", "--tenant", "bolt").code == 0

        assert not [seen for seen in world.box.log if "CAM_A" in seen.path]
        assert world.cap("CAM_B", PINNED) == CAP
        assert world.cap("CAM_A", LATE) == 400
