"""Results as text: every write on a line, honest about what is not done, and what to do next."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model import Action, Plan
from reconciler.model.results import Result, Status, WriteResult
from reconciler.render.escape import visible
from reconciler.render.result_text import is_done, result_summary, results_text
from reconciler.render.screen import Screen

BAD_DAY = """\
Tenant acme  run 2026-11-22T08:00:00Z-1, revision 1234567890ab

FAILED         update  CAM_001  "Weekday calling"  a1b2c3d4-e5f6-7890-abcd-ef1234567890  HTTP 400, 1 attempt, 21 ms
    from schedules/cam_001.yaml:4:5
    BAD_REQUEST: scheduleDetails[0].predictiveRate: must be at most 3
      hint: correct the value in schedules/cam_001.yaml, line 12, then apply again
SUCCESS        create  CAM_001  "Weekend"  0fd0a6a6-52ab-5b0c-9c1e-3c6a0d2f8b11  HTTP 201, 2 attempts, 340 ms
    Sat, Sun 09:00–17:00, 5,000 calls a day
    14 h a week live now
NOT_ATTEMPTED  update  CAM_002  x
FAILED         register webhook  WFM_Sync_0fd0a6a6-52ab-5b0c-9c1e-3c6a0d2f8b11
    SERVER_FAILED: the tenant answered 503 (another run may succeed)

"""


def test_each_write_says_how_it_ended_where_it_stands_and_what_to_do(result: Result, plan: Plan) -> None:
    text = results_text([result], [plan])
    assert text.startswith(BAD_DAY)
    rest = text.removeprefix(BAD_DAY).splitlines()
    assert f"Journal head: {result.journal_head}" in rest
    assert "Latency per write: p50 21 ms, p95 340 ms, max 340 ms" in rest
    assert "Stopped early: five server failures in a row" in rest
    assert "Left out, because they could not be read: CAM_009. Nothing was written to them." in rest
    assert rest[-1] == (
        "Apply: 1 created, 1 failed, 1 not attempted, 1 webhook not registered. NOT converged, interrupted."
    )


def test_a_screen_without_unicode_gets_ascii(result: Result, plan: Plan) -> None:
    text = results_text([result], [plan], Screen(unicode=False))
    assert text.isascii()
    assert "    Sat, Sun 09:00-17:00, 5,000 calls a day" in text.splitlines()


def test_a_plan_of_another_tenant_lends_no_name(result: Result, plan: Plan) -> None:
    assert "Weekday calling" not in results_text([result], [plan._replace(tenant="other")])


def test_a_good_run_says_so_and_asks_for_nothing(converged_result: Result) -> None:
    lines = results_text([converged_result]).splitlines()
    assert lines[-1] == ("Apply: 1 created, 1 webhook registered. Converged.")
    assert not any(line.startswith(("Failed", "Stale", "Not", "Unverified", "Interrupted")) for line in lines)


@pytest.mark.parametrize(
    ("status", "says"),
    [
        (Status.FAILED, "Failed: "),
        (Status.STALE, "Stale: changed in CXone since the plan"),
        (Status.UNVERIFIED, "Unverified: "),
        (Status.NOT_ATTEMPTED, "Not attempted: "),
    ],
)
def test_each_bad_end_has_its_next_step(converged_result: Result, status: Status, says: str) -> None:
    write = WriteResult("C", "s", Action.UPDATE, status)
    lines = results_text([replace(converged_result, results=(write,))]).splitlines()
    assert [line for line in lines if line.startswith(says)]
    assert not is_done(replace(converged_result, results=(write,)))


@pytest.mark.parametrize(
    "bad",
    [{"converged": False}, {"interrupted": True}, {"left_out": ("C",)}, {"stopped": "why"}],
    ids=str,
)
def test_a_run_that_ended_early_is_not_done(converged_result: Result, bad: dict[str, object]) -> None:
    assert is_done(converged_result)
    assert not is_done(replace(converged_result, **bad))  # type: ignore[arg-type]  # one field of each type


def test_a_live_status_other_than_active_is_shown(converged_result: Result) -> None:
    write = replace(converged_result.results[0], live_status="PENDING_REVIEW")
    assert "live status PENDING_REVIEW" in results_text([replace(converged_result, results=(write,))])
    assert "live status" not in results_text([converged_result])


def test_several_tenants_end_with_those_that_need_a_look(result: Result, converged_result: Result) -> None:
    other = replace(converged_result, tenant="fine")
    assert results_text([result, other]).splitlines()[-1] == "2 tenants, NOT complete: acme."
    assert results_text([other, converged_result]).splitlines()[-1] == "2 tenants, all complete."


@given(result=st.from_type(Result), plan=st.from_type(Plan))
def test_hostile_text_stays_in_its_line(result: Result, plan: Plan) -> None:
    text = results_text([result], [plan])
    lines = text.splitlines()
    assert lines == text.removesuffix("\n").split("\n"), "no other line break"
    assert [visible(line) for line in lines] == lines
    assert lines[-1] == result_summary(result)
    faults = [error for write in result.results for error in write.errors]
    faults += [error for webhook in result.webhooks for error in webhook.errors]
    hints = sum(bool(error.hint) for error in faults)
    assert sum(line.startswith("      hint: ") for line in lines) == hints
    assert sum(line.startswith("    ") for line in lines) >= len(faults) + hints
