"""The tenant is asked while its files are checked: what is said never depends on which of the two is faster."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest

from reconciler.findings import Severity
from reconciler.pipeline.plan import plan_all
from reconciler.pipeline.tenants import Options
from reconciler.sandbox import Fault
from tests.support.builders import rules, schedule, window
from tests.support.commands import Ended, Run
from tests.support.tenant_world import TENANT, World, campaign

MANY = [f"C_{number:02}" for number in range(40)]
NOBODY = "http://127.0.0.1:9"  # nothing listens there
PATIENCE = 20.0


def plain(name: str = "Weekdays", **fields: Any) -> dict[str, Any]:
    """A schedule that breaks no rule and needs no agents."""
    quiet = rules(agentAvailabilityProjection=False)
    return schedule(name, **{"complianceRules": quiet, "scheduleDetails": [window(maxCallsPerDay=800)], **fields})


def files_of(world: World, tenant: str = TENANT) -> None:
    world.write(*(campaign(name, plain()) for name in MANY), tenant=tenant)


def only_read(world: World) -> bool:
    """Whether nothing was sent but GETs, and the request for the token."""
    return {seen.path for seen in world.box.log if seen.method != "GET"} <= {"/oauth/token"}


def bad_schema(world: World) -> None:
    world.write(campaign("C_99", plain(timezone=5)))


def bad_law(world: World) -> None:
    night = plain(scheduleDetails=[window("MONDAY", "01:00", "05:00")], timezone="America/New_York")
    world.write(campaign("C_98", night))


def bad_entry(world: World) -> None:
    world.write(campaign("C_97", plain("Twice"), plain("Twice")))


def bad_yaml(world: World) -> None:
    (world.folder / "schedules" / "zz.yaml").write_text("campaignId: [", encoding="utf-8")


def document_of(ended: Ended) -> Any:
    """What was printed, but for the port."""
    document = json.loads(ended.out)
    del document["baseUri"]
    return document


@pytest.mark.parametrize("bad", [bad_schema, bad_entry, bad_yaml])
def test_files_that_cannot_be_loaded_end_with_3_whatever_the_tenant_does(
    open_world: Callable[..., World], program: Run, bad: Callable[[World], None]
) -> None:
    """A tenant that is up, slow, refuses all, or is not there: the document is the same to the last byte."""
    ended = []
    for options in ({}, {"latency": 0.3}):
        world = open_world(MANY, **options)
        files_of(world)
        bad(world)
        ended.append(program("plan", "--format", "json", **world.env))
        assert only_read(world)
    world.box.faults.add(Fault("401", times=None))
    ended.append(program("plan", "--format", "json", **world.env))
    ended.append(program("plan", "--format", "json", **{**world.env, "CXONE_BASE_URI": NOBODY}))

    assert [one.code for one in ended] == [3] * 4
    assert len({json.dumps(document_of(one)) for one in ended}) == 1


def no_campaigns(world: World) -> None:
    """Nothing but the tenant's own file."""
    for file in (world.folder / "schedules").glob("*.yaml"):
        if file.name != "tenant.yaml":
            file.unlink()


@pytest.mark.parametrize("bad", [bad_yaml, no_campaigns])
def test_files_that_are_no_yaml_or_none_send_nothing(
    open_world: Callable[..., World], reconciler: Run, bad: Callable[[World], None]
) -> None:
    world = open_world(MANY)
    files_of(world)
    bad(world)

    assert reconciler("plan", **world.env).code == 3

    assert list(world.box.log) == []


@pytest.mark.parametrize("command", [("plan",), ("apply", "--auto-approve")])
def test_credentials_that_are_missing_are_not_what_is_wrong_with_invalid_files(
    open_world: Callable[..., World], reconciler: Run, command: tuple[str, ...]
) -> None:
    world = open_world(MANY)
    files_of(world)
    bad_schema(world)

    assert reconciler(*command, CXONE_BASE_URI=world.box.base_uri).code == 3

    assert list(world.box.log) == []


WRONG = (
    ("--campaign", "C_01", "--campaign", "nosuch"),
    ("--tenant", "acme", "--tenant", "nosuch"),
    ("--base", "nosuch"),
    ("--base", "HEAD", "--applied", "nosuch"),
)


@pytest.mark.parametrize("options", WRONG, ids=" ".join)
@pytest.mark.parametrize("whole", [True, False], ids=["whole", "invalid"])
def test_wrong_usage_sends_nothing(
    open_world: Callable[..., World], reconciler: Run, git: Callable[..., str], options: tuple[str, ...], whole: bool
) -> None:
    world = open_world(MANY)
    files_of(world)
    if not whole:
        bad_schema(world)
    git("add", ".")
    git("commit", "--quiet", "--message", "All")

    ended = reconciler("plan", *options, **world.env)

    assert ended.code == 64
    assert "nosuch" in ended.err
    assert list(world.box.log) == []


def test_a_plan_is_the_same_however_slow_the_tenant_is(open_world: Callable[..., World], reconciler: Run) -> None:
    ended = []
    for latency in (0.0, 0.05):
        world = open_world(MANY[1:], latency=latency)
        files_of(world)
        bad_law(world)
        ended.append(reconciler("plan", "--format", "json", "--as-of", "2026-11-25", **world.env))

    assert [one.code for one in ended] == [3, 3]
    codes = {finding["code"] for finding in json.loads(ended[0].out)["findings"]}
    assert {"outside-calling-hours", "campaign-not-found"} <= codes
    assert document_of(ended[0]) == document_of(ended[1])


def test_no_scope_is_asked_for_that_the_files_do_not_need(open_world: Callable[..., World], reconciler: Run) -> None:
    """The agents are needed where a defaults.yaml alone asks for the projection, and not where an entry refuses it."""
    for asks, own in ((True, {}), (False, rules(agentAvailabilityProjection=False))):
        world = open_world(["C_00"])
        entry = plain()
        entry["complianceRules"] = {"regulatoryPauses": ["TCPA"], **own}
        world.write(campaign("C_00", entry))
        shared = "schedule: {complianceRules: {agentAvailabilityProjection: true}}\n"
        (world.folder / "schedules" / "defaults.yaml").write_text(shared, encoding="utf-8")

        reconciler("plan", **world.env)

        tokens = [seen for seen in world.box.log if seen.method == "POST"]
        assert len(tokens) == 1
        assert ("wfm:schedules:read" in (tokens[0].scope or "")) is asks


def test_a_token_that_is_refused_is_not_tried_by_every_campaign(
    open_world: Callable[..., World], reconciler: Run
) -> None:
    world = open_world(MANY)
    files_of(world, f"{TENANT}requests: {{concurrency: 2}}\n")
    world.box.faults.add(Fault("401", method="GET", times=None))

    assert reconciler("plan", **world.env).code == 1

    assert len(world.box.log) <= 10  # two at a time, each once more with a new token


@contextmanager
def no_thread_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    for thread in set(threading.enumerate()) - before:
        if thread.name.startswith("read-"):
            thread.join(PATIENCE)
            assert not thread.is_alive()


@pytest.mark.parametrize("bad", [None, bad_schema])
def test_no_thread_is_left_behind(
    open_world: Callable[..., World], monkeypatch: pytest.MonkeyPatch, bad: Callable[[World], None] | None
) -> None:
    world = open_world(MANY, latency=0.05)
    files_of(world)
    if bad is not None:
        bad(world)
    monkeypatch.chdir(world.folder)

    with no_thread_left():
        plans = plan_all(Options("schedules", date(2026, 11, 25), world.env), threading.Event())

    errors = [finding for finding in plans[0].findings if finding.severity is Severity.ERROR]
    assert len(errors) == (0 if bad is None else 1)
