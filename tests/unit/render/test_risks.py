"""Risks: each kind is seen, counted once, and the gravest comes first."""

from __future__ import annotations

from dataclasses import replace

from reconciler.findings import Finding, Severity
from reconciler.model import Origin, Plan
from reconciler.render.risks import Danger, risks

ERROR = Finding(Severity.ERROR, "window-overlap", "x")


def kinds(plan: Plan) -> list[tuple[Danger, int]]:
    return [(risk.kind, risk.count) for risk in risks([plan])]


def test_a_plan_without_risk_has_none(empty_plan: Plan) -> None:
    assert risks([empty_plan]) == ()


def test_all_kinds_in_the_order_of_their_gravity(plan: Plan) -> None:
    released = Finding(Severity.WARNING, "released", "x")
    found = replace(plan, findings=(*plan.findings, ERROR, released))
    assert kinds(found) == [
        (Danger.ERRORS, 1),
        (Danger.SAFETY, 1),
        (Danger.CONFLICT, 1),
        (Danger.DRIFT, 1),
        (Danger.RECREATED, 1),
        (Danger.RELEASED, 1),
    ]
    assert [risk.grave for risk in risks([found])] == [True, True, True, False, False, False]


def test_a_schedule_that_conflicts_and_drifts_is_both(plan: Plan) -> None:
    update = plan.changes[0]
    only_drift = replace(update, origin=Origin.DRIFT, fields=update.fields[3:])
    both = replace(plan, changes=(update, replace(only_drift, schedule_id="other")), findings=(), safety=())
    assert kinds(both) == [(Danger.CONFLICT, 1), (Danger.DRIFT, 2)]


def test_a_create_that_conflicts_is_a_conflict(plan: Plan) -> None:
    create = replace(plan.changes[1], origin=Origin.CONFLICT)
    assert kinds(replace(plan, changes=(create,), findings=(), safety=())) == [(Danger.CONFLICT, 1)]


def test_figures_of_one_plan_and_counts_of_several(plan: Plan) -> None:
    assert risks([plan])[0].sentence == (
        "Would be refused: maxChangedPercent 45.5 % > 30 % (only --force REASON lifts a safety limit)."
    )
    assert risks([plan, plan])[0].sentence == (
        "Would be refused: 2 safety limits exceeded (only --force REASON lifts a safety limit)."
    )


def test_errors_say_that_nothing_can_be_applied(empty_plan: Plan) -> None:
    found = replace(empty_plan, findings=(ERROR, ERROR))
    assert risks([found])[0].sentence == "This plan cannot be applied: it has 2 errors."
