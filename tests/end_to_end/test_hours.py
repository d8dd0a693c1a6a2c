"""`reconciler hours`: the calling hours of a place as people ask for them, and what a tenant has instead."""

from __future__ import annotations

import json
import re

import pytest

from reconciler.rules.rule_book import shipped
from tests.support.commands import Run, Write

TENANT = """\
name: acme
baseUri: https://api.usw2.niceincontact.com
"""
OWN = (
    TENANT
    + """\
compliance:
  jurisdictions:
    US-FL:
      citation: counsel's memo of 2026-11-02
      hours:
        MONDAY: &day [{from: "09:00", to: "18:00"}]
        TUESDAY: *day
        WEDNESDAY: *day
        THURSDAY: *day
        FRIDAY: *day
        SATURDAY: []
        SUNDAY: []
"""
)


def test_a_state_with_hours_of_its_own(reconciler: Run) -> None:
    ended = reconciler("hours", "US-TX", "--as-of", "2026-11-25")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("US-TX  Texas\n")
    for line in (
        "hours     Mon–Sat 09:00–21:00; Sun 12:00–21:00",
        "source    Tex. Bus. & Com. 301.051(b)(2)",
        "how sure  sure",
        "next      no change is known",
    ):
        assert f"\n  {line}\n" in ended.out
    assert "America/Chicago, America/Denver" in ended.out
    assert f"As of 2026-11-25. Rule data {shipped().version}, reviewed on {shipped().reviewed}" in ended.out


def test_what_comes_next_and_what_was_before(reconciler: Run) -> None:
    before = reconciler("hours", "US-PA", "--as-of", "2026-10-17").out
    assert "hours     daily 08:00–21:00\n" in before
    assert "next      from 2026-10-18: Mon–Sat 09:00–19:00; Sun no calls, no calls on holidays" in before
    after = reconciler("hours", "US-PA", "--as-of", "2026-10-18").out
    assert "hours     Mon–Sat 09:00–19:00; Sun no calls\n" in after
    assert "since     2026-10-18\n" in after
    assert "before    until 2026-10-17: daily 08:00–21:00" in after
    assert "how sure  fairly sure" in after


def test_a_place_without_hours_of_its_own_has_the_federal_ones(reconciler: Run) -> None:
    shown = reconciler("hours", "US-GA").out
    assert "hours     none of its own are known\n" in shown
    assert "federal   daily 08:00–21:00 hold (47 CFR 64.1200(c)(1)" in shown


def test_several_codes_end_with_what_all_of_them_allow(reconciler: Run) -> None:
    shown = reconciler("hours", "US-FL", "us-tx", "US-PA", "US-FL", "--as-of", "2026-11-25").out
    assert re.findall(r"^US-..", shown, re.MULTILINE) == ["US-FL", "US-TX", "US-PA"]
    assert "on the called person's own clock: Mon–Sat 09:00–19:00; Sun no calls.\n" in shown


def test_pauses(reconciler: Run) -> None:
    shown = reconciler("hours", "TCPA", "FCC", "NCDOJ", "STATE_SPECIFIC").out
    assert shown.count("47 CFR 64.1200(c)(1)") == 3
    assert "N.C.G.S. 75-102(f)" in shown
    assert "ask for those of the jurisdictions" in shown


def test_every_code_of_the_data_has_a_name_and_can_be_shown(reconciler: Run) -> None:
    codes = sorted(shipped().jurisdictions)
    assert set(shipped().names) == set(codes)
    document = json.loads(reconciler("hours", *codes, "--format", "json", "--as-of", "2026-11-25").out)
    assert [entry["code"] for entry in document["hours"]] == codes
    texas = next(entry for entry in document["hours"] if entry["code"] == "US-TX")
    assert texas["allowed"]["SUNDAY"] == [{"from": "12:00:00", "to": "21:00:00"}]
    assert document["ruleData"] == {"version": shipped().version, "reviewed": str(shipped().reviewed)}


@pytest.mark.parametrize(
    ("wrong", "near"),
    [("FL", "US-FL"), ("florida", "US-FL"), ("US_TX", "US-TX"), ("north carolia", "US-NC"), ("TCP", "TCPA")],
)
def test_an_unknown_code_is_wrong_usage_with_the_near_ones(wrong: str, near: str, reconciler: Run) -> None:
    ended = reconciler("hours", "US-GA", wrong)
    assert (ended.code, ended.out) == (64, "")
    assert repr(wrong) in ended.err
    assert re.search(rf"did you mean .*{near}", ended.err)


def test_an_unknown_code_with_nothing_near(reconciler: Run) -> None:
    ended = reconciler("hours", "atlantis island")
    assert ended.code == 64
    assert "codes are those of ISO 3166" in ended.err
    assert reconciler("hours").code == 64


def test_what_a_tenant_has_instead_is_shown_beside_it(reconciler: Run, write: Write) -> None:
    write({"schedules/tenant.yaml": OWN})
    ended = reconciler("hours", "US-FL", "US-TX")
    assert ended.out.index("US-FL  Florida\n") < ended.out.index("(instead of the above, for tenant acme)")
    assert "hours     Mon–Fri 09:00–18:00; Sat, Sun no calls\n" in ended.out
    assert ended.out.count("for tenant acme") == 1
    write({"elsewhere/tenant.yaml": OWN.replace("acme", "bravo")})
    assert "for tenant bravo" in reconciler("hours", "US-FL", "--path", "elsewhere").out


def test_a_tenant_file_that_cannot_be_used_is_said(reconciler: Run, write: Write) -> None:
    write({"schedules/tenant.yaml": OWN.replace("18:00", "08:00")})
    ended = reconciler("hours", "US-FL")
    assert ended.code == 0
    assert "for tenant" not in ended.out
    assert ended.err.startswith("schedules/tenant.yaml has errors")
    assert reconciler("hours", "US-FL", "--quiet").err == ""
    assert reconciler("hours", "US-FL", "--path", "nosuch").code == 3
