"""The sentences of calling-hours findings, whole: they are what a compliance officer reads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from reconciler.model import WEEKDAYS, DesiredSchedule
from reconciler.rules.calling_hours import CallingHours
from reconciler.rules.rule_book import RuleBook, rule_book, shipped
from reconciler.settings import TenantSettings

Build = Callable[..., DesiredSchedule]
Tenant = Callable[..., TenantSettings]

AS_OF = date(2026, 11, 22)
DAYS = "MONDAY TUESDAY WEDNESDAY THURSDAY FRIDAY"
TCPA = "TCPA (47 CFR 64.1200(c)(1); also 16 CFR 310.4(c))"

CASES: dict[str, tuple[dict[str, Any], str]] = {
    "the schedule's own zone": (
        {"windows": [f"{DAYS} 09:00-21:00:01"]},
        (
            f"MONDAY–FRIDAY 21:00–21:00:01 America/New_York: outside the calling hours of {TCPA}, which allows 08:00–21:00 "
            "on MONDAY–FRIDAY. Nearest allowed window: MONDAY–FRIDAY 09:00–21:00 America/New_York."
        ),
    ),
    "another zone, on some dates": (
        {"windows": ["MONDAY 15:00-23:00"], "jurisdictions": ["US-CA"], "timezone": "UTC"},
        (
            "MONDAY 15:00–16:00 UTC is 07:00–08:00 America/Los_Angeles until 2027-03-14 and from 2027-11-07 on: outside the "
            f"calling hours of {TCPA}, which allows 08:00–21:00 on MONDAY. Nearest allowed window: MONDAY 16:00–23:00 UTC."
        ),
    ),
    "spans of dates between which some hours are different": (
        {"windows": ["SUNDAY 00:00-14:00"], "jurisdictions": ["US-CA"]},
        (
            "SUNDAY 00:00–11:00 America/New_York is SATURDAY 21:00 to SUNDAY 08:00 America/Los_Angeles; SUNDAY 03:00–06:00 "
            "America/New_York is SATURDAY 23:00 to SUNDAY 02:00 America/Los_Angeles on 2027-03-14; SUNDAY 01:00–04:00 "
            "America/New_York is SATURDAY 23:00 to SUNDAY 02:00 America/Los_Angeles on 2027-11-07: outside the calling hours "
            f"of {TCPA}, which allows 08:00–21:00 on SATURDAY and SUNDAY. Nearest allowed window: SUNDAY 11:00–14:00 "
            "America/New_York."
        ),
    ),
    "another weekday": (
        {"windows": ["MONDAY 00:30-02:00"], "jurisdictions": ["US-CA"]},
        (
            "MONDAY 00:30–02:00 America/New_York is SUNDAY 21:30–23:00 America/Los_Angeles: outside the calling hours of "
            f"{TCPA}, which allows 08:00–21:00 on SUNDAY. Nearest allowed window: MONDAY 11:00–23:59:59 America/New_York."
        ),
    ),
    "over the called party's midnight": (
        {"windows": ["MONDAY 00:30-04:00"], "jurisdictions": ["US-UT"]},
        (
            "MONDAY 00:30–04:00 America/New_York is SUNDAY 22:30 to MONDAY 02:00 America/Denver: outside the calling hours of "
            f"{TCPA}, which allows 08:00–21:00 on MONDAY and SUNDAY, and of US-UT (Utah Code 13-25a-103(3)), which allows "
            "08:00–21:00 on MONDAY and no calls on SUNDAY. Nearest allowed window: MONDAY 10:00–23:00 America/New_York."
        ),
    ),
    "over midnight on several days": (
        {"windows": ["TUESDAY WEDNESDAY 00:30-04:00"], "jurisdictions": ["US-CO"]},
        (
            "TUESDAY and WEDNESDAY 00:30–04:00 America/New_York is 22:30 (the day before) to 02:00 America/Denver: outside the "
            f"calling hours of {TCPA}, which allows 08:00–21:00 on MONDAY–WEDNESDAY. Nearest allowed window: TUESDAY and "
            "WEDNESDAY 10:00–23:00 America/New_York."
        ),
    ),
    "the day after": (
        {"windows": ["FRIDAY SUNDAY 17:00-18:00"], "pauses": ["NCDOJ"], "timezone": "Pacific/Honolulu"},
        (
            "FRIDAY and SUNDAY 17:00–18:00 Pacific/Honolulu is 22:00–23:00 America/New_York until 2027-03-14 and from 2027-11-07 "
            "on; FRIDAY and SUNDAY 17:00–18:00 Pacific/Honolulu is 23:00–24:00 America/New_York from 2027-03-14 to 2027-11-07: "
            "outside the calling hours of NCDOJ (N.C.G.S. 75-102(f)), which allows 08:00–21:00 on FRIDAY and SUNDAY. Nearest "
            "allowed window: FRIDAY and SUNDAY 08:00–15:00 Pacific/Honolulu."
        ),
    ),
    "no calls": (
        {"windows": ["SUNDAY 09:00-17:00"], "jurisdictions": ["US-SD"], "timezone": "America/Chicago"},
        (
            "SUNDAY 09:00–17:00 America/Chicago; SUNDAY 09:00–17:00 America/Chicago is 08:00–16:00 America/Denver: outside the "
            "calling hours of US-SD (SDCL 37-30A-3(2); medium confidence), which allows no calls on SUNDAY. Nearest allowed "
            "window: SATURDAY 10:00–21:00 America/Chicago."
        ),
    ),
    "both readings": (
        {"windows": ["MONDAY 08:00-20:00"], "jurisdictions": ["US-MS"], "timezone": "America/Chicago"},
        (
            "MONDAY 08:00–09:00 America/Chicago is 07:00–08:00 UTC-6 from 2027-03-14 to 2027-11-07: outside the calling hours of "
            "US-MS (Miss. Code 77-3-723(1)), which allows 08:00–20:00 on MONDAY. Nearest allowed window: MONDAY 09:00–20:00 "
            "America/Chicago."
        ),
    ),
    "several rules, and different hours on different days": (
        {"windows": ["SATURDAY SUNDAY 07:00-08:00"], "jurisdictions": ["US-RI"]},
        (
            f"SATURDAY and SUNDAY 07:00–08:00 America/New_York: outside the calling hours of {TCPA}, which allows 08:00–21:00 on "
            "SATURDAY and SUNDAY. SATURDAY 07:00–08:00 America/New_York: outside the calling hours of US-RI (R.I. Gen. Laws "
            "5-61-2, 5-61-3.6; medium confidence), which allows 10:00–17:00 on SATURDAY. SUNDAY 07:00–08:00 America/New_York: "
            "outside the calling hours of US-RI (R.I. Gen. Laws 5-61-2, 5-61-3.6; medium confidence), which allows no calls on "
            "SUNDAY. Nearest allowed window: SATURDAY 10:00–17:00 America/New_York."
        ),
    ),
}
MANY_ZONES: dict[str, Any] = {
    "windows": ["MONDAY 06:00-23:00"],
    "jurisdictions": ["US-TN", "US-ID", "US-CA", "US-HI", "US-AK"],
    "timezone": "America/Chicago",
}


def sentence(
    schedule: DesiredSchedule,
    as_of: date = AS_OF,
    book: RuleBook | None = None,
    code: str = "outside-calling-hours",
) -> str:
    findings = CallingHours(book or shipped().jurisdictions, as_of).check(schedule)
    (message,) = (finding.message for finding in findings if finding.code == code)
    return message.removeprefix('"Weekday calling" of CAM_001: ')


@pytest.mark.parametrize("case", CASES)
def test_the_whole_sentence(case: str, build: Build) -> None:
    fields, expected = CASES[case]
    held = f" Held against rule data {shipped().version}, as of 2026-11-22."
    assert sentence(build(**fields)) == expected + held


def test_many_combinations_are_counted(build: Build) -> None:
    text = sentence(build(**MANY_ZONES))
    assert text.count(" America/Chicago is ") + text.count("America/Chicago;") == 3
    assert "more combinations of zones and dates: outside the calling hours of TCPA" in text


def test_a_rule_to_come_is_shown_with_its_date(build: Build) -> None:
    schedule = build(["MONDAY 08:00-20:00"], jurisdictions=["US-PA"])
    assert sentence(schedule, date(2026, 10, 1), code="outside-calling-hours-from") == (
        "MONDAY 08:00–09:00 and 19:00–20:00 America/New_York: outside the calling hours of US-PA from 2026-10-18 on (73 P.S. "
        "2245(a)(1), Act 47 of 2026; medium confidence), which allows 09:00–19:00 on MONDAY. Nearest allowed window: MONDAY "
        f"09:00–19:00 America/New_York. Held against rule data {shipped().version}, as of 2026-10-01."
    )


def test_a_rule_that_ends_is_shown_with_its_last_day(build: Build) -> None:
    schedule = build(["SATURDAY 20:00-22:00"], jurisdictions=["US-PA"])
    text = sentence(schedule, date(2026, 10, 1))
    assert "SATURDAY 21:00–22:00 America/New_York: outside the calling hours of TCPA (" in text
    assert ", and of US-PA until 2026-10-17 (73 P.S. 2245(a)(1)), which allows 08:00–21:00 on SATURDAY." in text
    assert "Nearest allowed window: SATURDAY 09:00–19:00 America/New_York." in text


def test_a_rule_for_some_days_to_come_is_shown_with_both(build: Build, tenant: Tenant) -> None:
    row = {"hours": dict.fromkeys(WEEKDAYS, ()), "citation": "memo 7"}
    row |= {"effectiveFrom": "2027-01-04", "effectiveTo": "2027-01-05"}
    book = rule_book(tenant(jurisdictions={"US-VT": row}))
    text = sentence(
        build([f"{DAYS} 09:00-12:00"], jurisdictions=["US-VT"]), book=book, code="outside-calling-hours-from"
    )
    assert text.startswith(
        "MONDAY and TUESDAY 09:00–12:00 America/New_York: outside the calling hours of US-VT from 2027-01-04 to 2027-01-05 "
    )


def test_a_rule_of_the_tenant_is_shown_as_that(build: Build, tenant: Tenant) -> None:
    row = {"hours": dict.fromkeys(WEEKDAYS, ()), "citation": "memo 7", "zones": ["America/New_York"]}
    book = rule_book(tenant(jurisdictions={"US-FL": row}))
    schedule = build(["MONDAY 09:00-17:00"], jurisdictions=["US-FL"])
    assert sentence(schedule, book=book) == (
        "MONDAY 09:00–17:00 America/New_York: outside the calling hours of US-FL (memo 7), which allows no calls on MONDAY. No "
        "hour of the week is allowed by all of its rules. Held against tenant.yaml, as of 2026-11-22."
    )
