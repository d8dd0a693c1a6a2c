"""Calling hours: a table of schedules with what is found in them and where, an independent walk through every date of the
twelve months, and what must hold for any schedule."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from reconciler.canonical import clock
from reconciler.model import WEEKDAYS, DesiredSchedule, Finding
from reconciler.rules.calling_hours import CallingHours
from reconciler.rules.jurisdictions import RuleBook, rule_book
from reconciler.settings import TenantSettings

Build = Callable[..., DesiredSchedule]
Found = Callable[[Iterable[Finding], DesiredSchedule], list[str]]
Tenant = Callable[..., TenantSettings]

AS_OF = date(2026, 11, 22)
DAYS = "MONDAY TUESDAY WEDNESDAY THURSDAY FRIDAY"
ALL_DAYS = f"{DAYS} SATURDAY SUNDAY"
NY, CHICAGO, DENVER, PHOENIX = "America/New_York", "America/Chicago", "America/Denver", "America/Phoenix"
PLACE = "scheduleDetails.0"
START, END, DAY = (
    f"error outside-calling-hours {PLACE}.{field}" for field in ("startTime", "endTime", "dayOfWeek")
)
LATER_START = f"warning outside-calling-hours-from {PLACE}.startTime"
LATER_DAY = f"warning outside-calling-hours-from {PLACE}.dayOfWeek"
ASSUMED = "notice called-zone-assumed timezone"
NOT_CHECKED = "warning state-rules-not-checked jurisdictions"
HOLIDAY = "notice holiday-not-excluded jurisdictions.0"


def state(code: str, window: str, zone: str = NY, **more: Any) -> dict[str, Any]:
    return {
        "windows": [window],
        "timezone": zone,
        "pauses": ["STATE_SPECIFIC"],
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
    "a window that is out of order is told elsewhere": (federal("MONDAY 22:00-06:00"), [ASSUMED]),
    "a zone that is none is told elsewhere": (federal("MONDAY 00:00-23:00", zone="America/Gotham"), []),
    "no pauses, no hours": ({"windows": [f"{ALL_DAYS} 00:00-23:59:59"]}, []),
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
    "both federal pauses are told once": (
        {"windows": ["MONDAY 08:00-21:00"], "pauses": ["TCPA", "FCC"], "timezone": "UTC"},
        ["error called-zone-unknown timezone"],
    ),
    "a zone abroad with jurisdictions": (
        federal("MONDAY 21:00-23:00", zone="Asia/Manila", jurisdictions=["US-NY"]),
        [NOT_CHECKED],
    ),
    "NCDOJ needs no jurisdictions": (federal("MONDAY 21:00-23:00", zone="Asia/Manila", pause="NCDOJ"), []),
    "NCDOJ is read in North Carolina": (
        federal("MONDAY 08:00-20:00", zone="America/Los_Angeles", pause="NCDOJ"),
        [END],
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
        [NOT_CHECKED, START],
    ),
    "Sunday evening in the West, in time": (
        federal("MONDAY 00:00:00-00:00:00", jurisdictions=["US-CA"]),
        [NOT_CHECKED],
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
        federal("MONDAY 08:00-21:00", CHICAGO, jurisdictions=["US-MS"]),
        [NOT_CHECKED],
    ),
    # what is missing
    "no jurisdictions": (
        {"pauses": ["STATE_SPECIFIC"]},
        ["error missing-jurisdictions complianceRules.regulatoryPauses"],
    ),
    "a jurisdiction without rules": (
        state("US-XX", "MONDAY 09:00-17:00"),
        ["error unknown-jurisdiction jurisdictions.0"],
    ),
    "one of several without rules": (
        federal("MONDAY 07:00-17:00", jurisdictions=["US-NY", "TX"]),
        [NOT_CHECKED, "error unknown-jurisdiction jurisdictions.1", START],
    ),
    "a jurisdiction without rules and without pauses": (
        {"jurisdictions": ["US-XX"]},
        [],
    ),
    "jurisdictions without pauses": (
        {"windows": ["SUNDAY 00:00-23:00"], "jurisdictions": ["US-AL"]},
        [],
    ),
    "jurisdictions that nobody checks": (
        {"windows": ["SUNDAY 00:00-23:00"], "pauses": ["NCDOJ"], "jurisdictions": ["US-AL"]},
        [NOT_CHECKED, START],
    ),
    "the second state forbids holidays": (
        state("US-AL", "MONDAY 10:00-17:00", CHICAGO, jurisdictions=["US-GA", "US-LA", "US-RI"]),
        ["notice holiday-not-excluded jurisdictions.1", "notice holiday-not-excluded jurisdictions.2"],
    ),
    # one finding for each rule
    "each rule speaks for itself": (
        {
            "windows": ["MONDAY 07:00-17:00"],
            "pauses": ["TCPA", "NCDOJ", "STATE_SPECIFIC"],
            "jurisdictions": ["US-NC", "US-VA"],
        },
        [START] * 4,
    ),
}


def check(schedule: DesiredSchedule, as_of: date = AS_OF, book: RuleBook | None = None) -> list[Finding]:
    return list(CallingHours(book or RuleBook({}), as_of).check(schedule))


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
    ("2025-10-18", "SUNDAY 09:00-19:00", [LATER_DAY]),
    ("2025-10-17", "SUNDAY 09:00-19:00", []),
]


@pytest.mark.parametrize(("as_of", "window", "expected"), PENNSYLVANIA)
def test_pennsylvania_before_and_after_its_new_hours(
    as_of: str, window: str, expected: list[str], build: Build, found: Found
) -> None:
    schedule = build(**state("US-PA", window))
    assert found(check(schedule, date.fromisoformat(as_of)), schedule) == sorted([HOLIDAY, *expected])


def test_jurisdictions_that_nobody_checks_are_told_at_the_list(build: Build) -> None:
    schedule = build(pauses=["TCPA"], jurisdictions=["US-FL"])
    (finding,) = check(schedule)
    assert finding.location == schedule.places.locate(("jurisdictions",))
    assert finding.location != schedule.places.locate(("jurisdictions",), key=True)


def test_the_tenants_own_hours_count(build: Build, found: Found, tenant: Tenant) -> None:
    row = {"hours": {day: [{"from": "10:00", "to": "12:00"}] for day in WEEKDAYS}, "citation": "memo"}
    schedule = build(**state("US-FL", "MONDAY 10:00-12:00"))
    book = rule_book(tenant(jurisdictions={"US-FL": row}))
    assert found(check(schedule), schedule) == []
    assert found(check(schedule, book=book), schedule) == [START]


def test_broken_hours_of_the_tenant_fail_closed(build: Build, tenant: Tenant) -> None:
    schedule = build(**state("US-FL", "MONDAY 10:00-12:00"))
    (finding,) = check(schedule, book=rule_book(tenant(jurisdictions={"US-FL": {}})))
    assert finding.code == "unknown-jurisdiction"
    assert "broken" in finding.message


@pytest.mark.parametrize(
    ("code", "hint"), [("TX", "US-TX"), ("US-tx", "US-TX"), ("ustx", "US-TX"), ("US_TX", "US-TX")]
)
def test_a_code_that_is_nearly_right_is_suggested(code: str, hint: str, build: Build) -> None:
    (finding,) = check(build(**state(code, "MONDAY 10:00-12:00")))
    assert f"Did you mean {hint}?" in finding.message


# --- an independent walk through every date

HOURS: dict[str, tuple[tuple[str, ...], Sequence[tuple[int, int] | None]]] = {
    "US-FL": (("America/New_York", "America/Chicago"), [(8, 20)] * 7),
    "US-TX": (("America/Chicago", "America/Denver"), [*[(9, 21)] * 6, (12, 21)]),
    "US-UT": (("America/Denver",), [*[(8, 21)] * 6, None]),
    "US-AZ": (("America/Phoenix", "America/Denver"), [(8, 21)] * 7),
    "US-HI": (("Pacific/Honolulu",), [(8, 21)] * 7),
    "US-MS": (("America/Chicago", "Etc/GMT+6"), [*[(8, 20)] * 6, None]),
}
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


def wall_times(day: date, start: int, end: int, zone: ZoneInfo) -> Iterator[datetime]:
    """Every quarter of an hour of a window on one date, and its last second; twice where the clock shows it twice, never
    where it does not."""
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - the zone is given below, to the wall clock
    for second in [*range(start, end, 900), end - 1]:
        for fold in (0, 1):
            wall = (midnight + timedelta(seconds=second)).replace(tzinfo=zone, fold=fold)
            instant = wall.astimezone(ZoneInfo("UTC"))
            if instant.astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None):
                yield instant


def is_legal_on_every_date(own: str, code: str, day: int, start: int, end: int) -> bool:
    zones, week = HOURS[code]
    called = [ZoneInfo(name) for name in zones]
    first = AS_OF + timedelta(days=(day - AS_OF.weekday()) % 7)
    for number in range(52):
        for instant in wall_times(first + timedelta(weeks=number), start, end, ZoneInfo(own)):
            for zone in called:
                there = instant.astimezone(zone)
                allowed = week[there.weekday()]
                if allowed is None or not allowed[0] <= there.hour < allowed[1]:
                    return False
    return True


@hypothesis_settings(max_examples=60, deadline=None)
@given(
    own=st.sampled_from(OWN_ZONES),
    code=st.sampled_from(sorted(HOURS)),
    day=st.integers(0, 6),
    quarters=st.tuples(st.integers(0, 95), st.integers(1, 24)),
)
def test_what_is_allowed_is_legal_on_every_date_and_nothing_else(
    build: Build, own: str, code: str, day: int, quarters: tuple[int, int]
) -> None:
    start = quarters[0] * 900
    end = min(start + quarters[1] * 900, 86_399)
    window = f"{WEEKDAYS[day]} {clock(start)}-{clock(end)}"
    errors = [
        each for each in check(build(**state(code, window, own))) if each.code == "outside-calling-hours"
    ]
    assert (errors == []) == is_legal_on_every_date(own, code, day, start, end)


# --- what must hold for any schedule

TIMES = st.integers(0, 86_399)
PAUSES = ["FCC", "NCDOJ", "STATE_SPECIFIC", "TCPA"]


@st.composite
def entries(draw: st.DrawFn) -> tuple[str, int, int]:
    days = draw(st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=7, unique=True))
    start, end = sorted((draw(TIMES), draw(TIMES)))
    return " ".join(sorted(days, key=WEEKDAYS.index)), start, end


@st.composite
def schedules(draw: st.DrawFn, windows: st.SearchStrategy[Any], pauses: int = 1) -> dict[str, Any]:
    times = draw(st.lists(st.tuples(TIMES, TIMES).map(sorted), max_size=2))
    return {
        "windows": draw(st.lists(windows, min_size=1, max_size=4)),
        "blackouts": [f"{clock(start)}-{clock(end)} PAUSE" for start, end in times],
        "timezone": draw(st.sampled_from(OWN_ZONES)),
        "pauses": draw(st.lists(st.sampled_from(PAUSES), min_size=pauses, unique=True)) if pauses else [],
        "jurisdictions": draw(st.lists(st.sampled_from(sorted(HOURS)), max_size=3, unique=True)),
    }


def told(entry: tuple[str, int, int]) -> str:
    days, start, end = entry
    return f"{days} {clock(start)}-{clock(end)}"


def errors_in(schedule: DesiredSchedule) -> int:
    return sum(each.code == "outside-calling-hours" for each in check(schedule))


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
    before = build(**{**fields, "windows": map(told, fields["windows"])})
    after = build(**{**fields, "windows": map(told, shrunk)})
    assert errors_in(after) <= errors_in(before)


@hypothesis_settings(max_examples=60, deadline=None)
@given(fields=schedules(entries().map(told)), seed=st.integers(0, 1000))
def test_the_order_of_windows_changes_nothing(build: Build, fields: dict[str, Any], seed: int) -> None:
    schedule = build(**fields)
    windows = list(schedule.windows)
    random.Random(seed).shuffle(windows)  # noqa: S311 - any order will do
    assert sorted(map(str, check(replace(schedule, windows=tuple(windows))))) == sorted(
        map(str, check(schedule))
    )


@hypothesis_settings(max_examples=60, deadline=None)
@given(fields=schedules(entries().map(told), pauses=0))
def test_without_pauses_no_hours_are_checked(build: Build, fields: dict[str, Any]) -> None:
    assert check(build(**fields)) == []
    assert check(build(**{**fields, "jurisdictions": [*fields["jurisdictions"], "US-XX"]})) == []
