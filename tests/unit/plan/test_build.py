"""One tenant's plan: complete, sorted, and the same bytes whatever the order of what it is made of."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.diff import diff_campaign
from reconciler.document.plan_document import plan_document
from reconciler.findings import Finding, Location, Severity, in_order
from reconciler.identity import resolve
from reconciler.model import CampaignDiff, CampaignLive, Plan, Webhook
from reconciler.origins import Earlier
from reconciler.plan import (
    build_plan,
    plan_digest,
    with_verdict,
)
from reconciler.settings import SafetyLimits, TenantSettings
from tests.support.builders import blackout, entry, live, put_request, rules, schedule, window

ROOT = Path(__file__).parents[3]
SETTINGS = TenantSettings(
    name="acme",
    base_uri="https://api.usw2.niceincontact.com",
    location=Location("schedules/tenant.yaml", 1),
    folder="schedules",
    safety=SafetyLimits(min_schedules=1, max_changes=9),
    preserved=(("priority",),),
    ignored=(("scheduleDetails", "predictiveRate"),),
)
BLANK = Plan("2026-11-22", revision="a" * 40, dirty=True, base="b" * 40)
HOOKS = tuple(
    Webhook(f"WFM_Sync_{name}", "https://wfm.example.com/", ("campaign.schedule.updated",), "ENABLED") for name in "ab"
)


def _campaign(campaign: str, order: random.Random) -> CampaignDiff:
    """One schedule of each kind, in any order: changed, unchanged, new, deleted in the console, unmanaged, released."""

    def mixed(items: list[Any]) -> list[Any]:
        return order.sample(items, len(items))

    def raw(name: str, **fields: Any) -> dict[str, Any]:
        week = mixed([window(), window("FRIDAY"), window("TUESDAY")])
        pauses = mixed([blackout(), blackout("15:00", "15:15")])
        return schedule(
            name,
            **{
                "scheduleDetails": week,
                "blackoutPeriods": pauses,
                "complianceRules": rules(*mixed(["FCC", "TCPA"])),
            }
            | fields,
        )

    extras = dict(mixed([("priority", 3), ("wrapUp", 30), ("routing", {"b": 1, "a": 2})]))
    there = mixed(
        [
            live(raw("Changed", timezone="UTC", blackoutPeriods=[]), campaign=campaign, **extras),
            live(raw("Same"), campaign=campaign, status="PENDING"),
            live(raw("Console only"), campaign=campaign),
            live(raw("Released"), campaign=campaign),
        ]
    )
    work = mixed([entry(raw(name), campaign=campaign) for name in ("Changed", "Same", "New", "Deleted")])
    base = mixed([entry(raw(name), campaign=campaign) for name in ("Changed", "Same", "Released", "Deleted")])
    before = {matched.schedule_id: matched.schedule.content for matched in resolve(base, there).resolved}
    found = resolve(work, there).resolved
    return diff_campaign(
        found,
        CampaignLive(campaign, tuple(there)),
        Earlier(before),
        SETTINGS,
        put_request,
    )


def rich_plan(order: random.Random) -> Plan:
    """A plan that has everything, made of input in any order."""
    findings = [
        Finding(severity, code, message, place)
        for severity in (Severity.WARNING, Severity.NOTICE)
        for code, message in (("adopted", "a"), ("adopted", "b"), ("not-active", "a"))
        for place in (Location("a.yaml", 2), Location("a.yaml", 10), Location("b.yaml", 1, 3), None)
    ]
    campaigns = order.sample(["CAM_001", "CAM_002", "CAM_003"], 3)
    mixed = tuple(order.sample(findings, len(findings)))
    return build_plan(
        BLANK._replace(tenant=SETTINGS.name, base_uri=SETTINGS.base_uri, findings=mixed),
        SETTINGS,
        tuple(_campaign(campaign, order) for campaign in campaigns),
        tuple(order.sample(HOOKS, 2)),
    )


PLAN = rich_plan(random.Random(0))  # noqa: S311 - an order, not a secret


def test_a_plan_holds_all_that_was_given() -> None:
    assert (PLAN.tenant, PLAN.base_uri, PLAN.as_of) == ("acme", SETTINGS.base_uri, "2026-11-22")
    assert (PLAN.revision, PLAN.dirty, PLAN.base) == ("a" * 40, True, "b" * 40)
    assert PLAN.unchanged == 3
    assert PLAN.webhooks == HOOKS
    assert [(change.campaign_id, change.name) for change in PLAN.changes] == [
        (campaign, name) for campaign in ("CAM_001", "CAM_002", "CAM_003") for name in ("Changed", "Deleted", "New")
    ]
    assert [held.name for held in PLAN.unmanaged if held.campaign_id == "CAM_001"] == sorted(
        ["Console only", "Released"], key=lambda name: live(schedule(name)).schedule_id
    )
    assert [(check.limit, check.actual, check.passed) for check in PLAN.safety] == [
        ("maxChangedPercent", 100, False),
        ("maxChanges", 9, True),
    ]
    assert PLAN.digest == plan_digest(PLAN, SETTINGS.ignored)
    codes = {finding.code for finding in PLAN.findings}
    assert codes == {"adopted", "not-active", "recreated", "released", "unmanaged-field", "possible-rename"}


@given(st.integers().map(random.Random))
def test_the_order_of_the_input_is_irrelevant(order: random.Random) -> None:
    assert json.dumps(plan_document(rich_plan(order))) == json.dumps(plan_document(PLAN))


def _printed(seed: str) -> str:
    script = (
        "import json, random\n"
        "from reconciler.document.plan_document import plan_document\n"
        "from tests.unit.plan.test_build import rich_plan\n"
        f"print(json.dumps(plan_document(rich_plan(random.Random({seed})))))"
    )
    return _with_seed(seed, script)


def _with_seed(seed: str, script: str) -> str:
    """What a script prints under a hash seed."""
    ended = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    return ended.stdout


def test_the_bytes_are_the_same_under_any_hash_seed() -> None:
    expected = json.dumps(plan_document(PLAN)) + "\n"
    assert [_printed(seed) for seed in ("0", "1", "4242")] == [expected] * 3


def test_a_plan_with_errors_has_no_digest_and_keeps_its_figures() -> None:
    broken = with_verdict(
        PLAN._replace(findings=(*PLAN.findings, Finding(Severity.ERROR, "window-overlap", "…"))), SETTINGS
    )
    assert broken.digest is None
    assert broken.safety == PLAN.safety
    assert broken.findings[0].code == "adopted", "sorted again"


def test_a_verdict_is_computed_from_the_plan_and_not_believed() -> None:
    lying = PLAN._replace(digest="sha256:00", safety=(), findings=tuple(reversed(PLAN.findings)))
    assert with_verdict(lying, SETTINGS) == PLAN


def test_findings_are_sorted_by_place_and_code_and_said_once() -> None:
    places = (
        None,
        Location("a.yaml", 2, 1),
        Location("a.yaml", 2, 3),
        Location("a.yaml", 10),
        Location("b.yaml", 1),
    )
    ordered = [Finding(Severity.WARNING, code, "m", place) for place in places for code in ("a", "b")]
    assert in_order(reversed(ordered * 2)) == tuple(ordered)


@pytest.mark.parametrize("seed", ["1", "2", "3", "4"])
def test_findings_that_differ_in_nothing_but_severity_have_one_order(seed: str) -> None:
    script = (
        "from reconciler.findings import Finding, Severity, in_order\n"
        "print(*(finding.severity.value for finding in in_order(Finding(s, 'a', 'm') for s in Severity)))"
    )
    assert _with_seed(seed, script).split() == ["error", "notice", "warning"]
