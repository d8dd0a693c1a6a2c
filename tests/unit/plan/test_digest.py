"""The digest: what it depends on, and what it must not depend on."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.document.plan_document import plan_document
from reconciler.document.saved_plans import parse_plans
from reconciler.findings import Finding, Location, Severity
from reconciler.model import Action, Change, Origin, Plan, Webhook
from reconciler.plan import plan_digest
from tests.support.builders import content, put_request, schedule, window

RATE = (("scheduleDetails", "predictiveRate"),)


def change(schedule_id: str = "x", fingerprint: str | None = "sha256:00", **fields: Any) -> Change:
    body = {"id": schedule_id, "campaignId": "CAM_001", **content(schedule(**fields))}
    return Change(
        Action.UPDATE if fingerprint else Action.CREATE,
        "CAM_001",
        schedule_id,
        "Weekday calling",
        put_request(body),
        before={} if fingerprint else None,
        fingerprint=fingerprint,
    )


HOOKS = (
    Webhook("WFM_Sync_x", "https://wfm.example.com/hook", ("campaign.schedule.updated",), "ENABLED"),
    Webhook("WFM_Sync_y", "https://wfm.example.com/hook", ("campaign.schedule.updated",), "ENABLED"),
)
PLAN = Plan(
    "2026-11-22",
    tenant="acme",
    base_uri="https://api.usw2.niceincontact.com",
    changes=(change("x"), change("y", None), change("z", timezone="UTC")),
    webhooks=HOOKS,
)
DIGEST = plan_digest(PLAN, ())
FIRST = PLAN.changes[0]


def with_first(**edit: Any) -> Plan:
    return PLAN._replace(changes=(FIRST._replace(**edit), *PLAN.changes[1:]))


@pytest.mark.parametrize(
    "plan",
    [
        PLAN._replace(tenant="globex"),
        PLAN._replace(base_uri="https://api.eu1.niceincontact.com"),
        with_first(request=FIRST.request._replace(method="POST")),
        with_first(request=FIRST.request._replace(path="/elsewhere")),
        with_first(request=change(timezone="UTC").request),
        with_first(request=change(scheduleDetails=[window(maxCallsPerDay=4999)]).request),
        with_first(fingerprint="sha256:01"),
        with_first(fingerprint=None),
        PLAN._replace(changes=PLAN.changes[1:]),
        PLAN._replace(changes=()),
        PLAN._replace(webhooks=HOOKS[1:]),
        PLAN._replace(webhooks=(HOOKS[0]._replace(url="https://evil.example.com"), HOOKS[1])),
        PLAN._replace(webhooks=(HOOKS[0]._replace(name="WFM_Sync_z"), HOOKS[1])),
        PLAN._replace(webhooks=(HOOKS[0]._replace(status="DISABLED"), HOOKS[1])),
        PLAN._replace(webhooks=(HOOKS[0]._replace(events=()), HOOKS[1])),
    ],
)
def test_it_depends_on_what_would_be_sent_and_where(plan: Plan) -> None:
    assert plan_digest(plan, ()) != DIGEST


@pytest.mark.parametrize(
    "plan",
    [
        with_first(origin=Origin.CONFLICT),
        with_first(source=Location("elsewhere.yaml", 99)),
        with_first(before={"anything": 1}),
        PLAN._replace(findings=(Finding(Severity.WARNING, "recreated", "…"),)),
        PLAN._replace(revision="0" * 40, base="1" * 40, dirty=True),
        PLAN._replace(as_of="2027-01-01"),
        PLAN._replace(digest="sha256:ff", unchanged=7),
    ],
)
def test_it_does_not_depend_on_who_asked_when_and_what_was_found(plan: Plan) -> None:
    assert plan_digest(plan, ()) == DIGEST


@given(st.randoms(use_true_random=False))
def test_it_does_not_depend_on_any_order(order: random.Random) -> None:
    changes = order.sample(PLAN.changes, len(PLAN.changes))
    shuffled = PLAN._replace(
        changes=tuple(
            change._replace(
                request=change.request._replace(body=dict(order.sample(list(change.request.body.items()), 7))),
            )
            for change in changes
        ),
        webhooks=tuple(order.sample(HOOKS, len(HOOKS))),
    )
    assert plan_digest(shuffled, ()) == DIGEST


def test_it_does_not_depend_on_the_formatting_of_a_saved_plan() -> None:
    document = plan_document(PLAN._replace(digest=DIGEST))
    for text in (json.dumps(document), json.dumps(document, indent=4, sort_keys=True)):
        (plan,) = parse_plans(text)
        assert plan_digest(plan, ()) == DIGEST


def test_ignored_fields_do_not_count() -> None:
    steered = with_first(request=change(scheduleDetails=[window(predictiveRate=3)]).request)
    assert plan_digest(steered, RATE) == plan_digest(PLAN, RATE)
    assert plan_digest(steered, ()) != DIGEST


def test_it_stays_the_same_from_one_version_to_the_next() -> None:
    """Plans that were saved or agreed before an upgrade must hold after it: this may only change with formatVersion."""
    assert DIGEST == "sha256:6870553e912edcd4f85c27420e12e1137a0a2f860281c8bf4ef360ee46b3f7b4"
