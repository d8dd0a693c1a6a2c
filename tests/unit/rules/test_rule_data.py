"""Every row of the shipped rule data against a second table of the same facts, written by hand and read by nothing else."""

from __future__ import annotations

from datetime import date
from importlib.resources import files

import jsonschema
import pytest
from ruamel.yaml import YAML

from reconciler.rules.intervals import DAY, Intervals, union
from reconciler.rules.jurisdictions import RuleBook
from reconciler.rules.rule_data import Rule, schema, shipped
from reconciler.rules.zones import names

# code | Mon–Fri | Sat | Sun | holidays | from | to | sure | citation
STRICTER = """
US-AL | 08-20 | 08-20 | none  | none |            |            | M | Ala. Admin. Code 770-X-5-.17
US-CT | 09-20 | 09-20 | 09-20 |      | 2023-10-01 |            | H | C.G.S. 42-288a(c), PA 23-98
US-FL | 08-20 | 08-20 | 08-20 |      |            |            | H | Fla. Stat. 501.616(6)(a)
US-KY | 10-21 | 10-21 | 10-21 |      |            |            | H | KRS 367.46955(16)
US-LA | 08-20 | 08-20 | none  | none |            |            | H | R.S. 45:811
US-MD | 08-20 | 08-20 | 08-20 |      | 2024-01-01 |            | H | Md. Com. Law 14-4502(c)
US-MA | 08-20 | 08-20 | 08-20 |      |            |            | H | 201 CMR 12.02(2); M.G.L. c.159C §3
US-MI | 09-21 | 09-21 | 09-21 |      |            |            | M | MCL 750.540e(1)(f)
US-MN | 09-21 | 09-21 | 09-21 |      |            |            | M | Minn. Stat. 325E.30
US-MS | 08-20 | 08-20 | none  |      |            |            | H | Miss. Code 77-3-723(1)
US-NC | 08-21 | 08-21 | 08-21 |      |            |            | H | N.C.G.S. 75-102(f)
US-NV | 09-20 | 09-20 | 09-20 |      |            |            | M | NRS 598.0918(3)
US-NM | 09-21 | 09-21 | 09-21 |      |            |            | H | NMSA 57-12-22(B)(5)
US-OK | 08-20 | 08-20 | 08-20 |      | 2022-11-01 |            | H | 15 O.S. 775C.4
US-OR | 08-20 | 08-20 | 08-20 |      | 2026-01-01 |            | H | ORS 646.563(1)(b), HB 3865
US-PA | 08-21 | 08-21 | 08-21 | none |            | 2026-10-17 | H | 73 P.S. 2245(a)(1)
US-PA | 09-19 | 09-19 | none  | none | 2026-10-18 |            | M | 73 P.S. 2245(a)(1), Act 47 of 2026
US-RI | 09-18 | 10-17 | none  | none |            |            | M | R.I. Gen. Laws 5-61-2(2), 5-61-3.6
US-SD | 09-21 | 09-21 | none  |      |            |            | M | SDCL 37-30A-3(2)
US-TX | 09-21 | 09-21 | 12-21 |      |            |            | H | Tex. Bus. & Com. 301.051(b)(2)
US-UT | 08-21 | 08-21 | none  | none |            |            | H | Utah Code 13-25a-103(3)
US-WA | 08-20 | 08-20 | 08-20 |      |            |            | H | RCW 19.158.040(2), 80.36.390(8)
US-WY | 08-20 | 08-20 | 08-20 |      |            |            | H | Wyo. Stat. 40-12-302(d)
"""
FEDERAL = "AK AR AZ CA CO DC DE GA HI IA ID IL IN KS ME MO MT ND NE NH NJ NY OH PR SC TN VA VT WI WV"
ZONES = """
America/New_York | CT DE DC GA ME MD MA NH NJ NY NC OH PA RI SC VT VA WV
America/Chicago | AL AR IL IA LA MN MS MO OK WI
America/Denver | CO MT NM UT WY
America/Los_Angeles | CA WA
Pacific/Honolulu | HI
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
TODAY = date(2026, 11, 22)


def rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]


def week(weekdays: str, saturday: str, sunday: str) -> Intervals:
    days = [*[weekdays] * 5, saturday, sunday]
    spans = [(index, span.split("-")) for index, span in enumerate(days) if span != "none"]
    return union((day * DAY + int(start) * 3600, day * DAY + int(end) * 3600) for day, (start, end) in spans)


def told(rule: Rule) -> tuple[object, ...]:
    forbidden = "none" if rule.holidays_forbidden else ""
    begins, ends = ("" if each is None else str(each) for each in (rule.begins, rule.ends))
    return rule.week, forbidden, begins, ends, rule.confidence, rule.citation


@pytest.mark.parametrize("code", sorted({row[0] for row in rows(STRICTER)}))
def test_a_state_with_hours_of_its_own(code: str) -> None:
    expected = [(week(*row[1:4]), *row[4:]) for row in rows(STRICTER) if row[0] == code]
    assert [told(rule) for rule in RuleBook({}).rules(code)] == expected


@pytest.mark.parametrize("state", FEDERAL.split())
def test_any_other_state_has_the_federal_hours(state: str) -> None:
    (rule,) = RuleBook({}).rules(f"US-{state}")
    assert told(rule) == (week("08-21", "08-21", "08-21"), "", "", "", "H", "47 CFR 64.1200(c)(1)")


def test_the_table_and_the_file_name_the_same_jurisdictions() -> None:
    ours = {row[0] for row in rows(STRICTER)} | {f"US-{state}" for state in FEDERAL.split()}
    assert set(shipped().jurisdictions) == ours
    assert len(ours) == 52


@pytest.mark.parametrize(("zones", "states"), rows(ZONES))
def test_the_zones_of_each_state(zones: str, states: str) -> None:
    for state in states.split():
        assert all(list(rule.zones) == zones.split() for rule in RuleBook({}).rules(f"US-{state}"))


def test_every_state_has_its_zones_in_the_table() -> None:
    assert {f"US-{state}" for _, states in rows(ZONES) for state in states.split()} == set(
        shipped().jurisdictions
    )


def test_mississippi_alone_names_zones_of_its_own() -> None:
    named = {
        code: rule.hours_in
        for code in shipped().jurisdictions
        for rule in RuleBook({}).rules(code)
        if rule.hours_in != rule.zones
    }
    assert named == {"US-MS": ("America/Chicago", "Etc/GMT+6")}


@pytest.mark.parametrize("pause", ["TCPA", "FCC", "NCDOJ"])
def test_the_pauses_that_are_one_rule_everywhere(pause: str) -> None:
    rule = shipped().regulations[pause]
    assert rule.week == week("08-21", "08-21", "08-21")
    assert not rule.holidays_forbidden
    assert rule.in_force(TODAY)
    assert rule.zones == (("America/New_York",) if pause == "NCDOJ" else ())
    assert rule.citation == (
        "N.C.G.S. 75-102(f)" if pause == "NCDOJ" else "47 CFR 64.1200(c)(1); also 16 CFR 310.4(c)"
    )


def test_some_rule_of_every_jurisdiction_is_in_force_today() -> None:
    for code in shipped().jurisdictions:
        assert any(rule.in_force(TODAY) for rule in RuleBook({}).rules(code)), code


def test_a_row_is_in_force_on_its_first_and_on_its_last_day() -> None:
    old, new = RuleBook({}).rules("US-PA")
    assert [each.in_force(date(2026, 10, 17)) for each in (old, new)] == [True, False]
    assert [each.in_force(date(2026, 10, 18)) for each in (old, new)] == [False, True]


def test_the_file_fits_its_schema() -> None:
    raw = YAML(typ="safe").load(files("reconciler.rules").joinpath("data/calling_hours.yaml").read_bytes())
    jsonschema.Draft202012Validator.check_schema(schema())
    jsonschema.Draft202012Validator(schema()).validate(raw)
    assert raw["version"] == shipped().version
    assert raw["reviewed"] == str(shipped().reviewed)


def test_the_us_zones_are_those_of_the_zone_table_and_their_old_names() -> None:
    lines = files("tzdata").joinpath("zoneinfo/zone.tab").read_text(encoding="ascii").splitlines()
    table = [line.split("\t") for line in lines if not line.startswith("#")]
    american = {row[2] for row in table if row[0] in ("US", "PR")}
    foreign = {row[2] for row in table} - american
    ours = shipped().us_zones
    assert american <= ours <= names()
    assert not ours & foreign
    assert {name for name in names() if name.startswith("US/")} - ours == {"US/Samoa"}
    assert {zone for code in shipped().jurisdictions for zone in RuleBook({}).zones(code)} <= ours
