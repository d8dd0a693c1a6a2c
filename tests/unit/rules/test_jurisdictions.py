"""Which rules a tenant has for a jurisdiction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reconciler.model import WEEKDAYS
from reconciler.rules.jurisdictions import RuleBook, rule_book
from reconciler.rules.rule_data import shipped
from reconciler.settings import TenantSettings

Tenant = Callable[..., TenantSettings]

ROW: dict[str, Any] = {
    "hours": {day: [{"from": "09:00", "to": "18:00"}] for day in WEEKDAYS},
    "citation": "memo",
}


def test_the_shipped_rules_name_their_version() -> None:
    (rule,) = RuleBook({}).rules("US-TX")
    assert rule.name == "STATE_SPECIFIC US-TX"
    assert rule.source == f"rule data {shipped().version}"


def test_an_unknown_jurisdiction_has_no_rules_and_no_zones() -> None:
    assert RuleBook({}).rules("US-XX") == ()
    assert RuleBook({}).zones("US-XX") == ()


def test_the_tenants_row_replaces_all_shipped_rows_and_keeps_their_zones(tenant: Tenant) -> None:
    book = rule_book(tenant(jurisdictions={"US-PA": ROW, "US-TX": ROW}))
    (rule,) = book.rules("US-PA")
    assert (rule.source, rule.citation, rule.begins, rule.ends) == ("tenant.yaml", "memo", None, None)
    assert rule.zones == rule.hours_in == ("America/New_York",)
    assert book.zones("US-TX") == ("America/Chicago", "America/Denver")


def test_the_tenants_zones_win(tenant: Tenant) -> None:
    book = rule_book(tenant(jurisdictions={"US-TX": {**ROW, "zones": ["America/Chicago"]}}))
    assert book.zones("US-TX") == ("America/Chicago",)


def test_a_jurisdiction_can_be_added(tenant: Tenant) -> None:
    book = rule_book(tenant(jurisdictions={"CA-ON": {**ROW, "zones": ["America/Toronto"]}}))
    assert book.zones("CA-ON") == ("America/Toronto",)


def test_a_broken_row_never_falls_back_to_the_shipped_one(tenant: Tenant) -> None:
    book = rule_book(tenant(jurisdictions={"US-TX": {**ROW, "effectiveFrom": "2026-02-30"}, "US-FL": ROW}))
    assert book.rules("US-TX") == ()
    assert len(book.rules("US-FL")) == 1
