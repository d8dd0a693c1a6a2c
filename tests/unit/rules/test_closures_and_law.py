"""Closures and the law: legal holidays, what closures leave of a violation, weeks that they empty."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.findings import Finding
from reconciler.model import WEEKDAYS, DesiredSchedule
from reconciler.rules import check
from reconciler.rules.closing import closings_of
from reconciler.settings import TenantSettings
from tests.support.short_schedules import short_schedule

Tenant = Callable[..., TenantSettings]
AS_OF = date(2026, 11, 22)  # a SUNDAY
LEGAL: dict[str, Any] = {"holidays": "legal"}
ZONES = {
    "US-AL": "America/Chicago",
    "US-LA": "America/Chicago",
    "US-MS": "America/Chicago",
    "US-PA": "America/New_York",
    "US-RI": "America/New_York",
    "US-UT": "America/Denver",
}
FORBIDS = ("US-AL", "US-LA", "US-PA", "US-RI", "US-UT")
OF_ONE_STATE = {
    "US-AL": date(2027, 4, 26),  # Confederate Memorial Day
    "US-LA": date(2027, 2, 9),  # Mardi Gras
    "US-PA": date(2026, 11, 27),  # Day After Thanksgiving
    "US-RI": date(2027, 8, 9),  # Victory Day
    "US-UT": date(2027, 7, 23),  # Pioneer Day, observed on the FRIDAY
}
WORKDAYS = "MONDAY TUESDAY WEDNESDAY THURSDAY FRIDAY 10:00-17:00"


def _schedule(code: str, *closures: dict[str, Any], **fields: Any) -> DesiredSchedule:
    fields = {"windows": [WORKDAYS], "timezone": ZONES.get(code, "America/New_York"), **fields}
    return short_schedule(pauses=["TCPA", "STATE_SPECIFIC"], jurisdictions=[code], closures=closures, **fields)


def _found(tenant: Tenant, schedule: DesiredSchedule, as_of: date = AS_OF) -> list[Finding]:
    return list(check(tenant(), [schedule], as_of))


def _codes(tenant: Tenant, schedule: DesiredSchedule, as_of: date = AS_OF) -> list[str]:
    return [finding.code for finding in _found(tenant, schedule, as_of)]


@pytest.mark.parametrize("code", ZONES)
def test_a_state_that_forbids_calls_on_holidays_says_which_are_left(code: str, tenant: Tenant) -> None:
    messages = [each.message for each in _found(tenant, _schedule(code)) if each.code == "holiday-not-closed"]
    assert bool(messages) is (code in FORBIDS)
    assert all("2026-11-26 (Thanksgiving Day)" in message and "holidays " in message for message in messages)


@pytest.mark.parametrize("code", ZONES)
def test_legal_holidays_close_them_all(code: str, tenant: Tenant) -> None:
    assert _codes(tenant, _schedule(code, LEGAL)) == []


@pytest.mark.parametrize("code", OF_ONE_STATE)
def test_legal_holidays_are_those_of_the_state(code: str, tenant: Tenant) -> None:
    day = OF_ONE_STATE[code]

    def is_open(state: str) -> bool:
        week = closings_of(tenant(), day).week(_schedule(state, LEGAL))
        return day.weekday() in {window.weekday for window in week.windows}

    assert [state for state in ZONES if not is_open(state)] == [code]


def test_a_state_without_a_ban_has_no_legal_closure(tenant: Tenant) -> None:
    schedule = _schedule("US-MS", LEGAL)
    for days in range(365):
        assert closings_of(tenant(), AS_OF + timedelta(days)).week(schedule) is schedule


def test_what_an_exemption_covers_closes_nothing(tenant: Tenant) -> None:
    schedule = _schedule("US-LA", LEGAL, exempt=["US-LA"])
    assert closings_of(tenant(), date(2026, 11, 26)).week(schedule) is schedule
    assert "holiday-not-closed" not in _codes(tenant, schedule)


def test_a_legal_holiday_is_the_called_peoples_day(tenant: Tenant) -> None:
    """Thanksgiving in Denver lasts from 02:00 to 02:00 on the clock of New York."""
    schedule = _schedule("US-UT", LEGAL, timezone="America/New_York", windows=["THURSDAY FRIDAY 00:30-23:00"])
    week = closings_of(tenant(), date(2026, 11, 26)).week(schedule)
    assert [(w.weekday, w.start, w.end) for w in week.windows] == [(3, 1800, 7200), (4, 7200, 82800)]


def test_legal_holidays_need_jurisdictions(tenant: Tenant) -> None:
    schedule = short_schedule([WORKDAYS], closures=[LEGAL])
    assert "missing-jurisdictions" in _codes(tenant, schedule)


def test_nothing_reopens_while_it_is_a_holiday_in_a_called_zone(tenant: Tenant) -> None:
    schedule = short_schedule([WORKDAYS], jurisdictions=["US-NY", "US-HI"], closures=[{"date": "2026-11-26"}])
    for hour, is_open in ((0, False), (6, False), (9, False), (10, True)):  # in UTC; Hawaii is ten hours behind
        now = datetime(2026, 11, 27, hour, 30, tzinfo=UTC)
        week = closings_of(tenant(), now.date(), now).week(schedule)
        assert (3 in {window.weekday for window in week.windows}) is is_open, hour


def test_a_violation_on_closed_dates_only_is_none(tenant: Tenant) -> None:
    """Pennsylvania forbade SUNDAY from 2026-10-18 on: as of 2025-10-22 that is on one SUNDAY of the twelve months."""
    as_of = date(2025, 10, 22)
    open_sundays = _schedule("US-PA", windows=["SUNDAY 09:00-19:00"])
    assert "outside-calling-hours-from" in _codes(tenant, open_sundays, as_of)
    closed = _schedule("US-PA", {"date": "2026-10-18"}, windows=["SUNDAY 09:00-19:00"])
    assert "outside-calling-hours-from" not in _codes(tenant, closed, as_of)
    in_part = _schedule("US-PA", {"date": "2026-10-18", "endTime": "12:00"}, windows=["SUNDAY 09:00-19:00"])
    assert "outside-calling-hours-from" in _codes(tenant, in_part, as_of)


@pytest.mark.parametrize(
    ("as_of", "severities"),
    [
        ("2026-12-20", ["warning"]),
        ("2026-12-21", ["warning"]),  # it calls today, on the MONDAY
        ("2026-12-22", ["error"]),
        ("2026-12-28", ["error"]),  # the last day from which seven days hold no open MONDAY
        ("2026-12-29", []),
    ],
)
def test_a_week_without_a_window_is_an_error_in_its_week_and_a_warning_before(
    as_of: str, severities: list[str], tenant: Tenant
) -> None:
    closure = {"from": "2026-12-22", "to": "2026-12-30"}
    schedule = short_schedule(["MONDAY 10:00-17:00"], jurisdictions=["US-NY"], closures=[closure])
    findings = _found(tenant, schedule, date.fromisoformat(as_of))
    assert [finding.severity for finding in findings if finding.code == "closed-week"] == severities


@pytest.mark.parametrize(
    ("closure", "found"),
    [
        ({"date": "2026-11-28"}, True),  # a SATURDAY
        ({"date": "2026-11-27"}, False),
        ({"from": "2026-11-28", "to": "2026-11-29"}, True),
        ({"from": "2026-11-28", "to": "2026-11-30"}, False),
        ({"date": "2026-11-27", "startTime": "17:00"}, True),
        ({"date": "2026-11-27", "startTime": "16:59"}, False),
        ({"date": "2026-11-27", "endTime": "10:00"}, True),
        ({"date": "2026-11-21"}, False),  # it is over
        ({"date": "2027-11-20"}, True),  # a SATURDAY within the twelve months
        ({"date": "2027-11-27"}, False),  # one that comes later
        ({"holidays": "US", "only": ["Independence Day"]}, False),  # sets of holidays never
    ],
)
def test_a_closure_that_takes_nothing_is_said(closure: dict[str, Any], found: bool, tenant: Tenant) -> None:
    assert ("closure-without-effect" in _codes(tenant, _schedule("US-NY", closure))) is found


def test_names_of_holidays_are_known_and_an_observed_day_goes_with_its_own(tenant: Tenant) -> None:
    only = _schedule("US-NY", {"holidays": "US", "only": ["independence day"]})
    assert _codes(tenant, only) == []
    week = closings_of(tenant(), date(2027, 7, 5)).week(only)  # 4 July 2027 is a SUNDAY
    assert 0 not in {window.weekday for window in week.windows}
    wrong = _schedule("US-NY", {"holidays": "US", "except": ["Independance Day"]})
    (message,) = [each.message for each in _found(tenant, wrong) if each.code == "schema"]
    assert 'Did you mean "Independence Day"?' in message
    unknown = _schedule("US-NY", {"holidays": "US-QQ"})
    assert _codes(tenant, unknown) == ["schema"]


def test_of_a_day_with_two_names_each_counts(tenant: Tenant) -> None:
    """15 February 2027 is Susan B. Anthony Day and Washington's Birthday in New York."""
    monday = date(2027, 2, 15)
    for closure, is_closed in (
        ({"only": ["Susan B. Anthony Day"]}, True),
        ({"except": ["Susan B. Anthony Day"]}, True),
        ({"except": ["Susan B. Anthony Day", "Washington's Birthday"]}, False),
    ):
        schedule = _schedule("US-NY", {"holidays": "US-NY", **closure})
        days = {window.weekday for window in closings_of(tenant(), monday).week(schedule).windows}
        assert (0 not in days) is is_closed, closure


_TIMES = st.sampled_from(["00:00", "05:30", "08:00", "09:00", "12:00", "19:00", "20:00", "21:00", "23:00"])


@st.composite
def _windows(draw: st.DrawFn) -> list[str]:
    days = draw(st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=4, unique=True))
    windows = []
    for day in days:
        start, end = sorted((draw(_TIMES), draw(_TIMES)))
        windows.append(f"{day} {start}-{end if end > start else '23:59:59'}")
    return windows


@st.composite
def _closures(draw: st.DrawFn) -> dict[str, Any]:
    first = AS_OF + timedelta(draw(st.integers(-10, 380)))
    match draw(st.integers(0, 3)):
        case 0:
            return {"date": str(first)}
        case 1:
            return {"date": str(first), draw(st.sampled_from(["startTime", "endTime"])): "12:00"}
        case 2:
            return {"from": str(first), "to": str(first + timedelta(draw(st.integers(0, 200))))}
    return draw(st.sampled_from([{"holidays": "US"}, {"holidays": "US-LA", "except": ["Mardi Gras"]}, LEGAL]))


_LAW = {"outside-calling-hours", "outside-calling-hours-from", "holiday-not-closed", "pause-not-listed"}


@given(
    _windows(),
    st.lists(_closures(), min_size=1, max_size=3),
    st.sampled_from(sorted(ZONES)),
    st.sampled_from(["America/New_York", "America/Phoenix", "Asia/Manila"]),
)
def test_shrinking_by_a_closure_never_adds_a_finding_of_the_law(
    windows: list[str], closures: list[dict[str, Any]], code: str, zone: str
) -> None:
    settings = TenantSettings("acme", "https://api.niceincontact.com", None, "schedules")  # type: ignore[arg-type]  # no place is asked for
    found = [
        {
            finding.code
            for finding in check(settings, [_schedule(code, *more, windows=windows, timezone=zone)], AS_OF)
            if finding.code in _LAW
        }
        for more in ([], closures)
    ]
    assert found[1] <= found[0]


@given(_windows(), st.lists(_closures(), max_size=3), st.integers(0, 370))
def test_a_schedule_without_closures_has_one_week_and_with_them_never_more(
    windows: list[str], closures: list[dict[str, Any]], days: int
) -> None:
    settings = TenantSettings("acme", "https://api.niceincontact.com", None, "schedules")  # type: ignore[arg-type]  # no place is asked for
    closings = closings_of(settings, AS_OF + timedelta(days))
    plain, closed = _schedule("US-LA", windows=windows), _schedule("US-LA", *closures, windows=windows)
    assert closings.week(plain) is plain

    def seconds(schedule: DesiredSchedule) -> int:
        return sum(window.end - window.start for window in schedule.windows)

    assert seconds(closings.week(closed)) <= seconds(plain)
    assert closings.week(closings.week(closed)).content == closings.week(closed).content


ABROAD = {  # a holiday of the place, and its zone
    "CA-BC": (date(2027, 8, 2), "America/Vancouver"),  # British Columbia Day
    "AU-NSW": (
        date(2027, 4, 26),
        "Australia/Sydney",
    ),  # ANZAC Day is on a SUNDAY; the national list has no MONDAY for it
    "AU": (date(2027, 1, 26), "Australia/Melbourne"),  # Australia Day
    "ZA": (date(2026, 12, 16), "Africa/Johannesburg"),  # Day of Reconciliation
    "ES": (date(2026, 12, 8), "Europe/Madrid"),  # Immaculate Conception
    "FR": (date(2027, 7, 14), "Europe/Paris"),  # National Day
}


@pytest.mark.parametrize("code", ABROAD)
def test_legal_holidays_of_other_countries(code: str, tenant: Tenant) -> None:
    day, zone = ABROAD[code]
    hours = ["MONDAY TUESDAY WEDNESDAY THURSDAY FRIDAY 10:00-12:00"]
    plain = short_schedule(hours, timezone=zone, jurisdictions=[code])
    closed = short_schedule(hours, timezone=zone, jurisdictions=[code], closures=[LEGAL])
    assert "holiday-not-closed" in _codes(tenant, plain)
    assert "holiday-not-closed" not in _codes(tenant, closed)
    week = closings_of(tenant(), day).week(closed)
    assert (day.weekday() in {window.weekday for window in week.windows}) is (code == "AU-NSW")


@pytest.mark.parametrize(
    ("now", "is_open"),
    [
        (
            "2027-01-26T12:30:00+00:00",
            False,
        ),  # half past midnight of the next day in Melbourne, whose summer time it is
        ("2027-01-26T15:59:00+00:00", False),  # one minute to midnight in Perth
        ("2027-01-26T16:01:00+00:00", True),
    ],
)
def test_the_day_is_over_when_it_is_over_in_every_zone_of_the_south(now: str, is_open: bool, tenant: Tenant) -> None:
    schedule = short_schedule(
        ["TUESDAY 10:00-12:00"],
        timezone="Australia/Melbourne",
        jurisdictions=["AU-VIC", "AU-WA"],
        closures=[{"date": "2027-01-26"}],
    )
    at = datetime.fromisoformat(now).astimezone(UTC)
    assert bool(closings_of(tenant(), at.date(), at).week(schedule).windows) is is_open
