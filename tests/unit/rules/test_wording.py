"""The sentences of calling-hours findings, whole: they are what a compliance officer reads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from reconciler.model import WEEKDAYS, DesiredSchedule
from reconciler.rules.calling_hours import CallingHours
from reconciler.rules.jurisdictions import RuleBook, rule_book
from reconciler.rules.rule_data import shipped
from reconciler.settings import TenantSettings

Build = Callable[..., DesiredSchedule]
Tenant = Callable[..., TenantSettings]

AS_OF = date(2026, 11, 22)
DAYS = "MONDAY TUESDAY WEDNESDAY THURSDAY FRIDAY"
DATA = f"rule data {shipped().version}"
TCPA = f"TCPA (47 CFR 64.1200(c)(1); also 16 CFR 310.4(c), confidence H; {DATA}, as of 2026-11-22)"

CASES: dict[str, tuple[dict[str, Any], str]] = {
    "the schedule's own zone": (
        {"windows": [f"{DAYS} 09:00-21:00:01"], "pauses": ["TCPA"]},
        (
            f"MONDAY to FRIDAY 21:00–21:00:01 America/New_York: outside the calling hours of {TCPA}, which allows 08:00–21:00 "
            "on MONDAY to FRIDAY. Nearest allowed window: MONDAY to FRIDAY 09:00–21:00 America/New_York."
        ),
    ),
    "another zone, on some dates": (
        {
            "windows": ["MONDAY 15:00-23:00"],
            "pauses": ["TCPA"],
            "jurisdictions": ["US-CA"],
            "timezone": "UTC",
        },
        (
            "MONDAY 15:00–16:00 UTC is 07:00–08:00 America/Los_Angeles from 2026-11-22 to 2027-03-14 and from 2027-11-07 to "
            f"2027-11-22: outside the calling hours of {TCPA}, which allows 08:00–21:00 on MONDAY. Nearest allowed window: "
            "MONDAY 16:00–23:00 UTC."
        ),
    ),
    "another weekday": (
        {"windows": ["MONDAY 00:30-02:00"], "pauses": ["TCPA"], "jurisdictions": ["US-CA"]},
        (
            "MONDAY 00:30–02:00 America/New_York is SUNDAY 21:30–23:00 America/Los_Angeles: outside the calling hours of "
            f"{TCPA}, which allows 08:00–21:00 on SUNDAY. Nearest allowed window: MONDAY 11:00–23:59:59 America/New_York."
        ),
    ),
    "over the called party's midnight": (
        {"windows": ["MONDAY 00:30-04:00"], "pauses": ["STATE_SPECIFIC"], "jurisdictions": ["US-UT"]},
        (
            "MONDAY 00:30–04:00 America/New_York is SUNDAY 22:30 to MONDAY 02:00 America/Denver: outside the calling hours of "
            f"STATE_SPECIFIC US-UT (Utah Code 13-25a-103(3), confidence H; {DATA}, as of 2026-11-22), which allows 08:00–21:00 "
            "on MONDAY and no calls on SUNDAY. Nearest allowed window: MONDAY 10:00–23:00 America/New_York."
        ),
    ),
    "over midnight on several days": (
        {"windows": ["TUESDAY WEDNESDAY 00:30-04:00"], "pauses": ["TCPA"], "jurisdictions": ["US-UT"]},
        (
            "TUESDAY and WEDNESDAY 00:30–04:00 America/New_York is 22:30 (the day before) to 02:00 America/Denver: outside the "
            f"calling hours of {TCPA}, which allows 08:00–21:00 on MONDAY to WEDNESDAY. Nearest allowed window: TUESDAY and "
            "WEDNESDAY 10:00–23:00 America/New_York."
        ),
    ),
    "the day after": (
        {"windows": ["FRIDAY SUNDAY 17:00-18:00"], "pauses": ["NCDOJ"], "timezone": "Pacific/Honolulu"},
        (
            "FRIDAY and SUNDAY 17:00–18:00 Pacific/Honolulu is 22:00–23:00 America/New_York from 2026-11-22 to 2027-03-14 and "
            "from 2027-11-07 to 2027-11-22; FRIDAY and SUNDAY 17:00–18:00 Pacific/Honolulu is 23:00–24:00 America/New_York from "
            "2027-03-14 to 2027-11-07: outside the calling hours of NCDOJ (N.C.G.S. 75-102(f), confidence H; "
            f"{DATA}, as of 2026-11-22), which allows 08:00–21:00 on FRIDAY and SUNDAY. Nearest allowed window: FRIDAY and "
            "SUNDAY 03:00–15:00 Pacific/Honolulu."
        ),
    ),
    "no calls": (
        {
            "windows": ["SUNDAY 09:00-17:00"],
            "pauses": ["STATE_SPECIFIC"],
            "jurisdictions": ["US-SD"],
            "timezone": "America/Chicago",
        },
        (
            "SUNDAY 09:00–17:00 America/Chicago; SUNDAY 09:00–17:00 America/Chicago is 08:00–16:00 America/Denver: outside the "
            f"calling hours of STATE_SPECIFIC US-SD (SDCL 37-30A-3(2), confidence M; {DATA}, as of 2026-11-22), which allows no "
            "calls on SUNDAY. Nearest allowed window: SATURDAY 10:00–21:00 America/Chicago."
        ),
    ),
    "both readings": (
        {
            "windows": ["MONDAY 08:00-20:00"],
            "pauses": ["STATE_SPECIFIC"],
            "jurisdictions": ["US-MS"],
            "timezone": "America/Chicago",
        },
        (
            "MONDAY 08:00–09:00 America/Chicago is 07:00–08:00 UTC-6 from 2027-03-14 to 2027-11-07: outside the calling hours of "
            f"STATE_SPECIFIC US-MS (Miss. Code 77-3-723(1), confidence H; {DATA}, as of 2026-11-22), which allows 08:00–20:00 on "
            "MONDAY. Nearest allowed window: MONDAY 09:00–20:00 America/Chicago."
        ),
    ),
    "different windows for different days": (
        {
            "windows": ["SATURDAY SUNDAY 07:00-08:00"],
            "pauses": ["TCPA", "STATE_SPECIFIC"],
            "jurisdictions": ["US-RI"],
        },
        (
            "SATURDAY and SUNDAY 07:00–08:00 America/New_York: outside the calling hours of "
            f"{TCPA}, which allows 08:00–21:00 on SATURDAY and SUNDAY. Nearest allowed window: SATURDAY 10:00–17:00 "
            "America/New_York."
        ),
    ),
    "many zones": (
        {
            "windows": ["MONDAY 06:00-23:00"],
            "pauses": ["FCC"],
            "jurisdictions": ["US-NY", "US-TX", "US-CA", "US-HI", "US-AK"],
            "timezone": "America/Chicago",
        },
        "MONDAY 06:00–12:00 and 21:00–23:00",
    ),
}


def sentence(schedule: DesiredSchedule, as_of: date = AS_OF, book: RuleBook | None = None) -> str:
    findings = CallingHours(book or RuleBook({}), as_of).check(schedule)
    outside = [each.message for each in findings if each.code.startswith("outside-calling-hours")]
    return outside[-1].removeprefix('"Weekday calling" of CAM_001: ')


@pytest.mark.parametrize("case", [case for case in CASES if case != "many zones"])
def test_the_whole_sentence(case: str, build: Build) -> None:
    fields, expected = CASES[case]
    assert sentence(build(**fields)) == expected


def test_many_combinations_are_counted(build: Build) -> None:
    text = sentence(build(**CASES["many zones"][0]))
    assert text.count(" America/Chicago is ") + text.count("America/Chicago;") == 3
    assert "more combinations of zones and dates: outside the calling hours of FCC" in text


def test_a_rule_to_come_is_told_with_its_date(build: Build) -> None:
    schedule = build(["MONDAY 08:00-20:00"], pauses=["STATE_SPECIFIC"], jurisdictions=["US-PA"])
    assert sentence(schedule, date(2026, 10, 1)) == (
        "MONDAY 08:00–09:00 and 19:00–20:00 America/New_York: outside the calling hours of STATE_SPECIFIC US-PA from "
        f"2026-10-18 on (73 P.S. 2245(a)(1), Act 47 of 2026, confidence M; {DATA}, as of 2026-10-01), which allows "
        "09:00–19:00 on MONDAY. Nearest allowed window: MONDAY 09:00–19:00 America/New_York."
    )


def test_the_nearest_window_of_an_error_does_not_wait_for_a_rule_to_come(build: Build) -> None:
    schedule = build(["MONDAY 07:00-20:00"], pauses=["STATE_SPECIFIC"], jurisdictions=["US-PA"])
    findings = CallingHours(RuleBook({}), date(2026, 10, 1)).check(schedule)
    nearest = {each.code: each.message.partition("Nearest allowed window: ")[2] for each in findings}
    assert nearest["outside-calling-hours"] == "MONDAY 08:00–20:00 America/New_York."
    assert nearest["outside-calling-hours-from"] == "MONDAY 09:00–19:00 America/New_York."


def test_a_rule_that_ends_is_told_until_then(build: Build) -> None:
    schedule = build(["SATURDAY 20:00-22:00"], pauses=["STATE_SPECIFIC"], jurisdictions=["US-PA"])
    findings = CallingHours(RuleBook({}), date(2026, 10, 1)).check(schedule)
    (message,) = [each.message for each in findings if each.code == "outside-calling-hours"]
    assert "SATURDAY 21:00–22:00 America/New_York until 2026-10-17: outside" in message


def test_a_rule_of_the_tenant_is_told_as_that(build: Build, tenant: Tenant) -> None:
    row = {"hours": {day: [] for day in WEEKDAYS}, "citation": "memo 7"}
    book = rule_book(tenant(jurisdictions={"US-FL": {**row, "zones": ["America/New_York"]}}))
    schedule = build(["MONDAY 09:00-17:00"], pauses=["STATE_SPECIFIC"], jurisdictions=["US-FL"])
    assert sentence(schedule, book=book) == (
        "MONDAY 09:00–17:00 America/New_York: outside the calling hours of STATE_SPECIFIC US-FL (memo 7; tenant.yaml, as of "
        "2026-11-22), which allows no calls on MONDAY. No hour of the week is allowed by all of its rules."
    )
