"""Calling hours: a table of schedules with what is found in them and where, an independent walk through every date of the
twelve months, and what must hold for any schedule."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from reconciler.canonical import clock
from reconciler.findings import Finding
from reconciler.model import WEEKDAYS, DesiredSchedule, HeldHours
from reconciler.model.law import Exemption
from reconciler.rules.calling_hours import CallingHours
from reconciler.rules.rule_book import RuleBook, rule_book, shipped
from reconciler.settings import TenantSettings

Build = Callable[..., DesiredSchedule]
Found = Callable[[Iterable[Finding], DesiredSchedule], list[str]]
Tenant = Callable[..., TenantSettings]

AS_OF = date(2026, 11, 22)
DAYS = "MONDAY TUESDAY WEDNESDAY THURSDAY FRIDAY"
ALL_DAYS = f"{DAYS} SATURDAY SUNDAY"
NY, CHICAGO, DENVER, PHOENIX = "America/New_York", "America/Chicago", "America/Denver", "America/Phoenix"
PLACE = "scheduleDetails.0"
START, END, DAY = (f"error outside-calling-hours {PLACE}.{field}" for field in ("startTime", "endTime", "dayOfWeek"))
LATER_START = f"warning outside-calling-hours-from {PLACE}.startTime"
LATER_DAY = f"warning outside-calling-hours-from {PLACE}.dayOfWeek"
ASSUMED = "notice called-zone-assumed timezone"
NOT_LISTED = "warning state-rules-not-listed jurisdictions"
NO_PAUSE = "warning pause-not-listed complianceRules.regulatoryPauses"
UNCHECKED = "notice hours-not-checked timezone"
UNKNOWN = "error called-zone-unknown timezone"
HOLIDAY = "warning holiday-not-closed jurisdictions.0"
EXEMPT = "notice exempt exemption"


def state(code: str, window: str, zone: str = NY, **more: Any) -> dict[str, Any]:
    return {
        "windows": [window],
        "timezone": zone,
        "pauses": ["STATE_SPECIFIC", "TCPA"],
        "jurisdictions": [code],
        **more,
    }


def federal(window: str, zone: str = NY, pause: str = "TCPA", **more: Any) -> dict[str, Any]:
    return {"windows": [window], "timezone": zone, "pauses": [pause], **more}


CASES: dict[str, tuple[dict[str, Any], list[str]]] = {
    # the federal hours, half-open
    "from 08:00:00 to 21:00:00": (federal(f"{ALL_DAYS} 08:00-21:00"), [ASSUMED]),
    "one second too late": (federal(f"{DAYS} 08:00-21:00:01"), [ASSUMED, END]),
    "one second too early": (federal(f"{DAYS} 07:59:59-21:00"), [ASSUMED, START]),
    "too early and too late": (federal("MONDAY 07:00-22:00"), [ASSUMED, START]),
    "wholly in the night": (federal("MONDAY 21:00-22:00"), [ASSUMED, START]),
    "FCC has the same hours": (federal("MONDAY 08:00-21:00:01", pause="FCC"), [ASSUMED, END]),
    "an evening that a blackout closes": (
        federal("MONDAY 08:00-22:00", blackouts=["21:00-22:00 EVENING"]),
        [ASSUMED],
    ),
    "an evening that a blackout nearly closes": (
        federal("MONDAY 08:00-22:00", blackouts=["21:00:01-22:00 EVENING"]),
        [ASSUMED, END],
    ),
    "a blackout on unknown days closes nothing": (
        federal("MONDAY 08:00-22:00", blackouts=["21:00-22:00 EVENING somedays"]),
        [ASSUMED, END],
    ),
    "a window that is out of order is said elsewhere": (federal("MONDAY 22:00-06:00"), [ASSUMED]),
    "a zone that is none is said elsewhere": (federal("MONDAY 00:00-23:00", zone="America/Gotham"), []),
    # the law binds whether a pause is listed or not
    "no pauses": (
        {"windows": ["MONDAY 02:00-04:00"], "jurisdictions": ["US-FL"]},
        [NO_PAUSE, NOT_LISTED, START],
    ),
    "no pauses and no jurisdictions": ({"windows": ["MONDAY 09:00-22:00"]}, [ASSUMED, NO_PAUSE, END]),
    "no pauses abroad": ({"windows": ["MONDAY 02:00-04:00"], "timezone": "Asia/Manila"}, [UNCHECKED]),
    "no federal pause": (
        {"windows": ["MONDAY 09:00-21:00"], "pauses": ["NCDOJ"]},
        [ASSUMED, NO_PAUSE],
    ),
    "Carolina's own pause asks CXone to keep its hours": (
        {"windows": ["MONDAY 09:00-21:00"], "pauses": ["NCDOJ", "TCPA"], "jurisdictions": ["US-NC"]},
        [],
    ),
    "Carolina's hours that CXone is not asked to keep": (
        {"windows": ["MONDAY 09:00-21:00"], "pauses": ["TCPA"], "jurisdictions": ["US-NC"]},
        [NOT_LISTED],
    ),
    "a state without hours of its own needs no pause for them": (
        federal("MONDAY 08:00-20:00", DENVER, jurisdictions=["US-AZ"]),
        [START],
    ),
    "a territory": (state("US-GU", "MONDAY 08:00-21:00", "Pacific/Guam"), []),
    "a territory in the evening": (state("US-VI", "MONDAY 08:00-21:00:01", "America/Puerto_Rico"), [END]),
    # where the called people are
    "an old name of an American zone": (federal("MONDAY 08:00-21:00", zone="US/Pacific"), [ASSUMED]),
    "an Indian county": (federal("MONDAY 08:00-21:00", zone="America/Indiana/Knox"), [ASSUMED]),
    "a zone abroad": (
        federal("MONDAY 08:00-21:00", zone="Asia/Manila"),
        ["error called-zone-unknown timezone"],
    ),
    "a Canadian zone": (
        federal("MONDAY 08:00-21:00", zone="America/Toronto"),
        ["error called-zone-unknown timezone"],
    ),
    "UTC is nobody's home": (
        federal("MONDAY 08:00-21:00", zone="UTC"),
        ["error called-zone-unknown timezone"],
    ),
    "both federal pauses are said once": (
        {"windows": ["MONDAY 08:00-21:00"], "pauses": ["TCPA", "FCC"], "timezone": "UTC"},
        ["error called-zone-unknown timezone"],
    ),
    "a zone abroad with jurisdictions": (
        federal("MONDAY 21:00-23:00", zone="Asia/Manila", jurisdictions=["US-NY"]),
        [NOT_LISTED],
    ),
    "NCDOJ needs no jurisdictions": (federal("MONDAY 21:00-23:00", zone="Asia/Manila", pause="NCDOJ"), []),
    "NCDOJ is read in North Carolina": (
        federal("MONDAY 08:00-20:00", zone="America/Los_Angeles", pause="NCDOJ"),
        [ASSUMED, NO_PAUSE, END],
    ),
    # both zones of a state
    "Florida from the East": (state("US-FL", f"{DAYS} 09:00-20:00"), []),
    "Florida's panhandle is asleep": (state("US-FL", f"{DAYS} 08:59:59-20:00"), [START]),
    "Florida from the West": (state("US-FL", f"{DAYS} 08:00-19:00", CHICAGO), []),
    "Florida's peninsula goes to bed": (state("US-FL", f"{DAYS} 08:00-19:00:01", CHICAGO), [END]),
    # weekdays
    "Sunday in Texas at noon": (state("US-TX", "SUNDAY 13:00-21:00", CHICAGO), []),
    "Sunday in El Paso before noon": (state("US-TX", "SUNDAY 12:00-21:00", CHICAGO), [START]),
    "Saturday in Texas": (state("US-TX", "SATURDAY 10:00-21:00", CHICAGO), []),
    "Sunday in Texas among other days": (state("US-TX", f"{ALL_DAYS} 10:00-21:00", CHICAGO), [START]),
    "Alabama on Sunday": (state("US-AL", "SUNDAY 12:00-13:00", CHICAGO), [HOLIDAY, DAY]),
    "Alabama on Saturday": (state("US-AL", "SATURDAY 08:00-20:00", CHICAGO), [HOLIDAY]),
    "Rhode Island on Saturday": (state("US-RI", "SATURDAY 10:00-17:00"), [HOLIDAY]),
    "Rhode Island on Saturday as on Friday": (
        state("US-RI", "FRIDAY SATURDAY 09:00-18:00"),
        [HOLIDAY, START],
    ),
    "Sunday evening in the West is Monday here": (
        federal("MONDAY 00:30-02:00", jurisdictions=["US-CA"]),
        [START],
    ),
    "Sunday evening in the West, in time": (
        federal("MONDAY 00:00:00-00:00:00", jurisdictions=["US-CA"]),
        [],
    ),
    "Sunday in Utah is Monday here": (state("US-UT", "MONDAY 00:30-01:00"), [HOLIDAY, DAY]),
    "Monday night in Utah is Tuesday here": (state("US-UT", "TUESDAY 00:30-01:00"), [HOLIDAY, START]),
    "Saturday in Hawaii is Sunday here": (state("US-HI", "SUNDAY 00:00-02:00"), []),
    "Saturday in Hawaii is over": (state("US-HI", "SUNDAY 00:00-02:00:01"), [END]),
    "Manila calls New York": (state("US-NY", "TUESDAY 00:00-09:00", "Asia/Manila"), []),
    "Manila calls New York's winter too early": (
        state("US-NY", "MONDAY 20:00-23:59:59", "Asia/Manila"),
        [START],
    ),
    # daylight saving
    "Phoenix against Washington all year": (state("US-WA", f"{DAYS} 09:00-20:00", PHOENIX), []),
    "Phoenix against Washington in summer": (state("US-WA", f"{DAYS} 09:00-20:00:01", PHOENIX), [END]),
    "Phoenix against Washington in winter": (state("US-WA", f"{DAYS} 08:59:59-20:00", PHOENIX), [START]),
    "UTC against California all year": (state("US-CA", f"{DAYS} 16:00-23:59:59", "UTC"), []),
    "UTC against California in winter": (state("US-CA", f"{DAYS} 15:59:59-23:00", "UTC"), [START]),
    "UTC against California in summer": (state("US-CA", "TUESDAY 00:00-04:00:01", "UTC"), [END]),
    # two readings of Central Standard Time
    "Mississippi by both readings": (state("US-MS", f"{DAYS} 09:00-20:00", CHICAGO), []),
    "Mississippi by UTC-6 in summer": (state("US-MS", f"{DAYS} 08:00-20:00", CHICAGO), [START]),
    "Mississippi by local time in summer": (state("US-MS", f"{DAYS} 08:00-20:00", "Etc/GMT+6"), [END]),
    "the federal rule knows one reading": (
        federal("MONDAY 08:00-21:00", CHICAGO, jurisdictions=["US-MS"], exempt=["US-MS"]),
        [EXEMPT],
    ),
    # what is missing
    "no jurisdictions": (
        {"pauses": ["STATE_SPECIFIC"]},
        [ASSUMED, NO_PAUSE, "error missing-jurisdictions complianceRules.regulatoryPauses"],
    ),
    "a jurisdiction without rules": (
        state("US-XX", "MONDAY 09:00-17:00"),
        ["error unknown-jurisdiction jurisdictions.0"],
    ),
    "one of several without rules": (
        federal("MONDAY 07:00-17:00", jurisdictions=["US-NY", "TX"]),
        [NOT_LISTED, "error unknown-jurisdiction jurisdictions.1", START],
    ),
    "a country that is not known": (
        state("SE", "MONDAY 09:00-17:00"),
        ["error unknown-jurisdiction jurisdictions.0"],
    ),
    "a country without hours that could be confirmed": (
        state("MX", "MONDAY 02:00-04:00"),
        ["notice hours-not-checked jurisdictions.0"],
    ),
    "one of its states": (state("MX-SON", "MONDAY 02:00-04:00"), ["notice hours-not-checked jurisdictions.0"]),
    "such a country beside a state": (
        state("US-NY", "MONDAY 09:00-17:00", jurisdictions=["US-NY", "GB"]),
        ["notice hours-not-checked jurisdictions.1"],
    ),
    "an exemption that covers such a country": (
        state("GB", "MONDAY 02:00-04:00", "Europe/London", exempt=["GB"]),
        [EXEMPT],
    ),
    "Canada from California may be meant for California": (
        state("CA", "MONDAY 11:00-14:00", "America/Los_Angeles"),
        ["notice hours-not-checked jurisdictions.0"],
    ),
    "Canada beside California": (
        state("CA", "MONDAY 11:00-14:00", "America/Los_Angeles", jurisdictions=["CA", "US-CA"]),
        [],
    ),
    "where no jurisdiction is known the schedule's own zone counts": (
        federal("MONDAY 09:00-22:00", jurisdictions=["US-XX"]),
        ["error unknown-jurisdiction jurisdictions.0", END],
    ),
    "jurisdictions without pauses": (
        {"windows": ["SUNDAY 09:00-12:00"], "jurisdictions": ["US-AL"], "timezone": CHICAGO},
        [NO_PAUSE, NOT_LISTED, HOLIDAY, DAY],
    ),
    "the second state forbids holidays": (
        state("US-AL", "MONDAY 10:00-17:00", CHICAGO, jurisdictions=["US-GA", "US-LA", "US-RI"]),
        ["warning holiday-not-closed jurisdictions.1", "warning holiday-not-closed jurisdictions.2"],
    ),
    # one finding for the windows of one entry
    "all rules in one finding": (
        {
            "windows": ["MONDAY 07:00-17:00", f"{DAYS} 18:00-22:00"],
            "pauses": ["TCPA", "NCDOJ", "STATE_SPECIFIC"],
            "jurisdictions": ["US-NC", "US-FL"],
        },
        [START, END.replace("0.", "1.")],
    ),
    # exemptions
    "exempt from all that it breaks": (
        state("US-FL", "MONDAY 07:00-22:00", exempt=["TCPA", "US-FL"]),
        [EXEMPT],
    ),
    "FCC is the same rule": (federal("MONDAY 07:00-22:00", exempt=["FCC"]), [EXEMPT]),
    "NCDOJ is North Carolina": (
        {"windows": ["MONDAY 07:00-17:00"], "pauses": ["NCDOJ"], "exempt": ["US-NC", "TCPA"]},
        [EXEMPT],
    ),
    "exempt from the federal hours only": (
        state("US-FL", "MONDAY 08:00-22:00", exempt=["TCPA"]),
        [EXEMPT, START],
    ),
    "exempt from the state's hours only": (
        state("US-FL", "MONDAY 09:00-21:30", exempt=["US-FL"]),
        [EXEMPT, END],
    ),
    "exempt from another state's hours": (
        state("US-FL", "MONDAY 09:00-20:30", exempt=["US-GA"]),
        [EXEMPT, END],
    ),
    "exempt without need": (state("US-NY", "MONDAY 09:00-17:00", exempt=["TCPA", "US-NY"]), [EXEMPT]),
    "an exemption of nothing that is known": (
        federal("MONDAY 09:00-22:00", exempt=["TCPA", "STATE_SPECIFIC"]),
        [EXEMPT, "error unknown-jurisdiction exemption.covers.1"],
    ),
    "exempt from what CXone is not asked to keep": (
        {"jurisdictions": ["US-AL"], "timezone": CHICAGO, "exempt": ["TCPA", "US-AL"]},
        [EXEMPT],
    ),
    "exempt from the federal hours at an unknown place": (
        federal("MONDAY 02:00-03:00", "UTC", exempt=["TCPA"]),
        [EXEMPT],
    ),
}


def check(schedule: DesiredSchedule, as_of: date = AS_OF, book: RuleBook | None = None) -> list[Finding]:
    return list(CallingHours(book or shipped().jurisdictions, as_of).check(schedule))


@pytest.mark.parametrize("case", CASES)
def test_what_is_found_and_where(case: str, build: Build, found: Found) -> None:
    fields, expected = CASES[case]
    schedule = build(**fields)
    assert found(check(schedule), schedule) == sorted(expected)


PENNSYLVANIA: list[tuple[str, str, list[str]]] = [
    ("2026-10-17", "MONDAY 09:00-19:00", []),
    ("2026-10-17", "MONDAY 08:00-21:00", [LATER_START]),
    ("2026-10-17", "MONDAY 08:00-21:00:01", [END, LATER_START]),
    ("2026-10-17", "SUNDAY 09:00-19:00", [LATER_DAY]),
    ("2026-10-18", "MONDAY 09:00-19:00", []),
    ("2026-10-18", "MONDAY 08:00-21:00", [START]),
    ("2026-10-18", "SUNDAY 09:00-19:00", [DAY]),
    ("2025-10-19", "SUNDAY 09:00-19:00", [LATER_DAY]),
    ("2025-10-19", "MONDAY 08:00-21:00", []),
    ("2025-10-20", "MONDAY 08:00-21:00", [LATER_START]),
    ("2025-10-18", "SUNDAY 09:00-19:00", []),
]


@pytest.mark.parametrize(("as_of", "window", "expected"), PENNSYLVANIA)
def test_pennsylvania_before_and_after_its_new_hours(
    as_of: str, window: str, expected: list[str], build: Build, found: Found
) -> None:
    schedule = build(**state("US-PA", window))
    on_sundays = window.startswith("SUNDAY") and as_of < "2026"  # of that year no holiday is on a SUNDAY
    holiday = [] if on_sundays else [HOLIDAY]
    assert found(check(schedule, date.fromisoformat(as_of)), schedule) == sorted([*holiday, *expected])


def test_state_rules_that_are_not_listed_are_shown_at_the_list(build: Build) -> None:
    schedule = build(pauses=["TCPA"], jurisdictions=["US-FL", "US-GA"])
    (finding,) = check(schedule)
    assert finding.location == schedule.places.locate(("jurisdictions",))
    assert finding.location != schedule.places.locate(("jurisdictions",), key=True)
    assert "the hours of US-FL;" in finding.message


def test_an_exemption_says_what_it_covers_and_what_for(build: Build) -> None:
    def message(**fields: Any) -> str:
        (text,) = (finding.message for finding in check(build(**fields)) if finding.code == "exempt")
        return text.removeprefix('"Weekday calling" of CAM_001: ')

    reason = '"counsel\'s memo 7"'
    assert message(**state("US-FL", f"{DAYS} 09:00-21:30", exempt=["US-FL", "TCPA"])) == (
        f"US-FL and TCPA do not bind these calls: {reason}. It calls outside their hours: Mon–Fri 21:00–21:30 "
        "America/New_York (TCPA) and Mon–Fri 20:00–21:30 America/New_York (US-FL)."
    )
    assert message(**state("US-FL", "MONDAY 09:00-20:00", exempt=["TCPA"])) == (
        f"TCPA does not bind these calls: {reason}. No window is outside their hours now."
    )
    assert message(**state("US-FL", "MONDAY 09:00-20:00", exempt=["US-GA"])) == (
        f"US-GA does not bind these calls: {reason}. Nothing of what it covers binds this schedule."
    )
    assert message(**federal("MONDAY 02:00-03:00", "UTC", exempt=["TCPA"])) == (
        f"TCPA does not bind these calls: {reason}."
    )
    assert message(**state("US-AL", "MONDAY 09:00-20:00", CHICAGO, exempt=["US-AL"])) == (
        f"US-AL does not bind these calls: {reason}. It calls on holidays, on which US-AL allows no sales calls."
    )


def test_the_tenants_own_hours_count(build: Build, found: Found, tenant: Tenant) -> None:
    row = {"hours": {day: [{"from": "10:00", "to": "12:00"}] for day in WEEKDAYS}, "citation": "memo"}
    schedule = build(**state("US-FL", "MONDAY 10:00-12:00"))
    book = rule_book(tenant(jurisdictions={"US-FL": row}))
    assert found(check(schedule), schedule) == []
    assert found(check(schedule, book=book), schedule) == [START]


def test_broken_hours_of_the_tenant_fail_closed(build: Build, found: Found, tenant: Tenant) -> None:
    schedule = build(**state("US-FL", "MONDAY 10:00-22:00"))
    row = {"hours": dict.fromkeys(WEEKDAYS, ()), "citation": "memo", "zones": ["America/Gotham"]}
    findings = check(schedule, book=rule_book(tenant(jurisdictions={"US-FL": row})))
    assert found(findings, schedule) == [END, "error unknown-jurisdiction jurisdictions.0"]
    assert "broken" in next(finding.message for finding in findings if finding.code == "unknown-jurisdiction")


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        ("TX", "US-TX"),
        ("US-tx", "US-TX"),
        ("ustx", "US-TX"),
        ("US_TX", "US-TX"),
        ("UK", "GB"),
        ("GB-ENG", "GB"),
        ("IT-RM", "IT"),
    ],
)
def test_a_code_that_is_nearly_right_is_suggested(code: str, hint: str, build: Build) -> None:
    (finding,) = check(build(**state(code, "MONDAY 10:00-12:00")))
    assert f"Did you mean {hint}?" in finding.message


# --- what must hold for any schedule

OWN_ZONES = [
    NY,
    CHICAGO,
    PHOENIX,
    "America/Los_Angeles",
    "UTC",
    "Europe/London",
    "Asia/Manila",
    "Asia/Kathmandu",
]
STATES = ["US-AZ", "US-FL", "US-HI", "US-MS", "US-TX", "US-UT"]
TIMES = st.integers(0, 86_399)
PAUSES = ["FCC", "NCDOJ", "STATE_SPECIFIC", "TCPA"]


@st.composite
def entries(draw: st.DrawFn) -> tuple[str, int, int]:
    days = draw(st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=7, unique=True))
    start, end = sorted((draw(TIMES), draw(TIMES)))
    return " ".join(sorted(days, key=WEEKDAYS.index)), start, end


@st.composite
def schedules(draw: st.DrawFn, windows: st.SearchStrategy[Any]) -> dict[str, Any]:
    times = draw(st.lists(st.tuples(TIMES, TIMES).map(sorted), max_size=2))
    return {
        "windows": draw(st.lists(windows, min_size=1, max_size=4)),
        "blackouts": [f"{clock(start)}-{clock(end)} PAUSE" for start, end in times],
        "timezone": draw(st.sampled_from(OWN_ZONES)),
        "pauses": draw(st.lists(st.sampled_from(PAUSES), unique=True)),
        "jurisdictions": draw(st.lists(st.sampled_from(STATES), max_size=3, unique=True)),
    }


def described(entry: tuple[str, int, int]) -> str:
    days, start, end = entry
    return f"{days} {clock(start)}-{clock(end)}"


def errors_in(schedule: DesiredSchedule) -> int:
    return sum(finding.code == "outside-calling-hours" for finding in check(schedule))


@hypothesis_settings(max_examples=120, deadline=None)
@given(
    fields=schedules(entries()),
    shares=st.tuples(st.floats(0, 1), st.floats(0, 1)).map(sorted),
    data=st.data(),
)
def test_shrinking_a_window_never_adds_an_error(
    build: Build, fields: dict[str, Any], shares: Sequence[float], data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(fields["windows"]) - 1))
    days, start, end = fields["windows"][index]
    low, high = (start + int((end - start) * share) for share in shares)
    shrunk = [*fields["windows"][:index], (days, low, high), *fields["windows"][index + 1 :]]
    before = build(**{**fields, "windows": map(described, fields["windows"])})
    after = build(**{**fields, "windows": map(described, shrunk)})
    assert errors_in(after) <= errors_in(before)


@hypothesis_settings(max_examples=60, deadline=None)
@given(fields=schedules(entries().map(described)), seed=st.integers(0, 1000))
def test_the_order_of_windows_changes_nothing(build: Build, fields: dict[str, Any], seed: int) -> None:
    schedule = build(**fields)
    windows = list(schedule.windows)
    random.Random(seed).shuffle(windows)  # noqa: S311 - any order will do
    assert sorted(map(str, check(schedule._replace(windows=tuple(windows))))) == sorted(map(str, check(schedule)))


@hypothesis_settings(max_examples=60, deadline=None)
@given(
    fields=schedules(entries().map(described)),
    pauses=st.lists(st.sampled_from(["FCC", "STATE_SPECIFIC", "TCPA"])),
)
def test_the_listed_pauses_change_no_hours(build: Build, fields: dict[str, Any], pauses: list[str]) -> None:
    def outside(listed: list[str]) -> list[str]:
        findings = check(build(**{**fields, "pauses": listed}))
        return [finding.message for finding in findings if finding.code.startswith("outside")]

    assert outside(pauses) == outside([])


def test_the_hours_that_all_rules_allow_are_those_of_the_schedules_own_clock(build: Build) -> None:
    hours = CallingHours(shipped().jurisdictions, AS_OF)
    texas = build(**state("US-TX", "MONDAY 10:00-18:00", zone=NY))
    day = ((11 * 3600, 22 * 3600),)  # 09:00 in El Paso to 21:00 in Dallas
    assert hours.allowed(texas) == (*[day] * 6, ((14 * 3600, 22 * 3600),))
    assert hours.allowed(build(windows=["MONDAY 10:00-18:00"], timezone="Europe/London")) is None
    assert hours.allowed(build(**state("US-TX", "MONDAY 10:00-18:00", zone="Nowhere"))) is None


def test_against_what_schedules_were_held(build: Build) -> None:
    hours = CallingHours(shipped().jurisdictions, AS_OF)
    texas = build(**state("US-TX", "MONDAY 10:00-18:00"))
    georgia = build(**state("US-GA", "MONDAY 10:00-18:00"))
    carolina = build(**federal("MONDAY 10:00-18:00", pause="NCDOJ"))
    london = build(windows=["MONDAY 10:00-18:00"], timezone="Europe/London")
    exempt = texas._replace(exemption=Exemption("businesses", ("TCPA", "US-TX")))
    assert hours.held([texas, georgia, texas, carolina, london, exempt]) == HeldHours(
        shipped().version, 4, ("NCDOJ", "TCPA", "US-GA", "US-TX")
    )
    assert hours.held([london, exempt]) == HeldHours(shipped().version, 0, ())
