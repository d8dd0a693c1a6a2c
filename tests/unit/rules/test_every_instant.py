"""The law against a walk through time: for any rows and any schedule the findings are those that an observer would write
down who looks at the clocks of both sides every quarter of an hour for twelve months.

Every time and every offset from UTC here is a multiple of a quarter of an hour, so nothing happens between two looks. The
walk shares no code with the rules: it knows no periods, no weeks turned against each other and no cache, only
`zoneinfo` and the rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from reconciler.model import WEEKDAYS, DesiredSchedule
from reconciler.rules.calling_hours import CallingHours
from reconciler.rules.hours import allowed_week, bindings
from reconciler.rules.rule_book import rule_book
from reconciler.rules.violations import violations
from reconciler.settings import TenantSettings

Build = Callable[..., DesiredSchedule]
Tenant = Callable[..., TenantSettings]
Hours = Sequence[tuple[int, ...] | None]
"""For each weekday the allowed quarters of an hour, from and to, and from and to again where a pause is between them."""

AS_OF = date(2026, 11, 22)
FIRST, LAST = AS_OF.toordinal(), date(2027, 11, 22).toordinal()
FEDERAL: Hours = [(32, 84)] * 7
ZONES = ["America/New_York", "America/Phoenix", "America/Los_Angeles", "America/St_Johns", "Europe/London"]
AMERICAN = {"America/New_York", "America/Phoenix", "America/Los_Angeles"}
OWN_ZONES = [*ZONES, "UTC", "Asia/Manila", "Asia/Kathmandu", "Australia/Sydney", "Europe/Madrid"]


@dataclass(frozen=True)
class Row:
    """One rule: its name, where it is read, what it allows, and the ordinals of its first and last date."""

    name: str
    zones: tuple[str, ...]
    hours: Hours
    begins: int | None = None
    ends: int | None = None

    def forbids(self, day: int, quarter: int) -> bool:
        if (self.begins is not None and day < self.begins) or (self.ends is not None and day > self.ends):
            return False
        allowed = self.hours[(day - 1) % 7]  # ordinal 1 was a MONDAY
        spans = zip(allowed[::2], allowed[1::2], strict=True) if allowed else ()
        return not any(first <= quarter < last for first, last in spans)


RULES = re.compile(r"\bTCPA(?=[ ,])|(?<=[(; ])(?:NCDOJ|[A-Z]{2}(?:-[A-Z]{2,3})?)(?=: )")
"""The codes of the rules that a message names."""


SHIPPED = {
    "US-MS": Row("US-MS", ("America/Chicago", "Etc/GMT+6"), [*[(32, 80)] * 6, None]),
    "US-UT": Row("US-UT", ("America/Denver",), [*[(32, 84)] * 6, None]),
    "US-KY": Row("US-KY", ("America/New_York", "America/Chicago"), [(40, 84)] * 7),
    "CA-NL": Row("CA-NL", ("America/Goose_Bay", "America/St_Johns"), [*[(36, 86)] * 5, (40, 72), (40, 72)]),
    "AU-NSW": Row(
        "AU-NSW",
        ("Australia/Broken_Hill", "Australia/Lord_Howe", "Australia/Sydney"),
        [*[(36, 80)] * 5, (36, 68), None],
    ),
    "NZ": Row("NZ", ("Pacific/Auckland", "Pacific/Chatham"), [*[(32, 84)] * 6, None]),
    "ZA": Row("ZA", ("Africa/Johannesburg",), [*[(32, 80)] * 5, (36, 52), None]),
    "ES": Row("ES", ("Atlantic/Canary", "Europe/Madrid"), [*[(36, 84)] * 5, None, None]),
    "FR": Row("FR", ("Europe/Paris",), [*[(40, 52, 56, 80)] * 5, None, None]),
}
LIVES_IN = {code: row.zones for code, row in SHIPPED.items()} | {"US-MS": ("America/Chicago",)}


@lru_cache(maxsize=64)
def clock(zone: str) -> list[tuple[int, int]]:
    """What the clock of a zone reads at each look: the ordinal of the date, and the quarter of an hour of that day."""
    there = ZoneInfo(zone)
    start = datetime(2026, 11, 20, tzinfo=UTC)
    looks = [(start + timedelta(minutes=15 * number)).astimezone(there) for number in range(96 * 370)]
    return [(look.toordinal(), look.hour * 4 + look.minute // 15) for look in looks]


def own_rows(code: str, zones: tuple[str, ...]) -> st.SearchStrategy[list[Row]]:
    """Up to three rows of a tenant, which may overlap or leave gaps. Their dates lie near the ends of the twelve months,
    and many of them forbid all calls: there it is easy to be wrong by one day, and such a day shows."""
    quarters = st.tuples(st.integers(0, 95), st.integers(1, 96)).map(sorted).filter(lambda pair: pair[0] < pair[1])
    day = st.none() | quarters.map(tuple)
    week = st.just([None] * 7) | day.map(lambda span: [span] * 7) | st.lists(day, min_size=7, max_size=7)
    days = st.sampled_from([-1, 0, 1, 2, 200, 362, 363, 364, 365]).map(lambda days: FIRST + days)
    spans = st.sampled_from([(None, None)]) | st.tuples(st.none(), days) | st.tuples(days, st.none())
    both = st.tuples(days, days).map(sorted).map(tuple)
    row = st.builds(lambda hours, span: Row(code, zones, hours, *span), week, spans | both)
    return st.lists(row, min_size=1, max_size=3)


@dataclass(frozen=True)
class World:
    """A schedule, where the called people are, and all rules that bind it."""

    fields: dict[str, Any]
    tenant_rows: dict[str, Any]
    rows: list[Row]


def raw_row(row: Row) -> dict[str, Any]:
    def text(quarter: int) -> str:
        return "24:00" if quarter == 96 else f"{quarter // 4:02d}:{quarter % 4 * 15:02d}"

    hours = {
        day: [] if span is None else [{"from": text(span[0]), "to": text(span[1])}]
        for day, span in zip(WEEKDAYS, row.hours, strict=True)
    }
    dates = {"effectiveFrom": row.begins, "effectiveTo": row.ends}
    known = {field: str(date.fromordinal(day)) for field, day in dates.items() if day is not None}
    return {"hours": hours, "citation": f"memo on {row.name}", "zones": list(row.zones), **known}


def gaps(code: str, zones: tuple[str, ...], rows: Sequence[Row]) -> Iterator[Row]:
    """The federal hours on each date that no row covers, a row for each run of such dates."""
    free = [
        day for day in range(FIRST, LAST) if not any((row.begins or 0) <= day <= (row.ends or LAST) for row in rows)
    ]
    for day in free:
        if day - 1 not in free:
            last = next(later for later in range(day, LAST + 1) if later + 1 not in free)
            yield Row(code, zones, FEDERAL, day, last)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    own = draw(st.sampled_from(OWN_ZONES))
    codes = draw(st.lists(st.sampled_from(["US-FL", "PH", *SHIPPED]), max_size=2, unique=True))
    rows, tenant_rows, american = [], {}, set()
    for code in codes:
        if code in SHIPPED:
            rows.append(SHIPPED[code])
            zones = LIVES_IN[code]
        else:
            zones = tuple(draw(st.lists(st.sampled_from(ZONES), min_size=1, max_size=2, unique=True)))
            own_hours = draw(own_rows(code, zones))
            tenant_rows[code] = [raw_row(row) for row in own_hours]
            rows += own_hours
            if code == "PH":
                rows += gaps(code, zones, own_hours)
        american |= set(zones) if code.startswith("US-") else set()
    if not codes and own in AMERICAN:
        american = {own}
    pauses = draw(st.lists(st.sampled_from(["TCPA", "NCDOJ", "STATE_SPECIFIC"]), unique=True))
    if "NCDOJ" in pauses:
        rows.append(Row("NCDOJ", ("America/New_York",), FEDERAL))
    federal = Row("TCPA", tuple(sorted(american)), FEDERAL)
    always = (federal.zones, FEDERAL, FIRST, LAST - 1)  # a statute that is reached in two ways binds once
    rows = [*(row for row in rows if (tuple(sorted(row.zones)), row.hours, row.begins, row.ends) != always), federal]
    times = st.tuples(st.integers(0, 94), st.integers(1, 95)).map(sorted).filter(lambda pair: pair[0] < pair[1])
    spans = [
        f"{start // 4:02d}:{start % 4 * 15:02d}-{end // 4:02d}:{end % 4 * 15:02d}"
        for start, end in draw(st.lists(times, min_size=1, max_size=3))
    ]
    some = st.lists(st.sampled_from(WEEKDAYS), min_size=1, unique=True).map(" ".join)
    days = st.sampled_from(["SATURDAY", "SUNDAY", "MONDAY", "TUESDAY"]) | some  # the twelve months begin on a SUNDAY
    fields = {
        "timezone": own,
        "jurisdictions": codes,
        "pauses": pauses,
        "windows": [f"{draw(days)} {spans[0]}", f"{draw(days)} {spans[-1]}"],
        "blackouts": [f"{span} PAUSE" for span in spans[1:2]],
    }
    return World(fields, tenant_rows, rows)


def closed_quarters(schedule: DesiredSchedule) -> set[int]:
    return {quarter for blackout in schedule.blackouts for quarter in range(blackout.start // 900, blackout.end // 900)}


def broken(schedule: DesiredSchedule, rows: Sequence[Row], dials: set[tuple[int, int]]) -> set[tuple[str, bool]]:
    """The rules, with whether they begin later, that calls at these weekdays and quarters break at some look."""
    wrong = set()
    own = clock(schedule.timezone)
    looks = [look for look, (day, quarter) in enumerate(own) if ((day - 1) % 7, quarter) in dials]
    for row in rows:
        for zone in row.zones:
            there = clock(zone)
            if any(FIRST <= there[look][0] < LAST and row.forbids(*there[look]) for look in looks):
                wrong.add((row.name, row.begins is not None and row.begins > FIRST))
    return wrong


@hypothesis_settings(max_examples=150, deadline=None)
@given(world=worlds())
def test_the_findings_are_those_of_a_walk_through_every_quarter_of_an_hour(
    world: World, build: Build, tenant: Tenant
) -> None:
    schedule = build(**world.fields)
    book = rule_book(tenant(jurisdictions=world.tenant_rows))
    found = {
        (finding.location, name, finding.code.endswith("-from"))
        for finding in CallingHours(book, AS_OF).check(schedule)
        if finding.code.startswith("outside-calling-hours")
        for name in RULES.findall(finding.message)
    }
    closed = closed_quarters(schedule)
    seen = set()
    for entry in (0, 1):
        dials = {
            (window.weekday, quarter)
            for window in schedule.windows
            if window.path == ("scheduleDetails", entry)
            for quarter in range(window.start // 900, window.end // 900)
            if quarter not in closed
        }
        seen |= {(entry, *rule) for rule in broken(schedule, world.rows, dials)}
    lines = {
        schedule.places.locate(("scheduleDetails", entry, field)): entry
        for entry in (0, 1)
        for field in ("dayOfWeek", "startTime", "endTime")
    }
    assert {(lines[location], *rest) for location, *rest in found if location} == seen


@hypothesis_settings(max_examples=60, deadline=None)
@given(world=worlds())
def test_the_nearest_window_dials_and_is_allowed_at_every_look(world: World, build: Build, tenant: Tenant) -> None:
    schedule = build(**world.fields)
    book = rule_book(tenant(jurisdictions=world.tenant_rows))
    own, closed = schedule.timezone, schedule.closed_daily
    bound = bindings(book, AS_OF, own, schedule.pauses, schedule.jurisdictions)
    for violation in violations(bound, own, schedule.windows, closed, allowed_week(own, bound), {}):
        for day, start, end in violation.nearest:
            dials = {(day, quarter) for quarter in range(start // 900, end // 900)}
            dials -= {(day, quarter) for quarter in closed_quarters(schedule)}
            assert dials
            assert broken(schedule, world.rows, dials) == set()
