"""Which rules bind a schedule, where and when, and the hours that they leave."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from reconciler.model import WEEKDAYS
from reconciler.rules.bindings import bindings, called_zones, hours, state_rules
from reconciler.rules.jurisdictions import RuleBook
from reconciler.rules.rule_data import rule_from

AS_OF = date(2026, 11, 22)
SHIPPED = RuleBook({})
HOUR = 3600


def told(
    pauses: Sequence[str], jurisdictions: Sequence[str] = (), own: str = "America/Denver", as_of: date = AS_OF
) -> Any:
    return [(each.rule.name, each.zones) for each in bindings(SHIPPED, as_of, own, pauses, jurisdictions)]


def own_rule(code: str, **fields: str) -> Any:
    row = {
        "hours": {day: [{"from": "10:00", "to": "12:00"}] for day in WEEKDAYS},
        "citation": "memo",
        **fields,
    }
    return rule_from(row, f"STATE_SPECIFIC {code}", "tenant.yaml", ["America/Denver"])


def test_the_carolinian_pause_is_read_in_north_carolina_whatever_the_jurisdictions_are() -> None:
    assert told(["NCDOJ"]) == told(["NCDOJ"], ["US-CA"]) == [("NCDOJ", ("America/New_York",))]


def test_the_federal_pauses_are_read_in_every_zone_of_the_jurisdictions() -> None:
    zones = ("America/Chicago", "America/Los_Angeles", "America/New_York")
    assert told(["FCC", "TCPA"], ["US-FL", "US-CA"]) == [("FCC", zones), ("TCPA", zones)]


def test_without_jurisdictions_they_are_read_in_the_schedules_zone_if_it_is_american() -> None:
    assert told(["TCPA"]) == [("TCPA", ("America/Denver",))]
    assert told(["TCPA"], own="US/Eastern") == [("TCPA", ("US/Eastern",))]
    assert told(["TCPA"], own="America/Toronto") == []
    assert called_zones(SHIPPED, "Asia/Manila", ()) == ()


def test_the_statute_of_mississippi_names_its_zones_and_the_federal_rule_does_not_care() -> None:
    assert told(["STATE_SPECIFIC", "TCPA"], ["US-MS"]) == [
        ("STATE_SPECIFIC US-MS", ("America/Chicago", "Etc/GMT+6")),
        ("TCPA", ("America/Chicago",)),
    ]


def test_an_unknown_jurisdiction_binds_nothing_but_hides_no_other() -> None:
    assert told(["STATE_SPECIFIC", "TCPA"], ["US-XX", "US-WY"]) == [
        ("STATE_SPECIFIC US-WY", ("America/Denver",)),
        ("TCPA", ("America/Denver",)),
    ]


def test_a_rule_binds_on_the_dates_on_which_it_is_in_force() -> None:
    def spans(as_of: date) -> list[tuple[str, str, str | None]]:
        bound = bindings(SHIPPED, as_of, "UTC", ["STATE_SPECIFIC"], ["US-PA"])
        return [(str(b.first), str(b.until), str(b.begins) if b.begins else None) for b in bound]

    assert spans(date(2025, 10, 17)) == [("2025-10-17", "2026-10-17", None)]
    assert spans(date(2025, 10, 18)) == [
        ("2025-10-18", "2026-10-18", None),
        ("2026-10-18", "2026-10-19", "2026-10-18"),
    ]
    assert spans(date(2025, 10, 19)) == [
        ("2025-10-19", "2026-10-18", None),
        ("2026-10-18", "2026-10-19", "2026-10-18"),
    ]
    assert spans(date(2026, 10, 17)) == [
        ("2026-10-17", "2026-10-18", None),
        ("2026-10-18", "2027-10-17", "2026-10-18"),
    ]
    assert spans(date(2026, 10, 18)) == [("2026-10-18", "2027-10-18", None)]


def test_dates_without_a_row_have_the_federal_hours() -> None:
    early = state_rules(SHIPPED, "US-OR", date(2025, 11, 22))
    assert [(each.name, each.citation) for each in early] == [
        ("STATE_SPECIFIC US-OR", "47 CFR 64.1200(c)(1); also 16 CFR 310.4(c)"),
        ("STATE_SPECIFIC US-OR", "ORS 646.563(1)(b), HB 3865"),
    ]
    assert len(state_rules(SHIPPED, "US-OR", AS_OF)) == 1


def test_a_gap_between_two_rows_is_seen_and_a_row_for_ever_leaves_none() -> None:
    until, since = own_rule("US-ID", effectiveTo="2026-12-31"), own_rule("US-ID", effectiveFrom="2027-01-02")
    assert len(state_rules(RuleBook({"US-ID": (until, since)}), "US-ID", AS_OF)) == 3
    for_ever = own_rule("US-ID", effectiveTo="9999-12-31")
    assert state_rules(RuleBook({"US-ID": (for_ever,)}), "US-ID", AS_OF) == (for_ever,)


def test_hours_are_the_strictest_of_all_rules_and_offsets() -> None:
    """Phoenix is an hour ahead of Seattle in winter: of 08–20 there, 09–20 here holds all year."""
    bound = bindings(SHIPPED, AS_OF, "America/Phoenix", ["STATE_SPECIFIC"], ["US-WA"])
    assert hours("America/Phoenix", bound).now == (((9 * HOUR, 20 * HOUR),),) * 7


def test_hours_to_come_are_kept_apart() -> None:
    bound = bindings(SHIPPED, date(2026, 10, 17), "America/New_York", ["STATE_SPECIFIC"], ["US-PA"])
    allowed = hours("America/New_York", bound)
    assert allowed.now == (((8 * HOUR, 21 * HOUR),),) * 7
    assert allowed.later == (*[((9 * HOUR, 19 * HOUR),)] * 6, ())


def test_the_called_partys_weekday_counts() -> None:
    """No calls on a Utah Sunday: in Manila that is from Sunday afternoon to Monday afternoon."""
    bound = bindings(SHIPPED, AS_OF, "Asia/Manila", ["STATE_SPECIFIC"], ["US-UT"])
    monday, *_, sunday = hours("Asia/Manila", bound).now
    assert monday == ((23 * HOUR, 24 * HOUR),)
    assert sunday == ((0, 11 * HOUR),)


def test_without_rules_the_whole_week_is_allowed() -> None:
    assert hours("UTC", ()).later == (((0, 24 * HOUR),),) * 7
