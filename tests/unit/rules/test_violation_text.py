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
TCPA = "47 CFR 64.1200(c)(1); also 16 CFR 310.4(c)"

CASES: dict[str, tuple[dict[str, Any], str]] = {
    "the schedule's own zone": (
        {"windows": [f"{DAYS} 09:00-21:00:01"]},
        (
            f"Mon–Fri 21:00–21:00:01 is not allowed: TCPA ends at 21:00 ({TCPA}). Allowed by all: 09:00–21:00 "
            "America/New_York."
        ),
    ),
    "another zone, on some dates": (
        {"windows": ["MONDAY 15:00-23:00"], "jurisdictions": ["US-CA"], "timezone": "UTC"},
        (
            f"Mon 15:00–16:00 is not allowed: TCPA allows 08:00–21:00 ({TCPA}): Mon 15:00–16:00 UTC is 07:00–08:00 "
            "America/Los_Angeles until 2027-03-14 and from 2027-11-07 on. Allowed by all: 16:00–23:00 UTC."
        ),
    ),
    "spans of dates between which some hours are different": (
        {"windows": ["SUNDAY 00:00-14:00"], "jurisdictions": ["US-CA"]},
        (
            f"Sun 00:00–11:00 is not allowed: TCPA allows 08:00–21:00 on Sat, Sun ({TCPA}): Sun 00:00–11:00 "
            "America/New_York is Sat 21:00 to Sun 08:00 America/Los_Angeles; Sun 03:00–06:00 America/New_York is Sat "
            "23:00 to Sun 02:00 America/Los_Angeles on 2027-03-14; Sun 01:00–04:00 America/New_York is Sat 23:00 to "
            "Sun 02:00 America/Los_Angeles on 2027-11-07. Allowed by all: 11:00–14:00 America/New_York."
        ),
    ),
    "another weekday": (
        {"windows": ["MONDAY 00:30-02:00"], "jurisdictions": ["US-CA"]},
        (
            f"Mon 00:30–02:00 is not allowed: TCPA allows 08:00–21:00 on Sun ({TCPA}): Mon 00:30–02:00 "
            "America/New_York is Sun 21:30–23:00 America/Los_Angeles. Allowed by all: 11:00–23:59:59 "
            "America/New_York."
        ),
    ),
    "over the called party's midnight": (
        {"windows": ["MONDAY 00:30-04:00"], "jurisdictions": ["US-UT"]},
        (
            f"Mon 00:30–04:00 is not allowed: TCPA allows 08:00–21:00 on Mon, Sun ({TCPA}); Utah 08:00–21:00 on Mon "
            "and no calls on Sun (US-UT: Utah Code 13-25a-103(3)): Mon 00:30–04:00 America/New_York is Sun 22:30 to "
            "Mon 02:00 America/Denver. Allowed by all: 10:00–23:00 America/New_York."
        ),
    ),
    "over midnight on several days": (
        {"windows": ["TUESDAY WEDNESDAY 00:30-04:00"], "jurisdictions": ["US-CO"]},
        (
            f"Tue, Wed 00:30–04:00 is not allowed: TCPA allows 08:00–21:00 on Mon–Wed ({TCPA}): Tue, Wed 00:30–04:00 "
            "America/New_York is 22:30 (the day before) to 02:00 America/Denver. Allowed by all: 10:00–23:00 "
            "America/New_York."
        ),
    ),
    "the day after": (
        {"windows": ["FRIDAY SUNDAY 17:00-18:00"], "pauses": ["NCDOJ"], "timezone": "Pacific/Honolulu"},
        (
            "Fri, Sun 17:00–18:00 is not allowed: North Carolina allows 08:00–21:00 (NCDOJ: N.C.G.S. 75-102(f)): "
            "Fri, Sun 17:00–18:00 Pacific/Honolulu is 22:00–23:00 America/New_York until 2027-03-14 and from "
            "2027-11-07 on; Fri, Sun 17:00–18:00 Pacific/Honolulu is 23:00–24:00 America/New_York from 2027-03-14 to "
            "2027-11-07. Allowed by all: 08:00–15:00 Pacific/Honolulu."
        ),
    ),
    "no calls": (
        {"windows": ["SUNDAY 09:00-17:00"], "jurisdictions": ["US-SD"], "timezone": "America/Chicago"},
        (
            "Sun 09:00–17:00 is not allowed: South Dakota allows no calls on Sun (US-SD: SDCL 37-30A-3(2); medium "
            "confidence). Allowed by all: Sat 10:00–21:00 America/Chicago."
        ),
    ),
    "both readings": (
        {"windows": ["MONDAY 08:00-20:00"], "jurisdictions": ["US-MS"], "timezone": "America/Chicago"},
        (
            "Mon 08:00–09:00 is not allowed: Mississippi allows 08:00–20:00 (US-MS: Miss. Code 77-3-723(1)): Mon "
            "08:00–09:00 America/Chicago is 07:00–08:00 UTC-6 from 2027-03-14 to 2027-11-07. Allowed by all: "
            "09:00–20:00 America/Chicago."
        ),
    ),
    "several rules, and different hours on different days": (
        {"windows": ["SATURDAY SUNDAY 07:00-08:00"], "jurisdictions": ["US-RI"]},
        (
            f"Sat, Sun 07:00–08:00 is not allowed: TCPA begins at 08:00 ({TCPA}); Rhode Island allows 10:00–17:00 on "
            "Sat and no calls on Sun (US-RI: R.I. Gen. Laws 5-61-2, 5-61-3.6; medium confidence). Allowed by all: "
            "Sat 10:00–17:00 America/New_York."
        ),
    ),
    "equal ends together, the earliest first": (
        {"windows": ["MONDAY TUESDAY WEDNESDAY THURSDAY 09:00-21:30"], "jurisdictions": ["US-NC", "US-FL"]},
        (
            "Mon–Thu 20:00–21:30 is not allowed: Florida ends at 20:00 (US-FL: Fla. Stat. 501.616(6)(a)); TCPA and North Carolina "
            f"at 21:00 ({TCPA}; US-NC: N.C.G.S. 75-102(f)). Allowed by all: 09:00–20:00 America/New_York."
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
    assert text.count(" America/Chicago is ") == 3
    assert "more combinations of zones and dates. Allowed by all: " in text


def test_a_rule_to_come_is_shown_with_its_date(build: Build) -> None:
    schedule = build(["MONDAY 08:00-20:00"], jurisdictions=["US-PA"])
    assert sentence(schedule, date(2026, 10, 1), code="outside-calling-hours-from") == (
        "Mon 08:00–09:00 and 19:00–20:00 will not be allowed: Pennsylvania from 2026-10-18 on allows "
        "09:00–19:00 (US-PA: 73 P.S. 2245(a)(1), Act 47 of 2026; medium confidence). Allowed by all: "
        f"09:00–19:00 America/New_York. Held against rule data {shipped().version}, as of 2026-10-01."
    )


def test_a_rule_that_ends_is_shown_with_its_last_day(build: Build) -> None:
    schedule = build(["SATURDAY 20:00-22:00"], jurisdictions=["US-PA"])
    text = sentence(schedule, date(2026, 10, 1))
    assert text.startswith("Sat 21:00–22:00 is not allowed: TCPA and Pennsylvania until 2026-10-17 end at 21:00 (")
    assert "; US-PA: 73 P.S. 2245(a)(1)). " in text
    assert "Allowed by all: 09:00–19:00 America/New_York." in text


def test_a_rule_for_some_days_to_come_is_shown_with_both(build: Build, tenant: Tenant) -> None:
    row = {"hours": dict.fromkeys(WEEKDAYS, ()), "citation": "memo 7"}
    row |= {"effectiveFrom": "2027-01-04", "effectiveTo": "2027-01-05"}
    book = rule_book(tenant(jurisdictions={"US-VT": row}))
    text = sentence(
        build([f"{DAYS} 09:00-12:00"], jurisdictions=["US-VT"]), book=book, code="outside-calling-hours-from"
    )
    assert text.startswith(
        "Mon, Tue 09:00–12:00 will not be allowed: Vermont from 2027-01-04 to 2027-01-05 allows no calls on "
    )


def test_a_rule_of_the_tenant_is_shown_as_that(build: Build, tenant: Tenant) -> None:
    row = {"hours": dict.fromkeys(WEEKDAYS, ()), "citation": "memo 7", "zones": ["America/New_York"]}
    book = rule_book(tenant(jurisdictions={"US-FL": row}))
    schedule = build(["MONDAY 09:00-17:00"], jurisdictions=["US-FL"])
    assert sentence(schedule, book=book) == (
        "Mon 09:00–17:00 is not allowed: Florida allows no calls on Mon (US-FL: memo 7). No hour of the week in "
        "America/New_York is allowed by all of its rules. Held against tenant.yaml, as of 2026-11-22."
    )
