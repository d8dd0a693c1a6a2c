"""Calling hours of other countries: every row against a second table of the same facts, written by hand; their zones against
those of the IANA database; and what a schedule may do to the minute, in the zones and on the holidays of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest

from reconciler.findings import Finding
from reconciler.intervals import DAY, union
from reconciler.model import WEEKDAYS, DesiredSchedule
from reconciler.rules.calling_hours import CallingHours
from reconciler.rules.closed_days import open_holidays
from reconciler.rules.closing import Closings
from reconciler.rules.public_holidays import holiday_names, holidays_of
from reconciler.rules.rule_book import name_of, shipped

Build = Callable[..., DesiredSchedule]
Found = Callable[[Iterable[Finding], DesiredSchedule], list[str]]

AS_OF = date(2026, 11, 22)
# code | Mon–Fri | Sat | Sun | public holidays | sure | citation
LAWS = """
CA    | 0900-2130           | 1000-1800 | 1000-1800 |      | H | CRTC Unsolicited Telecommunications Rules, Part III
CA-BC | 0900-2130           | 1000-1800 | 1000-1800 | none | H | CRTC Unsolicited Telecommunications Rules, Part III; B.C. Telemarketer Licensing Regulation
AU    | 0900-2000           | 0900-1700 | none      | none | H | Telecommunications (Telemarketing and Research Calls) Industry Standard 2017
ZA    | 0800-2000           | 0900-1300 | none      | none | H | Consumer Protection Act regulation 4, GN R293 of 2011
ES    | 0900-2100           | none      | none      | none | H | TRLGDCU (RDL 1/2007) art. 96.2
FR    | 1000-1300 1400-2000 | none      | none      | none | M | Code de la consommation D. 223-9 (decree 2022-1313)
NZ    | 0800-2100           | 0800-2100 | none      | none | M | Marketing Association code
IT    | 0900-2000           | 1000-1900 | none      | none | M | Codice di condotta, GU 2024-03-27
IN    | 0900-2100           | 0900-2100 | 0900-2100 |      | M | TRAI, Telecom Commercial Communications Customer Preference Regulations 2010, as amended in 2011
"""
NOT_KNOWN = "GB DE NL BR JP MX PH IE"
PARTS = {
    "CA": "AB MB NB NL NS NT NU ON PE QC SK YT",
    "AU": "ACT NSW NT QLD SA TAS VIC WA",
    "ES": "AN AR AS CB CE CL CM CN CT EX GA IB MC MD ML NC PV RI VC",
    "FR": "57 6AE",
    "NZ": "AUK BOP CAN CIT GIS HKB MBH MWT NSN NTL OTA STL TAS TKI WGN WKO WTC",
    "BR": "AC AL AM AP BA CE DF ES GO MA MG MS MT PA PB PE PI PR RJ RN RO RR RS SC SE SP TO",
    "MX": (
        "AGU BCN BCS CAM CHH CHP CMX COA COL DUR GRO GUA HID JAL MEX MIC MOR NAY NLE OAX PUE QUE ROO SIN SLP SON TAB TAM "
        "TLA VER YUC ZAC"
    ),
}
OVERSEAS = {"FR-971", "FR-972", "FR-973", "FR-974", "FR-976"}
ZONES = {
    "CA-AB": "America/Edmonton",
    "CA-NL": "America/St_Johns America/Goose_Bay",
    "CA-ON": "America/Toronto America/Winnipeg America/Atikokan",
    "CA-QC": "America/Toronto America/Blanc-Sablon America/Halifax",
    "CA-BC": "America/Vancouver America/Edmonton America/Creston America/Dawson_Creek America/Fort_Nelson",
    "CA-SK": "America/Regina America/Swift_Current America/Edmonton",
    "AU-NSW": "Australia/Sydney Australia/Broken_Hill Australia/Lord_Howe",
    "AU-QLD": "Australia/Brisbane Australia/Lindeman",
    "AU-WA": "Australia/Perth Australia/Eucla",
    "ES": "Europe/Madrid Atlantic/Canary",
    "ES-CN": "Atlantic/Canary",
    "ES-CT": "Europe/Madrid",
    "FR": "Europe/Paris",
    "FR-974": "Indian/Reunion",
    "NZ": "Pacific/Auckland Pacific/Chatham",
    "NZ-CIT": "Pacific/Chatham",
    "ZA": "Africa/Johannesburg",
    "IT": "Europe/Rome",
    "IN": "Asia/Kolkata",
    "BR-PE": "America/Recife America/Noronha",
    "MX-CHH": "America/Chihuahua America/Ciudad_Juarez America/Ojinaga",
    "GB": "Europe/London",
    "PH": "Asia/Manila",
}
COUNTRIES = [line.split("|")[0].strip() for line in LAWS.strip().splitlines()]
FOREIGN = sorted(code for code in shipped().jurisdictions if not code.startswith("US-"))


def law(code: str) -> list[str]:
    """The row of the table for a code: its own, else its country's."""
    rows = {row[0]: row for row in ([cell.strip() for cell in line.split("|")] for line in LAWS.strip().splitlines())}
    return rows.get(code) or rows[code.partition("-")[0]]


def spans(code: str, day: int) -> list[tuple[int, int]]:
    """The allowed minutes of a weekday, 0 for MONDAY."""
    cell = law(code)[1 + max(0, day - 4)]
    return [
        (int(span[:2]) * 60 + int(span[2:4]), int(span[5:7]) * 60 + int(span[7:]))
        for span in cell.split()
        if span != "none"
    ]


def parts_of(country: str) -> set[str]:
    return {f"{country}-{part}" for part in PARTS.get(country, "").split()}


def with_hours() -> list[str]:
    return sorted({*COUNTRIES}.union(*map(parts_of, COUNTRIES)))


@pytest.mark.parametrize("code", with_hours())
def test_a_country_and_its_parts_have_the_hours_of_the_table(code: str) -> None:
    (rule,) = shipped().jurisdictions[code].rules
    _, _, _, _, holidays, sure, citation = law(code)
    week = union((day * DAY + start * 60, day * DAY + end * 60) for day in range(7) for start, end in spans(code, day))
    assert (rule.week, rule.citation, rule.confidence, rule.name) == (week, citation, sure, code)
    assert rule.holidays_forbidden == (holidays == "none")
    assert rule.holidays_of == ("AU" if code.startswith("AU") else code)


def test_the_table_and_the_file_name_the_same_places() -> None:
    places = {*COUNTRIES, *NOT_KNOWN.split(), *OVERSEAS}.union(*map(parts_of, PARTS))
    assert set(FOREIGN) == places
    assert all(name_of(code) != code for code in places)


@pytest.mark.parametrize("code", NOT_KNOWN.split())
def test_a_country_of_which_nothing_could_be_confirmed_has_zones_and_no_hours(code: str) -> None:
    for place in map(shipped().jurisdictions.__getitem__, {code} | parts_of(code)):
        assert (place.rules, place.confidence) == ((), "L")
        assert place.zones


@pytest.mark.parametrize("code", ZONES)
def test_the_zones_of_a_place(code: str) -> None:
    assert set(shipped().jurisdictions[code].zones) == set(ZONES[code].split())


@cache
def offsets(name: str) -> tuple[timedelta | None, ...]:
    """A zone's offsets from UTC for two years, at noon and midnight."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    return tuple((start + timedelta(hours=12 * step)).astimezone(ZoneInfo(name)).utcoffset() for step in range(1460))


@pytest.mark.parametrize("country", sorted({code.partition("-")[0] for code in FOREIGN}))
def test_a_country_has_every_clock_that_the_iana_database_has_for_it(country: str) -> None:
    lines = files("tzdata").joinpath("zoneinfo/zone.tab").read_text(encoding="ascii").splitlines()
    table = {row[2] for line in lines if (row := line.split("\t"))[0] == country}
    ours = shipped().jurisdictions[country].zones
    assert {offsets(name) for name in table} == {offsets(name) for name in ours}
    parts = [
        shipped().jurisdictions[code] for code in FOREIGN if code.startswith(f"{country}-") and code not in OVERSEAS
    ]
    assert not parts or {zone for part in parts for zone in part.zones} == set(ours)


@pytest.mark.parametrize(
    "code",
    sorted(code for code in FOREIGN if any(rule.holidays_forbidden for rule in shipped().jurisdictions[code].rules)),
)
def test_the_dates_are_known_of_holidays_on_which_the_law_forbids_calls(code: str) -> None:
    (rule,) = shipped().jurisdictions[code].rules
    names = {holiday.name for holiday in holidays_of(rule.holidays_of, 2027)}
    assert len(names) >= 7
    assert any("Christmas" in name for name in names)


def test_holidays_are_those_of_the_region() -> None:
    def dates(code: str) -> set[str]:
        (rule,) = shipped().jurisdictions[code].rules
        return {str(holiday.day) for holiday in holidays_of(rule.holidays_of, 2027)}

    assert {"2027-09-11"} <= dates("ES-CT") - dates("ES")  # the Day of Catalonia
    assert {"2027-02-01"} <= dates("NZ-AUK") - dates("NZ")  # the anniversary of Auckland
    assert {"2027-12-26"} <= dates("FR-57") - dates("FR")  # Saint Stephen's Day in Moselle
    assert dates("AU-VIC") == dates("AU")  # the industry standard is about the national ones
    assert "2027-03-29" in dates("AU")  # Easter Monday
    assert "2027-08-02" in dates("CA-BC")  # British Columbia Day


# --- to the minute


def hhmm(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def outside(build: Build, code: str, zone: str, window: str, as_of: date = AS_OF) -> list[str]:
    schedule = build(windows=[window], timezone=zone, pauses=["STATE_SPECIFIC"], jurisdictions=[code])
    findings = CallingHours(shipped().jurisdictions, as_of).check(schedule)
    return [finding.message for finding in findings if finding.code.startswith("outside-calling-hours")]


@pytest.mark.parametrize("day", range(7))
@pytest.mark.parametrize("code", [code for code in with_hours() if len(shipped().jurisdictions[code].zones) == 1])
def test_in_its_own_zone_a_place_allows_its_hours_and_not_a_minute_more(code: str, day: int, build: Build) -> None:
    (zone,) = shipped().jurisdictions[code].zones
    weekday = WEEKDAYS[day]
    for start, end in spans(code, day):
        assert outside(build, code, zone, f"{weekday} {hhmm(start)}-{hhmm(end)}") == []
        (early,) = outside(build, code, zone, f"{weekday} {hhmm(start - 1)}-{hhmm(end)}")
        (late,) = outside(build, code, zone, f"{weekday} {hhmm(start)}-{hhmm(end + 1)}")
        assert f"{hhmm(start - 1)}–{hhmm(start)} is not allowed: " in early
        assert f"{hhmm(end)}–{hhmm(end + 1)} is not allowed: " in late
        assert f"Allowed by all: {hhmm(start)}–{hhmm(end)} {zone}." in early
        assert law(code)[6] in late
    if not spans(code, day):
        (never,) = outside(build, code, zone, f"{weekday} 11:00-11:01")
        assert f"no calls on {weekday[:3].capitalize()}" in never


def test_the_pause_at_noon_in_france(build: Build) -> None:
    assert outside(build, "FR", "Europe/Paris", "MONDAY 13:00-14:00")
    (message,) = outside(build, "FR", "Europe/Paris", "MONDAY 10:00-20:00")
    assert "Mon 13:00–14:00 is not allowed: " in message
    assert "France allows 10:00–13:00 and 14:00–20:00 (" in message
    paused = build(
        windows=["MONDAY 10:00-20:00"],
        blackouts=["13:00-14:00 LUNCH_BREAK"],
        timezone="Europe/Paris",
        pauses=["STATE_SPECIFIC"],
        jurisdictions=["FR"],
    )
    findings = CallingHours(shipped().jurisdictions, AS_OF).check(paused)
    assert [finding.code for finding in findings] == ["holiday-not-closed"]


@pytest.mark.parametrize(
    ("code", "zone", "legal", "early", "late"),
    [
        # the Canaries are an hour behind Madrid all year
        ("ES", "Europe/Madrid", "10:00-21:00", "09:59-21:00", "10:00-21:01"),
        ("ES-CN", "Europe/Madrid", "10:00-22:00", "09:59-22:00", "10:00-22:01"),
        ("ES-MD", "Europe/Madrid", "09:00-21:00", "08:59-21:00", "09:00-21:01"),
        # the Chatham Islands are 45 minutes ahead of Auckland all year
        ("NZ", "Pacific/Auckland", "08:00-20:15", "07:59-20:15", "08:00-20:16"),
        # both hemispheres: Sydney's clock goes forth in October and back in April, London's the other way round, so
        # Melbourne is 9, 10 or 11 hours ahead, and evening there is any time from 09:00 to 11:00 in London
        ("AU-VIC", "Europe/London", "00:00-09:00", "00:00-09:01", "00:00-10:00"),
        # Brisbane and Johannesburg keep their clock
        ("AU-QLD", "Australia/Sydney", "10:00-20:00", "09:59-20:00", "10:00-20:01"),
        ("ZA", "Europe/London", "07:00-18:00", "06:59-18:00", "07:00-18:01"),
        ("IN", "Europe/London", "04:30-15:30", "04:29-15:30", "04:30-15:31"),
        # a half hour, and the old islands in the East
        ("CA-NL", "America/St_Johns", "09:30-21:30", "09:29-21:30", "09:30-21:31"),
    ],
)
def test_from_another_zone(code: str, zone: str, legal: str, early: str, late: str, build: Build) -> None:
    assert outside(build, code, zone, f"WEDNESDAY {legal}") == []
    assert len(outside(build, code, zone, f"WEDNESDAY {early}")) == 1
    assert len(outside(build, code, zone, f"WEDNESDAY {late}")) == 1


def test_the_dates_of_a_clock_change_in_the_south_are_said(build: Build) -> None:
    (message,) = outside(build, "AU-VIC", "Europe/London", "WEDNESDAY 00:00-10:00")
    assert "09:00–10:00 Europe/London is 20:00–21:00 Australia/Melbourne" in message
    assert "until 2027-03-28" in message  # from then on London is an hour nearer
    (message,) = outside(build, "NZ-AUK", "UTC", "MONDAY 19:30-20:30")
    assert "Mon 19:30–20:00 UTC is Tue 07:30–08:00 Pacific/Auckland from 2027-04-04 to 2027-09-26" in message


def test_the_weekday_is_the_called_partys(build: Build) -> None:
    """SUNDAY evening in New York is MONDAY morning in Sydney; FRIDAY evening is SATURDAY there, with its shorter hours."""
    assert outside(build, "AU-VIC", "America/New_York", "SUNDAY 19:00-23:00") == []
    assert outside(build, "AU-VIC", "America/New_York", "FRIDAY 19:00-23:00") == []
    (message,) = outside(build, "AU-VIC", "America/New_York", "SATURDAY 19:00-23:00")
    assert "no calls on Sun" in message


def test_a_country_without_its_part_must_hold_in_all_of_its_zones(build: Build) -> None:
    """Canada from Newfoundland, where it is 21:30 when it is 20:00 in Toronto, to British Columbia, where in summer it is 09:00
    when it is 12:00; Australia from Perth, three hours behind Sydney in summer, to Lord Howe Island, half an hour ahead in winter."""
    assert outside(build, "CA", "America/Toronto", "WEDNESDAY 12:00-19:00") == []
    (message,) = outside(build, "CA", "America/Toronto", "WEDNESDAY 09:00-21:30")
    assert "Allowed by all: 12:00–20:00 America/Toronto" in message
    assert outside(build, "AU", "Australia/Sydney", "WEDNESDAY 12:00-19:30") == []
    (message,) = outside(build, "AU", "Australia/Sydney", "WEDNESDAY 09:00-20:00")
    assert "Allowed by all: 12:00–19:30 Australia/Sydney" in message


# --- holidays, and what is not known


@pytest.mark.parametrize(
    ("code", "zone", "holiday"),
    [
        ("CA-BC", "America/Vancouver", "British Columbia Day"),
        ("AU-VIC", "Australia/Melbourne", "Australia Day"),
        ("ZA", "Africa/Johannesburg", "Freedom Day"),
        ("ES-CT", "Europe/Madrid", "Christmas Day"),
        ("FR", "Europe/Paris", "Christmas Day"),
        ("NZ", "Pacific/Auckland", "Waitangi Day"),
        ("IT", "Europe/Rome", "Epiphany"),
    ],
)
def test_holidays_that_nothing_closes_are_named(code: str, zone: str, holiday: str, build: Build) -> None:
    windows = [f"{' '.join(WEEKDAYS[:5])} 11:00-12:00"]
    schedule = build(windows=windows, timezone=zone, pauses=["STATE_SPECIFIC"], jurisdictions=[code])
    (finding,) = CallingHours(shipped().jurisdictions, AS_OF).check(schedule)
    assert finding.code == "holiday-not-closed"
    assert code in finding.message
    dates = {str(one.day) for one in holidays_of(shipped().jurisdictions[code].rules[0].holidays_of, 2027)}
    assert dates & set(finding.message.replace("(", " ").split()) or holiday in finding.message


def test_the_hours_of_a_holiday_are_counted_once_where_a_place_has_several_zones(build: Build) -> None:
    schedule = build(windows=["FRIDAY 12:00-18:00"], timezone="Australia/Perth", jurisdictions=["AU-WA"])
    closings = Closings(shipped().jurisdictions, AS_OF)
    (christmas,) = open_holidays([schedule], closings, date(2026, 12, 20), date(2026, 12, 31))
    assert (christmas.day, [taken.hours for taken in christmas.taken]) == (date(2026, 12, 25), [6.0])


@pytest.mark.parametrize("code", ["CA", "CA-ON", "IN"])
def test_where_a_holiday_is_a_day_as_any_other_nothing_is_said(code: str, build: Build) -> None:
    zone = shipped().jurisdictions[code].zones[-1]
    schedule = build(windows=["WEDNESDAY 14:00-15:00"], timezone=zone, pauses=["STATE_SPECIFIC"], jurisdictions=[code])
    assert list(CallingHours(shipped().jurisdictions, AS_OF).check(schedule)) == []


def test_what_is_not_known_is_said_by_name(build: Build) -> None:
    schedule = build(windows=["MONDAY 02:00-04:00"], timezone="Europe/London", jurisdictions=["GB", "ZA", "FR-974"])
    notes = [
        finding.message
        for finding in CallingHours(shipped().jurisdictions, AS_OF).check(schedule)
        if finding.code == "hours-not-checked"
    ]
    assert [name for note in notes for name in ("United Kingdom (GB)", "Réunion (FR-974)") if name in note] == [
        "United Kingdom (GB)",
        "Réunion (FR-974)",
    ]
    assert len(notes) == 2


def test_a_zone_abroad_is_answered_with_its_country(build: Build) -> None:
    (finding,) = CallingHours(shipped().jurisdictions, AS_OF).check(
        build(windows=["MONDAY 02:00-04:00"], timezone="Atlantic/Canary")
    )
    assert finding.code == "hours-not-checked"
    assert "jurisdictions: [ES]." in finding.message


def test_a_country_that_is_named_like_a_state_is_said_in_an_american_zone(build: Build) -> None:
    (finding,) = CallingHours(shipped().jurisdictions, AS_OF).check(
        build(
            windows=["MONDAY 00:00-06:00"], timezone="America/Chicago", pauses=["STATE_SPECIFIC"], jurisdictions=["IN"]
        )
    )
    assert finding.code == "hours-not-checked"
    assert "IN is India. For Indiana write US-IN." in finding.message


@pytest.mark.parametrize(
    ("wrong", "hint"), [("US", "List its states"), ("ES-XX", "ES"), ("AU-QL", "AU-QLD"), ("UK", "GB")]
)
def test_an_unknown_part_is_an_error_with_what_it_may_mean(wrong: str, hint: str, build: Build) -> None:
    schedule = build(windows=["MONDAY 11:00-12:00"], timezone="UTC", pauses=["STATE_SPECIFIC"], jurisdictions=[wrong])
    (finding,) = CallingHours(shipped().jurisdictions, AS_OF).check(schedule)
    assert finding.code == "unknown-jurisdiction"
    assert hint in finding.message


def test_years_that_are_not_known_say_nothing() -> None:
    """Those of India's holidays that move are known up to 2035, and a warning would be an error here."""
    assert {"Republic Day", "Diwali"} <= holiday_names("IN", 2030)
    assert "Republic Day" in {holiday.name for holiday in holidays_of("IN", 2036)}
