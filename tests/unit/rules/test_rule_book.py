"""The rules of a tenant: every American row of the shipped data against a second table of the same facts, written by hand and
read by nothing else; and what a tenant's own rows replace. Other countries are in `test_countries.py`."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from reconciler.findings import Location, Severity
from reconciler.intervals import DAY, Intervals, union
from reconciler.model import WEEKDAYS
from reconciler.rules.rule_book import Jurisdiction, Rule, check_jurisdictions, rule_book, shipped
from reconciler.rules.zones import names
from reconciler.settings import TenantSettings

# code | Mon–Fri | Sat | Sun | holidays | from | to | sure | citation
STRICTER = """
US-AL | 08-20 | 08-20 | none  | none |            |            | M | Ala. Admin. Code 770-X-5-.17
US-CT | 09-20 | 09-20 | 09-20 |      | 2023-10-01 |            | M | C.G.S. 42-288a(c), PA 23-98
US-FL | 08-20 | 08-20 | 08-20 |      |            |            | H | Fla. Stat. 501.616(6)(a)
US-KY | 10-21 | 10-21 | 10-21 |      |            |            | H | KRS 367.46955(16)
US-LA | 08-20 | 08-20 | none  | none |            |            | H | LPSC General Order R-29617 §V(A)(2); R.S. 45:811
US-MD | 08-20 | 08-20 | 08-20 |      | 2024-01-01 |            | H | Md. Com. Law 14-4502(c)
US-MA | 08-20 | 08-20 | 08-20 |      |            |            | H | 201 CMR 12.02(2); M.G.L. c.159C §3
US-MI | 09-21 | 09-21 | 09-21 |      |            |            | M | MCL 750.540e(1)(f)
US-MN | 09-21 | 09-21 | 09-21 |      |            |            | M | Minn. Stat. 325E.30
US-MS | 08-20 | 08-20 | none  |      |            |            | H | Miss. Code 77-3-723(1)
US-NC | 08-21 | 08-21 | 08-21 |      |            |            | H | N.C.G.S. 75-102(f)
US-NV | 09-20 | 09-20 | 09-20 |      |            |            | L | NRS 598.0918(3)
US-NM | 09-21 | 09-21 | 09-21 |      |            |            | H | NMSA 57-12-22(B)(5)
US-NY | 08-21 | 08-21 | 08-21 |      |            |            | M | GBL 399-z(2)
US-OK | 08-20 | 08-20 | 08-20 |      | 2022-11-01 |            | H | 15 O.S. 775C.4
US-OR | 08-20 | 08-20 | 08-20 |      | 2026-01-01 |            | H | ORS 646.563(1)(b), HB 3865
US-PA | 08-21 | 08-21 | 08-21 | none |            | 2026-10-17 | H | 73 P.S. 2245(a)(1)
US-PA | 09-19 | 09-19 | none  | none | 2026-10-18 |            | M | 73 P.S. 2245(a)(1), Act 47 of 2026
US-RI | 09-18 | 10-17 | none  | none |            |            | M | R.I. Gen. Laws 5-61-2, 5-61-3.6
US-SD | 09-21 | 09-21 | none  |      |            |            | M | SDCL 37-30A-3(2)
US-TX | 09-21 | 09-21 | 12-21 |      |            |            | H | Tex. Bus. & Com. 301.051(b)(2)
US-UT | 08-21 | 08-21 | none  | none |            |            | H | Utah Code 13-25a-103(3)
US-WA | 08-20 | 08-20 | 08-20 |      |            |            | H | RCW 19.158.040(2), 80.36.390(8)
US-WY | 08-20 | 08-20 | 08-20 |      |            |            | H | Wyo. Stat. 40-12-302(d)
"""
FEDERAL = "AK AR AZ CA CO DC DE GA HI IA ID IL IN KS ME MO MT ND NE NH NJ OH PR SC TN VA VT WI WV GU VI AS MP"
ZONES = """
America/New_York | CT DE DC GA ME MD MA NH NJ NY NC OH PA RI SC VT VA WV
America/Chicago | AL AR IL IA LA MN MS MO OK WI
America/Denver | CO MT NM UT WY
America/Los_Angeles | CA WA
Pacific/Honolulu | HI
Pacific/Guam | GU
America/St_Thomas | VI
Pacific/Pago_Pago | AS
Pacific/Saipan | MP
America/Puerto_Rico | PR
America/New_York America/Chicago | FL KY TN
America/Indiana/Indianapolis America/Chicago | IN
America/Detroit America/Menominee | MI
America/Chicago America/Denver | KS NE ND SD TX
America/Boise America/Los_Angeles | ID
America/Los_Angeles America/Boise | OR
America/Los_Angeles America/Denver | NV
America/Phoenix America/Denver | AZ
America/Anchorage America/Adak | AK
"""


DATA = files("reconciler.rules").joinpath("data")


@cache
def shipped_file() -> dict[str, Any]:
    raw: dict[str, Any] = YAML(typ="safe").load(DATA.joinpath("calling_hours.yaml").read_bytes())
    return raw  # a key that repeats would have been refused


def rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]


def week(weekdays: str, saturday: str, sunday: str) -> Intervals:
    days = [*[weekdays] * 5, saturday, sunday]
    spans = [(index, span.split("-")) for index, span in enumerate(days) if span != "none"]
    return union((day * DAY + int(start) * 3600, day * DAY + int(end) * 3600) for day, (start, end) in spans)


def described(rule: Rule) -> tuple[object, ...]:
    forbidden = "none" if rule.holidays_forbidden else ""
    begins, ends = ("" if day is None else str(day) for day in (rule.begins, rule.ends))
    return rule.week, forbidden, begins, ends, rule.confidence, rule.citation


def place(code: str) -> Jurisdiction:
    return shipped().jurisdictions[code]


@pytest.mark.parametrize("code", sorted({row[0] for row in rows(STRICTER)}))
def test_a_state_with_hours_of_its_own(code: str) -> None:
    expected = [(week(*row[1:4]), *row[4:]) for row in rows(STRICTER) if row[0] == code]
    assert [described(rule) for rule in place(code).rules] == expected
    assert {(rule.name, rule.source) for rule in place(code).rules} == {(code, f"rule data {shipped().version}")}


@pytest.mark.parametrize("state", FEDERAL.split())
def test_any_other_state_has_no_hours_of_its_own_that_are_known(state: str) -> None:
    assert place(f"US-{state}").rules == ()
    assert shipped_file()["jurisdictions"][f"US-{state}"]["confidence"] == "M"


def test_the_table_and_the_file_name_the_same_jurisdictions() -> None:
    ours = {row[0] for row in rows(STRICTER)} | {f"US-{state}" for state in FEDERAL.split()}
    assert {code for code in shipped().jurisdictions if code.startswith("US-")} == ours
    assert len(ours) == 56


@pytest.mark.parametrize(("zones", "states"), rows(ZONES))
def test_the_zones_of_each_state(zones: str, states: str) -> None:
    for state in states.split():
        assert place(f"US-{state}").zones == tuple(sorted(zones.split()))


def test_every_state_has_its_zones_in_the_table() -> None:
    listed = {f"US-{state}" for _, states in rows(ZONES) for state in states.split()}
    assert listed == {code for code in shipped().jurisdictions if code.startswith("US-")}


def test_mississippi_alone_names_zones_of_its_own() -> None:
    named = {
        code: rule.zones
        for code in shipped().jurisdictions
        for rule in place(code).rules
        if set(rule.zones) != set(place(code).zones)
    }
    assert named == {"US-MS": ("America/Chicago", "Etc/GMT+6")}


def test_the_pauses_that_are_one_rule_everywhere() -> None:
    federal, ncdoj = shipped().federal, shipped().ncdoj
    every_day = week("08-21", "08-21", "08-21")
    assert described(federal) == (every_day, "", "", "", "H", "47 CFR 64.1200(c)(1); also 16 CFR 310.4(c)")
    assert described(ncdoj) == (every_day, "", "", "", "H", "N.C.G.S. 75-102(f)")
    assert (federal.zones, ncdoj.zones) == ((), ("America/New_York",))


def test_the_file_fits_its_schema() -> None:
    raw = shipped_file()
    schema = json.loads(DATA.joinpath("calling_hours.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(raw)
    assert raw["version"] == shipped().version
    assert raw["reviewed"] == str(shipped().reviewed)


def test_the_us_zones_are_those_of_the_zone_table_and_their_old_names() -> None:
    lines = files("tzdata").joinpath("zoneinfo/zone.tab").read_text(encoding="ascii").splitlines()
    table = [line.split("\t") for line in lines if not line.startswith("#")]
    american = {row[2] for row in table if row[0] in ("US", "PR", "GU", "VI", "AS", "MP")}
    foreign = {row[2] for row in table} - american
    ours = shipped().us_zones
    assert american <= ours <= names()
    assert not ours & foreign
    assert {name for name in names() if name.startswith("US/")} <= ours
    assert {zone for code in shipped().jurisdictions if code.startswith("US-") for zone in place(code).zones} <= ours


# --- a tenant's own rows

Tenant = Callable[..., TenantSettings]
HOURS = {day: [{"from": "09:00", "to": "20:00"}] for day in WEEKDAYS}
ROW: dict[str, Any] = {"hours": HOURS, "citation": "counsel's memo of 2026-11-02"}
CANADA = {**ROW, "zones": ["America/Toronto"]}


def test_an_unknown_jurisdiction_is_none() -> None:
    assert "US-XX" not in shipped().jurisdictions


def test_the_tenants_row_replaces_all_shipped_rows_and_keeps_their_zones(tenant: Tenant) -> None:
    book = rule_book(tenant(jurisdictions={"US-PA": ROW, "US-TX": ROW}))
    pennsylvania, texas = book["US-PA"], book["US-TX"]
    assert pennsylvania is not None
    assert texas is not None
    (rule,) = pennsylvania.rules
    assert (rule.source, rule.citation, rule.begins, rule.ends) == (
        "tenant.yaml",
        ROW["citation"],
        None,
        None,
    )
    assert rule.zones == pennsylvania.zones == ("America/New_York",)
    assert texas.zones == ("America/Chicago", "America/Denver")


def test_the_tenants_zones_win(tenant: Tenant) -> None:
    texas = rule_book(tenant(jurisdictions={"US-TX": {**ROW, "zones": ["America/Chicago"]}})).get("US-TX")
    assert texas is not None
    assert texas.zones == ("America/Chicago",)


@pytest.mark.parametrize("code", ["CA-ON", "PH"])
def test_a_jurisdiction_or_a_country_can_be_added(code: str, tenant: Tenant) -> None:
    added = rule_book(tenant(jurisdictions={code: CANADA})).get(code)
    assert added is not None
    assert added.zones == ("America/Toronto",)


GOOD: dict[str, dict[str, Any]] = {
    "a shipped jurisdiction needs no zones": {"US-TX": ROW},
    "another one with zones": {"CA-ON": CANADA},
    "several rows": {"US-TX": [{**ROW, "effectiveTo": "2026-12-31"}, {**ROW, "effectiveFrom": "2027-01-01"}]},
    "one day": {"US-TX": {**ROW, "effectiveFrom": "2027-01-01", "effectiveTo": "2027-01-01"}},
    "no calls on a day": {"US-TX": {**ROW, "hours": {**HOURS, "SUNDAY": []}}},
    "the whole day": {"US-TX": {**ROW, "hours": {**HOURS, "SUNDAY": [{"from": "00:00", "to": "24:00"}]}}},
    "every field": {
        "CA-ON": {
            **CANADA,
            "hoursIn": ["Etc/GMT+5"],
            "holidays": "forbidden",
            "effectiveFrom": "2020-01-01",
            "effectiveTo": "9999-12-31",
            "confidence": "L",
            "note": "asked again in March",
        }
    },
}
BAD: dict[str, tuple[dict[str, Any], tuple[str | int, ...]]] = {
    "an end before its start": (
        {"US-TX": {**ROW, "hours": {**HOURS, "MONDAY": [{"from": "20:00", "to": "09:00"}]}}},
        ("US-TX", "hours", "MONDAY", 0, "to"),
    ),
    "a range of no time": (
        {"US-TX": [ROW, {**ROW, "hours": {**HOURS, "MONDAY": [{"from": "09:00", "to": "09:00"}]}}]},
        ("US-TX", 1, "hours", "MONDAY", 0, "to"),
    ),
    "a new jurisdiction without zones": ({"SE-AB": ROW}, ("SE-AB",)),
    "a zone that is none": ({"CA-ON": {**ROW, "zones": ["UTC", "America/Gotham"]}}, ("CA-ON", "zones", 1)),
    "hours in a zone that is none": ({"US-TX": {**ROW, "hoursIn": ["cst"]}}, ("US-TX", "hoursIn", 0)),
    "never in force": (
        {"US-TX": {**ROW, "effectiveFrom": "2027-01-02", "effectiveTo": "2027-01-01"}},
        ("US-TX", "effectiveTo"),
    ),
}
ROOT = ("compliance", "jurisdictions")


@pytest.mark.parametrize("case", GOOD)
def test_nothing_is_wrong(case: str, tenant: Tenant) -> None:
    settings = tenant(jurisdictions=GOOD[case])
    assert check_jurisdictions(settings) == ()
    book = rule_book(settings)
    assert all(book[code] for code in GOOD[case])


@pytest.mark.parametrize("case", BAD)
def test_a_fault_is_found_at_its_place_and_never_falls_back_to_the_shipped_rows(case: str, tenant: Tenant) -> None:
    jurisdictions, path = BAD[case]
    settings = tenant(jurisdictions={**jurisdictions, "US-FL": ROW})
    asked: list[tuple[str | int, ...]] = []

    def locate(where: tuple[str | int, ...]) -> Location:
        asked.append(where)
        return Location("schedules/tenant.yaml", len(where))

    (finding,) = check_jurisdictions(settings, locate)
    assert (finding.severity, finding.code) == (Severity.ERROR, "schema")
    assert finding.location == Location("schedules/tenant.yaml", len(path) + 2)
    assert asked == [(*ROOT, *path)]
    book = rule_book(settings)
    assert book[str(path[0])] is None
    assert book["US-FL"] is not None


def test_a_wrong_zone_is_named_with_the_near_ones(tenant: Tenant) -> None:
    settings = tenant(jurisdictions={"US-TX": {**ROW, "zones": ["America/Chikago"]}})
    (finding,) = check_jurisdictions(settings)
    assert finding.location == settings.location
    assert finding.message.startswith(
        'compliance.jurisdictions.US-TX.zones[0]: "America/Chikago" is not a time zone of the IANA database. Did you mean '
        "America/Chicago"
    )
